"""Reads JSON Feed 1.1, ours and everybody's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import NAMESPACE_URL, uuid5

from publisher import feeds, markup, schema
from publisher.article import Article, Image, Media, Party, Person, Publication
from publisher.feedreading import rescue, values
from publisher.feedreading.notes import Notes
from publisher.feedrules.repair import date_of
from publisher.formats import Context, Reading
from publisher.problems import Problem, PublisherError, Severity, Unreadable, problem
from publisher.schema import Json, JsonObject
from publisher.text import language, line, media_type, url

_SPEC = "https://www.jsonfeed.org/version/1.1/"
_ABOUT = "https://schema.org/"
_SAYING = ("title", "content_html", "content_text", "summary")
_MEMBERS = frozenset(
    "id url external_url title content_html content_text summary image banner_image date_published date_modified author authors tags "
    "language attachments".split()
)
"""What an item can have (version 1.1, "Items"), all of which is read."""


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the feed's publication; items that cannot be read are problems; raise `Unreadable` when it is no feed."""
    return read_parsed(*rescue.json_feed(body))


def read_parsed(feed: Json, cut: tuple[Problem, ...] = ()) -> Reading:
    """Return the same of a feed that is parsed, with what is said about where it is cut off."""
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        hint = "check that this is a JSON Feed"
        raise Unreadable(problem("jsonfeed-no-items", Severity.ERROR, "there is no list of items", hint=hint, spec=_SPEC))
    publication = _merged(read_publication(feed), feed)
    notes = Notes(publication.in_language)
    articles: list[Article] = []
    problems: list[Problem] = []
    for number, item in enumerate(_list(feed, "items")):
        pointer = f"items[{number}]"
        try:
            articles.append(_merged(_completed(read_article(item, notes.repaired, pointer), item, publication, notes), item))
        except PublisherError as error:
            problems += [replace(each, location=replace(each.location, pointer=pointer)) for each in error.problems]
    return Reading(publication=replace(publication, articles=tuple(articles)), problems=(*cut, *problems, *notes.problems()))


def _completed(article: Article, item: JsonObject, publication: Publication, notes: Notes) -> Article:
    """Return the article with what others write in another way than the specification: relative addresses, dates, lists as text."""
    if _identifier(item) is None and not article.url:
        notes.unnamed()
    notes.members(each for each in item if each not in _MEMBERS and not each.startswith("_"))
    home = publication.url
    pictures = (Image(content_url=found) for name in ("image", "banner_image") if (found := url(_string(item, name), home)))
    return replace(
        article,
        url=article.url or url(_string(item, "url"), home),
        is_based_on=article.is_based_on or url(_string(item, "external_url"), home),
        image=article.image or tuple(pictures)[:1],
        date_published=article.date_published or notes.written(_text(item, "date_published")),
        date_modified=article.date_modified or notes.written(_text(item, "date_modified")),
        author=article.author or tuple(party for each in _names(item) for party in values.people(each)),
        keywords=article.keywords or tuple(word for each in _string(item, "tags").split(",") if (word := line(each))),
    )


def _names(item: JsonObject) -> list[str]:
    """Return authors that are strings."""
    return [*_strings(item, "authors"), *filter(None, (_string(item, "author"), _string(item, "authors")))]


def _text(members: JsonObject, name: str) -> str:
    """Return a text, or a number as one."""
    value = members.get(name)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _merged(native: schema.AnyModel, members: JsonObject) -> schema.AnyModel:
    extension = members.get("_schema")
    return schema.merge(native, extension) if isinstance(extension, dict) and extension.get("about") == _ABOUT else native


def read_publication(feed: JsonObject) -> Publication:
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


def read_article(item: JsonObject, repaired: feeds.Repaired | None = None, pointer: str = "", *, body: bool = True) -> Article:
    """Return what the item's own members say; `repaired` is told what was put right in the item at `pointer`."""
    address, picture = url(_string(item, "url")), url(_string(item, "image"))
    content = _body(item, repaired or feeds.Repaired(), pointer) if body else ""
    attached = [found for each in _list(item, "attachments") if (found := _media(each))]
    identifier = _identifier(item) or address or _made_of(item)
    return Article(
        identifier=identifier,
        headline=line(_string(item, "title")) or line(markup.to_text(content)[:80]) or identifier,
        url=address,
        is_based_on=url(_string(item, "external_url")),
        body=content,
        description=line(_string(item, "summary")),
        image=_pictures(picture, attached),
        date_published=date_of(_string(item, "date_published")),
        date_modified=date_of(_string(item, "date_modified")),
        author=_authors(item),
        keywords=tuple(word for each in _strings(item, "tags") if (word := line(each))),
        in_language=language(_string(item, "language")),
        associated_media=tuple(each for each in attached if not _is_picture(each)),
    )


def _pictures(lead: str | None, attached: Iterable[Media]) -> tuple[Image, ...]:
    """Return the item's image and those that are attached, each once."""
    found = [Image(content_url=lead)] if lead else []
    found += [
        Image(content_url=each.content_url, encoding_format=each.encoding_format, content_size=each.content_size)
        for each in attached
        if _is_picture(each)
    ]
    # What is attached says more of a picture.
    by_address = {each.content_url: each for each in found}
    return tuple(by_address.values())


def _is_picture(media: Media) -> bool:
    return (media.encoding_format or "").startswith("image/")


def _identifier(item: JsonObject) -> str | None:
    """Return the id, which some feeds have as a number."""
    return line(str(item["id"])) if isinstance(item.get("id"), str | int | float) else None


def _made_of(item: JsonObject) -> str:
    """Return a URN made of all that an item says, as `feeds.fingerprint`; raise `PublisherError` when it says nothing."""
    if not any(_string(item, name).strip() for name in _SAYING):
        hint = "give it an id that never changes, and a text"
        raise PublisherError(problem("jsonfeed-no-id", Severity.ERROR, "the item has no id and says nothing", hint=hint, spec=_SPEC))
    return uuid5(NAMESPACE_URL, repr(sorted(item.items()))).urn


def _body(item: JsonObject, repaired: feeds.Repaired, pointer: str) -> str:
    if content := _string(item, "content_html"):
        return repaired.body(content, url(_string(item, "url")) or "", pointer=f"{pointer}.content_html")
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
