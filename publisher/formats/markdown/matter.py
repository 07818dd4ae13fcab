"""Front matter: what stands above the text, as Hugo, Jekyll, Zola, Pelican, Ghost and Obsidian write it.

YAML between `---`, TOML between `+++`, a JSON object as Hugo has it, or Pelican's lines without a fence.
Every value is text until someone asks for it by name:
python-frontmatter (1.3.0) reads nothing from a file with BOM and CRLF, and makes `lang: no` false and `title: 12:30` 750.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from publisher.keys import Keyed, Node, as_text, json_text, toml, yaml_text
from publisher.problems import Severity, Unreadable, problem

__all__ = ["IGNORED", "KEYS", "MEDIA", "UNDERSTOOD", "Source", "begins", "known", "split", "squeeze"]

_FENCES = {"---": re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE), "+++": re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE)}
_BEGIN = re.compile(r"\s*?^(?P<fence>---|\+\+\+)[ \t]*\n", re.MULTILINE)
_JSON = re.compile(r"\s*(?=\{\s*\"[^\"\n]{1,80}\"\s*:)")
_KEY = re.compile(r"[ \t]*(?:#[^\n]*|(?:[\"']?[^\W_][\w .-]*+[\"']?)[ \t]*+:(?:[ \t][^\n]*)?)$", re.MULTILINE)
_HEADER = re.compile(r"(?P<key>[^\W\d_][\w -]{0,30}):(?P<value>[ \t].*|)$")
MEDIA = "media/"
"""Where pictures and recordings lie, below the root of the sources."""
_INNER = ("extra", "params", "taxonomies", "front_matter")


def squeeze(key: str) -> str:
    """Return the key as all its spellings have it: `publishDate`, `publish_date` and `Publish-Date` are the same."""
    return _squeezed(key) if len(key) <= _REMEMBERED else re.sub(r"[\W_]+", "", key).casefold()


_REMEMBERED = 100
"""Characters of a key that is remembered: nearly all are the same in each source."""


@lru_cache(maxsize=2048)
def _squeezed(key: str) -> str:
    return re.sub(r"[\W_]+", "", key).casefold()


def _table(rows: str) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(keys.split())
        for name, _, keys in (row.partition(":") for row in rows.split("\n") if row.strip())
        for name in (name.strip(),)
    }


_FIELDS = _table("""
    identifier: id identifier guid uuid
    headline: title headline
    alternative_headline: subtitle alternative_headline subheading
    description: description summary excerpt standfirst abstract custom_excerpt meta_description
    type: type article_type
    date_published: date published publish_date pub_date date_published published_at publication_date created date_created created_at
    date_modified: lastmod updated modified date_modified last_modified_at updated_at date_updated last_updated
    author: author authors byline
    editor: editor editors
    contributor: contributor contributors
    section: section category categories article_section
    keywords: tags keywords tag
    slug: slug
    url: url permalink path
    is_based_on: canonical canonical_url original original_url is_based_on source_url
    image: image images cover cover_image featured_image feature_image lead_image header_image hero_image og_image thumbnail
    language: lang language locale in_language
    dateline: dateline
    content_location: location locations place places content_location
    media: audio video media podcast
    citation: related citation citations related_articles see_also
    translations: translations translation
    corrections: corrections correction
    license: license licence
    copyright_notice: copyright copyright_notice
    copyright_holder: copyright_holder
    copyright_year: copyright_year
    is_accessible_for_free: free is_accessible_for_free
    draft: draft publish status
    visibility: visibility
    image_alt: image_alt cover_alt cover_image_alt featured_image_alt feature_image_alt thumbnail_alt alt
    image_caption: image_caption cover_caption cover_image_caption featured_image_caption feature_image_caption thumbnail_caption caption
    image_credit: image_credit cover_credit cover_image_credit featured_image_credit feature_image_credit photo_credit credit
    image_license: image_license cover_license featured_image_license feature_image_license
""")
"""What is read, and the keys it is read from, the first that is there."""

KEYS = {field: tuple(map(squeeze, keys)) for field, keys in _FIELDS.items()}
"""The same with squeezed keys."""

IGNORED = frozenset(
    map(
        squeeze,
        """
        layout template theme weight order nav_order nav_exclude parent grand_parent has_children has_toc toc show_toc toc_open
        table_of_contents comments comment disqus aliases alias redirect_from redirect_to menu menus linktitle link_title short_title
        cssclass cssclasses class classes css js pin pinned sticky featured hidden unlisted search_hidden in_search_index search sitemap
        robots noindex outputs render build cascade headless markup reading_time read_time
        show_reading_time hide_meta hide_summary disable_share share share_buttons hide_footer math mathjax katex mermaid
        render_with_liquid excerpt_separator rss feed generate_feeds insert_anchor_links page_template sort_by paginate paginate_by
        transparent series series_order sidebar edit_post ctime codeinjection_head
        codeinjection_foot cover_hidden kind resources keep_md collection permalink_style last_modified_by word_count publish_to_feed
        hero banner header seo_title meta_title og_title og_description og_type twitter twitter_title twitter_description twitter_image
        opengraph title_prefix jekyll_theme feature_image_width feature_image_height draft_reason id_numeric relative responsive_images
        """.split(),
    )
)
"""Keys that say how a site shows or finds the page; they mean nothing here."""

EXPIRY = frozenset(map(squeeze, "expiry_date expires unpublish_date".split()))
"""Keys that say when a page is to go: no build here reads the clock."""

_OURS = frozenset(key for keys in KEYS.values() for key in keys)
UNDERSTOOD = _OURS | IGNORED | EXPIRY
"""Squeezed keys that are read, or mean nothing here."""


def known() -> tuple[str, ...]:
    """Return every key that is read."""
    return tuple(key for keys in _FIELDS.values() for key in keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file taken apart."""

    values: Mapping[str, Node]
    """By squeezed key."""
    keys: Mapping[str, str]
    """The keys as they were written, by squeezed key."""
    lines: Mapping[str, int]
    """Where they were written, by squeezed key."""
    body: str
    first_line: int
    """Of the body, from 1."""
    spaced: bool = False
    """Whether a string of tags is separated by spaces, as Jekyll has it."""
    repeated: tuple[tuple[str, int], ...] = ()
    """Keys that are there once more, as written, and their lines; the first of each counts."""
    without_keys: bool = False
    """Whether a list or a sentence stands where front matter would."""


def begins(text: str) -> bool:
    """Return whether the text begins with front matter."""
    fenced = _BEGIN.match(text)
    if fenced and fenced["fence"] == "---":
        return bool(_is_yaml(text[fenced.end() :]))
    if _JSON.match(text):
        return _is_json(text)
    return bool(fenced) or bool(_header_lines(text))


def _is_json(text: str) -> bool:
    """Return whether the text begins with a JSON object that has keys of ours, and goes on below it."""
    try:
        source = _split_json(text)
    except Unreadable:
        return False
    return bool(source and source.body.strip())


def _split_json(text: str) -> Source | None:
    """Return front matter in JSON and the body below it, `None` when it is none; raise `Unreadable` when it is broken."""
    found = json_text(text[(start := len(text) - len(text.lstrip())) :]) if _JSON.match(text) else None
    if not found or not any(squeeze(key) in _OURS for key in found[0].values):
        return None
    above, end = text.count("\n", 0, start), start + found[1]
    rest, _, body = text[end:].partition("\n")
    if rest.strip():
        return None
    lines = {key: line + above for key, line in found[0].lines.items()}
    repeated = tuple((key, line + above) for key, line in found[0].repeated)
    return _source(replace(found[0], lines=lines, repeated=repeated), body, text.count("\n", 0, end) + 2)


def _is_yaml(text: str) -> bool:
    """Return whether the first line below a fence is a key, a comment or the other fence."""
    start = len(text) - len(text.lstrip())
    first = text[text.rfind("\n", 0, start) + 1 :].partition("\n")[0]
    return bool(_KEY.fullmatch(first) or _FENCES["---"].fullmatch(first))


def split(text: str) -> Source:
    """Return front matter and body; raise `Unreadable` with the line when the front matter cannot be read."""
    if not (fenced := _BEGIN.match(text)):
        return _split_json(text) or _split_header(text)
    try:
        return _split_fenced(text, fenced) or _source(Keyed(), text, 1)
    except Unreadable:
        if text[fenced.end() :].startswith("\n"):
            return _source(Keyed(), text, 1)  # nobody leaves the first line of front matter empty: it is a rule
        raise


def _split_fenced(text: str, fenced: re.Match[str]) -> Source | None:
    """Return front matter and body, or `None` when the text begins with a rule."""
    fence, first_line = fenced["fence"], text.count("\n", 0, fenced.end()) + 1
    end = _FENCES[fence].search(text, fenced.end())
    if fence == "---" and not _is_yaml(text[fenced.end() :]):
        above = text[fenced.end() : end.start()] if end else "\n\n"
        return replace(_source(Keyed(), text, 1), without_keys="\n\n" not in above and not above.startswith("\n"))
    if not end:
        hint = f"write {fence} on a line of its own below the front matter"
        message = f"the front matter that begins with {fence} does not end"
        raise Unreadable(problem("markdown-open-front-matter", Severity.ERROR, message, hint=hint, line=first_line - 1))
    matter = text[fenced.end() : end.start()]
    keyed = toml(matter, first_line) if fence == "+++" else yaml_text(matter, first_line) if matter.strip() else Keyed()
    if keyed is None or (matter.startswith("\n") and not any(squeeze(key) in _OURS for key in keyed.values)):
        return None  # a rule, and another one further down
    return _source(keyed, text[end.end() + 1 :], text.count("\n", 0, end.end()) + 2, spaced=fence == "---")


def _header_lines(text: str) -> list[tuple[int, str, str]]:
    """Return line, key and value of Pelican's header, which ends at a blank line; nothing when the text has none."""
    found: list[tuple[int, str, str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() and not found:
            continue
        if header := _HEADER.match(line):
            found.append((number, header["key"], header["value"].strip()))
        elif found and line[:1] in (" ", "\t") and line.strip():
            found[-1] = (*found[-1][:2], f"{found[-1][2]} {line.strip()}")
        else:
            break
        if len(found) == 1 and squeeze(found[0][1]) not in _OURS:
            return []
    ours = [squeeze(key) for _, key, _ in found if squeeze(key) in _OURS or squeeze(key) in IGNORED]
    return found if "title" in ours or len(ours) > 1 else []


def _split_header(text: str) -> Source:
    found = _header_lines(text)
    values = {key: value for _, key, value in reversed(found)}
    first = {key: line for line, key, _ in reversed(found)}
    repeated = tuple((key, line) for line, key, _ in found if line != first[key])
    keyed = Keyed(values=values, lines={(key,): line for key, line in first.items()}, repeated=repeated)
    lines = text.split("\n")
    end = found[-1][0] if found else 0
    while found and end < len(lines) and lines[end].strip():  # the rest of a value on several lines
        end += 1
    return _source(keyed, "\n".join(lines[end:]), end + 1)


def _source(keyed: Keyed, body: str, first_line: int, *, spaced: bool = False) -> Source:
    flat = [(squeeze(path[-1]), path, value) for path, value in _flat(keyed)]
    first = {key: (path, value) for key, path, value in reversed(flat)}
    others = ((path[0], keyed.line(*path)) for key, path, _ in flat if len(path) == 1 and first[key][0][-1] != path[0])
    return Source(
        values={key: value for key, (_, value) in first.items()},
        keys={key: path[-1] for key, (path, _) in first.items()},
        lines={key: keyed.line(*path) for key, (path, _) in first.items()},
        body=body,
        first_line=first_line,
        spaced=spaced,
        repeated=(*keyed.repeated, *others),
    )


def _flat(keyed: Keyed) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Yield path and value of each key, those in `[extra]`, `[params]` and `[taxonomies]` after the others."""
    inner = {key: value for key, value in keyed.values.items() if key in _INNER and isinstance(value, dict)}
    for key, value in keyed.values.items():
        if key not in inner:
            yield (key,), as_text(value)
    for table, values in inner.items():
        for key, value in values.items():
            yield (table, key), as_text(value)
