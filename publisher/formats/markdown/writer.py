"""An article as Markdown with front matter, for people to go on with: the opposite of the reader, and it has the same context.

What an article shares with all others of its publication stands in `publisher.toml`, so it is not written.
Everything else is written so that the reader takes it up again as it was.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar
from urllib.parse import quote

from publisher import bylines, manuscript, minting, text
from publisher.article import Article, Correction, Date, Image, Link, Media, Organization, Party, Person, Place, Publication
from publisher.formats import Context
from publisher.formats.markdown import prose
from publisher.formats.markdown.fields import kind_of_recording
from publisher.formats.markdown.matter import MEDIA
from publisher.keys import Node

__all__ = ["carry", "write"]

Value = TypeVar("Value")
_NOT_PLAIN = re.compile(r"^(?:[,\[\]{}#&*!|>'\"%@`\s]|[-?:](?:\s|$))|:(?:\s|$)|\s#|\s$|^(?:~|null|Null|NULL)$")
_NOT_IN_FLOW = re.compile(r"^[-?:]|[,\[\]{}]")
_WIDE = 100


def write(
    publication: Publication, context: Context = Context(), *, draft: bool = False, beside: Callable[[str], bool] | None = None
) -> bytes:
    """Return the publication's one article as the text of the source at `context.path`, in UTF-8.

    `beside` says of an address in the folder of media whether a file lies there: what does is named by its path. Without it all do.
    """
    carried = carry(publication, context)
    (article,) = carried.articles
    pen = _Pen(carried, context, beside)
    matter = _yaml(pen.matter(article) | ({"draft": "true"} if draft else {}))
    body = pen.body(article)
    return f"---\n{matter}---\n{f'{chr(10)}{body}{chr(10)}' if body else ''}".encode()


def carry(publication: Publication, context: Context = Context()) -> Publication:
    """Return what the reader makes of what is written: the articles in the publication that the sources belong to."""
    own = context.publication or minting.UNNAMED
    carrier = _Carrier(own, context)
    return replace(own, articles=tuple(map(carrier.article, publication.articles)))


class _Carrier:
    """Leaves what front matter cannot say."""

    def __init__(self, publication: Publication, context: Context) -> None:
        self.publication = publication
        self.context = context
        self.known = _known(publication, context)

    def article(self, article: Article) -> Article:
        """Return the article as it comes back."""
        section = text.line((article.article_section or "").lstrip("#"))
        words = (text.line(each.lstrip("#")) for each in article.keywords)
        return replace(
            article,
            url=_web(article.url) or _minted(article, self.publication, self.context),
            article_section=section,
            keywords=_once(each for each in words if each and each != section),
            content_location=_once(map(_place, article.content_location)),
            in_language=article.in_language or self.publication.in_language,
            date_published=article.date_published or minting.day(self.context.path),
            author=self.parties(article.author),
            editor=self.parties(article.editor),
            contributor=self.parties(article.contributor),
            publisher=self.publication.publisher,
            image=self.images(article.image),
            associated_media=_once(
                replace(each, license=_web(each.license)) for each in article.associated_media if _web(each.content_url)
            ),
            citation=_links(article.citation),
            is_based_on=_elsewhere(article.is_based_on, self.publication),
            translations=_links(article.translations),
            license=_web(article.license),
            copyright_holder=next(iter(self.parties(filter(None, [article.copyright_holder]))), None),
            copyright_year=article.copyright_year if article.copyright_year in range(1000, 3000) else None,
        )

    def parties(self, parties: Iterable[Party]) -> tuple[Party, ...]:
        """Return people and organizations with what the settings know of them, each name once."""
        found: dict[str, Party] = {}
        for each in parties:
            found.setdefault(each.name.casefold(), self.party(each))
        return tuple(found.values())

    def party(self, party: Party) -> Party:
        """Return a person or an organization, with what is known and not said."""
        known = self.known.get(party.name.casefold())
        if isinstance(party, Person):
            person = known if isinstance(known, Person) else Person(name=party.name)
            return replace(
                person,
                url=party.url or person.url,
                email=party.email or person.email,
                image=self.image(party.image) or person.image,
                same_as=party.same_as or person.same_as,
            )
        house = known if isinstance(known, Organization) else Organization(name=party.name)
        return replace(
            house,
            url=party.url or house.url,
            email=party.email or house.email,
            logo=self.image(party.logo) or house.logo,
            same_as=party.same_as or house.same_as,
        )

    def images(self, images: Iterable[Image]) -> tuple[Image, ...]:
        """Return pictures, each once."""
        return _once(filter(None, map(self.image, images)))

    def image(self, image: Image | None) -> Image | None:
        """Return a picture, `None` when nothing is left of it."""
        if image is None:
            return None
        kept = replace(image, content_url=_web(image.content_url), license=_web(image.license))
        return kept if kept != Image() else None


class _Pen:
    """Writes what the reader reads."""

    def __init__(self, publication: Publication, context: Context, beside: Callable[[str], bool] | None) -> None:
        self.publication = publication
        self.context = context
        self.beside = beside
        self.known = _known(publication, context)
        self.resolve = manuscript.resolver(context.address)

    def matter(self, article: Article) -> dict[str, Node]:
        """Return front matter in the order in which people write it, without what is empty."""
        slug = minting.slug(self.context.path, article.headline)[0]
        own = minting.identifier(self.publication.url, self.context.since, minting.stem(self.context.path) or slug)
        values: dict[str, Node] = {
            "id": "" if article.identifier == own else article.identifier,
            "title": article.headline,
            "subtitle": article.alternative_headline or "",
            "description": article.description or "",
            "type": "" if article.type == "NewsArticle" else article.type,
            "date": _date(article.date_published),
            "lastmod": _date(article.date_modified),
            "author": self.parties(article.author),
            "editor": self.parties(article.editor),
            "contributor": self.parties(article.contributor),
            "section": self.section(article.article_section),
            "tags": [*article.keywords],
            "url": "" if article.url == _minted(article, self.publication, self.context) else self.address(article.url or ""),
            "canonical": _elsewhere(article.is_based_on, self.publication) or "",
            "lang": (article.in_language or "") if article.in_language != self.publication.in_language else "",
            "dateline": article.dateline or "",
            "location": _one([_written_place(each) for each in article.content_location]),
            "image": _one([self.image(each) for each in article.image]),
            "media": _one([self.recording(each) for each in article.associated_media]),
            "related": [self.link(each) for each in article.citation],
            "translations": [self.link(each) for each in article.translations],
            "corrections": [self.correction(each) for each in article.corrections],
            "license": article.license or "",
            "copyright": article.copyright_notice or "",
            "copyright_holder": self.parties([article.copyright_holder] if article.copyright_holder else []),
            "copyright_year": str(article.copyright_year or ""),
            "free": "" if article.is_accessible_for_free is None else str(article.is_accessible_for_free).lower(),
        }
        return {key: value for key, value in values.items() if value}

    def body(self, article: Article) -> str:
        """Return the text."""
        images = [each.content_url for each in article.image if each.content_url]
        return prose.from_body(article.body, self.resolve, self.spell, smart=self.context.smart, first_as_html=images)

    def spell(self, url: str) -> str:
        """Return how an address is written: a file in the folder of media by its path from here."""
        rest = url.removeprefix(self.publication.url)
        if rest == url or not rest.startswith(MEDIA) or (self.beside and not self.beside(url)):
            return url
        here = posixpath.dirname(quote(self.context.path, errors="surrogateescape"))
        path = posixpath.relpath(rest, here or ".")
        return path if self.resolve(path) == url else url

    def address(self, url: str) -> str:
        """Return how the article's own address is written: below the publication by its path."""
        path = f"/{url.removeprefix(self.publication.url)}"
        return path if text.url(path.lstrip("/"), self.publication.url) == url and ":" not in path and len(path) > 1 else url

    def parties(self, parties: Iterable[Party]) -> Node:
        """Return names, and what more is to be said of whom."""
        return _one([self.party(each) for each in parties])

    def party(self, party: Party) -> Node:
        """Return the bare name where that says it all."""
        house = self.publication.publisher
        named = bylines.by_role(party.name, self.known, house)
        if bylines.parties(party.name, self.known, house) == (party,) and not named.editor and not named.contributor:
            return party.name
        picture = party.image if isinstance(party, Person) else party.logo
        return _given(
            name=party.name,
            type="Person" if isinstance(party, Person) else "Organization",
            url=party.url,
            email=party.email,
            same_as=[*party.same_as],
            image=self.image(picture) if picture else "",
        )

    def section(self, name: str | None) -> Node:
        """Return the section, in a list when it would be taken for several."""
        return [name] if name and (re.search(r"[,;]", name)) else name or ""

    def image(self, image: Image) -> Node:
        """Return what is said of a picture."""
        return _given(
            src=self.spell(image.content_url) if image.content_url else "",
            alt=image.description,
            caption=self.plain(image.caption),
            credit=self.plain(image.credit_text),
            license=image.license,
            media_type=image.encoding_format,
            width=_number(image.width),
            height=_number(image.height),
            content_size=_number(image.content_size),
            sha256=image.sha256,
        )

    def recording(self, media: Media) -> Node:
        """Return what is said of a recording."""
        is_clear = kind_of_recording(media.encoding_format or "", "media", media.content_url) == media.type
        return _given(
            src=self.spell(media.content_url),
            type="" if is_clear else media.type,
            media_type=media.encoding_format,
            title=media.name,
            description=media.description,
            credit=self.plain(media.credit_text),
            license=media.license,
            duration=_number(media.duration),
            content_size=_number(media.content_size),
            sha256=media.sha256,
        )

    def link(self, link: Link) -> Node:
        """Return a link; the bare address where that says it all."""
        url = self.spell(link.url) if link.url else ""
        return url if url and not link.name and not link.in_language else _given(title=link.name, url=url, lang=link.in_language)

    def correction(self, correction: Correction) -> Node:
        """Return a correction with its date."""
        return _given(date=_date(correction.date_published), text=self.plain(correction.text))

    def plain(self, words: str | None) -> str:
        """Return words that are read as Markdown."""
        return prose.escaped(words, smart=self.context.smart) if words else ""


def _known(publication: Publication, context: Context) -> Mapping[str, Party]:
    house = publication.publisher
    return {**({house.name.casefold(): house} if house else {}), **context.parties}


def _minted(article: Article, publication: Publication, context: Context) -> str:
    return minting.address(publication.url, minting.slug(context.path, article.headline)[0])


def _web(url: str | None) -> str | None:
    return url if url and url.startswith("http") else None


def _once(values: Iterable[Value]) -> tuple[Value, ...]:
    return tuple(dict.fromkeys(values))


def _links(links: Iterable[Link]) -> tuple[Link, ...]:
    return _once(each for each in links if each.url or each.name)


def _place(place: Place) -> Place:
    """Return a place with the digits that front matter has."""
    if place.latitude is None or place.longitude is None:
        return Place(name=place.name)
    return replace(place, latitude=float(_degrees(place.latitude)), longitude=float(_degrees(place.longitude)))


def _elsewhere(url: str | None, publication: Publication) -> str | None:
    """Return where an article first appeared, unless that is here."""
    return None if url and url.startswith(publication.url) else url


def _degrees(value: float) -> str:
    return f"{value:.12f}".rstrip("0").rstrip(".")


def _written_place(place: Place) -> Node:
    if place.latitude is None or place.longitude is None:
        return {"name": place.name} if ";" in place.name else place.name
    return {"name": place.name, "latitude": _degrees(place.latitude), "longitude": _degrees(place.longitude)}


def _date(value: Date | None) -> str:
    return value.isoformat() if value else ""


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _given(**values: Node | None) -> dict[str, Node]:
    return {key: value for key, value in values.items() if value}


def _one(nodes: list[Node]) -> Node:
    """Return the only value by itself."""
    return nodes[0] if len(nodes) == 1 else nodes


# -- YAML ------------------------------------------------------------------------------------------------------------------


def _yaml(values: Mapping[str, Node], indent: str = "") -> str:
    """Return YAML as people write it, each value on one line; `keys.yaml_text` reads it back."""
    return "".join(f"{indent}{key}:{_yaml_value(value, indent)}" for key, value in values.items())


def _yaml_value(value: Node, indent: str) -> str:
    if isinstance(value, str):
        return f" {_scalar(value)}\n"
    if isinstance(value, dict):
        return f"\n{_yaml(value, f'{indent}  ')}"
    words = [
        each if _is_plain(each) and not _NOT_IN_FLOW.search(each) else json.dumps(each, ensure_ascii=False)
        for each in value
        if isinstance(each, str)
    ]
    if len(words) == len(value) and sum(map(len, words)) < _WIDE:
        return f" [{', '.join(words)}]\n"
    return "\n" + "".join(f"{indent}  -{_yaml_item(each, f'{indent}    ')}" for each in value)


def _yaml_item(value: Node, indent: str) -> str:
    return f" {_yaml(value, indent).lstrip(' ')}" if isinstance(value, dict) else _yaml_value(value, indent)


def _scalar(value: str) -> str:
    return value if _is_plain(value) else json.dumps(value, ensure_ascii=False)


def _is_plain(value: str) -> bool:
    return not _NOT_PLAIN.search(value)
