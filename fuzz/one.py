"""Fuzz one target in this process: `python -m fuzz.one NAME FOLDER OPTION…`, with options of libFuzzer.

Seeds are in the folder `corpus` below the given one, where what reaches new code is kept; what breaks goes beside it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from time import process_time

import atheris

with atheris.instrument_imports(include=["publisher"]):
    from fuzz import targets

__all__ = ["main"]


def main(name: str, folder: Path, options: list[str]) -> None:
    """Fuzz until the options say that it is enough; the process ends then, with 0 when nothing was found."""
    corpus = folder / "corpus"
    known = folder / "words"
    known.write_bytes(b"".join(b'"%s"\n' % _escaped(each) for each in targets.words(name)))
    options += [f"-dict={known}"] if known.stat().st_size else []  # libFuzzer refuses an empty one
    arguments = [sys.argv[0], *options, f"-artifact_prefix={folder}/", str(corpus)]
    atheris.Setup(arguments, _Try(name, folder / "slowest"), enable_python_coverage=True)
    atheris.Fuzz()


def _escaped(word: bytes) -> bytes:
    """Return a word as libFuzzer's dictionaries have it."""
    return b"".join(b"\\x%02X" % each if each in b'\\"' or not 32 <= each < 127 else bytes([each]) for each in word)


class _Try:
    """Tries bytes, and keeps those that took longest: libFuzzer counts whole seconds of the clock."""

    def __init__(self, name: str, slowest: Path) -> None:
        self._name, self._slowest = name, slowest
        self._longest = float(slowest.read_text().partition(" ")[0]) if slowest.is_file() else 0.0

    def __call__(self, body: bytes) -> None:
        """Try one file."""
        took = self._took(body)
        if took > 1.1 * self._longest and (took := self._took(body)) > 1.1 * self._longest:  # twice: the first pays for what is done once
            self._longest = took
            self._slowest.write_text(f"{took:.4f} {len(body)}\n")
            self._slowest.with_name("slowest-file").write_bytes(body)

    def _took(self, body: bytes) -> float:
        begun = process_time()
        targets.tried(self._name, body)
        return process_time() - begun


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
