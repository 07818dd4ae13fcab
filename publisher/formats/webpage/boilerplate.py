"""What stands among an article's paragraphs in a page and is none of it, known by names that many sites give it, and by words."""

from __future__ import annotations

import re
from functools import lru_cache

from publisher import bylines, markup, phrases
from publisher.markup import Element

__all__ = ["BESIDE", "is_beside", "is_dateline", "is_prompt", "is_teaser", "is_undisplayed", "is_unseen"]

BESIDE = frozenset("script style template nav form button select textarea input object map area frame frameset dialog menu".split())
"""Elements that never hold text of an article."""
_FURNITURE, _RELATED = (each.replace(" ", r"\ ") for each in (phrases.FURNITURE, phrases.RELATED))  # in a verbose pattern spaces are none
_ROLES = frozenset("navigation complementary banner contentinfo search dialog menu toolbar tablist alert form".split())
_NAMES = re.compile(
    r"""(?<![a-z])(?:
    shar(?:e|es|ing|er)(?:bar|tools?|buttons?|daddy)?|social(?!-?(?:embed|post|quote))(?:media|links|icons)?|addthis|addtoany|follow(?:us)?
    |related\w*|recommend\w*|read-?(?:more|next|also)|also-?(?:read|like)|see-?also|you-?(?:may|might)|more-?(?:on|from|stories|news|articles|like)
    |trending|popular|most-?(?:read|viewed|popular|shared)|up-?next|next-?(?:up|article|story|post)|prev(?:ious)?-?(?:article|story|post)
    |newsletters?\w*|subscribe(?!r)(?:-?(?:form|box|widget|banner|link|button|now))?|subscription-?(?:form|box|offer|banner)|sign-?up|opt-?in|mailing-?list|mailchimp|mc4wp|donat\w+|support-?us
    |comments?(?:-?(?:list|area|section|count|form|wrap\w*))?|disqus|livefyre|respond|replies|viafoura
    |ads?|adv(?:ert\w*)?|ad-?(?:slot|unit|container|wrapper|label)|dfp|sponsor\w*|promo\w*|outbrain|taboola|teads|revcontent|zergnet
    |sidebar|breadcrumbs?|pagination|pager|page-?nav|tag-?(?:list|s|cloud|links)|tags|topics?-?(?:list|tags)
    |by-?line\w*|author-?(?:bio|box|info|card|meta|profile|about)?|about-?(?:the-?)?author|(?:post|entry|article|story)-?meta|meta-?(?:data|info)
    |time-?stamp\w*|(?:pub|publish(?:ed)?|post|entry|article|story)-?(?:date|time)|date-?(?:line|time|published|posted)
    |cookies?\w*|consent|gdpr|modal|pop-?(?:up|over)|tool-?tip|rollover\w*|lightbox
    |nav|navbar|navigation|menu|site-?(?:header|footer)|copyright|print-?only|skip-?(?:link|to\w*)|screen-?reader(?:-?text)?|sr-?only|visually-?hidden
    |accessibly-?hidden|app-?(?:promo|store|download|banner)|cta|call-?to-?action|read-?time|reading-?time|jump-?link|back-?to-?top|\w*-?noscript
    )(?![a-z])""",
    re.VERBOSE,
)
_WORDS_JOINED = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_\s]+")
_UNSEEN = re.compile(
    r"roll-?over|tool-?tip|pop-?over|screen-?reader|(?<![a-z])sr-?only|visually-?hidden|accessibly-?hidden|print-?only|noscript"
)
_UNDISPLAYED = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_TEASER = re.compile(
    rf"""\W*(?:{_RELATED}|(?:read|see|learn|watch|find\ out|discover|click)\ (?:more|also|next|now|here|this|about|it)|also\ on\b.{{0,40}}
    |related|more|must[ -]read|trending(?:\ now)?
    |editor['’]?s['’]?\ picks?|up\ next|most\ (?:read|popular)\b.{{0,40}}|popular\ (?:now|posts|stories)
    |auch\ interessant|también\ te\b.{{0,40}})\s*(?:[:：»>|–—-]|$)""",
    re.VERBOSE | re.IGNORECASE,
)
_PROMPT = re.compile(
    rf"""\W*(?:{_FURNITURE}|advertisements?|publicidad\w*|werbung|reklama?|advertorial|sponsored(?:\ content)?
    |continue\ reading(?:\ below)?|(?:story|article)\ continues\b.*|scroll\ (?:down\ )?(?:to|for)\b.*|loading\W*
    |comments?(?:\s+comments?)?|\d+\s+comments?|leave\ a\ (?:comment|reply)\b.*|(?:view|show|post\ a)\ comments?
    |tell\ us\ what\ you\ think\b.*|join\ the\ (?:conversation|discussion)\b.*|share\ (?:this|via|on)\b.*|tweet\ this|pin\ it|copy\ link
    |follow\ us\b.*|like\ us\ on\b.*|like\ this|(?:sign|signed)\ up\b.*|subscribe\b.*|get\ (?:our|the)\b.{{0,60}}\bnewsletter\b.*
    |.{{0,60}}\bnewsletter|download\ our\ app\b.*|enter\ your\ e-?mail\b.*|tags?\s*:.*|filed\ under\b.*|posted\ in\b.*|topics?\s*:.*
    |categories\s*:.*|copyright\s*(?:©|\(c\)|\d{{4}}).*|©.*|\(c\)\ \d{{4}}.*|all\ rights\ reserved\b.*|back\ to\ top|skip\ to\b.*
    |(?:play|watch)\ video|\[[a-z_]+\ [a-z]+=[^\[\]]*\].*)\W*""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_BUTTON = re.compile(
    r"\W*(?:tweet|e-?mail|facebook|twitter|whatsapp|linkedin|reddit|pinterest|close|menu|next|previous|prev)\W*", re.IGNORECASE
)
_DATED = re.compile(
    rf"\W*(?:(?:{phrases.PUBLISHED}|{phrases.UPDATED})\W.*\d.*|(?=\D*\d+\D+\d).*\b(?:19|20)\d\d\b.*"
    r"|\d+ (?:minutes?|hours?|days?|weeks?) ago)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?…。！？]['\"”’»)]*$")
_LONGEST = 240
_LONGEST_NAMES = 400
_MOST_WORDS = 14
"""Of a line that says only who wrote, or when."""


def is_beside(element: Element) -> bool:
    """Return whether an element is called, or marked, as something beside the text."""
    if markup.is_note(element):
        return False
    if element.tag in BESIDE or element.tag == "aside" or element.get("role") in _ROLES:
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('data-component') or ''}"[:_LONGEST_NAMES]
    return _is_called_so(names) or is_unseen(element)


def is_undisplayed(element: Element) -> bool:
    """Return whether an element itself says that it is not shown, whatever it is called."""
    return element.get("hidden") is not None or bool(_UNDISPLAYED.search(element.get("style") or ""))


def is_unseen(element: Element) -> bool:
    """Return whether an element is not shown until somebody points at it, or never."""
    return is_undisplayed(element) or bool(_UNSEEN.search((element.get("class") or "")[:_LONGEST_NAMES].lower()))


@lru_cache(maxsize=4096)
def _is_called_so(names: str) -> bool:
    return any(_NAMES.search(_WORDS_JOINED.sub("-", each).lower()) for each in names.split())


def is_teaser(text: str) -> bool:
    """Return whether a line begins as those do that lead to another article."""
    return bool(_TEASER.match(text[:_LONGEST]))


def is_prompt(text: str, linked: float = 0) -> bool:
    """Return whether a line wants something of the reader, or belongs to the page and not to the text; `linked` is from 0 to 1."""
    return len(text) <= _LONGEST and bool(_PROMPT.fullmatch(text) or (linked > 0.5 and _BUTTON.fullmatch(text)))


def is_dateline(text: str) -> bool:
    """Return whether a line says only who wrote, or when; a sentence does only when it is of the staff."""
    if bylines.is_by_staff(text):
        return True
    if len(text) > _LONGEST or len(text.split()) > _MOST_WORDS or _SENTENCE_END.search(text):
        return False
    return bool(_DATED.fullmatch(text)) or bylines.is_byline(text)
