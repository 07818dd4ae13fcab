"""The ZIP file and META-INF (EPUB 3.3, 4)."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator

from publisher.cleaner import local_name
from publisher.formats.epub.archive import MIMETYPE
from publisher.formats.epub.rules.book import SPEC, Book, Spot, at, quoted
from publisher.markup import Element
from publisher.problems import Finding, Severity, rule

_CONTAINER_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OBFUSCATION = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_FONTS = re.compile(r"font/|application/(font-|x-font|vnd\.ms-opentype)")
_FORBIDDEN = re.compile(
    '["*:<>?\\\\|\x00-\x1f\x7f-\x9f\ue000-\uf8ff\ufdd0-\ufdef\ufff0-\uffff\U000e0001\U000f0000-\U0010ffff]'
    + "|".join(["", *(f"[{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}]" for plane in range(0x10000, 0xF0000, 0x10000))])
)
"""4.2.3: what a file name must not have: marks of file systems, controls, private use, non-characters, specials, the language tag."""
_NEVER_ENCRYPTED = re.compile(r"mimetype|META-INF/(container|encryption|manifest|metadata|rights|signatures)\.xml")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-zip-container-mime", hint="write mimetype before everything else")
def epub_mimetype_not_first(book: Book) -> Iterator[Finding]:
    """The first file is called `mimetype`, by which programs know a book without unpacking it."""
    if (first := book.archive.members[0].filename) != "mimetype":
        yield at(Spot(path=first), f"the first file is {quoted(first)}")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-zip-container-mime", hint="store application/epub+zip in it, without compression and extra field")
def epub_mimetype_unclear(book: Book) -> Iterator[Finding]:
    """The media type stands at byte 38 as plain text; EPUBCheck 5.3 does not see when it does not."""
    if book.archive.members[0].filename == "mimetype" and book.archive.body[30:60] != b"mimetype" + MIMETYPE + b"PK":
        yield at(Spot(path="mimetype"), "mimetype is compressed, has an extra field or holds something else")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-zip-container-zipreqs", hint="pack the book without a password")
def epub_zip_password(book: Book) -> Iterator[Finding]:
    """A book is no ZIP file with a password: no reading system asks for one."""
    for each in book.archive.members:
        if each.flag_bits & 0x1:
            yield at(Spot(path=each.filename), f"{quoted(each.filename)} is locked with a password")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-zip-container-zipreqs", hint="store the files or deflate them")
def epub_zip_method(book: Book) -> Iterator[Finding]:
    """Files in the container are stored or deflated; reading systems unpack nothing else."""
    for each in book.archive.members:
        if each.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield at(Spot(path=each.filename), f"{quoted(each.filename)} is compressed with method {each.compress_type}")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-container-zip", hint="get the file anew")
def epub_file_damaged(book: Book) -> Iterator[Finding]:
    """Every file can be unpacked and has the checksum that it should have."""
    for name in book.damaged():
        member = book.archive.names[name]
        if not member.flag_bits & 0x1 and member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield at(Spot(path=name), f"{quoted(name)} cannot be unpacked")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-container-filenames", hint="give each file a name of its own")
def epub_file_twice(book: Book) -> Iterator[Finding]:
    """Two files whose names differ in nothing but case or composition are one file on many systems."""
    folded = (unicodedata.normalize("NFC", each.filename).casefold() for each in book.archive.members)
    for name, times in Counter(folded).items():
        if times > 1:
            yield at(Spot(path=name), f"{times} files are called {quoted(name)}")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-container-filenames", hint="use only letters, digits, hyphens and dots, and end with none")
def epub_file_name_forbidden(book: Book) -> Iterator[Finding]:
    """Names have none of the characters that some file system cannot write, and do not end with a dot."""
    for each in book.archive.members:
        name = each.filename
        if _FORBIDDEN.search(name) or any(part.endswith(".") for part in name.split("/")):
            yield at(Spot(path=name), f"the file name {quoted(name)} cannot be written on every system")


@rule(Severity.WARNING, spec=f"{SPEC}#sec-container-filenames", hint="use only letters of ASCII, digits, hyphens and dots")
def epub_file_name_not_portable(book: Book) -> Iterator[Finding]:
    """Names with spaces or letters outside ASCII are lost on the way through old programs."""
    for each in book.archive.members:
        if (not each.filename.isascii() or " " in each.filename) and not _FORBIDDEN.search(each.filename):
            yield at(Spot(path=each.filename), f"the file name {quoted(each.filename)}")


@rule(
    Severity.ERROR,
    spec=f"{SPEC}#sec-container-metainf-container.xml",
    hint='write container version="1.0" and a full-path for each rootfile',
)
def epub_container_invalid(book: Book) -> Iterator[Finding]:
    """By the container every reading system finds the package document."""
    root = book.container.root
    if root.tag != f"{_CONTAINER_NAMESPACE}container":
        yield at(root, f"the root element is {quoted(str(root.tag))}")
    if root.get("version") != "1.0":
        yield at(root, f"the version of the container is {quoted(root.get('version'))}")
    for each in root.iter("{*}rootfile"):
        if not each.get("full-path") or not each.get("media-type"):
            yield at(each, "a rootfile has no full-path or no media-type")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-container-metainf-container.xml", hint="add the package document, or take its rootfile out")
def epub_rootfile_missing(book: Book) -> Iterator[Finding]:
    """Every rootfile of the container is in the book."""
    for each in book.container.root.iter("{*}rootfile"):
        if (path := each.get("full-path")) and path not in book.archive.names:
            yield at(each, f"there is no {quoted(path)}")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-container-metainf", hint="move the file out of META-INF")
def epub_item_in_meta_inf(book: Book) -> Iterator[Finding]:
    """META-INF describes the container; what people read is elsewhere."""
    for path, item in book.paths.items():
        if path.startswith("META-INF/"):
            yield at(item.element, f"{quoted(path)} is in META-INF")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-container-metainf-encryption.xml", hint="leave these files as they are")
def epub_encryption_forbidden(book: Book) -> Iterator[Finding]:
    """The files by which a book is recognized and opened are never encrypted."""
    for path, element in book.encrypted.items():
        if _NEVER_ENCRYPTED.fullmatch(path) or path == book.path:
            yield at(element, f"{quoted(path)} is encrypted")


@rule(Severity.ERROR, spec=f"{SPEC}#sec-font-obfuscation", hint="obfuscate nothing but fonts")
def epub_obfuscated_no_font(book: Book) -> Iterator[Finding]:
    """Only fonts are obfuscated; reading systems show other files as they are."""
    for path, element in book.encrypted.items():
        if _algorithm(element) in _OBFUSCATION and path in book.paths and not _FONTS.match(book.paths[path].media_type):
            yield at(element, f"{quoted(path)} is obfuscated, and is {quoted(book.paths[path].media_type)}")


@rule(Severity.INFO, spec=f"{SPEC}#sec-font-obfuscation", hint="leave fonts as they are when their licence lets you")
def epub_font_obfuscated(book: Book) -> Iterator[Finding]:
    """Some reading systems show an obfuscated font as another one."""
    for path, element in book.encrypted.items():
        if _algorithm(element) in _OBFUSCATION:
            yield at(element, f"the font {quoted(path)} is obfuscated")


@rule(Severity.INFO, spec=f"{SPEC}#sec-container-metainf-encryption.xml", hint="check the book before it is encrypted")
def epub_file_encrypted(book: Book) -> Iterator[Finding]:
    """Nobody can check what is encrypted, and only reading systems with the key can show it."""
    for path, element in book.encrypted.items():
        if _algorithm(element) not in _OBFUSCATION:
            yield at(element, f"{quoted(path)} is encrypted with {quoted(_algorithm(element))}")


def _algorithm(encrypted: Element) -> str:
    methods = (each for each in encrypted.iter("{*}EncryptionMethod") if local_name(each.getparent()) == "encrypteddata")
    return next((str(each.get("Algorithm") or "") for each in methods), "")
