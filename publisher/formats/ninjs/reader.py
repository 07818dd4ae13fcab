"""Reads ninjs 1.x, 2.x and 3.x: one item, or a list of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from publisher import bylines, feeds, markup, newsroom, nitftext, schema
from publisher.article import ARTICLE_TYPES, Article, Correction, Image, Link, Media, Organization, Party, Person, Place, Publication
from publisher.feedrules.repair import date_of
from publisher.formats import Context, Reading
from publisher.formats.ninjs.versions import modern
from publisher.problems import Location, Problem, PublisherError, Severity, Unreadable, problem
from publisher.schema import Json, JsonObject
from publisher.text import language, line, media_type, url

__all__ = ["LOSSLESS", "read", "read_article"]

LOSSLESS = "https://schema.org/NewsArticle"
"""Role of the description that is JSON-LD."""
_SPEC = "https://iptc.org/std/ninjs/userguide/"
_BOM = b"\xef\xbb\xbf"
_MAIN = ("main", "headline", "text", "")
_SUMMARIES = ("summary", "standfirst", "abstract", "lede", "short", "text", "main", "caption", "")
_CAPTIONS = ("caption", "summary", "text", "main", "")
_SECTIONS = (f"{newsroom.ABOUT}articleSection", "articleSection")
_RECORDINGS = {"audio": "AudioObject", "video": "VideoObject", "component": "MediaObject"}
_WITHHELD = ("withheld", "canceled")
_CARRIED = frozenset(
    "uri standard type representationtype pubstatus firstcreated versioncreated contentcreated language headlines by infosources located "
    "descriptions bodies subjects genres places copyrightholder copyrightnotice rightsinfo renditions associations version title slugline "
    "profile contenttype charcount wordcount name rel $schema".split()
)
"""Properties that the model has, and those that say nothing of the article."""


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the article of an item; an item of a list that cannot be read is a problem; raise `Unreadable` when there is none."""
    document = schema.from_text(body.removeprefix(_BOM))
    listed = document if isinstance(document, list) else [document]
    items = {f"[{number}]" * isinstance(document, list): each for number, each in enumerate(listed) if isinstance(each, dict)}
    found = _Found(context)
    for pointer, each in items.items():
        found.add(each, pointer)
    if not found.articles:
        raise Unreadable(*(found.problems or [_no_item()]))
    return found.reading()


def _no_item() -> Problem:
    hint = "check that this is ninjs, with a uri and a headline"
    return problem("ninjs-no-item", Severity.ERROR, "there is no news item in this JSON", hint=hint, spec=_SPEC)


class _Found:
    """What the items of a file give."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.articles: list[Article] = []
        self.publication: Publication | None = None
        self.problems: list[Problem] = []
        self.withheld: set[str] = set()
        self.left: dict[str, int] = {}
        self.repaired = feeds.Repaired()

    def add(self, members: JsonObject, pointer: str) -> None:
        """Read one item."""
        item = modern(members)
        try:
            native = read_article(item, self.repaired, pointer)
        except PublisherError as error:
            self.problems += (replace(each, location=Location(pointer=pointer)) for each in error.problems)
            return
        article, publication = newsroom.merged(native, _lossless(item))
        self.articles.append(article)
        self.publication = self.publication or publication or self.context.house or _site(article, item)
        if _text(item, "pubstatus") in _WITHHELD:
            self.withheld.add(article.identifier)
        for name in item.keys() - _CARRIED:
            self.left[name] = self.left.get(name, 0) + 1

    def reading(self) -> Reading:
        """Return all of it."""
        identifiers = [each.identifier for each in self.articles]
        return Reading(
            publication=schema.with_articles(self.publication or newsroom.publication_of(None, None), self.articles),
            problems=(*self.problems, *self.repaired.problems(), *_left_out(self.left)),
            draft=len(identifiers) == 1 and bool(self.withheld),
            drafts=frozenset(self.withheld) if len(identifiers) > 1 else frozenset(),
        )


def _left_out(left: Mapping[str, int]) -> Iterator[Problem]:
    """Yield what to say about properties that the model has nothing for, once for all items."""
    if left:
        names = ", ".join(f"{name} ({count} times)" if count > 1 else name for name, count in sorted(left.items())[:12])
        hint = "keep the original, if you need these"
        yield problem("ninjs-left-out", Severity.INFO, f"the article has no place for {names}", hint=hint, spec=_SPEC)


def _site(article: Article, item: JsonObject) -> Publication:
    name = article.publisher.name if article.publisher else _text(item, "copyrightholder")
    return newsroom.publication_of(article.url or article.identifier, name)


def _lossless(item: JsonObject) -> str | None:
    return next((_string(each, "value") for each in _objects(item, "descriptions") if each.get("role") == LOSSLESS), None)


def read_article(item: JsonObject, repaired: feeds.Repaired | None = None, pointer: str = "", *, body: bool = True) -> Article:
    """Return what the item's own properties say, which `modern` has named; `repaired` is told what was put right at `pointer`."""
    content = _body(item, repaired or feeds.Repaired(), pointer) if body else ""
    headline = _said(item, "headlines", _MAIN) or _text(item, "title") or _text(item, "slugline") or line(markup.to_text(content)[:80])
    identifier = _text(item, "uri") or next(filter(None, (_text(each, "value") for each in _objects(item, "altids"))), None)
    if not headline or not (identifier or content):
        raise PublisherError(_no_item())
    return Article(
        identifier=identifier or newsroom.fingerprint(headline, content),
        headline=headline,
        type=_type(item),
        url=_page(item),
        alternative_headline=_said(item, "headlines", ("alternative", "subtitle", "subheadline", "sub")),
        description=_said(item, "descriptions", _SUMMARIES),
        body=content,
        article_section=next(_subjects(item, section=True), None),
        keywords=tuple(_subjects(item, section=False)),
        dateline=_text(item, "located"),
        content_location=tuple(found for each in _objects(item, "places") if (found := _place(each))),
        in_language=language(_string(item, "language")),
        date_published=_date(item, "firstcreated") or _date(item, "contentcreated") or _date(item, "versioncreated"),
        date_modified=_date(item, "versioncreated"),
        author=_people(item, "author") or bylines.by_role(_string(item, "by")).author,
        editor=_people(item, "editor"),
        contributor=_people(item, "contributor"),
        publisher=next((_organization(each) for each in _sources(item, "publisher", "distributor", "provider")), None),
        corrections=tuple(Correction(text=each) for each in _all_said(item, "descriptions", ("correction",))),
        license=_license(item),
        copyright_notice=_text(item, "copyrightnotice"),
        copyright_holder=feeds.organization(_text(item, "copyrightholder")),
        **_associated(item),
    )


def _type(item: JsonObject) -> str:
    """Return the kind of article that a genre names, in schema.org's words or in those of the IPTC's genres."""
    for each in _objects(item, "genres"):
        name = (_text(each, "uri") or _text(each, "name") or "").rpartition("/")[2].lower()
        if found := _GENRES.get(name):
            return found
    return "NewsArticle"


_GENRES = {
    **{each.lower(): each for each in ARTICLE_TYPES},
    "analysis": "AnalysisNewsArticle",
    "background": "BackgroundNewsArticle",
    "opinion": "OpinionNewsArticle",
    "review": "ReviewNewsArticle",
}
"""Kinds of articles by the end of a genre's URI, or its name, in small letters (http://cv.iptc.org/newscodes/genre/)."""


# -- texts ----------------------------------------------------------------------------------------------------------------


def _body(item: JsonObject, repaired: feeds.Repaired, pointer: str) -> str:
    """Return the best of the bodies: with markup before plain text, and the main one before others."""
    bodies = [(each, _medium_of(each)) for each in _objects(item, "bodies") if _string(each, "value").strip()]
    known = [(each, medium) for each, medium in bodies if medium in _MEDIUMS]
    if not known:
        return ""
    best, medium = min(known, key=lambda pair: (_MEDIUMS.index(pair[1]), _string(pair[0], "role") not in _MAIN))
    text, base = _string(best, "value"), _page(item) or ""
    if medium == "plain":
        return markup.from_text(text)
    if medium == "nitf":
        return nitftext.body(text, repaired, base)
    return _without_headline(repaired.body(text, base, pointer=f"{pointer}.bodies".lstrip(".")), text, item)


_MEDIUMS = ("html", "nitf", "plain")


def _medium_of(body: JsonObject) -> str:
    """Return which of `_MEDIUMS` a body is in, or `""`."""
    kind, role = _string(body, "contenttype").lower(), _string(body, "role").lower()
    if "html" in kind:
        return "html"
    if "nitf" in kind or (role == "nitf" and "xml" in kind) or "<body.content" in _string(body, "value"):
        return "nitf"
    if kind and not kind.startswith("text/plain"):
        return ""
    return "plain" if kind or "</p>" not in _string(body, "value") else "html"


def _without_headline(body: str, source: str, item: JsonObject) -> str:
    """Return a body without the headline that some have as its first heading: only in a whole page, which has an `h1`."""
    if "<h1" not in source.lower():
        return body
    first, _, rest = body.partition("</h2>")
    return rest if first.startswith("<h2") and line(markup.to_text(f"{first}</h2>")) == _said(item, "headlines", _MAIN) else body


def _all_said(item: JsonObject, name: str, roles: Iterable[str]) -> Iterator[str]:
    """Yield the texts of these roles, in the order of the roles, as plain lines."""
    texts = [each for each in _objects(item, name) if "json" not in _string(each, "contenttype")]
    for role in roles:
        for each in texts:
            if _string(each, "role").lower() == role and (found := _plain(each)):
                yield found


def _said(item: JsonObject, name: str, roles: Iterable[str]) -> str | None:
    return next(_all_said(item, name, roles), None)


def _plain(text: JsonObject) -> str | None:
    value = _string(text, "value")
    return feeds.plain(value) if "html" in _string(text, "contenttype") else line(value)


def _subjects(item: JsonObject, *, section: bool) -> Iterator[str]:
    for each in _objects(item, "subjects"):
        if (_string(each, "rel") in _SECTIONS) == section and (name := _text(each, "name") or _text(each, "literal")):
            yield name


def _place(place: JsonObject) -> Place | None:
    name, shape = _text(place, "name") or _text(place, "literal"), place.get("geojson")
    point = shape.get("coordinates") if isinstance(shape, dict) and shape.get("type") == "Point" else None
    degrees: JsonObject = {"latitude": point[1], "longitude": point[0]} if isinstance(point, list) and len(point) >= 2 else {}
    return (schema.load_object({"name": name, **degrees}, Place) or Place(name=name)) if name else None


def _date(item: JsonObject, name: str) -> Any:
    return date_of(_string(item, name))


def _license(item: JsonObject) -> str | None:
    rights = item.get("rightsinfo")
    return url(_string(rights, "linkedrights")) if isinstance(rights, dict) else None


# -- people ---------------------------------------------------------------------------------------------------------------


def _sources(item: JsonObject, *roles: str) -> Iterator[JsonObject]:
    for role in roles:
        yield from (each for each in _objects(item, "infosources") if _string(each, "role").lower() == role and _name(each))


def _people(item: JsonObject, role: str) -> tuple[Party, ...]:
    return tuple(Person(name=_name(each) or "", url=_contact(each, "web"), email=_contact(each, "email")) for each in _sources(item, role))


def _organization(source: JsonObject) -> Organization:
    return Organization(name=_name(source) or "", url=_contact(source, "web"), email=_contact(source, "email"))


def _name(source: JsonObject) -> str | None:
    return _text(source, "name") or _text(source, "literal")


def _contact(source: JsonObject, kind: str) -> str | None:
    """Return an address of somebody, made canonical."""
    values = (_string(each, "value") for each in _objects(source, "contactinfo") if _string(each, "type").lower() == kind)
    found = schema.load_object({"name": "x", "url" if kind == "web" else "email": next(values, None)}, Person)
    return (found.url if kind == "web" else found.email) if found else None


# -- what belongs to it ---------------------------------------------------------------------------------------------------


def _associated(item: JsonObject) -> dict[str, Any]:
    """Return the fields of an article that its associations say, and those of a picture that is an item by itself."""
    found: dict[str, list[Any]] = {"image": [], "associated_media": [], "citation": [], "translations": [], "is_based_on": []}
    for each in (item, *_objects(item, "associations")):
        kind = _string(each, "type").lower()
        if kind in ("picture", "graphic"):
            found["image"] += filter(None, [_image(each)])
        elif kind in _RECORDINGS:
            found["associated_media"] += filter(None, [_recording(each, _RECORDINGS[kind])])
        elif each is not item:
            _relate(found, each)
    origin = found.pop("is_based_on")
    return {"is_based_on": origin[0] if origin else None, **{name: tuple(values) for name, values in found.items()}}


def _relate(found: dict[str, list[Any]], other: JsonObject) -> None:
    """Add another text to what it is to this one."""
    address = _page(other) or schema.web_address(_string(other, "uri")) or url(_string(other, "uri"))
    rel, name = _string(other, "rel"), _said(other, "headlines", _MAIN) or _text(other, "title")
    if rel == "isBasedOn":
        found["is_based_on"] += filter(None, [address])
    elif address or name:
        link = Link(url=address, name=name, in_language=language(_string(other, "language")))
        found["translations" if rel == "workTranslation" else "citation"].append(link)


def _page(item: JsonObject) -> str | None:
    """Return where the page of a text is: its rendition in HTML."""
    pages = (each for each in _objects(item, "renditions") if "html" in _string(each, "contenttype"))
    return next((found for each in pages if (found := url(_string(each, "href")))), None)


def _best(item: JsonObject) -> JsonObject | None:
    """Return the largest rendition of a picture or recording."""
    there = [each for each in _objects(item, "renditions") if url(_string(each, "href"))]
    return max(there, key=lambda each: (_number(each, "width") or 0) * (_number(each, "height") or 0), default=None)


def _image(item: JsonObject) -> Image | None:
    best = _best(item)
    if not best:
        return None
    return Image(
        content_url=url(_string(best, "href")),
        encoding_format=media_type(_string(best, "contenttype") or _string(item, "contenttype")),
        width=_number(best, "width"),
        height=_number(best, "height"),
        content_size=_number(best, "sizeinbytes"),
        caption=_said(item, "descriptions", _CAPTIONS) or _said(item, "headlines", _MAIN),
        description=_said(item, "descriptions", ("alttext", "alternative")),
        credit_text=_text(item, "by") or _text(item, "copyrightholder"),
        license=_license(item),
    )


def _recording(item: JsonObject, kind: str) -> Media | None:
    best = _best(item)
    address = url(_string(best, "href")) if best else None
    return (
        Media(
            content_url=address,
            type=kind,
            encoding_format=media_type(_string(best, "contenttype") or _string(item, "contenttype")),
            content_size=_number(best, "sizeinbytes"),
            duration=_number(best, "duration"),
            name=_said(item, "headlines", _MAIN),
            description=_said(item, "descriptions", _CAPTIONS),
            credit_text=_text(item, "by") or _text(item, "copyrightholder"),
            license=_license(item),
        )
        if best and address
        else None
    )


# -- values ---------------------------------------------------------------------------------------------------------------


def _string(members: JsonObject, name: str) -> str:
    value = members.get(name)
    return value if isinstance(value, str) else ""


def _text(members: JsonObject, name: str) -> str | None:
    return line(_string(members, name))


def _objects(members: JsonObject, name: str) -> list[JsonObject]:
    value = members.get(name)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _number(members: JsonObject, name: str) -> int | None:
    value: Json = members.get(name)
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 2**53 else None
