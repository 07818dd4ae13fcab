"""Writing systems: which one a text is in, which language that makes likely, and which encoding its bytes are in."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache, partial

__all__ = ["guess_by_words", "guess_encoding", "guess_language", "script", "script_of"]

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


_WORDS = {  # words that texts in a language cannot do without, and others in Latin letters hardly have
    language: frozenset(words.split())
    for language, words in {
        "en": "the of and to in is was that for it with as his on be at by had not are but from they which this have he she were",
        "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie war",
        "fr": "le la les de des et du en un une est que dans qui pour au il sur pas plus par ne se ce avec sont aux cette mais été elle",
        "es": "el la los las de y en que del un una se por con no para es su al lo como más pero sus ha fue este entre cuando muy",
        "it": "il la di e che un una in per del della non si con le da sono gli dei nel alla al è anche più ha era delle come ma",
        "pt": "o a os as de e que do da em um uma para com não se na no por mais dos das foi ao como mas ele pelo sua são é",
        "nl": "de het een van en in is dat op te voor met zijn niet aan er die ook als bij werd door over maar naar wordt heeft was uit",
        "sv": "och att det som en på är av för med den till inte har de om ett han var men sig från så vi kan hade",
        "fi": "ja on ei se että oli hän mutta myös ovat joka kun niin sen ole kuin tai mukaan jo vuonna",
        "pl": "w i na z się nie do że to jest o jak po ale od za przez był dla było są tym co jego oraz tylko",
        "cs": "a se v na je že to s z do o i ve jsem jako za ale by pro po jeho který které není byl podle bylo",
        "hu": "a az és hogy nem is egy volt meg csak mint már de azt ha még el ez vagy kell lesz szerint",
        "ro": "și de a în la cu pe că nu o un este din care mai pentru au fost sunt ce prin sau fi după să",
        "tr": "ve bir bu da de için ile çok olarak daha olan gibi en sonra kadar ne ise her olduğunu değil dedi",
        "id": "yang dan di ke dari ini itu dengan untuk pada tidak dalam adalah akan juga oleh ada telah mereka karena",
    }.items()
}
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST_WORDS, _SHARE, _AHEAD = 6, 0.2, 1.5


def guess_by_words(text: str) -> str | None:
    """Return the language that a text in Latin letters is in, when its common words leave no doubt.

    Danish and Norwegian have the same ones, so neither is ever the answer.
    """
    words = _WORD.findall(text[:_SAMPLE].lower())
    counts = sorted(((sum(each in common for each in words), language) for language, common in _WORDS.items()), reverse=True)
    (best, language), (second, _) = counts[:2]
    return language if best >= max(_FEWEST_WORDS, _SHARE * len(words), _AHEAD * second) else None


# -- encodings -----------------------------------------------------------------------------------------------------------

_LATIN = {  # letters that are common in the languages that each is used for
    "cp1252": frozenset("àâçéèêëîïìòôùûœæñáíóúãõäöüßåøÀÂÇÉÈÊÎÌÒÔÛŒÑÁÍÓÚÃÕÄÖÜÅØ¿¡«»"),
    "cp1250": frozenset("ąćęłńóśźżáčďéěíňřšťúůýžäĺľôöőüűăâîşĄĆĘŁŃÓŚŹŻÁČĎÉĚÍŇŘŠŤÚŮÝŽÖŐÜŰŞ"),
    "cp1254": frozenset("çğıöşüâîûÇĞİÖŞÜ"),
}
_COMMON = {  # the letters that two thirds of a text are made of
    "cp1251": frozenset("оеаинтсрвлкі"),
    "koi8_r": frozenset("оеаинтсрвлк"),
    "cp1253": frozenset("αοιετσνηυρςάόί"),
    "cp1255": frozenset("יוהלארתבשמנ"),
    "cp1256": frozenset("اليمونرتبعهة"),
    "cp874": frozenset("านรอกเงคมยลวดส่้ีั"),
}
_KANA_LETTERS = frozenset(map(chr, range(0x3041, 0x30FF)))
_SPREAD = 1.6  # kana are some 60 % of Japanese
_ANYWHERE = frozenset("“”‘’„‚«»–—…•·№ 、。，．！？：；（）「」『』《》　・")
_ENCODING_SAMPLE = 100_000  # bytes
_SURE, _SURE_OF_CHARACTERS = 0.5, 0.8
_HIGH = re.compile(rb"[\x80-\xff]+")


def guess_encoding(body: bytes) -> tuple[str, bool]:
    """Return the encoding, as Python calls it, in which most letters of a text that is not UTF-8 are common ones, and whether that is sure.

    By our own tables: charset-normalizer (3.5.2), the last resort, takes 120 letters in KOI8-R for Hebrew.
    """
    first = _HIGH.search(body)
    sample = body[first.start() if first else 0 :][:_ENCODING_SAMPLE]
    for scored, enough in (
        (_KANA_ONES, _SURE),
        (_ALPHABETS, _SURE),
        (_HANGUL_ONES, _SURE_OF_CHARACTERS),
        (_IDEOGRAPHS, _SURE_OF_CHARACTERS),
    ):
        scores = {encoding: score(sample) for encoding, score in scored.items()}
        if scores[best := max(scores, key=lambda each: scores[each])] >= enough:
            return best, True
    if _is_among_ascii(sample):
        return _latin(sample), True
    from charset_normalizer import from_bytes  # here because importing it costs 60 ms

    found = from_bytes(sample, cp_isolation=[*_KANA_ONES, *_ALPHABETS, *_HANGUL_ONES, *_IDEOGRAPHS, *_LATIN]).best()
    return (found.encoding if found else "cp1252"), False


def _score(sample: bytes, encoding: str, is_common: Callable[[str], bool], factor: float = 1) -> float:
    """Return how many of the letters beyond ASCII are common ones, from 0 to 1."""
    counts = Counter(each for each in sample.decode(encoding, errors="replace") if each > "\x7f" and each not in _ANYWHERE)
    common = sum(number for each, number in counts.items() if is_common(each))
    return min(1.0, factor * common / (counts.total() or 1))


def _score_of_words(sample: bytes, encoding: str, common: frozenset[str]) -> float:
    """Return the same for an alphabet: its letters stand beside each other, those with accents beside Latin ones."""
    runs = [len(each) for each in _HIGH.findall(sample)]
    beside = sum(each for each in runs if each > 1) / (sum(runs) or 1)
    return beside * _score(sample, encoding, lambda letter: letter.lower() in common)


def _is_hangul(letter: str) -> bool:
    return "\uac00" <= letter <= "\ud7a3"


def _is_among_first(encoding: str, first: int, last: int, letter: str) -> bool:
    """Return whether a character is among those that a standard lists first, since they are common."""
    written = letter.encode(encoding, errors="ignore")
    return len(written) == 2 and first <= written[0] <= last


_Score = Callable[[bytes], float]
# What comes later says more easily yes: all bytes of Korean in EUC-KR, and most of Russian in KOI8-R, are common in Chinese.
_KANA_ONES: Mapping[str, _Score] = {
    encoding: partial(_score, encoding=encoding, is_common=_KANA_LETTERS.__contains__, factor=_SPREAD) for encoding in ("cp932", "euc_jp")
}
_ALPHABETS: Mapping[str, _Score] = {
    encoding: partial(_score_of_words, encoding=encoding, common=common) for encoding, common in _COMMON.items()
}
_HANGUL_ONES: Mapping[str, _Score] = {"euc_kr": partial(_score, encoding="euc_kr", is_common=_is_hangul)}
_IDEOGRAPHS: Mapping[str, _Score] = {
    "gb18030": partial(_score, encoding="gb18030", is_common=partial(_is_among_first, "gb2312", 0xB0, 0xD7)),
    "big5": partial(_score, encoding="big5", is_common=partial(_is_among_first, "big5", 0xA4, 0xC6)),
}


def _is_among_ascii(sample: bytes) -> bool:
    """Return whether most bytes beyond ASCII stand alone, as letters with accents do."""
    runs = [len(each) for each in _HIGH.findall(sample)]
    return 2 * sum(each for each in runs if each == 1) >= sum(runs)


def _latin(sample: bytes) -> str:
    """Return the Latin encoding in which most letters are common ones; the first, where few letters make little difference."""
    return max(_LATIN, key=lambda encoding: sum(each in _LATIN[encoding] for each in sample.decode(encoding, errors="ignore")))
