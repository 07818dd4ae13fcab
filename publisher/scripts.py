"""Writing systems: which one a text is in, and which language that makes likely."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache

__all__ = ["guess_language", "script", "script_of"]

_SAMPLE = 2000  # characters
_KANA = ("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA")
_LANGUAGES = {  # the language with most readers; CYRILLIC and ARABIC are told apart by their letters
    "GREEK": "el",
    "HEBREW": "he",
    "CJK": "zh",
    "JAPANESE": "ja",
    "HANGUL": "ko",
    "DEVANAGARI": "hi",
    "BENGALI": "bn",
    "TAMIL": "ta",
    "TELUGU": "te",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "ORIYA": "or",
    "SINHALA": "si",
    "THAI": "th",
    "LAO": "lo",
    "KHMER": "km",
    "MYANMAR": "my",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "ETHIOPIC": "am",
}
_BY_LETTERS = {  # the first whose letters are in the text; the last has none of its own
    "CYRILLIC": (("be", "ўЎ"), ("uk", "іїєґІЇЄҐ"), ("mk", "ѓќѕЃЌЅ"), ("sr", "ђћџЂЋЏ"), ("kk", "қңұҚҢҰ"), ("ru", "")),
    "ARABIC": (("ur", "ٹڈڑے"), ("fa", "پچژگ"), ("ar", "")),
}
_SCRIPTS = {language: script for script, language in _LANGUAGES.items()} | {
    **dict.fromkeys("ru uk be bg sr mk kk ky mn tg tt ba cv".split(), "CYRILLIC"),
    **dict.fromkeys("ar fa ur ps ckb ug sd prs".split(), "ARABIC"),
    "yi": "HEBREW",
    "yue": "CJK",
    "mr": "DEVANAGARI",
    "ne": "DEVANAGARI",
    "as": "BENGALI",
    "ti": "ETHIOPIC",
}


@lru_cache(maxsize=4096)
def _script_of_letter(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ")[0]


def script(text: str) -> str:
    """Return the name of the writing system of most letters, as Unicode's character names begin; `""` without letters.

    Chinese characters with kana among them are JAPANESE.
    """
    counts = Counter(_script_of_letter(each) for each in text[:_SAMPLE] if each.isalpha())
    counts.pop("", None)
    kana = sum(counts.pop(each, 0) for each in _KANA)
    if kana and 10 * kana > counts["CJK"]:
        counts["JAPANESE"] = kana + counts.pop("CJK", 0)
    return max(counts, key=lambda each: (counts[each], each), default="") if +counts else ""


def script_of(language: str) -> str:
    """Return the writing system that a language (BCP 47) is written in."""
    primary, _, rest = language.partition("-")
    if rest.startswith(("Latn", "Cyrl", "Arab")):
        return {"Latn": "LATIN", "Cyrl": "CYRILLIC", "Arab": "ARABIC"}[rest[:4]]
    return _SCRIPTS.get(primary, "LATIN")


def guess_language(text: str) -> str | None:
    """Return the language that the writing system makes likely, `None` for Latin letters: there are too many."""
    name = script(text)
    sample = text[:_SAMPLE]
    for language, own in _BY_LETTERS.get(name, ()):
        if not own or 200 * sum(each in own for each in sample) >= len(sample):  # a name from next door does not decide
            return language
    return _LANGUAGES.get(name)
