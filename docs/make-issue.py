"""Take `docs/issue.jpg`: pages of the book of `seeds/`, as foliate-js shows them in Chromium on a phone.

PYTHONPATH=. python docs/make-issue.py
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from PIL import Image

from publisher import cli
from tests.judges.engines import View, open_book

HERE = Path(__file__).resolve().parent
COLUMNS, SIZE, GAP = 5, (360, 640), 16
GREY = (118, 118, 118)
VIEWS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("cover", {}),
    ("front", {"night": True}),
    ("contents", {}),
    ("How a village measured its own darkness", {}),
    ("The lamp at Tarn Skerry turns again", {"at": "table"}),
    ("割れた茶碗に、金の川", {}),
    ("أسماء النجوم على سطح قارب", {"night": True}),
    ("Six bells, seven hundred and twenty ways, and no tune at all", {"size": 300}),
    ("The lamp at Tarn Skerry turns again", {"at": ".note"}),
    ("colophon", {"night": True}),
)
"""The page of the book or the headline of the article, and how it is looked at."""


def book(folder: Path) -> Path:
    """Make the book, with Japanese in columns."""
    seeds = shutil.copytree(HERE.parent / "seeds", folder / "seeds")
    with (seeds / "publisher.toml").open("a") as settings:
        settings.write("\n[epub]\nvertical = true\n")
    if cli.main(["build", str(seeds), "-o", str(folder), "--only", "epub"]):
        raise SystemExit("the book cannot be made")
    return folder / "the-lantern.epub"


def page(book: Path, wanted: str) -> str:
    """Return where a page of the book or an article lies."""
    with zipfile.ZipFile(book) as archive:
        pages = [each for each in archive.namelist() if each.endswith(".xhtml")]
        return next(each for each in pages if each == f"EPUB/{wanted}.xhtml" or f"<title>{wanted}</title>".encode() in archive.read(each))


def main() -> None:
    """Write the sheet."""
    width, height = SIZE
    rows = -(-len(VIEWS) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (width + GAP) + GAP, rows * (height + GAP) + GAP), GREY)
    with tempfile.TemporaryDirectory() as folder:
        made, png = book(Path(folder)), Path(folder, "page.png")
        for number, (wanted, look) in enumerate(VIEWS):
            open_book(made, View(href=page(made, wanted), png=png, **look))
            row, column = divmod(number, COLUMNS)
            place = (GAP + column * (width + GAP), GAP + row * (height + GAP))
            sheet.paste(Image.open(png).convert("RGB").resize(SIZE, Image.Resampling.LANCZOS), place)
    sheet.save(HERE / "issue.jpg", quality=82)


if __name__ == "__main__":
    main()
