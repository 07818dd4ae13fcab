"""WordPress's shortcodes, such as `[gallery ids="1,2"]` (https://developer.wordpress.org/apis/shortcode/).

WordPress takes for shortcodes only the names that a plugin has registered; an export does not say which these are.
So what looks like one by more than its brackets is taken for one: `[sic]` and `[1]` are words.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from publisher.platforms.paragraphs import tokens

__all__ = ["Attributes", "Handler", "attributes", "expand", "outside"]

Attributes = Mapping[str, str]
"""By name in lower case; those without name by their place: `0`, `1` and so on."""
Handler = Callable[[Attributes, str], str]
"""Makes markup of attributes and of what is between start and end."""

_CODE = frozenset(("pre", "code", "textarea", "svg", "script", "style"))
_SHORTCODE = re.compile(r"\[(?P<before>\[)?(?P<close>/)?(?P<name>[A-Za-z][\w-]{0,60})(?P<rest>(?:[\s=/][^\[\]]{0,5000})?)\](?P<after>\])?")
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))|"([^"]*)"|'([^']*)'|(\S+)""")
_QUOTES = str.maketrans({"“": '"', "”": '"', "″": '"', "„": '"', "’": "'", "‘": "'", "′": "'"})
_ALONE = re.compile(r"(?:^|[\s\"'])/$")
_TAGS = re.compile(r"<[^<>]*>")
_DEEPEST = 20


@dataclass(slots=True)
class _Frame:
    """A shortcode whose end has not come yet."""

    name: str
    attributes: Attributes
    out: list[str] = field(default_factory=list)


def expand(text: str, handlers: Mapping[str, Handler], unknown: Callable[[str, Attributes, str], str]) -> str:
    """Return a text with each shortcode replaced by what its handler makes of it, `unknown` where there is none for its name.

    `[[name]]` is the text `[name]`. In tags and in code nothing is replaced.
    """
    if "[" not in text:
        return text
    return _Expander(text, handlers, unknown).expanded()


def outside(text: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield what matches and does not begin in a tag or in code; tags may be in it."""
    pieces, end, inside = tokens(text, _CODE), 0, False
    for found in pattern.finditer(text):
        while found.start() >= end:
            name, piece = next(pieces)
            end, inside = end + len(piece), bool(name)
        if not inside:
            yield found


class _Expander:
    def __init__(self, text: str, handlers: Mapping[str, Handler], unknown: Callable[[str, Attributes, str], str]) -> None:
        self._text = text
        self._handlers = handlers
        self._unknown = unknown
        self._frames = [_Frame("", {})]
        self._begun: set[str] = set()
        self._last_end = {found["name"].lower(): found.start() for found in _SHORTCODE.finditer(text) if found["close"]}

    def expanded(self) -> str:
        """Return the whole text."""
        place = 0
        for found in outside(self._text, _SHORTCODE):
            self._frames[-1].out.append(self._text[place : found.start()])
            place = self._take(found)
        self._frames[-1].out.append(self._text[place:])
        while len(self._frames) > 1:
            self._unclosed()
        return "".join(self._frames[0].out)

    def _take(self, found: re.Match[str]) -> int:
        """Take a shortcode, or what looks like one; return where the text goes on."""
        name = found["name"].lower()
        if found["before"] and found["after"]:
            self._frames[-1].out.append(found[0][1:-1])
            return found.end()
        self._frames[-1].out.append(found["before"] or "")
        end = found.end() - len(found["after"] or "")
        if found["close"]:
            self._end(name, found[0].strip("[]"))
        elif not self._is_one(name, found):
            self._frames[-1].out.append(self._text[found.start() + len(found["before"] or "") : end])
        else:
            self._begin(name, found)
        return end

    def _is_one(self, name: str, found: re.Match[str]) -> bool:
        if name in self._handlers or "_" in name or _ALONE.search(found["rest"]):
            return True
        return "=" in found["rest"] or self._last_end.get(name, -1) > found.start()

    def _begin(self, name: str, found: re.Match[str]) -> None:
        alone = bool(_ALONE.search(found["rest"]))
        given = attributes(found["rest"].removesuffix("/") if alone else found["rest"])
        self._begun.add(name)
        if not alone and self._last_end.get(name, -1) > found.start():
            if len(self._frames) <= _DEEPEST:
                self._frames.append(_Frame(name, given))
        else:
            self._frames[-1].out.append(self._made(name, given, ""))

    def _end(self, name: str, written: str) -> None:
        names = [frame.name for frame in self._frames]  # at most `_DEEPEST`
        if name not in names[1:]:
            self._frames[-1].out.append("" if name in self._handlers or name in self._begun else f"[{written}]")
            return
        while self._frames[-1].name != name:
            self._unclosed()
        frame = self._frames.pop()
        self._frames[-1].out.append(self._made(frame.name, frame.attributes, "".join(frame.out)))

    def _unclosed(self) -> None:
        frame = self._frames.pop()
        self._frames[-1].out += (self._made(frame.name, frame.attributes, ""), *frame.out)

    def _made(self, name: str, attributes: Attributes, content: str) -> str:
        handler = self._handlers.get(name)
        return handler(attributes, content) if handler else self._unknown(name, attributes, content)


def attributes(rest: str) -> Attributes:
    """Return the attributes of a shortcode, also of `[youtube=https://…]`."""
    rest = _spoken(rest.strip().removeprefix("=").strip())
    found: dict[str, str] = {}
    for place, each in enumerate(_ATTRIBUTE.finditer(rest)):
        value = next((group for group in each.groups()[1:] if group is not None), "")
        found[(each[1] or str(place)).lower()] = html.unescape(value)
    return found


def _spoken(rest: str) -> str:
    """Return attributes as they were typed: the editor made typographic quotes, or links of addresses."""
    return (_TAGS.sub("", rest) if "=" not in rest.partition("<")[0] else rest).translate(_QUOTES)
