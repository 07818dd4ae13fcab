"""Covers: every script is typeset, nothing is cut, any text and picture is harmless, shops take the file."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import typst
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image as Pillow
from PIL import ImageChops, ImageCms

from publisher.article import Article, Image, Publication
from publisher.formats import BookOptions, Edition, Target, epub
from publisher.formats.epub import cover, faces, jacket, painting, pictures, typesetting
from publisher.formats.epub.cover import Front, Line
from publisher.formats.epub.issue import plan
from publisher.formats.epub.media import Picture, Shelf, picture_from
from publisher.problems import Problem

HEADLINES = {
    "en": "Fog lifts over the old harbour after three long days",
    "vi": "Sương mù tan trên bến cảng cũ sau ba ngày dài",
    "ru": "Туман над старой гаванью рассеялся на третий день",
    "el": "Η ομίχλη διαλύεται πάνω από το παλιό λιμάνι",
    "ar": "الضباب ينقشع فوق الميناء القديم بعد ثلاثة أيام",
    "fa": "مه پس از سه روز از روی بندر قدیمی کنار می‌رود",
    "he": "הערפל מתפזר מעל הנמל הישן אחרי שלושה ימים",
    "ja": "古い港に三日ぶりの晴れ間、灯台の光が戻る",
    "zh-Hans": "旧港大雾三日后散去，灯塔重新点亮",
    "zh-Hant": "舊港大霧三日後散去，燈塔重新點亮",
    "ko": "옛 항구의 안개가 사흘 만에 걷히고 등대가 다시 불을 밝히다",
    "hi": "पुराने बंदरगाह पर तीन दिन बाद कोहरा छँटा",
    "th": "หมอกจางเหนือท่าเรือเก่าหลังผ่านไปสามวัน",
    "ka": "ნისლი გაიფანტა ძველ ნავსადგურში",
    "hy": "Մառախուղը ցրվում է հին նավահանգստում",
    "am": "ጭጋጉ ከአሮጌው ወደብ ላይ ተነሳ",
}
"""The same news in the languages of many scripts."""
BARE = Publication(identifier="x", name="Bare", url="https://bare.example/")
WITHOUT_LIGATURES = ["en", "ru", "el", "he", "ja", "zh-Hans", "ko"]
"""Languages in which each letter is one glyph."""
SVG = "{http://www.w3.org/2000/svg}"


def long(text: str, length: int = 150) -> str:
    """The text again and again, to the letter so long."""
    return (f"{text} " * length)[:length].rstrip().ljust(length, text[0])


def picture(width: int, height: int, mode: str = "RGB", kind: str = "JPEG", **options: object) -> bytes:
    out = BytesIO()
    Pillow.new(mode, (width, height), "#6080a0" if mode == "RGB" else 0).save(out, kind, **options)
    return out.getvalue()


def noise(width: int, height: int) -> bytes:
    out = BytesIO()
    Pillow.effect_noise((width, height), 120).convert("RGB").save(out, "JPEG", quality=95)
    return out.getvalue()


def image(drawn: Picture) -> Pillow.Image:
    return Pillow.open(BytesIO(drawn.data))


def looked(data: bytes) -> cover._Looked:
    found = cover._looked(data)
    assert found
    return found


def owned(data: bytes) -> Picture:
    picture = picture_from(data)
    assert picture
    found = cover.own(picture)
    assert found
    return found


def glyphs(front: Front) -> list[tuple[float, float]]:
    """Where each glyph of the cover is, in pixels, from the same template drawn as SVG."""
    said = cover._said(front, looked(front.picture) if front.picture else None)
    root = etree.fromstring(cover._typeset(said, "svg")[0])
    return [place_of(each) for each in root.iter(f"{SVG}use")]


def margins_are_empty(front: Front) -> bool:
    """Whether no letter reaches into the 70 pixels at both sides: their rows have one colour each."""
    said = cover._said(front, looked(front.picture) if front.picture else None)
    page = Pillow.open(BytesIO(cover._typeset(said, "png")[0])).convert("RGB")
    sides = page.crop((0, 0, 70, 2560)), page.crop((1530, 0, 1600, 2560))
    return all(ImageChops.difference(side, side.crop((0, 0, 1, 2560)).resize(side.size)).getbbox() is None for side in sides)


def place_of(element: etree._Element) -> tuple[float, float]:
    x, y = float(element.get("x", "0")), float(element.get("y", "0"))
    node: etree._Element | None = element
    while node is not None:
        for kind, inside in reversed(re.findall(r"(\w+)\(([^)]*)\)", node.get("transform", ""))):
            numbers = [float(each) for each in re.split(r"[ ,]+", inside.strip())]
            if kind == "translate":
                x, y = x + numbers[0], y + (numbers[1] if len(numbers) > 1 else 0)
            elif kind == "scale":
                x, y = x * numbers[0], y * numbers[-1]
            else:
                assert kind == "matrix"
                a, b, c, d, e, f = numbers
                x, y = a * x + c * y + e, b * x + d * y + f
        node = node.getparent()
    return x, y


def letters(text: str) -> int:
    return len(re.sub(r"[\s\u2060\u00ad\u200b-\u200f]", "", text))


# -- letters ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", HEADLINES)
def test_every_script_has_a_font(language: str) -> None:
    assert cover.writable(HEADLINES[language]) == HEADLINES[language]


@pytest.mark.parametrize("text", ["𓀀𓁐", "\ue000\ue001 x", "x\U000e1000", "古\u0591", "…", "", None, "\u0301" * 5000])
def test_what_no_font_has_is_not_written(text: str | None) -> None:
    assert cover.writable(text) == ""


def test_a_mark_needs_a_font_that_has_its_letter_too() -> None:
    assert cover.writable("e\u0323\u0301") == "\u1eb9\u0301"
    assert not faces.is_written("あ\u05b0")


def test_spaces_and_control_characters_are_one_space_and_overrides_are_nothing() -> None:
    assert cover.writable(" a\x00\r\n\u2028b \u202ec\u202d ") == "a b c"


def test_what_the_parser_of_fonts_finds_is_what_typst_finds() -> None:
    assert set(faces.faces()) == set(typesetting.fonts([*map(str, faces.folders())]).families())


@pytest.mark.parametrize(
    ("text", "language", "family"),
    [
        (HEADLINES["en"], "en", "Noto Serif Display"),
        (HEADLINES["el"], "el", "Noto Serif Display"),
        (HEADLINES["ar"], "ar", "Noto Sans Arabic"),
        ("東京", "ja", "Noto Sans CJK JP"),
        ("東京", "zh", "Noto Sans CJK SC"),
        ("東京", "zh-TW", "Noto Sans CJK TC"),
        ("東京", "zh-Hant-HK", "Noto Sans CJK HK"),
        ("東京", "ko-KR", "Noto Sans CJK KR"),
        ("東京の塔", "und", "Noto Sans CJK JP"),
        ("서울 東京", "und", "Noto Sans CJK KR"),
        ("Tokyo (東京) is far away", "en", "Noto Serif Display"),
        ("iPhone 発売", "ja", "Noto Sans CJK JP"),
    ],
)
def test_a_line_is_set_in_the_family_of_its_script_and_language(text: str, language: str, family: str) -> None:
    assert faces.best(text, language)[0] == family


def test_han_characters_have_the_forms_of_their_language() -> None:
    japanese, chinese = (cover.draw(Front(name="直骨", language=each)).picture.data for each in ("ja", "zh"))
    assert japanese != chinese


# -- nothing is cut --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [None, (1800, 1200), (900, 1500), (400, 300)])
@pytest.mark.parametrize("language", WITHOUT_LIGATURES)
def test_a_headline_of_150_characters_is_there_to_the_last_letter(language: str, shape: tuple[int, int] | None) -> None:
    text = long(HEADLINES[language])
    front = Front(name="x", language=language, headlines=(Line(text=text),), picture=picture(*shape) if shape else None)
    assert len(glyphs(front)) == letters(text) + 1


@pytest.mark.parametrize("shape", [None, (1800, 1200), (900, 1500), (400, 300)])
@pytest.mark.parametrize("language", HEADLINES)
def test_nothing_reaches_over_the_edges(language: str, shape: tuple[int, int] | None) -> None:
    text = HEADLINES[language]
    lines = tuple(Line(text=long(each), kicker=text) for each in (text, text.replace(" ", ""), text, text))
    label = {"date": text, "edition": text, "foot": "x.example"}
    front = Front(name=long(text, 60), language=language, headlines=lines, picture=picture(*shape) if shape else None, **label)
    assert all(20 <= y <= 2540 for _, y in glyphs(front))
    assert margins_are_empty(front)


@pytest.mark.parametrize("text", ["น" * 60, long(HEADLINES["th"], 60), "w" * 60, "ش" * 60, "É" * 60, "한" * 60])
@pytest.mark.parametrize("shape", [None, (900, 1500)])
def test_what_has_no_place_to_break_is_broken(text: str, shape: tuple[int, int] | None) -> None:
    """Typst finds no words in Thai where the language is Chinese."""
    lines = (Line(text=text, kicker=text), Line(text="x", kicker=text), Line(text=text, kicker=text))
    front = Front(name=text, language="zh-Hant", date=text, edition=text, headlines=lines, picture=picture(*shape) if shape else None)
    assert margins_are_empty(front)


@pytest.mark.parametrize(
    "name", [*HEADLINES.values(), "ÉCHO", "ẤM ÁP ỄNG", "صُحُفٌ مُّحَمَّدِيَّةٌ", "إِنَّ لِلّٰهِ", "שָׁלוֹם עַלֵּיכֶם", "ปี่ปั้นกู้ฟ้า", "e\u0323\u0302\u0301 E\u0308\u030c"]
)
def test_marks_stay_off_what_is_above_and_below(name: str) -> None:
    """Between the band and the name, and the name and the field, are rows of bare paper."""
    said = cover._said(Front(name=name, date="2026", headlines=(Line(text="x"),)), None)
    page = Pillow.open(BytesIO(cover._typeset(said, "png")[0])).convert("L")
    rows = [page.crop((0, y, 1600, y + 1)).getextrema() for y in range(1200)]
    paper = rows[100]
    field = next(y for y in range(100, 1200) if page.getpixel((0, y)) != page.getpixel((0, 100)))
    assert {paper} == {*rows[98:112], *rows[field - 14 : field]}
    assert paper[0] == paper[1]


def test_a_tower_of_marks_is_not_written() -> None:
    assert cover.writable("Z" + "\u0301\u0302" * 10 + "algo") == ""


@pytest.mark.parametrize("language", WITHOUT_LIGATURES)
def test_a_name_of_60_characters_is_there_to_the_last_letter(language: str) -> None:
    for name in (long(HEADLINES[language], 60), long(HEADLINES[language].replace(" ", ""), 60)):
        assert len(glyphs(Front(name=name, language=language))) >= letters(name)


def test_what_is_much_too_long_ends_with_an_ellipsis_after_a_word() -> None:
    assert cover._shortened("a" * 150, 200) == "a" * 150
    assert cover._shortened("word " * 100, 200).endswith("word…")
    assert cover._shortened("é" * 500, 200) == f"{'é' * 199}…"


def test_a_cover_of_words_whose_png_would_be_too_large_is_a_jpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    front = Front(name="Quay & Quire", headlines=(Line(text=HEADLINES["en"]),))
    drawn = cover.draw(front).picture
    monkeypatch.setattr(painting, "MOST_BYTES", len(drawn.data))
    other = cover.draw(replace(front, date="24 November 2026")).picture
    assert (drawn.media_type, other.media_type) == ("image/png", "image/jpeg")
    assert image(other).size == image(drawn).size


def test_more_headlines_are_shown_when_they_are_short() -> None:
    short = tuple(Line(text=f"Ferry {number} returns") for number in range(4))
    assert cover.draw(Front(name="x", headlines=short, picture=picture(1600, 1000))).headlines == tuple(each.text for each in short)
    first, *_ = tall = tuple(Line(text=long(HEADLINES["ja"])) for _ in range(4))
    shown = cover.draw(Front(name="x", headlines=tall, picture=picture(1600, 1000))).headlines
    assert 1 <= len(shown) < 4
    assert shown[0] == first.text


def test_korean_words_stay_whole() -> None:
    assert cover._joined("옛 항구의") == "옛 항\u2060구\u2060의"


# -- hostile text ----------------------------------------------------------------------------------------------------------

HOSTILE = [
    "#panic[x]",
    '#read("/etc/passwd")',
    "$x$ \\ ] [ *b* _i_ `c` <l> @r",
    '"; } {{',
    "= Head\n- list\n/ term: x",
    "a\u202ecba\u2066",
    "x" * 10_000,
    "é " * 5000,
    "\0\x01\x1b[31m",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_markup(text: str) -> None:
    written = cover.writable(text)
    front = Front(
        name=written or "x", date=written, edition=written, foot=written, headlines=(Line(text=written or "x", kicker=written),) * 3
    )
    assert image(cover.draw(front).picture).size == (1600, 2560)


def test_markup_is_drawn_as_it_is_written() -> None:
    text = "#panic[x] $y$ *b*"
    assert len(glyphs(Front(name=text))) == letters(text)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(max_size=80), min_size=1, max_size=4), st.sampled_from([None, (1600, 1000), (800, 1400), (330, 250)]))
def test_any_text_fits(texts: list[str], shape: tuple[int, int] | None) -> None:
    written = [each for each in map(cover.writable, texts) if each] or ["x"]
    lines = tuple(Line(text=each, kicker=written[0]) for each in written)
    found = glyphs(
        Front(name=written[0], date=written[-1], edition=written[0], headlines=lines, picture=picture(*shape) if shape else None)
    )
    assert all(0 <= x <= 1600 and 0 <= y <= 2560 for x, y in found)


# -- colours ---------------------------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("colour", [cover.INK, *cover.ACCENTS])
def test_text_has_contrast_on_paper_and_paper_on_the_accent(colour: str) -> None:
    assert (luminance(painting.PAPER) + 0.05) / (luminance(colour) + 0.05) >= 7


def test_the_masthead_is_seen_in_grey_at_160_pixels() -> None:
    drawn = image(cover.draw(Front(name="The Lantern", headlines=(Line(text=HEADLINES["en"]),))).picture)
    masthead = drawn.convert("L").resize((160, 256)).crop((8, 6, 152, 40))
    dark, light = masthead.getextrema()
    assert light - dark > 180  # type: ignore[operator]  # one band


# -- what shops take -------------------------------------------------------------------------------------------------------


def test_a_cover_is_a_baseline_jpeg_of_less_than_1_mb() -> None:
    drawn = cover.draw(Front(name="The Lantern", headlines=(Line(text="x"),), picture=noise(3000, 2000))).picture
    found = image(drawn)
    assert (found.format, found.size, found.mode) == ("JPEG", (1600, 2560), "RGB")
    assert "progressive" not in found.info
    assert len(drawn.data) < 1_000_000


@pytest.mark.parametrize("language", HEADLINES)
def test_a_cover_of_words_only_is_an_opaque_png_smaller_than_its_jpeg(language: str) -> None:
    text = HEADLINES[language]
    lines = (Line(text=long(text), kicker=text),) * 4
    drawn = cover.draw(Front(name=long(text, 60), language=language, date=text, edition=text, headlines=lines)).picture
    found = image(drawn)
    assert (drawn.media_type, found.format, found.size) == ("image/png", "PNG", (1600, 2560))
    assert found.mode == "RGB" or found.getchannel("A").getextrema() == (255, 255)
    assert len(drawn.data) < len(cover.as_jpeg(drawn.data)) < 1_000_000


DRAW = """
import hashlib, sys
from publisher.formats.epub.cover import Front, Line, draw
front = Front(name="提灯 Lantern", language="ja", date="2026年", headlines=(Line(text="الضباب", kicker="天気"), Line(text="Fog")))
sys.stdout.write(hashlib.sha256(draw(front).picture.data).hexdigest())
"""


def test_a_cover_is_the_same_in_another_process_locale_and_hash_seed(tmp_path: Path) -> None:
    def drawn(seed: str, locale: str) -> str:
        surroundings = {
            "PYTHONHASHSEED": seed,
            "LC_ALL": locale,
            "TZ": "Asia/Tokyo",
            "HOME": str(tmp_path),
            "TYPST_FONT_PATHS": "/usr/share/fonts",
        }
        command = [sys.executable, "-c", DRAW]
        return subprocess.run(
            command, env=surroundings, capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent
        ).stdout

    assert drawn("1", "C") == drawn("2", "tr_TR.UTF-8")


def test_who_typesets_does_not_load_typing() -> None:
    """It would take as long as Python's start."""
    code = "import sys; sys.path.append(sys.argv[2]); exec(open(sys.argv[1]).read()); import typst; sys.exit('typing' in sys.modules)"
    command = [sys.executable, "-I", "-S", "-c", code, typesetting.__file__, str(Path(typst.__file__).parents[1])]
    assert subprocess.run(command, check=False).returncode == 0


def test_no_font_of_the_system_is_asked() -> None:
    inside = {str(Path(str(folder))) for folder in faces.folders()}
    assert {str(Path(each.path or "").parent) for each in typesetting.fonts([*map(str, faces.folders())]).fonts()} == inside


# -- pictures --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "height", "kind"),
    [
        (1600, 1067, "wide"),
        (6000, 2000, "wide"),
        (1000, 700, "wide"),
        (900, 600, "small"),
        (330, 250, "small"),
        (1000, 1500, "high"),
        (800, 800, "high"),
        (300, 600, "small"),
        (40, 5000, "small"),
        (5000, 40, "wide"),
    ],
)
def test_a_picture_is_never_enlarged_much(width: int, height: int, kind: str) -> None:
    place = cover._place(looked(picture(width, height)))
    assert place["kind"] == kind
    if height >= 250:
        shown = int(str(place["width"])), int(str(place["height"]))
        assert max(shown[0] / width, shown[1] / height) <= 1.75


def test_a_drawing_that_one_can_see_through_keeps_its_edges_and_stands_on_paper() -> None:
    drawing = picture(1600, 1000, "RGBA", "PNG")
    assert cover._place(looked(drawing))["kind"] == "small"
    assert painting._opened(drawing).getpixel((5, 5)) == (0xFB, 0xF8, 0xF1)


def test_a_picture_is_not_distorted() -> None:
    drawing = Pillow.new("RGB", (400, 200), "white")
    drawing.paste("black", (150, 50, 250, 150))
    filled = painting._filling(drawing, 300, 300).convert("L").point(lambda value: 255 if value < 128 else 0)
    left, top, right, bottom = filled.getbbox() or (0, 0, 0, 0)
    assert right - left == pytest.approx(bottom - top, abs=2)


def test_colours_are_turned_into_srgb() -> None:
    linear = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    colour = (96, 128, 160)
    for profile in (srgb, linear, b"broken"):
        seen = painting._opened(picture(20, 20, kind="PNG", icc_profile=profile)).getpixel((5, 5))
        assert isinstance(seen, tuple)
        assert all(abs(a - b) <= 2 for a, b in zip(seen, colour, strict=True))


@pytest.mark.parametrize(
    "data",
    [
        picture(1600, 1000, "CMYK"),
        picture(1600, 1000, "L"),
        picture(700, 900, "P", "PNG", transparency=0),
        picture(700, 900, "1", "PNG"),
        picture(640, 480, "LA", "PNG"),
    ],
)
def test_any_jpeg_and_png_can_be_drawn(data: bytes) -> None:
    assert image(cover.draw(Front(name="x", headlines=(Line(text="y"),), picture=data)).picture).mode == "RGB"


def test_the_picture_is_where_the_template_leaves_room_for_it() -> None:
    drawn = image(cover.draw(Front(name="The Lantern", headlines=(Line(text="Fog"),), picture=picture(1600, 1000))).picture)
    red, green, blue = drawn.getpixel((800, 900))  # type: ignore[misc]  # a band each
    assert (abs(red - 0x60) < 8, abs(green - 0x80) < 8, abs(blue - 0xA0) < 8) == (True, True, True)


# -- which cover a book gets -----------------------------------------------------------------------------------------------

AT = "https://bare.example/media/"


def covered(publication: Publication, **media: bytes) -> tuple[bytes, str, list[Problem]]:
    """The cover's bytes, its alternative text, and what the writer told; `own` is the cover that the settings name."""
    told: list[Problem] = []
    options = BookOptions(cover=f"{AT}own" if "own" in media else None)
    target = Target(media=lambda url: media.get(url.removeprefix(AT)), tell=told.append, book=options)
    with zipfile.ZipFile(BytesIO(epub.write(publication, target))) as book:
        page = etree.fromstring(book.read("EPUB/cover.xhtml"))
        shown = next(page.iter("{http://www.w3.org/1999/xhtml}img"))
        return book.read(f"EPUB/{shown.get('src')}"), str(shown.get("alt")), told


def article(headline: str, **fields: object) -> Article:
    return replace(Article(identifier=headline, headline=headline, url=f"https://bare.example/{len(headline)}"), **fields)  # type: ignore[arg-type]


def test_a_fitting_portrait_of_the_publication_is_the_cover_as_it_is() -> None:
    portrait = picture(600, 900)
    data, alternative, _ = covered(replace(BARE, image=Image(content_url=f"{AT}p", description="A tower")), p=portrait)
    assert (data, alternative) == (portrait, "A tower")


@pytest.mark.parametrize("size", [(600, 900), (1000, 1200), (1001, 1200), (600, 600), (900, 600)])
def test_what_may_be_a_cover_by_its_shape_is_all_that_is_one(size: tuple[int, int]) -> None:
    for each in (size, (3 * size[0], 3 * size[1])):
        data = picture(*each)
        look = picture_from(data)
        assert look
        assert cover.may_be_portrait(pictures.shape(data)) >= cover.is_portrait(look)
    assert cover.may_be_portrait(size[1] / size[0]) == (size[1] > size[0])
    assert cover.may_be_portrait(None)


def test_a_logo_is_not_decoded_to_see_that_it_is_no_cover(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str | None] = []

    def look(shelf: Shelf, url: str | None) -> Picture | None:
        looked.append(url)
        return None

    monkeypatch.setattr(Shelf, "look", look)
    for name, size in (("logo", (600, 600)), ("portrait", (600, 900))):
        target = Target(media={f"{AT}{name}": picture(*size)}.get)
        assert jacket._given(plan(replace(BARE, image=Image(content_url=f"{AT}{name}"))), Shelf(target.media), target) is None
    assert looked == [f"{AT}portrait"]


def test_the_cover_of_the_settings_comes_before_all_others() -> None:
    own = picture(1000, 1600)
    data, alternative, told = covered(replace(BARE, image=Image(content_url=f"{AT}p")), p=picture(600, 900), own=own)
    assert (data, alternative, told) == (own, "Bare", [])


def test_what_the_settings_say_of_the_cover_is_said_of_it() -> None:
    options = BookOptions(cover=f"{AT}own", cover_description="A red evening")
    target = Target(media=lambda _: picture(1000, 1600), book=options)
    assert jacket.chosen(plan(BARE), Shelf(target.media), target)[1] == "A red evening"


def test_a_large_cover_becomes_smaller_and_a_small_one_stays_small() -> None:
    assert image(owned(picture(3200, 5120))).size == (1600, 2560)
    assert image(owned(picture(700, 1100, kind="PNG"))).size == (700, 1100)


@pytest.mark.parametrize(
    "data", [picture(700, 1100, progressive=True), picture(700, 1100, "CMYK"), picture(700, 1100, kind="GIF"), noise(1700, 2600)]
)
def test_a_cover_that_shops_do_not_take_is_written_anew(data: bytes) -> None:
    found = owned(data)
    assert (image(found).format, image(found).mode, "progressive" in image(found).info) == ("JPEG", "RGB", False)
    assert len(found.data) < 5_000_000


@pytest.mark.parametrize(
    ("own", "found"),
    [
        (b"no picture", "it is no JPEG or PNG that can be read"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="2000"/>', "it is no JPEG or PNG that can be read"),
        (picture(1000, 1600)[:-2000], "it is no JPEG or PNG that can be read"),
        (picture(2000, 1500), "it has 2000 × 1500 pixels"),
        (picture(400, 800), "it has 400 × 800 pixels"),
    ],
)
def test_an_own_cover_that_is_of_no_use_is_told_and_one_is_drawn(own: bytes, found: str) -> None:
    data, _, told = covered(BARE, own=own)
    assert image(Picture(data=data, media_type="image/jpeg")).size == (1600, 2560)
    assert [(each.code, each.message) for each in told] == [
        ("epub-cover-unusable", f"the cover '{AT}own' was not taken but one drawn: {found}")
    ]


def test_the_alternative_text_says_what_is_on_the_cover() -> None:
    told = replace(
        BARE,
        in_language="en",
        articles=(article("Fog lifts", image=(Image(content_url=f"{AT}a", description="A pier in fog"),)), article("Bells ring")),
    )
    assert covered(told, a=picture(1600, 1000))[1] == "Cover: Bare. Fog lifts. Bells ring. A pier in fog"


def test_a_damaged_picture_is_left_out_and_not_spoken_of() -> None:
    damaged = noise(1600, 1000)[:60_000]
    told = replace(BARE, in_language="en", articles=(article("Fog", image=(Image(content_url=f"{AT}a", description="A pier"),)),))
    assert covered(told, a=damaged)[1] == "Cover: Bare. Fog"


def test_a_headline_without_room_is_not_in_the_alternative_text() -> None:
    many = tuple(article(f"{number}{long(HEADLINES['ja'], 140)}", in_language="ja") for number in range(4))
    alternative = covered(replace(BARE, in_language="ja", articles=many))[1]
    assert many[0].headline in alternative
    assert many[3].headline not in alternative


def test_the_story_with_a_large_picture_leads() -> None:
    small, large = Image(content_url=f"{AT}small"), Image(content_url=f"{AT}large")
    told = replace(BARE, in_language="en", articles=(article("Small", image=(small,)), article("Largest", image=(large,))))
    assert covered(told, small=picture(200, 100), large=picture(1600, 1000))[1] == "Cover: Bare. Largest. Small"


def test_a_translation_does_not_stand_beside_its_original() -> None:
    told = replace(
        BARE, in_language="en", articles=(article("Nebel", in_language="de"), article("Fog"), article("Bells", in_language="en-GB"))
    )
    assert covered(told)[1] == "Cover: Bare. Fog. Bells"
    assert covered(replace(told, articles=told.articles[:1]))[1] == "Cover: Bare. Nebel"


@pytest.mark.parametrize(
    ("name", "other", "expected"), [("𓀀𓁐", "Glyphs", "Glyphs"), ("𓀀𓁐", None, "bare.example"), ("提灯新聞", None, "提灯新聞")]
)
def test_a_name_that_cannot_be_written_gives_way_to_another(name: str, other: str | None, expected: str) -> None:
    home = "" if expected == "bare.example" else "bare.example"
    drawn = cover.draw(Front(name=expected, language="ja", foot=home)).picture.data
    assert covered(replace(BARE, name=name, alternate_name=other, in_language="ja"))[0] == drawn


def band(edition: Edition | None) -> tuple[str, str]:
    """What the cover of an edition says of the day and of the edition."""
    issue = plan(replace(BARE, in_language="en", articles=(article("Fog", date_published=date(2026, 11, 20)),)), edition)
    return jacket._day(issue), jacket._edition(issue)


def test_an_edition_is_shown_with_its_name_its_days_and_its_number() -> None:
    week = Edition(key="2026-W47", name="Week 47", issue_number=12, first_day=date(2026, 11, 16), last_day=date(2026, 11, 22))
    days, name = band(week)
    assert (days.startswith("16"), "22 November 2026" in days, name.startswith("Week 47 · "), "12" in name) == (True, True, True, True)


def test_an_edition_without_days_shows_only_its_name() -> None:
    assert band(Edition(key="ferries", name="All about ferries")) == ("", "All about ferries")
    assert band(None) == ("20 November 2026", "")


def sides(language: str, name: str) -> Iterator[float]:
    """How far from the left the first headline is, and how far from the right."""
    found = [x for x, y in glyphs(Front(name=name, language=language, headlines=(Line(text=name),))) if y > 800]
    yield from (min(found), 1600 - max(found))


def test_lines_begin_at_the_side_where_the_language_begins() -> None:
    left, right = sides("en", "Fog")
    assert left < 200 < right
    left, right = sides("he", "ערפל")
    assert right < 300 < left
