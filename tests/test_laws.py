"""The laws: one property for all formats at once, also those not written yet."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import formats, schema
from publisher.article import Publication
from publisher.problems import Severity
from tests import strategies

WRITERS = formats.writers()
every_format = pytest.mark.parametrize("name", WRITERS)


def same(first: Publication, second: Publication) -> None:
    """Hold that two publications are equal, down to the offset of each moment (equal moments may differ in it)."""
    assert json.dumps(schema.dump(first), indent=1) == json.dumps(schema.dump(second), indent=1)
    assert first == second


def sized(name: str) -> st.SearchStrategy[Publication]:
    """Publications that the format can be asked to write."""
    one = WRITERS[name].EACH == "article"
    return strategies.publications(least=1 if one else 0, most=1 if one else 3)


@every_format
@given(data=st.data())
def test_what_is_carried_comes_back_and_only_that(name: str, data: st.DataObject) -> None:
    publication = data.draw(sized(name))
    written = WRITERS[name].write(publication)
    same(WRITERS[name].read(written).publication, WRITERS[name].carry(publication))


@every_format
@given(data=st.data())
def test_carrying_twice_is_carrying_once(name: str, data: st.DataObject) -> None:
    carried = WRITERS[name].carry(data.draw(sized(name)))
    same(WRITERS[name].carry(carried), carried)


@every_format
@given(data=st.data())
def test_what_is_not_carried_leaves_no_bytes(name: str, data: st.DataObject) -> None:
    publication = data.draw(sized(name))
    assert WRITERS[name].write(WRITERS[name].carry(publication)) == WRITERS[name].write(publication)


@every_format
@given(data=st.data())
def test_what_is_written_has_no_errors(name: str, data: st.DataObject) -> None:
    written = WRITERS[name].write(data.draw(sized(name)))
    assert [found for found in WRITERS[name].check(written) if found.severity == Severity.ERROR] == []


@every_format
@given(data=st.data())
def test_a_file_is_recognized_from_its_content(name: str, data: st.DataObject) -> None:
    assert name == formats.detect(WRITERS[name].write(data.draw(sized(name)))).NAME


ELSEWHERE = """
import hashlib, json, locale, sys
from publisher import formats, schema
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass
publication, _ = schema.load(json.load(sys.stdin))
from dataclasses import replace
for name, module in sorted(formats.writers().items()):
    part = publication if module.EACH == "publication" else replace(publication, articles=publication.articles[:1])
    print(name, hashlib.sha256(module.write(part)).hexdigest())
"""


def written_elsewhere(publication: Publication, **environment: str) -> str:
    """Digests of every format, written by another process in another place and on another day."""
    command = [*environment.pop("before", "").split(), sys.executable, "-c", ELSEWHERE]
    given_ = json.dumps(schema.dump(publication))
    done = subprocess.run(command, input=given_, capture_output=True, text=True, check=True, env=os.environ | environment)
    return done.stdout


def test_the_same_bytes_in_another_process_zone_locale_and_on_another_day() -> None:
    for publication in examples():
        here = written_elsewhere(publication, TZ="UTC", PYTHONHASHSEED="1", LC_ALL="C")
        there = written_elsewhere(publication, TZ="Asia/Kathmandu", PYTHONHASHSEED="2", LC_ALL="de_DE.UTF-8", SOURCE_DATE_EPOCH="86400")
        assert here == there
        assert here.count("\n") == len(WRITERS)


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
