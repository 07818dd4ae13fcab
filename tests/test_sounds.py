"""Recordings in books: known by their bytes, nothing told about them, and what is played the same byte for byte."""

from __future__ import annotations

import contextlib
import random
import struct

import pytest

from publisher.formats.epub.segments import Unfit
from publisher.formats.epub.sounds import recording_from

LEMNOS = b"+39.9+025.2/"
MP3 = b"\xff\xfb\x90\x64" + bytes(600)


def id3(content: bytes, foot: bool = False) -> bytes:
    size = bytes(len(content) >> 7 * each & 0x7F for each in (3, 2, 1, 0))
    end = b"3DI\x04\0\x10" + size if foot else b""
    return b"ID3\x04\0" + (b"\x10" if foot else b"\0") + size + content + end


def ape(content: bytes, head: bool = False) -> bytes:
    said = struct.pack("<4I8x", 2000, len(content) + 32, 1, 0x80000000 if head else 0)
    return (b"APETAGEX" + said if head else b"") + content + b"APETAGEX" + said


def box(kind: bytes, *inside: bytes) -> bytes:
    content = b"".join(inside)
    return struct.pack(">I", 8 + len(content)) + kind + content


def handler(kind: bytes) -> bytes:
    return box(b"hdlr", bytes(8), kind, bytes(13))


def mp4(kind: bytes = b"soun", codec: bytes = b"mp4a", *said: bytes) -> bytes:
    media = box(b"mdia", handler(kind), box(b"minf", box(b"stbl", box(b"stsd", codec))))
    return box(b"ftyp", b"M4A \0\0\0\0") + box(b"moov", box(b"trak", media), *said) + box(b"mdat", b"The sound of bells")


def page(number: int, packet: bytes, *, goes_on: bool = False) -> bytes:
    table = [255] * (len(packet) // 255) + ([] if goes_on else [len(packet) % 255])
    head = b"OggS\0\0" + bytes(8) + struct.pack("<III", 1, number, 0) + bytes([len(table), *table])
    return head[:22] + struct.pack("<I", checksum(head + packet)) + head[26:] + packet


def checksum(data: bytes) -> int:
    """RFC 3533, 6: the polynomial 0x04c11db7, bit by bit."""
    crc = 0
    for each in data:
        crc ^= each << 24
        for _ in range(8):
            crc = crc << 1 ^ (0x104C11DB7 if crc & 0x80000000 else 0)
    return crc


TAGS = b"OpusTags" + struct.pack("<I", 4) + b"Ours" + struct.pack("<II", 1, 700) + (b"LOCATION=" + LEMNOS).ljust(700, b" ")
OPUS = page(0, b"OpusHead" + bytes(11)) + page(1, TAGS[:510], goes_on=True) + page(2, TAGS[510:]) + page(3, b"The sound of bells")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (MP3, "audio/mpeg"),
        (id3(b"hello") + bytes(8) + MP3, "audio/mpeg"),
        (mp4(), "audio/mp4"),
        (OPUS, "audio/ogg; codecs=opus"),
    ],
)
def test_sound_is_known_by_its_bytes(data: bytes, kind: str) -> None:
    assert recording_from(data).media_type == kind


@pytest.mark.parametrize(
    "data", [id3(b"hello") + b"fLaC", mp4(b"vide"), mp4(b"soun", b"alac"), b"OggS" + bytes(24) + b"\x01vorbis", b"RIFF"]
)
def test_sound_that_not_every_reader_plays_is_refused(data: bytes) -> None:
    with pytest.raises(Unfit):
        recording_from(data)


@pytest.mark.parametrize(
    "before", [b"", id3(LEMNOS), id3(LEMNOS, foot=True), id3(LEMNOS) + id3(LEMNOS) + bytes(900), ape(LEMNOS, head=True)]
)
@pytest.mark.parametrize(
    "after",
    [
        b"",
        b"TAG" + LEMNOS.ljust(125),
        ape(LEMNOS),
        ape(LEMNOS, head=True) + b"TAG" + LEMNOS.ljust(125),
        b"LYRICSBEGIN" + LEMNOS + b"000023LYRICS200" + b"TAG+" + bytes(223) + b"TAG" + bytes(125),
        id3(LEMNOS, foot=True),
    ],
)
def test_an_mp3_has_no_tags_and_all_its_frames(before: bytes, after: bytes) -> None:
    assert recording_from(before + MP3 + after).data == MP3


SAID = {
    "a telephone": box(b"udta", box(b"\xa9xyz", LEMNOS)),
    "iTunes": box(b"udta", box(b"meta", bytes(4), handler(b"mdir"), box(b"ilst", box(b"\xa9cmt", LEMNOS)))),
    "QuickTime": box(b"meta", handler(b"mdta"), box(b"keys", LEMNOS), box(b"ilst", LEMNOS)),
    "XMP": box(b"uuid", LEMNOS),
    "what was there before": box(b"free", LEMNOS),
    "a box with a long size": struct.pack(">I4sQ", 1, b"udta", 16 + 8 + len(LEMNOS)) + box(b"\xa9xyz", LEMNOS),
}


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_an_mp4_says_nothing_and_all_else_is_where_it_was(said: bytes) -> None:
    data = mp4(b"soun", b"mp4a", said)
    found = recording_from(data).data
    assert LEMNOS not in found
    assert (len(found), found.index(b"The sound")) == (len(data), data.index(b"The sound"))
    assert recording_from(found).data == found


def test_an_mp4_that_says_nothing_stays_as_it_is() -> None:
    data = mp4(b"soun", b"mp4a", box(b"udta", box(b"meta", bytes(4), handler(b"mdir"), box(b"ilst"))), box(b"free"))
    assert recording_from(data).data == data


def test_opus_says_nothing_and_its_pages_are_in_order() -> None:
    found = recording_from(OPUS).data
    tags = b"OpusTags" + struct.pack("<I", 9) + b"publisher" + bytes(4)
    whole = tags.ljust(len(TAGS), b"\0")
    assert found == page(0, b"OpusHead" + bytes(11)) + page(1, whole[:510], goes_on=True) + page(2, whole[510:]) + page(
        3, b"The sound of bells"
    )
    assert recording_from(found).data == found


@pytest.mark.parametrize(
    "data", [OPUS[:40], OPUS[:300], mp4(b"soun", b"mp4a", box(b"udta", b"\0\0\0\7xyz ")), mp4(b"soun", b"mp4a", box(b"free") * 30_000)]
)
def test_a_damaged_recording_is_refused(data: bytes) -> None:
    with pytest.raises(Unfit):
        recording_from(data)


@pytest.mark.parametrize("whole", [id3(LEMNOS) + MP3 + ape(LEMNOS), mp4(b"soun", b"mp4a", *SAID.values()), OPUS])
def test_any_damage_to_a_recording_is_refused_or_does_no_harm(whole: bytes) -> None:
    chance = random.Random(5)
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.choice((0, 1, 255, chance.randrange(256)))
        with contextlib.suppress(Unfit):
            recording_from(bytes(data[: chance.randrange(1, len(data) + 1)]))
