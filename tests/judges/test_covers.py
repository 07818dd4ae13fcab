"""MuPDF reads the covers: each letter of what was typeset is there, and none is an empty box."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

import pytest

from publisher.formats.epub import cover
from publisher.formats.epub.cover import Front, Line
from publisher.judges import program
from tests.test_cover import HEADLINES, long

pytestmark = pytest.mark.judges


@pytest.mark.parametrize("language", HEADLINES)
def test_mupdf_reads_every_letter_of_the_cover(language: str, tmp_path: Path) -> None:
    headline = long(HEADLINES[language])
    front = Front(name=long(HEADLINES[language], 60), language=language, headlines=(Line(text=headline),))
    page = tmp_path / "cover.pdf"
    page.write_bytes(cover._typeset(cover._said(front, None), "pdf")[0])
    command = [program("mutool"), "draw", "-q", "-F", "txt", "-o", "-", str(page)]
    read = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, stdin=subprocess.DEVNULL).stdout
    missing = letters(front.name + headline) - letters(read)
    assert not missing
    assert "\ufffd" not in read


def letters(text: str) -> Counter[str]:
    return Counter(each for each in text if each.isalnum())
