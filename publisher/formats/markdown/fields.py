"""The values of front matter as the model has them: each is asked for by name, and knows its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from publisher import bylines, dates, manuscript, minting, schema, text
from publisher.article import ARTICLE_TYPES, MEDIA_TYPES, Correction, Date, Image, Link, Media, Organization, Party, Person, Place
from publisher.feedrules.texts import title_like_html
from publisher.formats import Context
from publisher.formats.markdown import dialects
from publisher.formats.markdown.dialects import named
from publisher.formats.markdown.matter import EXPIRY, IGNORED, KEYS, UNDERSTOOD, Source, known, squeeze
from publisher.keys import Node, closest, duration, flag, is_a_letter_away, license_url
from publisher.problems import Problem, Severity, problem, shown

__all__ = ["Fields", "kind_of_recording"]

Kind = type[Person] | type[Organization]
Value = TypeVar("Value")

_ADDRESS_KEYS = ("url", "src", "href", "link", "path", "file", "image", "uri", "homepage", "web", "website")
_HOME_KEYS = ("url", "href", "link", "uri", "homepage", "web", "website")
_PICTURE_KEYS = ("image", "logo", "avatar", "picture", "photo")
_CREDIT_KEYS = ("credit", "credit_text", "attribution", "copyright", "author")
_FILE_KEYS = ("license", "licence", "media_type", "encoding_format", "content_size", "sha256")
_LANGUAGE_KEYS = ("lang", "language", "locale", "in_language")
_INSIDE = {
    "image": (*_ADDRESS_KEYS, "alt", "description", "caption", "title", *_CREDIT_KEYS, *_FILE_KEYS, "width", "height"),
    "media": (*_ADDRESS_KEYS, "type", "title", "name", "description", "summary", *_CREDIT_KEYS, *_FILE_KEYS, "duration", "length"),
    "party": ("name", "title", "display_name", "type", "kind", *_HOME_KEYS, "email", "mail", *_PICTURE_KEYS, "same_as", "profiles"),
    "link": (*_ADDRESS_KEYS, "title", "name", "text", "headline", *_LANGUAGE_KEYS),
    "place": ("name", "title", "latitude", "lat", "longitude", "lon", "lng", "long"),
    "correction": ("text", "correction", "description", "note", "date", "date_published", "published"),
}
"""What is read of each kind of mapping."""
_SQUEEZED = {kind: frozenset(map(squeeze, keys)) for kind, keys in _INSIDE.items()}
_NOT_LINES = frozenset(map(squeeze, (*_PICTURE_KEYS, "same_as", "profiles")))
"""Keys of people and organizations under which more than a line may stand."""
_WRITE_DATE = "write it as 2018-10-24 or 2018-10-24T08:00:00+01:00"
_PLAINLY = "write it as plain text"
_SHOWN = frozenset(("headline", "alternative_headline", "description"))
"""What pages and feeds show as it is."""
_DEGREES = "write degrees: 48.85, not more than 90 north and 180 east"
_WHOLE = ("whole number", "write digits only")
_DIGEST = ("SHA-256", "write its 64 characters in small letters")
_MEDIA_TYPE = ("media type", "write one such as image/jpeg")
_TYPES = {squeeze(name): name for name in ARTICLE_TYPES} | {
    squeeze(name.removesuffix("NewsArticle")): name for name in ARTICLE_TYPES if name.endswith("NewsArticle") and name != "NewsArticle"
}
_TYPES |= {"sponsored": "AdvertiserContentArticle", "advertorial": "AdvertiserContentArticle", "commentary": "OpinionNewsArticle"}
_LAYOUTS = frozenset("post posts page pages news blog default single section note notes".split())
_MEDIA = {"audio": "AudioObject", "podcast": "AudioObject", "video": "VideoObject"}
_ENDINGS = {
    **dict.fromkeys("mp3 m4a ogg oga opus wav flac aac".split(), "AudioObject"),
    **dict.fromkeys("mp4 m4v webm mov mkv ogv avi".split(), "VideoObject"),
}
_WIKILINK = re.compile(r"!?\[\[([^\[\]|#]*)(?:#[^\[\]|]*)?(?:\|([^\[\]]*))?\]\]")
_LINK = re.compile(r"\[([^\[\]]*)\]\(\s*+<?([^()\s<>]*+)>?[^()]*\)")
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*+:\S+|[^\s/]*+/\S*|\S+\.(?:md|markdown|html?|txt)|#\S*", re.IGNORECASE)
_DRAFTS = frozenset(("draft", "hidden", "private", "pending", "future"))
_PAID = frozenset(("paid", "members", "tiers", "subscribers"))
_MOST_UNKNOWN = 20
_SHORTEST = 5
"""Letters of a key that can be told to be misspelt: `uid` is no `uuid`."""
_LONGEST = 60
"""Letters of a key that are compared."""


class Fields:
    """Front matter, by the model's names."""

    def __init__(self, source: Source, context: Context, problems: list[Problem]) -> None:
        self.source = source
        self.context = context
        self.problems = problems
        self.publication = context.publication or minting.UNNAMED
        self.resolve = manuscript.resolver(context.address)
        house = self.publication.publisher
        named = house.name.casefold() if house else ""
        # The same object for all sources where it can be: `bylines` remembers by it.
        self.known = {named: house, **context.parties} if house and named not in context.parties else context.parties
        self.given = frozenset(key for key in source.values if self.is_given(key))

    # -- finding ----------------------------------------------------------------------------------------------------

    def key(self, field: str) -> str:
        """Return the squeezed key that the field was written under, `""` when it wasn't."""
        for key in KEYS[field]:
            if key in self.given:
                return key
        return ""

    def is_given(self, key: str) -> bool:
        """Return whether there is a value; `published: false` is about drafts, not a date."""
        value = self.source.values.get(key)
        return bool(value) and not (key == "published" and isinstance(value, str) and flag(value) is not None)

    def value(self, field: str) -> Node:
        """Return the field's value, `""` when there is none."""
        return self.source.values.get(self.key(field), "")

    def items(self, field: str) -> list[Node]:
        """Return the field's values: those of a list, or the one there is."""
        return _items(self.value(field))

    def line(self, field: str) -> int:
        """Return where the field was written, 0 when it wasn't."""
        return self.source.lines.get(self.key(field), 0)

    def say(self, code: str, field: str, message: str, hint: str = "", severity: Severity = Severity.INFO) -> None:
        """Note what was guessed or not understood."""
        self.problems.append(problem(f"markdown-{code}", severity, message, hint=hint, line=self.line(field)))

    def lost(self, field: str, value: object, what: str, hint: str) -> None:
        """Note a value that cannot be taken."""
        name = self.source.keys.get(self.key(field), field)
        self.say("wrong-value", field, f"{name}: {shown(value)} is no {what}; it was left out", hint, Severity.WARNING)

    def unknown(self) -> Iterator[Problem]:
        """Yield a problem for each key that says nothing to us."""
        unknown = sorted((key for key in self.source.keys if key not in UNDERSTOOD), key=lambda key: self.source.lines[key])
        for key in unknown[:_MOST_UNKNOWN]:
            message = f"front matter has a key {shown(self.source.keys[key])} that we do not know"
            hint, severity = _meant(self.source.keys[key][:_LONGEST], known())
            yield problem("markdown-unknown-key", severity, message, hint=hint, line=self.source.lines[key])
        if more := unknown[_MOST_UNKNOWN:]:
            message = f"front matter has {len(more)} more keys that we do not know"
            yield problem("markdown-unknown-key", Severity.INFO, message, hint="remove them", line=self.source.lines[more[0]])
        for key in (key for key, value in self.source.values.items() if key in EXPIRY and value):
            message = f"{self.source.keys[key]} is not acted on: the article stays until its source goes"
            hint = "take the source away on that day, or make it a draft"
            yield problem("markdown-expiry", Severity.INFO, message, hint=hint, line=self.source.lines[key])

    def left_over(self, field: str, kind: str, node: Node) -> None:
        """Note what a mapping of that kind says that is not read."""
        ours = _SQUEEZED[kind]
        for key, value in node.items() if isinstance(node, dict) else ():
            if value and squeeze(key) not in ours | IGNORED:
                message = f"{self.source.keys.get(self.key(field), field)} has a key {shown(key)} that we do not know"
                self.say("unknown-key", field, message, *_meant(key[:_LONGEST], _INSIDE[kind]))
            elif value and squeeze(key) in ours and not isinstance(value, str) and not (kind == "party" and squeeze(key) in _NOT_LINES):
                self.lost(field, value, "text", f"write {key} on one line, in quotes")

    def inner(self, field: str, written: str, read: Callable[[str], Value | None], what: str, hint: str) -> Value | None:
        """Return what a value inside a mapping is; note when it cannot be taken."""
        found = read(written) if written else None
        if written and found is None:
            self.lost(field, written, what, hint)
        return found

    # -- single values ----------------------------------------------------------------------------------------------

    def text(self, field: str) -> str | None:
        """Return a line of text."""
        value = self.value(field)
        if isinstance(value, str):
            found = text.line(value)
            if field in _SHOWN and (tag := title_like_html(found)):
                key = self.source.keys.get(self.key(field), field)
                self.say("markup", field, f"{key} has {shown(tag)} in it, which readers show as it stands", _PLAINLY, Severity.WARNING)
            return found
        self.lost(field, value, "text", "write it on one line, in quotes")
        return None

    def date(self, field: str) -> Date | None:
        """Return a day or a moment."""
        if not (value := self.text(field)):
            return None
        found = self.written_date(field, value)
        if not found:
            self.lost(field, value, "date", _WRITE_DATE)
        return found

    def written_date(self, field: str, value: str) -> Date | None:
        """Return the date that `value` is; note when it could be another."""
        found = dates.read(value, language=self.language() or self.publication.in_language, zone=self.context.time_zone)
        if found and found.ambiguous:
            message = f"the date {shown(value)} was read as {found.value.isoformat()}"
            self.say("date-ambiguous", field, message, "write it as 2018-10-24")
        if found and found.without_zone and (unclear := manuscript.without_zone(self.line(field), value, self.context.time_zone)):
            self.problems.append(unclear)
        return found.value if found else schema.parse_date(value)  # which knows what is older than the first newspaper

    def language(self) -> str | None:
        """Return the language, when it is given and one."""
        value = self.value("language")
        found = text.language(value.partition(".")[0].strip()) if isinstance(value, str) else None  # a locale is de_DE.UTF-8
        if value and not found and not any(each.code == "markdown-bad-language" for each in self.problems):
            hint = "write a BCP 47 tag, such as en or pt-BR"
            self.say("bad-language", "language", f"{shown(value)} is no language tag; it was left out", hint, Severity.WARNING)
        return found

    def flag(self, field: str) -> bool | None:
        """Return true or false."""
        value = self.text(field)
        found = flag(value) if value else None
        if value and found is None:
            self.lost(field, value, "yes or no", "write true or false")
        return found

    def free(self) -> bool | None:
        """Return whether anybody may read it: as it says, or as Ghost's `visibility` does."""
        value = (self.text("visibility") or "public").casefold()
        if value not in _PAID | _DRAFTS | {"public"}:
            self.lost("visibility", value, "kind of readers", "write public, members or paid")
        said = self.flag("is_accessible_for_free")
        return False if said is None and value in _PAID else said

    def year(self, field: str) -> int | None:
        """Return a year."""
        value = self.text(field)
        if value and not re.fullmatch(r"[12]\d{3}", value):
            self.lost(field, value, "year", "write four digits")
            return None
        return int(value) if value else None

    def license(self, field: str) -> str | None:
        """Return the URL of a licence."""
        value = self.text(field)
        found = license_url(value) if value else None
        if value and not found:
            self.lost(field, value, "licence that we know", "write its URL, or put the sentence under copyright:")
        return found

    def type(self) -> str:
        """Return one of `ARTICLE_TYPES`; the names of layouts are no types."""
        value = self.text("type") or "NewsArticle"
        if found := _TYPES.get(squeeze(value)):
            return found
        if value.casefold() not in _LAYOUTS:
            self.lost("type", value, "type of article", closest(value, _TYPES) or f"write one of {', '.join(ARTICLE_TYPES)}")
        return "NewsArticle"

    def draft(self) -> bool:
        """Return whether its author does not want it published yet."""
        words = {
            key: value.casefold()
            for key in ("draft", "publish", "published", "status")
            if isinstance(value := self.source.values.get(key), str)
        }
        not_published = any(flag(words.get(key, "")) is False for key in ("publish", "published"))
        hidden = {words.get("status"), (self.text("visibility") or "").casefold()} & _DRAFTS
        return self.is_perhaps_a_draft() or not_published or bool(hidden)

    def is_perhaps_a_draft(self) -> bool:
        """Return what `draft` says; what is neither true nor false is a draft, since that can be put right."""
        value = self.source.values.get("draft", "")
        said = flag(value) if isinstance(value, str) else None
        if value and said is None:
            message = f"draft: {shown(value)} is neither true nor false; it is taken to be a draft"
            line = self.source.lines["draft"]
            self.problems.append(problem("markdown-wrong-value", Severity.WARNING, message, hint="write true or false", line=line))
        return bool(value) and said is not False

    # -- addresses --------------------------------------------------------------------------------------------------

    def own_address(self, minted: str) -> str:
        """Return where the article is published: where it says, a path being below the publication, else at the minted address."""
        value = self.text("url")
        if not value:
            return self.address_of_original(minted)
        if (":" in value and "://" not in value) or value.casefold() in ("pretty", "date", "none", "ordinal"):
            self.say("permalink-pattern", "url", f"{shown(value)} is a pattern, no address; it was left out", "write the address itself")
            return minted
        found = text.url(value if "://" in value else value.lstrip("/"), self.publication.url)
        if not found:
            self.lost("url", value, "address", "write a path or a URL")
        return found or minted

    def address_of_original(self, minted: str) -> str:
        """Return where the article first appeared, when that is a page of this publication, else the minted address."""
        value = self.value("is_based_on")
        found = text.url(value, self.publication.url) if isinstance(value, str) else None
        if not found or found == minted or not minting.is_page(self.publication.url, found):
            return minted
        message = f"{shown(found)} is an address of this publication, so the article is published there"
        self.say("original-is-here", "is_based_on", message, "write it as url:")
        return found

    def original(self, url: str) -> str | None:
        """Return where the article first appeared, which is not where it is published, `url`."""
        value = self.text("is_based_on")
        found = text.url(value, self.publication.url) if value else None
        if value and not found:
            self.lost("is_based_on", value, "address", "write a URL")
        if not found or not found.startswith(self.publication.url):
            return found
        if found != url:
            message = f"{shown(found)} is an address of this publication, and not the article's; it was left out"
            self.say("original-left-out", "is_based_on", message, "write as url: where the article is published", Severity.WARNING)
        return None

    def link(self, node: Node, field: str, language: str | None = None) -> Link | None:
        """Return a link given by path, URL or title, or by a mapping that says more."""
        if isinstance(node, dict):
            fields = _squeezed(node)
            self.left_over(field, "link", node)
            address = _first(fields, *_ADDRESS_KEYS)
            name = text.line(_first(fields, "title", "name", "text", "headline"))
            language = language or text.language(_first(fields, "lang", "language", "locale", "inlanguage"))
        else:
            name, address = _link(node) if isinstance(node, str) else (None, "")
        url = self.resolve(address) if address and not address.startswith("#") else None
        if address and not url:
            self.lost(field, address, "path or URL", "write its path or URL")
        if name and not url:
            self.say("related-without-address", field, f"{shown(name)} has no address", "write its path or URL")
        return Link(url=url, name=name, in_language=language) if url or name else None

    def links(self, field: str) -> tuple[Link, ...]:
        """Return a list of links."""
        return tuple(dict.fromkeys(link for node in self.items(field) if (link := self.link(node, field))))

    def translations(self) -> tuple[Link, ...]:
        """Return the same article in other languages: a mapping by language, or a list."""
        value = self.value("translations")
        if not isinstance(value, dict) or set(_squeezed(value)) & {"url", "href", "title", "path"}:
            return self.links("translations")
        found = []
        for language, node in value.items():
            if not (tag := text.language(language)):
                self.lost("translations", language, "language tag", "write a BCP 47 tag, such as en or pt-BR")
            found += [link for each in _items(node) if (link := self.link(each, "translations", tag))]
        return tuple(dict.fromkeys(found))

    # -- names and words --------------------------------------------------------------------------------------------

    def parties(self, field: str) -> tuple[Party, ...]:
        """Return people and organizations: bylines, or mappings that say more."""
        keys = [key for key in KEYS[field] if key in self.given]
        named = [self.parties_of(self.source.values[key], field) for key in keys]
        found: dict[str, Party] = {}
        for each in named:
            found |= {name: party for name, party in each.items() if name not in found}
        if any(each.keys() != found.keys() for each in named):
            names = " and ".join(self.source.keys[key] for key in keys)
            self.say("names-merged", field, f"{names} do not name the same: all are taken", "keep one of the keys")
        if not found and keys:
            self.lost(field, self.value(field), "name", "write a name, or name: and url:")
        return tuple(found.values())

    def editors_and_contributors(self) -> tuple[tuple[Party, ...], tuple[Party, ...]]:
        """Return those under their own keys, and those whom the byline names: "Jane Doe; editing by Mary Major"."""
        written = [each for key in KEYS["author"] for each in _strings(self.source.values.get(key, ""))]
        named = [bylines.by_role(each, self.known, self.publication.publisher) for each in written]
        for each, found in zip(written, named, strict=True):
            self.shortened(each, (*found.author, *found.editor, *found.contributor))
        editors = dict.fromkeys((*self.parties("editor"), *(party for each in named if each.author for party in each.editor)))
        contributors = dict.fromkeys(
            (*self.parties("contributor"), *(party for each in named if each.author for party in each.contributor))
        )
        return tuple(editors), tuple(contributors)

    def shortened(self, written: str, found: tuple[Party, ...]) -> None:
        """Note what of a byline is in nobody's name."""
        if found and (left := bylines.left_out(written, found)):
            house = f"; it is taken to be {found[0].name}" if found[0] == self.publication.publisher else ""
            hint = "where it is a name, write author: {name: …, type: organization}, or person"
            self.say("byline-shortened", "author", f"{shown(left)} was left out of the byline {shown(written)}{house}", hint)

    def parties_of(self, value: Node, field: str) -> dict[str, Party]:
        """Return whom a value names, by casefolded name."""
        found: dict[str, Party] = {}
        for node in _items(value):
            parties = self.described_party(node, field) if isinstance(node, dict) else self.named_parties(node)
            found |= {each.name.casefold(): each for each in parties if each.name.casefold() not in found}
        return found

    def named_parties(self, node: Node) -> tuple[Party, ...]:
        """Return whom a byline names."""
        return bylines.parties(node, self.known, self.publication.publisher) if isinstance(node, str) else ()

    def described_party(self, node: dict[str, Node], field: str) -> tuple[Party, ...]:
        """Return the one person or organization that a mapping describes."""
        fields = _squeezed(node)
        self.left_over(field, "party", node)
        kind, name = squeeze(_first(fields, "type", "kind")), _first(fields, "name", "title", "displayname")
        organization = kind in ("organization", "organisation", "newsmediaorganization")
        if organization or kind == "person":
            known = self.named(name, Organization if organization else Person)
        else:
            known = bylines.party(name, self.known)
        if not known:
            return ()
        url = self.inner(field, _first(fields, *_HOME_KEYS), text.url, "address", "write a URL") or known.url
        email = text.line(_first(fields, "email", "mail")) or known.email
        picture = self.image(next((fields[key] for key in _PICTURE_KEYS if key in fields), ""), field)
        profiles = _strings(fields.get("sameas", fields.get("profiles", "")))
        same_as = tuple(filter(None, (self.inner(field, each, text.url, "address", "write a URL") for each in profiles))) or known.same_as
        if isinstance(known, Organization):
            return (Organization(name=known.name, url=url, email=email, logo=picture or known.logo, same_as=same_as),)
        return (Person(name=known.name, url=url, email=email, image=picture or known.image, same_as=same_as),)

    def named(self, name: str, kind: Kind) -> Party | None:
        """Return who is called exactly so, with what is known of them when they are of that kind; `None` when there is no name."""
        known = self.known.get(name.casefold())
        clean = text.line(name)
        return known if isinstance(known, kind) else kind(name=clean) if clean else None

    def words(self, key: str, field: str) -> list[str]:
        """Return a list of words: a list, or a line with commas; in Jekyll's YAML spaces separate tags and categories."""
        value = self.source.values.get(key, "")
        if isinstance(value, dict) or len(_strings(value)) < len(_items(value)):
            self.lost(field, value, "list of words", "write a list: [one, two words]")
        if isinstance(value, list):
            return [clean for each in _strings(value) if (clean := text.line(each.lstrip("#")))]
        words = str(value) if isinstance(value, str) else ""
        pieces = [each.strip() for each in re.split("[,;]", words)]
        if len(pieces) == 1 and self.source.spaced and key in ("tags", "categories") and len(words.split()) > 1:
            pieces = words.split()
            self.say(
                "words-split", field, f"{self.source.keys[key]}: {shown(words)} is {len(pieces)} words", "write a list: [one, two words]"
            )
        return [clean for each in pieces if (clean := text.line(each.lstrip("#")))]

    def section_and_keywords(self) -> tuple[str | None, tuple[str, ...]]:
        """Return the section, and tags with all further categories."""
        categories = [word for key in KEYS["section"] if key in self.source.values for word in self.words(key, "section")]
        tags = [word for key in KEYS["keywords"] if key in self.source.values for word in self.words(key, "keywords")]
        section = categories[0] if categories else None
        self.note_section(section)
        return section, tuple(dict.fromkeys(word for word in (*tags, *categories[1:]) if word != section))

    def note_section(self, section: str | None) -> None:
        """Note a section that is probably one of the publication's, misspelt; in another language it has another name."""
        sections = self.publication.sections
        there, here = self.language() or self.publication.in_language or "", self.publication.in_language or ""
        same = there.partition("-")[0] == here.partition("-")[0]
        if section and same and section not in sections and (hint := closest(section, sections)):
            message = f"{shown(section)} is none of the sections in publisher.toml, and becomes one of its own"
            self.say("section-unknown", "section", message, hint, Severity.WARNING)

    def places(self) -> tuple[Place, ...]:
        """Return where it happened."""
        nodes = [part for node in self.items("content_location") for part in (node.split(";") if isinstance(node, str) else [node])]
        return tuple(dict.fromkeys(place for node in nodes if (place := self.place(node))))

    def place(self, node: Node) -> Place | None:
        """Return a place given by name, or by a mapping with coordinates."""
        if isinstance(node, str):
            return Place(name=name) if (name := text.line(node)) else None
        fields = _squeezed(node) if isinstance(node, dict) else {}
        self.left_over("content_location", "place", node)
        if not (name := text.line(_first(fields, "name", "title"))):
            self.lost("content_location", node, "place", "write its name")
            return None
        north, east = _first(fields, "latitude", "lat"), _first(fields, "longitude", "lon", "lng", "long")
        latitude = self.inner("content_location", north, lambda written: _degrees(written, 90), "latitude", _DEGREES)
        longitude = self.inner("content_location", east, lambda written: _degrees(written, 180), "longitude", _DEGREES)
        if bool(north) != bool(east):
            self.lost("content_location", north or east, "place on a map alone", "write latitude and longitude")
        if latitude is None or longitude is None:
            return Place(name=name)
        return Place(name=name, latitude=latitude, longitude=longitude)

    def corrections(self) -> tuple[Correction, ...]:
        """Return what was put right, each with its date."""
        return tuple(found for node in self.items("corrections") if (found := self.correction(node)))

    def correction(self, node: Node) -> Correction | None:
        """Return one correction: text, or a mapping with text and date."""
        fields = _described(node, "text")
        self.left_over("corrections", "correction", node)
        written = _first(fields, "text", "correction", "description", "note")
        day = _first(fields, "date", "datepublished", "published")
        if not (clean := manuscript.to_text(written, smart=self.context.smart)):
            self.lost("corrections", node, "correction", "write date: and text:")
            return None
        written_date = self.inner("corrections", day, lambda each: self.written_date("corrections", each), "date", _WRITE_DATE)
        return Correction(text=clean, date_published=written_date)

    # -- pictures and recordings ------------------------------------------------------------------------------------

    def images(self) -> tuple[Image, ...]:
        """Return the pictures, the lead first; what is said beside them is about the lead."""
        found = [image for node in self.items("image") if (image := self.image(node, "image"))]
        if found:
            found[0] = self.with_what_is_beside(found[0])
        for image in found:
            if image.content_url and not image.description:
                message = f"the image {shown(dialects.name(image.content_url))} has no alternative text"
                self.say("image-without-alt", "image", message, "write image_alt: what a person who does not see it needs to know")
        return tuple(dict.fromkeys(found))

    def with_what_is_beside(self, image: Image) -> Image:
        """Return the lead picture with what keys such as `image_alt` say."""
        return replace(
            image,
            description=image.description or self.text("image_alt"),
            caption=image.caption or self.inline(self.text("image_caption")),
            credit_text=image.credit_text or self.inline(self.text("image_credit")),
            license=image.license or self.license("image_license"),
        )

    def image(self, node: Node, field: str) -> Image | None:
        """Return a picture given by path or URL, or by a mapping that says more."""
        fields = _described(node, "src")
        self.left_over(field, "image", node)
        if isinstance(node, list):
            self.lost(field, node, "picture", "write its path, or a mapping with src: and alt:")
        written = _WIKILINK.sub(lambda found: named(found[1]), _first(fields, *_ADDRESS_KEYS))
        url = self.resolve(written) if written else None
        if written and not url:
            self.lost(field, written, "path or URL", "write the path of the image or its URL")
        image = Image(
            content_url=url if url and url.startswith("http") else None,
            description=text.line(_first(fields, "alt", "description")),
            caption=self.inline(_first(fields, "caption", "title")),
            credit_text=self.inline(_first(fields, *map(squeeze, _CREDIT_KEYS))),
            license=self.license_inside(field, fields),
            encoding_format=self.inner(field, _first(fields, "mediatype", "encodingformat"), text.media_type, *_MEDIA_TYPE),
            width=self.inner(field, _first(fields, "width"), _whole, *_WHOLE),
            height=self.inner(field, _first(fields, "height"), _whole, *_WHOLE),
            content_size=self.inner(field, _first(fields, "contentsize"), _whole, *_WHOLE),
            sha256=self.inner(field, _first(fields, "sha256"), _digest, *_DIGEST),
        )
        return image if image != Image() else None

    def license_inside(self, field: str, fields: Mapping[str, Node]) -> str | None:
        """Return the licence of a picture or a recording."""
        return self.inner(field, _first(fields, "license", "licence"), license_url, "licence that we know", "write its URL")

    def inline(self, markdown: str | None) -> str | None:
        """Return what Markdown says, as plain text."""
        return manuscript.to_text(markdown, smart=self.context.smart) if markdown else None

    def media(self) -> tuple[Media, ...]:
        """Return recordings, under all of their keys."""
        keys = [key for key in KEYS["media"] if self.source.values.get(key)]
        nodes = [(key, node) for key in keys for node in _items(self.source.values[key])]
        return tuple(dict.fromkeys(found for key, node in nodes if (found := self.recording(key, node))))

    def recording(self, key: str, node: Node) -> Media | None:
        """Return a recording given by path or URL, or by a mapping that says more."""
        fields = _described(node, "src")
        self.left_over("media", "media", node)
        written = _first(fields, *_ADDRESS_KEYS)
        url = self.resolve(written) if written else None
        if not url or not url.startswith("http"):
            self.lost("media", node, "path or URL", "write the path of the recording or its URL")
            return None
        kind = _first(fields, "type", "mediatype", "encodingformat")
        return Media(
            content_url=url,
            type=kind_of_recording(kind, key, url),
            encoding_format=text.media_type(_first(fields, "mediatype", "encodingformat")) or text.media_type(kind),
            content_size=self.inner("media", _first(fields, "contentsize"), _whole, *_WHOLE),
            sha256=self.inner("media", _first(fields, "sha256"), _digest, *_DIGEST),
            duration=self.duration(_first(fields, "duration", "length")),
            name=text.line(_first(fields, "title", "name")),
            description=text.line(_first(fields, "description", "summary")),
            credit_text=self.inline(_first(fields, *map(squeeze, _CREDIT_KEYS))),
            license=self.license_inside("media", fields),
        )

    def duration(self, written: str) -> int | None:
        """Return seconds."""
        found = duration(written) if written else None
        if written and found is None:
            self.lost("media", written, "duration", "write seconds, 1:23, or PT1M23S")
        return found


@lru_cache(maxsize=512)  # all articles of a site have the same keys for other programs
def _meant(key: str, ours: tuple[str, ...]) -> tuple[str, Severity]:
    """Return what to do about a key that we do not know, and how much it matters."""
    is_misspelt = len(key) >= _SHORTEST and any(is_a_letter_away(key.casefold(), each.casefold()) for each in ours)
    hint = closest(key, ours) or "remove it, or leave it for other programs"
    return hint, Severity.WARNING if is_misspelt else Severity.INFO


def _items(node: Node) -> list[Node]:
    return node if isinstance(node, list) else [node] if node else []


def _strings(node: Node) -> list[str]:
    return [each for each in _items(node) if isinstance(each, str)]


def _squeezed(node: dict[str, Node]) -> dict[str, Node]:
    return {squeeze(key): value for key, value in reversed(node.items())}


def _described(node: Node, key: str) -> dict[str, Node]:
    """Return a mapping as it is, and anything else as what it means when nothing more is said."""
    return _squeezed(node) if isinstance(node, dict) else {key: node}


def _first(fields: Mapping[str, Node], *keys: str) -> str:
    """Return the first text under one of the keys, `""` when there is none."""
    return next((value for key in keys if isinstance(value := fields.get(key), str) and value.strip()), "").strip(" \t\r\n")


def _link(written: str) -> tuple[str | None, str]:
    """Return title and address of a link in Markdown, Obsidian's links, a bare address or a bare title."""
    if found := _LINK.fullmatch(written.strip()):
        return text.line(found[1]), found[2]
    if found := _WIKILINK.fullmatch(written.strip()):
        return text.line(found[2] or ""), named(found[1]) if found[1].strip() else ""
    return (None, written.strip()) if _ADDRESS.fullmatch(written.strip()) else (text.line(written), "")


def kind_of_recording(kind: str, key: str, url: str) -> str:
    """Return one of `MEDIA_TYPES`: what the recording says it is, what its key says, what its name ends in."""
    if kind in MEDIA_TYPES:
        return kind
    said = squeeze(kind.partition("/")[0].removesuffix("Object"))
    return _MEDIA.get(said) or _MEDIA.get(key) or _ENDINGS.get(url.partition("?")[0].rpartition(".")[2].lower(), "MediaObject")


def _whole(written: str) -> int | None:
    """Return a whole number from 0 up, `None` when it is none."""
    return int(written) if re.fullmatch(r"[0-9]{1,15}", written) else None


def _digest(written: str) -> str | None:
    return written if re.fullmatch(r"[0-9a-f]{64}", written) else None


def _degrees(written: str, limit: int) -> float | None:
    """Return degrees, `None` when they are none."""
    found = float(written) if re.fullmatch(r"[+-]?\d{1,3}(?:\.\d{1,12})?", written) else None
    return found if found is not None and -limit <= found <= limit else None
