"""Pictures as they are published: every pixel as it was, nothing told of where and by whom, and articles that say what is there."""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image as Pillow
from PIL import ImageCms, ImageSequence

from publisher import cli, disclosure, files, whole
from publisher.disclosure import Unfit, Unsafe, published
from publisher.server import workshop
from publisher.server.store import Store
from publisher.server.workshop import Order
from tests.test_pictures import chunk, encoded, noise, opened, with_chunks
from tests.test_scale import steps

GREECE = "Lemnos, 39.9 N"
OWNER, NUMBER, NOTICE = "Ada Byron's own", "SN-40917", "Copyright Lantern Press"
TELLING = tuple(each.encode() for each in (GREECE, OWNER, NUMBER, "Hidden"))
PLACE, PHOTOGRAPH = 0x8825, 0x8769
XMP = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{GREECE}</x:xmpmeta>".encode()
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
KINDS = ("JPEG", "PNG", "WEBP", "AVIF")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">{}<rect width="9" height="9"/></svg>'


def exif(orientation: int = 1) -> bytes:
    """What a telephone notes."""
    found = Pillow.Exif()
    found[0x0112], found[0x013B], found[0x8298], found[0x010E] = orientation, OWNER, NOTICE, GREECE
    found.get_ifd(PLACE).update({1: "N", 2: (39.0, 54.0, 0.0), 3: "E", 4: (25.0, 20.0, 0.0), 29: GREECE})
    found.get_ifd(PHOTOGRAPH).update({0xA430: OWNER, 0xA431: NUMBER, 0x927C: b"Hidden" * 40, 0x9003: "2026:11:01 08:00:00"})
    return found.tobytes()


def photograph(kind: str, orientation: int = 1, size: tuple[int, int] = (90, 60)) -> bytes:
    more: dict[str, object] = {"xmp": XMP} if kind != "PNG" else {}
    body = encoded(noise(*size), kind, exif=exif(orientation), icc_profile=PROFILE, **more)
    return with_chunks(body, chunk(b"tEXt", b"Comment\0" + GREECE.encode()), chunk(b"tIME", bytes(7))) if kind == "PNG" else body


def pixels(body: bytes) -> list[bytes]:
    return [each.convert("RGBA").tobytes() for each in ImageSequence.Iterator(opened(body))]


def timing(body: bytes) -> list[object]:
    return [(each.info.get("duration"), each.info.get("loop")) for each in ImageSequence.Iterator(opened(body))]


def tells(body: bytes) -> list[bytes]:
    """What of it is there, also packed."""
    return [each for each in TELLING if each in body]


@pytest.mark.parametrize("kind", KINDS)
def test_a_photograph_tells_nothing_and_looks_the_same(kind: str) -> None:
    body = photograph(kind)
    made = published(body)
    assert tells(body), "it tells"
    assert tells(made) == []
    assert pixels(made) == pixels(body)
    assert opened(made).info["icc_profile"] == PROFILE
    assert dict(opened(made).getexif().get_ifd(PLACE)) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_a_photograph_of_which_nothing_is_told_stays_the_same_object(kind: str) -> None:
    for body in (published(photograph(kind)), published(photograph(kind, 6)), encoded(noise(), kind)):
        assert published(body) is body


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_stays_turned_as_it_was(kind: str, orientation: int) -> None:
    body = photograph(kind, orientation)
    made = opened(published(body))
    assert made.getexif().get(0x0112, 1) == opened(body).getexif().get(0x0112, 1)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_copyright_notice_stays(kind: str) -> None:
    found = opened(published(photograph(kind))).getexif()
    assert found[0x8298] == NOTICE
    assert set(found) <= {0x0112, 0x8298}


@pytest.mark.parametrize("order", ["little", "big"])
def test_exif_of_either_order_of_bytes_is_read(order: str) -> None:
    image = Pillow.Exif()
    image.endian = "<" if order == "little" else ">"
    image[0x0112] = 8
    made = opened(published(encoded(noise(), exif=image.tobytes())))
    assert made.getexif()[0x0112] == 8


@pytest.mark.parametrize(
    "bad", [b"Exif\0\0", b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0II*\0\x08\0\0\0\xff\xff", b"Exif\0\0" + b"x" * 99]
)
def test_damaged_exif_goes_whole(bad: bytes) -> None:
    made = published(encoded(noise(), exif=bad))
    assert b"Exif" not in made
    assert pixels(made) == pixels(encoded(noise()))


def test_what_follows_the_end_goes() -> None:
    for kind in ("JPEG", "PNG", "WEBP", "GIF"):
        body = encoded(noise(), kind)
        assert published(body + GREECE.encode() * 3) == body


def test_moving_pictures_move_on() -> None:
    first, *others = [noise(seed=seed) for seed in range(4)]
    for kind in ("GIF", "PNG", "WEBP"):
        body = encoded(
            first, kind, save_all=True, append_images=others, duration=90, loop=0, **({"comment": TELLING[0]} if kind == "GIF" else {})
        )
        made = published(body)
        assert pixels(made) == pixels(body)
        assert len(pixels(made)) == 4
        assert timing(made) == timing(body)
        assert tells(made) == []


def test_an_interlaced_png_with_a_palette_keeps_its_colours() -> None:
    body = with_chunks(encoded(noise().convert("P"), "PNG", transparency=3), chunk(b"zTXt", b"Author\0\0" + zlib.compress(b"x")))
    made = published(body)
    assert len(made) < len(body)
    assert pixels(made) == pixels(body)


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


@pytest.mark.parametrize(
    "place",
    [
        box(b"udta", box(b"\xa9xyz", b"\0\x12\x15\xc7+39.9+025.3/" + GREECE.encode()) + bytes(4)),
        box(b"udta", box(b"loci", GREECE.encode())),
        box(b"trak", box(b"udta", box(b"loci", GREECE.encode()))),
        box(b"meta", b"keys mdta com.apple.quicktime.location.ISO6709 " + GREECE.encode()),
        box(b"udta", box(b"meta", bytes(4) + box(b"hdlr", bytes(25)) + box(b"ilst", box(b"\xa9xyz", box(b"data", GREECE.encode()))))),
        box(b"udta", box(b"meta", box(b"hdlr", bytes(25)) + box(b"ilst", box(b"\xa9xyz", box(b"data", GREECE.encode()))))),
        box(b"udta", box(b"meta", bytes(4) + box(b"ilst", box(b"----", box(b"name", b"\0\0\0\0GPS") + box(b"data", GREECE.encode()))))),
        box(b"udta", box(b"XMP_", XMP)),
        box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + XMP),
        struct.pack(">I4sQ", 1, b"uuid", 32 + len(XMP)) + bytes(16) + XMP,
        box(b"free", GREECE.encode()),
    ],
)
def test_a_film_does_not_say_where_it_was_made(place: bytes) -> None:
    film = box(b"ftyp", b"isom\0\0\0\0") + box(b"moov", box(b"mvhd", bytes(20)) + place) + box(b"mdat", b"pictures")
    made = published(film)
    assert tells(film)
    assert tells(made) == []
    assert len(made) == len(film), "nothing moves: tables say where in the file the pictures are"
    assert made.endswith(box(b"mdat", b"pictures"))
    assert published(made) is made


UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


@pytest.mark.parametrize("kind", [b"avif", b"heic", b"isom"])
def test_xmp_in_a_box_of_its_own_goes(kind: bytes) -> None:
    begin = box(b"ftyp", kind + bytes(4))
    for body in (
        begin + box(b"uuid", UUID + XMP) + box(b"mdat", b"pictures"),
        begin + box(b"meta", bytes(4) + box(b"hdlr", bytes(25)) + box(b"uuid", UUID + XMP)) + box(b"mdat", b"pictures"),
    ):
        made = published(body)
        assert (tells(made), len(made)) == ([], len(body))
        assert published(made) is made


def test_an_avif_with_xmp_of_another_program_looks_the_same() -> None:
    body = encoded(noise(), "AVIF") + box(b"uuid", UUID + XMP)
    assert pixels(published(body)) == pixels(body)
    assert tells(published(body)) == []


def test_how_a_film_all_around_is_shown_stays() -> None:
    film = box(b"ftyp", b"isom") + box(b"moov", box(b"trak", box(b"uuid", bytes.fromhex("ffcc8263f8554a938814587a02521fdd") + b"<rdf/>")))
    assert published(film) is film


def track(handler: bytes, places: list[int], sizes: list[int], each: int = 0, wide: bool = False) -> bytes:
    """A track whose chunks have two samples, the last may have one."""
    offsets = box(b"co64" if wide else b"stco", struct.pack(f">II{len(places)}{'Q' if wide else 'I'}", 0, len(places), *places))
    samples = box(b"stsz", struct.pack(f">III{0 if each else len(sizes)}I", 0, each, len(sizes), *([] if each else sizes)))
    tables = box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 2, 1)) + samples + offsets
    return box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + handler + bytes(13)) + box(b"minf", box(b"stbl", tables))))


@pytest.mark.parametrize("wide", [False, True])
@pytest.mark.parametrize("each", [0, 6])
def test_where_a_camera_was_second_by_second_goes(each: int, wide: bool) -> None:
    place = b"39.9 N"
    begin = box(b"ftyp", b"isom") + struct.pack(">I4s", 8 + 60, b"mdat")
    data = place * 2 + b"picture picture!" + place + b"picture picture pictures"
    at = len(begin)
    film = (
        begin + data.ljust(60, b"!") + box(b"moov", track(b"meta", [at, at + 28], [6, 6, 6], each, wide) + track(b"vide", [at + 12], [16]))
    )
    made = published(film)
    assert place not in made
    assert made == film.replace(place, bytes(6)), "and nothing else"
    assert published(made) is made


def test_tables_of_tracks_that_lie_are_refused() -> None:
    begin = box(b"ftyp", b"isom")
    broken = track(b"meta", [8], [6]).replace(struct.pack(">4sII", b"stco", 0, 1), struct.pack(">4sII", b"stco", 0, 2**31))
    many = track(b"meta", [0] * 3000, [9] * 6000, each=2**31)
    for each in (broken, many):
        with pytest.raises(Unfit):
            published(begin + box(b"moov", each))


@pytest.mark.parametrize("pages", [1, 3])
@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "jpeg", "tiff_adobe_deflate"])
def test_a_tiff_tells_nothing_and_looks_the_same(compression: str, pages: int) -> None:
    out = BytesIO()
    first, *others = [noise(90, 60, seed=seed) for seed in range(pages)]
    noted = {270: GREECE, 315: OWNER, 305: NUMBER, 700: XMP, 33432: NOTICE, 34377: b"Hidden" * 9}
    first.save(
        out, "TIFF", compression=compression, exif=Pillow.Exif(), tiffinfo=noted, icc_profile=PROFILE, save_all=True, append_images=others
    )
    body = out.getvalue() + b"Hidden"
    made = published(body)
    assert len(tells(body)) > 2
    assert tells(made) == []
    assert NOTICE.encode() in made
    assert pixels(made) == pixels(body)
    assert len(pixels(made)) == pages
    assert opened(made).info["icc_profile"] == PROFILE
    assert published(made) is made


def test_a_tiff_with_exif_and_places_tells_nothing() -> None:
    for order in "<", ">":
        found = Pillow.Exif()
        found.load(exif())
        found.endian = order
        out = BytesIO()
        noise().save(out, "TIFF", exif=found)
        assert len(tells(out.getvalue())) > 2
        assert tells(published(out.getvalue())) == []
        assert pixels(published(out.getvalue())) == pixels(out.getvalue())


def test_a_tiff_that_cannot_be_taken_apart_is_refused() -> None:
    out = BytesIO()
    noise().save(out, "TIFF")
    body = out.getvalue()
    (at,) = struct.unpack_from("<I", body, 4)
    (count,) = struct.unpack_from("<H", body, at)
    end = at + 2 + 12 * count
    for wrong in (
        body[:at],
        body[:4] + b"\xff" * 4 + body[8:],
        body[:end] + struct.pack("<I", at) + body[end + 4 :],
        body[: at + 2] + struct.pack("<H", 330) + body[at + 4 :],
        body[: at + 2] + struct.pack("<H", 513) + body[at + 4 :],
        b"II*\0" + bytes(4),
    ):
        with suppress(Unfit):
            assert published(wrong) == b"II*\0" + bytes(4)


@pytest.mark.parametrize("pages", [1, 900])
def test_a_tiff_whose_fields_are_all_the_same_bytes_is_refused(pages: int) -> None:
    """Or a megabyte would become fifty for each of its pages."""
    tags = sorted(disclosure._TIFF_SHOWN - {273, 279, 324, 325})
    size, count = 1 << 20, len(tags) + 2
    body = bytearray(b"II*\0\x08\0\0\0".ljust(size, b"\0"))
    for page in range(pages):
        at = 8 + page * (6 + 12 * count)
        entries = sorted([*((tag, 1, size - 8, 8) for tag in tags), (273, 4, 1, 8), (279, 4, 1, 0)])
        following = at + 6 + 12 * count if page + 1 < pages else 0
        made = struct.pack("<H", count) + b"".join(struct.pack("<HHII", *each) for each in entries) + struct.pack("<I", following)
        body[at : at + len(made)] = made
    with pytest.raises(Unfit, match="over each other"):
        published(bytes(body))


def test_a_big_tiff_is_refused() -> None:
    out = BytesIO()
    noise().save(out, "TIFF", big_tiff=True, tiffinfo={270: GREECE})
    with pytest.raises(Unfit, match="BigTIFF"):
        published(out.getvalue())


def test_a_jpeg_xl_tells_nothing_and_its_picture_stays() -> None:
    begin = b"\0\0\0\x0cJXL \r\n\x87\n" + box(b"ftyp", b"jxl \0\0\0\0jxl ")
    picture = box(b"jxll", b"\x0a") + box(b"jxlp", b"\0\0\0\0\xff\x0aone") + box(b"jxlp", b"\x80\0\0\1two")
    notes = (
        box(b"Exif", bytes(4) + exif()),
        box(b"xml ", XMP),
        box(b"brob", b"xml " + XMP),
        box(b"jumb", XMP),
        box(b"jbrd", GREECE.encode()),
        box(b"uuid", UUID + XMP),
    )
    body = begin + b"".join(notes) + picture + b"".join(notes)
    assert published(body) == begin + picture
    assert published(begin + picture + GREECE.encode()[:7]) == begin + picture
    with pytest.raises(Unfit):
        published(begin + notes[0])
    bare = b"\xff\x0a" + bytes(40)
    assert published(bare) is bare, "a picture alone has no notes"


def test_titles_and_chapters_of_a_recording_stay() -> None:
    items = box(b"ilst", box(b"\xa9nam", box(b"data", b"Six bells")) + box(b"\xa9cmt", box(b"data", b"filmed on location")))
    named = box(b"udta", box(b"\xa9nam", b"Six bells") + box(b"chpl", b"One") + box(b"meta", bytes(4) + box(b"hdlr", bytes(25)) + items))
    film = box(b"ftyp", b"M4A \0\0\0\0") + box(b"moov", named)
    assert published(film) is film


@given(st.sampled_from([*KINDS, "GIF", "TIFF"]), st.data())
def test_a_damaged_file_is_refused_or_published(kind: str, data: st.DataObject) -> None:
    body = bytearray(photograph(kind, 6, (20, 10)) if kind in KINDS else encoded(noise(20, 10), kind, comment=GREECE))
    for _ in range(data.draw(st.integers(1, 6))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(body[: data.draw(st.integers(0, len(body)))])
    try:
        made = published(cut)
    except Unfit:
        return
    assert published(made) == made


def tiff(pages: int) -> bytes:
    """Pages of one pixel, all of them the same."""
    size, at = 2 + 12 * 3 + 4, 10
    fields = ((273, 4, 1, 8), (277, 3, 1, 1 << 16), (279, 4, 1, 1))
    page = struct.pack(">H", 3) + b"".join(struct.pack(">HHII", *each) for each in fields)
    links = (at + size * (number + 1) if number + 1 < pages else 0 for number in range(pages))
    return b"MM\0*" + struct.pack(">IH", at, 0) + b"".join(page + struct.pack(">I", each) for each in links)


MANY = {
    "PNG": lambda count: b"\x89PNG\r\n\x1a\n" + chunk(b"tEXt", b"") * count,
    "GIF": lambda count: b"GIF89a" + bytes(7) + b"!\xfe\0" * count + b";",
    "WebP": lambda count: b"RIFF" + struct.pack("<I", 8 * count + 12) + b"WEBPVP8L\0\0\0\0" + b"JUNK\0\0\0\0" * count,
    "TIFF": lambda count: tiff(count),
    "JPEG XL": lambda count: b"\0\0\0\x0cJXL \r\n\x87\n" + box(b"xml ", b"") * count + box(b"jxlc", b""),
    "MP4 with tracks": lambda count: box(b"ftyp", b"isom") + box(b"moov", track(b"meta", [0] * count, [0] * 2 * count)),
    "MP4": lambda count: box(b"ftyp", b"isom") + box(b"moov", box(b"udta", box(b"free", b"") * count)),
}


@pytest.mark.parametrize("make", MANY.values(), ids=MANY)
def test_many_small_parts_are_looked_at_once_each(make: Callable[[int], bytes]) -> None:
    few, many = (steps(partial(published, make(count))).total() for count in (500, 1000))
    assert many / few < 2.2


# -- drawings -----------------------------------------------------------------------------------------------------------------

LIVE = {
    "script": "<script>__ran()</script>",
    "script of another name": '<s:script xmlns:s="http://www.w3.org/2000/svg">__ran()</s:script>',
    "script of HTML": '<foreignObject><script xmlns="http://www.w3.org/1999/xhtml">__ran()</script></foreignObject>',
    "frame": '<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" srcdoc="x"/></foreignObject>',
    "handler": '<g onload="__ran()"><rect/></g>',
    "link": '<a xlink:href="javascript:__ran()"><text>x</text></a>',
    "link with a line end": '<a href="java&#10;script:__ran()"><text>x</text></a>',
    "data": '<a href="data:text/html,x"><text>x</text></a>',
    "animation": '<a><set attributeName="href" to="javascript:__ran()"/><text>x</text></a>',
    "animation of values": '<a><animate attributeName="xlink:href" values="javascript:__ran()"/><text>x</text></a>',
    "animation of a handler": '<g><set attributeName="onclick" to="__ran()"/></g>',
    "use": '<use href="data:image/svg+xml,x#x" onclick="__ran()"/>',
    "use of a drawing": '<use xlink:href="data:image/svg+xml,&lt;svg id=&quot;x&quot; onload=&quot;__ran()&quot;/>#x"/>',
}


@pytest.mark.parametrize("live", LIVE.values(), ids=LIVE.keys())
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_runs_goes_out_of_a_drawing(live: str, encoding: str) -> None:
    body = f'<?xml version="1.0" encoding="{encoding}"?>{SVG.format(live)}'.encode(encoding)
    root = etree.fromstring(published(body))
    assert not [each for each in root.iter() if etree.QName(each).localname in ("script", "iframe", "set", "animate")]
    assert not [
        value
        for each in root.iter()
        for name, value in each.items()
        if str(name).startswith("on") or "__ran" in value or "text/html" in value
    ]
    assert root.find("{*}rect") is not None, "what is drawn stays"


@pytest.mark.parametrize(
    "told",
    [
        "<title>The bells</title>",
        "<style>rect { fill: red }</style>",
        '<animate attributeName="x" to="9"/>',
        '<image href="data:image/png;base64,AA=="/>',
        '<image href="data:image/svg+xml,x"/>',
        '<use href="#bell"/>',
    ],
)
def test_a_drawing_that_runs_nothing_stays_the_same_object(told: str) -> None:
    body = SVG.format(told).encode()
    assert published(body) is body


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (SVG.format("<g>").encode(), "not well-formed XML"),
        (b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">' + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(12)) + b"]><svg>&m;</svg>", "not well-formed XML"),
        (b"<svg>" + b"<g>" * 5000, "not well-formed XML"),
        (b"<svg>" + b" " * 20_000_001, "more than 20 MB"),
        (b'<svg xmlns:p="a}b"><g p:onload="x()"/></svg>', "not well-formed XML"),
    ],
)  # fmt: skip
def test_a_drawing_that_cannot_be_looked_through_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(Unsafe, match=said):
        published(body)


def test_a_style_sheet_that_goes_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    styled = b'<?xml-stylesheet type="text/css" href="a.css"?>' + SVG.format("").encode()
    only_said = b"<!-- <?xml-stylesheet ?> -->" + SVG.format("").encode()
    for body, count in ((styled, 1), (styled.decode().encode("utf-16"), 1), (only_said, 0), (SVG.format("").encode(), 0)):
        folder = sources(tmp_path / sha256(body).hexdigest()[:8], media={"bells.svg": body})
        (folder / "quay.md").write_text(ARTICLE.replace("bells.png", "bells.svg"))
        assert build(folder, folder.with_name("out")) == 0
        assert capsys.readouterr().err.count("bells.svg: warning media-unstyled") == count


def test_a_style_sheet_that_makes_something_else_of_a_drawing_goes() -> None:
    body = b'<?xml-stylesheet type="text/xsl" href="#x"?>' + SVG.format("").encode()
    assert b"xml-stylesheet" not in published(body)


def test_an_entity_of_a_drawing_is_its_text_unless_it_is_elsewhere() -> None:
    own, far = b'<!DOCTYPE svg [<!ENTITY run "javascript:x">]>', b'<!DOCTYPE svg [<!ENTITY run SYSTEM "file:///etc/passwd">]>'
    assert b"javascript" not in published(own + SVG.format('<a href="&run;"/>').encode())
    assert b"ENTITY" not in published(own + SVG.format("<text>&run;</text>").encode())
    assert b"ENTITY" not in published(far + SVG.format("").encode())
    with pytest.raises(Unsafe):
        published(far + SVG.format("<text>&run;</text>").encode())


# -- in a build -----------------------------------------------------------------------------------------------------------------

TOML = '[publication]\nname = "The Lantern"\nurl = "https://lantern.example/"\nlanguage = "en"\nsince = "2026"\n'
ARTICLE = "---\ntitle: The quay\ndate: 2026-11-01\nauthor: Ada Byron\ndescription: It lies.\nimage: media/quay.jpg\nimage_alt: The quay\n---\nIt lies.\n\n![Bells](media/bells.png)\n"


def sources(folder: Path, more: str = "", media: Mapping[str, bytes] | None = None) -> Path:
    (folder / "media").mkdir(parents=True)
    (folder / "publisher.toml").write_text(TOML + more)
    (folder / "quay.md").write_text(ARTICLE)
    for name, body in {"quay.jpg": photograph("JPEG", 6), "bells.png": photograph("PNG"), **(media or {})}.items():
        (folder / "media" / name).write_bytes(body)
    return folder


def build(folder: Path, out: Path) -> int:
    return cli.main(["build", str(folder), "-o", str(out), "--jobs", "1"])


def everything(folder: Path) -> dict[str, bytes]:
    return {each: (folder / each).read_bytes() for each in files.walk(folder)}


def test_no_file_of_a_site_tells_where_a_photograph_was_taken(tmp_path: Path) -> None:
    folder = sources(tmp_path / "sources")
    assert build(folder, tmp_path / "out") == 0
    made = everything(tmp_path / "out")
    assert {path for path, body in made.items() if tells(body)} == set()
    assert made["media/quay.jpg"] == published(photograph("JPEG", 6))
    assert (folder / "media/quay.jpg").read_bytes() == photograph("JPEG", 6), "the original is nobody's to change"


def test_articles_say_size_and_digest_of_what_is_published(tmp_path: Path) -> None:
    assert build(sources(tmp_path / "sources"), tmp_path / "out") == 0
    made = everything(tmp_path / "out")
    (page,) = [json.loads(body) for path, body in made.items() if path.endswith(".jsonld")]
    image, body = page["image"][0], made["media/quay.jpg"]
    assert (image["contentSize"], image["sha256"]) == (str(len(body)), sha256(body).hexdigest())
    assert (image["width"], image["height"]) == (60, 90), "it stands upright"
    told = whole.check(made, made.__getitem__)
    assert [each for each in told if "media" in each.code] == []


def test_who_wants_it_publishes_originals(tmp_path: Path) -> None:
    assert build(sources(tmp_path / "sources", "[site]\nmetadata = true\n"), tmp_path / "out") == 0
    made = everything(tmp_path / "out")
    assert made["media/quay.jpg"] == photograph("JPEG", 6)
    assert sha256(photograph("JPEG", 6)).hexdigest() in next(body.decode() for path, body in made.items() if path.endswith(".jsonld"))


def test_a_second_build_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = sources(tmp_path / "sources")
    assert (build(folder, tmp_path / "out"), build(folder, tmp_path / "out")) == (0, 0)
    assert "(0 changed)" in capsys.readouterr().err.splitlines()[-1]


def test_an_original_in_the_exports_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = sources(tmp_path / "sources")
    assert build(folder, folder) == 1
    assert "media-in-place" in capsys.readouterr().err
    assert (folder / "media/quay.jpg").read_bytes() == photograph("JPEG", 6)


def test_a_photograph_too_damaged_to_tell_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = sources(tmp_path / "sources", media={"bells.png": b"\xff\xd8\xff\xe1\0\x04xxxx" + photograph("JPEG")})
    assert build(folder, tmp_path / "out") == 0
    assert "warning media-damaged" in capsys.readouterr().err


def test_a_drawing_too_damaged_to_tell_is_not_published(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = sources(tmp_path / "sources", media={"bells.svg": b"<svg><script>x</script>"})
    (folder / "quay.md").write_text(ARTICLE.replace("bells.png", "bells.svg"))
    assert build(folder, tmp_path / "out") == 1
    assert "error media-unsafe" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_drawing_is_told_as_seen_from_where_we_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    styled = b'<?xml-stylesheet href="more.css"?>' + SVG.format("").encode()
    (tmp_path / "there").mkdir()
    for body, code in ((styled, "warning media-unstyled"), (b"<svg><script>x</script>", "error media-unsafe")):
        folder = sources(tmp_path / code[-8:], media={"bells.svg": body})
        (folder / "quay.md").write_text(ARTICLE.replace("bells.png", "bells.svg"))
        for here, path in ((tmp_path, folder.name), (tmp_path, folder.name), (tmp_path / "there", f"../{folder.name}"), (folder, ".")):
            monkeypatch.chdir(here)
            build(Path(path), folder.with_name("out"))
            told = capsys.readouterr().err
            assert f"\n{Path(path, 'media/bells.svg')}: {code}" in f"\n{told}"
            assert str(tmp_path) not in told


def test_a_preview_shows_what_is_published(tmp_path: Path) -> None:
    folder = sources(tmp_path / "sources")
    store = Store(tmp_path / "store")
    order = Order(sources=(str(folder),), base="http://127.0.0.1:8000/", store=store, today=date(2026, 11, 27))
    edition = workshop.make(order).edition
    assert edition
    assert store.read(edition.resources["media/quay.jpg"]) == published(photograph("JPEG", 6))
    (folder / "publisher.toml").write_text(f"{TOML}[site]\nmetadata = true\n")
    edition = workshop.make(order).edition
    assert edition
    assert store.read(edition.resources["media/quay.jpg"]) == photograph("JPEG", 6)


NAMED = 'xmlns="http://www.w3.org/2000/svg"'
RUNNING = {
    "a long comment before it": f"<!--{'x' * 5000}--><svg {NAMED}><script>run()</script></svg>".encode(),
    "much space before it": f"{' ' * 5000}<svg {NAMED}><script>run()</script></svg>".encode(),
    "a bracket in the document type": f'<!DOCTYPE svg [<!ENTITY a "]">]><svg {NAMED}><script>run()</script></svg>'.encode(),
    "another document type": f"<!DOCTYPE foo><svg {NAMED}><script>run()</script></svg>".encode(),
    "a document type with >": f'<!DOCTYPE svg PUBLIC "a>b" "c"><svg {NAMED}><script>run()</script></svg>'.encode(),
    "a prefix with a hyphen": b'<a-b:svg xmlns:a-b="http://www.w3.org/2000/svg"><a-b:script>run()</a-b:script></a-b:svg>',
    "a prefix that is not ASCII": '<é:svg xmlns:é="http://www.w3.org/2000/svg"><é:script>run()</é:script></é:svg>'.encode(),
    "an instruction with >": f"<?x a>b?><svg {NAMED}><script>run()</script></svg>".encode(),
    "UTF-16, late": f"<!--{'x' * 5000}--><svg {NAMED}><script>run()</script></svg>".encode("utf-16"),
    "UTF-16 without a mark": f'<?xml version="1.0" encoding="utf-16le"?><svg {NAMED}><script>run()</script></svg>'.encode("utf-16-le"),
    "an attribute that is declared": f'<!DOCTYPE svg [<!ATTLIST svg onload CDATA "run()">]><svg {NAMED}/>'.encode(),
    "the same in UTF-16": f'<!DOCTYPE svg [<!ATTLIST svg onload CDATA "run()">]><svg {NAMED}/>'.encode("utf-16"),
    "a page": b'<html xmlns="http://www.w3.org/1999/xhtml"><script>run()</script></html>',
    "a style sheet that transforms, in UTF-16": f'<?xml-stylesheet type="text/xsl" href="#x"?><svg {NAMED}/>'.encode("utf-16"),
}


@pytest.mark.parametrize("body", RUNNING.values(), ids=RUNNING)
def test_whatever_a_drawing_begins_with_nothing_in_it_runs(body: bytes) -> None:
    with suppress(Unsafe):
        made = published(body, "map.svg")
        assert made is not body
        assert not re.search(rb"script|onload|stylesheet", made.replace(b"\0", b""))


def test_what_is_no_drawing_is_not_published_as_one() -> None:
    for body in (b"", b"text", b"\x1f\x8b", SVG.format("").encode()[:-1]):
        with pytest.raises(Unsafe):
            published(body, "map.SVG")
        assert published(body, "notes.txt") is body


def test_boxes_deep_inside_each_other_are_refused() -> None:
    box = b""
    for _ in range(2000):
        box = struct.pack(">I4s", len(box) + 8, b"udta") + box
    film = struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + struct.pack(">I4s", len(box) + 8, b"moov") + box
    with pytest.raises(Unfit, match="deep"):
        published(film, "a.mp4")


def test_what_exif_says_before_it_is_cut_off_counts() -> None:
    entries = struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    cut = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 9) + entries
    assert opened(published(encoded(noise(), exif=cut))).getexif()[0x0112] == 6
    strange = cut.replace(b"MM\0*", b"MM\x8a*")
    assert b"Exif" not in published(encoded(noise(), exif=strange))


def test_a_webp_of_another_size_than_it_says_is_refused() -> None:
    body = encoded(noise(), "WEBP")
    for wrong in (body[:4] + bytes(4) + body[8:], body[:4] + b"\xff\xff\0\0" + body[8:], body[:-5]):
        with pytest.raises(Unfit):
            published(wrong)
