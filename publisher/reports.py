"""Problems for people and for programs: which of them count, and how they are spelled.

SARIF 2.1.0 (OASIS, 2020; read 2026-11-24), GitHub's workflow commands, JUnit's XML as Jenkins and GitLab read it, and JSON, one a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fnmatch import fnmatchcase
from urllib.parse import quote
from xml.etree import ElementTree  # nothing is read with it, so what makes it unsafe does not matter

from publisher import schema
from publisher.problems import Problem, Rule, Severity
from publisher.schema import Json, JsonObject
from publisher.text import allowed

__all__ = ["FORMATS", "Choice", "as_line", "write"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which problems count; each a code or the beginning of one."""

    select: tuple[str, ...] = ()
    """Only these; empty means all."""
    ignore: tuple[str, ...] = ()
    baseline: tuple[str, ...] = ()
    """What is known already: a code, a space, and the path of the file, in which `*` stands for anything."""

    def __call__(self, problems: Iterable[Problem]) -> Iterator[Problem]:
        """Yield the problems that count."""
        return (each for each in problems if self._counts(each))

    def _counts(self, found: Problem) -> bool:
        wanted = not self.select or found.code.startswith(self.select)
        return wanted and not (self.ignore and found.code.startswith(self.ignore)) and not self._is_known(found)

    def _is_known(self, found: Problem) -> bool:
        pairs = (each.partition(" ") for each in self.baseline)
        return any(found.code == code and fnmatchcase(found.location.path, path or "*") for code, _, path in pairs)


def write(name: str, problems: Sequence[Problem], paths: Sequence[str], rules: Mapping[str, Rule[object]]) -> str:
    """Return the problems of the files at `paths` in the format called `name`, which is one of `FORMATS`."""
    return FORMATS[name](problems, paths, rules)


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


def _junit_case(suite: ElementTree.Element, path: str, inside: Sequence[Problem]) -> None:
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


def _baseline(problems: Sequence[Problem], paths: Sequence[str], rules: Mapping[str, Rule[object]]) -> str:
    """Return what makes all these problems known, to be put into `publisher.toml`."""
    lines = sorted({f"{each.code} {each.location.path}" for each in problems})
    return "[check]\nbaseline = [\n" + "".join(f"  {schema.to_text(each)},\n" for each in lines) + "]\n"


FORMATS: Mapping[str, Callable[[Sequence[Problem], Sequence[str], Mapping[str, Rule[object]]], str]] = {
    "json": _lines,
    "github": _commands,
    "sarif": _sarif,
    "junit": _junit,
    "baseline": _baseline,
}
"""Spellings for programs, by name; `text`, for people, is the command line's."""
