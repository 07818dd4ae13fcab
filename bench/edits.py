"""What one edit rewrites: outputs, members of the book of everything, and seconds: `python -m bench.edits -n 1000`.

The newspaper of `bench.site`, with one book of all its articles, is built once. Then each edit is made and built, one after the other,
and the exports are compared with the exports before it. So an edit meets the articles as the edits before it left them.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from statistics import median
from zipfile import ZipFile

from bench.measure import PYTHON, run, workplace
from bench.site import picture, written
from bench.table import machine

__all__ = ["EDITS", "Edit", "Newspaper", "Rewritten", "main", "measured", "row"]

_ONE_BOOK = '[[issues]]\nselect = "all"\n'
_EVERYTHING = """[[issues]]
select = "all"

[[issues]]
select = "month"
since = "2026-09"

[site]
search = true

[feeds]
size = 20
keywords = ["{keyword}"]
hub = "https://hub.lantern.example/"
"""
_DATE = "%Y-%m-%d %H:%M"
_DAY, _YEAR, _MINUTE = timedelta(days=1), timedelta(days=365), timedelta(minutes=1)


class Newspaper:
    """The sources of a newspaper, and what is built of them."""

    def __init__(self, folder: Path, count: int, *, everything: bool = False, seed: int = 7) -> None:
        """Write the sources; `everything` switches on search, books by month and feeds of a keyword, too."""
        self.sources, self.exports, self._kept = folder / "sources", folder / "exports", folder / "kept"
        written(self.sources, count)
        self._chance = random.Random(seed)  # noqa: S311 - nothing is secret here
        self._words = 0
        texts = [_text(each) for each in self.articles()]
        self._common = {
            key: Counter(each for text in texts for each in _list(text, key)).most_common(1)[0][0] for key in ("author", "tags")
        }
        settings = self.sources / "publisher.toml"
        usual = _text(settings).partition("[[issues]]")[0]
        settings.write_text(usual + (_EVERYTHING.format(keyword=self._common["tags"]) if everything else _ONE_BOOK), "utf-8")

    def build(self) -> float:
        """Build, and return the seconds on the clock that it took."""
        command = [PYTHON, "-m", "publisher.cli", "build", str(self.sources), "-o", str(self.exports)]
        return run(command, {"PUBLISHER_CACHE": str(self._kept), "PUBLISHER_DEBUG": "1", "PYTHONDONTWRITEBYTECODE": ""}).clock

    def outputs(self) -> dict[str, object]:
        """Return the digest of each output by its path."""
        files = (each for each in self.exports.rglob("*") if each.is_file() and each.name != ".publisher")
        return {str(each.relative_to(self.exports)): sha256(each.read_bytes()).digest() for each in files}

    def members(self) -> dict[str, object]:
        """Return the checksum of each member of the book of everything, the largest one, by its name."""
        with ZipFile(max(self.exports.rglob("*.epub"), key=lambda each: each.stat().st_size)) as book:
            return {each.filename: each.CRC for each in book.infolist()}

    def articles(self) -> list[Path]:
        """Return the sources of the articles that are published, the newest one first."""
        dated = ((_value(text, "date"), each) for each in self.sources.glob("*/*.md") if "\ndraft: true\n" not in (text := _text(each)))
        return [path for _, path in sorted(dated, reverse=True)]

    def at(self, place: str, fits: Callable[[str], bool] = bool) -> Path:
        """Return the newest or the oldest article whose source fits, or one by chance from the middle third."""
        known = self.articles()
        if place == "middle":
            known = known[len(known) // 3 : -(len(known) // 3)]
            self._chance.shuffle(known)
        return next(each for each in (reversed(known) if place == "oldest" else known) if fits(_text(each)))

    def word(self) -> str:
        """Return a word that is nowhere in the newspaper yet."""
        self._words += 1
        return f"zyx{self._words}"

    def common(self, key: str) -> str:
        """Return the tag, or the author, that most articles had at the start."""
        return self._common[key]

    def relink(self, old: Path, new: Path | None) -> None:
        """Let links to the article `old` lead to `new`, or to another site."""
        link = f"(../{old.relative_to(self.sources)})"
        other = f"(../{new.relative_to(self.sources)})" if new else "(https://elsewhere.example/)"
        for each in self.sources.glob("*/*.md"):
            if link in (text := _text(each)):
                each.write_text(text.replace(link, other), "utf-8")


# -- the sources ----------------------------------------------------------------------------------------------------------


def _text(path: Path) -> str:
    return path.read_text("utf-8")


def _value(text: str, key: str) -> str:
    found = re.search(rf"^{key}: (.*)$", text, re.MULTILINE)
    return found[1] if found else ""


def _list(text: str, key: str) -> list[str]:
    return _value(text, key).strip("[]").split(", ")


def _change(path: Path, key: str, changed: Callable[[str], str]) -> None:
    text = _text(path)
    old = _value(text, key)
    path.write_text(text.replace(f"\n{key}: {old}\n", f"\n{key}: {changed(old)}\n", 1), "utf-8")


# -- edits ----------------------------------------------------------------------------------------------------------------


def _change_text(paper: Newspaper, place: str) -> None:
    path = paper.at(place)
    path.write_text(f"{_text(path)}\nCorrected: {paper.word()}.\n", "utf-8")


def _change_title(paper: Newspaper, place: str) -> None:
    _change(paper.at(place), "title", lambda title: f"{paper.word()} {title}")


def _add(paper: Newspaper, place: str, *, key: str, common: bool) -> None:
    name = paper.common(key) if common else f"Zyx {paper.word()}"
    path = paper.at(place, lambda text: name not in _list(text, key))
    _change(path, key, lambda several: f"{several[:-1]}, {name}]")


def _change_date(paper: Newspaper, place: str, *, by: timedelta) -> None:
    _change(paper.at(place), "date", partial(_moved, by=by))


def _moved(date: str, by: timedelta) -> str:
    return f"{datetime.strptime(date, _DATE) + by:{_DATE}}"  # noqa: DTZ007 - the sources have no offset


def _change_picture(paper: Newspaper, place: str) -> None:
    name = f"{paper.word()}.jpg"
    (paper.sources / "media" / name).write_bytes(picture(500 + int(name[3:-4])))
    path = paper.at(place, lambda text: bool(_value(text, "image")))
    _change(path, "image", lambda image: re.sub(r"media/[^,]+", f"media/{name}", image))


def _make_draft(paper: Newspaper, place: str) -> None:
    path = paper.at(place)
    paper.relink(path, None)
    path.write_text(_text(path).replace("---\n", "---\ndraft: true\n", 1), "utf-8")


def _write_new(paper: Newspaper, place: str) -> None:
    model, name = paper.at(place), paper.word()
    path = model.with_name(f"{name}.md")
    path.write_text(_text(model), "utf-8")
    for key in ("slug", "id", "title"):
        _change(path, key, lambda value: f"{value}-{name}")
    _change(path, "date", partial(_moved, by=_MINUTE))


def _remove(paper: Newspaper, place: str) -> None:
    path = paper.at(place)
    paper.relink(path, None)
    path.unlink()


def _rename_file(paper: Newspaper, place: str) -> None:
    path = paper.at(place)
    paper.relink(path, path.rename(path.with_name(f"{paper.word()}.md")))


def _rename_publication(paper: Newspaper, _: str) -> None:
    settings = paper.sources / "publisher.toml"
    name = f"The Lantern {paper.word()}"
    settings.write_text(re.sub(r'(\[publication\]\nname = ")[^"]*', rf"\g<1>{name}", _text(settings)), "utf-8")


@dataclass(frozen=True, slots=True)
class Edit:
    """One kind of edit at one place."""

    kind: str
    place: str
    """`newest`, `middle` or `oldest`: of which article."""
    make: Callable[[Newspaper, str], None]


EDITS: Sequence[Edit] = (
    *(Edit("text", each, _change_text) for each in ("newest", "middle", "oldest")),
    *(Edit("title", each, _change_title) for each in ("newest", "middle")),
    Edit("title, of what eight link to", "oldest", _change_title),
    *(Edit("tag, common", each, partial(_add, key="tags", common=True)) for each in ("newest", "middle")),
    Edit("tag, new", "middle", partial(_add, key="tags", common=False)),
    Edit("author, common", "middle", partial(_add, key="author", common=True)),
    Edit("author, new", "middle", partial(_add, key="author", common=False)),
    *(Edit("date, by a day", each, partial(_change_date, by=-_DAY)) for each in ("newest", "middle", "oldest")),
    Edit("date, to another year", "middle", partial(_change_date, by=-_YEAR)),
    *(Edit("picture", each, _change_picture) for each in ("newest", "middle")),
    *(Edit("draft", each, _make_draft) for each in ("newest", "middle")),
    Edit("one added", "newest", _write_new),
    *(Edit("one removed", each, _remove) for each in ("newest", "middle")),
    Edit("file renamed", "middle", _rename_file),
    Edit("name of the publication", "all", _rename_publication),
)


# -- what they rewrite ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """What one edit rewrote; what it added or removed counts, too."""

    outputs: int
    members: int
    """Of the book of everything."""
    seconds: float


def measured(paper: Newspaper, times: int) -> Iterator[tuple[Edit, list[Rewritten]]]:
    """Make each edit so many times, and yield it with what each time rewrote; the newspaper has been built before."""
    outputs, members = paper.outputs(), paper.members()
    for edit in EDITS:
        found = []
        for _ in range(times):
            edit.make(paper, edit.place)
            seconds, before, inside = paper.build(), outputs, members
            outputs, members = paper.outputs(), paper.members()
            found.append(Rewritten(outputs=_different(before, outputs), members=_different(inside, members), seconds=seconds))
        yield edit, found


def _different(before: Mapping[str, object], now: Mapping[str, object]) -> int:
    return sum(before.get(each) != now.get(each) for each in before.keys() | now.keys())


def row(edit: Edit, found: Sequence[Rewritten]) -> str:
    """Return the line of the table: of each number the median and, where the edit was made several times, the worst."""
    columns = ([each.outputs for each in found], [each.members for each in found], [each.seconds for each in found])
    return f"{edit.kind:<30}{edit.place:<8}" + "".join(f"{_both(each, '.1f' if each is columns[2] else '.0f'):>16}" for each in columns)


def _both(numbers: Sequence[float], form: str) -> str:
    return " / ".join(f"{each:{form}}" for each in ((median(numbers), max(numbers)) if len(numbers) > 1 else numbers))


def main() -> None:
    """Build a newspaper, make all edits, and print what each rewrites."""
    parser = argparse.ArgumentParser(prog="python -m bench.edits", description=__doc__.partition("\n")[0])
    parser.add_argument("-n", "--articles", type=int, default=1000, help="how many articles (default: 1000)")
    parser.add_argument("--edits", type=int, default=1, help="how often each edit is made: then the median and the worst (default: 1)")
    parser.add_argument("--all", action="store_true", help="switch on search, books by month and feeds of a keyword, too")
    given = parser.parse_args()
    paper = Newspaper(workplace(), given.articles, everything=given.all)
    seconds = paper.build()
    outputs, members = len(paper.outputs()), len(paper.members())
    print(f"{machine()}\n{given.articles:,} articles: {outputs:,} outputs, {members:,} members, {seconds:.1f} s from nothing\n")
    print(f"{'edit':<30}{'place':<8}{'outputs':>16}{'members':>16}{'seconds':>16}", flush=True)
    for edit, found in measured(paper, given.edits):
        print(row(edit, found), flush=True)


if __name__ == "__main__":
    main()
