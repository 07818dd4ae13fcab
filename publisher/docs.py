"""The generated pages of docs/: what cannot go stale because nobody writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from textwrap import dedent
from types import ModuleType

from publisher import fidelity, formats, linked, schema, settings, whole
from publisher.article import Article
from publisher.feedrules import shared
from publisher.formats import Format, Writer
from publisher.keys import closest
from publisher.problems import PublisherError, Rule, Severity, problem, rules_in
from publisher.reports import misspelt

__all__ = ["PAGES", "explained", "fields_page", "rules", "rules_page"]


def fields_page() -> str:
    """Return the table of formats × fields, and which element carries which field, all of it measured."""
    writers = formats.writers()
    columns = {name: fidelity.marks(module) for name, module in writers.items()}
    rows = [f"| `{key}` | " + " | ".join(column[name] for column in columns.values()) + " |" for name, key in _keys()]
    lost = [
        f"- {module.TITLE}, `{schema.key_of(Article, name)}`: <{spec}>"
        for module in writers.values()
        for name, spec in _lost(module, columns[module.NAME])
    ]
    head = (
        "# Which format carries which field",
        "",
        f"{fidelity.NATIVE} in elements of the format or its registered modules; {fidelity.PARTLY} part of it there (a name without",
        f"its address, say), the rest in the lossless JSON-LD; {fidelity.ROUTE} only in the lossless JSON-LD; {fidelity.LOST} lost.",
        "Measured by writing an article with every field, taking the lossless element away, and reading what is left.",
        "",
        "| field | " + " | ".join(module.TITLE for module in writers.values()) + " |",
        "|---|" + "---|" * len(writers),
    )
    why = ("", "What is lost, and the sentence that says why:", "", *lost, "")
    return "\n".join((*head, *rows, *why, *(line for module in writers.values() for line in _carriers(module))))


def _keys() -> list[tuple[str, str]]:
    return [(each.name, schema.key_of(Article, each.name)) for each in fields(Article)]


def _lost(module: Writer, marks: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the fields that a format loses, with the address of the sentence that says why."""
    reasons = getattr(module, "LOST", {})
    yield from ((name, reasons[name]) for name, mark in marks.items() if mark == fidelity.LOST)


_MOST_NAMED = 6


def _carriers(module: Writer) -> Iterator[str]:
    """Yield the lines that say which element of a format carries which field."""
    yield from (f"## {module.TITLE}", "", "| field | carried by |", "|---|---|")
    found = fidelity.elements(module)
    for name, key in _keys():
        named = [f"`{each}`" for each in found[name][:_MOST_NAMED]] + (["…"] if len(found[name]) > _MOST_NAMED else [])
        yield f"| `{key}` | {', '.join(named) or 'the lossless element'} |"
    yield ""


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
    known = rules()
    found = [known[code]] if code in known else [each for name, each in known.items() if name.startswith(code)]
    if not found:
        elsewhere = next(misspelt([code], ()), None) is None
        hint = "what is told in reading or building has its hint with it" if elsewhere else closest(code, known)
        message = f"{code!r} is no rule of `check`" if elsewhere else f"there is no rule {code!r}"
        raise PublisherError(problem("unknown-rule", Severity.ERROR, message, hint=hint or "see `publisher rules` for all of them"))
    targeted = (pair for module in map(formats.get, formats.FORMATS) for pair in _targeted(module).items())
    only = {each.code: f", with --target {name}" for name, own in targeted for each in own}
    return "\n".join(
        f"{each.code} ({each.severity}{only.get(each.code, '')})\n\n{dedent(each.explanation).strip()}\n\n→ {each.hint}\n  {each.spec}\n"
        for each in found
    )


def _sections() -> Iterator[tuple[str, list[Rule[object]]]]:
    """Yield what is checked and the rules for it."""
    for module in map(formats.get, formats.FORMATS):
        if found := list(_rules(module)):
            yield module.TITLE, found
        for name, found in _targeted(module).items():
            yield f"{module.TITLE} for {formats.targets()[name]}, with `--target {name}`", found
    yield "RSS and Atom, both", list(rules_in({each.code: each for each in shared.RULES}))
    yield "Linked data: JSON-LD alone and in pages", list(rules_in({each.code: each for each in linked.RULES}))
    yield "A publication as a whole: a folder with its pages and feeds", list(rules_in(vars(whole)))


def _rules(module: Format) -> Iterator[Rule[object]]:
    yield from rules_in(vars(module))
    if inner := getattr(module, "rules", None):
        yield from rules_in(vars(inner))
        yield from (each for subject in getattr(inner, "SUBJECTS", ()) for each in rules_in(vars(subject)))


def _targeted(module: Format) -> dict[str, list[Rule[object]]]:
    """Return the rules that hold only for a device or a shop, by its name."""
    subjects: Mapping[str, ModuleType] = getattr(getattr(module, "rules", None), "TARGETS", {})
    return {name: list(rules_in(vars(subject))) for name, subject in subjects.items()}


def _one_line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


PAGES: Mapping[str, Callable[[], str]] = {"fields": fields_page, "rules": rules_page, "settings": settings.document}
