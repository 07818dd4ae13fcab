"""Very many paths: each as it was, and all in order."""

from __future__ import annotations

from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import paths

TEXTS = st.lists(st.text(st.characters(), max_size=8), max_size=30)
"""Also with halves of pairs, as names have that are no UTF-8."""


@given(TEXTS)
def test_packed_paths_are_what_they_were(texts: list[str]) -> None:
    packed = paths.Packed(texts)
    assert ([*packed], len(packed), [packed[place] for place in range(len(packed))]) == (texts, len(texts), texts)
    for place in (-1, len(texts)):
        with pytest.raises(IndexError):
            packed[place]


@given(TEXTS, st.text())
def test_a_place_among_packed_paths_is_found_as_among_others(texts: list[str], wanted: str) -> None:
    texts.sort()
    assert bisect_left(paths.Packed(texts), wanted) == bisect_left(texts, wanted)


@given(TEXTS, st.booleans())
def test_paths_are_sorted_in_parts(texts: list[str], known: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "_AT_ONCE", 4)
        assert [*paths.in_order(sorted(texts) if known else texts)] == sorted(texts)
