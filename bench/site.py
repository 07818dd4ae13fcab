"""A newspaper of any size as sources, the same from the same seed, and what its whole build takes: `python -m bench.site -n 1000`.

Twelve sections, 200 authors, 2,000 keywords, twenty years of days, a picture with every fourth article, a link to an earlier one in each:
what makes lists, feeds and archives grow. Pictures are few, since each of them is made once and kept.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

__all__ = ["SECTIONS", "Cost", "build", "main", "picture", "written"]

_END = datetime(2026, 11, 24, 8, tzinfo=UTC)
_DAYS = 20 * 365
_PICTURES = 12
SECTIONS = ("Harbour", "World", "Opinion", "Science", "Music", "Letters", "Travel", "Sport", "Business", "Town", "Weather", "Books")
_SYLLABLES = "ba co di fe gu ha ki lo mu ne po qua ri sa te vu we xi yo zu".split()
_AUTHORS, _KEYWORDS = 200, 2000
_SETTINGS = f"""[publication]
name = "The Lantern"
url = "https://lantern.example/"
language = "en"
since = "2006"
time_zone = "Europe/London"
sections = {list(SECTIONS)}

[publisher]
name = "The Lantern Press"
url = "https://press.lantern.example/"

[[issues]]
select = "newest"
size = 50
"""


def written(folder: Path, count: int, seed: int = 7) -> None:
    """Write the sources of a newspaper with `count` articles into a folder."""
    chance = random.Random(seed)  # noqa: S311 - nothing is secret here
    words = [_word(chance, chance.randint(1, 4)) for _ in range(3000)]
    authors = [f"{_word(chance, 2).title()} {_word(chance, 3).title()} {number}" for number in range(_AUTHORS)]
    keywords = [f"{_word(chance, 3)} {number}" for number in range(_KEYWORDS)]
    (folder / "media").mkdir(parents=True)
    for number in range(_PICTURES):
        (folder / "media" / f"{number}.jpg").write_bytes(picture(number))
    (folder / "publisher.toml").write_text(_SETTINGS, "utf-8")
    days = [_END - timedelta(days=_DAYS * number / count) for number in range(count)]
    paths = [f"{day.year}/story-{number}.md" for number, day in enumerate(days)]
    for number, (day, path) in enumerate(zip(days, paths, strict=True)):
        (folder / path).parent.mkdir(exist_ok=True)
        text = _article(chance, number, day, paths[min(number + 7, count - 1)], words, authors, keywords)
        (folder / path).write_text(text, "utf-8")


def _article(
    chance: random.Random, number: int, day: datetime, other: str, words: list[str], authors: list[str], keywords: list[str]
) -> str:
    def sentence(length: int) -> str:
        return f"{' '.join(chance.choices(words, k=length)).capitalize()}."

    by = chance.sample(authors, chance.choice((1, 1, 2)))
    picture = f"image: {{src: ../media/{number % _PICTURES}.jpg, alt: {sentence(9)}, caption: {sentence(9)}}}\n" if number % 4 == 0 else ""
    body = [" ".join(sentence(14) for _ in range(5)) for _ in range(6)]
    body[2] = f"## {sentence(4)}\n\n{body[2]}"
    body[4] = f"> {body[4]}\n\n- {sentence(5)}\n- [{sentence(5)}](../{other}) and *{sentence(3)}*"
    return (
        f"---\ntitle: {sentence(7)}\nslug: story-{number}\nsummary: {sentence(20)}\nid: tag:lantern.example,2026:{number}\n"
        f"date: {day:%Y-%m-%d %H:%M}\nauthor: [{', '.join(by)}]\nsection: {chance.choice(SECTIONS)}\n"
        f"tags: [{', '.join(chance.sample(keywords, 3))}]\n{picture}---\n\n" + "\n\n".join(body) + "\n"
    )


def _word(chance: random.Random, length: int) -> str:
    return "".join(chance.choices(_SYLLABLES, k=length))


def picture(number: int) -> bytes:
    """Return a picture of one colour, which is another one for each of the first few numbers."""
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (1200, 800), (20 * number % 256, 90 + number // 12 % 128, (255 - 20 * number) % 256)).save(out, "JPEG")
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Cost:
    """What a build took."""

    seconds: float
    """Of CPU, of all its processes."""
    elapsed: float
    """Seconds on the clock."""
    memory: int
    """Bytes: the most that the largest of its processes had."""
    files: int
    size: int
    """Bytes of all files together."""


_RUN = """
import json, resource, sys, time
from publisher.cli import main
start = time.perf_counter()
code = main(sys.argv[1:])
spent = [resource.getrusage(each) for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
seconds = sum(each.ru_utime + each.ru_stime for each in spent)
most = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(json.dumps([code, seconds, time.perf_counter() - start, max(most, spent[1].ru_maxrss) * 1024]))
"""


def build(sources: Path, exports: Path, *given: str) -> Cost:
    """Build in a process of its own, with a place of its own for what is kept, and return what it took (Linux)."""
    import json

    environment = {**os.environ, "PUBLISHER_CACHE": str(sources.parent / "kept"), "PUBLISHER_DEBUG": "1"}
    command = [sys.executable, "-c", _RUN, "build", str(sources), "-o", str(exports), *given]
    done = subprocess.run(command, env=environment, capture_output=True, check=True)  # noqa: S603 - our own
    code, seconds, elapsed, memory = json.loads(done.stdout.splitlines()[-1])
    if code:
        raise SystemExit(f"the build has ended with {code}")
    sizes = [each.stat().st_size for each in exports.rglob("*") if each.is_file()]
    return Cost(seconds, elapsed, memory, len(sizes), sum(sizes))


def main() -> None:
    """Build newspapers of several sizes and print what each takes."""
    parser = argparse.ArgumentParser(prog="python -m bench.site", description=__doc__.partition("\n")[0])
    parser.add_argument("-n", "--articles", type=int, nargs="+", default=[1000], help="how many articles (default: 1000)")
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2], help="in how many processes (default: 1, then 2)")
    given = parser.parse_args()
    print(f"{'whole site, built anew':<28}{'CPU':>9}{'clock':>9}{'memory':>9}{'files':>9}{'size':>9}")
    print(f"{'articles':<20}{'jobs':>8}{'s':>9}{'s':>9}{'MB':>9}{'':>9}{'MB':>9}")
    for count in given.articles:
        with tempfile.TemporaryDirectory() as name:
            written(Path(name) / "sources", count)
            build(Path(name) / "sources", Path(name) / "warm", "--only", "webpage")  # the pictures, which are kept
            for jobs in given.jobs:
                cost = build(Path(name) / "sources", Path(name) / f"exports-{jobs}", "--jobs", str(jobs))
                sizes = f"{cost.memory / 1e6:>9.0f}{cost.files:>9}{cost.size / 1e6:>9.0f}"
                print(f"{count:<20}{jobs:>8}{cost.seconds:>9.1f}{cost.elapsed:>9.1f}{sizes}", flush=True)


if __name__ == "__main__":
    main()
