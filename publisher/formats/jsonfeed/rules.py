"""What must hold for JSON Feed 1.1, as rules: the specification sentence by sentence, JSON itself, and what readers do.

Sources, read 2026-11-24: https://www.jsonfeed.org/version/1.1/, RFC 8259 (JSON), RFC 3339, BCP 47;
what readers do was measured with reader 3.26 and miniflux 2.2.6. There is no other validator of this format to agree with.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from publisher import schema
from publisher.feedrules import repair, values
from publisher.feedrules.texts import Html, garbled, html_of, looks_like_html, title_like_html
from publisher.keys import closest
from publisher.linked import reading
from publisher.places import JsonPlaces, Path
from publisher.problems import Finding, Location, Problem, Rule, Severity, Unreadable, asked, problem, rule, rules_in, shown
from publisher.schema import Json, JsonObject

__all__ = ["RULES", "check", "fix", "parsed_and_checked"]

_SPEC = "https://www.jsonfeed.org/version/1.1/"
_TOP, _ITEMS, _ATTACHMENTS = f"{_SPEC}#top-level", f"{_SPEC}#items", f"{_SPEC}#attachments"
_EXTENSIONS, _HUBS, _ADVICE = f"{_SPEC}#extensions", f"{_SPEC}#hubs", f"{_SPEC}#suggestions-for-publishers"
_JSON = "https://www.rfc-editor.org/rfc/rfc8259"
_BOM = "\ufeff"
_MOST = 100
_SHOWN = 60
_LARGE = 1_000_000

_FEED_MEMBERS: Mapping[str, type] = {
    **dict.fromkeys(("version", "title", "home_page_url", "feed_url", "description", "user_comment", "next_url"), str),
    **dict.fromkeys(("icon", "favicon", "language"), str),
    **dict.fromkeys(("authors", "hubs", "items"), list),
    "author": dict,
    "expired": bool,
}
_ITEM_MEMBERS: Mapping[str, type] = {
    **dict.fromkeys(("url", "external_url", "title", "content_html", "content_text", "summary", "image", "banner_image"), str),
    **dict.fromkeys(("date_published", "date_modified", "language"), str),
    **dict.fromkeys(("authors", "tags", "attachments"), list),
    "author": dict,
    "id": object,
}
_AUTHOR_MEMBERS: Mapping[str, type] = dict.fromkeys(("name", "url", "avatar"), str)
_HUB_MEMBERS: Mapping[str, type] = dict.fromkeys(("type", "url"), str)
_ATTACHMENT_MEMBERS: Mapping[str, type] = {
    **dict.fromkeys(("url", "mime_type", "title"), str),
    **dict.fromkeys(("size_in_bytes", "duration_in_seconds"), float),
}
_KINDS = {str: "a string", list: "a list", dict: "an object", bool: "true or false", float: "a number"}
_ADDRESSES = {
    *("home_page_url", "feed_url", "next_url", "icon", "favicon", "url", "external_url", "image", "banner_image", "avatar"),
}
_SCRIPTS = ("script", "style", "applet", "meta", "base", "link", "html", "head", "body")
_PAIRED = ("a", "b", "strong", "i", "em", "div", "span", "ul", "ol", "blockquote", "table", "h1", "h2", "h3", "h4", "pre", "code")


class _Members(dict[str, Any]):
    """An object of JSON that remembers which of its members were there before."""

    repeated: tuple[str, ...] = ()


class _Feed:
    """A feed as its rules see it: every object with the way to it."""

    def __init__(self, body: bytes, text: str) -> None:
        self.body = body
        self.repeated = False
        self.data: Json = schema.from_text(text, partial(json.loads, object_pairs_hook=self._members, parse_constant=_refused))
        data = self.data
        self.top: JsonObject = data if isinstance(data, dict) else {}

    def _members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            self.repeated, found = True, _Members(found)
            found.repeated = tuple(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        return found

    @cached_property
    def items(self) -> list[tuple[Path, JsonObject]]:
        return list(_objects(self.top, (), "items"))

    @cached_property
    def people(self) -> list[tuple[Path, JsonObject]]:
        listed = [found for path, each in self.heads for found in _objects(each, path, "authors")]
        single = (((*path, "author"), each.get("author")) for path, each in self.heads)
        return listed + [(path, author) for path, author in single if isinstance(author, dict)]

    @cached_property
    def attachments(self) -> list[tuple[Path, JsonObject]]:
        return [found for path, item in self.items for found in _objects(item, path, "attachments")]

    @cached_property
    def hubs(self) -> list[tuple[Path, JsonObject]]:
        return list(_objects(self.top, (), "hubs"))

    @cached_property
    def heads(self) -> list[tuple[Path, JsonObject]]:
        """The feed itself and its items."""
        return [((), self.top), *self.items]

    @cached_property
    def kinds(self) -> list[tuple[Path, JsonObject, Mapping[str, type]]]:
        """Every object with the members that it may have."""
        parts = ((self.items, _ITEM_MEMBERS), (self.people, _AUTHOR_MEMBERS), (self.hubs, _HUB_MEMBERS))
        found = [((), self.top, _FEED_MEMBERS), *((path, each, kind) for objects, kind in parts for path, each in objects)]
        return [*found, *((path, each, _ATTACHMENT_MEMBERS) for path, each in self.attachments)]

    @cached_property
    def html(self) -> list[tuple[Path, Html]]:
        return [((*path, "content_html"), html_of(text)) for path, item in self.items if (text := _string(item, "content_html"))]


def _refused(word: str) -> None:
    """Refuse NaN and Infinity, which Python reads and JSON does not have."""
    raise Unreadable(problem("json-malformed", Severity.ERROR, f"{word} is no JSON", spec=_JSON))


def _objects(members: JsonObject, path: Path, name: str) -> Iterator[tuple[Path, JsonObject]]:
    value = members.get(name)
    if isinstance(value, list):
        yield from (((*path, name, number), each) for number, each in enumerate(value) if isinstance(each, dict))


def _string(members: JsonObject, name: str) -> str:
    value = members.get(name)
    return value if isinstance(value, str) else ""


def check(body: bytes) -> list[Problem]:
    """Return what is wrong with the feed; never raise."""
    return parsed_and_checked(body)[1]


def parsed_and_checked(body: bytes) -> tuple[Json, list[Problem]]:
    """Return the feed, `None` when it is no JSON, and what is wrong with it."""
    try:
        text = _decoded(body).removeprefix(_BOM)
        feed = _Feed(body, text)
    except Unreadable as error:
        return None, [_explained(each, body) for each in error.problems]
    places = _Places(text)
    return feed.data, [found for each in asked(RULES) for found in each.first(feed, places, _MOST)]


class _Places(JsonPlaces):
    """Finds values in JSON without a fault, and the whole of it without looking for all that is in it."""

    def __call__(self, where: object) -> Location:
        if where != ():
            return super().__call__(where)
        line, column = self.at(len(self._text) - len(self._text.lstrip()))
        return Location(line=line, column=column)


_FAULTS = {
    "empty": ("there is nothing in it", "write the feed into it"),
    "trailing comma": ("a comma stands before {}", "take the last comma away"),
    "comma missing": ("there is no comma before {}", "put a comma before it"),
    "value missing": ("a value is missing before {}", "write the value, or leave the name out, too"),
    "quotes": ("{} is in quotes that JSON does not have", 'use straight double quotes: "'),
    "quote": ("a quotation mark stands in a text: {}", r"write \" for a quotation mark in a text"),
    "unquoted": ("{} is not in quotes", "put it in double quotes, or write true, false or null"),
    "comment": ("{} is a comment", "take it away: JSON has none"),
    "control character": ("a line break, a tab or the like stands in a text", r"write a line break as \n and a tab as \t"),
    "escape": ("{} is no escape of JSON", r"write \\ for a backslash, and other characters as they are"),
    "not a number": ("{} is no number of JSON", "leave the member out"),
    "number": ("{} is no number of JSON", "write digits without leading zeros, as in 7 or 0.5"),
    "literal": ("{} is no value of JSON", "write true, false or null"),
    "second value": ("a second object follows the first", "put everything into one object"),
    "semicolon": ("a semicolon follows it", "take the semicolon away"),
    "trailing text": ("{} follows it", "take away what follows the feed"),
    "unclosed": ("{} is never closed", "close it, or check whether the file was cut short"),
    "unclosed string": ("the text {} is never closed", "close it, or check whether the file was cut short"),
    "colon missing": ("there is no colon before {}", 'write "name": value'),
    "malformed": ("{} stands where it cannot", r"write \" for a quotation mark in a text, and put everything else in its place"),
}
"""What a fault is and what to do about it; `{}` is what was found."""


def _explained(found: Problem, body: bytes) -> Problem:
    """Return a problem of JSON with the place and the words of the reader that knows what people write instead."""
    if found.code != "json-malformed":
        return found
    try:
        text = _decoded(body)
    except Unreadable:
        return found
    text = text.removeprefix(_BOM)
    fault = next((each for each in reading.read(text)[1] if each.kind in _FAULTS), None)
    if not fault:
        return found
    message, hint = _FAULTS[fault.kind]
    if text.lstrip()[:1] == "<":
        message, hint = "it begins with {}, as XML or a page does", "look at what the program that makes the feed prints"
    before = text[: fault.offset]
    place = replace(found.location, line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))
    return replace(found, message=f"this is not JSON: {message.replace('{}', shown(fault.found))}", hint=hint, location=place)


def _spelled(value: Json) -> str:
    """Return a value for a message as JSON has it, of a long one its beginning."""
    if isinstance(value, str):
        return shown(value)
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def fix(body: bytes, problems: Iterable[Problem]) -> bytes:
    """Return the feed with those of its problems repaired that have one sure repair, and all else byte for byte as it was."""
    problems = list(problems)
    if any(each.code == "jsonfeed-byte-order-mark" for each in problems) and body.startswith(codecs.BOM_UTF8):
        return fix(body.removeprefix(codecs.BOM_UTF8), (each for each in problems if each.code != "jsonfeed-byte-order-mark"))
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return body
    found = (_edit(text, each) for each in problems if each.code in _REPAIRS)
    return repair.applied(body, filter(None, found))


def _edit(text: str, found: Problem) -> repair.Edit | None:
    """Return the edit that repairs the member at a problem's place: `"name": value`."""
    start = sum(map(len, text.split("\n")[: found.location.line - 1])) + found.location.line - 1 + found.location.column - 1
    member = _MEMBER.match(text, start)
    if not member:
        return None
    value, end = _DECODER.raw_decode(text, member.end())
    new = _REPAIRS[found.code](value, text[member.end() : end])
    if new is None:
        return None
    name = '"authors"' if found.code == "jsonfeed-author-deprecated" else member[1]
    spelled = f"{name}{text[member.end(1) : member.end()]}{new}"
    first = len(text[:start].encode())
    return repair.Edit(first, first + len(text[start:end].encode()), spelled.encode())


def _stripped(value: Json, _: str) -> str | None:
    return schema.to_text(value.strip()) if isinstance(value, str) and value != value.strip() else None


_MEMBER = re.compile(r'("(?:[^"\\]++|\\.)*+")\s*:\s*')
_DECODER = json.JSONDecoder()
_REPAIRS: Mapping[str, Callable[[Json, str], str | None]] = {
    "jsonfeed-id-not-a-string": lambda value, text: f'"{text}"' if isinstance(value, int) and not isinstance(value, bool) else None,
    "jsonfeed-id-with-space": _stripped,
    "jsonfeed-url-malformed": _stripped,
    "jsonfeed-author-deprecated": lambda value, text: f"[{text}]" if isinstance(value, dict) else None,
}


def _decoded(body: bytes) -> str:
    """Return the text, in the encoding that RFC 4627 tells by its first bytes; raise `Unreadable` when it has none."""
    try:
        return body.decode(json.detect_encoding(body[:4]).removesuffix("-sig"))
    except UnicodeDecodeError as error:
        message = f"this is not {error.encoding.upper()}: byte {error.start} is {body[error.start]:#04x}"
        raise Unreadable(problem("json-malformed", Severity.ERROR, message, hint="write the file in UTF-8", spec=_JSON)) from None


# -- the feed -------------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=_TOP, hint='write "version": "https://jsonfeed.org/version/1.1"')
def jsonfeed_version(feed: _Feed) -> Iterator[Finding]:
    """Readers find out by the version that this is a JSON Feed."""
    if not re.fullmatch(r"https?://(www\.)?jsonfeed\.org/version/1(\.1)?/?", _string(feed.top, "version")):
        version = feed.top.get("version")
        yield Finding(message="there is no version" if version is None else f"the version is {_spelled(version)}", where=("version",))


@rule(Severity.INFO, spec=_TOP, hint="write the version first")
def jsonfeed_version_late(feed: _Feed) -> Iterator[Finding]:
    """Who looks at the beginning of a file to find out what it is finds the version there, if it is at the very top."""
    if "version" in feed.top and next(iter(feed.top)) != "version":
        yield Finding(message="the version is not at the top", where=("version",))


@rule(Severity.ERROR, spec=_TOP, hint="name the feed")
def jsonfeed_title_missing(feed: _Feed) -> Iterator[Finding]:
    """The title is what a reader shows in its list of feeds."""
    if not _string(feed.top, "title").strip():
        yield Finding(message="the feed has no title", where=("title",))


@rule(Severity.ERROR, spec=_ITEMS, hint='write "items": [], or the items')
def jsonfeed_items_missing(feed: _Feed) -> Iterator[Finding]:
    """A feed has a list of items, which may be empty."""
    if not isinstance(feed.top.get("items"), list):
        yield Finding(message="there is no list of items", where=("items",))


@rule(Severity.INFO, spec=_ITEMS, hint="check that this is the feed you mean")
def jsonfeed_items_empty(feed: _Feed) -> Iterator[Finding]:
    """A feed without items is valid, and mostly a fault of the program that wrote it."""
    if feed.top.get("items") == []:
        yield Finding(message="the feed has no items", where=("items",))


@rule(Severity.WARNING, spec=_TOP, hint="add home_page_url")
def jsonfeed_home_missing(feed: _Feed) -> Iterator[Finding]:
    """On the public web the page that a feed belongs to should be considered required: readers open it and look there for an icon."""
    if feed.top and "home_page_url" not in feed.top:
        yield Finding(message="the feed has no home_page_url", where=())


@rule(Severity.WARNING, spec=_TOP, hint="add feed_url")
def jsonfeed_address_missing(feed: _Feed) -> Iterator[Finding]:
    """The feed's own address is its identifier, so on the public web it should be considered required; WebSub needs it."""
    if feed.top and "feed_url" not in feed.top:
        yield Finding(message="the feed has no feed_url", where=())


@rule(Severity.ERROR, spec=_TOP, hint="write the address of the next page, or leave it out")
def jsonfeed_next_itself(feed: _Feed) -> Iterator[Finding]:
    """A next page that is this one never ends."""
    if feed.top.get("next_url") is not None and feed.top.get("next_url") == feed.top.get("feed_url"):
        yield Finding(message="next_url is the same as feed_url", where=("next_url",))


@rule(Severity.INFO, spec=_ADVICE, hint="add icon (512 pixels square) or favicon (64 or more)")
def jsonfeed_icon_missing(feed: _Feed) -> Iterator[Finding]:
    """Without an icon readers fetch the home page and /favicon.ico to find one, again and again."""
    if feed.top and not {"icon", "favicon"} & set(feed.top):
        yield Finding(message="the feed has neither icon nor favicon", where=())


@rule(Severity.ERROR, spec=_HUBS, hint='write {"type": "WebSub", "url": "https://…"}')
def jsonfeed_hub_incomplete(feed: _Feed) -> Iterator[Finding]:
    """A hub has a type and an address; both are needed to subscribe."""
    for path, hub in feed.hubs:
        for name in ("type", "url"):
            if not _string(hub, name):
                yield Finding(message=f"the hub has no {name}", where=(*path, name))


# -- JSON itself ----------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=f"{_JSON}#section-8.1", hint="save the file without a byte order mark")
def jsonfeed_byte_order_mark(feed: _Feed) -> Iterator[Finding]:
    """A byte order mark in front is no JSON: most parsers, JavaScript's among them, refuse the feed."""
    if feed.body.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        yield Finding(message="the file begins with a byte order mark", where=())


@rule(Severity.WARNING, spec=_ADVICE, hint="save the file in UTF-8")
def jsonfeed_not_utf_8(feed: _Feed) -> Iterator[Finding]:
    """JSON that others read is in UTF-8; few readers know its other encodings."""
    if (encoding := json.detect_encoding(feed.body[:4])) not in ("utf-8", "utf-8-sig"):
        yield Finding(message=f"the encoding is {encoding.upper()}", where=())


@rule(Severity.WARNING, spec=f"{_JSON}#section-4", hint="keep one of them")
def jsonfeed_name_repeated(feed: _Feed) -> Iterator[Finding]:
    """Of two members of one name parsers keep the last, the first or none."""
    if feed.repeated:
        for path, each in _repeating(feed.data, ()):
            yield from (Finding(message=f"the member {name!r} is there twice", where=(*path, name)) for name in each.repeated)


def _repeating(value: Any, path: Path) -> Iterator[tuple[Path, _Members]]:
    if isinstance(value, _Members):
        yield path, value
    parts: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in parts:
        if isinstance(each, dict | list):
            yield from _repeating(each, (*path, key))


@rule(Severity.INFO, spec=_ADVICE, hint="keep the newest items, and put older ones behind next_url")
def jsonfeed_too_large(feed: _Feed) -> Iterator[Finding]:
    """A feed of 1 MB is a burden on readers, which fetch all of it each time; under 100 kB is ideal, 250 kB fine."""
    if len(feed.body) > _LARGE:
        yield Finding(message=f"the feed has {len(feed.body) / 1e6:.1f} MB", line=1)


@rule(Severity.ERROR, spec=_TOP, hint="write it as the specification has it")
def jsonfeed_type_wrong(feed: _Feed) -> Iterator[Finding]:
    """A member has one kind of value; reader and miniflux refuse the whole feed for one that has another."""
    for path, members, kinds in feed.kinds:
        for name, value in members.items():
            wanted = kinds.get(name, object)
            if value is not None and not _is_a(value, wanted):
                yield Finding(message=f"{name} is {_spelled(value)}, not {_KINDS[wanted]}", where=(*path, name))
            elif isinstance(value, list) and name in ("items", "authors", "hubs", "attachments", "tags"):
                inner: type = str if name == "tags" else dict
                yield from _wrong_parts(value, inner, (*path, name))


def _wrong_parts(values_: list[Json], wanted: type, path: Path) -> Iterator[Finding]:
    for number, each in enumerate(values_):
        if not isinstance(each, wanted):
            yield Finding(message=f"{_spelled(each)} is not {_KINDS[wanted]}", where=(*path, number))


def _is_a(value: Json, wanted: type) -> bool:
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, wanted)


@rule(Severity.WARNING, spec=_TOP, hint="leave the member out")
def jsonfeed_null(feed: _Feed) -> Iterator[Finding]:
    """null is no string and no list; strict readers refuse the feed, others show the word."""
    for path, members, kinds in feed.kinds:
        for name, value in members.items():
            if value is None and name in kinds and name not in ("id", "version", "title", "items"):
                yield Finding(message=f"{name} is null", where=(*path, name))


@rule(Severity.ERROR, spec=_EXTENSIONS, hint="correct the name; names of your own begin with an underscore and a letter")
def jsonfeed_member_unknown(feed: _Feed) -> Iterator[Finding]:
    """Readers ignore members that the format does not have, so a misspelt one says nothing to anybody."""
    for path, members, kinds in feed.kinds:
        for name in members:
            if name not in kinds and not name.startswith("_"):
                by_case = {each.replace("_", ""): each for each in kinds}
                near = by_case.get(name.casefold().replace("_", "").replace("-", ""))
                hint = f"did you mean {near!r}?" if near else closest(name, kinds)
                yield Finding(message=f"there is no member {shown(name)}", where=(*path, name), hint=hint)


@rule(Severity.ERROR, spec=_EXTENSIONS, hint="begin with an underscore and a letter, without dots")
def jsonfeed_extension_name(feed: _Feed) -> Iterator[Finding]:
    """The names of extensions begin with an underscore and a letter; neither they nor their members have dots."""
    for path, members, _ in feed.kinds:
        for name, value in members.items():
            if name.startswith("_"):
                if not name[1:2].isalpha() or "." in name:
                    yield Finding(message=f"the extension is called {shown(name)}", where=(*path, name))
                inner = value if isinstance(value, dict) else {}
                yield from (
                    Finding(message=f"a member is called {shown(each)}", where=(*path, name, each)) for each in inner if "." in each
                )


@rule(Severity.INFO, spec=_EXTENSIONS, hint="add about, the address of a page that explains it")
def jsonfeed_extension_unexplained(feed: _Feed) -> Iterator[Finding]:
    """People who look at a feed find out from about what an extension is for; once in a feed is enough."""
    first: dict[str, Path] = {}
    explained: set[str] = set()
    for path, members, _ in feed.kinds:
        for name, value in members.items():
            if name.startswith("_"):
                first.setdefault(name, (*path, name))
                explained |= {name} if isinstance(value, dict) and "about" in value else set()
    yield from (Finding(message=f"{name} has no about", where=path) for name, path in first.items() if name not in explained)


# -- items ----------------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=_ITEMS, hint="give the item an id that never changes")
def jsonfeed_id_missing(feed: _Feed) -> Iterator[Finding]:
    """By the id a reader knows what it has shown already; miniflux and reader leave an item without one out."""
    for path, item in feed.items:
        if item.get("id") in (None, "") or (isinstance(item["id"], str) and item["id"].isspace()):
            yield Finding(message="the item has no id", where=(*path, "id"))


@rule(Severity.WARNING, spec=_ITEMS, hint="write the id as a string")
def jsonfeed_id_not_a_string(feed: _Feed) -> Iterator[Finding]:
    """Readers have to make a string of other ids, each in its own way."""
    for path, item in feed.items:
        if item.get("id") is not None and not isinstance(item["id"], str):
            yield Finding(message=f"the id is {_spelled(item['id'])}", where=(*path, "id"))


@rule(Severity.WARNING, spec=_ITEMS, hint="give each article an id of its own")
def jsonfeed_id_repeated(feed: _Feed) -> Iterator[Finding]:
    """Two items with one id are one item for a reader, which shows only one of them."""
    seen: set[str] = set()
    for path, item in feed.items:
        identifier = item.get("id")
        if isinstance(identifier, str | int | float) and identifier != "":
            if str(identifier) in seen:
                yield Finding(message=f"the id {_spelled(identifier)} is there already", where=(*path, "id"))
            seen.add(str(identifier))


@rule(Severity.WARNING, spec=_ITEMS, hint="leave the white space out")
def jsonfeed_id_with_space(feed: _Feed) -> Iterator[Finding]:
    """Some readers take white space around an id away, others keep it: for them it is another item."""
    for path, item in feed.items:
        if (identifier := _string(item, "id")) != identifier.strip() and identifier.strip():
            yield Finding(message=f"the id {shown(identifier)} has white space around it", where=(*path, "id"))


@rule(Severity.WARNING, spec=_ITEMS, hint="add the url of the page")
def jsonfeed_url_missing(feed: _Feed) -> Iterator[Finding]:
    """The url is the permalink, and should be present also when it is the id: readers open it and share it."""
    for path, item in feed.items:
        if "url" not in item and "external_url" not in item and not item.get("attachments"):
            yield Finding(message="the item has no url", where=path)


@rule(Severity.ERROR, spec=_ITEMS, hint="add content_html, or content_text when there is no markup")
def jsonfeed_content_missing(feed: _Feed) -> Iterator[Finding]:
    """An item has to have its content, as HTML or as text."""
    for path, item in feed.items:
        if item.get("content_html") is None and item.get("content_text") is None:
            yield Finding(message="the item has neither content_html nor content_text", where=path)


@rule(Severity.WARNING, spec=_ITEMS, hint="write the text, or the summary in it")
def jsonfeed_content_empty(feed: _Feed) -> Iterator[Finding]:
    """An item whose content is empty shows an empty page in miniflux and reader, even when it has a summary."""
    for path, item in feed.items:
        texts = [name for name in ("content_html", "content_text") if item.get(name) is not None]
        if texts and not any(_string(item, name).strip() for name in texts):
            yield Finding(message="the content is empty", where=(*path, texts[0]))


@rule(Severity.WARNING, spec=_ITEMS, hint="put markup into content_html")
def jsonfeed_plain_with_html(feed: _Feed) -> Iterator[Finding]:
    """The only place HTML is allowed is content_html: in titles, summaries and texts readers show the tags."""
    for path, members in feed.heads:
        for name in ("title", "summary", "content_text", "description"):
            if found := (title_like_html if name == "title" else looks_like_html)(_string(members, name)):
                yield Finding(message=f"there is {shown(found)} in {name}", where=(*path, name))


@rule(Severity.WARNING, spec=_ITEMS, hint="leave it out")
def jsonfeed_tag_empty(feed: _Feed) -> Iterator[Finding]:
    """An empty tag, or the same tag twice, gives readers a group without a name, or one entry in it twice."""
    for path, item in feed.items:
        seen: set[str] = set()
        tags = item.get("tags")
        for number, tag in enumerate(tags if isinstance(tags, list) else []):
            if isinstance(tag, str):
                if not tag.strip() or tag in seen:
                    yield Finding(message=f"the tag {shown(tag)} is empty or there already", where=(*path, "tags", number))
                seen.add(tag)


# -- values ---------------------------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec="https://www.rfc-editor.org/rfc/rfc3339#section-5.6", hint="write 2018-10-24T08:00:00+01:00")
def jsonfeed_date_malformed(feed: _Feed) -> Iterator[Finding]:
    """Dates are moments with an offset, as in RFC 3339; with others an item has no date, or no place in the list."""
    for path, item in feed.items:
        for name in ("date_published", "date_modified"):
            value = item.get(name)
            if isinstance(value, str) and (wrong := values.rfc_3339(_as_atom(value))):
                yield Finding(message=f"{shown(value)} is no moment: {wrong}", where=(*path, name))


def _as_atom(value: str) -> str:
    """Return a moment with the capital T and Z that Atom asks for and RFC 3339 does not (5.6)."""
    return f"{value[:10]}T{value[11:].upper()}" if value[10:11] in ("t", " ", "T") else value


@rule(Severity.INFO, spec=_ITEMS, hint="check which of both is right")
def jsonfeed_published_late(feed: _Feed) -> Iterator[Finding]:
    """An item that was published after its last change looks old to readers that sort by one date, new to others."""
    for path, item in feed.items:
        published, modified = _string(item, "date_published"), _string(item, "date_modified")
        if _day(published) > _day(modified) > "":
            yield Finding(message=f"date_published is {shown(published)}, date_modified {shown(modified)}", where=(*path, "date_published"))


def _day(text: str) -> str:
    """Return the day of a date as ISO 8601 has it, `""` when it is not known."""
    if re.match(r"\d{4}-\d\d-\d\d", text):
        return text[:10]
    found = repair.moment(text)
    return found.date().isoformat() if found else ""


@rule(Severity.ERROR, spec=_ITEMS, hint="write the whole address with https://")
def jsonfeed_url_malformed(feed: _Feed) -> Iterator[Finding]:
    """Addresses are absolute: a feed is read far from the site."""
    for path, members, _ in feed.kinds:
        for name, value in members.items():
            if name in _ADDRESSES and isinstance(value, str) and value and (wrong := values.address(value)):
                yield Finding(message=f"{shown(value)} is no absolute URL: {wrong}", where=(*path, name))


_LINKS = ("url", "external_url", "home_page_url", "feed_url", "next_url")


@rule(Severity.WARNING, spec="https://www.rfc-editor.org/rfc/rfc3986#section-7", hint="write an address with https://")
def jsonfeed_url_unsafe(feed: _Feed) -> Iterator[Finding]:
    """A link that is a script or carries its own page would run in the reader; careful ones drop it, so it leads nowhere."""
    for path, members, _ in feed.kinds:
        for name in _LINKS:
            if wrong := values.unsafe(_string(members, name)):
                yield Finding(message=f"{name} is {shown(members[name])}: {wrong}", where=(*path, name))


@rule(Severity.WARNING, spec=_ITEMS, hint="look at what makes the feed, and give it the site's address")
def jsonfeed_url_unlikely(feed: _Feed) -> Iterator[Finding]:
    """An address of the machine that the feed was made on, or with a word where a name was missing, leads readers nowhere."""
    for path, members, _ in feed.kinds:
        for name, value in members.items():
            if name in _ADDRESSES and isinstance(value, str) and (wrong := values.unlikely(value.strip())):
                yield Finding(message=f"{name} is {shown(value)}: {wrong}", where=(*path, name))


@rule(Severity.WARNING, spec=f"{_JSON}#section-8.1", hint="read the source as UTF-8, and write it as that")
def jsonfeed_text_garbled(feed: _Feed) -> Iterator[Finding]:
    """UTF-8 that was read as another encoding shows as signs like â€™; nobody can search for such words."""
    for path, members in feed.heads:
        for name in ("title", "summary", "description", "content_text", "content_html"):
            if found := garbled(_string(members, name)):
                yield Finding(message=f"there is {shown(found)} in {name}", where=(*path, name))


@rule(Severity.WARNING, spec=_ATTACHMENTS, hint="write the type of the file that is there")
def jsonfeed_media_type_contradicts(feed: _Feed) -> Iterator[Finding]:
    """By the type a player chooses what to do with a file: a recording that claims to be a film plays nowhere."""
    for path, attachment in feed.attachments:
        if wrong := values.other_kind(_string(attachment, "url"), _string(attachment, "mime_type")):
            yield Finding(message=f"the type is {shown(attachment['mime_type'])}: {wrong}", where=(*path, "mime_type"))


@rule(Severity.WARNING, spec=_TOP, hint="leave the member out")
def jsonfeed_url_empty(feed: _Feed) -> Iterator[Finding]:
    """An empty address leads nowhere; a reader that does not ask takes it for the feed's own, or shows a broken picture."""
    for path, members, kinds in feed.kinds:
        for name, value in members.items():
            if name in _ADDRESSES and name in kinds and value == "" and kinds not in (_ATTACHMENT_MEMBERS, _HUB_MEMBERS):
                yield Finding(message=f"{name} is empty", where=(*path, name))


@rule(Severity.ERROR, spec="https://www.rfc-editor.org/info/bcp47", hint="write a tag such as en or pt-BR")
def jsonfeed_language_unknown(feed: _Feed) -> Iterator[Finding]:
    """By the language readers choose voices, fonts, hyphenation and translation."""
    for path, members in feed.heads:
        value = members.get("language")
        if isinstance(value, str) and values.language(value):
            yield Finding(message=f"{shown(value)} is no language tag", where=(*path, "language"))


# -- authors and attachments ----------------------------------------------------------------------------------------------


@rule(Severity.ERROR, spec=_TOP, hint="add name, url or avatar")
def jsonfeed_author_empty(feed: _Feed) -> Iterator[Finding]:
    """An author has at least one of name, url and avatar."""
    for path, author in feed.people:
        if not any(_string(author, name).strip() for name in ("name", "url", "avatar")):
            yield Finding(message="the author has no name, url or avatar", where=path)


@rule(Severity.WARNING, spec=f"{_SPEC}#deprecations", hint="use authors, a list")
def jsonfeed_author_deprecated(feed: _Feed) -> Iterator[Finding]:
    """Version 1.1 replaced `author` by `authors`; readers of 1.1 need not look for the old one."""
    for path, members in feed.heads:
        if "author" in members and "authors" not in members and _string(feed.top, "version").rstrip("/").endswith("1.1"):
            yield Finding(message="author is deprecated", where=(*path, "author"))


@rule(Severity.ERROR, spec=_ATTACHMENTS, hint="add the url and the media type")
def jsonfeed_attachment_incomplete(feed: _Feed) -> Iterator[Finding]:
    """An attachment needs its address and its media type."""
    for path, attachment in feed.attachments:
        for name in ("url", "mime_type"):
            if attachment.get(name) in (None, ""):
                yield Finding(message=f"the attachment has no {name}", where=(*path, name))


@rule(Severity.ERROR, spec=_ATTACHMENTS, hint="write a type such as audio/mpeg")
def jsonfeed_media_type_malformed(feed: _Feed) -> Iterator[Finding]:
    """By the type players choose what they can play, before they fetch it."""
    for path, attachment in feed.attachments:
        kind = _string(attachment, "mime_type")
        if kind and (wrong := values.media_type(kind)):
            yield Finding(message=f"the type is {shown(kind)}: {wrong}", where=(*path, "mime_type"))


@rule(Severity.ERROR, spec=_ATTACHMENTS, hint="write bytes, and seconds, from 0")
def jsonfeed_number_impossible(feed: _Feed) -> Iterator[Finding]:
    """Players show these numbers and keep room for so much; bytes are whole."""
    for path, attachment in feed.attachments:
        for name in ("size_in_bytes", "duration_in_seconds"):
            value = attachment.get(name)
            if not isinstance(value, int | float) or isinstance(value, bool):
                continue
            if not 0 <= value < 2**53 or (name == "size_in_bytes" and value != int(value)):
                yield Finding(message=f"{name} is {_spelled(value)}", where=(*path, name))


# -- HTML -----------------------------------------------------------------------------------------------------------------


def _html(feed: _Feed, wrong: Callable[[Html], str]) -> Iterator[Finding]:
    for path, html in feed.html:
        if found := wrong(html):
            yield Finding(message=f"there is {found} in content_html", where=path)


@rule(Severity.WARNING, spec=_ITEMS, hint="write whole addresses with https://")
def jsonfeed_html_relative(feed: _Feed) -> Iterator[Finding]:
    """Nothing says what a relative address is relative to; miniflux takes the item's page, others the feed."""
    absolute = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:|#|$)")

    def wrong(html: Html) -> str:
        names = ("href", "src", "poster", "cite")
        return next((f"{name}={shown(value)}" for _, name, value in html.attributes if name in names and not absolute.match(value)), "")

    return _html(feed, wrong)


@rule(Severity.WARNING, spec=_ITEMS, hint="leave it out")
def jsonfeed_html_script(feed: _Feed) -> Iterator[Finding]:
    """Readers take scripts, style sheets and heads of documents out; reader shows the content of JSON Feeds as it is, so some run."""
    return _html(feed, lambda html: next((f"<{name}>" for name in _SCRIPTS if html.names[name]), ""))


@rule(Severity.WARNING, spec=_ITEMS, hint="leave it out")
def jsonfeed_html_handler(feed: _Feed) -> Iterator[Finding]:
    """No careful reader runs onclick and the like, or opens javascript: addresses."""

    def wrong(html: Html) -> str:
        for _, name, value in html.attributes:
            if (name.startswith("on") and name.isalpha() and len(name) > 4) or value[:11].lower() == "javascript:":
                return f"{name}={shown(value)}"
        return ""

    return _html(feed, wrong)


@rule(Severity.WARNING, spec=_ITEMS, hint="close every element")
def jsonfeed_html_unbalanced(feed: _Feed) -> Iterator[Finding]:
    """What one item opens and does not close goes on in the rest of the reader's page."""

    def wrong(html: Html) -> str:
        open_ = (name for name in _PAIRED if html.names[name] != html.names[f"/{name}"])
        return next((f"a <{name}> without its end, or an end without it" for name in open_), "")

    return _html(feed, wrong)


@rule(Severity.INFO, spec="https://html.spec.whatwg.org/multipage/images.html#alt", hint='add alt, or alt="" for decoration')
def jsonfeed_html_picture_silent(feed: _Feed) -> Iterator[Finding]:
    """People who cannot see a picture have its alt text only."""
    return _html(feed, lambda html: "a picture without alt" if html.silent_pictures else "")


RULES: tuple[Rule[_Feed], ...] = rules_in(globals())
