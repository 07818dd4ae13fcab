"""Media: what their bytes say of them, whoever made them."""

from __future__ import annotations

import hashlib
import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from publisher.measure import Facts, measure

pytestmark = pytest.mark.filterwarnings("error")  # a warning of a library would end up on the user's terminal


def picture(kind: str, size: tuple[int, int] = (40, 30), orientation: int = 1) -> bytes:
    """Return a picture as a camera or a drawing program makes it; `orientation` is Exif's (6: turn it to the right to see it)."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", size, "navy").save(made := BytesIO(), kind, **({"exif": exif} if orientation > 1 else {}))
    return made.getvalue()


def header(width: int, height: int) -> bytes:
    """Return the beginning of a PNG that claims to be so large; there are no pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", b"")


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("GIF", "image/gif"), ("WEBP", "image/webp"), ("AVIF", "image/avif")],
)
def test_a_picture_is_known_by_its_bytes_and_not_by_its_name(kind: str, media_type: str) -> None:
    body = picture(kind)
    digest = hashlib.sha256(body).hexdigest()
    assert measure(body, "media/dog.txt") == Facts(encoding_format=media_type, content_size=len(body), sha256=digest, width=40, height=30)


@pytest.mark.parametrize(
    ("start", "media_type"),
    [
        (b"ID3\x04", "audio/mpeg"),
        (b"\xff\xfb\x90\x64", "audio/mpeg"),
        (b"\x00\x00\x00\x1cftypM4A ", "audio/mp4"),
        (b"\x00\x00\x00\x20ftypisom", "video/mp4"),
        (b"OggS\x00", "audio/ogg"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"\x1aE\xdf\xa3", "video/webm"),
        (b"%PDF-1.7", "application/pdf"),
    ],
)
def test_a_recording_is_known_by_its_first_bytes(start: bytes, media_type: str) -> None:
    facts = measure(start + b"\0" * 20, "media/unknown")
    assert (facts.encoding_format, facts.content_size, facts.width, facts.height) == (media_type, len(start) + 20, None, None)


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("readings.csv", "text/csv"), ("map.SVG", "image/svg+xml"), ("notes.txt", "text/plain"), ("what.xyz", None), ("nothing", None)],
)
def test_text_is_known_by_its_ending(path: str, media_type: str | None) -> None:
    assert measure(b"a,b", path).encoding_format == media_type


def test_a_photograph_taken_upright_has_the_size_in_which_it_is_seen() -> None:
    """Cameras store the pixels as the sensor has them and say how to turn them; all browsers do."""
    facts = measure(picture("JPEG", (40, 30), orientation=6), "a.jpg")
    assert (facts.width, facts.height) == (30, 40)


def test_a_photograph_taken_upside_down_keeps_its_size() -> None:
    facts = measure(picture("JPEG", (40, 30), orientation=3), "a.jpg")
    assert (facts.width, facts.height) == (40, 30)


def test_a_large_picture_is_measured_without_a_warning() -> None:
    facts = measure(header(12000, 9000), "poster.png")
    assert (facts.width, facts.height) == (12000, 9000)


def test_a_picture_that_claims_an_absurd_size_has_none() -> None:
    facts = measure(header(2**31 - 1, 2**31 - 1), "bomb.png")
    assert (facts.encoding_format, facts.width, facts.height) == ("image/png", None, None)


def test_a_broken_picture_has_a_type_and_no_size() -> None:
    facts = measure(picture("PNG")[:20], "a.png")
    assert (facts.encoding_format, facts.width, facts.height) == ("image/png", None, None)


STARTS = [
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"GIF89a",
    b"RIFF\x00\x00\x00\x00WEBP",
    b"\0\0\0\x20ftypavif",
    header(3, 3),
    picture("JPEG", orientation=6)[:60],
]


@given(start=st.sampled_from([*STARTS, b""]), rest=st.binary(max_size=200), path=st.text(max_size=9))
@settings(max_examples=150)
def test_nothing_in_the_bytes_stops_us(start: bytes, rest: bytes, path: str) -> None:
    assert measure(start + rest, path).content_size == len(start + rest)


PICTURES = {kind: picture(kind, orientation=1 if kind == "GIF" else 6) for kind in ("JPEG", "PNG", "GIF", "WEBP", "AVIF")}


@given(place=st.integers(0, 400), byte=st.integers(0, 255), kind=st.sampled_from(sorted(PICTURES)))
@settings(max_examples=150)
def test_one_wrong_byte_does_not_stop_us(place: int, byte: int, kind: str) -> None:
    body = bytearray(PICTURES[kind])
    body[place % len(body)] = byte
    assert measure(bytes(body), "a").content_size == len(body)
