"""The laws: one property for all formats at once, also those not written yet."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given

from publisher import fidelity, formats, programs, schema
from publisher.article import Publication
from publisher.formats import Writer
from publisher.formats.atom import native as atom
from publisher.formats.jsonfeed import native as jsonfeed
from publisher.formats.rss import native as rss
from publisher.problems import Severity
from tests import strategies
from tests.targets import targets


@pytest.fixture(scope="module", autouse=True)
def covers_drawn_here() -> Iterator[None]:
    """Draw hundreds of covers in this process: two processes for each take twice as long, and `test_programs` looks at those."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(programs, "_done", lambda *_: None)
        yield


HERE = Path(__file__).parent.parent
WRITERS = formats.writers()


def publications(law: Callable[[Publication], None]) -> Callable[[], None]:
    """Let a law hold for publications: one draw for all formats, since drawing costs more than writing."""
    return strategies.FEWER(given(strategies.publications(least=1))(law))


def parts(publication: Publication) -> Iterator[tuple[Writer, Publication]]:
    """Yield each format with what it can be asked to write of a publication."""
    for module in WRITERS.values():
        one = module.EACH == "article"
        yield module, schema.with_articles(publication, publication.articles[:1]) if one else publication


def same(first: Publication, second: Publication, name: str) -> None:
    """Hold that two publications are equal, down to the offset of each moment (equal moments may differ in it)."""
    assert json.dumps(schema.dump(first), indent=1) == json.dumps(schema.dump(second), indent=1), name
    assert first == second, name


@publications
def test_what_is_carried_comes_back_and_only_that(publication: Publication) -> None:
    for module, part in parts(publication):
        for target in targets(module):
            same(module.read(module.write(part, target)).publication, module.carry(part), f"{module.NAME} at {target.url}")


@publications
def test_carrying_twice_is_carrying_once(publication: Publication) -> None:
    for module, part in parts(publication):
        same(module.carry(module.carry(part)), module.carry(part), module.NAME)


@publications
def test_what_is_not_carried_leaves_no_bytes(publication: Publication) -> None:
    for module, part in parts(publication):
        assert module.write(module.carry(part)) == module.write(part), module.NAME


@publications
def test_what_is_written_has_no_errors(publication: Publication) -> None:
    for module, part in parts(publication):
        for target in targets(module):
            problems = module.check(module.write(part, target))
            assert [found for found in problems if found.severity == Severity.ERROR] == [], f"{module.NAME} at {target.url}"


@publications
def test_a_file_is_recognized_from_its_content(publication: Publication) -> None:
    for module, part in parts(publication):
        assert formats.detect(module.write(part)).NAME == module.NAME


@strategies.FEWER
@given(strategies.publications(most=0))
def test_a_publication_without_articles_comes_back(publication: Publication) -> None:
    for module in WRITERS.values():
        if module.EACH == "publication":
            same(module.read(module.write(publication)).publication, module.carry(publication), module.NAME)


NATIVE = {"rss": rss.native, "atom": atom.native, "jsonfeed": jsonfeed.native}
"""What each feed format says that it keeps without that."""


@publications
def test_without_the_lossless_element_all_native_fields_come_back(publication: Publication) -> None:
    for name, native in NATIVE.items():
        module = WRITERS[name]
        same(module.read(fidelity.native(module, module.write(publication))).publication, native(publication), name)


ELSEWHERE = """
import hashlib, json, locale, sys
from publisher import formats, schema
from tests.targets import targets
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass
publication, _ = schema.load(json.load(sys.stdin))
from dataclasses import replace
for name, module in sorted(formats.writers().items()):
    part = publication if module.EACH == "publication" else replace(publication, articles=publication.articles[:1])
    for target in targets(module):
        print(name, hashlib.sha256(module.write(part, target)).hexdigest())
"""


def written_elsewhere(publication: Publication, **environment: str) -> str:
    """Digests of every format, written by another process in another place and on another day."""
    command = [*environment.pop("before", "").split(), sys.executable, "-c", ELSEWHERE]
    given_ = json.dumps(schema.dump(publication))
    done = subprocess.run(command, input=given_, capture_output=True, text=True, check=True, env=os.environ | environment, cwd=HERE)
    return done.stdout


def test_the_same_bytes_in_another_process_zone_locale_and_on_another_day() -> None:
    for publication in examples():
        here = written_elsewhere(publication, TZ="UTC", PYTHONHASHSEED="1", LC_ALL="C")
        there = written_elsewhere(publication, TZ="Asia/Kathmandu", PYTHONHASHSEED="2", LC_ALL="de_DE.UTF-8", SOURCE_DATE_EPOCH="86400")
        assert here == there
        assert here.count("\n") == sum(len(targets(each)) for each in WRITERS.values())


def examples() -> list[Publication]:
    """A few rich publications, the same ones every time."""
    from hypothesis import HealthCheck, settings

    found: list[Publication] = []

    @settings(max_examples=6, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategies.publications(least=2, most=3))
    def collect(publication: Publication) -> None:
        found.append(publication)

    collect()
    return found[-4:]
