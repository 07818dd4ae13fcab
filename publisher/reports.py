"""Problems for people and for programs: which of them count, and how they are spelled.

SARIF 2.1.0 (OASIS, 2020; read 2026-11-24), GitHub's workflow commands, JUnit's XML as Jenkins and GitLab read it, and JSON, one a line.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import quote

from publisher import schema
from publisher.problems import Problem, Rule, Severity
from publisher.schema import Json, JsonObject
from publisher.text import allowed

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["FORMATS", "Choice", "as_line", "below", "misspelt", "write"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which problems count; each a code or the beginning of one."""

    select: tuple[str, ...] = ()
    """Only these; empty means all."""
    ignore: tuple[str, ...] = ()
    baseline: tuple[str, ...] = ()
    """What is known already: a code, the path of a file below `root`, in which `*` stands for anything, and how often it is there."""
    root: str = "."
    """The folder that the paths of the baseline begin in."""

    def __call__(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Yield the problems that count."""
        left = Counter(dict(map(_entry, self.baseline)))
        for each in problems:
            wanted = not self.select or each.code.startswith(self.select)
            if wanted and not (self.ignore and each.code.startswith(self.ignore)) and not self._is_known(each, left):
                yield each

    def _is_known(self, found: Problem, left: Counter[tuple[str, str]]) -> bool:
        """Return whether the problem is in the baseline, and take it out: a second one of its kind is new."""
        if not left:
            return False
        path = below(self.root, found.location.path)
        for code, pattern in left:
            if code == found.code and fnmatchcase(path, pattern) and left[code, pattern] > 0:
                left[code, pattern] -= 1
                return True
        return False


def _entry(line: str) -> tuple[tuple[str, str], int]:
    """Return code and path of a line of the baseline, and how many such problems it makes known; all when it does not say."""
    code, _, rest = line.partition(" ")
    path, _, times = rest.rpartition(" ")
    return ((code, path), int(times)) if path and times.isascii() and times.isdigit() else ((code, rest or "*"), sys.maxsize)


def below(root: str, path: str) -> str:
    """Return a path as it is seen from a folder, with `/`."""
    return os.path.relpath(path, root).replace(os.sep, "/") if path and "://" not in path else path


_ELSEWHERE = frozenset(
    "ace address alternative announce article blogger body build clipping convert date docx engine epubcheck fetch file folder format "
    "ghost html import issue json judge judges link mail markdown media medium minting "
    "movabletype no not nu output pandoc path picture programs publications "
    "remote send serve settings source spelling substack text theme toml two unknown wordpress worker xml yaml".split()
)
"""First words of the codes that no rule has: what is told in reading, in building, and by other people's programs."""
_BESIDES = frozenset(
    "atom-content-elsewhere atom-no-feed epub-cover-unusable epub-drawing-cleaned epub-file-missing epub-font-missing "
    "epub-font-no-licence epub-font-restricted epub-font-unusable epub-font-unused epub-json-ld-lost epub-no-package "
    "epub-not-certified epub-over-budget epub-page-without-text epub-pages-left-out epub-picture-elsewhere epub-picture-reduced "
    "epub-picture-still epub-picture-unusable epub-pictures-undescribed epub-recording-elsewhere epub-recording-left-out "
    "epub-recording-unusable epub-text-changed feed-authors-left-out feed-date-unread feed-follow-loop feed-follow-too-many "
    "feed-full-text-none feed-identifier-repeated feed-item-damaged feed-item-unnamed feed-left-out feed-not-well-formed "
    "feed-text-too-long feed-truncated feed-versions-left-out jsonfeed-in-list jsonfeed-no-id jsonfeed-no-items "
    "jsonld-context-not-fetched jsonld-languages-left-out jsonld-left-out jsonld-no-article jsonld-not-expanded newsml-left-out "
    "newsml-no-news-item ninjs-left-out ninjs-no-item nitf-left-out nitf-media-missing nitf-no-article page-body-guessed "
    "page-body-missing page-comments page-date-guessed page-fields-guessed page-no-article rss-no-channel".split()
)
"""Codes that begin as rules do, and are told in reading or in writing."""


def misspelt(codes: Iterable[str], rules: Collection[str]) -> Iterator[str]:
    """Yield those codes, or beginnings of codes, that nothing has."""
    for code in codes:
        if not any(each.startswith(code) for each in (*rules, *_BESIDES, *_ELSEWHERE)) and code.partition("-")[0] not in _ELSEWHERE:
            yield code


def write(name: str, problems: Sequence[Problem], paths: Sequence[str], rules: Mapping[str, Rule[object]], root: str = ".") -> str:
    """Return the problems of the files at `paths` in the format called `name`, which is one of `FORMATS`.

    `root` is the folder with the `publisher.toml`, which a baseline goes into.
    """
    return _baseline(problems, paths, rules, root) if name == "baseline" else FORMATS[name](problems, paths, rules)


# -- JSON, one a line -----------------------------------------------------------------------------------------------------


def as_line(found: Problem) -> str:
    """Return a problem as JSON on one line."""
    return schema.to_text({**asdict(found), "severity": str(found.severity)}, indent=None)


def _lines(problems: Sequence[Problem], paths: Sequence[str], rules: Mapping[str, Rule[object]]) -> str:
    return "".join(f"{as_line(each)}\n" for each in problems)


# -- GitHub ---------------------------------------------------------------------------------------------------------------

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def _commands(problems: Sequence[Problem], paths: Sequence[str], rules: Mapping[str, Rule[object]]) -> str:
    """Return workflow commands, which GitHub shows at the lines of a pull request."""
    return "".join(f"{_command(each)}\n" for each in problems)


def _command(found: Problem) -> str:
    place = found.location
    properties = {"file": place.path, "line": place.line, "col": place.column, "title": found.code}
    written = ",".join(f"{name}={_escaped(str(value), property_=True)}" for name, value in properties.items() if value)
    text = found.message + (f"\n{found.hint}" if found.hint else "")
    return f"::{_COMMANDS[found.severity]} {written}::{_escaped(text)}"


def _escaped(value: str, *, property_: bool = False) -> str:
    marks = "%\r\n:," if property_ else "%\r\n"
    return "".join(f"%{ord(each):02X}" if each in marks else each for each in value)


# -- SARIF ----------------------------------------------------------------------------------------------------------------

_SARIF = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def _sarif(problems: Sequence[Problem], paths: Sequence[str], rules: Mapping[str, Rule[object]]) -> str:
    """Return a SARIF log with one run."""
    codes = sorted({each.code for each in problems})
    driver: JsonObject = {"name": "publisher", "rules": [_sarif_rule(code, rules.get(code)) for code in codes]}
    run: JsonObject = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": quote(path)}} for path in paths],
        "results": [_sarif_result(each, codes.index(each.code)) for each in problems],
    }
    return f"{schema.to_text({'$schema': _SARIF, 'version': '2.1.0', 'runs': [run]})}\n"


def _sarif_rule(code: str, rule: Rule[object] | None) -> JsonObject:
    if rule is None:
        return {"id": code}
    text = " ".join(rule.explanation.split())
    return {
        "id": code,
        "shortDescription": {"text": text},
        "help": {"text": rule.hint},
        "helpUri": rule.spec,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _sarif_result(found: Problem, index: int) -> JsonObject:
    message = f"{found.message}; {found.hint}" if found.hint else found.message
    return {
        "ruleId": found.code,
        "ruleIndex": index,
        "level": _LEVELS[found.severity],
        "message": {"text": message},
        "locations": [_sarif_location(found)],
    }


def _sarif_location(found: Problem) -> JsonObject:
    place = found.location
    region = {name: value for name, value in (("startLine", place.line), ("startColumn", place.column)) if value}
    physical: dict[str, Json] = {"artifactLocation": {"uri": quote(place.path)}}
    if place.line:
        physical["region"] = dict(region)
    logical: JsonObject = {"logicalLocations": [{"fullyQualifiedName": place.pointer}]} if place.pointer else {}
    return {"physicalLocation": physical, **logical}


# -- JUnit ----------------------------------------------------------------------------------------------------------------


def _junit(problems: Sequence[Problem], paths: Sequence[str], rules: Mapping[str, Rule[object]]) -> str:
    """Return one test case for each file; what is only information does not make one fail."""
    from xml.etree import ElementTree  # here because few ask for it; nothing is read with it, so what makes it unsafe does not matter

    found: dict[str, list[Problem]] = {path: [] for path in paths}
    for each in problems:
        found.setdefault(each.location.path, []).append(each)
    failed = sum(any(map(_fails, inside)) for inside in found.values())
    suites = ElementTree.Element("testsuites")
    counts = {"tests": str(len(found)), "failures": str(failed), "errors": "0"}
    suite = ElementTree.SubElement(suites, "testsuite", {"name": "publisher check", **counts})
    for path, inside in found.items():
        _junit_case(suite, path, inside)
    ElementTree.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(suites, encoding="unicode")}\n'


def _junit_case(suite: Element, path: str, inside: Sequence[Problem]) -> None:
    from xml.etree import ElementTree

    case = ElementTree.SubElement(suite, "testcase", {"name": allowed(path), "classname": "publisher.check"})
    for each in filter(_fails, inside):
        failure = ElementTree.SubElement(case, "failure", {"message": allowed(each.message), "type": each.code})
        failure.text = _junit_text(each)
    if told := "\n".join(_junit_text(each) for each in inside if not _fails(each)):
        ElementTree.SubElement(case, "system-out").text = told


def _fails(found: Problem) -> bool:
    return found.severity > Severity.INFO


def _junit_text(found: Problem) -> str:
    hint = f"\n{found.hint}" if found.hint else ""
    return allowed(f"{found.location}: {found.severity} {found.code}: {found.message}{hint}\n{found.spec}".rstrip())


# -- what is known already ------------------------------------------------------------------------------------------------


def _baseline(problems: Sequence[Problem], paths: Sequence[str], rules: Mapping[str, Rule[object]], root: str = ".") -> str:
    """Return what makes all these problems known, to be put into `publisher.toml`."""
    counts = Counter((each.code, below(root, each.location.path)) for each in problems)
    lines = (f"{code} {path} {times}" for (code, path), times in sorted(counts.items()))
    return "[check]\nbaseline = [\n" + "".join(f"  {schema.to_text(each)},\n" for each in lines) + "]\n"


FORMATS: Mapping[str, Callable[[Sequence[Problem], Sequence[str], Mapping[str, Rule[object]]], str]] = {
    "json": _lines,
    "github": _commands,
    "sarif": _sarif,
    "junit": _junit,
    "baseline": _baseline,
}
"""Spellings for programs, by name; `text`, for people, is the command line's."""
