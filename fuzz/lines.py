"""Which lines count: those of our functions that a target may call, as far as their names tell, in the modules that are its own."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType

__all__ = ["Name", "called", "lines", "module_of"]

HOUSE = Path(__file__).parent.parent
Name = tuple[str, str]
"""A module and what is called so in it."""
_OPTIMIZED = 0x1
"""The flag of code that is a function's: a class's own lines are run when it is imported (`inspect.CO_OPTIMIZED`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Module:
    """What a module defines, and under which names it knows things of others."""

    path: Path
    nodes: dict[str, list[ast.stmt]]
    imported: dict[str, Name]


@cache
def _parsed(name: str) -> _Module | None:
    """Return a module of ours, `None` when it is no module or none of ours."""
    path = module_of(name)
    if path is None:
        return None
    tree = ast.parse(path.read_bytes())
    nodes: dict[str, list[ast.stmt]] = {}
    for node in tree.body:
        for each in _defined(node):
            nodes.setdefault(each, []).append(node)
    froms = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    return _Module(
        path=path,
        nodes=nodes,
        imported={(each.asname or each.name): (node.module or "", each.name) for node in froms for each in node.names},
    )


def module_of(name: str) -> Path | None:
    """Return the file of one of our modules, `None` of anything else."""
    if not name.startswith("publisher."):
        return None
    path = HOUSE.joinpath(*name.split("."))
    return next((each for each in (path.with_suffix(".py"), path / "__init__.py") if each.is_file()), None)


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)]


# -- what may be called ----------------------------------------------------------------------------------------------------------


def called(begin: Iterable[Name]) -> set[Name]:
    """Return all names of ours that these, and what they name, may use."""
    found, waiting = set[Name](), [*begin]
    while waiting:
        module, name = waiting.pop()
        known = _parsed(module)
        if known is None or (module, name) in found:
            continue
        if name in known.nodes:
            found.add((module, name))
            waiting += (each for node in known.nodes[name] for each in _named(node, module, known))
        elif name in known.imported:
            waiting += _rules_of(".".join(known.imported[name])) or [known.imported[name]]
    return found


def _named(node: ast.stmt, module: str, known: _Module) -> Iterator[Name]:
    """Yield what a definition names: of a module that it knows what it takes out of it, or its rules when it takes it whole."""
    bases = {id(each.value): each for each in ast.walk(node) if isinstance(each, ast.Attribute)}
    for each in (each for each in ast.walk(node) if isinstance(each, ast.Name)):
        other = ".".join(known.imported.get(each.id, ("", "")))
        if each.id in known.nodes:
            yield module, each.id
        elif each.id == "globals":
            yield from _rules_of(module)
        elif module_of(other) and id(each) in bases:
            yield other, bases[id(each)].attr
        elif each.id in known.imported:
            yield from _rules_of(other) or [known.imported[each.id]]


def _rules_of(module: str) -> list[Name]:
    """Return the rules of a module, nothing when it is none."""
    known = _parsed(module)
    nodes = known.nodes.items() if known else ()
    return [(module, each) for each, (node, *_) in nodes if isinstance(node, ast.FunctionDef) and any(map(_is_rule, node.decorator_list))]


def _is_rule(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and isinstance(decorator.func, ast.Name) and decorator.func.id.endswith("rule")


# -- their lines -----------------------------------------------------------------------------------------------------------------


def lines(names: Iterable[Name]) -> set[tuple[str, int]]:
    """Return all lines of code inside the functions and classes that are called so, each with the path of its file."""
    found = set[tuple[str, int]]()
    for module, name in names:
        known = _parsed(module)
        nodes = known.nodes[name] if known else []
        begun = {each.lineno for node in nodes for each in [node, *getattr(node, "decorator_list", [])]}
        found |= {(str(path), line) for node in nodes for path, line in _all_lines(module) if min(begun) <= line <= (node.end_lineno or 0)}
    return found


@cache
def _all_lines(module: str) -> frozenset[tuple[str, int]]:
    path = module_of(module)
    return frozenset((str(path), line) for line in _of_code(compile(path.read_bytes(), str(path), "exec"))) if path else frozenset()


def _of_code(code: CodeType) -> Iterator[int]:
    for inner in (each for each in code.co_consts if isinstance(each, CodeType)):
        if inner.co_flags & _OPTIMIZED:
            yield from (line for _, _, line in inner.co_lines() if line and line != inner.co_firstlineno)
        yield from _of_code(inner)
