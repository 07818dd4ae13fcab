"""One shape for all versions of ninjs: the names of 3.x in small letters, which are those of 2.x, with the lists that both have.

In 1.x several headlines, bodies and descriptions are properties called `body_…`, and renditions and associations are objects by name.
"""

from __future__ import annotations

import re

from publisher.schema import Json, JsonObject

__all__ = ["modern", "version"]

_RENAMED = {
    "$standard": "standard",
    "byline": "by",
    "embargoed": "embargoeduntil",
    "event": "events",
    "genre": "genres",
    "geometry_geojson": "geojson",
    "infosource": "infosources",
    "mimetype": "contenttype",
    "object": "objects",
    "organisation": "organisations",
    "person": "people",
    "place": "places",
    "subject": "subjects",
    "trustindicator": "trustindicators",
}
_MANY = re.compile(r"(headline|description|body)_(.+)")
_LISTS = {"headline": "headlines", "description": "descriptions", "body": "bodies"}
_MARKUP = re.compile(r"x?html", re.IGNORECASE)
_CAMEL = re.compile(r"[a-z][A-Z]")


def version(document: JsonObject) -> int:
    """Return the major version that an item is written in: as it says, else as its names tell; 3 when nothing tells."""
    standard = document.get("standard", document.get("$standard"))
    said = standard.get("version") if isinstance(standard, dict) else None
    if isinstance(said, str) and said[:1] in ("1", "2", "3"):
        return int(said[0])
    if any(_CAMEL.search(name) for name in document):
        return 3
    if any(_MANY.fullmatch(name) or name in ("headline", "byline") for name in document):
        return 1
    return 2 if {"versioncreated", "pubstatus", "representationtype", "copyrightnotice", "infosources"} & document.keys() else 3


def modern(document: JsonObject) -> JsonObject:
    """Return an item with the names of 3.x in small letters, whatever version it is written in."""
    return _item({name: _lowered(value) for name, value in document.items()})


def _lowered(value: Json) -> Json:
    """Return a value in which each object has the names that it has in 3.x, in small letters."""
    if isinstance(value, dict):
        return {_RENAMED.get(name.lower(), name.lower()): _lowered(each) for name, each in value.items()}
    return [_lowered(each) for each in value] if isinstance(value, list) else value


def _item(members: JsonObject) -> JsonObject:
    found: JsonObject = {}
    for name, value in members.items():
        name = _RENAMED.get(name.lower(), name.lower())
        if name in _LISTS or _MANY.fullmatch(name):
            _add_text(found, name, value)
        elif name in ("renditions", "altids") and isinstance(value, dict):
            found[name] = _listed(value, "name" if name == "renditions" else "role")
        elif name == "associations":
            found[name] = [_item(each) for each in _associations(value)]
        elif isinstance(value, list) and isinstance(found.get(name), list):
            found[name] = [*_list(found[name]), *value]
        else:
            found[name] = value
    return found


def _add_text(found: JsonObject, name: str, value: Json) -> None:
    """Add one text of 1.x to the list that 3.x has of its kind."""
    kind, _, role = name.partition("_")
    texts = found.setdefault(_LISTS[kind], [])
    if isinstance(value, str) and isinstance(texts, list):
        medium = "text/html" if _MARKUP.search(role) else "text/plain" if role in ("", "text") else None
        texts.append({"role": role or "main", "value": value, **({"contenttype": medium} if medium else {})})


def _associations(value: Json) -> list[JsonObject]:
    listed = _listed(value, "name") if isinstance(value, dict) else _list(value)
    return [each for each in listed if isinstance(each, dict)]


def _listed(value: JsonObject, key: str) -> list[Json]:
    """Return the members of an object as a list, each with its name under `key`."""
    return [{key: name, **each} if isinstance(each, dict) else {key: name, "value": each} for name, each in value.items()]


def _list(value: Json) -> list[Json]:
    return list(value) if isinstance(value, list) else []
