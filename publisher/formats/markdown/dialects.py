"""What Hugo, Jekyll, Obsidian and Pelican add to Markdown, made into plain Markdown or HTML, or left out.

Every line stays where it was, so that what is found later can be located. Code is not touched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

from publisher.text import escape

__all__ = ["Note", "images_without_alt", "plain"]

Note = Callable[[int, str], None]
"""Told the line (from 1, in the text) and the tag of what is left out."""

_CODE = re.compile(
    r"^[ \t]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t]*(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)(?P=ticks)(?!`)"
    r"|\{%-?\s*raw\s*-?%\}(?P<raw>.*?)\{%-?\s*endraw\s*-?%\}",
    re.DOTALL | re.MULTILINE,
)
_HTML_IMAGE = re.compile(r"<img\b(?![^<>]*\balt\s*=\s*(?:\"[^\"]+\"|'[^']+'|[^\s\"'>]))[^<>]*>", re.IGNORECASE)
_ESCAPED = re.compile(r"\{\{([<%])/\*(.*?)\*/([>%])\}\}")
_SHORTCODE = re.compile(r"\{\{([<%])\s*(?P<name>/?[\w./-]+)(?P<arguments>.*?)/?[>%]\}\}", re.DOTALL)
_COMMENT = re.compile(r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}|%%.*?%%", re.DOTALL)
_HIGHLIGHT = re.compile(r"^\{%-?\s*(?:highlight\s+(?P<language>[\w+#-]+).*?|endhighlight)\s*-?%\}[ \t]*$", re.MULTILINE)
_LIQUID = re.compile(r"\{%-?\s*(?P<name>\w+)(?P<arguments>.*?)-?%\}", re.DOTALL)
_OUTPUT = re.compile(r"\{\{-?\s*(?P<expression>[^{}<%]*?)\s*-?\}\}")
_SITE = re.compile(r"site\.(?:base_?url|url)(?:\s*\|.*)?")
_RELATIVE = re.compile(r"[\"'](?P<path>[^\"']*)[\"']\s*\|\s*(?:relative_url|absolute_url|prepend:.*|relURL|absURL)")
_ARGUMENT = re.compile(r"([\w-]+)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|'([^']*)'|`([^`]*)`|([^\s\"'`]+))")
_POSITIONAL = re.compile(r"^\s*[\"'`]?([^\s\"'`=]+)[\"'`]?\s*$")
_EMBED = re.compile(r"!\[\[(?P<target>[^\[\]|#\n]+)(?:#[^\[\]|\n]*)?(?:\|(?P<text>[^\[\]\n]*))?\]\]")
_WIKILINK = re.compile(r"(?<!!)\[\[(?P<target>[^\[\]|#\n]*)(?:#(?P<heading>[^\[\]|\n]*))?(?:\|(?P<text>[^\[\]\n]*))?\]\](?!\()")
_CALLOUT = re.compile(r"^(?P<mark>[ \t]*>[> \t]*)\[!(?P<kind>[\w-]+)(?:\|[^\]\n]*)?\][+-]?[ \t]*(?P<title>.*)$", re.MULTILINE)
_HIGHLIGHTED = re.compile(r"(?<![=\w])==(?=[^\s=])([^=\n]+?)(?<=[^\s=])==(?![=\w])")
_BLOCK_ID = re.compile(r"(?<![ \t])[ \t]+\^[A-Za-z0-9-]+[ \t]*$", re.MULTILINE)
_ATTRIBUTES = re.compile(r"(?<![ \t])[ \t]*\{:[^{}\n]*\}|(?<=\S)[ \t]+\{#[\w-]+[^{}\n]*\}(?=[ \t]*$)", re.MULTILINE)
_PELICAN = re.compile(r"(?<=\()(<?)\{(?:filename|static|attach)\}|(?<=\()(<?)\|(?:filename|static|attach)\|")
_IMAGE = re.compile(r".+\.(?:png|jpe?g|gif|webp|avif|svg|bmp)", re.IGNORECASE)
_PLAYERS = {"youtube": "https://www.youtube.com/watch?v=", "vimeo": "https://vimeo.com/"}


def plain(text: str, note: Note) -> tuple[str, list[int]]:
    """Return the text in plain Markdown and HTML, and for each of its lines the line it was made of, both from 1.

    `note` is told of every tag that is left out with what it would do.
    """
    fenced = _HIGHLIGHT.sub(lambda found: f"```{found['language'] or ''}", text)
    return _apart("".join(_rewritten(piece, line, note) if rewrite else piece for piece, line, rewrite in _pieces(fenced)))


def images_without_alt(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and address of each image in HTML, outside of code, that says nothing to those who don't see it."""
    for piece, line, rewrite in _pieces(text):
        for found in _HTML_IMAGE.finditer(piece) if rewrite else ():
            yield line + piece.count("\n", 0, found.start()), _arguments(found[0]).get("src", "")


def _pieces(text: str) -> Iterator[tuple[str, int, bool]]:
    """Yield pieces of the text, the lines they begin in, and whether they may be rewritten: code may not."""
    end, line = 0, 1
    for code in _CODE.finditer(text):
        before = text[end : code.start()]
        yield before, line, True
        yield code[0] if code["raw"] is None else code["raw"], line, False
        end, line = code.end(), line + before.count("\n") + code[0].count("\n")
    yield text[end:], line, True


def _apart(text: str) -> tuple[str, list[int]]:
    """Put an empty line below each figure, since all up to the next empty line would be HTML."""
    lines: list[tuple[str, int]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if lines and lines[-1][0].startswith("<figure>") and line.strip():
            lines.append(("", number))
        lines.append((line, number))
    return "\n".join(line for line, _ in lines), [number for _, number in lines]


def _rewritten(text: str, line: int, note: Note) -> str:
    def each(pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str | None], text: str) -> str:
        """Replace what matches, keep the number of lines, and note what `replace` has nothing for."""

        def replaced(found: re.Match[str]) -> str:
            new = replace(found)
            if new is None:
                note(line + text.count("\n", 0, found.start()), found[0])
            return (new or "") + "\n" * (found[0].count("\n") - (new or "").count("\n"))

        return pattern.sub(replaced, text)

    if "{" in text:
        text = each(_COMMENT, lambda _: "", text)
        text = each(_SHORTCODE, _shortcode, text)
        text = each(_LIQUID, _liquid, text)
        text = each(_OUTPUT, _output, text)
        text = _ESCAPED.sub(r"{{\1\2\3}}", text)
        text = _PELICAN.sub(r"\1\2", _ATTRIBUTES.sub("", text))
    if "[[" in text or "[!" in text:
        text = _CALLOUT.sub(_callout, _WIKILINK.sub(_wikilink, each(_EMBED, _embed, text)))
    return _HIGHLIGHTED.sub(r"<mark>\1</mark>", each(_COMMENT, lambda _: "", _BLOCK_ID.sub("", text)))


# -- Hugo ----------------------------------------------------------------------------------------------------------------


def _shortcode(found: re.Match[str]) -> str | None:
    """Return what a shortcode does: figures, videos and references to pages; a closing tag does nothing."""
    name, arguments = found["name"].lower(), found["arguments"]
    if name.startswith("/"):
        return ""
    if name == "figure":
        return _figure(_arguments(arguments))
    positional = _POSITIONAL.match(arguments)
    target = _arguments(arguments).get("id") or (positional[1] if positional else "")
    if name in ("ref", "relref"):
        return target or None
    return f"<{_PLAYERS[name]}{quote(target)}>" if name in _PLAYERS and target else None


def _arguments(text: str) -> dict[str, str]:
    values = ((each[1].lower(), next((value for value in each.groups()[1:] if value is not None), "")) for each in _ARGUMENT.finditer(text))
    return {name: re.sub(r"\\(.)", r"\1", value) for name, value in values}


def _figure(arguments: dict[str, str]) -> str | None:
    """Return a figure with the picture, and below it title, caption and credit."""
    source = next((arguments[name] for name in ("src", "image_path", "url", "image") if arguments.get(name)), None)
    if not source:
        return None
    below = " ".join(arguments[name] for name in ("title", "caption", "attr") if arguments.get(name))
    alternative = arguments.get("alt") or ""
    caption = f"<figcaption>{escape(below)}</figcaption>" if below else ""
    return f'<figure><img src="{escape(source)}" alt="{escape(alternative)}"/>{caption}</figure>'


# -- Jekyll --------------------------------------------------------------------------------------------------------------


def _liquid(found: re.Match[str]) -> str | None:
    """Return what a Liquid tag does: included figures and links to pages; `raw` and closing tags do nothing."""
    name = found["name"]
    if name == "raw" or name.startswith("end"):
        return ""
    if name in ("link", "post_url"):
        return found["arguments"].strip()
    if name in ("include", "include_relative"):
        return _figure(_arguments(found["arguments"]))
    return None


def _output(found: re.Match[str]) -> str | None:
    """Return what a Liquid expression gives: addresses of the site are below the publication's anyway."""
    if _SITE.fullmatch(found["expression"]):
        return ""
    return path["path"] if (path := _RELATIVE.fullmatch(found["expression"])) else None


# -- Obsidian ------------------------------------------------------------------------------------------------------------


def _embed(found: re.Match[str]) -> str | None:
    """Return an embedded picture; its text is the alternative text unless it is a size."""
    target, text = found["target"].strip(), (found["text"] or "").strip()
    if not _IMAGE.fullmatch(target):
        return None
    return f"![{'' if re.fullmatch(r'[0-9x]+', text) else text}](<{target}>)"


def _wikilink(found: re.Match[str]) -> str:
    return str(found["text"] or found["target"].strip() or found["heading"] or "").strip()


def _callout(found: re.Match[str]) -> str:
    title = found["title"].strip() or found["kind"].replace("-", " ").capitalize()
    return f"{found['mark']}**{title}**  "
