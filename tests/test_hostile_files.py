"""Every hostile file is read, or refused with a problem; nothing falls over, reads or asks what a file names, or fills the memory.

`make hostile` tries all of them; here are all families, and of the largest a part.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher import keys, markup
from publisher.platforms import trees
from publisher.problems import Unreadable
from tests import hostile_files
from tests.hostile_files import ROOM, File, files
from tests.test_markup import calls


def chosen(family: str) -> list[File]:
    """All but of what is slow, and of that every ninth."""
    found = [each for each in files() if each.family == family]
    slow = [each for each in found if hostile_files.SLOW.search(each.name) or each.family == "texts"]
    return [each for each in found if each not in slow] + slow[::9]


@pytest.mark.parametrize("family", list(dict.fromkeys(each.family for each in files())))
def test_a_hostile_file_is_read_or_refused(family: str, tmp_path: Path) -> None:
    wanted = chosen(family)
    found = hostile_files.tried([each.name for each in wanted], tmp_path)
    assert [f"{each.name}: {each.fault}" for each in found if each.fault] == []
    assert [each.name for each in found] == [each.name for each in wanted], "all were tried"
    assert max(each.peak for each in found) < 2 * ROOM
    assert any("refused" in each.said for each in found), "they are hostile"


def test_a_file_that_ends_its_process_is_told(tmp_path: Path) -> None:
    (found,) = hostile_files.tried(["no such file"], tmp_path)
    assert "KeyError" in found.fault


def test_there_are_many() -> None:
    assert len(files()) > 1500
    assert min(sum(each.family == family for each in files()) for family in {each.family for each in files()}) > 60


# -- what was found ---------------------------------------------------------------------------------------------------------------


def test_a_tag_with_thousands_of_attributes_is_refused() -> None:
    """To put the 100,000th into the tree libxml2 goes through all before it: minutes for a megabyte."""
    many = " ".join(f"a{each}" for each in range(3000))
    for source in (f"<p {many}>x</p>", f'<p title=">" {many}>x</p>', f'<p x="\'" {many}>x</p>', f'<p a=="x {many}">x</p>'):
        with pytest.raises(Unreadable, match="more than 2,000 attributes"):
            markup.clean(source)
    with pytest.raises(Unreadable, match="more than 2,000 attributes"):
        markup.parse_xml(f'<p {many.replace(" ", chr(61) + chr(34) + chr(34) + " ")}="">x</p>'.encode())


@pytest.mark.parametrize(
    "source", [f'<p title="{"a b " * 9000}">x</p>', f"<p>{'word ' * 9000}</p>", f"<script>{'a < b; ' * 9000}</script><p>x</p>"]
)
def test_much_text_is_not_taken_for_attributes(source: str) -> None:
    assert markup.clean(source).endswith("</p>")


def test_references_to_no_character_are_marked() -> None:
    """libxml2 (2.14) makes bytes of them that are no text, when it goes on past faults."""
    root, found = trees.parse(b"<a>x&#xD800;&#55296;&#x110000;&#0000065;&#x41;&</a>", "blogger")
    assert root.text == "x\ufffd\ufffd\ufffdAA"
    assert found


def test_aliases_of_long_texts_are_counted() -> None:
    with pytest.raises(Unreadable, match="more than 10000 values"):
        keys.yaml_text(f"a: &a {'x' * 50_000}\nb: [{', '.join(['*a'] * 1000)}]\n")
    assert keys.yaml_text(f"a: &a {'x' * 50_000}\nb: [{', '.join(['*a'] * 9)}]\n")


def test_a_long_word_is_like_no_other() -> None:
    assert keys.closest("title" + "x" * 10_000_000, ["title"]) == ""


def test_work_for_a_long_document_is_no_more() -> None:
    assert calls("<p>a</p>" * 2000) / calls("<p>a</p>" * 1000) < 2.6
