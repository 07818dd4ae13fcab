"""What Hugo, Jekyll, Obsidian and Pelican add to Markdown, made into plain Markdown or HTML, or left out.

Every line stays where it was, so that what is found later can be located. Code is not touched.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote, unquote

from publisher import manuscript
from publisher.text import escape

__all__ = ["Note", "images_without_alt", "name", "named", "plain"]

Note = Callable[[int, str], None]
"""Told the line (from 1, in the text) and the tag of what is left out."""

_CODE = re.compile(r"^[ \t]*(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})[^\n]*$|(?P<ticks>`+)|\{%-?\s*raw\s*-?(?P<raw>%\})", re.MULTILINE)
_RAW_END = re.compile(r"\{%-?\s*endraw\s*-?%\}")
_TICKS = re.compile(r"`+")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n|\Z")
_HTML_IMAGE = re.compile(r"<img\b(?![^<>]*\s(?:alt(?:\s*=|[\s/>])|role\s*=\s*[\"']?(?:presentation|none)\b))[^<>]*>", re.IGNORECASE)
_ESCAPED = re.compile(r"\{\{(?P<mark>[<%])/\*"), re.compile(r"\*/(?P<mark>[>%])\}\}")
_SHORTCODE = re.compile(r"\{\{[<%]\s*(?P<name>/?\w[\w./-]*)"), re.compile(r"/?[>%]\}\}")
_COMMENT = re.compile(r"\{%-?\s*comment\s*-?%\}"), re.compile(r"\{%-?\s*endcomment\s*-?%\}")
_HIDDEN = re.compile("%%"), re.compile("%%")
_LIQUID = re.compile(r"\{%-?\s*(?P<name>\w+)"), re.compile(r"-?%\}")
_HIGHLIGHT = re.compile(r"^\{%-?\s*(?:highlight\s+(?P<language>[\w+#-]++)[^%\n]*|endhighlight\s*-?)%\}[ \t]*$", re.MULTILINE)
_OUTPUT = re.compile(r"\{\{-?(?P<expression>[^{}<%]*)\}\}")
_SITE = re.compile(r"site\.(?:base_?url|url)(?:\s*\|.*)?")
_RELATIVE = re.compile(r"[\"'](?P<path>[^\"']*)[\"']\s*\|\s*(?:relative_url|absolute_url|prepend:.*|relURL|absURL)")
_ARGUMENT = re.compile(r"(?<![\w-])([\w-]++)\s*=\s*(?:\"((?:[^\"\\]++|\\.)*+)\"|'([^']*)'|`([^`]*)`|([^\s\"'`]+))")
_POSITIONAL = re.compile(r"^\s*[\"'`]?([^\s\"'`=]+)[\"'`]?\s*$")
_EMBED = re.compile(r"!\[\[(?P<target>[^\[\]|#\n]+)(?:#[^\[\]|\n]*)?(?:\|(?P<text>[^\[\]\n]*))?\]\]")
_WIKILINK = re.compile(r"(?<!!)\[\[(?P<target>[^\[\]|#\n]*)(?:#(?P<heading>[^\[\]|\n]*))?(?:\|(?P<text>[^\[\]\n]*))?\]\](?!\()")
_CALLOUT = re.compile(r"^(?P<mark>[ \t]*>[> \t]*)\[!(?P<kind>[\w-]+)(?:\|[^\]\n]*)?\][+-]?[ \t]*(?P<title>.*)$", re.MULTILINE)
_HIGHLIGHTED = re.compile(r"(?<![=\w])==(?=[^\s=])([^=\n]+?)(?<=[^\s=])==(?![=\w])")
_BLOCK_ID = re.compile(r"(?<![ \t])[ \t]+\^[A-Za-z0-9-]+[ \t]*$", re.MULTILINE)
_ATTRIBUTES = re.compile(r"(?<![ \t])[ \t]*\{:[^{}\n]*\}|(?<=\S)[ \t]+\{#[\w-][^{}\n]*\}(?=[ \t]*$)", re.MULTILINE)
_HEADING_NAME = re.compile(r"^( {0,3}#{1,6}[ \t]++)([^\n{]*?)(?<![ \t])[ \t]++\{#([A-Za-z][\w.-]*)[^{}\n]*\}[ \t]*$", re.MULTILINE)
_PELICAN = re.compile(r"(?<=\()(<?)\{(?:filename|static|attach)\}|(?<=\()(<?)\|(?:filename|static|attach)\|")
_IMAGE = re.compile(r".+\.(?:png|jpe?g|gif|webp|avif|svg|bmp)", re.IGNORECASE)
_NAMED = re.compile(
    r"(?P<before>\]\(\s*+<?|=\s*+[\"']?|\]:\s*+<?|<)?(?P<address>/%5B%5B(?P<name>[^\s()<>\"'\[\]]{1,400}?)%5D%5D(?:#[\w-]+)?)"
)
_PLAYERS = {"youtube": "https://www.youtube.com/watch?v=", "vimeo": "https://vimeo.com/"}


def plain(text: str, note: Note) -> tuple[str, list[int]]:
    """Return the text in plain Markdown and HTML, and for each of its lines the line it was made of, both from 1.

    `note` is told of every tag that is left out with what it would do.
    """
    fenced = _HIGHLIGHT.sub(lambda found: f"```{found['language'] or ''}", text) if "{%" in text else text
    return _apart("".join(_rewritten(piece, line, note) if rewrite else piece for piece, line, rewrite in _pieces(fenced)))


def images_without_alt(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and address of each image in HTML, outside of code, that has no alternative text; an empty one is meant so."""
    for piece, line, rewrite in _pieces(text) if "<img" in text.lower() else ():
        place = 0
        for found in _HTML_IMAGE.finditer(piece) if rewrite else ():
            line, place = line + piece.count("\n", place, found.start()), found.start()
            yield line, _arguments(found[0]).get("src", "")


def named(name: str) -> str:
    """Return the address by which a file is asked for by its name, wherever it lies: `sources` finds it."""
    return f"/%5B%5B{quote(name.strip())}%5D%5D"


def name(address: str) -> str:
    """Return an address for a message: by its name what is asked for by its name."""
    before, mark, rest = address.partition("/%5B%5B")
    return unquote(rest.removesuffix("%5D%5D")) if mark else before


def _pieces(text: str) -> Iterator[tuple[str, int, bool]]:
    """Yield pieces of the text, the lines they begin in, and whether they may be rewritten: code may not."""
    place, line = 0, 1
    for start, end, code in _code(text):
        before = text[place:start]
        yield before, line, True
        line += before.count("\n")
        yield code, line, False
        place, line = end, line + text.count("\n", start, end)
    yield text[place:], line, True


def _code(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and text of each piece of code, in one pass however many never end."""
    if not any(mark in text for mark in ("`", "~~~", "{%")):
        return
    runs, raw_may_end, place = _Runs(text), True, 0
    while found := _CODE.search(text, place):
        place = found.end()
        if found["fence"]:
            closing = re.compile(rf"^[ \t]*{found['fence']}[`~]*[ \t]*$", re.MULTILINE).search(text, place)
            place = closing.end() if closing else len(text)
            yield found.start(), place, text[found.start() : place]
        elif found["ticks"] and (end := runs.after(found)):
            place = end
            yield found.start(), end, text[found.start() : end]
        elif found["raw"] and raw_may_end:
            closing = _RAW_END.search(text, place)
            raw_may_end = bool(closing)
            if closing:
                yield found.start(), closing.end(), text[place : closing.start()]
                place = closing.end()


class _Runs:
    """Where backticks are, so that what closes a code span is found without looking at the text again."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: dict[int, list[int]] = {}
        for run in _TICKS.finditer(text):
            self.starts.setdefault(len(run[0]), []).append(run.start())
        self.paragraph_end = 0

    def after(self, opening: re.Match[str]) -> int | None:
        """Return the end of the next run as long as `opening`, `None` when there is none in its paragraph."""
        starts = self.starts.get(len(opening[0]), [])
        following = bisect_left(starts, opening.end())
        if following == len(starts):
            return None
        if self.paragraph_end < opening.end() and (end := _PARAGRAPH_END.search(self.text, opening.end())):
            self.paragraph_end = end.start()
        return starts[following] + len(opening[0]) if starts[following] < self.paragraph_end else None


def _apart(text: str) -> tuple[str, list[int]]:
    """Put an empty line below each figure, since all up to the next empty line would be HTML."""
    if "<figure>" not in text:
        return text, list(range(1, text.count("\n") + 2))
    lines: list[tuple[str, int]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if lines and lines[-1][0].startswith("<figure>") and line.strip():
            lines.append(("", number))
        lines.append((line, number))
    return "\n".join(line for line, _ in lines), [number for _, number in lines]


class _Tag(NamedTuple):
    """One tag of a template language."""

    start: int
    end: int
    opening: re.Match[str]
    inside: str
    """What stands between its first word and its end."""
    closing: re.Match[str]


def _tags(text: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> Iterator[_Tag]:
    """Yield each `opening` with the next `closing`, in one pass: where one does not end, none after it does."""
    place = 0
    while (first := opening.search(text, place)) and (last := closing.search(text, first.end())):
        yield _Tag(first.start(), last.end(), first, text[first.end() : last.start()], last)
        place = last.end()


def _replaced(text: str, tags: Iterable[_Tag], replace: Callable[[_Tag], str | None], line: int, note: Note) -> str:
    """Replace tags, keep the number of lines, and note what `replace` has nothing for."""
    pieces: list[str] = []
    place = 0
    for tag in tags:
        before, whole, new = text[place : tag.start], text[tag.start : tag.end], replace(tag)
        line += before.count("\n")
        if new is None:
            note(line, whole)
        pieces += (before, new or "", "\n" * (whole.count("\n") - (new or "").count("\n")))
        line += whole.count("\n")
        place = tag.end
    return "".join((*pieces, text[place:]))


def _matches(text: str, pattern: re.Pattern[str]) -> Iterator[_Tag]:
    return (_Tag(found.start(), found.end(), found, "", found) for found in pattern.finditer(text))


def _rewritten(text: str, line: int, note: Note) -> str:
    if "{" in text:
        for marks, replace in ((_COMMENT, _nothing), (_SHORTCODE, _shortcode), (_LIQUID, _liquid), (_ESCAPED, _unescaped)):
            text = _replaced(text, _tags(text, *marks), replace, line, note)
        text = _replaced(text, _matches(text, _OUTPUT), _output, line, note)
        text = _HEADING_NAME.sub(r'\1<a id="\3"></a>\2', text)
        text = _PELICAN.sub(r"\1\2", _ATTRIBUTES.sub("", text))
    if "%%" in text:
        text = _replaced(text, _tags(text, *_HIDDEN), _nothing, line, note)
    if "[[" in text or "[!" in text:
        text = _replaced(text, _matches(text, _EMBED), _embed, line, note)
        text = _CALLOUT.sub(_callout, _WIKILINK.sub(_wikilink, text))
    text = _NAMED.sub(_bare, text) if "/%5B%5B" in text else text
    text = _BLOCK_ID.sub("", text) if "^" in text else text
    return _HIGHLIGHTED.sub(r"<mark>\1</mark>", text) if "==" in text else text


def _bare(found: re.Match[str]) -> str:
    """Return a link with its name for words, where something is asked for by name that stands for no address."""
    return found[0] if found["before"] else f'<a href="{found["address"]}">{escape(unquote(found["name"]))}</a>'


def _nothing(tag: _Tag) -> str:
    return ""


# -- Hugo ----------------------------------------------------------------------------------------------------------------


def _shortcode(tag: _Tag) -> str | None:
    """Return what a shortcode does: figures, videos and references to pages; a closing tag does nothing."""
    name, arguments = tag.opening["name"].lower().rstrip("/"), tag.inside
    if name.startswith("/"):
        return ""
    if name == "figure":
        return _figure(_arguments(arguments))
    positional = _POSITIONAL.match(arguments)
    target = _arguments(arguments).get("id") or (positional[1] if positional else "")
    if name in ("ref", "relref"):
        return named(target) if target else None
    return f"<{_PLAYERS[name]}{quote(target)}>" if name in _PLAYERS and target else None


def _unescaped(tag: _Tag) -> str:
    """Return a shortcode that is shown rather than used."""
    return f"{{{{{tag.opening['mark']}{tag.inside}{tag.closing['mark']}}}}}"


def _arguments(text: str) -> dict[str, str]:
    values = ((each[1].lower(), next((value for value in each.groups()[1:] if value is not None), "")) for each in _ARGUMENT.finditer(text))
    return {name: re.sub(r"\\(.)", r"\1", value) for name, value in values}


def _figure(arguments: dict[str, str]) -> str | None:
    """Return a figure with the picture, and below it title, caption and credit."""
    source = next((arguments[name] for name in ("src", "image_path", "url", "image") if arguments.get(name)), None)
    if not source:
        return None
    credit = manuscript.inline(arguments.get("attr") or "")
    if credit and arguments.get("attrlink"):
        credit = f'<a href="{escape(arguments["attrlink"])}">{credit}</a>'
    below = " ".join(each for each in (*(manuscript.inline(arguments.get(name) or "") for name in ("title", "caption")), credit) if each)
    alternative = f' alt="{escape(arguments["alt"])}"' if "alt" in arguments else ""
    caption = f"<figcaption>{below}</figcaption>" if below else ""
    return f'<figure><img src="{escape(source)}"{alternative}/>{caption}</figure>'


# -- Jekyll --------------------------------------------------------------------------------------------------------------


def _liquid(tag: _Tag) -> str | None:
    """Return what a Liquid tag does: included figures and links to pages; `raw` and closing tags do nothing."""
    name = tag.opening["name"]
    if name == "raw" or name.startswith("end"):
        return ""
    if name in ("link", "post_url"):
        return named(tag.inside) if tag.inside.strip() else None
    if name in ("include", "include_relative"):
        return _figure(_arguments(tag.inside))
    return None


def _output(tag: _Tag) -> str | None:
    """Return what a Liquid expression gives: addresses of the site are below the publication's anyway."""
    expression = tag.opening["expression"].removesuffix("-").strip()
    if _SITE.fullmatch(expression):
        return ""
    return path["path"] if (path := _RELATIVE.fullmatch(expression)) else None


# -- Obsidian ------------------------------------------------------------------------------------------------------------


def _embed(tag: _Tag) -> str | None:
    """Return an embedded picture; its text is the alternative text unless it is a size."""
    target, text = tag.opening["target"].rstrip(" \\"), (tag.opening["text"] or "").strip()
    if not _IMAGE.fullmatch(target):
        return None
    return f"![{'' if re.fullmatch(r'[0-9x]+', text) else text}]({named(target)})"


def _wikilink(found: re.Match[str]) -> str:
    """Return a link to another note; one to a place in this note is only text, since headings have no names here."""
    target = found["target"].rstrip(" \\")  # in a table `|` is written `\|`
    text = (found["text"] or target or found["heading"] or "").strip()
    return f"[{text}]({named(target)})" if target and text else text


def _callout(found: re.Match[str]) -> str:
    title = found["title"].strip() or found["kind"].replace("-", " ").capitalize()
    return f"{found['mark']}**{title}**  "
