"""Word documents: Office Open XML (ECMA-376, 5th edition, Part 1, read 2026-11-26), an article in a file.

mammoth (1.13) makes HTML of it. `preparing` writes the document anew before that, since mammoth takes no notice of languages,
directions and what fields, rubies and custom styles say, and gives up at the first reference that leads nowhere;
`body` puts back into the HTML what went around mammoth. The headline is what has the style Title, else the first Heading 1;
byline, date, dateline and standfirst are taken from paragraphs with styles of those names, never guessed from their words.
Tracked insertions are kept and deletions are left out, as if all had been accepted. Nothing outside of the file is opened.
"""

from __future__ import annotations

from publisher import archives
from publisher.formats import Context, Reading

__all__ = ["MEDIA_TYPE", "NAME", "SPEC", "TITLE", "read", "recognizes"]

NAME = "docx"
TITLE = "Word document"
SPEC = "https://ecma-international.org/publications-and-standards/standards/ecma-376/"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes are a ZIP file with content types and a document of Word's in it."""
    if not archives.looks_like(body):
        return False
    listed = archives.directory(body)
    return b"[Content_Types].xml" in listed and b"word/document" in listed


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the document as an article; raise `Unreadable` when it is none or was made to do harm."""
    from publisher.formats.docx import reader

    return reader.read(body, context)
