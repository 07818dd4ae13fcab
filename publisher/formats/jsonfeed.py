"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/, read 2026-11-23).

What the format has no member for is in one extension object, `_schema`, as JSON-LD with schema.org's names;
it holds just the difference between the article and what the members alone give back.
Deviation: a section is the first of an item's `tags`, since readers filter by tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from publisher import feeds, markup, schema
from publisher.article import Article, Date, Image, Media, Party, Person, Publication
from publisher.feeds import UNTYPED, web
from publisher.formats import Context, Reading, Target
from publisher.problems import Finding, Problem, PublisherError, Severity, Unreadable, check_all, problem, rule, rules_in
from publisher.schema import Json, JsonObject
from publisher.text import language, line, media_type, url

NAME = "jsonfeed"
TITLE = "JSON Feed 1.1"
SPEC = "https://www.jsonfeed.org/version/1.1/"
MEDIA_TYPE = "application/feed+json"
PATH = "feed.json"
EACH: Literal["publication"] = "publication"

VERSION = "https://jsonfeed.org/version/1.1"
_BOM = b"\xef\xbb\xbf"
_ABOUT = "https://schema.org/"
_VERSIONS = re.compile(rb'"version"\s*:\s*"https?:\\?/\\?/(www\.)?jsonfeed\.org')


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes are JSON with a JSON Feed version."""
    return body.removeprefix(_BOM).lstrip()[:1] == b"{" and bool(_VERSIONS.search(body))


# -- writing --------------------------------------------------------------------------------------------------------------


def write(publication: Publication, target: Target = Target()) -> bytes:
    """Return the publication as one feed document; the order of its items is the order of the articles."""
    return f"{schema.to_text(_feed(publication, target))}\n".encode()


def _feed(publication: Publication, target: Target) -> JsonObject:
    publisher, image = publication.publisher, publication.image
    feed: JsonObject = {
        "version": VERSION,
        "title": publication.name,
        "home_page_url": publication.url,
        "feed_url": target.url,
        "description": publication.description,
        "icon": web(image.content_url) if image else None,
        "authors": [_author(publisher)] if publisher else None,
        "language": publication.in_language,
        "hubs": [{"type": "WebSub", "url": target.hub}] if target.hub else None,
    }
    feed = _present(feed)
    feed |= _extension(schema.rest(publication, _publication(feed)))
    return {**feed, "items": [_item(each) for each in publication.articles]}


def _present(members: JsonObject) -> JsonObject:
    return {name: value for name, value in members.items() if value not in (None, [])}


def _extension(rest: JsonObject | None) -> JsonObject:
    return {"_schema": {"about": _ABOUT, **rest}} if rest else {}


def _author(party: Party) -> JsonObject:
    picture = party.image if isinstance(party, Person) else party.logo
    return _present({"name": party.name, "url": party.url, "avatar": web(picture.content_url) if picture else None})


def _item(article: Article) -> JsonObject:
    section = [article.article_section] if article.article_section else []
    item: JsonObject = {
        "id": article.identifier,
        "url": article.url,
        "external_url": article.is_based_on,
        "title": article.headline,
        "content_html": markup.to_html(article.body),
        "summary": article.description,
        "image": next((found for each in article.image if (found := web(each.content_url))), None),
        "date_published": _moment(article.date_published),
        "date_modified": _moment(article.date_modified),
        "authors": [_author(each) for each in article.author],
        "tags": [*section, *article.keywords],
        "language": article.in_language,
        "attachments": [_attachment(each) for each in article.associated_media if web(each.content_url)],
    }
    item = _present(item)
    return item | _extension(schema.rest(article, _article(item, body=False)))


def _moment(value: Date | None) -> str | None:
    """Return a date as RFC 3339 asks for it; a day is its first moment in UTC."""
    return feeds.as_moment(value).isoformat() if value else None


def _attachment(media: Media) -> JsonObject:
    attachment: JsonObject = {
        "url": media.content_url,
        "mime_type": media.encoding_format or UNTYPED,
        "title": media.name,
        "size_in_bytes": media.content_size,
        "duration_in_seconds": media.duration,
    }
    return _present(attachment)


# -- reading --------------------------------------------------------------------------------------------------------------


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the feed's publication; items that cannot be read are problems; raise `Unreadable` when it is no feed."""
    feed = schema.from_text(body.removeprefix(_BOM))
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        hint = "check that this is a JSON Feed"
        raise Unreadable(problem("jsonfeed-no-items", Severity.ERROR, "there is no list of items", hint=hint, spec=SPEC))
    articles: list[Article] = []
    problems: list[Problem] = []
    for number, item in enumerate(_list(feed, "items")):
        try:
            articles.append(_merged(_article(item), item))
        except PublisherError as error:
            problems += [replace(each, location=replace(each.location, pointer=f"items[{number}]")) for each in error.problems]
    publication = replace(_merged(_publication(feed), feed), articles=tuple(articles))
    return Reading(publication=publication, problems=tuple(problems))


def _merged(native: schema.AnyModel, members: JsonObject) -> schema.AnyModel:
    extension = members.get("_schema")
    return schema.merge(native, extension) if isinstance(extension, dict) and extension.get("about") == _ABOUT else native


def _publication(feed: JsonObject) -> Publication:
    """Return what the feed's own members say."""
    addresses = (schema.web_address(_string(feed, each)) for each in ("home_page_url", "feed_url"))
    address = next(filter(None, addresses), "https://example.org/")
    icon = url(_string(feed, "icon"))
    return Publication(
        identifier=address,
        name=line(_string(feed, "title")) or address,
        url=address,
        description=line(_string(feed, "description")),
        image=Image(content_url=icon) if icon else None,
        publisher=next(iter(_authors(feed)), None),
        in_language=language(_string(feed, "language")),
    )


def _article(item: JsonObject, *, body: bool = True) -> Article:
    """Return what the item's own members say."""
    address, picture = url(_string(item, "url")), url(_string(item, "image"))
    content = _body(item) if body else ""
    identifier = _identifier(item) or address
    if identifier is None:
        raise PublisherError(
            problem("jsonfeed-no-id", Severity.ERROR, "the item has no id", hint="give it an id that never changes", spec=SPEC)
        )
    return Article(
        identifier=identifier,
        headline=line(_string(item, "title")) or line(markup.to_text(content)[:80]) or identifier,
        url=address,
        is_based_on=url(_string(item, "external_url")),
        body=content,
        description=line(_string(item, "summary")),
        image=(Image(content_url=picture),) if picture else (),
        date_published=schema.parse_date(_string(item, "date_published")),
        date_modified=schema.parse_date(_string(item, "date_modified")),
        author=_authors(item),
        keywords=tuple(word for each in _strings(item, "tags") if (word := line(each))),
        in_language=language(_string(item, "language")),
        associated_media=tuple(found for each in _list(item, "attachments") if (found := _media(each))),
    )


def _identifier(item: JsonObject) -> str | None:
    """Return the id, which some feeds have as a number."""
    return line(str(item["id"])) if isinstance(item.get("id"), str | int | float) else None


def _body(item: JsonObject) -> str:
    if content := _string(item, "content_html"):
        return markup.clean(content, url(_string(item, "url")) or "")
    return markup.from_text(_string(item, "content_text"))


def _authors(members: JsonObject) -> tuple[Party, ...]:
    """Return the authors; a single `author` is how version 1.0 has it."""
    listed = _list(members, "authors") or _list({"authors": [members.get("author")]}, "authors")
    return tuple(found for each in listed if (found := _person(each)))


def _person(author: JsonObject) -> Person | None:
    picture, address = url(_string(author, "avatar")), url(_string(author, "url"))
    name = line(_string(author, "name")) or address
    return Person(name=name, url=address, image=Image(content_url=picture) if picture else None) if name else None


def _media(attachment: JsonObject) -> Media | None:
    address, kind = url(_string(attachment, "url")), media_type(_string(attachment, "mime_type"))
    found = feeds.recording(address, kind) if address else None
    return found and replace(
        found,
        name=line(_string(attachment, "title")),
        content_size=_number(attachment, "size_in_bytes"),
        duration=_number(attachment, "duration_in_seconds"),
    )


def _string(members: JsonObject, name: str) -> str:
    value = members.get(name)
    return value if isinstance(value, str) else ""


def _strings(members: JsonObject, name: str) -> list[str]:
    value = members.get(name)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _list(members: JsonObject, name: str) -> list[JsonObject]:
    value = members.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _number(members: JsonObject, name: str) -> int | None:
    value = members.get(name)
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 2**53 else None


def carry(publication: Publication) -> Publication:
    """Return the publication: what has no member of its own is in `_schema`."""
    return publication


# -- checking -------------------------------------------------------------------------------------------------------------


def check(body: bytes) -> list[Problem]:
    """Return what is wrong with the feed; never raise."""
    try:
        return check_all(_RULES, schema.from_text(body))
    except Unreadable as error:
        return list(error.problems)


def _top(feed: Json) -> JsonObject:
    return feed if isinstance(feed, dict) else {}


def _items(feed: Json) -> Iterator[tuple[str, JsonObject]]:
    for number, item in enumerate(_list(_top(feed), "items")):
        yield f"items[{number}]", item


def _people(feed: Json) -> Iterator[tuple[str, JsonObject]]:
    for pointer, members in (("", _top(feed)), *_items(feed)):
        for number, author in enumerate(_list(members, "authors")):
            yield f"{pointer}.authors[{number}]".lstrip("."), author


def _attachments(feed: Json) -> Iterator[tuple[str, JsonObject]]:
    for pointer, item in _items(feed):
        for number, attachment in enumerate(_list(item, "attachments")):
            yield f"{pointer}.attachments[{number}]", attachment


@rule(Severity.ERROR, spec=SPEC, hint=f'write "version": "{VERSION}"')
def jsonfeed_version(feed: Json) -> Iterator[Finding]:
    """Readers find out by the version that this is a JSON Feed."""
    if not re.fullmatch(r"https://(www\.)?jsonfeed\.org/version/1(\.1)?/?", _string(_top(feed), "version")):
        yield Finding(message=f"the version is {_top(feed).get('version')!r}", pointer="version")


@rule(Severity.ERROR, spec=SPEC, hint="name the feed")
def jsonfeed_title_missing(feed: Json) -> Iterator[Finding]:
    """The title is what a reader shows in its list of feeds."""
    if not _string(_top(feed), "title"):
        yield Finding(message="the feed has no title", pointer="title")


@rule(Severity.ERROR, spec=SPEC, hint='write "items": [], or the items')
def jsonfeed_items_missing(feed: Json) -> Iterator[Finding]:
    """A feed has a list of items, which may be empty."""
    if not isinstance(_top(feed).get("items"), list):
        yield Finding(message="there is no list of items", pointer="items")


@rule(Severity.ERROR, spec=SPEC, hint="give the item an id that never changes")
def jsonfeed_id_missing(feed: Json) -> Iterator[Finding]:
    """By the id a reader knows what it has shown already."""
    for pointer, item in _items(feed):
        if item.get("id") in (None, ""):
            yield Finding(message="the item has no id", pointer=f"{pointer}.id")


@rule(Severity.WARNING, spec=SPEC, hint="write the id as a string")
def jsonfeed_id_not_a_string(feed: Json) -> Iterator[Finding]:
    """Readers have to make a string of other ids, each in its own way."""
    for pointer, item in _items(feed):
        if item.get("id") is not None and not isinstance(item["id"], str):
            yield Finding(message=f"the id is {item['id']!r}", pointer=f"{pointer}.id")


@rule(Severity.WARNING, spec=SPEC, hint="give each article an id of its own")
def jsonfeed_id_repeated(feed: Json) -> Iterator[Finding]:
    """Two items with one id are one item for a reader, which shows only one of them."""
    return feeds.repeated(((pointer, _identifier(item), None, 0) for pointer, item in _items(feed)), "id")


@rule(Severity.ERROR, spec=SPEC, hint="add content_html, or content_text when there is no markup")
def jsonfeed_content_missing(feed: Json) -> Iterator[Finding]:
    """An item has to have its content, as HTML or as text."""
    for pointer, item in _items(feed):
        if not isinstance(item.get("content_html"), str) and not isinstance(item.get("content_text"), str):
            yield Finding(message="the item has neither content_html nor content_text", pointer=pointer)


@rule(Severity.ERROR, spec="https://www.rfc-editor.org/rfc/rfc3339#section-5.6", hint="write 2018-10-24T08:00:00+01:00")
def jsonfeed_date_malformed(feed: Json) -> Iterator[Finding]:
    """Dates are moments with an offset, as in RFC 3339; with others an item has no date, or no place in the list."""
    for pointer, item in _items(feed):
        for name in ("date_published", "date_modified"):
            if (value := item.get(name)) is not None and not _is_rfc3339(value):
                yield Finding(message=f"{value!r} is no moment", pointer=f"{pointer}.{name}")


def _is_rfc3339(value: Json) -> bool:
    shape = r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)"
    return isinstance(value, str) and bool(re.fullmatch(shape, value)) and schema.parse_date(value.upper()) is not None


@rule(Severity.ERROR, spec=SPEC, hint="write the whole address with https://")
def jsonfeed_url_malformed(feed: Json) -> Iterator[Finding]:
    """Addresses are absolute: a feed is read far from the site."""
    names = ("home_page_url", "feed_url", "next_url", "icon", "favicon", "url", "external_url", "image", "banner_image")
    for pointer, members in (("", _top(feed)), *_items(feed)):
        for name in names:
            if (value := members.get(name)) is not None and url(value if isinstance(value, str) else "") is None:
                yield Finding(message=f"{value!r} is no absolute URL", pointer=f"{pointer}.{name}".lstrip("."))


@rule(Severity.ERROR, spec=SPEC, hint="add name, url or avatar")
def jsonfeed_author_empty(feed: Json) -> Iterator[Finding]:
    """An author has at least one of name, url and avatar."""
    for pointer, author in _people(feed):
        if not any(_string(author, name) for name in ("name", "url", "avatar")):
            yield Finding(message="the author has no name, url or avatar", pointer=pointer)


@rule(Severity.ERROR, spec=SPEC, hint="add the url and the media type")
def jsonfeed_attachment_incomplete(feed: Json) -> Iterator[Finding]:
    """An attachment needs its address and its media type."""
    for pointer, attachment in _attachments(feed):
        for name in ("url", "mime_type"):
            if not _string(attachment, name):
                yield Finding(message=f"the attachment has no {name}", pointer=f"{pointer}.{name}")


@rule(Severity.ERROR, spec="https://www.rfc-editor.org/info/bcp47", hint="write a tag such as en or pt-BR")
def jsonfeed_language_unknown(feed: Json) -> Iterator[Finding]:
    """Languages are BCP 47 tags."""
    for pointer, members in (("", _top(feed)), *_items(feed)):
        if (value := members.get("language")) is not None and language(value if isinstance(value, str) else "") is None:
            yield Finding(message=f"{value!r} is no language tag", pointer=f"{pointer}.language".lstrip("."))


@rule(Severity.WARNING, spec=SPEC, hint="use authors, a list")
def jsonfeed_author_deprecated(feed: Json) -> Iterator[Finding]:
    """Version 1.1 replaced `author` by `authors`."""
    for pointer, members in (("", _top(feed)), *_items(feed)):
        if "author" in members and "authors" not in members:
            yield Finding(message="author is deprecated", pointer=f"{pointer}.author".lstrip("."))


_RULES = rules_in(globals())
