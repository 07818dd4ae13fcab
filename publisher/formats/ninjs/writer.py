"""Writes ninjs 3.3: one object, its pictures and recordings and what it belongs to as associations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from publisher import markup, schema
from publisher.article import Article, Date, Image, Link, Media, Party, Place, Publication
from publisher.formats import Target
from publisher.formats.ninjs.reader import LOSSLESS, read_article
from publisher.formats.ninjs.versions import modern
from publisher.newsroom import ABOUT, by, difference, is_uri, uri
from publisher.schema import Json, JsonObject

VERSION = "3.3"
_SCHEMA = f"http://www.iptc.org/std/ninjs/ninjs-schema_{VERSION}.json#"
_KINDS = {"AudioObject": "audio", "VideoObject": "video"}


def write(publication: Publication, target: Target = Target()) -> bytes:
    """Return the publication's one article as indented JSON in UTF-8."""
    (article,) = publication.articles
    item = _item(article, publication)
    rest = difference(article, read_article(modern(item), body=False), publication)
    text: JsonObject = {"role": LOSSLESS, "contentType": "application/ld+json", "value": schema.to_text(rest, indent=None)}
    item["descriptions"] = [*_listed(item.get("descriptions")), text]
    return f"{schema.to_text(item)}\n".encode()


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _item(article: Article, publication: Publication) -> JsonObject:
    holder = article.copyright_holder
    return _present(
        {
            "uri": uri(article.identifier, publication),
            "standard": {"name": "ninjs", "version": VERSION, "schema": _SCHEMA},
            "type": "text",
            "representationType": "full",
            "pubStatus": "usable",
            "firstCreated": _moment(article.date_published),
            "versionCreated": _moment(article.date_modified),
            "language": article.in_language,
            "headlines": [*_texts([article.headline], "main"), *_texts([article.alternative_headline], "alternative")],
            "by": by(each.name for each in article.author),
            "infoSources": list(_sources(article)),
            "located": article.dateline,
            "descriptions": [
                *_texts([article.description], "summary"),
                *_texts([each.text for each in article.corrections], "correction"),
            ],
            "bodies": [{"role": "main", "contentType": "text/html", "value": markup.to_html(article.body)}] if article.body else None,
            "subjects": [*_subjects([article.article_section], f"{ABOUT}articleSection"), *_subjects(article.keywords, "about")],
            "genres": [{"name": article.type, "uri": f"{ABOUT}{article.type}"}] if article.type != "NewsArticle" else None,
            "places": [_place(each) for each in article.content_location],
            "copyrightHolder": holder.name if holder else None,
            "copyrightNotice": article.copyright_notice,
            "rightsInfo": _rights(article.license),
            "renditions": [{"name": "web", "href": article.url, "contentType": "text/html"}] if article.url else None,
            "associations": list(_associations(article)),
        }
    )


def _present(members: JsonObject) -> JsonObject:
    return {name: value for name, value in members.items() if value not in (None, [])}


def _moment(value: Date | None) -> str | None:
    """Return a date as JSON Schema's date-time; a day is its first moment in UTC."""
    return schema.begin(value).isoformat() if value else None


def _texts(texts: Iterable[str | None], role: str) -> list[Json]:
    return [{"role": role, "contentType": "text/plain", "value": each} for each in texts if each]


def _subjects(names: Iterable[str | None], rel: str) -> list[Json]:
    return [{"name": each, "rel": rel} for each in names if each]


def _rights(license_url: str | None) -> JsonObject | None:
    return {"linkedRights": license_url} if license_url else None


def _place(place: Place) -> JsonObject:
    found: JsonObject = {"name": place.name, "rel": "about"}
    if place.latitude is not None and place.longitude is not None:
        found["geoJSON"] = {"type": "Point", "coordinates": [place.longitude, place.latitude]}
    return found


def _sources(article: Article) -> Iterator[Json]:
    """Yield who made the article, with what they did."""
    publisher = (article.publisher,) if article.publisher else ()
    roles = {"author": article.author, "editor": article.editor, "contributor": article.contributor, "publisher": publisher}
    for role, parties in roles.items():
        yield from (_source(each, role) for each in parties)


def _source(party: Party, role: str) -> JsonObject:
    contacts: list[Json] = [{"type": kind, "value": value} for kind, value in (("web", party.url), ("email", party.email)) if value]
    return {"name": party.name, "role": role, **({"contactInfo": contacts} if contacts else {})}


def _associations(article: Article) -> Iterator[Json]:
    """Yield what belongs to the article, each called by what it is and its number: names are what a body refers to."""
    origin = (Link(url=article.is_based_on),) if article.is_based_on else ()
    yield from (_medium(each, f"image-{number}") for number, each in enumerate(article.image, 1) if each.content_url)
    yield from (_medium(each, f"media-{number}") for number, each in enumerate(article.associated_media, 1))
    for rel, links in (("isBasedOn", origin), ("citation", article.citation), ("workTranslation", article.translations)):
        yield from (_link(each, rel, f"{rel}-{number}") for number, each in enumerate(links, 1) if each.url and is_uri(each.url))


def _medium(medium: Image | Media, name: str) -> JsonObject:
    image = medium if isinstance(medium, Image) else None
    recording = medium if isinstance(medium, Media) else None
    caption = image.caption if image else medium.description
    rendition: JsonObject = {
        "name": "original",
        "href": medium.content_url,
        "contentType": medium.encoding_format,
        "width": image.width if image else None,
        "height": image.height if image else None,
        "sizeInBytes": medium.content_size,
        "duration": recording.duration if recording else None,
    }
    return _present(
        {
            "name": name,
            "rel": "image" if image else "associatedMedia",
            "uri": medium.content_url,
            "type": _KINDS.get(recording.type, "component") if recording else "picture",
            "headlines": _texts([recording.name], "main") if recording else None,
            "by": medium.credit_text,
            "descriptions": [*_texts([caption], "caption"), *_texts([image.description if image else None], "altText")],
            "rightsInfo": _rights(medium.license),
            "renditions": [_present(rendition)],
        }
    )


def _link(link: Link, rel: str, name: str) -> JsonObject:
    return _present(
        {
            "name": name,
            "rel": rel,
            "uri": link.url,
            "type": "text",
            "language": link.in_language,
            "headlines": _texts([link.name], "main"),
            "renditions": [{"name": "web", "href": link.url, "contentType": "text/html"}],
        }
    )
