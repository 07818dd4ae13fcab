"""The generated pages of docs/: what cannot go stale because nobody writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from textwrap import dedent

from lxml import etree

from publisher import formats, linked, schema, settings, whole
from publisher.article import Article, Correction, Image, Link, Media, Organization, Person, Place, Publication
from publisher.feedrules import shared
from publisher.formats import Format, Writer
from publisher.keys import closest
from publisher.problems import PublisherError, Rule, Severity, problem, rules_in

__all__ = ["PAGES", "explained", "fields_page", "rules", "rules_page"]

_PUBLICATION = Publication(identifier="https://lantern.example/", name="The Lantern", url="https://lantern.example/")
_SAMPLE = Article(
    identifier="tag:lantern.example,2026:lighthouse",
    headline="The keeper’s last winter",
    type="ReportageNewsArticle",
    url="https://lantern.example/articles/lighthouse.html",
    alternative_headline="A light goes out",
    description="After 140 years the lamp is switched off.",
    body="<p>The <em>lamp</em> turned.</p><ul><li>one</li></ul>",
    article_section="Harbour",
    keywords=("lighthouses",),
    dateline="ELLERY QUAY",
    content_location=(Place(name="Ellery Quay", latitude=54.5, longitude=-1.2), Place(name="Northlight")),
    in_language="en",
    date_published=date(2026, 11, 20),
    date_modified=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
    author=(Person(name="Ines Calloway", url="https://lantern.example/people/ines"), Organization(name="Northlight Wire")),
    editor=(Person(name="Judith Amory"),),
    contributor=(Person(name="Tobias Wren"),),
    publisher=Organization(name="The Lantern Press"),
    image=(
        Image(content_url="https://lantern.example/media/a.jpg", caption="The lamp", credit_text="Ines Calloway", description="A lamp"),
    ),
    associated_media=(
        Media(content_url="https://lantern.example/media/a.mp3", type="AudioObject", encoding_format="audio/mpeg", duration=18),
    ),
    citation=(Link(url="https://lantern.example/articles/bells.html", name="Bells"),),
    is_based_on="https://northlight.example/lighthouse",
    translations=(Link(url="https://lantern.example/articles/leuchtturm.html", in_language="de"),),
    corrections=(Correction(text="The lamp is older.", date_published=date(2026, 11, 21)),),
    license="https://creativecommons.org/licenses/by/4.0/",
    copyright_notice="© 2026 The Lantern Press",
    copyright_holder=Organization(name="The Lantern Press"),
    copyright_year=2026,
    is_accessible_for_free=True,
)

NATIVE, PARTLY, ROUTE, LOST = "●", "◐", "○", "–"


def fields_page() -> str:
    """Return the table of formats × fields, measured by writing and reading an article that has every field."""
    names = [each.name for each in fields(Article)]
    writers = formats.writers()
    columns = {name: _marks(module, names) for name, module in writers.items()}
    rows = [f"| `{schema.key_of(Article, name)}` | " + " | ".join(column[name] for column in columns.values()) + " |" for name in names]
    head = (
        "# Which format carries which field",
        "",
        f"{NATIVE} in elements of the format or its registered modules; {PARTLY} part of it there (a name without its address, say),",
        f"the rest in the lossless JSON-LD beside them; {ROUTE} only in the lossless JSON-LD;",
        f"{LOST} lost (schema.org: articleBody is text).",
        "Measured by writing an article with every field, taking the lossless element away, and reading what is left.",
        "",
        "| field | " + " | ".join(module.TITLE for module in writers.values()) + " |",
        "|---|" + "---|" * len(writers),
    )
    return "\n".join((*head, *rows, ""))


def _marks(module: Writer, names: list[str]) -> dict[str, str]:
    publication = replace(_PUBLICATION, articles=(_SAMPLE,))
    body = module.write(publication)
    (full,) = module.read(body).publication.articles
    (native,) = module.read(_STRIP[module.NAME](body) if module.NAME in _STRIP else body).publication.articles
    return {name: _mark(getattr(_SAMPLE, name), getattr(full, name), getattr(native, name)) for name in names}


def _mark(sample: object, full: object, native: object) -> str:
    if full != sample:
        return LOST
    return NATIVE if native == sample else PARTLY if native else ROUTE


def _without_schema_elements(body: bytes) -> bytes:
    root = etree.fromstring(body)
    for element in list(root.iter("{https://schema.org/}*")):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    return etree.tostring(root)


def _without_extension(body: bytes) -> bytes:
    return body.replace(b'"_schema"', b'"_other"')


_STRIP: Mapping[str, Callable[[bytes], bytes]] = {
    "rss": _without_schema_elements,
    "atom": _without_schema_elements,
    "jsonfeed": _without_extension,
}


def rules_page() -> str:
    """Return every rule of `check`: code, severity, what it looks for, what to do, and the specification."""
    lines = ["# The rules of `publisher check`", ""]
    for title, found in _sections():
        lines += [
            f"## {title}",
            "",
            f"{len(found)} rules.",
            "",
            "| code | severity | why | what to do |",
            "|---|---|---|---|",
        ]
        lines += [
            f"| [`{each.code}`]({each.spec}) | {each.severity} | {_one_line(each.explanation)} | {_one_line(each.hint)} |" for each in found
        ]
        lines.append("")
    return "\n".join(lines)


def rules() -> dict[str, Rule[object]]:
    """Return all rules by their codes."""
    return {each.code: each for _, found in _sections() for each in found}


def explained(code: str) -> str:
    """Return what the rules say whose codes begin with `code`; raise `PublisherError` when there are none."""
    found = [each for name, each in rules().items() if name == code] or [each for name, each in rules().items() if name.startswith(code)]
    if not found:
        hint = closest(code, rules()) or "see `publisher rules` for all of them"
        raise PublisherError(problem("unknown-rule", Severity.ERROR, f"there is no rule {code!r}", hint=hint))
    return "\n".join(
        f"{each.code} ({each.severity})\n\n{dedent(each.explanation).strip()}\n\n→ {each.hint}\n  {each.spec}\n" for each in found
    )


def _sections() -> Iterator[tuple[str, list[Rule[object]]]]:
    """Yield what is checked and the rules for it."""
    for module in map(formats.get, formats.FORMATS):
        if found := list(_rules(module)):
            yield module.TITLE, found
    yield "RSS and Atom, both", list(rules_in({each.code: each for each in shared.RULES}))
    yield "Linked data: JSON-LD alone and in pages", list(rules_in({each.code: each for each in linked.RULES}))
    yield "A publication as a whole: a folder with its pages and feeds", list(rules_in(vars(whole)))


def _rules(module: Format) -> Iterator[Rule[object]]:
    yield from rules_in(vars(module))
    if inner := getattr(module, "rules", None):
        yield from rules_in(vars(inner))
        yield from (each for subject in getattr(inner, "SUBJECTS", ()) for each in rules_in(vars(subject)))


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


PAGES: Mapping[str, Callable[[], str]] = {"fields": fields_page, "rules": rules_page, "settings": settings.document}
