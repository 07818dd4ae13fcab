"""What editors of platforms put between paragraphs, as plain HTML: pictures, galleries, recordings, embedded pages.

Each function returns markup for `markup.mended`; texts are plain unless their name ends in `html`.
"""

from __future__ import annotations

from collections.abc import Iterable

from publisher.text import escape

__all__ = ["bookmark", "embed", "figure", "gallery", "heading", "link", "note", "picture", "recording", "toggle"]


def picture(source: str, alternative: str | None = None, target: str = "") -> str:
    """Return an image, inside a link when there is one; without alternative text none is pretended."""
    described = "" if alternative is None else f' alt="{escape(alternative)}"'
    image = f'<img src="{escape(source)}"{described}/>'
    return f'<a href="{escape(target)}">{image}</a>' if target else image


def figure(content: str, caption_html: str = "") -> str:
    """Return a figure with what is in it, and a caption when that says something."""
    caption = f"<figcaption>{caption_html}</figcaption>" if caption_html.strip() else ""
    return f"<figure>{content}{caption}</figure>"


def gallery(figures: Iterable[str], caption_html: str = "") -> str:
    """Return figures one after the other, in one of their own when there is a caption for all of them."""
    found = "".join(figures)
    return figure(found, caption_html) if found and caption_html.strip() else found


def recording(kind: str, source: str, caption_html: str = "", poster: str = "") -> str:
    """Return a player; `kind` is `audio` or `video`."""
    shown = f' poster="{escape(poster)}"' if poster else ""
    return figure(f'<{kind} controls src="{escape(source)}"{shown}></{kind}>', caption_html)


def embed(address: str, name: str = "", caption_html: str = "") -> str:
    """Return the link that stands for a page shown inside the page."""
    found = link(address, name)
    return figure(found, caption_html) if caption_html.strip() else f"<p>{found}</p>"


def link(address: str, name: str = "") -> str:
    """Return a link within a line."""
    return f'<a href="{escape(address)}">{escape(name or address)}</a>'


def bookmark(address: str, title: str, description: str = "", caption_html: str = "") -> str:
    """Return a link to a page with what it is about."""
    about = f"<p>{escape(description)}</p>" if description else ""
    return figure(f'<p><a href="{escape(address)}">{escape(title or address)}</a></p>{about}', caption_html)


def toggle(heading_html: str, content_html: str) -> str:
    """Return what opens at a touch, open."""
    return f"<p><strong>{heading_html}</strong></p>{content_html}"


def note(content_html: str) -> str:
    """Return a box beside the text as a quotation without source would be: a rule before and after it."""
    return f"<hr/>{content_html}<hr/>"


def heading(level: object, content_html: str) -> str:
    """Return a heading; a level that there is none of is the second."""
    tag = level if level in ("h1", "h2", "h3", "h4", "h5", "h6") else "h2"
    return f"<{tag}>{content_html}</{tag}>"
