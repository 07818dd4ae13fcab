"""How much work regular expressions can be made to do: a matcher that counts its steps, as it goes back and forth like that of Python.

Python says nothing of its own work, and a clock tells little on a busy machine. What is pumped up is what each unbounded repetition
takes, after a text that leads there, before one that lets all of it fail.
"""

from __future__ import annotations

import ast
import importlib
import math
import pkgutil
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice, product
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

import publisher

__all__ = ["LINEAR", "Found", "Matcher", "begun_anew", "grown", "patterns"]

_FAILS = "\x01"
LINEAR = 2.7
"""Times as many steps that still are linear."""
_FEW, _MANY = 16, 32
"""How often the unit is repeated."""
_SOME = 4
_MOST = 8_000
"""Steps after which the rest is not counted."""
_MOST_PUMPS = 16
_MOST_LETTERS = 6
_COUNTS = 300
"""Steps below which nothing has grown."""
_EVERYWHERE = frozenset(("search", "sub", "subn", "findall", "finditer", "split"))


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern of ours."""

    name: str
    """Module and name in it; of one that stands where it is used, module and function."""
    pattern: re.Pattern[Any]
    is_sought: bool
    """Whether it is tried at each character of a text, not only at the beginning."""


@cache
def patterns() -> tuple[Found, ...]:
    """Return all patterns that are values of our modules, also in tables, and those that stand where they are used; each once."""
    found: dict[tuple[Any, int, bool], Found] = {}
    for module in [importlib.import_module(each) for each in _names()]:
        used = _used(_source(module))
        named = (
            Found(f"{module.__name__}.{name}", each, bool(used[name] & _EVERYWHERE) or not used[name] & {"match", "fullmatch"})
            for name, value in vars(module).items()
            if name in used
            for each in _inside(value)
        )
        for each in (*named, *_inline(module)):
            found.setdefault((each.pattern.pattern, each.pattern.flags, each.is_sought), each)
    return tuple(found.values())


def _used(code: str) -> defaultdict[str, set[str]]:
    """Return the names in a module, and which methods of them are used."""
    used: defaultdict[str, set[str]] = defaultdict(set)
    for name, method in re.findall(r"\b([A-Za-z_]\w*+)(?:\[[^\]]*\])?(?:\.(?=(\w+)))?", code):
        used[name] |= {method} - {""}
    return used


def _inline(module: ModuleType) -> Iterator[Found]:
    """Yield the patterns that are given to functions of `re` inside of functions, as in `re.sub("a+", …)`."""
    tree = ast.parse(_source(module))
    for function in (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)):
        for name, call in filter(None, map(_of_re, ast.walk(function))):
            if (text := _value(call.args[0], module)) is not _UNKNOWN:
                flags = [*call.args[_FLAGS[name] :], *(each.value for each in call.keywords if each.arg == "flags")]
                pattern = re.compile(text, *(_value(each, module) for each in flags))
                yield Found(f"{module.__name__}.{function.name}", pattern, name in _EVERYWHERE | {"compile"})


def _of_re(node: ast.AST) -> tuple[str, ast.Call] | None:
    """Return which function of `re` is called here with a pattern, and the call; `None` when none is."""
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=name)) if name in _FLAGS:
            return name, node
    return None


_FLAGS = {"compile": 1, "match": 2, "fullmatch": 2, "search": 2, "split": 3, "findall": 2, "finditer": 2, "sub": 4, "subn": 4}
"""The functions of `re` that take a pattern, and the place of their flags."""


class _Unknown(str):
    """Stands in a pattern for what only the function knows that uses it."""

    def __getitem__(self, key: object) -> _Unknown:
        return self

    def __getattr__(self, name: str) -> _Unknown:
        return self

    def __bytes__(self) -> bytes:
        return self.encode()


_UNKNOWN = _Unknown("7")


def _value(expression: ast.expr, module: ModuleType) -> Any:
    known = dict(vars(module))
    while True:
        try:
            return eval(ast.unparse(expression), known)
        except NameError as error:
            known[error.name or ""] = _UNKNOWN


def _names() -> Iterator[str]:
    for each in pkgutil.walk_packages(publisher.__path__, "publisher."):
        if not each.name.endswith(("__main__", "_worker", ".worker")):
            yield each.name


def _source(module: ModuleType) -> str:
    path = module.__file__
    return open(path, encoding="utf-8").read() if path else ""


def _inside(value: object, depth: int = 4) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, (tuple, list, set, frozenset)):
        yield from (found for each in value for found in _inside(each, depth - 1))
    elif depth and isinstance(value, dict):
        yield from (found for pair in value.items() for found in _inside(pair, depth - 1))


# -- growth ----------------------------------------------------------------------------------------------------------------


def grown(pattern: re.Pattern[Any]) -> tuple[float, str]:
    """Return how many times as many steps the worst text takes when what is in it stands there twice as often, and that text.

    2 is linear, 4 quadratic. It is begun to match where the text begins and where what is repeated does.
    """
    tree, pumps = _tree(pattern), {}
    for before, unit in _likely(tree):
        texts = (before + unit * count + _FAILS for count in (_FEW, _MANY))
        few, many = (max(_steps(tree, each, pattern.flags, place)[0] for place in {0, len(before)}) for each in texts)
        if many > _COUNTS:
            pumps[before, unit] = math.inf if few >= _MOST else many / few
    worst = max(pumps, key=lambda each: pumps[each], default=None)
    return (pumps[worst], repr(worst)) if worst else (0.0, "")


def begun_anew(pattern: re.Pattern[Any]) -> tuple[float, str]:
    """Return how many steps are wasted on each pair of units when the worst text is gone through as `search` does, and that text.

    At each character it is begun anew. Of a text in which a unit stands n times, linear work takes exactly a × n + b steps, once it is
    longer than what is looked at; so that what three texts take in a row has no second difference, which is 2 × c × n² for c × n² more.
    """
    tree, found = _tree(pattern), {}
    pumps = [*_likely(tree)]
    for before, unit in dict.fromkeys([*pumps, *(("", before + unit) for before, unit in pumps if before)]):
        one, two, three = (_through(tree, before + unit * count * _SOME + _FAILS, pattern.flags) for count in (1, 2, 3))
        found[before, unit] = math.inf if three == math.inf else (three - 2 * two + one) / _SOME**2
    worst = max(found, key=lambda each: found[each], default=None)
    return (found[worst], repr(worst)) if worst else (0.0, "")


def _tree(pattern: re.Pattern[Any]) -> Any:
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    return _parser.parse(text, pattern.flags & ~re.DEBUG & ~(0 if isinstance(pattern.pattern, str) else re.UNICODE))


def _likely(tree: Any) -> Iterator[tuple[str, str]]:
    letters = "".join(dict.fromkeys(chr(code) for code in _literals(tree.data)))[:_MOST_LETTERS]
    yield from islice(dict.fromkeys(_pumps(tree.data, "", letters)), _MOST_PUMPS)


def _through(tree: Any, text: str, flags: int) -> float:
    """Return all the steps that it takes to look for matches in a text."""
    total = place = 0
    while place <= len(text):
        steps, end = _steps(tree, text, flags, place)
        if steps > _MOST:
            return math.inf
        total += steps
        place = place + 1 if end is None or end == place else end
    return total


def _steps(tree: Any, text: str, flags: int, place: int) -> tuple[int, int | None]:
    """Return the steps that are taken from a place, and where the match ends."""
    matcher = Matcher(text, flags)
    end = matcher.end(tree.data, place)
    return matcher.steps, end


def _literals(items: Iterable[Any]) -> Iterator[int]:
    """Yield the characters that are written in a pattern outside of classes."""
    for operation, given in items:
        if operation == sre.LITERAL:
            yield given
        for each in [given[2]] if operation in _REPEATS else _parts(operation, given):
            yield from _literals(each.data)


def _pumps(items: Iterable[Any], before: str, letters: str) -> Iterator[tuple[str, str]]:
    """Yield texts that lead to each unbounded repetition, with what may be repeated there."""
    for operation, given in items:
        if operation in _REPEATS:
            low, high, body = given
            if high == sre.MAXREPEAT:
                taken = [each for each in letters if Matcher(each, 0).end(body.data, 0) == 1]
                units = [*dict.fromkeys([*islice(_samples(body.data), 3), *taken])][:4]
                yield from ((before, each) for each in units if each)
                yield from ((before, a + b) for a, b in product(units, units) if a and b and a != b)
            yield from _pumps(body.data, before, letters)
            before += next(_samples(body.data), "") * low
        else:
            for each in _parts(operation, given):
                yield from _pumps(each.data, before, letters)
            before += next(_samples([(operation, given)]), "")


_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


def _parts(operation: Any, given: Any) -> list[Any]:
    if operation == sre.SUBPATTERN:
        return [given[3]]
    if operation == sre.BRANCH:
        return list(given[1])
    if operation == sre.ATOMIC_GROUP:
        return [given]
    if operation in (sre.ASSERT, sre.ASSERT_NOT):
        return [given[1]]
    return [each for each in given[1:] if each] if operation == sre.GROUPREF_EXISTS else []


def _samples(items: Iterable[Any]) -> Iterator[str]:
    """Yield short texts that items match, as far as that can be seen without looking around."""
    options = [[*islice(_sample(*each), 3)] or [""] for each in items]
    yield from ("".join(each) for each in islice(product(*options), 6))


def _sample(operation: Any, given: Any) -> Iterator[str]:
    if operation == sre.LITERAL:
        yield chr(given)
    elif operation in (sre.NOT_LITERAL, sre.ANY, sre.IN):
        matcher = Matcher("", 0)
        yield from (each for each in _LETTERS if matcher.takes(operation, given, each))
        yield from (
            (chr(value if name == sre.LITERAL else value[0]) for name, value in given if name in (sre.LITERAL, sre.RANGE))
            if operation == sre.IN
            else ()
        )
    elif operation in _REPEATS:
        yield from (each * max(given[0], 1) for each in _samples(given[2].data))
    elif operation == sre.BRANCH:
        yield from (each for part in given[1] for each in islice(_samples(part.data), 1))
    elif operation in (sre.SUBPATTERN, sre.ATOMIC_GROUP):
        yield from _samples(_parts(operation, given)[0].data)


_LETTERS = "a0 \n<-.&\"'/"


# -- matching ------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Matcher:
    """Matches the trees of Python's own parser, and counts."""

    text: str
    flags: int
    steps: int = 0
    groups: dict[int, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, pattern: str, text: str) -> tuple[Matcher, Any]:
        """Return one for a text, and what a pattern is made of."""
        return cls(text, re.compile(pattern).flags), _parser.parse(pattern).data

    def end(self, items: Any, place: int) -> int | None:
        """Return where a match ends that begins at a place."""
        ends: list[int] = []

        def note(end: int) -> bool:
            ends.append(end)
            return True

        self.run(items, 0, place, note)
        return ends[0] if ends else None

    def run(self, items: Any, number: int, place: int, then: Callable[[int], bool]) -> bool:
        """Return whether the items from a number on match at a place, and what comes then does."""
        self.steps += 1
        if self.steps > _MOST:
            return True
        if number == len(items):
            return then(place)
        operation, given = items[number]

        def go_on(end: int) -> bool:
            return self.run(items, number + 1, end, then)

        if operation in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN):
            return place < len(self.text) and self.takes(operation, given, self.text[place]) and go_on(place + 1)
        if operation in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            low, high, body = given
            return self._repeat(low, high, body, 0, place, go_on, is_greedy=operation == sre.MAX_REPEAT)
        if operation == sre.POSSESSIVE_REPEAT:
            low, high, body = given
            end = self._possessive(low, high, body, place)
            return end is not None and go_on(end)
        if operation == sre.BRANCH:
            return any(self.run(each.data, 0, place, go_on) for each in given[1])
        if operation == sre.SUBPATTERN:
            return self._group(given[0], given[3].data, place, go_on)
        if operation == sre.ATOMIC_GROUP:
            end = self.end(given.data, place)
            return end is not None and go_on(end)
        if operation in (sre.ASSERT, sre.ASSERT_NOT):
            direction, part = given
            return self._looks(direction, part, place) == (operation == sre.ASSERT) and go_on(place)
        if operation == sre.AT:
            return self._is_at(given, place) and go_on(place)
        if operation == sre.GROUPREF:
            start, end = self.groups.get(given, (0, -1))
            said = self.text[start:end]
            return end >= start and self.text.startswith(said, place) and go_on(place + len(said))
        if operation == sre.GROUPREF_EXISTS:
            chosen = given[1] if given[0] in self.groups else given[2]
            return self.run(chosen.data, 0, place, go_on) if chosen else go_on(place)
        raise NotImplementedError(operation)

    def _repeat(self, low: int, high: int, body: Any, count: int, place: int, then: Callable[[int], bool], *, is_greedy: bool) -> bool:
        self.steps += 1

        def again(end: int) -> bool:
            return (end > place or count < low) and self._repeat(low, high, body, count + 1, end, then, is_greedy=is_greedy)

        more = count < high
        if is_greedy:
            return (more and self.run(body.data, 0, place, again)) or (count >= low and then(place))
        return (count >= low and then(place)) or (more and self.run(body.data, 0, place, again))

    def _possessive(self, low: int, high: int, body: Any, place: int) -> int | None:
        count = 0
        while count < high and (end := self.end(body.data, place)) is not None:
            count += 1
            if end == place:
                break
            place = end
        return place if count >= low else None

    def _group(self, number: int | None, items: Any, place: int, then: Callable[[int], bool]) -> bool:
        before = dict(self.groups)

        def close(end: int) -> bool:
            if number is not None:
                self.groups[number] = (place, end)
            return then(end)

        if self.run(items, 0, place, close):
            return True
        self.groups = before
        return False

    def _looks(self, direction: int, part: Any, place: int) -> bool:
        start = place if direction > 0 else place - part.getwidth()[0]
        return start >= 0 and self.run(part.data, 0, start, lambda end: direction > 0 or end == place)

    def _is_at(self, where: Any, place: int) -> bool:
        if where in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING):
            return place == 0 or (where == sre.AT_BEGINNING and bool(self.flags & re.MULTILINE) and self.text[place - 1] == "\n")
        if where in (sre.AT_END, sre.AT_END_STRING):
            is_line = where == sre.AT_END and (bool(self.flags & re.MULTILINE) or place == len(self.text) - 1)
            return place == len(self.text) or (is_line and self.text[place] == "\n")
        sides = (place > 0 and _is_word(self.text[place - 1]), place < len(self.text) and _is_word(self.text[place]))
        return (sides[0] != sides[1]) == bool(where == sre.AT_BOUNDARY)

    def takes(self, operation: Any, given: Any, letter: str) -> bool:
        """Return whether one character is matched."""
        if operation == sre.ANY:
            return letter != "\n" or bool(self.flags & re.DOTALL)
        letters = {letter, letter.lower(), letter.upper()} if self.flags & re.IGNORECASE else {letter}
        codes = [ord(each) for each in letters if len(each) == 1]
        if operation in (sre.LITERAL, sre.NOT_LITERAL):
            return (given in codes) == bool(operation == sre.LITERAL)
        is_negated = bool(given) and given[0][0] == sre.NEGATE
        return any(_is_in(each, codes, letter) for each in given) != is_negated


def _is_in(item: Any, codes: list[int], letter: str) -> bool:
    name, value = item
    if name == sre.CATEGORY:
        kind = str(value).rpartition("_")[2]
        found = {"DIGIT": letter.isdecimal(), "SPACE": letter.isspace(), "WORD": _is_word(letter)}[kind]
        return found != ("_NOT_" in str(value))
    if name == sre.RANGE:
        return any(value[0] <= code <= value[1] for code in codes)
    return bool(name == sre.LITERAL and value in codes)


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def main() -> None:
    """Print the patterns that are not linear, inside of a match and through a text."""
    sys.setrecursionlimit(50_000)
    for each in patterns():
        for kind, found in (("inside", grown(each.pattern)), ("through", begun_anew(each.pattern) if each.is_sought else (0.0, ""))):
            if found[0] > LINEAR:
                print(f"{kind} {found[0]:.1f} {each.name} {found[1]} {str(each.pattern.pattern)[:150]!r}", flush=True)


if __name__ == "__main__":
    main()
