"""Encodings that pages declare."""

from __future__ import annotations

import pytest

from publisher.charset import text_of


@pytest.mark.parametrize(
    ("body", "declared", "text"),
    [
        ("Überfahrt".encode(), b"iso-8859-1", "Überfahrt"),
        ("Überfahrt".encode("utf-8-sig"), b"iso-8859-1", "Überfahrt"),
        ("Überfahrt".encode("utf-16"), b"utf-8", "Überfahrt"),
        ("Überfahrt – “x”".encode("cp1252"), b"ISO-8859-1", "Überfahrt – “x”"),
        ("Überfahrt".encode("cp1252"), b"us-ascii", "Überfahrt"),
        ("Паром".encode("koi8-r"), b"KOI8-R", "Паром"),
        ("Паром".encode("cp1251"), b"windows-1251", "Паром"),
        ("フェリー".encode("shift-jis"), b"Shift_JIS", "フェリー"),
        ("フェリー①".encode("cp932"), b"sjis", "フェリー①"),
        ("渡轮朱镕基".encode("gbk"), b" GB2312 ", "渡轮朱镕基"),
        ("나룻배".encode("cp949"), b"ks_c_5601-1987", "나룻배"),
        ("Überfahrt".encode("cp1252"), b"x-user-defined", "Überfahrt"),
    ],
)
def test_text_is_read_as_declared_when_it_is_not_utf_8(body: bytes, declared: bytes, text: str) -> None:
    assert text_of(body, declared) == text


@pytest.mark.parametrize(
    "declared",
    [
        None,
        b"klingon",
        b"punycode",
        b"unicode_escape",
        b"rot13",
        b"utf-16",
        b"utf-7",
        b"hz-gb-2312",
        b"undefined",
        b"\x00",
        b"\xff",
        b"base64",
    ],
)
def test_what_is_no_encoding_of_text_is_not_used(declared: bytes | None) -> None:
    text = "Die Überfahrt über die Förde dauert fünf Stunden, wenn der Nebel nicht schöner wäre. " * 200
    assert text_of(text.encode("cp1252"), declared) == text
