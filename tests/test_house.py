"""The house stands as docs/architecture.md draws it: who imports whom, who prints, how long a function is."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TypeGuard

import pytest

import publisher

HOUSE = Path(publisher.__file__).parent
LAYERS = {
    **dict.fromkeys(["article", "problems"], 0),
    "formats": 2,
    **dict.fromkeys(
        [
            "issues",
            "newsstand",
            "outputs",
            "inputs",
            "former",
            "planning",
            "settings",
            "sources",
            "hints",
            "disclosure",
            "build",
            "whole",
            "fidelity",
            "imports",
            "announcing",
        ],
        3,
    ),
    **dict.fromkeys(["desk", "docs", "exchange", "server", "cli", "__main__", ""], 4),
}
"""Rooms, from what knows nothing of the others to what knows all; `""` is the package itself, 1 is every room not named."""
EDGE = {"files", "fetch", "post", "records", "cluster", "remote"}
USERS_OF_EDGE = {"sources", "build", "desk", "exchange", "server", "cli", "__main__", ""}
OUTSIDE = {
    *("print", "input", "sys.stdin", "sys.stdout", "sys.stderr"),
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today"),
    *("time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime", "time.perf_counter"),
}
"""What only the command line does: write to the terminal, read the clock."""
PROGRAMS = {"cli", "cli.talk", "cli.exchange", "cli.serve", "judges.epubcheck_worker"}
"""What is run and not imported; the last is a process of its own, asked through its standard input."""
STARTERS = {"judges", "programs", "workers"}
"""Rooms that start programs: those that are asked for an opinion, those that convert what we cannot read, and ourselves once more."""
HEAVY = {
    "extruct",
    "feedgen",
    "ebooklib",
    "lxml",
    "PIL",
    "dateparser",
    "jinja2",
    "fontTools",
    "typst",
    "mammoth",
    "pyld",
    "httpx2",
    "hishel",
    "protego",
    "segno",
    "ssl",
    "trafilatura",
    "starlette",
    "uvicorn",
    "watchfiles",
    "anyio",
    "dask",
    "distributed",
    "fsspec",
}
STARTS = {
    "import publisher": "import publisher",
    "publisher --version": """
from publisher.cli import main
sys.argv = ["publisher", "--version"]
try:
    main()
except SystemExit:
    pass
""",
}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = ast.ClassDef | Function


def name_of(path: Path) -> str:
    """Return the module's name within the house: `formats.rss`, `formats` for its `__init__.py`, `""` for the house itself."""
    parts = path.relative_to(HOUSE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


PATHS = {name_of(path): path for path in sorted(HOUSE.rglob("*.py"))}


@cache
def tree(name: str) -> ast.Module:
    """Return a module as Python understands it; of all of them that takes seconds, so it is done when a test asks."""
    return ast.parse(PATHS[name].read_bytes())


@cache
def nodes(name: str) -> tuple[ast.AST, ...]:
    """Return all of it, one after the other."""
    return tuple(ast.walk(tree(name)))


def room(name: str) -> str:
    """Return the module or folder right below the house that a module is in."""
    return name.partition(".")[0]


def imports(name: str) -> set[str]:
    """Return the modules of the house that the module `name` imports, wherever in its text."""
    targets = {target.partition(".")[2] for target in import_targets(name) if room(target) == "publisher"}
    return {module_of(target) for target in targets} - {name}


def import_targets(name: str) -> Iterator[str]:
    for node in nodes(name):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute in this house"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_of(target: str) -> str:
    """Return `article` for `article.Article`, which is a name in it, and for `article` itself."""
    return target if target in PATHS else target.rpartition(".")[0]


@cache
def all_imports() -> dict[str, set[str]]:
    return {name: imports(name) for name in PATHS}


def inside() -> list[tuple[str, str]]:
    """Return `(importing, imported)` for all that has nothing to do with the edge of the house."""
    return [(name, other) for name, others in all_imports().items() for other in sorted(others) if not {room(name), room(other)} & EDGE]


def layer(name: str) -> int:
    return LAYERS.get(room(name), 1)


def test_imports_go_to_the_left() -> None:
    assert [edge for edge in inside() if layer(edge[0]) < layer(edge[1])] == []


def test_imports_do_not_go_in_circles() -> None:
    TopologicalSorter(all_imports()).prepare()


def test_a_format_imports_no_other_format() -> None:
    between = [(name, other) for name, other in inside() if room(name) == room(other) == "formats" != other]
    assert [pair for pair in between if pair[0].split(".")[1:2] != pair[1].split(".")[1:2]] == []


def test_the_edge_of_the_house_knows_nothing_but_problems_and_paths() -> None:
    known = {
        (room(name), other)
        for name, others in all_imports().items()
        for other in others
        if room(name) in EDGE and room(name) != room(other)
    }
    assert known - {("remote", "files"), ("files", "paths")} <= {(name, "problems") for name in EDGE}


def test_files_network_and_mail_are_reached_from_few_rooms() -> None:
    assert {
        room(name) for name, others in all_imports().items() if ({room(other) for other in others} & EDGE) - {room(name)}
    } - EDGE <= USERS_OF_EDGE


def spelled_out(node: ast.expr, known: dict[str, str]) -> str:
    """Return `datetime.datetime.now` for `dt.now` after `from datetime import datetime as dt`."""
    if isinstance(node, ast.Attribute):
        return f"{spelled_out(node.value, known)}.{node.attr}"
    return known.get(node.id, node.id) if isinstance(node, ast.Name) else "?"


def imported_names(name: str) -> dict[str, str]:
    """Return what the names that a module imports stand for."""
    known: dict[str, str] = {}
    for node in nodes(name):
        if isinstance(node, ast.Import):
            known |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom):
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return known


def outside_uses(name: str) -> Iterator[str]:
    known = imported_names(name)
    for node in nodes(name):
        if isinstance(node, ast.Name | ast.Attribute) and (used := spelled_out(node, known)) in OUTSIDE:
            yield f"{name}:{node.lineno}: {used}"


def test_only_the_command_line_prints_or_reads_the_clock() -> None:
    assert [use for name in PATHS if name not in PROGRAMS for use in outside_uses(name)] == []


def test_only_three_rooms_start_programs() -> None:
    starting = {"subprocess", "os.system", "os.popen", "os.execv", "os.posix_spawn", "multiprocessing"}
    found = {name: set(import_targets(name)) for name in PATHS}
    assert {room(name) for name, targets in found.items() if (targets | set(map(room, targets))) & starting} <= STARTERS


def undocumented(node: ast.Module | Definition, name: str) -> Iterator[str]:
    if not ast.get_docstring(node):
        yield name
    if not isinstance(node, Function):
        yield from (missing for part in node.body if is_public(part) for missing in undocumented(part, f"{name}.{part.name}"))


def is_public(node: ast.stmt) -> TypeGuard[Definition]:
    return isinstance(node, Definition) and not node.name.startswith("_")


def test_what_is_public_says_what_it_is() -> None:
    assert [missing for name in PATHS for missing in undocumented(tree(name), name)] == []


def test_no_module_is_called_like_one_of_the_standard_library() -> None:
    assert {name for name in PATHS if name.rpartition(".")[2] in sys.stdlib_module_names} == set()


def length(function: Function) -> int:
    """Return the number of lines without the docstring."""
    first = function.body[0]
    docstring = first.end_lineno - first.lineno + 1 if ast.get_docstring(function) and first.end_lineno else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


def lengths() -> list[int]:
    return [length(node) for name in PATHS for node in nodes(name) if isinstance(node, Function)]


def test_half_of_all_functions_are_under_8_lines() -> None:
    assert statistics.median(lengths()) < 8


def test_nine_in_ten_functions_are_at_most_30_lines() -> None:
    assert statistics.quantiles(lengths(), n=10)[-1] <= 30


NOT_TO_READ = {
    *("build", "whole", "following", "post", "compare", "imports", "newsstand.plan", "newsstand.pictures", "themes.pages", "linked"),
    *("formats.rss", "formats.webpage", "formats.epub.listing", "formats.markdown.writer", "feedreading", "server", "judges"),
}
"""Rooms that reading one text needs nothing of."""
MODULES = {"--version": 140, "show": 300}
"""How many modules a command may load, those of Python and of others included: each takes about a millisecond."""


def loaded_by(*arguments: str) -> set[str]:
    """Return the modules that are loaded when a command is run in a process of its own."""
    code = (
        "import sys\nfrom publisher.cli import main\ntry:\n    main()\nexcept SystemExit:\n    pass\nprint(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True, cwd=HOUSE.parent)
    return set(done.stderr.splitlines()[-1].split())


def test_reading_one_text_loads_only_what_reads(tmp_path: Path) -> None:
    (tmp_path / "tide.md").write_text(
        "---\ntitle: The tide\nauthor: Mara Keeper\ndate: 2026-11-24\nlang: en\n---\n\nIt *rises*.\n", "utf-8"
    )
    loaded = loaded_by("show", str(tmp_path / "tide.md"))
    assert {f"publisher.{name}" for name in NOT_TO_READ} & loaded == set()
    assert {"langcodes", "PIL", "xml.etree.ElementTree", "dateparser", "httpx2"} & loaded == set()
    assert "publisher.formats.markdown" in loaded
    assert len(loaded) <= MODULES["show"]


def test_telling_the_version_loads_little() -> None:
    assert len(loaded_by("--version")) <= MODULES["--version"]


@pytest.mark.parametrize("start", [start for start in STARTS if "cli" in PATHS or "cli" not in STARTS[start]])
def test_starting_loads_no_heavy_library(start: str) -> None:
    code = f"import sys\n{STARTS[start]}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HOUSE.parent)
    assert {room(name) for name in done.stdout.split()} & HEAVY == set()
