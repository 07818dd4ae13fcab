"""Documents for tests, of the parts that programs make them of."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Mapping
from email.message import EmailMessage
from functools import cache
from io import BytesIO

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": OFFICE,
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "adec": "http://schemas.microsoft.com/office/drawing/2017/decorative",
    }.items()
)
STYLES = "".join(
    f'<w:style w:type="paragraph" w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/></w:style>'
    for name in (
        *("Title", "Subtitle", "heading 1", "heading 2", "Quote", "caption", "Byline", "Dateline", "Date", "Standfirst", "toc 1"),
        "HTML Preformatted",
    )
)


def png(width: int = 2, height: int = 2) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height)))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


def packed(members: Mapping[str, bytes | str]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def paragraph(text: str, style: str = "", properties: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{properties}</w:pPr>{run(text)}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def picture(identifier: str, alt: str = "", attribute: str = "r:embed", inside: str = "") -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="Picture 1" descr="{alt}">{inside}</wp:docPr><a:graphic>'
        f'<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:blipFill><a:blip {attribute}="{identifier}"/>'
        "</pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def relationships(targets: Mapping[str, tuple[str, str]]) -> str:
    """`{id: (kind, target)}`; a target with a colon is outside."""
    each = (
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"{" TargetMode=" + chr(34) + "External" + chr(34) if ":" in target else ""}/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{"".join(each)}</Relationships>'


def docx(
    *paragraphs: str,
    styles: str = STYLES,
    core: str = "",
    targets: Mapping[str, tuple[str, str]] | None = None,
    members: Mapping[str, bytes | str] | None = None,
) -> bytes:
    """A document as Word writes it; `core` is what is inside of its core properties."""
    known = {"styles": ("styles", "styles.xml"), **(targets or {})}
    return packed(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": relationships({"a": ("officeDocument", "word/document.xml")}),
            "word/document.xml": f"<w:document {NAMESPACES}><w:body>{''.join(paragraphs)}<w:sectPr/></w:body></w:document>",
            "word/_rels/document.xml.rels": relationships(known),
            "word/styles.xml": f"<w:styles {NAMESPACES}>{styles}</w:styles>",
            "docProps/core.xml": (
                '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
                f'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">{core}</cp:coreProperties>'
            ),
            **(members or {}),
        }
    )


@cache
def examples() -> dict[str, bytes]:
    """A small document of each format that is only read, with much of what it can have."""
    return {"docx": _example_docx(), "mail": _example_mail()}


def _example_docx() -> bytes:
    note = f'<w:footnotes {NAMESPACES}><w:footnote w:id="2">{paragraph("So the company says.")}</w:footnote></w:footnotes>'
    levels = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl>'
    lists = (
        f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
        '<w:num w:numId="4"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="1"/></w:tcPr>{paragraph("12")}</w:tc>'
    return docx(
        paragraph("The tram is back", "Title"),
        paragraph("By Ines Calloway", "Byline"),
        f'<w:p>{run("It runs.", "<w:b/>")}<w:r><w:footnoteReference w:id="2"/></w:r></w:p>',
        paragraph("Why", "heading2"),
        paragraph("Harbour", "", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="4"/></w:numPr>'),
        f"<w:p>{picture('picture', 'A grey square')}</w:p>",
        paragraph("The square", "caption"),
        f'<w:p><w:hyperlink r:id="link">{run("here", "<w:lang w:val=" + chr(34) + "fr-FR" + chr(34) + "/>")}</w:hyperlink></w:p>',
        f"<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>{cell}{cell}</w:tr><w:tr>{cell}{cell}</w:tr></w:tbl>",
        core="<dc:creator>Ines Calloway</dc:creator><dcterms:created>2018-10-24T08:00:00Z</dcterms:created>",
        targets={
            "picture": ("image", "media/a.png"),
            "notes": ("footnotes", "footnotes.xml"),
            "lists": ("numbering", "numbering.xml"),
            "link": ("hyperlink", "https://lantern.example/"),
        },
        members={"word/media/a.png": png(), "word/footnotes.xml": note, "word/numbering.xml": lists},
    )


def mail(
    html: str = "",
    text: str = "",
    *,
    fields: Mapping[str, str] | None = None,
    inside: Mapping[str, bytes] | None = None,
    attached: Mapping[str, bytes] | None = None,
) -> bytes:
    """A newsletter: both texts as alternatives, pictures by content id, attachments by name."""
    given = {
        "From": "Ines Calloway <ines@lantern.example>",
        "To": "reader@example.com",
        "Subject": "The tram is back",
        "Date": "Wed, 24 Oct 2018 08:00:00 +0100",
        "Message-ID": "<2018.tram@lantern.example>",
        **(fields or {}),
    }
    message = EmailMessage()
    for name, value in given.items():
        message[name] = value
    message.set_content(text or html, subtype="plain" if text else "html")
    if text and html:
        message.add_alternative(html, subtype="html")
    part = list(message.walk())[-1]
    for name, content in (inside or {}).items():
        part.add_related(content, "image", "png", cid=f"<{name}>")
    for name, content in (attached or {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return bytes(message)


def _example_mail() -> bytes:
    page = (
        '<html lang="en"><body><div style="display:none">Back at last&zwnj;</div><table role="presentation"><tr><td>'
        '<h1>The tram is back</h1><p>It <b>runs</b>.<br><br>Again.</p><img src="cid:square" alt="A square"></td></tr></table>'
        '<img src="https://count.example/o.gif" width="1" height="1"></body></html>'
    )
    return mail(page, "It runs.", inside={"square": png()}, attached={"a.pdf": b"%PDF"})


def packed_as(media_type: str, members: Mapping[str, bytes | str]) -> bytes:
    """An archive that begins with its media type, as those of OpenDocument and EPUB do."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", media_type, zipfile.ZIP_STORED)
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()
