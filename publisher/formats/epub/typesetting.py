"""A page set by Typst; done by `programs.aside` in a process of its own, so nothing of ours is imported here.

Typst keeps 20 MB of what it has read, and needs 40 more to draw a cover.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # not from `typing`, whose import takes as long as Python's start
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from typst import Fonts

__all__ = ["fonts", "typeset"]


def typeset(template: str, folders: Sequence[str], front: str, kind: Literal["png", "svg", "pdf"]) -> tuple[bytes, str]:
    """Return the one page that a template makes of what it is told, and what it says about itself by its labels, as JSON.

    `folders` have the fonts, of which the system's are never taken, `front` is JSON, `kind` is `png`, `svg` or `pdf`.
    """
    from typst import Compiler

    # By its path and not as bytes: from those a compiler of typst-py 0.15 makes a page once, and another one lays all out again.
    folder, inputs = os.path.dirname(template), {"front": front}
    compiler = Compiler(template, root=folder, font_paths=fonts(folders), ignore_system_fonts=True, sys_inputs=inputs)
    page = compiler.compile(format=kind, ppi=72.0)
    assert isinstance(page, bytes), "a cover has one page"
    return page, compiler.query("metadata")


def fonts(folders: Sequence[str]) -> Fonts:
    """Return the fonts in the folders."""
    from typst import Fonts

    return Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(folders))
