"""Pictures and sound in books: made safe, fit for every reader, nothing told about them, kept once, within the budget."""

from __future__ import annotations

import random
import re
import struct
import sys
import tempfile
import tracemalloc
import zipfile
import zlib
from contextlib import closing
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageChops, ImageCms, ImageDraw

from publisher.article import Article, Image, Media, Publication
from publisher.formats import BookOptions, Target, epub
from publisher.formats.epub import budget, drawings, media, pictures, sheets
from publisher.formats.epub.media import Shelf
from publisher.formats.epub.pictures import Picture, Unfit, made, picture_from
from publisher.formats.epub.segments import Taken, taken
from publisher.problems import Problem, Severity
from tests.test_sounds import MP3

GREECE = "Lemnos, 39.9 N"


def noise(width: int = 90, height: int = 60, mode: str = "RGB", seed: int = 1) -> Pillow.Image:
    return Pillow.frombytes(mode, (width, height), random.Random(seed).randbytes(width * height * len(mode)))


def encoded(image: Pillow.Image, kind: str = "JPEG", **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Pillow.Image:
    return Pillow.open(BytesIO(data))


def shown(picture: Picture) -> Pillow.Image:
    """The picture as a reader shows it that knows nothing of profiles."""
    return opened(picture.data).convert("RGB")


def near(image: Pillow.Image, expected: tuple[int, int, int], by: int = 4) -> bool:
    found = image.resize((1, 1), Pillow.Resampling.BOX).getpixel((0, 0))
    assert isinstance(found, tuple)
    return all(abs(a - b) <= by for a, b in zip(found, expected, strict=True))


def exif(orientation: int = 1) -> Pillow.Exif:
    found = Pillow.Exif()
    found[0x0112] = orientation
    found[0x010E] = GREECE
    found.get_ifd(0x8825)[29] = GREECE
    return found


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunks(data: bytes, *chunks: bytes) -> bytes:
    """A PNG with more chunks after the first."""
    return data[:33] + b"".join(chunks) + data[33:]


# -- what is told about a picture -----------------------------------------------------------------------------------------


def test_a_jpeg_loses_what_is_told_about_it_and_no_pixel() -> None:
    data = encoded(noise(), exif=exif(), comment=GREECE.encode(), xmp=GREECE.encode(), quality=90)
    assert data.count(GREECE.encode()) >= 3
    found = made(data)
    assert GREECE.encode() not in found.data
    assert len(found.data) < len(data)
    assert opened(found.data).tobytes() == opened(data).tobytes()


def test_a_png_loses_what_is_told_about_it_and_no_pixel() -> None:
    told = (chunk(b"tEXt", b"Comment\0" + GREECE.encode()), chunk(b"eXIf", exif().tobytes()), chunk(b"tIME", bytes(7)))
    data = with_chunks(encoded(noise(), "PNG"), chunk(b"gAMA", struct.pack(">I", 45455)), *told)
    found = made(data)
    assert GREECE.encode() not in found.data
    assert b"gAMA" in found.data
    assert opened(found.data).tobytes() == opened(data).tobytes()


@pytest.mark.parametrize("kind", ["WEBP", "TIFF", "AVIF"])
def test_what_is_written_anew_tells_nothing_either(kind: str) -> None:
    found = made(encoded(noise(), kind, exif=exif()))
    assert found.media_type == "image/jpeg"
    assert GREECE.encode() not in found.data
    assert not opened(found.data).getexif()


def test_a_comment_is_not_written_again() -> None:
    found = made(encoded(noise(mode="L"), "GIF", comment=GREECE.encode()))
    assert found.media_type == "image/jpeg"
    assert GREECE.encode() not in found.data


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_its_camera_says(orientation: int, kind: str) -> None:
    lying = Pillow.new("RGB", (90, 60), "white")
    lying.paste("red", (0, 0, 45, 30))
    told = Pillow.Exif()
    told[0x0112] = orientation
    found = made(encoded(lying, kind, exif=told, quality=95))
    assert (found.width, found.height) == ((60, 90) if orientation > 4 else (90, 60)) == opened(found.data).size
    corner = {1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1), 5: (0, 0), 6: (1, 0), 7: (1, 1), 8: (0, 1)}[orientation]
    width, height = shown(found).size
    pixel = shown(found).getpixel((corner[0] * (width - 9) + 4, corner[1] * (height - 9) + 4))
    assert isinstance(pixel, tuple)
    assert (pixel[0] > 200, pixel[1] < 60) == (True, True)


def test_a_damaged_orientation_is_none() -> None:
    data = encoded(noise(), exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert made(data).width == 90


@pytest.mark.parametrize(
    ("kind", "after"), [("JPEG", b"PK\x03\x04 a whole archive"), ("PNG", b"<script>alert(1)</script>"), ("JPEG", encoded(noise(9, 9)))]
)
def test_nothing_follows_the_end_of_a_picture(kind: str, after: bytes) -> None:
    data = encoded(noise(), kind)
    assert made(data + after) == made(data)


def test_a_jpeg_that_says_how_its_colours_are_coded_goes_on_to_do_so() -> None:
    """The segment of Adobe says that these are no YCbCr."""
    data = encoded(noise(), keep_rgb=True)
    assert b"Adobe" in data
    assert opened(made(data).data).tobytes() == opened(data).tobytes()


# -- colours --------------------------------------------------------------------------------------------------------------


def tags(*given: tuple[bytes, bytes]) -> bytes:
    table, content = struct.pack(">I", len(given)), b""
    for name, value in given:
        table += name + struct.pack(">II", 132 + 12 * len(given) + len(content), len(value))
        content += value + bytes(-len(value) % 4)
    return table + content


def profile(kind: bytes, space: bytes, connection: bytes, *more: tuple[bytes, bytes]) -> bytes:
    """A profile as ICC.1 has it, with only what has to be in it."""
    text = b"text" + bytes(4) + b"none\0"
    described = b"desc" + bytes(4) + struct.pack(">I", 5) + b"test\0" + bytes(4 + 4 + 2 + 1 + 67)
    body = tags((b"desc", described), (b"cprt", text), (b"wtpt", xyz(0.9642, 1.0, 0.8249)), *more)
    head = struct.pack(">I4sI4s4s4s", 128 + len(body), bytes(4), 0x02400000, kind, space, connection)
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return head + bytes(128 - len(head)) + body


def xyz(*values: float) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(each * 65536) for each in values))


def curve(gamma: float) -> bytes:
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256))


def rgb_profile(red: bytes, green: bytes, blue: bytes, gamma: float = 2.2) -> bytes:
    curves = ((name, curve(gamma)) for name in (b"rTRC", b"gTRC", b"bTRC"))
    return profile(b"mntr", b"RGB ", b"XYZ ", (b"rXYZ", red), (b"gXYZ", green), (b"bXYZ", blue), *curves)


P3 = rgb_profile(xyz(0.51512, 0.24120, -0.00105), xyz(0.29198, 0.69225, 0.04189), xyz(0.15710, 0.06657, 0.78407))
P3_TO_SRGB = ((1.2249, -0.2247, 0.0), (-0.0420, 1.0419, 0.0), (-0.0197, -0.0786, 1.0979))
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
GREY = profile(b"mntr", b"GRAY", b"XYZ ", (b"kTRC", curve(1.0)))


def printed() -> bytes:
    """A press whose cyan ink is green, so that nobody can take it for any other: a table of 2 × 2 × 2 × 2 colours in Lab."""
    paper, green, black = bytes((255, 128, 128)), bytes((140, 60, 190)), bytes((0, 128, 128))
    corners = (black if number & 7 else green if number & 8 else paper for number in range(16))
    straight = bytes(range(256))
    matrix = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    table = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + matrix + straight * 4 + b"".join(corners) + straight * 3
    return profile(b"prtr", b"CMYK", b"Lab ", (b"A2B0", table))


def srgb(linear: float) -> int:
    value = min(max(linear, 0.0), 1.0)
    return round(255 * (12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055))


def test_a_photograph_in_display_p3_has_the_same_colours_in_srgb() -> None:
    given = (200, 120, 80)
    linear = [(each / 255) ** 2.2 for each in given]
    expected = tuple(srgb(sum(a * b for a, b in zip(row, linear, strict=True))) for row in P3_TO_SRGB)
    found = made(encoded(Pillow.new("RGB", (64, 64), given), icc_profile=P3, quality=95, subsampling=0))
    assert "icc_profile" not in opened(found.data).info
    assert not near(shown(found), given, 8)
    assert near(shown(found), (expected[0], expected[1], expected[2]))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_profile_that_says_srgb_goes_and_no_pixel_changes(kind: str) -> None:
    image = noise()
    assert made(encoded(image, kind, icc_profile=SRGB)) == made(encoded(image, kind))


def test_a_profile_for_other_pictures_or_a_damaged_one_changes_nothing() -> None:
    image = noise()
    for wrong in (GREY, b"no profile at all", P3[:200]):
        assert made(encoded(image, icc_profile=wrong)) == made(encoded(image))


def test_a_grey_picture_stays_grey_when_its_profile_makes_it_lighter() -> None:
    found = made(encoded(Pillow.new("L", (64, 64), 128), icc_profile=GREY, quality=95))
    assert opened(found.data).mode == "L"
    assert near(shown(found), (188, 188, 188))


def test_a_picture_of_a_press_is_converted_by_its_profile() -> None:
    cyan = Pillow.new("CMYK", (64, 64), (255, 0, 0, 0))
    assert near(shown(made(encoded(cyan, quality=95))), (0, 255, 255))
    red, green, blue = shown(made(encoded(cyan, icc_profile=printed(), quality=95))).getpixel((9, 9))  # type: ignore[misc]
    assert green > red + 40
    assert green > blue + 40


def test_ink_is_full_at_255_unless_adobe_says_so() -> None:
    """ITU-T T.872, 6.5.3: only files with the segment of Adobe are the other way round."""
    red = Pillow.new("CMYK", (64, 64), (0, 255, 255, 0))
    of_adobe = encoded(red, quality=95)
    plain = encoded(ImageChops.invert(red), quality=95)
    at = plain.index(b"\xff\xee")
    plain = plain[:at] + plain[at + 2 + int.from_bytes(plain[at + 2 : at + 4], "big") :]
    assert near(shown(made(of_adobe)), (255, 0, 0))
    assert near(shown(made(plain)), (255, 0, 0))


def test_16_bits_of_grey_become_8() -> None:
    image = Pillow.new("I;16", (64, 64), 30000)
    assert near(shown(made(encoded(image, "PNG"))), (117, 117, 117), 1)


def test_16_bits_of_red_green_and_blue_become_8() -> None:
    rows = (b"\0" + struct.pack(">3H", 51400, 30840, 10280) * 8) * 8
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 16, 2, 0, 0, 0))
    found = made(data + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
    assert found.data[24] <= 8
    assert near(shown(found), (200, 120, 40), 1)


def test_an_old_gamma_is_taken_account_of_when_a_picture_is_written_anew() -> None:
    linear = with_chunks(encoded(Pillow.new("L", (2700, 1500), 55), "PNG"), chunk(b"gAMA", struct.pack(">I", 100_000)))
    assert near(shown(made(linear)), (129, 129, 129), 1)


# -- transparency ---------------------------------------------------------------------------------------------------------


def logo(colour: tuple[int, int, int]) -> Pillow.Image:
    image = Pillow.new("RGBA", (64, 64))
    image.paste((*colour, 255), (8, 8, 56, 20))
    return image


def test_a_black_logo_gets_paper_so_that_it_can_be_seen_at_night() -> None:
    found = made(encoded(logo((20, 20, 20)), "PNG"))
    assert not opened(found.data).has_transparency_data
    assert shown(found).getpixel((0, 0)) == (255, 255, 255)
    assert shown(found).getpixel((12, 12)) == (20, 20, 20)


def test_a_logo_with_soft_edges_is_put_on_paper_and_not_blurred() -> None:
    soft = Pillow.new("L", (1200, 600), 0)
    ImageDraw.Draw(soft).ellipse((90, 90, 1100, 500), fill=255, outline=128, width=40)
    image = Pillow.merge("RGBA", (*Pillow.new("RGB", (300, 150), (20, 30, 90)).split(), soft.resize((300, 150))))
    found = made(encoded(image, "PNG"))
    assert found.media_type == "image/png"
    assert shown(found).getpixel((150, 75)) == (20, 30, 90)


def test_a_logo_is_written_anew_once_whatever_books_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Pillow.Image] = []
    png = pictures._png

    def noted(image: Pillow.Image) -> bytes:
        written.append(image)
        return png(image)

    monkeypatch.setattr(pictures, "_png", noted)
    data = encoded(logo((21, 20, 20)), "PNG")
    assert made(data) == made(bytes(bytearray(data)))
    assert len(written) == 1, "to know whether it is a logo, and for the book"


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_the_shape_of_a_picture_is_known_without_decoding_it(orientation: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = encoded(noise(80, 120), exif=exif(orientation))
    seen = made(data)
    monkeypatch.delattr(pictures, "opened")
    assert pictures.shape(data) == (seen.height or 0) / (seen.width or 1)
    assert pictures.shape(data[:3] + b"damaged") is None
    assert pictures.shape(encoded(noise(80, 120), "WEBP")) is None


def test_a_bright_logo_stays_transparent_and_as_it_is() -> None:
    data = encoded(logo((240, 150, 20)), "PNG")
    assert made(data).data == data


def test_a_palette_with_a_transparent_colour_is_transparent() -> None:
    image = Pillow.new("P", (64, 64), 0)
    image.putpalette([0, 0, 0, 240, 150, 20])
    image.paste(1, (8, 8, 56, 20))
    assert opened(made(encoded(image, "GIF", transparency=0)).data).convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]
    assert opened(made(encoded(image, "PNG", transparency=0)).data).convert("RGBA").getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_alpha_that_is_nowhere_transparent_is_none() -> None:
    image = noise()
    image.putalpha(255)
    assert made(encoded(image, "WEBP", lossless=True)).media_type == "image/jpeg"


def test_a_chart_is_not_blurred() -> None:
    chart = Pillow.new("RGB", (64, 64), "white")
    chart.paste((200, 30, 30), (8, 8, 20, 56))
    found = made(encoded(chart, "WEBP", lossless=True))
    assert found.media_type == "image/png"
    assert shown(found).tobytes() == chart.tobytes()
    assert opened(found.data).mode == "P"


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_grey_photograph_is_no_chart(mode: str) -> None:
    image = noise(mode="L").convert(mode)
    assert made(encoded(image, "WEBP", lossless=True)).media_type == "image/jpeg"


# -- what moves -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_what_moves_stands_still(kind: str) -> None:
    frames = [Pillow.new("RGB", (64, 64), colour) for colour in ("red", "blue", "lime")]
    found = made(
        encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=40, **({"lossless": True} if kind == "WEBP" else {}))
    )
    assert found.was_moving
    assert (found.media_type, getattr(opened(found.data), "n_frames", 1)) == ("image/png", 1)
    assert near(shown(found), (255, 0, 0), 1)


def test_a_gif_that_stands_still_is_a_png_of_the_same_colours() -> None:
    image = noise().quantize(200)
    found = made(encoded(image, "GIF"))
    assert (found.media_type, found.was_moving) == ("image/png", False)
    assert shown(found).tobytes() == image.convert("RGB").tobytes()


# -- sizes ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((4000, 2000), (2560, 1280)),
        ((3000, 3000), (2366, 2366)),
        ((2560, 1700), (2560, 1700)),
        ((800, 6000), (800, 6000)),
        ((20_000, 200), (8192, 81)),
        ((1, 60_000), (1, 8192)),
    ],
)
def test_a_picture_is_as_large_as_readers_show_it(size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert pictures.within(size, pictures.LEVELS[0]) == expected
    assert pictures.within(expected, pictures.LEVELS[0]) == expected


def test_a_large_photograph_becomes_smaller_and_says_what_it_was() -> None:
    found = made(encoded(noise(3000, 2000), quality=40))
    assert (found.width, found.height, found.had) == (2560, 1706, (3000, 2000))
    assert opened(found.data).size == (2560, 1706)


def test_a_picture_of_more_than_5_megabytes_becomes_smaller() -> None:
    data = encoded(noise(1500, 1500), "PNG")
    assert len(data) > 5_000_000
    found = made(data)
    assert (len(found.data) <= 5_000_000, found.width) == (True, 1500)


def test_what_is_transparent_and_too_much_becomes_smaller_too() -> None:
    image = noise(1400, 1400, "RGBA")
    image.paste((255, 255, 255, 0), (0, 0, 9, 9))
    image = ImageChops.lighter(image, Pillow.new("RGBA", image.size, (160, 160, 160, 0)))
    found = made(encoded(image, "PNG"))
    assert (found.media_type, len(found.data) <= 5_000_000) == ("image/png", True)


# -- what is made to do harm, or damaged ----------------------------------------------------------------------------------


def huge_png() -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(9_000_000))) + chunk(b"IEND", b"")


def huge_jpeg() -> bytes:
    data = encoded(noise(), progressive=True)
    at = data.index(b"\xff\xc2")
    return data[: at + 5] + struct.pack(">HH", 65_500, 65_500) + data[at + 9 :]


def huge_gif() -> bytes:
    data = encoded(noise().quantize(), "GIF")
    return data[:6] + struct.pack("<HH", 65_000, 65_000) + data[10:]


@pytest.mark.parametrize("data", [huge_png(), huge_jpeg(), huge_gif()])
def test_a_bomb_is_refused_before_it_goes_off(data: bytes) -> None:
    tracemalloc.start()
    with pytest.raises(Unfit, match=r"more than 64 million pixels"):
        made(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_texts_that_unpack_to_gigabytes_are_thrown_away_unread() -> None:
    plain = encoded(noise(), "PNG")
    bomb = zlib.compress(bytes(20_000_000), 9)
    assert made(with_chunks(plain, chunk(b"zTXt", b"Comment\0\0" + bomb), chunk(b"iCCP", b"icc\0\0" + bomb))).data == plain


@pytest.mark.parametrize(
    "data",
    [
        encoded(noise())[:-300],
        encoded(noise(), "PNG")[:-300],
        encoded(noise(), "WEBP")[:-300],
        b"\xff\xd8\xff\xfe\0\x02" * 30_000,
        b"\xff\xd8\xff\xe0\xff\xff",
        b"\xff\xd8\xff\xd9",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""),
        with_chunks(encoded(noise(), "PNG"), chunk(b"EVIL", b"")),
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(8) + b"\x08\0\0\0\0") + chunk(b"IDAT", b"") + chunk(b"IEND", b""),
        encoded(noise(), "PNG").replace(b"IDAT", b"IDAU"),
        b"GIF89a/*" + bytes(99) + b"*/=alert(1)",
        b"RIFF\xff\xff\xff\xffWEBPVP8 ",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        b"<html><body>404</body></html>",
        b"",
    ],
)
def test_what_is_damaged_or_no_picture_is_refused(data: bytes) -> None:
    assert picture_from(data) is None


def png(*head: int, rows: bytes, before: bytes = b"") -> bytes:
    """A PNG of `width, height, depth, colour` and, where given, how it is packed, filtered and interlaced."""
    first = chunk(b"IHDR", struct.pack(">IIBBBBB", *(*head, 0, 0, 0)[:7]))
    return b"\x89PNG\r\n\x1a\n" + first + before + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


ROWS = zlib.compress((b"\0" + bytes(12)) * 4)
"""Four rows of four pixels in colour."""


@pytest.mark.parametrize(
    "data",
    [
        png(4, 4, 8, 2, rows=b"no rows at all"),
        png(4, 4, 8, 2, rows=b""),
        png(4, 4, 8, 2, rows=zlib.compress((b"\5" + bytes(12)) * 4)),
        png(4, 4, 8, 7, rows=ROWS),
        png(4, 4, 4, 2, rows=ROWS),
        png(4, 4, 8, 2, 1, rows=ROWS),
        png(4, 4, 8, 2, 0, 0, 2, rows=ROWS),
        png(4, 4, 8, 3, rows=zlib.compress(bytes(20))),
        png(4, 4, 8, 3, rows=zlib.compress(bytes(20)), before=chunk(b"PLTE", bytes(4))),
        png(4, 4, 8, 2, rows=ROWS, before=chunk(b"IHDR", struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0))),
    ],
)
def test_a_png_without_its_rows_is_refused(data: bytes) -> None:
    """EPUBCheck says of these that they are damaged (PKG-021)."""
    assert made(png(4, 4, 8, 2, rows=ROWS)).data == png(4, 4, 8, 2, rows=ROWS)
    with pytest.raises(Unfit, match="damaged"):
        made(data)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
@pytest.mark.parametrize("size", [(1, 1), (3, 5), (8, 8), (61, 43)])
def test_a_png_that_is_whole_stays(mode: str, size: tuple[int, int]) -> None:
    data = encoded(noise(*size).convert(mode), "PNG")
    assert made(data).data == data


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (9, 2)])
def test_a_png_in_passes_stays(size: tuple[int, int]) -> None:
    """Of the size of each pass the specification says so (PNG 3, 8.1); Pillow reads such files and writes none."""
    width, height = size
    lines = b""
    for x, y, across, down in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
        if columns := len(range(x, width, across)):
            lines += (b"\0" + bytes(columns)) * len(range(y, height, down))
    data = png(width, height, 8, 0, 0, 0, 1, rows=zlib.compress(lines))
    assert made(data).data == data
    assert opened(data).getpixel((width - 1, height - 1)) == 0


@pytest.mark.parametrize("rows", [3, 5, 900])
def test_a_png_with_other_than_its_rows_is_written_anew(rows: int) -> None:
    found = made(png(4, 4, 8, 2, rows=zlib.compress((b"\0" + bytes(12)) * rows)))
    assert opened(found.data).size == (4, 4)
    assert made(found.data) == found


def test_bytes_that_fill_up_a_jpeg_go_and_take_no_time() -> None:
    """Of 60 MB of them each was looked at by itself; the number of steps is what counts, not the time that they take."""
    data = encoded(noise())
    assert made(data[:2] + b"\xff" * 3_000_000 + data[2:]) == made(data)
    steps = 0

    def count(frame: object, event: str, argument: object) -> object:
        nonlocal steps
        steps += 1
        return count

    before = sys.gettrace()
    sys.settrace(count)  # type: ignore[arg-type]
    try:
        taken(data[:2] + b"\xff" * 100_000 + data[2:])
    finally:
        sys.settrace(before)
    assert steps < 2000


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP"])
def test_any_damage_is_refused_or_does_no_harm(kind: str) -> None:
    whole, chance = encoded(noise(40, 30), kind), random.Random(4)
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        found = picture_from(bytes(data[: chance.randrange(1, len(data) + 1)]))
        assert found is None or found.media_type in ("image/jpeg", "image/png")


# -- drawings -------------------------------------------------------------------------------------------------------------

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {}>{}</svg>'


def cleaned(inside: str, outside: str = "") -> tuple[str, tuple[tuple[str, int], ...]]:
    """What is inside a drawing that was cleaned, and what was taken out of it."""
    found = drawings.drawing((outside + SVG.format("", inside)).encode())
    return found.data.decode().split(">", 2)[2].removesuffix("</svg>"), found.taken_out


RECT = '<rect width="9" height="9"/>'
TAKEN_OUT = {
    "<script>alert(1)</script>": ("", (("script", 1),)),
    '<script href="https://e.org/a.js"/><script/>': ("", (("script", 2),)),
    '<g onload="alert(1)" onClick="alert(2)"/>': ("<g/>", (("event handler", 2),)),
    '<a href="javascript:alert(1)"><circle r="1"/></a>': ('<g><circle r="1"/></g>', (("link", 1),)),
    '<text>a <a href="https://e.org/"><tspan>b</tspan></a> c</text>': ("<text>a <tspan><tspan>b</tspan></tspan> c</text>", (("link", 1),)),
    '<text><animate attributeName="x"/>Label one</text>': ("<text>Label one</text>", (("animation", 1),)),
    "<metadata>Who made it</metadata><!-- of Inkscape --><?of Adobe?>": ("", ()),
    '<text>A<i:x xmlns:i="urn:i">no text</i:x> and B</text>': ("<text>A and B</text>", ()),
    '<g i:label="a" data-b="c" content="whole" xmlns:i="urn:i"/>': ("<g/>", ()),
    '<g xml:base="https://e.org/" xml:space="preserve"/>': ('<g xml:space="preserve"/>', ()),
    "<foreignObject/><image/><unknown/>": ("", ()),
    "<switch><foreignObject><b xmlns='http://www.w3.org/1999/xhtml'>b</b></foreignObject><text>b</text></switch>": (
        "<switch><text>b</text></switch>",
        (),
    ),
    '<g cursor="url(https://e.org/a)"/>': ("<g/>", (("style rule", 1),)),
    "<g style=\"background:image-set('https://e.org/a' 1x);opacity:.5\"/>": ('<g style="opacity:.5"/>', (("style rule", 1),)),
    '<g style="cursor:u\\72l(//e.org/a)"/>': ("<g/>", (("style rule", 1),)),
    '<g aria-label="Chart (2026)" transform="scale(2) rotate(9, 1,1)" fill="url(#a)"/>': (
        '<g aria-label="Chart (2026)" transform="scale(2) rotate(9, 1,1)" fill="url(#a)"/>',
        (),
    ),
}


@pytest.mark.parametrize("inside", TAKEN_OUT)
def test_what_does_not_draw_is_taken_out_of_a_drawing_and_what_draws_stays(inside: str) -> None:
    kept, taken_out = TAKEN_OUT[inside]
    assert cleaned(inside + RECT) == (kept + RECT, taken_out)


SHEETS = {
    '.a{fill:red; stroke : url( "#b" )}': '.a{fill:red;stroke:url( "#b" )}',
    "/* x */g > .b:not([x='1'], c)::before{opacity:calc(1/2)}": "g &gt; .b:not([x='1'], c)::before{opacity:calc(1/2)}",
    "/*<desc/>*/@import url(//e.org/a);.a{}": ".a{}",
    ".a{}<desc>.b{}</desc>@import '//e.org/a';": ".a{}",
    "@font-face{src:url(//e.org/a)}@media all{.a{fill:red}}.a{}": ".a{}",
    '.a{background:image-set("//e.org/a" 1x);fill:red}': ".a{fill:red}",
    ".a{background:image('//e.org/a')}.b{background:src('//e.org/a')}": ".a{}\n.b{}",
    ".a{background:ur\\6c(//e.org/a)}": ".a{}",
    ".a{cursor:url/**/(//e.org/a)}": ".a{}",
    ".a{x:'a}.b{cursor:url(//e.org/a)}'}": ".a{}",
    ".a{x:'a\n}.b{cursor:url(//e.org/a)}": ".a{}\n.b{}",
    ".a{fill:red}}@import '//e.org/a';.b{}": ".a{fill:red}\n.b{}",
    ".a{.b{cursor:url(//e.org/a)}}": ".a{}",
}


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_style_sheet_in_a_drawing_needs_nothing_but_the_drawing(sheet: str) -> None:
    assert cleaned(f"<style>{sheet}</style>{RECT}")[0] == f"<style>{SHEETS[sheet]}</style>{RECT}"


HTML = "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>{}</p></foreignObject>"
REFUSED = {
    HTML.format("Words"): "it has HTML inside",
    HTML.format("<img src='a.png'/>"): "it has HTML inside",
    f"<switch>{HTML.format('Words')}<title>x</title></switch>": "it has HTML inside",
    '<image href="https://e.org/a.png"/>': "it has a picture inside",
    '<image href="data:image/png;base64,AAAA"/>': "it has a picture inside",
    '<use xlink:href="https://e.org/a.svg#b"/>': "it shows what is in another file",
    '<rect style="fill:url(//e.org/a)"/>': "it shows what is in another file",
    "<style>.a{mask:url(a.svg#b)}</style>": "it shows what is in another file",
    '<rect filter="url(//e.org/a#b)"/>': "it shows what is in another file",
    '<g id="a"><use href="#a"/></g>': "it has a part inside itself",
    '<pattern id="a"><rect style="fill:url(#a)"/></pattern>': "it has a part inside itself",
    '<style>g .b{fill:url(#a)}</style><pattern id="a"><rect class="b"/></pattern>': "it has a part inside itself",
    '<clipPath id="a"><use href="#b"/></clipPath><path id="b" clip-path="url(#a)"/>': "it has a part inside itself",
}


@pytest.mark.parametrize("inside", REFUSED)
def test_a_drawing_that_would_be_another_one_is_refused_and_says_why(inside: str) -> None:
    with pytest.raises(Unfit, match=f"^{REFUSED[inside]}$"):
        cleaned(inside + RECT)


@pytest.mark.parametrize("inside", ["<script>draw()</script>", "<title>x</title><text> </text>", "<defs/><g/>"])
def test_a_drawing_with_nothing_that_draws_is_refused(inside: str) -> None:
    with pytest.raises(Unfit, match="it has nothing that draws"):
        cleaned(inside)


def nested(part: str, last: str, levels: int = 12) -> str:
    """Parts that are used ten times in parts that are used ten times."""
    return "".join(f'<g id="a{each}">{RECT if not each else part.format(each - 1) * 10}</g>' for each in range(levels)) + last


BOMBS = {
    "use": nested('<use href="#a{}"/>', ""),
    "pattern": nested('<rect fill="url(#a{})"/>', "").replace("<g ", "<pattern ").replace("</g>", "</pattern>"),
    "style": nested('<rect style="mask:url(#a{})"/>', "").replace("<g ", "<mask ").replace("</g>", "</mask>"),
    "sheet": "<style>"
    + "".join(f":is(g, h) > .b{each}:nth-child(2n + 1){{filter:url('#a{each}')}}" for each in range(12))
    + "</style>"
    # which is read as all that the last part of the selector may mean
    + nested('<g class="x b{}"/>', "").replace("<g id", "<filter id").replace("</g>", "</filter>"),
    "corners": '<marker id="m">' + RECT * 900 + f'</marker><path marker-mid="url(#m)" d="M{"1 1 " * 900}"/>',
    "everything": f'<pattern id="p">{RECT * 400}</pattern><g fill="url(#p)">{RECT * 400}</g>',
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_drawing_that_draws_its_parts_again_and_again_is_refused(kind: str) -> None:
    """MuPDF hangs on eleven levels of ten uses each."""
    with pytest.raises(Unfit, match="it draws its parts again more than 100,000 times"):
        cleaned(BOMBS[kind])


def test_a_map_with_many_signs_and_colours_is_no_bomb() -> None:
    signs = '<symbol id="s"><circle r="1"/><path d="M0 0"/></symbol>' + '<use href="#s"/>' * 9000
    colours = '<linearGradient id="c"><stop/><stop/></linearGradient><g fill="url(#c)">' + '<path d="M0 0" fill="url(#c)"/>' * 9000 + "</g>"
    assert cleaned(signs + colours)[0].count("<use") == 9000


def test_entities_of_a_drawing_are_what_they_stand_for() -> None:
    """Adobe Illustrator writes its namespaces so."""
    entities = '<!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg"><!ENTITY a "Bells"><!ENTITY b "&a; &amp; more">]>'
    source = f'{entities}<svg xmlns="&ns;"><text id="&a;">&b;</text></svg>'
    assert b'<text id="Bells">Bells &amp; more</text>' in drawings.drawing(source.encode()).data


LAUGHS = "".join(f'<!ENTITY a{each} "{f"&a{each - 1};" * 10}">' for each in range(1, 12))


@pytest.mark.parametrize(
    "outside",
    [
        '<!DOCTYPE svg [<!ENTITY a11 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE svg [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a; <!ENTITY a11 "">]>',
        f'<!DOCTYPE svg [<!ENTITY a0 "ha">{LAUGHS}]>',
        f'<!DOCTYPE svg [<!ENTITY a11 "{"x" * 4_000_000}">]>',
    ],
)
def test_a_drawing_brings_no_entities_from_elsewhere_and_not_too_many(outside: str) -> None:
    tracemalloc.start()
    with pytest.raises(Unfit, match=r"^it is no picture, or damaged$"):
        cleaned("<text>&a11;&a11;&a11;&a11;&a11;&a11;&a11;&a11;</text>", outside)
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_drawing_brings_no_style_sheet_of_its_own() -> None:
    assert cleaned(RECT, "<?xml-stylesheet href='//e.org/a.css'?>") == (RECT, ())


@pytest.mark.parametrize("selector", ["url(", "a url(x", "URL()", "a:not("])
def test_no_selector_swallows_the_rules_behind_it(selector: str) -> None:
    assert sheets.sheet(f"{selector}{{fill:red}}\nb{{fill:red}}")[0] == "b{fill:red}"


@given(st.text(st.sampled_from(list("ab#.(){};:'\"\\/*@,url \n-")), max_size=60))
def test_what_was_made_of_a_style_sheet_stays_as_it_is(text: str) -> None:
    clean, _ = sheets.sheet(text)
    assert sheets.sheet(clean) == (clean, [])
    assert "@" not in clean
    assert "url(" not in clean or "url(#" in re.sub(r"[ \n\"']", "", clean)


def test_a_drawing_has_a_size_and_grows_with_its_page() -> None:
    found = drawings.drawing(SVG.format('width="120px" height="80"', "<rect/>").encode())
    assert found.size == (120, 80)
    assert b'viewBox="0 0 120 80"' in found.data


def test_a_drawing_stands_on_paper_so_that_black_lines_can_be_seen_at_night() -> None:
    found = drawings.drawing(SVG.format('viewBox="0 0 9 6" style="color:red"', "<rect/>").encode())
    assert b'style="color:red;background:#fff"' in found.data
    assert found.size == (9, 6)


def every_kind() -> dict[str, bytes]:
    """Pictures of every kind, by their names; other people's programs look at them too (`judges`)."""
    photograph, grey = noise(30, 20).resize((300, 200)), noise(30, 20, "L").resize((300, 200))
    return {
        "turned.jpg": encoded(photograph, exif=exif(6)),
        "p3.jpg": encoded(photograph, icc_profile=P3),
        "printed.jpg": encoded(photograph.convert("CMYK"), icc_profile=printed()),
        "progressive.jpg": encoded(photograph, progressive=True, exif=exif()),
        "grey.jpg": encoded(grey, icc_profile=GREY),
        "black.png": encoded(logo((20, 20, 20)), "PNG"),
        "bright.png": encoded(logo((240, 150, 20)), "PNG"),
        "deep.png": encoded(Pillow.new("I;16", (64, 64), 30000), "PNG"),
        "palette.gif": encoded(photograph.quantize(64), "GIF"),
        **{f"photograph.{kind}": encoded(photograph, kind.upper()) for kind in ("webp", "avif", "tiff")},
        "photograph.bmp": encoded(photograph.rotate(180), "BMP"),
        "drawing.svg": SVG.format('width="120" height="80"', '<rect width="60" height="40"/><text x="9" y="60">Black</text>').encode(),
    }


# -- in the book ----------------------------------------------------------------------------------------------------------

AT = "https://lantern.example/"
BARE = Publication(identifier="x", name="Bare", url=AT)


def issue(names: list[str], sounds: tuple[str, ...] = ()) -> Publication:
    articles = tuple(
        Article(identifier=name, headline=name, body="<p>Text.</p>", image=(Image(content_url=f"{AT}{name}", description="x"),))
        for name in names
    )
    recordings = tuple(Media(content_url=f"{AT}{name}", type="AudioObject", name=name) for name in sounds)
    spoken = Article(identifier="spoken", headline="Spoken", body="<p>Text.</p>", associated_media=recordings)
    return replace(BARE, articles=(*articles, spoken) if sounds else articles)


def book(publication: Publication, files: dict[str, bytes], size: int = 50_000_000) -> tuple[bytes, list[Problem]]:
    told: list[Problem] = []
    asked = {f"{AT}{name}": data for name, data in files.items()}
    return epub.write(publication, Target(media=asked.get, tell=told.append, book=BookOptions(budget=size))), told


def inside(body: bytes) -> dict[str, int]:
    with zipfile.ZipFile(BytesIO(body)) as archive:
        assert len(archive.namelist()) == len(set(archive.namelist()))
        return {each.filename: each.file_size for each in archive.infolist()}


def test_every_kind_of_picture_is_in_the_book_and_nothing_is_told() -> None:
    body, told = book(issue(list(every_kind())), every_kind())
    assert sum("/media/" in name for name in inside(body)) == len(every_kind()) + 1
    assert (told, epub.check(body)) == ([], [])


def photographs(number: int) -> dict[str, bytes]:
    return {f"{each}.jpg": encoded(noise(300, 200, seed=each).resize((1800 + 10 * each, 1200)), quality=90) for each in range(number)}


def test_pictures_that_differ_only_in_what_is_told_about_them_are_in_the_book_once() -> None:
    image = noise()
    body, told = book(issue(["a", "b", "c"]), {"a": encoded(image), "b": encoded(image, exif=exif()), "c": encoded(image, comment="x")})
    assert sum(name.endswith(".jpg") for name in inside(body)) == 1
    assert told == []


def test_an_address_is_asked_once_for_all_pages() -> None:
    asked: list[str] = []

    def ask(url: str) -> bytes:
        asked.append(url)
        return encoded(noise())

    shelf = Shelf(ask)
    assert {shelf.picture(f"{AT}a.jpg") for _ in range(5)} == {shelf.picture(f"{AT}a.jpg")}
    assert asked == [f"{AT}a.jpg"]


def test_the_original_address_and_the_body_come_back_when_pictures_were_made_smaller() -> None:
    publication = issue(list(photographs(3)))
    body, told = book(publication, photographs(3), 1_500_000)
    assert told
    assert epub.read(body).publication == publication


def test_a_book_keeps_to_its_budget_and_tells_what_it_did() -> None:
    files = photographs(8)
    large, _ = book(issue(list(files)), files)
    assert len(large) > 6_000_000
    body, told = book(issue(list(files)), files, 3_000_000)
    assert 2_500_000 < len(body) <= 3_000_000
    assert {(each.code, each.severity) for each in told} == {("epub-picture-reduced", Severity.INFO)}
    assert told[0].message == f"8 pictures are made smaller, since the book would have {len(large) / 1e6:.1f} MB, more than 3.0 MB"
    assert re.fullmatch(rf"{AT}\d.jpg had 8\d\d kB \(1\d+ × 1200 pixels\) and has \d+ kB \(1\d+ × \d+ pixels\)", told[1].message)
    assert len(told) == 4


def test_the_same_budget_gives_the_same_book() -> None:
    files = photographs(3)
    assert book(issue(list(files)), files, 1_500_000) == book(issue(list(files)), files, 1_500_000)


def test_a_book_within_its_budget_is_as_it_would_be_without_one() -> None:
    files = photographs(3)
    assert book(issue(list(files)), files) == book(issue(list(files)), files, 10**9)


def test_the_cover_stays_as_it_is_where_a_page_shows_it_too() -> None:
    files = {"cover.jpg": encoded(noise(300, 200, seed=9).resize((1000, 1600))), **photographs(1)}
    publication = replace(issue(list(files)), image=Image(content_url=f"{AT}cover.jpg", description="x"))
    body, _ = book(publication, files, 700_000)
    sizes = [size for name, size in inside(body).items() if name.endswith(".jpg")]
    assert len(sizes) == 2
    assert len(made(files["cover.jpg"]).data) in sizes


def test_recordings_go_last_and_the_largest_first() -> None:
    sounds = {"long.mp3": MP3 + bytes(400_000), "short.mp3": MP3 + bytes(90_000)}
    publication = issue(["0.jpg"], tuple(sounds))
    body, told = book(publication, {**photographs(1), **sounds}, 1_200_000)
    assert [size for name, size in inside(body).items() if name.endswith(".mp3")] == [len(sounds["short.mp3"])]
    assert [each.message for each in told if each.code == "epub-recording-left-out"] == [
        f"the recording {AT}long.mp3 is left out, since the book would have more than 1.2 MB"
    ]
    assert epub.read(body).publication == publication


def test_a_budget_that_cannot_be_kept_is_told() -> None:
    body, told = book(issue(["0.jpg"]), photographs(1), 1000)
    assert [each.severity for each in told if each.code == "epub-over-budget"] == [Severity.WARNING]
    assert epub.check(body) == []


def test_what_cannot_be_used_is_told_and_a_link() -> None:
    _, told = book(issue([f"{each}.jpg" for each in range(6)]), {f"{each}.jpg": b"no picture" for each in range(6)})
    assert [(each.code, each.severity) for each in told] == [("epub-picture-unusable", Severity.WARNING)] * 4
    assert told[0].message == f"{AT}0.jpg cannot be used: it is no picture that we can read, or damaged"
    assert told[3].message == "3 more cannot be used"


def test_what_is_not_at_hand_is_told_in_one_line() -> None:
    _, told = book(issue(["a.jpg", "b.jpg", "c.jpg"], ("d.mp3",)), {})
    assert [(each.code, each.message) for each in told] == [
        ("epub-picture-elsewhere", f"3 pictures ({AT}a.jpg and others) are not at hand, and in the book only as a link"),
        ("epub-recording-elsewhere", f"the recording {AT}d.mp3 is not at hand, and in the book only as a link"),
    ]


def test_what_readers_cannot_show_is_told_in_one_line_each() -> None:
    frames = [Pillow.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    files = {
        "moves.gif": encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]),
        "large.jpg": encoded(noise(3000, 2000), quality=30),
    }
    _, told = book(issue(list(files)), files)
    assert [(each.code, each.severity) for each in told] == [("epub-picture-reduced", Severity.INFO), ("epub-picture-still", Severity.INFO)]
    assert "1 picture is made smaller, to what readers for books can show: https://lantern.example/large.jpg had" in told[0].message


def test_what_was_taken_out_of_drawings_is_told_in_one_line() -> None:
    files = {f"{each}.svg": SVG.format(f'id="{each}"', f'<script/><g onload="f()"/>{RECT}').encode() for each in "ab"}
    _, told = book(issue(["a.svg"]), files)
    assert [(each.code, each.severity) for each in told] == [("epub-drawing-cleaned", Severity.INFO)]
    assert told[0].message == f"the drawing {AT}a.svg is in the book without what does not draw: 1 event handler, 1 script"
    _, told = book(issue(["a.svg", "b.svg"]), files)
    assert [each.message for each in told] == [
        f"2 drawings ({AT}a.svg and others) are in the book without what does not draw: 2 event handlers, 2 scripts"
    ]


def test_a_recording_too_large_for_a_book_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media, "_MOST_BYTES_OF_SOUND", 500)
    _, told = book(issue([], ("a.mp3",)), {"a.mp3": MP3})
    assert [each.code for each in told] == ["epub-recording-left-out"]


def test_pictures_stand_in_the_archive_in_a_fixed_order_and_are_listed_by_name() -> None:
    body, _ = book(issue(["1.jpg", "0.jpg"]), photographs(2))
    with zipfile.ZipFile(BytesIO(body)) as archive:
        names = archive.namelist()
        first = min(archive.infolist(), key=lambda each: each.header_offset)
    assert names == ["mimetype", "META-INF/container.xml", *sorted(names[2:])]
    assert first.filename == "mimetype"


def test_pictures_are_in_memory_once() -> None:
    """By the bytes alive, not by time: the book, the eighth by which its buffer grows ahead, one picture in work, and the pages."""
    base, number = encoded(noise(700, 500), quality=80), 80

    def make(url: str) -> bytes:
        return base[:14] + int(url.rpartition("/")[2]).to_bytes(2, "big") + base[16:]  # another density (JFIF 1.02)

    publication = issue([str(each) for each in range(number)])
    epub.write(publication)  # the cover and its fonts are kept
    tracemalloc.start()
    body = epub.write(publication, Target(media=make))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(body) > number * len(base)
    assert peak < 1.125 * len(body) + 3 * len(base) + 3_000_000


def test_a_picture_that_is_on_the_cover_and_on_pages_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made_anew: list[bytes] = []
    decoded = pictures._decoded

    def noted(data: bytes, known: Taken | None, level: int) -> Picture:
        made_anew.append(data)
        return decoded(data, known, level)

    monkeypatch.setattr(pictures, "_decoded", noted)
    given = {"a": encoded(noise(800, 600), "WEBP", quality=70), "b": encoded(noise(800, 600), "WEBP", quality=90)}
    body, _ = book(issue([*given]), given)
    assert len([name for name in inside(body) if name.startswith("EPUB/media/")]) == 3
    assert len(made_anew) == 2


def test_pictures_that_were_made_smaller_are_not_in_memory_before_their_page_is_written() -> None:
    first, second, smaller = (Picture(data=each, media_type="image/jpeg", width=2) for each in (b"a" * 90, b"b" * 70, b"c" * 50))
    with closing(budget.Drawer()) as drawer:
        laid = [drawer.put(first), drawer.put(second)]
        laid[0] = drawer.put(smaller, laid[0])
        assert [each.picture.data for each in laid] == [b"", b""]
        assert [drawer.take(each) for each in laid] == [smaller, second]


def test_pictures_stay_in_memory_when_the_disk_has_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> object:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    made = Picture(data=b"a", media_type="image/jpeg")
    with closing(budget.Drawer()) as drawer:
        assert drawer.take(drawer.put(made)) == made


# -- how the budget is kept -----------------------------------------------------------------------------------------------


def file(name: str, size: int, pixels: tuple[int, int] = (2000, 1500), kind: str = "image/jpeg") -> budget.File:
    return budget.File(href=name, media_type=kind, size=size, urls=(name,), pixels=pixels)


def cut(files: list[budget.File], room: int, shares: tuple[float, ...]) -> tuple[dict[str, int], int]:
    """The sizes of pictures that were made smaller, when a level leaves such a share of each, and how many were made."""
    sizes, asked = {each.href: each.size for each in files}, []

    def make(url: str, level: int) -> Picture:
        asked.append(url)
        return Picture(data=bytes(int(sizes[url] * shares[level])), media_type="image/jpeg")

    with closing(budget.Drawer()) as drawer:
        return {href: each.size for href, each in budget.cut(files, room, make, drawer).pictures.items()}, len(asked)


def test_what_saves_most_is_made_smaller_first_and_no_more_than_needed() -> None:
    files = [file("small", 300_000), file("large", 2_000_000), file("middle", 900_000)]
    assert cut(files, 2_400_000, (1, 0.5, 0.4, 0.3, 0.2))[0] == {"large": 1_000_000}


def test_of_two_pictures_that_with_more_pixels_than_needed_is_made_smaller_first() -> None:
    files = [file("fine", 1_000_000, (800, 500)), file("coarse", 1_000_000, (2500, 1600))]
    assert cut(files, 1_500_000, (1, 0.9, 0.4, 0.3, 0.2))[0] == {"coarse": 400_000, "fine": 900_000}


def test_no_picture_goes_two_levels_while_another_goes_none() -> None:
    found, _ = cut([file(str(each), 1_000_000) for each in range(30)], 20_000_000, (1, 0.8, 0.6, 0.4, 0.2))
    assert set(found.values()) == {800_000, 600_000}
    assert len(found) == 30


def test_levels_that_are_not_enough_are_passed_over() -> None:
    found, asked = cut([file(str(each), 1_000_000) for each in range(100)], 25_000_000, (1, 0.8, 0.6, 0.4, 0.2))
    assert set(found.values()) == {400_000, 200_000}
    assert asked < 2 * 100 + 4 * 9


def test_a_picture_that_would_be_larger_stays_as_it_is() -> None:
    assert cut([file("a", 1000)], 500, (1, 1.1, 1.2, 1.3, 1.4))[0] == {}


def test_what_is_drawn_by_us_or_a_drawing_stays_as_it_is() -> None:
    own = replace(file("cover", 1_000_000), urls=())
    assert cut([own, file("a.svg", 90_000, kind="image/svg+xml")], 500, (1, 0.5, 0.4, 0.3, 0.2)) == ({}, 0)
