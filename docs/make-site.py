"""Take `docs/site.jpg`: pages of the site of `seeds/` in both themes, as Chromium shows them on a desk and on a phone.

PYTHONPATH=. python docs/make-site.py
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from PIL import Image

from publisher import cli
from tests.judges import chromium

HERE = Path(__file__).resolve().parent
GAP, HEIGHT = 20, 620
GREY = (118, 118, 118)
DESK, PHONE = (1280, 1000), (390, 790)
VIEWS: tuple[tuple[str, str, tuple[int, int], bool], ...] = (
    ("newspaper", "index.html", DESK, False),
    ("newspaper", "articles/tarn-skerry-turns-again.html", DESK, True),
    ("newspaper", "issues.html", DESK, False),
    ("newspaper", "subscribe.html", PHONE, False),
    ("newspaper", "search.html?q=bells", PHONE, True),
    ("newspaper", "articles/star-names.html", PHONE, False),
    ("newspaper", "authors/tobias-wren.html", PHONE, False),
    ("blog", "index.html", DESK, False),
    ("blog", "articles/bells.html", PHONE, True),
)
"""Theme, page, window and whether it is night."""
ROWS = ((0, 1, 2), (3, 4, 7, 5, 8, 6))


def site(folder: Path, theme: str) -> Path:
    """Build the demo in a theme."""
    seeds = shutil.copytree(HERE.parent / "seeds", folder / f"seeds-{theme}")
    settings = (seeds / "publisher.toml").read_text("utf-8")
    (seeds / "publisher.toml").write_text(settings.replace("[site]\n", f'[site]\ntheme = "{theme}"\n', 1), "utf-8")
    if cli.main(["build", str(seeds), "-o", str(folder / theme)]):
        raise SystemExit("the site cannot be built")
    return folder / theme


def picture(folder: Path, page: str, size: tuple[int, int], *, dark: bool) -> Image.Image:
    """Return what a window shows, as high as all others."""
    path, _, query = page.partition("?")
    url = (folder / path).as_uri() + (f"?{query}" if query else "")
    chromium.look(url, width=size[0], height=size[1], dark=dark, png=folder / "page.png")
    seen = Image.open(folder / "page.png").convert("RGB")
    return seen.resize((round(seen.width * HEIGHT / seen.height), HEIGHT), Image.Resampling.LANCZOS)


def main() -> None:
    """Write the sheet."""
    with tempfile.TemporaryDirectory() as name:
        folders = {theme: site(Path(name), theme) for theme in {each[0] for each in VIEWS}}
        seen = [picture(folders[theme], page, size, dark=dark) for theme, page, size, dark in VIEWS]
    width = max(sum(seen[each].width + GAP for each in row) for row in ROWS) + GAP
    sheet = Image.new("RGB", (width, len(ROWS) * (HEIGHT + GAP) + GAP), GREY)
    for number, row in enumerate(ROWS):
        left = (width - sum(seen[each].width + GAP for each in row) + GAP) // 2
        for each in row:
            sheet.paste(seen[each], (left, GAP + number * (HEIGHT + GAP)))
            left += seen[each].width + GAP
    sheet.save(HERE / "site.jpg", quality=82)


if __name__ == "__main__":
    main()
