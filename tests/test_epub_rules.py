"""The rules for books: each has a case that breaks it and one that nearly does; good books break none; EPUBCheck agrees."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from time import perf_counter

import pytest
from ebooklib import epub as ebooklib
from hypothesis import given
from hypothesis import strategies as st

from publisher.archives import Archive
from publisher.files import Folder
from publisher.formats import Target, epub
from publisher.formats.epub import rules
from publisher.problems import Problem, Rule, Severity, rules_in
from tests import epub_cases
from tests.epub_cases import BOOKS, CASES
from tests.judges import epubcheck

EXPORTS = Path(__file__).parent.parent / "exports"
TARGETS = {each.code: name for name, subject in rules.TARGETS.items() for each in rules_in(vars(subject))}
"""The device or shop of each rule that does not hold everywhere."""
RULES: dict[str, Rule[object]] = {
    each.code: each for subject in (*rules.SUBJECTS, *rules.TARGETS.values()) for each in rules_in(vars(subject))
}
FAILING = sorted(CASES.glob("*.fail.toml"))
PASSING = sorted(CASES.glob("*.pass.toml"))
NO_ACCESSIBILITY = {"epub-accessibility-missing", "epub-package-language-missing"}
GOOD = {
    "good": set(),
    "minimal-2": set(),
    "minimal-3": {*NO_ACCESSIBILITY, "epub-cover-missing"},
    "standard-ebooks": {"epub-type-unknown"},  # `ordinal`, which EPUB SSV does not know
    "calibre": {*NO_ACCESSIBILITY, "epub-start-unknown"},
    "pandoc": {"epub-cover-missing", "epub-accessibility-undescribed"},
}
"""What is true of the good books, none of it an error."""
OURS_ALONE = {
    "epub-alternative-text-missing": "EPUBCheck 5.3 leaves alternative text to Ace; HTML says that alt must be there",
    "epub-encryption-forbidden": "EPUBCheck 5.3 decides from encryption.xml alone what it can read",
    "epub-file-damaged": "EPUBCheck 5.3 does not unpack what it does not parse, so it sees no wrong checksum",
    "epub-mimetype-unclear": "EPUBCheck 5.3 unpacks mimetype before it looks at it",
}


def code_of(path: Path) -> str:
    return path.name.split(".")[0]


@cache
def problems(path: Path) -> tuple[Problem, ...]:
    return tuple(epub.check(epub_cases.recipe(path), [TARGETS[code_of(path)]] if code_of(path) in TARGETS else []))


def codes(found: tuple[Problem, ...] | list[Problem], least: Severity = Severity.INFO) -> set[str]:
    return {each.code for each in found if each.severity >= least}


# -- every rule -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FAILING, ids=code_of)
def test_a_planted_defect_is_found_and_no_other_error(path: Path) -> None:
    found = problems(path)
    assert code_of(path) in codes(found)
    assert codes(found, Severity.ERROR) <= {code_of(path)}


@pytest.mark.parametrize("path", PASSING, ids=code_of)
def test_what_is_nearly_a_defect_is_none(path: Path) -> None:
    found = problems(path)
    assert code_of(path) not in codes(found)
    assert codes(found, Severity.ERROR) == set()


@pytest.mark.parametrize("path", FAILING, ids=code_of)
def test_a_problem_names_the_file_in_the_book_what_was_found_and_what_to_do(path: Path) -> None:
    for each in problems(path):
        assert each.location.pointer
        assert each.message.strip()
        assert len(each.message) < 400
        assert each.hint
        assert each.spec.startswith("https://")


def test_every_rule_has_a_case_that_breaks_it_and_one_that_does_not() -> None:
    assert {code_of(path) for path in FAILING} == set(RULES) == {code_of(path) for path in PASSING}


def test_no_two_rules_have_one_code() -> None:
    subjects = (*rules.SUBJECTS, *rules.TARGETS.values())
    assert len(RULES) == sum(len(rules_in(vars(subject))) for subject in subjects) == len(rules._RULES) + len(TARGETS)


def test_every_case_states_its_reason() -> None:
    assert [path.name for path in (*FAILING, *PASSING) if not path.read_text("utf-8").startswith("# ")] == []


# -- good books -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GOOD)
def test_of_a_good_book_nothing_is_said_but_what_is_true(name: str) -> None:
    found = epub.check(epub_cases.book(name))
    assert (codes(found), codes(found, Severity.ERROR)) == (GOOD[name], set())


def test_every_good_book_is_listed() -> None:
    assert {path.stem for path in BOOKS.glob("*.toml")} == set(GOOD)


@pytest.mark.parametrize("path", sorted(EXPORTS.rglob("*.epub")), ids=lambda path: str(path.name))
def test_our_own_books_break_no_rule(path: Path) -> None:
    assert epub.check(path.read_bytes()) == []


@pytest.mark.parametrize("name", epub.TARGETS)
@pytest.mark.parametrize("path", sorted(EXPORTS.rglob("*.epub")), ids=lambda path: str(path.name))
def test_our_own_books_are_fit_for_every_device_and_shop(path: Path, name: str) -> None:
    assert epub.check(path.read_bytes(), [name]) == []


@pytest.mark.parametrize("kepub", [False, True], ids=["epub", "kepub"])
def test_a_book_that_is_written_now_is_fit_for_every_device_and_shop(kepub: bool) -> None:
    issue = epub.read((EXPORTS / "the-lantern.epub").read_bytes()).publication
    media = Folder(EXPORTS.parent / "seeds", issue.url)
    assert epub.check(epub.write(issue, Target(media=media, kepub=kepub)), epub.TARGETS) == []


def test_what_a_device_wants_is_asked_of_no_other_book() -> None:
    found = [path for path in FAILING if code_of(path) in TARGETS]
    assert [path.name for path in found if codes(epub.check(epub_cases.recipe(path))) & set(TARGETS)] == []


def test_every_target_has_a_name_for_people_and_rules_that_begin_with_it() -> None:
    assert set(epub.TARGETS) == set(rules.TARGETS)
    assert all(code.startswith(f"epub-{name}-") for code, name in TARGETS.items())


def by_ebooklib() -> bytes:
    """Return a book as the documentation of EbookLib 0.20 shows how to write one."""
    book = ebooklib.EpubBook()
    book.set_identifier("id123456")
    book.set_title("The Ferry")
    book.set_language("en")
    book.add_author("Ines Calloway")
    chapter = ebooklib.EpubHtml(title="Chalk", file_name="chap_01.xhtml", lang="en")
    chapter.content = "<h1>Chalk</h1><p>And coal.</p>"
    style = ebooklib.EpubItem(uid="style_nav", file_name="style/nav.css", media_type="text/css", content=b"p { margin: 0 }")
    for each in (chapter, style, ebooklib.EpubNcx(), ebooklib.EpubNav()):
        book.add_item(each)
    book.toc = (ebooklib.Link("chap_01.xhtml", "Chalk", "chalk"),)
    book.spine = ["nav", chapter]
    out = BytesIO()
    ebooklib.write_epub(out, book)
    return out.getvalue()


def test_of_a_book_by_ebooklib_nothing_is_said_but_what_is_true() -> None:
    found = epub.check(by_ebooklib())
    assert codes(found) == {*NO_ACCESSIBILITY, "epub-cover-missing"}


# -- where and how --------------------------------------------------------------------------------------------------------


def test_the_place_is_in_the_file_inside_the_book() -> None:
    (found,) = problems(CASES / "epub-link-broken.fail.toml")
    assert (found.location.line, found.location.column) == (18, 4)
    assert found.location.pointer == "EPUB/one.xhtml:/html/body/section/p[4]/a"


def test_a_place_in_a_style_sheet_has_line_and_column() -> None:
    (found,) = problems(CASES / "epub-css-direction.fail.toml")
    assert (found.location.line, found.location.column, found.location.pointer) == (4, 5, "EPUB/style.css")


def test_a_malformed_page_is_named_with_its_line() -> None:
    (found,) = problems(CASES / "epub-page-malformed.fail.toml")
    assert (found.location.line, found.location.pointer) == (10, "EPUB/notes.xhtml")


@pytest.mark.parametrize(
    ("text", "hint"),
    [("Cod & chips", "write &amp; for &"), ("Cod < chips", "write &lt; for <"), ("Cod&nbsp;chips", "write &#160; for &nbsp;")],
)
def test_a_malformed_page_is_named_with_its_column_and_what_to_write(text: str, hint: str) -> None:
    (found,) = epub.check(with_notes(text))
    assert (found.code, found.location.line, found.location.column > 3, found.hint) == ("epub-page-malformed", 9, True, hint)


def test_a_malformed_package_is_named_with_its_file_and_place() -> None:
    members = dict(epub_cases.members("good"))
    members["EPUB/package.opf"] = members["EPUB/package.opf"].replace(b"Ines Calloway", b"Ines & Calloway")
    (found,) = epub.check(epub_cases.packed(members, {}))
    assert (found.location.pointer, found.location.line, found.hint) == ("EPUB/package.opf", 8, "write &amp; for &")


def test_a_wrong_name_gets_the_right_one_as_hint() -> None:
    (found,) = problems(CASES / "epub-accessibility-value-unknown.fail.toml")
    assert found.hint == "did you mean 'alternativeText'?"


def test_a_long_value_is_cut() -> None:
    (found,) = epub.check(with_notes(f'<p><time datetime="{"x" * 1000}">then</time></p>'))
    assert len(found.message) < 110


def test_what_is_wrong_everywhere_is_told_a_hundred_times() -> None:
    found = epub.check(with_notes('<p><img src="media/harbour.png"/></p>' * 500))
    assert len(found) == 100
    assert found[-1].message.endswith("there are more of these")


def test_advice_is_told_ten_times() -> None:
    found = epub.check(with_notes("<h3>a</h3><h1>b</h1>" * 50))
    assert [each.code for each in found] == ["epub-heading-skipped"] * 10


def with_notes(markup: str) -> bytes:
    members = dict(epub_cases.members("good"))
    members["EPUB/notes.xhtml"] = members["EPUB/notes.xhtml"].replace(b"<p>None.</p>", markup.encode())
    return epub_cases.packed(members, {})


def test_an_encrypted_page_is_not_read() -> None:
    members = dict(epub_cases.members("good"))
    encryption = epub_cases.recipe(CASES / "epub-file-encrypted.fail.toml")
    with zipfile.ZipFile(BytesIO(encryption)) as archive:
        listed = archive.read("META-INF/encryption.xml").replace(b"media/harbour.png", b"notes.xhtml")
    members |= {"META-INF/encryption.xml": listed, "EPUB/notes.xhtml": b"\x00\x01 secret"}
    assert codes(epub.check(epub_cases.packed(members, {}))) == {"epub-file-encrypted"}


# -- EPUB 2 ---------------------------------------------------------------------------------------------------------------


def in_epub_2(markup: str) -> set[str]:
    members = dict(epub_cases.members("minimal-2"))
    members["OEBPS/page.html"] = members["OEBPS/page.html"].replace(b'<h1 id="a">', f'{markup}<h1 id="a">'.encode())
    return codes(epub.check(epub_cases.packed(members, {})))


@pytest.mark.parametrize(
    "markup",
    ["<dl><dt>a</dt><dt>b</dt></dl>", '<p><big>a</big><acronym>b</acronym></p><hr width="50%"/>', '<p><a id="x"/><a href="#x">y</a></p>'],
)
def test_what_only_epub_3_forbids_is_no_error_in_epub_2(markup: str) -> None:
    assert in_epub_2(markup) == set()


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        ("<section><p>a</p></section>", "epub-element-unknown"),
        ("<center>a</center>", "epub-element-obsolete"),
        ("<p>a<ul><li>b</li></ul></p>", "epub-block-in-text"),
        ('<p><a href="none.html">a</a></p>', "epub-link-broken"),
        ('<p colour="1">a</p>', "epub-attribute-unknown"),
        ('<p><img alt=""/></p>', "epub-attribute-missing"),
    ],
)
def test_what_epub_2_forbids_is_found(markup: str, code: str) -> None:
    assert in_epub_2(markup) == {code}


# -- what must not be taken for something else ----------------------------------------------------------------------------


def test_a_document_type_in_a_comment_is_none() -> None:
    members = dict(epub_cases.members("good"))
    comment = b'<!-- <!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "x"> <!ENTITY a SYSTEM "b"> -->\n<!DOCTYPE html>'
    members["EPUB/notes.xhtml"] = members["EPUB/notes.xhtml"].replace(b"<!DOCTYPE html>", comment)
    assert epub.check(epub_cases.packed(members, {})) == []


def test_data_in_a_srcset_is_no_file() -> None:
    picture = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACADs="
    assert epub.check(with_notes(f'<p><img srcset="{picture} 1x, media/harbour.png 2x" src="media/harbour.png" alt=""/></p>')) == []


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        ('<table><tr><td colspan="0">a</td></tr></table>', "epub-number-malformed"),
        ('<table><tr><td colspan="two">a</td></tr></table>', "epub-number-malformed"),
        ('<p><img src="media/harbour.png" alt="" width="-1"/></p>', "epub-number-malformed"),
        ("<p>a</p><style>p {}</style>", "epub-head-content"),
        ("<p>a</p><title>b</title>", "epub-head-content"),
        ("<p><meta name='a' content='b'/></p>", "epub-head-content"),
        ('<ol reversed="no"><li>a</li></ol>', "epub-boolean-malformed"),
        ('<p ID="a">b</p>', "epub-attribute-unknown"),
        ('<p><span href="two.xhtml">b</span></p>', "epub-attribute-unknown"),
        ("<p><data>b</data></p>", "epub-attribute-missing"),
    ],
)
def test_what_html_forbids_is_found(markup: str, code: str) -> None:
    assert codes(epub.check(with_notes(markup))) == {code}


@pytest.mark.parametrize(
    "markup",
    [
        '<table><tr><td rowspan="0" colspan="02">a</td></tr></table>',
        '<ol start="+1" reversed=""><li value="-1">a</li></ol>',
        '<p><meta itemprop="a" content="b"/><link itemprop="c" href="https://c.example/"/></p>',
        '<p><my-word colour="red">a</my-word></p>',
        '<p><img src="media/harbour.png" alt="" border="0" loading="lazy" decoding="async"/></p>',
    ],
)
def test_what_html_allows_is_no_error(markup: str) -> None:
    assert epub.check(with_notes(markup)) == []


def test_a_link_without_relation_is_found() -> None:
    members = dict(epub_cases.members("good"))
    members["EPUB/notes.xhtml"] = members["EPUB/notes.xhtml"].replace(b"</head>", b'<link href="style.css"/></head>')
    assert codes(epub.check(epub_cases.packed(members, {}))) == {"epub-attribute-missing"}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_page_is_no_utf_16(encoding: str) -> None:
    members = dict(epub_cases.members("good"))
    text = members["EPUB/notes.xhtml"].decode().replace('"utf-8"', '"utf-16"')
    members["EPUB/notes.xhtml"] = f"\ufeff{text}".encode(encoding)
    assert codes(epub.check(epub_cases.packed(members, {}))) == {"epub-encoding-wrong"}


@pytest.mark.parametrize(("path", "least"), [("EPUB/media/harbour.png", 8), ("EPUB/media/cover.jpg", 3)])
def test_a_picture_is_whole_only_to_its_last_byte(path: str, least: int) -> None:
    members = dict(epub_cases.members("good"))
    data = members[path]
    for end in (least, 20, 100, len(data) // 2, len(data) - 1):
        found = epub.check(epub_cases.packed(members | {path: data[:end]}, {}))
        assert codes(found) == {"epub-image-cut"}, end


def test_a_reference_without_its_sign_gets_it_as_hint() -> None:
    (found,) = problems(CASES / "epub-refines-without-id.fail.toml")
    assert found.hint == "write #ines"


# -- hostile books --------------------------------------------------------------------------------------------------------

JUNK = (
    b"",
    b"<p>",
    b"</p>",
    b"&x;",
    b'="',
    b"\x00",
    b"\xff",
    b'href="http://["',
    b'id=""',
    b"#",
    b"?",
    b"../" * 50,
    b"{",
    b"url(",
    b"/*",
    b'playOrder="99999999999999999999"',
    b"urn:uuid:",
    b"\xef\xbb\xbf",
    b'xmlns=""',
    b"<x/>",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
)


@given(st.data())
def test_no_file_makes_checking_fail(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(GOOD)))
    members = dict(epub_cases.members(name))
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(sorted(members)))
        start = data.draw(st.integers(0, len(members[path])))
        rest = members[path][start + data.draw(st.integers(0, 60)) :]
        members[path] = members[path][:start] + data.draw(st.sampled_from(JUNK)) + rest
    assert all(each.code.startswith(("epub-", "xml-")) for each in epub.check(epub_cases.packed(members, {}), epub.TARGETS))


@given(st.data())
def test_no_missing_file_makes_checking_fail(data: st.DataObject) -> None:
    members = dict(epub_cases.members(data.draw(st.sampled_from(sorted(GOOD)))))
    for path in data.draw(st.sets(st.sampled_from(sorted(members)), min_size=1, max_size=4)):
        del members[path]
    if members:
        epub.check(epub_cases.packed(members, {"first": next(iter(members))}), epub.TARGETS)


@given(st.data())
def test_no_cut_or_changed_byte_makes_checking_fail(data: st.DataObject) -> None:
    body = bytearray(epub_cases.book(data.draw(st.sampled_from(sorted(GOOD)))))
    for _ in range(data.draw(st.integers(0, 20))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    epub.check(bytes(body[: data.draw(st.integers(0, len(body)))]), epub.TARGETS)


def test_many_selectors_and_styles_do_not_make_checking_slow() -> None:
    css = "".join(f".a{number}, #b{number} {{ display: none }}" for number in range(5000))
    page = with_notes("".join(f'<p class="a{number + 9000}" style="display: none">x</p>' for number in range(5000)))
    members = {name: zipfile.ZipFile(BytesIO(page)).read(name) for name in epub_cases.members("good")} | {"EPUB/style.css": css.encode()}
    started = perf_counter()
    found = epub.check(epub_cases.packed(members, {}), ["kindle"])
    assert perf_counter() - started < 5
    assert "epub-kindle-text-hidden" not in codes(found)


@pytest.mark.parametrize(
    "css", ["-" * 200_000, "{" * 200_000, "a{" + "-" * 200_000 + "}", "a{b:" + " " * 200_000 + "}", ".a" * 100_000 + "{display:none}"]
)
def test_no_style_sheet_makes_checking_slow(css: str) -> None:
    members = dict(epub_cases.members("good")) | {"EPUB/style.css": css.encode()}
    started = perf_counter()
    epub.check(epub_cases.packed(members, {}), epub.TARGETS)
    assert perf_counter() - started < 5


# -- EPUBCheck ------------------------------------------------------------------------------------------------------------


def test_checking_a_book_unpacks_each_of_its_pages_once(monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked = Counter[str]()
    read = Archive.read

    def counted(archive: Archive, name: str) -> bytes:
        unpacked[name] += 1
        return read(archive, name)

    monkeypatch.setattr(Archive, "read", counted)
    epub.check((EXPORTS / "the-lantern.epub").read_bytes())
    pages = {name: times for name, times in unpacked.items() if name.endswith(".xhtml")}
    assert (len(pages) > 17, set(pages.values())) == (True, {1})


def written(folder: Path) -> Iterator[tuple[str, Path, bool]]:
    """Yield each case and each good book: its name, its file, and whether we say that it has an error."""
    bodies = {path.name: epub_cases.recipe(path) for path in (*FAILING, *PASSING)}
    bodies |= {f"{name}.book": epub_cases.book(name) for name in GOOD}
    for name, body in {**bodies, "ebooklib.book": by_ebooklib()}.items():
        path = folder / f"{name}.epub"
        path.write_bytes(body)
        yield name, path, bool(codes(epub.check(body), Severity.ERROR))


@pytest.mark.judges
def test_epubcheck_agrees_which_books_have_an_error(tmp_path: Path) -> None:
    differ = {
        name for name, path, ours in written(tmp_path) if ours != any(each.severity == Severity.ERROR for each in epubcheck.check([path]))
    }
    assert differ == {f"{code}.fail.toml" for code in OURS_ALONE}
