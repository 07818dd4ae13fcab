"""Mutation testing: our code changed in one place after the other, to see which change no test notices: `make mutants`.

What is changed is mutmut's: its operators (3.8), for all of a file, where mutmut itself leaves alone what stands outside functions or is
decorated, such as patterns, tables, fields of the model. How it is run is ours, since mutmut collects all tests again for each mutant.
Here one process has collected them, and a mutant is a fork of it in which the code of one function is another;
it runs just the tests that come by the changed lines, the quickest first, until one fails. What is done while modules are imported
is changed in a process that has not yet imported them. Properties are tried with few examples, the same ones each time.

A mutant whose tests take ten times as long as they should, or far more memory, is killed too.
"""

from __future__ import annotations

import argparse
import ast
import gc
import importlib
import json
import math
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import unified_diff
from functools import partial
from hashlib import sha256
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import coverage
import libcst
import pytest
from hypothesis import HealthCheck, Phase, settings
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

__all__ = ["Mutant", "main", "mutants"]

ROOT = Path(__file__).parent.parent
_KEPT = ROOT / ".cache/mutants"
_LONGEST = 5.0
"""Seconds of tests, as long as they take unchanged, that are tried on one mutant."""
_MORE_MEMORY = 1 << 30
_OPTIONS = "-s -q --disable-warnings -m not(judges) --hypothesis-profile mutants --basetemp {} -p no:cacheprovider -p no:xdist -p no:randomly".split()
_EXAMPLES = 25
_PHASES = (Phase.explicit, Phase.generate)


@dataclass(frozen=True)
class Mutant:
    """One change of one file."""

    path: str
    line: int
    lines: range
    """Those of what is changed."""
    name: str
    """The function or method that is changed, such as `Article.body`; of other statements the name they give, or nothing."""
    kind: str
    """`function` or `value` when a running process can be given it, else nothing."""
    diff: str
    source: Callable[[], str] = field(compare=False, repr=False)
    """Gives the changed function, the changed statement, or the changed file."""

    @property
    def key(self) -> str:
        """What stays the same while other places of the file change."""
        return sha256(f"{self.path}\0{self.name}\0{self.diff}".encode()).hexdigest()[:12]


class _Visitor(MutationVisitor):
    """mutmut's, which looks into what is decorated too."""

    def _skip_node_and_children(self, node: libcst.CSTNode) -> bool:
        if isinstance(node, libcst.FunctionDef | libcst.Decorator):
            return False
        if isinstance(node, libcst.Assign) and node.targets[0].target.deep_equals(libcst.Name("__all__")):
            return True
        if isinstance(node, libcst.If) and "TYPE_CHECKING" in libcst.Module([]).code_for_node(node.test):
            return isinstance(node.test, libcst.Name)
        if isinstance(node, libcst.Assign) and "TypeVar(" in libcst.Module([]).code_for_node(node.value):
            return True
        return bool(super()._skip_node_and_children(node))


def mutants(path: str) -> list[Mutant]:
    """Return all changes of a file, in their order."""
    wrapper = MetadataWrapper(libcst.parse_module((ROOT / path).read_text("utf-8")))
    visitor = _Visitor(mutation_operators, IgnoredCode(set(), set(), set()))
    wrapper.visit(visitor)
    where = wrapper.resolve(PositionProvider)
    statements = {id(node): each for each in _statements(wrapper.module) for node in _inside(each[0])}
    fixed = _fixed(path)
    found = []
    for mutation in visitor.mutations:
        old = mutation.original_node
        statement, name = statements[id(old)]
        new = deep_replace(statement, old, mutation.mutated_node)
        position = where.get(old) or where[statement]
        kind = _kind(statement, name, fixed)
        assert isinstance(new, libcst.CSTNode)
        before, after = (wrapper.module.code_for_node(each).splitlines() for each in (statement, new))
        diff = "\n".join(line for line in list(unified_diff(before, after, n=0, lineterm=""))[2:] if not line.startswith("@@"))
        source = partial(_statement, new) if kind else partial(_file, wrapper.module, statement, new)
        lines = range(position.start.line, position.end.line + 1)
        found.append(Mutant(path, position.start.line, lines, name, kind, diff, source))
    return found


def _statements(module: libcst.Module) -> Iterator[tuple[libcst.CSTNode, str]]:
    """Yield the statements of a module, and in place of a class each of its own, with their names."""
    for statement in module.body:
        if isinstance(statement, libcst.ClassDef):
            name = statement.name.value
            yield statement, name
            yield from ((each, f"{name}.{_name(each)}") for each in statement.body.body)
        else:
            yield statement, _name(statement)


def _name(statement: libcst.CSTNode) -> str:
    if isinstance(statement, libcst.FunctionDef):
        return statement.name.value
    return next((each.value for each in _inside(statement) if isinstance(each, libcst.Name)), "")


def _inside(node: libcst.CSTNode) -> Iterator[libcst.CSTNode]:
    yield node
    for each in node.children:
        yield from _inside(each)


def _functions(path: str) -> dict[str, range]:
    """Return the lines of each function of a file that stands in no other."""
    wrapper = MetadataWrapper(libcst.parse_module((ROOT / path).read_text("utf-8")))
    where = wrapper.resolve(PositionProvider)
    found = [(name, where[each]) for each, name in _statements(wrapper.module) if isinstance(each, libcst.FunctionDef)]
    return {name: range(position.start.line + 1, position.end.line + 1) for name, position in found}


def _kind(statement: libcst.CSTNode, name: str, fixed: Counter[str]) -> str:
    if isinstance(statement, libcst.FunctionDef):
        return "" if statement.decorators else "function"
    first = statement.body[0] if isinstance(statement, libcst.SimpleStatementLine) else None
    target = first.target if isinstance(first, libcst.AnnAssign) else first.targets[0].target if isinstance(first, libcst.Assign) else None
    is_value = isinstance(target, libcst.Name)  # of two names at once only the first would be exchanged
    return "value" if is_value and "." not in name and fixed[name] == 1 else ""


def _fixed(path: str) -> Counter[str]:
    """Return how often each name stands in what is run when a file is imported; one that stands there twice may be in another value."""
    found: Counter[str] = Counter()
    left: list[ast.AST] = [ast.parse((ROOT / path).read_text("utf-8"))]
    while left:
        node = left.pop()
        if isinstance(node, ast.FunctionDef):
            left += [*node.decorator_list, *node.args.defaults, *(each for each in node.args.kw_defaults if each)]
            continue
        if isinstance(node, ast.Name):
            found[node.id] += 1
        left += [each for name, each in _children(node) if name != "annotation"]
    return found


def _children(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for name, value in ast.iter_fields(node):
        yield from ((name, each) for each in (value if isinstance(value, list) else [value]) if isinstance(each, ast.AST))


def _statement(changed: libcst.CSTNode) -> str:
    if isinstance(changed, libcst.FunctionDef):
        changed = changed.with_changes(decorators=[])
    assert isinstance(changed, libcst.SimpleStatementLine | libcst.FunctionDef)
    return libcst.Module([changed.with_changes(leading_lines=[])]).code


def _file(module: libcst.Module, old: libcst.CSTNode, new: libcst.CSTNode) -> str:
    changed = deep_replace(module, old, new)
    assert isinstance(changed, libcst.Module)
    return changed.code


# -- what tests come by ---------------------------------------------------------------------------------------------------


@dataclass
class Passed:
    """What a run of all tests without a change has shown."""

    seconds: dict[str, float]
    """By test, as long as it took of the processor."""
    lines: dict[str, dict[int, set[str]]]
    """`{path: {line: tests}}`"""
    imported: dict[str, set[int]]
    """`{path: lines}` that were run while modules were imported and tests collected."""
    modules: list[str]
    """What else was imported."""

    def tests(self, mutant: Mutant, functions: dict[str, range]) -> list[str]:
        """Return the tests that might notice, the quickest first."""
        lines = self.lines.get(mutant.path, {})
        if mutant.kind == "function":
            found = _those(lines, mutant.lines) or _those(lines, functions[mutant.name])
            if self.runs_at_import(mutant, functions):
                found = set(self.seconds)
        else:
            found = set().union(*(_those(lines, each) for each in _users(mutant, functions)))
            if not found or self.runs_at_import(mutant, functions):
                found = set(self.seconds)
        ordered = sorted(found, key=lambda test: (self.seconds[test], test))
        total = 0.0
        for count, test in enumerate(ordered):
            total += self.seconds[test]
            if total > _LONGEST:
                return ordered[: count + 1]
        return ordered

    def runs_at_import(self, mutant: Mutant, functions: dict[str, range]) -> bool:
        """Return whether a function, or one that a value is for, has done its work when tests begin."""
        places = [functions[mutant.name]] if mutant.kind == "function" else _users(mutant, functions)
        return not all(map(self.imported[mutant.path].isdisjoint, places))


def _users(mutant: Mutant, functions: dict[str, range]) -> list[range]:
    """Return the functions of a file in which a name stands."""
    source = (ROOT / mutant.path).read_text("utf-8").splitlines()
    word = re.compile(rf"\b{re.escape(mutant.name.partition('.')[0])}\b")
    return [each for each in functions.values() if any(word.search(source[line - 1]) for line in each)]


def _those(lines: dict[int, set[str]], those: range) -> set[str]:
    return set().union(*(lines.get(line, set()) for line in those))


class _Watching:
    """Runs all tests, and notes how long each took and which lines it came by."""

    def __init__(self, watched: coverage.Coverage) -> None:
        self.watched = watched
        self.seconds: dict[str, float] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        remembering = [each.cache_clear for module in _ours() for each in vars(module).values() if hasattr(each, "cache_clear")]
        remembering += [each.forget for each in _ours() if hasattr(each, "forget")]
        for number, item in enumerate(session.items):
            for each in remembering:  # else only the first test would come by
                each()
            self.watched.switch_context(item.nodeid)
            start, failed = time.process_time(), session.testsfailed
            _run(item, session.items[number + 1] if number + 1 < len(session.items) else None)
            if session.testsfailed > failed:
                print(f"fails unchanged, and is left out: {item.nodeid}", file=sys.stderr)
            else:
                self.seconds[item.nodeid] = time.process_time() - start
            session.shouldfail = session.shouldstop = False
        return True


def _ours() -> list[ModuleType]:
    return [module for name, module in list(sys.modules.items()) if name.partition(".")[0] == "publisher"]


def _run(item: pytest.Item, following: pytest.Item | None) -> None:
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def watched(paths: Sequence[str], tests: Sequence[str], options: Sequence[str]) -> Passed:
    """Return what all tests come by, run in a process of its own."""

    def run(result: Path) -> int:
        watching = coverage.Coverage(data_file=None, config_file=False, include=[str(ROOT / path) for path in paths])
        watching.start()
        plugin = _Watching(watching)
        pytest.main([*options, *tests], [plugin])
        watching.stop()
        data = watching.get_data()
        lines: dict[str, dict[int, list[str]]] = {path: data.contexts_by_lineno(str(ROOT / path)) for path in paths}
        names = [name for name in sys.modules if name.partition(".")[0] not in ("publisher", "tests", "conftest", "__main__")]
        result.write_text(json.dumps([plugin.seconds, lines, names]), "utf-8")
        return 0

    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result.json"
        _forked(partial(run, result))
        seconds, lines, names = json.loads(result.read_text("utf-8"))
    by_test = {path: {int(line): set(each) & set(seconds) for line, each in found.items()} for path, found in lines.items()}
    imported = {path: {int(line) for line, each in found.items() if "" in each} for path, found in lines.items()}
    return Passed(seconds, by_test, imported, names)


# -- mutants on trial -----------------------------------------------------------------------------------------------------


def _forked(run: Callable[[], int], most: float = math.inf) -> int:
    """Return what a process of its own ends with: a signal is negative. It gets so many seconds of the processor, ten times that by the clock."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        code = 70
        try:
            silent = os.open(os.devnull, os.O_RDWR)
            for each in (0, 1) if most == math.inf else (0, 1, 2):
                os.dup2(silent, each)
            if most < math.inf:
                resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(most), math.ceil(most) + 1))
                resource.setrlimit(resource.RLIMIT_DATA, (_in_use() + _MORE_MEMORY,) * 2)
                signal.alarm(math.ceil(10 * most))
            code = run()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _in_use() -> int:
    return int(re.findall(r"VmData:\s+(\d+)", Path("/proc/self/status").read_text("utf-8"))[0]) * 1024


class _Judging:
    """Has collected all tests; tries each mutant in a fork."""

    def __init__(self, trials: Sequence[tuple[Mutant, list[str]]], passed: Passed, told: Callable[[Mutant, int], None]) -> None:
        self.trials, self.passed, self.told = trials, passed, told

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {each.nodeid: each for each in session.items}
        gc.collect()
        gc.freeze()
        for mutant, tests in self.trials:
            run = partial(self.fails, session, [items[each] for each in tests], mutant)
            self.told(mutant, _forked(run, _most(self.passed, tests)))
        return True

    def fails(self, session: pytest.Session, items: list[pytest.Item], mutant: Mutant) -> int:
        """Return whether a test fails with a mutant."""
        gc.disable()
        _exchange(mutant)
        return _fails(session, items)


def _most(passed: Passed, tests: list[str]) -> float:
    return 10 * sum(passed.seconds[each] for each in tests) + 10


def _fails(session: pytest.Session, items: Sequence[pytest.Item]) -> int:
    for item, following in zip(items, [*items[1:], None], strict=True):
        _run(item, following)
        if session.testsfailed:
            return 1
    return 0


def _exchange(mutant: Mutant) -> None:
    """Put a function or a value in the place of what the running process has."""
    module = sys.modules[_module(mutant.path)]
    code = compile(mutant.source(), str(ROOT / mutant.path), "exec", annotations.compiler_flag)
    namespace = dict(vars(module))
    exec(code, namespace)
    changed = namespace[mutant.name.rpartition(".")[2]]
    found: Any = module
    for name in mutant.name.split("."):
        found = vars(found)[name]
    if mutant.kind == "function":
        found.__code__, found.__defaults__, found.__kwdefaults__ = changed.__code__, changed.__defaults__, changed.__kwdefaults__
        return
    for each in [each for each in sys.modules.values() if each.__name__.partition(".")[0] in ("publisher", "tests")]:
        for name in [name for name, value in vars(each).items() if value is found and name == mutant.name]:
            setattr(each, name, changed)


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


class _Chosen:
    """Runs just some tests, the quickest first; ends with 1 when one fails."""

    def __init__(self, tests: Sequence[str]) -> None:
        self.tests = tests
        self.failed = 1

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {each.nodeid: each for each in session.items}
        self.failed = _fails(session, [items[each] for each in self.tests])
        return True


class _Changed:
    """Imports one module from another source."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant, self.name = mutant, _module(mutant.path)

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        """Return what imports a module (`importlib.abc.MetaPathFinder`)."""
        if name != self.name:
            return None
        place = str(ROOT / self.mutant.path)
        loader = _Loader(name, place)
        loader.source = self.mutant.source()
        return spec_from_file_location(name, place, loader=loader)


class _Loader(SourceFileLoader):
    source: str

    def get_code(self, fullname: str) -> CodeType:
        """Return the code of the module (`importlib.abc.InspectLoader`)."""
        return compile(self.source, self.path, "exec")


def _cold(mutant: Mutant, tests: Sequence[str], options: Sequence[str]) -> int:
    """Return whether a test fails in a process that imports everything with the change in it."""
    gc.disable()
    sys.meta_path.insert(0, _Changed(mutant))
    plugin = _Chosen(tests)
    pytest.main([*options, *dict.fromkeys(each.partition("::")[0] for each in tests)], [plugin])
    return plugin.failed


# -- the whole ------------------------------------------------------------------------------------------------------------


@dataclass
class Outcome:
    """What came of the mutants of a module."""

    made: int
    killed: list[str] = field(default_factory=list)
    """Their keys."""
    survived: list[Mutant] = field(default_factory=list)

    def told(self, mutant: Mutant, code: int) -> None:
        """Count one that ended with `code`."""
        if code:
            self.killed.append(mutant.key)
        else:
            self.survived.append(mutant)
            print(f"\n{mutant.path}:{mutant.line}: {mutant.name} [{mutant.key}]\n{mutant.diff}")
        print("." if code else "", end="", flush=True)

    def row(self, name: str) -> str:
        """Return a row of the table in docs/security.md."""
        killed = len(self.killed)
        tried = killed + len(self.survived)
        low, high = _between(killed, tried)
        share = f"{killed / tried:.1%}" + ("" if tried == self.made else f" ({low:.1%} to {high:.1%})")
        return f"| `{name}` | {self.made:,} | {tried:,} | {killed:,} | {len(self.survived):,} | {share} |"


def _between(killed: int, tried: int, z: float = 1.96) -> tuple[float, float]:
    """Return what the share of all is between, with 95 % confidence (Wilson)."""
    share = killed / tried
    middle, around = share + z * z / (2 * tried), z * math.sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried))
    return (middle - around) / (1 + z * z / tried), (middle + around) / (1 + z * z / tried)


def tried(name: str, paths: list[str], tests: list[str], chosen: Sequence[Mutant], outcome: Outcome) -> None:
    """Try mutants of a module."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    settings.register_profile(
        "mutants", max_examples=_EXAMPLES, phases=_PHASES, derandomize=True, database=None, deadline=None, suppress_health_check=slow
    )
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        options = [each.format(Path(folder) / "tests") for each in _OPTIONS]
        passed = watched(paths, tests, options)
        _import(passed.modules)
        functions = {path: _functions(path) for path in paths}
        trials = [(each, passed.tests(each, functions[each.path])) for each in chosen]
        warm = [(each, found) for each, found in trials if each.kind and not passed.runs_at_import(each, functions[each.path])]
        same = Mutant(paths[0], 1, range(1, 2), "", "", "", (ROOT / paths[0]).read_text)
        if _in_two_steps(same, passed.tests(same, functions[paths[0]]), passed, options):
            raise SystemExit("a test fails with nothing changed, in a process that imports everything anew")
        for mutant, found in trials:
            if (mutant, found) not in warm:
                outcome.told(mutant, _in_two_steps(mutant, found, passed, options))
        pytest.main([*options, *tests], [_Judging(warm, passed, outcome.told)])


def _import(names: Sequence[str]) -> None:
    """Import what is not ours, so that each fork has it."""
    for each in names:
        with suppress(ImportError):
            importlib.import_module(each)


def _in_two_steps(mutant: Mutant, tests: Sequence[str], passed: Passed, options: Sequence[str]) -> int:
    """Return what a mutant ends with: first by tests of one file, since to import them takes longest."""
    first = tests[0].partition("::")[0] if tests else ""
    for own in (True, False):
        part = [each for each in tests if (each.partition("::")[0] == first) is own]
        if part and (code := _forked(partial(_cold, mutant, part, options), _most(passed, part))):
            return code
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the mutants of some modules, print what survived and a table, and return 1 when more than a tenth did."""
    modules: dict[str, dict[str, list[str]]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutants"]
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=main.__doc__)
    parser.add_argument("modules", nargs="*", choices=[*modules, []], help="which; all when none is named")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="try just so many of each, the same ones each time")
    parser.add_argument("--only", default="", metavar="PATTERN", help="those whose `path:function` matches")
    parser.add_argument("--again", action="store_true", help="but for those that were killed before")
    given = parser.parse_args(arguments)
    if len(given.modules) != 1:
        rest = [f"--sample={given.sample}", f"--only={given.only}", *(["--again"] if given.again else [])]
        runs = [subprocess.run([sys.executable, "-m", "tests.mutants", each, *rest], cwd=ROOT) for each in given.modules or modules]
        return max(each.returncode for each in runs)
    (name,) = given.modules
    kept = _KEPT / f"{name}.json"
    made = [each for path in modules[name]["sources"] for each in mutants(path)]
    chosen = [each for each in made if re.search(given.only, f"{each.path}:{each.name}")]
    if 0 < given.sample < len(chosen):
        chosen = sorted(random.Random(name).sample(chosen, given.sample), key=lambda each: (each.path, each.line))
    before = set(json.loads(kept.read_text("utf-8"))) if given.again and kept.exists() else set()
    outcome = Outcome(len(made), [each.key for each in chosen if each.key in before])
    chosen = [each for each in chosen if each.key not in before]
    tried(name, modules[name]["sources"], modules[name]["tests"], chosen, outcome)
    print(f"\n| module | mutants | tried | killed | survived | share |\n|---|--:|--:|--:|--:|--:|\n{outcome.row(name)}")
    if not given.only:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(outcome.killed), "utf-8")
    return int(9 * len(outcome.survived) > len(outcome.killed))


if __name__ == "__main__":
    sys.exit(main())
