"""How books are set: the style sheet, tables, columns, and fonts of the publisher."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from functools import cache
from importlib.resources import files
from io import BytesIO

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.TupleVariation import TupleVariation
from PIL import ImageFont

from publisher import markup
from publisher.article import Article, Publication
from publisher.formats import BookOptions, Target, epub
from publisher.formats.epub import bodies
from publisher.formats.epub.columns import in_columns, is_columnar
from publisher.formats.epub.words import THEME
from publisher.problems import Problem

STYLE = (THEME / "style.css").read_text("utf-8")
AT = "https://lantern.example/fonts/"


def publication(body: str = "<p>Ring.</p>", language: str = "en") -> Publication:
    article = Article(identifier="a", headline="Bells of 12 ships", body=markup.clean(body), in_language=language)
    return Publication(identifier="x", name="The Lantern", url="https://lantern.example/", in_language=language, articles=(article,))


def members(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def page(book: bytes) -> str:
    (found,) = (data for name, data in members(book).items() if "/article-" in name)
    return found.decode()


def package(book: bytes) -> str:
    return members(book)["EPUB/content.opf"].decode()


def written(body: str, target: Target = Target(), language: str = "en") -> str:
    """Return the article's page, which gives the body back."""
    source = publication(body, language)
    book = epub.write(source, target)
    assert epub.read(book).publication == source
    return page(book)


# -- the style sheet ------------------------------------------------------------------------------------------------------


def declarations() -> list[tuple[str, str]]:
    """Return each property of the style sheet with its value."""
    return re.findall(r"([a-z-]+)\s*:\s+([^;{}]+);", re.sub(r"/\*.*?\*/", "", STYLE, flags=re.DOTALL))


def test_the_style_sheet_has_no_size_in_pixels_and_no_unit_of_paper() -> None:
    assert [each for each in declarations() if re.search(r"\d(px|pt|cm|mm|in|pc)\b", each[1])] == []


def test_the_style_sheet_has_no_colour_of_its_own() -> None:
    said = {value for name, value in declarations() if "color" in name or name in ("background", "fill")}
    assert said == {"inherit", "transparent"}
    assert re.search(r"#[0-9a-fA-F]{3,8}\b|rgb|hsl", STYLE) is None
    assert {colour for name, value in declarations() if name == "border" for colour in re.findall(r"solid (\S+)", value)} == {
        "currentColor"
    }


def test_the_reader_chooses_font_and_size_of_the_text() -> None:
    (body,) = re.findall(r"^body \{(.*?)\}", STYLE, re.MULTILINE)
    assert "font" not in body
    assert {value for name, value in declarations() if name == "font-family"} == {"monospace"}


def test_margins_at_the_sides_are_at_most_two_em() -> None:
    sides = [value for name, value in declarations() if name in ("margin-inline", "margin-left", "margin-right")]
    assert len(sides) > 10
    assert [each for each in sides if any(float(number) > 2 for number in re.findall(r"([\d.]+)em", each))] == []


def test_every_break_is_said_for_old_reading_systems_too() -> None:
    rules = re.findall(r"\{([^{}]*)\}", STYLE)
    for kind in ("before", "after", "inside"):
        new = [each for each in rules if re.search(rf"(?<!page-)\bbreak-{kind}:", each)]
        assert new
        assert [each for each in new if f"page-break-{kind}:" not in each] == []


def test_what_old_parsers_stumble_over_is_inside_at_rules() -> None:
    """MuPDF 1.25 drops rules with `:is()`, and Calibre 8 warns of `:has()` and of at-rules that are not inside `@media`."""
    depth, outside = 0, ""
    for character in re.sub(r"/\*.*?\*/", "", STYLE, flags=re.DOTALL):
        depth += (character == "{") - (character == "}")
        outside += character if depth == 0 else ""
    assert ":is(" not in outside
    assert ":has(" not in outside
    assert set(re.findall(r"@\w+", outside)) == {"@charset", "@media"}


# -- tables ---------------------------------------------------------------------------------------------------------------

TIDES = '<table><thead><tr><th>Port</th><th>High "water"</th><th>Wind &amp; <em>sky</em></th></tr></thead><tbody><tr><th>Quay</th><td>13</td><td>calm</td></tr></tbody></table>'


def test_a_cell_knows_what_its_column_is_called() -> None:
    shown = written(f"<p>a</p>{TIDES}<p>b</p>")
    assert '<td data-label="High &quot;water&quot;">13</td><td data-label="Wind &amp; sky">calm</td>' in shown
    assert '<div class="table need-10"><table>' in shown


def test_a_table_in_other_elements_comes_back_too() -> None:
    assert (
        written(f"<ul><li>x{TIDES}</li></ul><figure>{TIDES}</figure><blockquote>{TIDES}</blockquote>").count('<div class="table need-') == 3
    )


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td>1</td><td>2</td><td>3</td></tr></table>",
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
        "<table><thead><tr><th colspan='2'>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td><td>3</td></tr></tbody></table>",
        "<table><thead><tr><th>a</th><th>b</th><th>c</th></tr><tr><th>d</th><th>e</th><th>f</th></tr></thead><tbody><tr><td>1</td><td>2</td><td>3</td></tr></tbody></table>",
    ],
)
def test_cells_without_one_name_for_their_column_have_none(table: str) -> None:
    shown = written(table)
    assert "data-label" not in shown
    assert '<div class="table need-' in shown


def test_a_table_says_how_much_room_its_words_need() -> None:
    cells = "".join(f"<td>{'x' * 10} {'x' * 5}</td>" for _ in range(4))
    assert 'class="table need-22"' in written(f"<table><tr>{cells}</tr></table>")
    assert 'class="table need-60"' in written(f"<table><tr><td>{'x' * 500}</td></tr></table>")
    assert 'class="table need-8"' in written("<table><tr><td>灯台守はすべてを書き残した</td></tr></table>")


def test_the_style_sheet_knows_every_width_that_a_table_may_need() -> None:
    assert set(map(int, re.findall(r"\.need-(\d+) \{", STYLE))) == set(bodies._NEEDS)


# -- from right to left ---------------------------------------------------------------------------------------------------


def test_code_runs_from_left_to_right_in_any_text() -> None:
    shown = written("<p>اكتب <code>f(x)</code></p><pre><code class='language-py'>f(x).</code></pre>", language="ar")
    assert '<code data-dir="" dir="ltr">f(x)</code>' in shown
    assert '<pre data-dir="" dir="ltr"><code class="language-py" data-class="language-py" data-dir="" dir="ltr">' in shown


def test_code_that_has_a_direction_or_letters_with_one_keeps_it() -> None:
    shown = written("<p>اكتب <code dir='rtl'>f(x)</code> <code>س(x)</code></p>", language="ar")
    assert '<code dir="rtl">f(x)</code> <code>س(x)</code>' in shown


def test_code_needs_no_direction_where_all_runs_the_same_way() -> None:
    assert "<p>Write <code>f(x)</code></p>" in written("<p>Write <code>f(x)</code></p>")


# -- columns --------------------------------------------------------------------------------------------------------------

COLUMNS = Target(book=BookOptions(vertical=True))
NUMBERS = "<p>2026年10月4日、12人、3.5、LED5、<code>12</code>、<em>7</em>時、A&amp;B。</p><p><sup><a href='#n' id='r' role='doc-noteref'>1</a></sup></p><div role='doc-endnotes'><ol><li id='n'>注<a href='#r' role='doc-backlink'>戻</a></li></ol></div>"


@pytest.mark.parametrize("language", ["ja", "zh", "zh-Hant-TW", "ko"])
def test_columns_are_set_where_the_publisher_wants_it(language: str) -> None:
    assert '<html class="vertical" ' in written(NUMBERS, COLUMNS, language)
    assert 'class="vertical"' not in written(NUMBERS, Target(), language)


@pytest.mark.parametrize("language", ["en", "ar", "ja-Latn", "zh-Latn-pinyin", "jam"])
def test_other_languages_are_never_set_in_columns(language: str) -> None:
    assert not is_columnar(language)
    assert 'class="vertical"' not in written(NUMBERS, COLUMNS, language)


def test_short_numbers_stand_upright_in_columns() -> None:
    shown = written(NUMBERS, COLUMNS, "ja").partition('class="body"')[2]
    assert re.findall(r'<span class="upright">(\d+)</span>', shown.partition("</p>")[0]) == ["10", "4", "12", "7"]
    assert "<code>12</code>" in shown


def test_pages_of_a_book_in_columns_are_turned_to_the_left() -> None:
    ours = package(epub.write(publication(language="ja"), COLUMNS))
    assert 'page-progression-direction="rtl"' in ours
    assert '<meta name="primary-writing-mode" content="vertical-rl"/>' in ours
    assert 'dir="ltr"' in ours


@pytest.mark.parametrize(("language", "way"), [("en", "ltr"), ("ar", "rtl")])
def test_pages_of_another_book_are_turned_as_its_text_runs(language: str, way: str) -> None:
    ours = package(epub.write(publication(language=language), COLUMNS))
    assert f'page-progression-direction="{way}"' in ours
    assert "primary-writing-mode" not in ours


def test_all_pages_but_the_cover_are_set_in_columns() -> None:
    pages = {name: data for name, data in members(epub.write(publication(language="ja"), COLUMNS)).items() if name.endswith(".xhtml")}
    assert [name for name, data in pages.items() if b'class="vertical"' not in data] == ["EPUB/cover.xhtml", "EPUB/nav.xhtml"]


def test_a_page_that_is_not_ours_stays_as_it_is() -> None:
    assert in_columns(b"<html><body>12</body></html>") == b"<html><body>12</body></html>"


def test_mongolian_is_set_in_columns_by_its_language() -> None:
    assert re.search(r"html:lang\(mn-Mong\), html:lang\(mnc\) \{[^}]*writing-mode: vertical-lr", STYLE)


# -- fonts ----------------------------------------------------------------------------------------------------------------

LETTERS = "ABRinge12 "


@cache
def aileron() -> bytes:
    """Return a font by others, with many features: Aileron by Sora Sagano, which Pillow brings (CC0)."""
    font = ImageFont.load_default(12)
    assert isinstance(font, ImageFont.FreeTypeFont)
    assert isinstance(font.path, BytesIO)
    return font.path.getvalue()


def made(*, permissions: int = 0, variable: bool = False, letters: str = LETTERS, **names: str) -> bytes:
    """Return a font with a square for each letter."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((500, 0), (500, 700), (0, 700)):
        pen.lineTo(point)
    pen.closePath()
    builder = FontBuilder(1000)
    glyphs = [".notdef", *(f"g{ord(each)}" for each in letters)]
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap({ord(each): f"g{ord(each)}" for each in letters})
    builder.setupGlyf(dict.fromkeys(glyphs, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Square", "styleName": "Regular"} | names)
    builder.setupOS2(fsType=permissions, fsSelection=0x40)
    builder.setupPost()
    if variable:
        builder.setupFvar([("wght", 100, 400, 900, "Weight")], [])
        wider = TupleVariation({"wght": (0, 1, 1)}, [(0, 0), (90, 0), (90, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0)])
        builder.setupGvar({each: [wider] for each in glyphs})
    out = BytesIO()
    builder.save(out)
    return out.getvalue()


def set_in(*fonts: bytes, source: Publication | None = None) -> tuple[dict[str, bytes], list[Problem]]:
    """Return what is in a book that is set in these fonts, and what was told."""
    given = {f"{AT}{number}.ttf": font for number, font in enumerate(fonts)}
    told: list[Problem] = []
    target = Target(media=given.get, tell=told.append, book=BookOptions(fonts=tuple(given)))
    book = epub.write(source or publication(), target)
    assert epub.write(source or publication(), replace(target, tell=print)) == book
    assert epub.read(book).publication == (source or publication())
    assert [found.code for found in epub.check(book)] == []
    return members(book), told


def embedded(book: dict[str, bytes]) -> list[TTFont]:
    return [TTFont(BytesIO(data)) for name, data in book.items() if name.startswith("EPUB/fonts/")]


def test_a_book_without_fonts_says_nothing_of_fonts() -> None:
    book, told = set_in()
    assert told == []
    assert b"@font-face" not in book["EPUB/style.css"]
    assert "META-INF/fonts.txt" not in book


def test_a_font_is_in_the_book_with_only_the_characters_that_are_used() -> None:
    book, told = set_in(aileron())
    (font,) = embedded(book)
    assert told == []
    whole = set(TTFont(BytesIO(aileron())).getBestCmap())
    assert ord("R") in font.getBestCmap()
    assert set(font.getBestCmap()) < whole
    assert b'href="fonts/' in book["EPUB/content.opf"]
    assert b'media-type="font/ttf"' in book["EPUB/content.opf"]
    assert b'body { font-family: "Aileron", serif; }' in book["EPUB/style.css"]


def test_a_font_keeps_its_time_its_features_and_what_it_says_of_itself() -> None:
    (font,) = embedded(set_in(aileron())[0])
    whole = TTFont(BytesIO(aileron()))
    assert font["head"].modified == whole["head"].modified
    assert {each.nameID: str(each) for each in font["name"].names} == {each.nameID: str(each) for each in whole["name"].names}


def test_the_licence_of_a_font_is_kept_beside_it_and_in_it() -> None:
    book, told = set_in(made(copyright="© Ada", licenseDescription="SIL Open Font License", licenseInfoURL="https://openfontlicense.org"))
    (font,) = embedded(book)
    assert told == []
    assert font["name"].getDebugName(13) == "SIL Open Font License"
    assert book["META-INF/fonts.txt"].decode() == "Square\n© Ada\nSIL Open Font License\nhttps://openfontlicense.org\n"


def test_the_colophon_names_fonts_with_their_licence() -> None:
    free = made(copyright="© 2026 A & B", licenseInfoURL="https://openfontlicense.org")
    book, _ = set_in(free, made(familyName="Trap", licenseInfoURL="javascript:alert(1)"))
    colophon = book["EPUB/colophon.xhtml"].decode().partition("<h2>Fonts</h2>")[2]
    assert '<li>Square · © 2026 A &amp; B · <a href="https://openfontlicense.org/">openfontlicense.org</a></li>' in colophon
    assert "javascript" not in colophon


def test_a_font_that_says_nothing_of_its_licence_is_told_and_taken() -> None:
    book, told = set_in(made())
    assert len(embedded(book)) == 1
    assert [found.code for found in told] == ["epub-font-no-licence"]


def test_a_font_that_wants_to_stay_whole_does() -> None:
    (font,) = embedded(set_in(made(permissions=0x100, letters=LETTERS + "Ж", copyright="©"))[0])
    assert ord("Ж") in font.getBestCmap()


def test_a_variable_font_becomes_a_plain_and_a_bold_one() -> None:
    book, told = set_in(made(variable=True, copyright="©"))
    fonts = embedded(book)
    assert told == []
    assert sorted(font["OS/2"].usWeightClass for font in fonts) == [400, 700]
    assert [font for font in fonts if "fvar" in font] == []
    assert len({font["glyf"][font.getBestCmap()[ord("R")]].xMax for font in fonts}) == 2
    assert book["EPUB/style.css"].count(b"@font-face") == 2


def test_a_variable_font_with_many_tables_is_cut_like_a_small_one() -> None:
    """fontTools 4.68 copied it while it read it (`dictionary changed size during iteration`), so it was called damaged."""
    book, told = set_in(files("manimgx_fonts").joinpath("NotoSans[wght].ttf").read_bytes())
    assert [found.code for found in told] == []
    assert sorted(font["OS/2"].usWeightClass for font in embedded(book)) == [400, 700]


@pytest.mark.parametrize(
    ("font", "code"),
    [
        (made(permissions=0x002), "epub-font-restricted"),
        (made(permissions=0x200), "epub-font-restricted"),
        (made(letters="ЖЯ", copyright="©"), "epub-font-unused"),
        (made()[:300], "epub-font-unusable"),
        (b"OTTO" + bytes(400), "epub-font-unusable"),
        (b"\0\1\0\0\xff\xff" + b"\xff" * 400, "epub-font-unusable"),
        (b"wOF2" + bytes(400), "epub-font-unusable"),
        (b"<html/>", "epub-font-unusable"),
        (b"OTTO" + bytes(20_000_000), "epub-font-unusable"),
    ],
)
def test_a_font_that_cannot_be_used_is_told_and_left_out(font: bytes, code: str) -> None:
    book, told = set_in(font)
    assert [found.code for found in told][:1] == [code]
    assert embedded(book) == []
    assert b"@font-face" not in book["EPUB/style.css"]


def test_a_font_that_is_not_at_hand_is_told() -> None:
    told: list[Problem] = []
    epub.write(publication(), Target(tell=told.append, book=BookOptions(fonts=(f"{AT}none.ttf",))))
    assert [found.code for found in told] == ["epub-font-missing"]


def test_the_name_of_a_font_cannot_break_out_of_the_style_sheet() -> None:
    book, _ = set_in(made(copyright="©", familyName='Sq"; } body { display: none } @import url(https://e.org/)'))
    assert (
        book["EPUB/style.css"].decode().splitlines()[-1] == 'body { font-family: "Sq  body  display none  import urlhttpse.org", serif; }'
    )
