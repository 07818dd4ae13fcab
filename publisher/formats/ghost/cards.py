"""Ghost's cards, by their names in Lexical and in Mobiledoc, which have the same values, and as they are in finished HTML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from publisher import manuscript
from publisher.markup import Element
from publisher.platforms import cards, rewriting
from publisher.platforms.rewriting import Change, first, inside, said
from publisher.text import allowed, escape

__all__ = ["LEFT_OUT", "Note", "html_of", "rendered"]

Note = Callable[[str], None]
"""Is told the name of a card that is left out."""
Payload = Mapping[str, Any]

LEFT_OUT = frozenset(("email", "email-cta", "paywall", "signup", "transistor", "nft", "before-after"))
"""What is only for mail or for members, or asks something of readers."""


def text(payload: Payload, *names: str) -> str:
    """Return the first text among values, `""` when there is none."""
    return allowed(next((value for each in names if isinstance(value := payload.get(each), str) and value.strip()), ""))


def html_of(name: str, payload: Payload, note: Note) -> str:
    """Return the HTML of a card."""
    if make := _CARDS.get(name):
        return make(payload)
    if name != "paywall":
        note(name)
    return ""


def _image(payload: Payload) -> str:
    source = text(payload, "src")
    picture = cards.picture(source, text(payload, "alt", "altText") or None, text(payload, "href"))
    return cards.figure(picture, text(payload, "caption")) if source else ""


def _gallery(payload: Payload) -> str:
    found = payload.get("images")
    images = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return cards.gallery(map(_image, images), text(payload, "caption"))


def _bookmark(payload: Payload) -> str:
    about = payload.get("metadata")
    about = about if isinstance(about, dict) else {}
    address = text(payload, "url") or text(about, "url")
    title = text(about, "title") or text(payload, "title")
    return cards.bookmark(address, title, text(about, "description"), text(payload, "caption")) if address else ""


def _embed(payload: Payload) -> str:
    about = payload.get("metadata")
    name = text(about, "title") if isinstance(about, dict) else ""
    address = text(payload, "url")
    return cards.embed(address, name, text(payload, "caption")) if address else text(payload, "html")


def _callout(payload: Payload) -> str:
    return cards.note(f"<p>{escape(text(payload, 'calloutEmoji'))} {text(payload, 'calloutText')}</p>")


def _toggle(payload: Payload) -> str:
    return cards.toggle(text(payload, "heading"), text(payload, "content"))


def _audio(payload: Payload) -> str:
    source = text(payload, "src")
    return cards.recording("audio", source, escape(text(payload, "title"))) if source else ""


def _video(payload: Payload) -> str:
    source, poster = text(payload, "src"), text(payload, "customThumbnailSrc", "thumbnailSrc")
    return cards.recording("video", source, text(payload, "caption"), poster) if source else ""


def _file(payload: Payload) -> str:
    source = text(payload, "src")
    about = escape(text(payload, "fileCaption"))
    return f"<p>{cards.link(source, text(payload, 'fileTitle', 'fileName'))} {about}</p>" if source else ""


def _code(payload: Payload) -> str:
    language = text(payload, "language")
    named = f' class="language-{escape(language)}"' if language else ""
    code = f"<pre><code{named}>{escape(text(payload, 'code'))}</code></pre>"
    return cards.figure(code, caption) if (caption := text(payload, "caption")) else code


def _button(payload: Payload) -> str:
    address = text(payload, "buttonUrl")
    return f"<p>{cards.link(address, text(payload, 'buttonText'))}</p>" if address else ""


def _header(payload: Payload) -> str:
    heading, below = text(payload, "header", "heading"), text(payload, "subheader")
    return (cards.heading("h2", heading) if heading else "") + (f"<p>{below}</p>" if below else "") + _button(payload)


def _product(payload: Payload) -> str:
    image = text(payload, "productImageSrc")
    picture = cards.figure(cards.picture(image)) if image else ""
    title, about = text(payload, "productTitle"), text(payload, "productDescription")
    button = _button({"buttonUrl": payload.get("productUrl"), "buttonText": payload.get("productButton")})
    return f"{picture}{cards.heading('h4', title)}{about}{button}"


def _call_to_action(payload: Payload) -> str:
    return f"<div>{text(payload, 'textValue')}</div>{_button(payload)}"


_CARDS: Mapping[str, Callable[[Payload], str]] = {
    "image": _image,
    "gallery": _gallery,
    "bookmark": _bookmark,
    "embed": _embed,
    "callout": _callout,
    "toggle": _toggle,
    "audio": _audio,
    "video": _video,
    "file": _file,
    "code": _code,
    "codeblock": _code,
    "button": _button,
    "header": _header,
    "product": _product,
    "call-to-action": _call_to_action,
    "hr": lambda _: "<hr/>",
    "horizontalrule": lambda _: "<hr/>",
    "html": lambda payload: text(payload, "html"),
    "markdown": lambda payload: manuscript.to_html(text(payload, "markdown")),
    "card-markdown": lambda payload: manuscript.to_html(text(payload, "markdown")),
}


# -- finished HTML --------------------------------------------------------------------------------------------------------


def rendered(html: str, note: Note) -> str | Element:
    """Return finished HTML in which the cards are plain; as a tree when there are any."""
    return rewriting.tree(html, _CLASSES | _left_out(note)) if 'class="kg-' in html or "kg-card" in html else html


def _left_out(note: Note) -> dict[str, Change]:
    def leave(name: str) -> Change:
        def change(element: Element) -> str:
            note(name)
            return ""

        return change

    return {f"kg-{each}-card": leave(each) for each in sorted(LEFT_OUT)}


def _rendered_bookmark(card: Element) -> str | None:
    container = next(card.iter("a"), None)
    if container is None:
        return None
    title, about = said(first(card, "kg-bookmark-title")), said(first(card, "kg-bookmark-description"))
    return cards.bookmark(container.get("href") or "", title, about, inside(next(card.iter("figcaption"), None)))


def _rendered_callout(card: Element) -> str:
    emoji = said(first(card, "kg-callout-emoji"))
    return cards.note(f"<p>{escape(emoji)} {inside(first(card, 'kg-callout-text'))}</p>")


def _rendered_toggle(card: Element) -> str:
    return cards.toggle(inside(first(card, "kg-toggle-heading-text")), inside(first(card, "kg-toggle-content")))


def _rendered_audio(card: Element) -> str | None:
    player = next(card.iter("audio"), None)
    return cards.recording("audio", player.get("src") or "", escape(said(first(card, "kg-audio-title")))) if player is not None else None


def _rendered_video(card: Element) -> str | None:
    player = next(card.iter("video"), None)
    caption = inside(next(card.iter("figcaption"), None))
    thumbnail = card.get("data-kg-custom-thumbnail") or card.get("data-kg-thumbnail") or ""
    return cards.recording("video", player.get("src") or "", caption, thumbnail) if player is not None else None


def _rendered_file(card: Element) -> str | None:
    target = next(card.iter("a"), None)
    if target is None:
        return None
    title, about = said(first(card, "kg-file-card-title")), said(first(card, "kg-file-card-caption"))
    return f"<p>{cards.link(target.get('href') or '', title)} {escape(about)}</p>"


def _rendered_gallery(card: Element) -> str:
    pictures = (cards.picture(each.get("src") or "", each.get("alt") or None) for each in card.iter("img"))
    return cards.gallery(map(cards.figure, pictures), inside(next(card.iter("figcaption"), None)))


_CLASSES: dict[str, Change] = {
    "kg-gallery-card": _rendered_gallery,
    "kg-bookmark-card": _rendered_bookmark,
    "kg-callout-card": _rendered_callout,
    "kg-toggle-card": _rendered_toggle,
    "kg-audio-card": _rendered_audio,
    "kg-video-card": _rendered_video,
    "kg-file-card": _rendered_file,
}
