"""Fuzz one target in this process: `python -m fuzz.one NAME FOLDER OPTION…`, with options of libFuzzer.

Seeds are written into the folder `corpus` below the given one, where what reaches new code is kept; what breaks goes beside it.
"""

from __future__ import annotations

import sys
from functools import partial
from hashlib import sha256
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["publisher"]):
    from fuzz import targets

__all__ = ["main"]


def main(name: str, folder: Path, options: list[str]) -> None:
    """Fuzz until the options say that it is enough; the process ends then, with 0 when nothing was found."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for each in targets.seeds(name):
        (corpus / sha256(each).hexdigest()[:16]).write_bytes(each)
    arguments = [sys.argv[0], *options, f"-artifact_prefix={folder}/", str(corpus)]
    atheris.Setup(arguments, partial(_try, name), enable_python_coverage=True)
    atheris.Fuzz()


def _try(name: str, body: bytes) -> None:
    targets.tried(name, body)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
