"""Keys and values that people write: what no TOML should hold, and durations in their many forms."""

from __future__ import annotations

import pytest

from publisher import keys
from publisher.problems import Unreadable

HOSTILE = {
    "brackets in brackets": ("a = " + "[" * 300 + "]" * 300, "toml-too-deep"),
    "more brackets than Python can follow": ("a = " + "[" * 100_000, "toml-too-deep"),
    "tables in tables, without brackets": ("\n".join("a." * 60 + f"{'a.' * 60}b{n} = 1" for n in range(2)), "toml-malformed"),
    "tables in a table's tables": (f"[{'a.' * 90}a]\n{'a.' * 90}a = 1", "toml-too-deep"),
    "a key of many parts": ("a." * 100_000 + "a = 1", "toml-malformed"),
    "a quoted key of many parts": ('"x y".' * 100_000 + "a = 1", "toml-malformed"),
    "a number of 5000 digits": ("a = " + "9" * 5000, "toml-malformed"),
}


@pytest.mark.parametrize(("text", "code"), HOSTILE.values(), ids=HOSTILE)
def test_toml_that_nobody_wrote_is_refused(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as error:
        keys.toml(text)
    assert [each.code for each in error.value.problems] == [code]


def test_each_table_of_an_array_has_lines_of_its_own() -> None:
    found = keys.toml('[[a]]\nx = 1\n[b]\nx = 2\n[[a]]\n\nx = 3\n[["a"]]\n')
    assert [found.line(each, "x") for each in ("a[0]", "b", "a[1]", "a[2]")] == [2, 4, 7, 8]


def test_a_hexadecimal_number_of_any_length_is_text() -> None:
    assert keys.as_text(keys.toml(f"a = 0x{'f' * 5000}").values["a"]) == f"0x{'f' * 5000}"


def test_a_sentence_with_many_dots_is_no_key() -> None:
    assert keys.toml(f"a = 'Well{'. ' * 200}'").values == {"a": f"Well{'. ' * 200}"}


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("83", 83),
        ("1:23", 83),
        ("1:02:03", 3723),
        ("PT1M23S", 83),
        ("pt1m23s", 83),
        (" P1DT1S ", 86401),
        ("PT1.5S", 1),
        ("P", None),
        ("1:99", None),
        ("soon", None),
        ("9" * 5000, None),
        (f"{'9' * 5000}:00", None),
        (f"PT{'9' * 5000}S", None),
        (f"PT{2**53}S", None),
    ],
)
def test_durations_are_seconds_however_they_are_written(written: str, seconds: int | None) -> None:
    assert keys.duration(written) == seconds
