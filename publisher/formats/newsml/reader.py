"""Reads NewsML-G2: a news item, or those of a message, whose packages say which pictures belong to which text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeVar

from publisher import bylines, feeds, markup, newsroom, nitftext, schema
from publisher.article import ARTICLE_TYPES, Article, Date, Image, Link, Media, Organization, Party, Person, Place, Publication
from publisher.feedrules.repair import date_of
from publisher.feeds import XML, line_of
from publisher.formats import Context, Reading
from publisher.markup import Element
from publisher.nitftext import plain
from publisher.problems import Problem, PublisherError, Severity, Unreadable, problem
from publisher.text import language, line, media_type, url

__all__ = ["LOSSLESS", "NAR", "ROOTS", "read", "read_article"]

Linked = TypeVar("Linked", Image, Media, Link)

NAR = "{http://iptc.org/std/nar/2006-10-01/}"
LOSSLESS = "{https://schema.org/}NewsArticle"
ROOTS = frozenset("newsItem packageItem newsMessage conceptItem knowledgeItem planningItem catalogItem".split())
_SPEC = "https://iptc.org/standards/newsml-g2/"
_MEDIA = {"picture": "image", "graphic": "image", "audio": "audio", "video": "video"}
"""What an item is of, by the code of its class (http://cv.iptc.org/newscodes/ninature/)."""
_WITHHELD = ("withheld", "canceled")
_DATES = ("versionCreated", "firstCreated", "contentCreated", "contentModified")
_ALTERNATIVE = ("alternativeheadline", "subheadline", "sub", "subtitle")
_SECTIONS = ("articleSection", "category", "cat", "department")
_GENRES = {
    **{each.lower(): each for each in ARTICLE_TYPES},
    "analysis": "AnalysisNewsArticle",
    "background": "BackgroundNewsArticle",
    "opinion": "OpinionNewsArticle",
}
_LEFT = (
    "itemMeta/{*}embargoed itemMeta/{*}edNote itemMeta/{*}signal itemMeta/{*}service itemMeta/{*}memberOf itemMeta/{*}expires "
    "contentMeta/{*}urgency contentMeta/{*}infoSource contentMeta/{*}audience contentMeta/{*}slugline contentMeta/{*}altId "
    "partMeta assert inlineRef hopHistory pubHistory rightsInfo/{*}accountable"
).split()
"""What items have and an article has not."""


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the articles of the text items, and of pictures that belong to none; raise `Unreadable` when there are none."""
    root = feeds.parse_foreign(body)
    _place(root, context)
    items = [root] if _name_of(root) == "newsItem" else list(root.iterfind("{*}itemSet/{*}newsItem"))
    if not items:
        raise _nothing(root)
    found = _Found(root, items)
    for each in found.texts:
        found.add(each)
    if not found.articles:
        raise Unreadable(*found.problems)
    return found.reading(context)


def _place(root: Element, context: Context) -> None:
    """Give files beside the source their addresses, and moments the zone that the publication has."""
    for each in root.iter("{*}remoteContent"):
        if (href := each.get("href")) and not url(href) and context.publication and not newsroom.is_uri(href):
            each.set("href", context.address(href))
    for each in root.iter(*(f"{NAR}{name}" for name in _DATES)):
        each.text = newsroom.zoned(each.text or "", context.time_zone)


def _name_of(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _nothing(root: Element) -> Unreadable:
    """Return what to raise about a document without news items."""
    name = _name_of(root)
    titles = [title for each in root.iterfind(".//{*}itemRef/{*}title") if (title := plain(each))]
    if name == "packageItem" or titles:
        hint = f"read the items that it names: {', '.join(titles[:3])}" if titles else "read the items that it names"
        message = "this package only names its items"
    elif name == "NewsML":
        message, hint = "this is NewsML 1, which has little in common with NewsML-G2", "ask for NewsML-G2, ninjs or NITF"
    else:
        message, hint = f"there is no newsItem in this {name}", "check that this is NewsML-G2 with news items"
    return Unreadable(problem("newsml-no-news-item", Severity.ERROR, message, hint=hint, spec=_SPEC))


class _Found:
    """What the items of a document give."""

    def __init__(self, root: Element, items: list[Element]) -> None:
        self.items = items
        self.media = {guid: each for each in items if (guid := each.get("guid")) and _class(each) in _MEDIA and not _has_text(each)}
        self.beside = dict(self._packed(root))
        self.articles: list[Article] = []
        self.publication: Publication | None = None
        self.problems: list[Problem] = []
        self.withheld: set[str] = set()
        self.repaired = feeds.Repaired()
        self.belonging = {id(each): self._media_of(each) for each in items if each.get("guid") not in self.media}
        taken = {guid for guids in self.belonging.values() for guid in guids}
        self.texts = [each for each in items if each.get("guid") not in taken]

    def _packed(self, root: Element) -> Iterator[tuple[str, list[str]]]:
        """Yield for each package its first text with the pictures and recordings beside it."""
        for package in root.iterfind("{*}itemSet/{*}packageItem"):
            guids = [guid for each in package.iterfind(".//{*}itemRef") if (guid := each.get("residref"))]
            if first := next((guid for guid in guids if guid not in self.media), None):
                yield first, [guid for guid in guids if guid in self.media]

    def _media_of(self, item: Element) -> list[str]:
        """Return the identifiers of the pictures and recordings that a text links to, or that its package has."""
        linked = (each.get("residref") or "" for each in item.iterfind("{*}itemMeta/{*}link"))
        return [each for each in dict.fromkeys((*linked, *self.beside.get(item.get("guid") or "", ()))) if each in self.media]

    def add(self, item: Element) -> None:
        """Read one item."""
        try:
            native = read_article(item, self.repaired)
        except PublisherError as error:
            self.problems += error.problems
            return
        images, recordings = _of_media(self.media[guid] for guid in self.belonging.get(id(item), []))
        native = replace(native, image=(*native.image, *images), associated_media=(*native.associated_media, *recordings))
        article, publication = newsroom.merged(native, item.findtext(f"{{*}}itemMeta/{LOSSLESS}"))
        self.articles.append(article)
        self.publication = self.publication or publication
        if _code(item.find("{*}itemMeta/{*}pubStatus")) in _WITHHELD:
            self.withheld.add(article.identifier)

    def reading(self, context: Context) -> Reading:
        """Return all of it."""
        publication = self.publication or context.house or _publication(self.items[0])
        return Reading(
            publication=schema.with_articles(publication, self.articles),
            problems=(*self.problems, *self.repaired.problems(), *_left_out(self.items)),
            draft=len(self.articles) == 1 and bool(self.withheld),
            drafts=frozenset(self.withheld) if len(self.articles) > 1 else frozenset(),
        )


def _left_out(items: Iterable[Element]) -> Iterator[Problem]:
    """Yield what to say about elements that the model has nothing for, once for all items."""
    found: dict[str, int] = {}
    for item in items:
        for path in _LEFT:
            if count := sum(1 for _ in item.iterfind(f"{{*}}{path}")):
                name = path.rpartition("}")[2]
                found[name] = found.get(name, 0) + count
    if found:
        names = ", ".join(f"{name} ({count} times)" if count > 1 else name for name, count in sorted(found.items())[:12])
        hint = "keep the original, if you need these"
        yield problem("newsml-left-out", Severity.INFO, f"the article has no place for {names}", hint=hint, spec=_SPEC)


def _class(item: Element) -> str:
    return _code(item.find("{*}itemMeta/{*}itemClass")) or "text"


def _code(element: Element | None, attribute: str = "qcode") -> str | None:
    """Return the code that an element names, by its QCode or its URI, without where it is from."""
    if element is None:
        return None
    said = element.get(attribute) or element.get("uri" if attribute == "qcode" else f"{attribute}uri") or ""
    return said.rpartition(":" if element.get(attribute) else "/")[2].rpartition("/")[2].strip() or None


def _has_text(item: Element) -> bool:
    return any(item.find(f"{{*}}contentSet/{{*}}{name}") is not None for name in ("inlineXML", "inlineData"))


def _publication(item: Element) -> Publication:
    provider = item.find("{*}itemMeta/{*}provider")
    address = item.findtext("{*}itemMeta/{*}altRep") or (provider.get("uri") if provider is not None else None)
    return newsroom.publication_of(address, _name(provider) if provider is not None else None)


# -- one item -------------------------------------------------------------------------------------------------------------


def read_article(item: Element, repaired: feeds.Repaired | None = None) -> Article:
    """Return what an item's own elements say; `repaired` is told what was put right in its text."""
    nitf = item.find("{*}contentSet/{*}inlineXML/{*}nitf")
    content = _body(item, repaired or feeds.Repaired())
    inner = nitftext.article(nitf, content) if nitf is not None else None
    headline = _headline(item) or (inner and inner.headline) or _text(item, "itemMeta", "title") or line(markup.to_text(content)[:80])
    identifier = line(item.get("guid")) or newsroom.fingerprint(headline or "", content)
    native = Article(
        identifier=identifier,
        headline=headline or identifier,
        type=_type(item),
        url=_page(item),
        alternative_headline=_headline(item, alternative=True),
        description=_described(item),
        body=content,
        article_section=next((name for each in _subjects(item) if _code(each, "type") in _SECTIONS and (name := _name(each))), None),
        keywords=tuple(_keywords(item)),
        dateline=_text(item, "contentMeta", "dateline"),
        content_location=tuple(_places(item)),
        in_language=_language(item),
        date_published=_date(item, "contentMeta/{*}contentCreated")
        or _date(item, "itemMeta/{*}firstCreated", "itemMeta/{*}versionCreated"),
        date_modified=_date(item, "contentMeta/{*}contentModified", "itemMeta/{*}versionCreated"),
        author=_authors(item),
        editor=_contributors(item, editors=True),
        contributor=_contributors(item, editors=False),
        publisher=_publisher(item),
        copyright_notice=_text(item, "rightsInfo", "copyrightNotice"),
        copyright_holder=next(_holders(item), None),
        license=next((found for each in item.iterfind("{*}rightsInfo/{*}usageTerms") if (found := url(each.get("href")))), None),
        **_related(item),
    )
    return _completed(native, inner) if inner else native


def _completed(native: Article, inner: Article) -> Article:
    """Return the article with what the NITF in it says and the item does not."""
    names = ("alternative_headline", "description", "dateline", "author", "image", "associated_media", "keywords", "copyright_notice")
    return replace(native, **{name: getattr(inner, name) for name in names if not getattr(native, name)})


def _text(item: Element, part: str, name: str) -> str | None:
    return next((text for each in item.iterfind(f"{{*}}{part}/{{*}}{name}") if (text := plain(each))), None)


def _headline(item: Element, *, alternative: bool = False) -> str | None:
    found = item.iterfind("{*}contentMeta/{*}headline")
    second = ((each, (_code(each, "role") or "").lower() in _ALTERNATIVE) for each in found)
    return next((text for each, is_second in second if is_second == alternative and (text := plain(each))), None)


def _described(item: Element) -> str | None:
    """Return the summary, before other descriptions."""
    found = sorted(item.iterfind("{*}contentMeta/{*}description"), key=lambda each: _code(each, "role") != "summary")
    return next((text for each in found if (text := plain(each))), None)


def _type(item: Element) -> str:
    codes = (_code(each) or _name(each) or "" for each in item.iterfind("{*}contentMeta/{*}genre"))
    return next((kind for each in codes if (kind := _GENRES.get(each.lower()))), "NewsArticle")


def _page(item: Element) -> str | None:
    """Return where the page of a text is: its representation in HTML, before one that does not say what it is."""
    found = sorted(item.iterfind("{*}itemMeta/{*}altRep"), key=lambda each: "html" not in (each.get("contenttype") or ""))
    kinds = ("", "text/html", "application/xhtml+xml")
    return next((address for each in found if (each.get("contenttype") or "") in kinds and (address := url(line(each.text)))), None)


def _subjects(item: Element) -> Iterator[Element]:
    return item.iterfind("{*}contentMeta/{*}subject")


def _keywords(item: Element) -> Iterator[str]:
    """Yield the keywords, and without any the abstract subjects."""
    found = [word for each in item.iterfind("{*}contentMeta/{*}keyword") if (word := plain(each))]
    abstract = (each for each in _subjects(item) if _code(each, "type") in ("abstract", None))
    yield from found or dict.fromkeys(name for each in abstract if (name := _name(each)))


def _places(item: Element) -> Iterator[Place]:
    """Yield where it happened: subjects that are places, else where it is from."""
    found = [each for each in _subjects(item) if _code(each, "type") in ("geoArea", "poi")]
    asserted = {each.get("literal") or each.get("qcode") or "-": each for each in item.iterfind("{*}assert")}
    for each in found or item.iterfind("{*}contentMeta/{*}located"):
        if name := _name(each):
            more = asserted.get(each.get("literal") or each.get("qcode") or "")
            position = next((at for part in (each, more) if part is not None and (at := part.find(".//{*}position")) is not None), None)
            degrees: schema.JsonObject = dict(position.items()) if position is not None else {}  # type: ignore[arg-type]
            yield schema.load_object({"name": name, **degrees}, Place) or Place(name=name)


def _name(element: Element) -> str | None:
    """Return the name of somebody or something, or the text that stands for it."""
    names = (plain(each) for each in element.iterfind("{*}name"))
    return next(filter(None, names), None) or line(element.get("literal"))


def _language(item: Element) -> str | None:
    tags = (language(each.get("tag")) for each in item.iterfind("{*}contentMeta/{*}language"))
    page = item.find("{*}contentSet/{*}inlineXML/*")
    inside = language(page.get(f"{XML}lang")) if page is not None else None
    return next(filter(None, tags), None) or inside or language(item.get(f"{XML}lang"))


def _date(item: Element, *paths: str) -> Date | None:
    return next((found for path in paths if (found := date_of(item.findtext(f"{{*}}{path}")))), None)


# -- people ---------------------------------------------------------------------------------------------------------------


def _party(element: Element, usual: str = "") -> Party | None:
    """Return the person or organization of an element; without a kind it is the usual one, or what its name looks like."""
    name = _name(element)
    if not name:
        return None
    kind = _code(element, "type") or ("organisation" if element.find("{*}organisationDetails") is not None else usual)
    known = bylines.party(name) if not kind else None
    make = Organization if kind == "organisation" or isinstance(known, Organization) else Person
    same = tuple(found for each in element.iterfind("{*}sameAs") if (found := url(each.get("uri"))))
    email = schema.load_object({"name": name, "email": line(element.findtext(".//{*}email"))}, Person)
    return make(name=name, url=url(element.get("uri")), email=email.email if email else None, same_as=same)


def _authors(item: Element) -> tuple[Party, ...]:
    found = tuple(party for each in item.iterfind("{*}contentMeta/{*}creator") if (party := _party(each)))
    return found or bylines.by_role(_text(item, "contentMeta", "by") or "").author


def _contributors(item: Element, *, editors: bool) -> tuple[Party, ...]:
    found = (each for each in item.iterfind("{*}contentMeta/{*}contributor") if (_code(each, "role") == "editor") == editors)
    return tuple(party for each in found if (party := _party(each)))


def _holders(item: Element) -> Iterator[Party]:
    return (party for each in item.iterfind("{*}rightsInfo/{*}copyrightHolder") if (party := _party(each, "organisation")))


def _publisher(item: Element) -> Party | None:
    provider = item.find("{*}itemMeta/{*}provider")
    found = _party(provider, "organisation") if provider is not None else None
    code = _code(provider) if provider is not None else None
    return found or (Organization(name=code) if code else None)


# -- what belongs to it ---------------------------------------------------------------------------------------------------


def _related(item: Element) -> dict[str, Any]:
    """Return the fields of an article that links say, and those of pictures and recordings that the item is of."""
    links = [(_code(each, "rel") or "", each) for each in item.iterfind("{*}itemMeta/{*}link")]
    images, recordings = _of_media([item] if _class(item) in _MEDIA else [])
    return {
        "image": (*images, *_linked(links, _image, "image")),
        "associated_media": (*recordings, *_linked(links, _recording, "associatedMedia")),
        "is_based_on": next((address for rel, each in links if rel == "derivedFrom" and (address := url(each.get("href")))), None),
        "citation": _linked(links, _link, "seeAlso"),
        "translations": _linked(links, _link, "workTranslation", "translatedFrom"),
    }


def _linked(links: Iterable[tuple[str, Element]], make: Callable[[Element], Linked | None], *relations: str) -> tuple[Linked, ...]:
    return tuple(found for rel, each in links if rel in relations and (found := make(each)))


def _link(link: Element) -> Link | None:
    """Return where a link goes; one to an item that nobody can open has at least a name."""
    address = url(link.get("href"))
    tag = link.find("{*}language")
    name = line(link.get("title")) or next((text for each in link.iterfind("{*}title") if (text := plain(each))), None)
    return Link(url=address, name=name, in_language=language(tag.get("tag")) if tag is not None else None) if address or name else None


def _image(link: Element) -> Image | None:
    address = url(link.get("href"))
    facts = {"encoding_format": media_type(link.get("contenttype")), "content_size": _number(link, "size")}
    return Image(content_url=address, caption=line(link.get("title")), **facts) if address else None  # type: ignore[arg-type]


def _recording(link: Element) -> Media | None:
    address, kind = url(link.get("href")), media_type(link.get("contenttype"))
    size = _number(link, "size")
    return (
        Media(content_url=address, type=feeds.kind_of(kind), encoding_format=kind, content_size=size, name=line(link.get("title")))
        if address
        else None
    )


def _of_media(items: Iterable[Element]) -> tuple[list[Image], list[Media]]:
    """Return the pictures and the recordings that items are of, each by its best rendition."""
    images: list[Image] = []
    recordings: list[Media] = []
    for item in items:
        contents = [each for each in item.iterfind("{*}contentSet/{*}remoteContent") if url(each.get("href"))]
        best = max(contents, key=lambda each: (_number(each, "width") or 0) * (_number(each, "height") or 0), default=None)
        kind = _MEDIA.get(_class(item), "image")
        if best is not None and kind == "image":
            images.append(_picture(item, best))
        elif best is not None:
            recordings.append(_film(item, best, kind))
    return images, recordings


def _picture(item: Element, content: Element) -> Image:
    return Image(
        content_url=url(content.get("href")),
        encoding_format=media_type(content.get("contenttype")),
        width=_number(content, "width"),
        height=_number(content, "height"),
        content_size=_number(content, "size"),
        caption=_caption(item),
        credit_text=_credit(item),
    )


def _film(item: Element, content: Element, kind: str) -> Media:
    return Media(
        content_url=url(content.get("href")) or "",
        type=feeds.kind_of(kind),
        encoding_format=media_type(content.get("contenttype")),
        content_size=_number(content, "size"),
        duration=_number(content, "duration") if (content.get("durationunit") or "timeunit:seconds").endswith("seconds") else None,
        name=_headline(item),
        description=_caption(item),
        credit_text=_credit(item),
    )


def _caption(item: Element) -> str | None:
    found = sorted(item.iterfind("{*}contentMeta/{*}description"), key=lambda each: _code(each, "role") != "caption")
    return next((text for each in found if (text := plain(each))), None)


def _credit(item: Element) -> str | None:
    return _text(item, "contentMeta", "creditline") or newsroom.by(each.name for each in _authors(item))


def _number(element: Element, name: str) -> int | None:
    value = (element.get(name) or "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None


# -- the text -------------------------------------------------------------------------------------------------------------


def _body(item: Element, repaired: feeds.Repaired) -> str:
    """Return the text of an item: XHTML or NITF, else data that are text; of several the first."""
    for each in item.iterfind("{*}contentSet/{*}inlineXML"):
        if found := _from_xml(each, repaired, _page(item) or ""):
            return found
    for each in item.iterfind("{*}contentSet/{*}inlineData"):
        kind = (each.get("contenttype") or "text/plain").partition(";")[0]
        text = "".join(map(str, each.itertext()))
        if kind in ("text/html", "application/xhtml+xml") or (kind == "text/plain" and text.lstrip().startswith("<p>")):
            return repaired.body(text, _page(item) or "", line=line_of(each))
        if kind.startswith("text/") and not (each.get("encoding") or each.get("encodinguri")):
            return markup.from_text(text)
    return ""


def _from_xml(inline: Element, repaired: feeds.Repaired, base: str) -> str:
    nitf = inline.find("{*}nitf")
    if nitf is not None:
        return repaired.body(nitftext.contents(nitf), base, line=line_of(inline))
    page = inline.find("{*}html/{*}body")
    for header in [] if page is None else page.findall("{*}header"):
        if header.find(".//{*}h1") is not None and page is not None:
            page.remove(header)  # it has the headline and the metadata again
    return repaired.body(page if page is not None else inline, base, line=line_of(inline))
