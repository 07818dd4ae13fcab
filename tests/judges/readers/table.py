"""What each reader takes from which format, measured: the table of docs/readers.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from publisher import feeds, markup
from publisher.article import Article
from publisher.schema import begin
from tests.judges.examples import squeezed
from tests.judges.readers import Entry

__all__ = ["COLUMNS", "NOTHING", "marks", "table"]

Match = Callable[[Article, Entry], bool]
NOTHING = "—"
SHOW = ["Daily News", "News"]
"""The category under which podcasts of ours are listed unless the settings say another."""


def pictures(article: Article) -> list[str]:
    """Return the URLs of the pictures beside the text, the lead first."""
    return [each.content_url for each in article.image if each.content_url]


def recordings(article: Article) -> list[str]:
    """Return the URLs of sounds, films and files."""
    return [each.content_url for each in article.associated_media]


def sounding(article: Article) -> list[str]:
    """Return the URLs of sounds and films."""
    return [each.content_url for each in article.associated_media if each.type in ("AudioObject", "VideoObject")]


def tags(article: Article) -> list[str]:
    """Return section and keywords, as feeds have them."""
    return [*filter(None, [article.article_section]), *article.keywords]


def shown(body: str) -> tuple[str, list[str]]:
    """Return what people see of a body: its text and its pictures."""
    clean = markup.clean(body)
    return squeezed(markup.to_text(clean)), list(_sources(clean))


def _text(summary: str | None) -> str:
    return squeezed(markup.to_text(markup.clean(summary or "")))


def _sources(clean: str) -> Iterator[str]:
    for each in markup.parse_xml(f"<body>{clean}</body>".encode()).iter("img"):
        yield str(each.get("src"))


def _author_names(article: Article) -> list[str]:
    return [each.name for each in article.author]


def _published(article: Article) -> datetime | None:
    return begin(article.date_published) if article.date_published else None


def _updated(article: Article) -> datetime | None:
    changed = feeds.changed(article)
    return begin(changed) if changed else None


def _is_about(found: datetime | None, wanted: datetime | None) -> bool:
    return found is not None and wanted is not None and found.astimezone(UTC) == wanted


def _is_unsigned(article: Article, entry: Entry) -> bool:
    """Return whether the date is right but for what 32 bits without a sign make of days before 1970."""
    wanted = _published(article)
    early = wanted is not None and wanted < datetime(1970, 1, 1, tzinfo=UTC)
    return wanted is not None and entry.published == (wanted + timedelta(seconds=2**32) if early else wanted)


_LADDERS: Mapping[str, Mapping[str, Match]] = {
    "title": {"whole": lambda article, entry: entry.title == article.headline},
    "link": {"whole": lambda article, entry: entry.link == article.url},
    "authors": {
        "all": lambda article, entry: list(entry.authors) == _author_names(article),
        "all, by name": lambda article, entry: sorted(entry.authors) == sorted(_author_names(article)),
        "the first": lambda article, entry: list(entry.authors) == _author_names(article)[:1],
        "the last": lambda article, entry: list(entry.authors) == _author_names(article)[-1:],
        NOTHING: lambda _, entry: not entry.authors,
    },
    "text": {"whole": lambda article, entry: shown(entry.content) == shown(article.body)},
    "standfirst": {
        # Some readers make one of the text where there is none.
        "whole": lambda article, entry: article.description is None or _text(entry.summary) == squeezed(article.description),
        NOTHING: lambda _, entry: entry.summary is None,
    },
    "picture": {
        "all": lambda article, entry: list(entry.pictures) == pictures(article),
        "the first": lambda article, entry: list(entry.pictures) == pictures(article)[:1],
        "the first, or the recording": lambda article, entry: list(entry.pictures) == ([] if sounding(article) else pictures(article)[:1]),
        "the last, or the recording": lambda article, entry: list(entry.pictures) == ([] if sounding(article) else pictures(article)[-1:]),
        NOTHING: lambda _, entry: not entry.pictures,
    },
    "recordings": {
        "all": lambda article, entry: list(entry.recordings) == recordings(article),
        "sound or film": lambda article, entry: list(entry.recordings) == sounding(article)[:1],
        NOTHING: lambda _, entry: not entry.recordings,
    },
    "tags": {
        "all": lambda article, entry: list(entry.tags) == tags(article),
        "all, by name": lambda article, entry: sorted(entry.tags) == sorted(tags(article)),
        "all, by name, or the show’s": lambda article, entry: sorted(entry.tags) == sorted(tags(article) or SHOW),
        NOTHING: lambda _, entry: not entry.tags,
    },
    "published": {
        "to the second": lambda article, entry: _is_about(entry.published, _published(article)),
        "to the second, from 1970 on": _is_unsigned,
    },
    "changed": {
        "to the second": lambda article, entry: _is_about(entry.updated, _updated(article)),
        "to the second, where it differs": lambda article, entry: (
            _is_about(entry.updated, _updated(article)) if article.date_modified else entry.updated in (None, entry.published)
        ),
        NOTHING: lambda _, entry: entry.updated is None,
    },
}
"""For each column what can be said of it, from much to little; the first that is true of every article is."""
COLUMNS = tuple(_LADDERS)


def marks(articles: Sequence[Article], entries: Mapping[str, Entry]) -> dict[str, str]:
    """Return what is true of each column; `entries` by the identifiers of the articles."""
    return {column: _mark(ladder, articles, entries) for column, ladder in _LADDERS.items()}


def _mark(ladder: Mapping[str, Match], articles: Sequence[Article], entries: Mapping[str, Entry]) -> str:
    pairs = [(article, entries[article.identifier]) for article in articles]
    found = next((mark for mark, is_so in ladder.items() if all(is_so(*pair) for pair in pairs)), None)
    if found is None:
        best = min(ladder.values(), key=lambda is_so: sum(not is_so(*pair) for pair in pairs))
        wrong = [article.identifier for article, entry in pairs if not best(article, entry)]
        return f"WRONG in {', '.join(wrong)}"
    return found


def table(rows: Iterable[tuple[str, str, Mapping[str, str]]]) -> str:
    """Return the table in Markdown; a row is a reader, a format and its marks."""
    head = ["| reader | from | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 2) + "|"]
    return "\n".join([*head, *(f"| {name} | {kind} | " + " | ".join(found[each] for each in COLUMNS) + " |" for name, kind, found in rows)])
