"""What holds for the exports of all platforms, whole and damaged."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import desk, formats, markup, schema
from publisher.archives import Limits
from publisher.formats import Context
from publisher.platforms import trees
from publisher.problems import Severity, Unreadable
from tests import platform_files
from tests.test_hostile import EXAMPLES, damaged, hold, replaced

NAMES = sorted(platform_files.FILES)
ARCHIVES = ("substack", "medium")


@pytest.mark.parametrize("name", NAMES)
def test_an_export_is_recognized_without_a_name_and_by_no_other_format(name: str) -> None:
    body = platform_files.export(name)
    assert [each for each in NAMES if formats.get(each).recognizes(body, "")] == [name]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_it_can_be_read(name: str, tmp_path: Path) -> None:
    (tmp_path / "export").write_bytes(platform_files.export(name))
    assert len(desk.read(tmp_path / "export").publication.articles) > 1


def test_an_archive_with_pictures_inside_can_be_read(tmp_path: Path) -> None:
    members = {
        **platform_files.members("substack"),
        "posts/140002.rough-idea.html": b'<img src="a.png" alt="A">',
        "posts/a.png": b"picture",
    }
    (tmp_path / "letters.zip").write_bytes(platform_files.packed(members))
    assert len(desk.read(tmp_path / "letters.zip").publication.articles) > 1


@pytest.mark.parametrize("name", NAMES)
def test_every_identifier_is_there_once_and_every_draft_is_one_of_them(name: str) -> None:
    reading = formats.get(name).read(platform_files.export(name))
    identifiers = [each.identifier for each in reading.publication.articles]
    assert len(identifiers) == len(set(identifiers)) > 1
    assert reading.drafts
    assert reading.drafts < set(identifiers)


@pytest.mark.parametrize("name", NAMES)
def test_every_problem_says_what_to_do(name: str) -> None:
    problems = formats.get(name).read(platform_files.export(name)).problems
    assert [each.code for each in problems if not each.hint or not each.message] == []


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@EXAMPLES
def test_a_damaged_export_is_read_or_refused(name: str, data: st.DataObject) -> None:
    hold(data.draw(damaged(platform_files.export(name))), name)


@pytest.mark.parametrize("name", ARCHIVES)
@given(data=st.data())
@EXAMPLES
def test_an_archive_with_a_damaged_file_is_read_or_refused(name: str, data: st.DataObject) -> None:
    members = platform_files.members(name)
    each = data.draw(st.sampled_from(sorted(members)))
    hold(platform_files.packed({**members, each: data.draw(damaged(members[each]))}), name)


@given(data=st.data())
@EXAMPLES
def test_ghost_with_other_values_in_it_is_read_or_refused(data: st.DataObject) -> None:
    hold(data.draw(replaced(json.loads(platform_files.export("ghost")))).encode(errors="surrogatepass"), "ghost")


@given(data=st.data())
@EXAMPLES
def test_lexical_and_mobiledoc_with_other_values_in_them_are_read(data: st.DataObject) -> None:
    document = json.loads(platform_files.export("ghost"))
    post = document["db"][0]["data"]["posts"][data.draw(st.sampled_from((1, 2)))]
    name = "lexical" if post["lexical"] else "mobiledoc"
    post[name] = data.draw(replaced(json.loads(post[name])))
    hold(json.dumps(document).encode(), "ghost")


def bomb(name: str) -> bytes:
    """Return an archive that unpacks to more than a hundred times its size."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in platform_files.members(name).items():
            archive.writestr(each, content)
        archive.writestr("posts/bomb.html", bytes(60_000_000))
    return out.getvalue()


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_that_unpacks_to_too_much_is_refused(name: str) -> None:
    with pytest.raises(Unreadable) as error:
        formats.get(name).read(bomb(name))
    assert error.value.problems[0].code == f"{name}-too-big"


@pytest.mark.parametrize("name", ARCHIVES)
def test_the_limits_of_the_settings_are_kept(name: str) -> None:
    with pytest.raises(Unreadable) as error:
        formats.get(name).read(platform_files.export(name), Context(limits=Limits(members=1)))
    assert error.value.problems[0].code == f"{name}-too-big"


@pytest.mark.parametrize("name", ARCHIVES)
def test_an_archive_that_leads_out_is_refused(name: str) -> None:
    with pytest.raises(Unreadable) as error:
        formats.get(name).read(platform_files.packed({**platform_files.members(name), "../posts/x.html": b""}))
    assert error.value.problems[0].code == f"{name}-unsafe-name"


DEEP = 100_000


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("wordpress", b"<rss><channel>" + b"<item>" * DEEP),
        ("wordpress", b"<rss><channel><item><content:encoded><![CDATA[" + b"<!-- wp:group -->" * DEEP),
        ("wordpress", b"<rss><channel><item><content:encoded><![CDATA[" + b"<div>" * DEEP),
        ("blogger", b"<feed>" * DEEP),
        ("ghost", b'{"db":[' * DEEP),
        ("movabletype", b"TITLE: A\n-----\nBODY:\n" + b"<div>" * DEEP),
    ],
)
def test_what_is_nested_deep_is_read_or_refused(name: str, body: bytes) -> None:
    hold(body, name)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("written", sorted(formats.writers()))
def test_what_was_imported_comes_back_from_every_format(name: str, written: str) -> None:
    """Law 1 and 4 on what platforms really export."""
    module, publication = formats.writer(written), formats.get(name).read(platform_files.export(name)).publication
    parts = [(each,) for each in publication.articles] if module.EACH == "article" else [publication.articles]
    for articles in parts:
        part = schema.with_articles(publication, articles)
        body = module.write(part)
        assert module.read(body).publication == module.carry(part)
        assert [each for each in module.check(body) if each.severity == Severity.ERROR] == []


@pytest.mark.parametrize("name", NAMES)
def test_texts_are_canonical(name: str) -> None:
    for each in formats.get(name).read(platform_files.export(name)).publication.articles:
        assert markup.clean(each.body) == each.body


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("reference", ["&#xD800;", "&#xD8\x0000;", "&&#xD800;#xD800;", "&#55296;", "&#x110000;", "&#" + "9" * 40 + ";"])
def test_damaged_xml_with_references_to_no_character_is_read(reference: str, encoding: str) -> None:
    root, problem = trees.parse(f"<a><b>Six {reference} bells é</a>".encode(encoding), "blogger")
    assert problem
    text = trees.text_in(root)
    assert text.startswith("Six ")
    assert text.endswith(" bells é")
    text.encode()
