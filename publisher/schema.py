"""The model as JSON and back, derived from the fields of `article`, not typed twice.

Two spellings, both with schema.org's names in camel case (V30.0, https://schema.org/docs/full.html, read 2026-11-23):

- the JSON spelling (`dump`, `load`): lossless, the body under `body`; `json_schema` describes it;
- linked data (`to_linked`, `from_linked`): a `NewsArticle` in JSON-LD 1.1, the body as text under `articleBody`.

A third, `rest` and `merge`, is the linked spelling of just the fields that a format has no element of its own for.

Two of our fields are wider than schema.org's, so linked data says them another way (`_in_vocabulary`), and back:
only a `NewsArticle` has a `dateline`, other articles have a `locationCreated`;
an `editor` is a `Person`, so an organization that edited contributes in the `Role` of editor.
"""

from __future__ import annotations

import difflib
import json
import re
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from json.encoder import encode_basestring
from math import isfinite
from operator import attrgetter
from urllib.parse import urlsplit

from publisher import article as model
from publisher.article import Article, Date, Image, Link, Media, Organization, Person, Place, Publication
from publisher.minting import UNNAMED
from publisher.problems import Problem, PublisherError, Severity, Unreadable, problem
from publisher.text import language, line, media_type, url

__all__ = [
    "CONTEXT",
    "Json",
    "JsonObject",
    "Model",
    "begin",
    "dump",
    "email",
    "from_linked",
    "from_text",
    "json_schema",
    "key_of",
    "linked",
    "load",
    "load_object",
    "merge",
    "moment",
    "parse_date",
    "parsed",
    "quoted",
    "rest",
    "seconds",
    "spell",
    "to_linked",
    "to_script",
    "to_text",
    "told_from_linked",
    "web_address",
    "with_articles",
]

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
JsonObject = dict[str, Json]
Model = Article | Publication | Person | Organization | Image | Media | Link | Place | model.Correction
AnyModel = typing.TypeVar("AnyModel", bound=Model)
Text = typing.TypeVar("Text", str, bytes, str | bytes)
Value = typing.TypeVar("Value")

CONTEXT = "https://schema.org"
_CLASSES: dict[str, type[typing.Any]] = {
    "Periodical": Publication,
    "NewsArticle": Article,
    "Person": Person,
    "Organization": Organization,
    "ImageObject": Image,
    "MediaObject": Media,
    "CreativeWork": Link,
    "Place": Place,
    "CorrectionComment": model.Correction,
}
_TYPES = {kind: name for name, kind in _CLASSES.items()}
_LINKED = {
    "body": "articleBody",
    "translations": "workTranslation",
    "corrections": "correction",
    "sections": "hasPart",
    "articles": "hasPart",
}
_DIGEST = re.compile(r"[0-9a-f]{64}")
_EMAIL = re.compile(r"[^\s@<>(),;:\"\[\]]+@[^\s@<>(),;:\"\[\]]+")
_DURATION = re.compile(r"P(?:([0-9]{1,16})D)?(?:T(?:([0-9]{1,16})H)?(?:([0-9]{1,16})M)?(?:([0-9]{1,16})(?:[.,][0-9]+)?S)?)?")
_INTEGER = re.compile(r"\s*\+?[0-9]{1,16}\s*")
_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,16}(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?\s*")
_LARGEST = 2**53 - 1
"""The largest whole number that every reader of JSON has exactly (RFC 8259, 6)."""
_LONGEST = 5_000_000
"""Characters in one text: longer than any book, and half of what libxml2 takes for an attack."""
_DEEPEST = 100
_FIRST_YEAR, _LAST_YEAR = 1000, 9998
"""Four digits in every format, and no change of zone leaves the calendar; 0001-01-01 is how Go programs write that there is no date."""
_SPEC = "https://schema.org/"


def with_articles(publication: Publication, articles: Iterable[Article]) -> Publication:
    """Return the same publication with other articles."""
    return _altered(publication, {"articles": tuple(articles)})


def _altered(value: AnyModel, changes: Mapping[str, object]) -> AnyModel:
    """Return the same value with other fields: `dataclasses.replace` asks for each field by itself."""
    names, values = _WHOLE[type(value)]
    return type(value)(**{**dict(zip(names, values(value), strict=True)), **changes})


@dataclass(frozen=True, slots=True)
class _Field:
    """One field of the model: its Python name, its key, and what its values are."""

    name: str
    key: str
    linked: str
    many: bool
    required: bool
    classes: tuple[type[typing.Any], ...]
    """The model classes its values can be; empty when they are scalars."""
    kind: str
    """The name of what its scalars are, in `_SCALARS`."""

    @property
    def absent(self) -> object:
        """What it is when there is none."""
        return () if self.many else "" if self.kind == "body" else None

    @property
    def is_dated(self) -> bool:
        """Whether there is a moment in it, which has an offset that comparing takes no notice of."""
        return self.kind == "date" or model.Correction in self.classes


_KINDS = {
    "url": "url",
    "content_url": "url",
    "license": "url",
    "is_based_on": "url",
    "same_as": "url",
    "in_language": "language",
    "body": "body",
    "encoding_format": "media type",
    "sha256": "digest",
    "email": "e-mail address",
    "duration": "duration",
    "latitude": "latitude",
    "longitude": "longitude",
}


def _fields_of(kind: type[typing.Any]) -> tuple[_Field, ...]:
    hints = typing.get_type_hints(kind)
    found = tuple(
        _field(each.name, hints[each.name], required=each.default is MISSING)
        for each in fields(kind)
        if each.name not in ("type", "articles")
    )
    # Pages are published below it, and feeds link to it, so that no other scheme will do.
    return tuple(replace(each, kind="web address") if kind is Publication and each.name == "url" else each for each in found)


def _field(name: str, hint: object, *, required: bool) -> _Field:
    leaves = tuple(_leaves(hint))
    classes = tuple(each for each in leaves if each in _TYPES)
    key = re.sub(r"_(\w)", lambda found: found[1].upper(), name)
    kind = _KINDS.get(name) or ("date" if datetime in leaves else next(each.__name__ for each in leaves if each not in (type(None), ...)))
    return _Field(name, key, _LINKED.get(name, key), typing.get_origin(hint) is tuple, required, classes, kind)


def _fields(kind: type) -> tuple[_Field, ...]:
    return _FIELDS[kind]


def key_of(kind: type, name: str) -> str:
    """Return the key under which the JSON spelling has a field."""
    return next((field.key for field in _fields(kind) if field.name == name), f"@{name}")


def _leaves(hint: object) -> Iterator[typing.Any]:
    if typing.get_origin(hint) in (typing.Union, types.UnionType, tuple):
        for each in typing.get_args(hint):
            yield from _leaves(each)
    else:
        yield hint


_FIELDS = {kind: _fields_of(kind) for kind in _TYPES}
_REQUIRED = {kind: tuple(each for each in found if each.required) for kind, found in _FIELDS.items()}
_READ = {
    (linked, kind): tuple((each, each.linked if linked else each.key) for each in found)
    for kind, found in _FIELDS.items()
    for linked in (False, True)
}
"""For each class its fields with their keys."""
_VALUES = {kind: attrgetter(*(field.name for field in found)) for kind, found in _FIELDS.items()}
"""Take the values of all fields at once."""
_WHOLE = {kind: (names := tuple(each.name for each in fields(kind)), attrgetter(*names)) for kind in _TYPES}
"""The same with kinds of articles and media, and the articles of a publication; in the order of the names."""


# -- writing ------------------------------------------------------------------------------------------------------------


def spell(value: Model, *, linked: bool = False, without: str = "") -> JsonObject:
    """Return the JSON object of one value of the model; what is absent is left out, and the field called `without`."""
    kind = type(value)
    found: JsonObject = {"@type": _type_of(value, linked=linked)}
    for name, key, many, say in _SPELLED[linked, kind]:
        given = getattr(value, name)
        if (given or given not in _ABSENT) and name != without:
            found[key] = ([*map(say, given)] if say else [*given]) if many else say(given) if say else given
    return _in_vocabulary(found, value) if linked and kind is Article else found


_ABSENT = (None, (), "")


def _type_of(value: Model, *, linked: bool) -> Json:
    if not isinstance(value, Article | Media):
        return _TYPES[type(value)]
    # Both types, so that who looks for NewsArticle finds it without knowing the hierarchy.
    return ["NewsArticle", value.type] if linked and value.type.endswith("NewsArticle") and value.type != "NewsArticle" else value.type


def _in_vocabulary(found: JsonObject, value: Model) -> JsonObject:
    """Return the linked spelling with each property where schema.org has it (its domain) and with values that it takes (its range)."""
    if not isinstance(value, Article):
        return found
    if "dateline" in found and not value.type.endswith("NewsArticle"):
        name = found.pop("dateline")
        found["locationCreated"] = {"@type": "Place", "name": name} if name else None
    if "editor" in found and any(isinstance(each, Organization) for each in value.editor):
        roles: list[Json] = [{"@type": "Role", "roleName": "editor", "contributor": spell(each, linked=True)} for each in value.editor]
        found["contributor"] = [*(spell(each, linked=True) for each in value.contributor), *roles]
        found["editor"] = [spell(each, linked=True) for each in value.editor if isinstance(each, Person)]
    return {key: each for key, each in found.items() if key != "editor" or each or not value.editor}


_Say = Callable[[typing.Any], Json]


def _say(field: _Field, *, linked: bool) -> _Say | None:
    """Return how one value of a field is spelled, `None` when it is as it is."""
    if field.classes:
        return _spell_linked if linked else spell
    if field.kind in ("date", "duration"):
        return _DATES_AND_DURATIONS[field.kind]
    return _ONLY_LINKED.get(field.name) if linked else None


def _spell_linked(value: Model) -> JsonObject:
    return spell(value, linked=True)


def _plain_text(body: str) -> str:
    from publisher.markup import plain_text

    return plain_text(body)


def _part(name: str) -> JsonObject:
    return {"@type": "CreativeWork", "name": name}


_DATES_AND_DURATIONS: dict[str, _Say] = {"date": lambda value: value.isoformat(), "duration": lambda value: f"PT{value}S"}
_ONLY_LINKED: dict[str, _Say] = {"content_size": str, "body": _plain_text, "sections": _part}
_SPELLED = {
    (linked, kind): tuple((each.name, each.linked if linked else each.key, each.many, _say(each, linked=linked)) for each in known)
    for kind, known in _FIELDS.items()
    for linked in (False, True)
}
"""For each class the names of its fields, their keys, whether they have many values, and how one is spelled."""


def _spell_field(value: typing.Any, field: _Field, *, linked: bool) -> Json:
    say = _say(field, linked=linked)
    if field.many:
        return [*map(say, value)] if say else [*value]
    return say(value) if say and value is not None else typing.cast("Json", value)


def dump(publication: Publication) -> JsonObject:
    """Return `{"publication": …, "articles": […]}`: the lossless JSON spelling."""
    return {"publication": spell(publication), "articles": [spell(each) for each in publication.articles]}


def to_linked(article: Article, publication: Publication, *, body: bool = True, part_of: JsonObject | None = None) -> JsonObject:
    """Return the article as JSON-LD, with what it appears in under `isPartOf`; `part_of` is that when it is spelled already."""
    return linked(article, body=body) | {"isPartOf": part_of or spell(publication, linked=True)}


def linked(article: Article, *, body: bool = True) -> JsonObject:
    """Return the article as JSON-LD.

    Of an article that is not for free it is said which part that is: the text, in our pages the element of the class `body`
    (Google, "Subscription and paywalled content").
    """
    found: JsonObject = {"@context": CONTEXT, **spell(article, linked=True, without="" if body else "body")}
    if found.get("articleBody") == "":
        del found["articleBody"]  # pictures and recordings have no text
    if article.url:
        found["mainEntityOfPage"] = {"@type": "WebPage", "@id": article.url}
    if article.is_accessible_for_free is False:
        found["hasPart"] = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".body"}
    return found


def rest(value: Model, native: Model, *, leave: Iterable[str] = ("body",)) -> JsonObject | None:
    """Return the linked spelling of those fields of `value` that `native` has not, or `None` when it has all.

    A field that only `native` has is `null`. Fields in `leave` are left out.
    """
    found: JsonObject = {"@context": CONTEXT, "@type": _type_of(value, linked=True)}
    values = _VALUES[type(value)]
    for field, given, other in zip(_fields(type(value)), values(value), values(native), strict=True):
        if given is other or field.name in leave or (given == other and not field.is_dated):
            continue  # two equal moments may have other offsets, and all else that is equal is spelled alike
        if (ours := _spell_field(given, field, linked=True)) != _spell_field(other, field, linked=True):
            found[field.linked] = ours
    found = _in_vocabulary(found, value)
    return found if len(found) > 2 or _type_of(native, linked=True) != found["@type"] else None


def merge(native: AnyModel, given: JsonObject) -> AnyModel:
    """Return `native` with the fields that `given`, from `rest`, has; what is wrong in it changes nothing."""
    loader = _Loader(linked=True)
    given = _from_vocabulary(given) if isinstance(native, Article) else given
    said = [field for field in _fields(type(native)) if field.linked in given]
    changed = {field.name: loader.field(given[field.linked], field, "") for field in said}
    absent = {field.name: field.absent for field in said if not field.required and given[field.linked] is None}
    changed = {name: value for name, value in changed.items() if value is not None} | absent
    if isinstance(native, Article):
        changed["type"] = loader.article_type(given)
    return _altered(native, changed)


# -- reading ------------------------------------------------------------------------------------------------------------


def load(document: Json) -> tuple[Publication, tuple[Problem, ...]]:
    """Return the publication that `dump` spelled, made canonical, and a problem for each thing left out.

    Raise `PublisherError` when there is no publication in it.
    """
    if not isinstance(document, dict) or not isinstance(document.get("publication"), dict):
        hint = 'write {"publication": {…}, "articles": […]} as `publisher schema` says'
        raise PublisherError(problem("json-no-publication", Severity.ERROR, "there is no publication in it", hint=hint))
    loader = _Loader(linked=False)
    loader.unknown_keys(document, ["publication", "articles"], "")
    publication = loader.make(document["publication"], (Publication,), "publication")
    listed = document.get("articles", [])
    if not isinstance(listed, list):
        loader.report("json-wrong-type", f"expected a list, found {_shown(listed)}", "articles", "write [{…}]")
    articles = [loader.make(each, (Article,), f"articles[{n}]") for n, each in enumerate(listed if isinstance(listed, list) else [])]
    if not isinstance(publication, Publication):
        raise PublisherError(*loader.problems)
    kept = tuple(each for each in articles if isinstance(each, Article))
    return replace(publication, articles=kept), tuple(loader.problems)


def load_object(data: Json, kind: type[AnyModel]) -> AnyModel | None:
    """Return one value of the model from its linked spelling, or `None` when there is too little in it."""
    found = _Loader(linked=True).make(data, (kind,), "")
    return found if isinstance(found, kind) else None


def from_linked(node: JsonObject, default: Publication | None = None) -> Publication:
    """Return the publication with the one article that a JSON-LD node describes.

    `default` gives the publication when the node does not say what it is part of; without, it is the site of its address.
    Raise `PublisherError` when it is no article.
    """
    return told_from_linked(node, default)[0]


def told_from_linked(node: JsonObject, default: Publication | None = None) -> tuple[Publication, tuple[Problem, ...]]:
    """Return the same as `from_linked`, and a problem for each value of the article that does not fit."""
    loader = _Loader(linked=True)
    article = loader.make(node, (Article,), "")
    if not isinstance(article, Article):
        raise PublisherError(*loader.problems)
    part_of = node.get("isPartOf")
    listed = part_of if isinstance(part_of, list) else [part_of]
    publications = (_publication(each) for each in listed if isinstance(each, dict))
    found = next(filter(None, publications), default) or _site(node)
    return replace(found, articles=(article,)), tuple(loader.problems)


_SAME: dict[str, Publication | None] = {}
"""The publications that were read last by what they were read from: nearly all articles that are read together are of one."""
_MOST_SAME, _LONGEST_SAME = 8, 10_000


def _publication(data: JsonObject) -> Publication | None:
    """Return what an article appears in."""
    said = repr(data)  # tells 1 from true, which are equal in Python
    if said in _SAME:
        return _SAME[said]
    found = load_object(data, Publication)
    if len(said) <= _LONGEST_SAME:
        if len(_SAME) >= _MOST_SAME:
            _SAME.clear()
        _SAME[said] = found
    return found


def _site(node: JsonObject) -> Publication:
    """Return what an article appears in that does not say: the site of its address, called like its publisher or its host."""
    address, publisher = node.get("url"), node.get("publisher")
    web = web_address(address[0] if isinstance(address, list) and address else address)
    parts = urlsplit(web or UNNAMED.url)
    root = f"{parts.scheme}://{parts.netloc}/"
    name = _text(publisher.get("name")) if isinstance(publisher, dict) else None
    return Publication(identifier=root, name=name or parts.netloc, url=root)


_PARTIES: dict[object, Model | None] = {}
"""People and organizations by the classes that were asked for and the texts that they were read from."""
_MOST_PARTIES, _LONGEST_PARTY = 1000, 200


class _Loader:
    """Makes values of the model from JSON; what it cannot take becomes a problem."""

    def __init__(self, *, linked: bool) -> None:
        self.linked = linked
        self.problems: list[Problem] = []

    def report(self, code: str, message: str, pointer: str, hint: str, severity: Severity = Severity.ERROR) -> None:
        self.problems.append(problem(code, severity, message, hint=hint, spec=_SPEC, pointer=pointer))

    def make(self, data: Json, classes: tuple[type[typing.Any], ...], pointer: str) -> Model | None:
        """Return the value that a JSON object (or, in linked data, its name or address) stands for."""
        if isinstance(data, str) and self.linked:
            data = _from_string(data, classes[0])
        if isinstance(data, dict) and self.linked and Person in classes:
            return self.party(data, classes, pointer)
        return self.made(data, classes, pointer)

    def party(self, data: JsonObject, classes: tuple[type[typing.Any], ...], pointer: str) -> Model | None:
        """Return who is meant: the same few people and houses come again and again, mostly with nothing but texts."""
        is_plain = all(type(each) is str and len(each) < _LONGEST_PARTY for each in data.values()) and len(data) < 10
        key = (classes, *data.items()) if is_plain else None
        if key in _PARTIES:
            return _PARTIES[key]
        before = len(self.problems)
        found = self.made(data, classes, pointer)
        if key and len(self.problems) == before:
            if len(_PARTIES) >= _MOST_PARTIES:
                _PARTIES.clear()
            _PARTIES[key] = found
        return found

    def made(self, data: Json, classes: tuple[type[typing.Any], ...], pointer: str) -> Model | None:
        if not isinstance(data, dict):
            self.report(
                "json-wrong-type", f"expected an object, found {_shown(data)}", pointer, "write an object as `publisher schema` says"
            )
            return None
        kind = self.choose(data, classes)
        if self.linked:
            data = _from_vocabulary(data) if kind is Article else data
        else:
            self.wrong_type(data, classes, pointer)
            self.unknown_keys(data, ["@type", *(field.key for field in _fields(kind))], pointer)
        found = dict(self.members(data, kind, pointer))
        missing = [field.key for field in _REQUIRED[kind] if field.name not in found]
        if missing:
            self.report("json-missing", f"{_TYPES[kind]} has no {missing[0]!r}", pointer, f"add {missing[0]!r}")
            return None
        return self.build(kind, data, found)

    def members(self, data: JsonObject, kind: type[typing.Any], pointer: str) -> Iterator[tuple[str, object]]:
        """Yield the name and the value of each field that is there."""
        for field, key in _READ[self.linked, kind]:
            given = data.get(key)
            if key == "contentUrl" and self.linked and key not in data:
                given = data.get("url")
            # Most are not there.
            if given is not None and (value := self.field(given, field, f"{pointer}.{field.key}")) is not None:
                yield field.name, value

    def build(self, kind: type[typing.Any], data: JsonObject, values: dict[str, typing.Any]) -> Model | None:
        if kind is Article:
            values["type"] = self.article_type(data)
        elif kind is Media:
            values["type"] = next((each for each in _types(data) if each in model.MEDIA_TYPES), "MediaObject")
        elif kind is Place and ("latitude" in values) != ("longitude" in values):
            values = {"name": values["name"]}
        return kind(**values) if values or kind not in (Image, Link) else None

    def choose(self, data: JsonObject, classes: tuple[type[typing.Any], ...]) -> type[typing.Any]:
        if len(classes) == 1 or (isinstance(said := data.get("@type"), str) and said == "Person"):
            return classes[0] if len(classes) == 1 else Person
        if classes == (Person, Organization) or classes == (Organization, Person):
            return Organization if any(each.endswith(("Organization", "Corporation")) for each in _types(data)) else Person
        return classes[0]

    def article_type(self, data: JsonObject) -> str:
        known = [each for each in _types(data) if each in model.ARTICLE_TYPES]
        return next((each for each in known if each != "NewsArticle"), "NewsArticle")

    def wrong_type(self, data: JsonObject, classes: Iterable[type[typing.Any]], pointer: str) -> None:
        known = [name for kind in classes for name in _names(kind)]
        if "@type" in data and data["@type"] not in known:
            hint = _closest(str(data["@type"]), known) or f"use one of {', '.join(known)}"
            self.report("json-wrong-value", f"{_shown(data['@type'])} is no type of this", f"{pointer}.@type", hint)

    def unknown_keys(self, data: JsonObject, known: list[str], pointer: str) -> None:
        for key in data:
            if key not in known:
                hint = _closest(key, known) or f"remove it, or use one of {', '.join(known)}"
                self.report("json-unknown-key", f"unknown key {key!r}", f"{pointer}.{key}".lstrip("."), hint, Severity.WARNING)

    def field(self, data: Json, field: _Field, pointer: str) -> object:
        """Return the value of a field, or `None` when there is none."""
        if data is None:
            return () if field.many else None
        if self.linked and not isinstance(data, str):
            data = [_in_role(each, field) for each in data] if isinstance(data, list) else _in_role(data, field)
        if field.many:
            listed = data if isinstance(data, list) else [data]
            values = (self.value(each, field, f"{pointer}[{number}]") for number, each in enumerate(listed))
            return tuple(each for each in values if each is not None)
        if isinstance(data, list) and self.linked:
            data = data[0] if data else None
        return None if data is None else self.value(data, field, pointer)

    def value(self, data: Json, field: _Field, pointer: str) -> object:
        if field.classes:
            return self.make(data, field.classes, pointer)
        if self.linked and field.name == "sections" and isinstance(data, dict):
            data = data.get("name")
        if isinstance(data, str) and len(data) > _LONGEST:
            self.report("json-too-long", f"the text has {len(data)} characters", pointer, f"write at most {_LONGEST}")
            return None
        if self.linked and field.name == "body":
            return _body_from_text(data)
        try:
            found = _SCALARS[field.kind](data)
        except (ValueError, TypeError, OverflowError):
            found = None
        if found is None:
            wanted = _WANTED[field.kind]
            self.report("json-wrong-value", f"{_shown(data)} is not {wanted}", pointer, f"write {wanted}, or leave {field.key!r} out")
        return found


def _closest(given: str, known: list[str]) -> str:
    near = difflib.get_close_matches(given[:60], known, 1)
    return f"did you mean {near[0]!r}?" if near else ""


def _names(kind: type[typing.Any]) -> tuple[str, ...]:
    """Return what `@type` can be."""
    return model.ARTICLE_TYPES if kind is Article else model.MEDIA_TYPES if kind is Media else (_TYPES[kind],)


def _body_from_text(data: Json) -> str | None:
    from publisher.markup import from_text

    return from_text(data) if isinstance(data, str) else None


def _from_string(data: str, kind: type[typing.Any]) -> JsonObject:
    """Return the object that a bare string stands for in linked data."""
    if kind is Image or kind is Media:
        return {"contentUrl": data}
    if kind is model.Correction:
        return {"text": data}
    return {"url": data} if kind is Link and url(data) else {"name": data}


def _from_vocabulary(data: JsonObject) -> JsonObject:
    """Return an article's linked data with our fields in the place of what `_in_vocabulary` makes of them."""
    found = dict(data)
    if "locationCreated" in data and "dateline" not in data:
        place = data["locationCreated"]
        first = place[0] if isinstance(place, list) and place else place
        found["dateline"] = first.get("name") if isinstance(first, dict) else first or None
    contributors = data.get("contributor")
    listed = contributors if isinstance(contributors, list) else [contributors]
    if editors := [each for each in listed if _is_editor(each)]:
        found["editor"] = editors
        found["contributor"] = [each for each in listed if not _is_editor(each)]
    return found


def _is_editor(data: Json) -> bool:
    return isinstance(data, dict) and data.get("roleName") == "editor"


_NO_ROLES = ("Person", "Organization", "ImageObject", "CreativeWork")
"""What nearly all values are."""


def _in_role(data: Json, field: _Field) -> Json:
    """Return who a schema.org `Role` is about, which has the property again that it is the value of."""
    if not isinstance(data, dict) or data.get("@type") in _NO_ROLES or not any(each.endswith("Role") for each in _types(data)):
        return data
    return data.get(field.linked, data.get("contributor"))


def _types(data: JsonObject) -> list[str]:
    given = data.get("@type")
    return [each.rpartition("/")[2] for each in (given if isinstance(given, list) else [given]) if isinstance(each, str)]


def _shown(data: Json) -> str:
    text = repr(data)
    return text if len(text) <= 60 else f"{text[:57]}…"


def moment(value: datetime) -> datetime:
    """Return an aware moment as the model has it: whole seconds, an offset in whole minutes; naive means UTC."""
    offset = value.utcoffset() or timedelta()
    minutes = timedelta(minutes=round(offset.total_seconds() / 60))
    return value.replace(microsecond=0, fold=0, tzinfo=UTC if not minutes else timezone(minutes))


def begin(value: Date) -> datetime:
    """Return the moment at which a date begins: a day does at midnight in UTC."""
    return value if isinstance(value, datetime) else datetime.combine(value, time(), UTC)


def parse_date(value: str) -> Date | None:
    """Return the day or moment written as in ISO 8601, or `None`; a moment without offset is in UTC."""
    try:
        found = _iso(value.strip())
    except (ValueError, OverflowError):
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def _iso(value: str) -> Date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return moment(datetime.fromisoformat(value))


def seconds(value: str) -> int | None:
    """Return the whole seconds of a duration written as in ISO 8601, such as `PT1M23S`, or `None`."""
    found = _DURATION.fullmatch(value)
    if not found or not any(found.groups()):
        return None
    days, hours, minutes, rest = (int(each or 0) for each in found.groups())
    total = ((days * 24 + hours) * 60 + minutes) * 60 + rest
    return total if total <= _LARGEST else None


def _text(data: Json) -> str | None:
    return line(data) if isinstance(data, str) else None


def web_address(data: Json) -> str | None:
    """Return a URL made canonical when it is http or https, as that of a publication is, else `None`."""
    found = url(data) if isinstance(data, str) else None
    return found if found and found.startswith("http") else None


def email(data: Json) -> str | None:
    """Return an e-mail address when it can be one, else `None`."""
    return data if isinstance(data, str) and _EMAIL.fullmatch(data) else None


def _integer(data: Json) -> int | None:
    if isinstance(data, str) and _INTEGER.fullmatch(data):
        data = int(data)
    return data if isinstance(data, int) and not isinstance(data, bool) and 0 <= data <= _LARGEST else None


def _degrees(limit: int) -> Callable[[Json], float | None]:
    def degrees(data: Json) -> float | None:
        if isinstance(data, str) and _NUMBER.fullmatch(data):
            data = float(data)
        number = float(data) if isinstance(data, int | float) and not isinstance(data, bool) else None
        return number + 0.0 if number is not None and isfinite(number) and abs(number) <= limit else None

    return degrees


def _boolean(data: Json) -> bool | None:
    if isinstance(data, bool):
        return data
    return {"true": True, "false": False}.get(str(data).rpartition("/")[2].lower())


def _match(pattern: re.Pattern[str]) -> Callable[[Json], str | None]:
    return lambda data: data if isinstance(data, str) and pattern.fullmatch(data) else None


def _body(data: Json) -> str | None:
    from publisher.markup import clean

    return clean(data) if isinstance(data, str) else None


_WANTED = {
    "str": "text",
    "int": "a whole number from 0 up",
    "bool": "true or false",
    "latitude": "a number from -90 to 90",
    "longitude": "a number from -180 to 180",
    "url": "a whole URL, such as https://example.org/",
    "web address": "an address on the web, such as https://example.org/",
    "language": "a language tag, such as en or pt-BR",
    "media type": "a media type, such as image/jpeg",
    "digest": "a SHA-256 digest",
    "e-mail address": "an e-mail address",
    "duration": "a duration, such as PT18S",
    "date": "a date, such as 2018-10-24 or 2018-10-24T08:00:00+01:00",
    "body": "HTML",
}
_SCALARS: Mapping[str, Callable[[Json], object]] = {
    "str": _text,
    "int": _integer,
    "bool": _boolean,
    "latitude": _degrees(90),
    "longitude": _degrees(180),
    "url": lambda data: url(data) if isinstance(data, str) else None,
    "web address": web_address,
    "language": lambda data: language(data) if isinstance(data, str) else None,
    "media type": lambda data: media_type(data) if isinstance(data, str) else None,
    "digest": _match(_DIGEST),
    "e-mail address": email,
    "duration": lambda data: seconds(data.strip()) if isinstance(data, str) else None,
    "date": lambda data: parse_date(data) if isinstance(data, str) else None,
    "body": _body,
}


# -- the JSON Schema ------------------------------------------------------------------------------------------------------

_JSON_TYPES: Mapping[str, JsonObject] = {
    "str": {"type": "string", "minLength": 1},
    "int": {"type": "integer", "minimum": 0},
    "bool": {"type": "boolean"},
    "latitude": {"type": "number", "minimum": -90, "maximum": 90},
    "longitude": {"type": "number", "minimum": -180, "maximum": 180},
    "url": {"type": "string", "format": "uri"},
    "web address": {"type": "string", "format": "uri", "description": "http or https"},
    "language": {"type": "string", "description": "BCP 47"},
    "media type": {"type": "string", "pattern": "^[^/]+/[^/]+$"},
    "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "e-mail address": {"type": "string", "format": "email"},
    "duration": {"type": "string", "pattern": "^P", "description": "ISO 8601"},
    "date": {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]},
    "body": {"type": "string", "description": "a well-formed XHTML fragment"},
}


def json_schema() -> JsonObject:
    """Return the JSON Schema (draft 2020-12) of the JSON spelling."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Publisher: a publication and its articles",
        "type": "object",
        "required": ["publication", "articles"],
        "properties": {
            "publication": {"$ref": "#/$defs/Periodical"},
            "articles": {"type": "array", "items": {"$ref": "#/$defs/NewsArticle"}},
        },
        "$defs": {name: _object_schema(name, kind) for name, kind in _CLASSES.items()},
    }


def _object_schema(name: str, kind: type[typing.Any]) -> JsonObject:
    required: list[Json] = ["@type", *(field.key for field in _fields(kind) if field.required)]
    properties: JsonObject = {"@type": {"enum": [*_names(kind)]}, **{field.key: _field_schema(field) for field in _fields(kind)}}
    described = (kind.__doc__ or "").partition("\n")[0]
    return {"description": described, "type": "object", "required": required, "properties": properties, "additionalProperties": False}


def _field_schema(field: _Field) -> JsonObject:
    one = _classes_schema(field.classes) if field.classes else _JSON_TYPES[field.kind]
    return {"type": "array", "items": one} if field.many else one


def _classes_schema(classes: tuple[type, ...]) -> JsonObject:
    references: list[JsonObject] = [{"$ref": f"#/$defs/{_TYPES[each]}"} for each in classes]
    return references[0] if len(references) == 1 else {"anyOf": [*references]}


# -- JSON text ------------------------------------------------------------------------------------------------------------

_UNSAFE_IN_MARKUP = tuple((each, f"\\u{ord(each):04x}") for each in "<>&\u2028\u2029")


def to_text(document: Json, *, indent: int | None = 2) -> str:
    """Return JSON text (RFC 8259), indented for people; with `indent=None` on one line."""
    if indent:
        return _indented(document, "\n", " " * indent)
    return _on_one_line(document)


_on_one_line = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def _indented(value: Json, line_end: str, step: str) -> str:
    """Return what `json.dumps` does, which leaves C when it indents (3.11)."""
    if isinstance(value, str):
        return quoted(value)
    inner = line_end + step
    if isinstance(value, dict) and value:
        members = [f"{quoted(name)}: {_indented(each, inner, step)}" for name, each in value.items()]
        return f"{{{inner}{f',{inner}'.join(members)}{line_end}}}"
    if isinstance(value, list | tuple) and value:
        return f"[{inner}{f',{inner}'.join([_indented(each, inner, step) for each in value])}{line_end}]"
    return json.dumps(value)


quoted: Callable[[str], str] = encode_basestring
"""Return JSON's string of a text."""


def to_script(document: Json) -> str:
    """Return JSON text that means the same inside a `script` element of HTML and of XHTML.

    HTML Standard, 4.12.1.3: no character of it can end the element or begin a comment; XML needs no CDATA section either.
    """
    text = to_text(document, indent=None)
    for character, escaped in _UNSAFE_IN_MARKUP:  # far faster than translate
        text = text.replace(character, escaped)
    return text


def from_text(text: str | bytes, loads: Callable[[str | bytes], Json] = json.loads) -> Json:
    """Return what JSON text says, to `loads`; raise `Unreadable` with the line when it is not JSON."""
    try:
        return parsed(loads, text, "JSON", is_bracketed=_has_brackets(text))
    except UnicodeDecodeError as error:
        raise Unreadable(
            problem("json-not-utf-8", Severity.ERROR, f"this JSON is not UTF-8: {error.reason}", hint="save it as UTF-8")
        ) from None
    except json.JSONDecodeError as error:
        message = f"this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        raise Unreadable(
            problem("json-malformed", Severity.ERROR, message, hint="check that the file is complete", line=error.lineno)
        ) from None
    except ValueError:  # sys.set_int_max_str_digits
        message = "this is not JSON that anybody can read: a number has thousands of digits"
        raise Unreadable(problem("json-malformed", Severity.ERROR, message, hint="check where it comes from")) from None


def _has_brackets(text: str | bytes) -> bool:
    """Return whether JSON has so many brackets that it can be nested too deep."""
    count = text.count("{") + text.count("[") if isinstance(text, str) else text.count(b"{") + text.count(b"[")
    return count > _DEEPEST


def parsed(parse: Callable[[Text], Value], text: Text, language: str, *, is_bracketed: bool = True) -> Value:
    """Return what `parse` makes of `text`; raise `Unreadable` when that is nested so deep that Python could not walk through it.

    `language` is what it is written in, such as `JSON`; without brackets enough (`is_bracketed`) it need not be looked through.
    """
    try:
        found = parse(text)
        if not is_bracketed or not _is_too_deep(found):
            return found
    except RecursionError:
        pass
    message = f"this {language} is nested too deep"
    raise Unreadable(problem(f"{language.lower()}-too-deep", Severity.ERROR, message, hint="check where it comes from"))


def _is_too_deep(document: object) -> bool:
    """Return whether more lists and objects than `_DEEPEST` are in each other; looks level by level, without recursion."""
    level: list[dict[str, object] | list[object]] = [document] if isinstance(document, dict | list) else []
    for _ in range(_DEEPEST):
        inside = (each.values() if isinstance(each, dict) else each for each in level)
        level = [each for values in inside for each in values if isinstance(each, dict | list)]
        if not level:
            return False
    return True
