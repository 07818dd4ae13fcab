"""Commands that may read no more than the rights of files say, also where root runs the tests, and files that nobody may read."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

__all__ = ["PLAINLY", "needs_rights", "with_rights"]

_IS_ROOT = os.name == "posix" and os.geteuid() == 0
_LESS = "-dac_override,-dac_read_search"
PLAINLY = ["setpriv", f"--bounding-set={_LESS}", f"--inh-caps={_LESS}"] if _IS_ROOT else []
"""What goes before a command."""
needs_rights = pytest.mark.skipif(os.name != "posix" or bool(_IS_ROOT and not shutil.which("setpriv")), reason="all files can be read here")


@contextmanager
def with_rights(path: Path, mode: int) -> Iterator[None]:
    """Give a file or a folder other rights for a while."""
    former = path.stat().st_mode
    path.chmod(mode)
    try:
        yield
    finally:
        path.chmod(former)
