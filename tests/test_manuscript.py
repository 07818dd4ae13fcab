"""Bytes made into text: what is nearly UTF-8 is UTF-8, what is not is guessed by its letters, and both are told."""

from __future__ import annotations

import pytest

from publisher.manuscript import decode
from publisher.problems import Severity, Unreadable

RUSSIAN = "Маяк на мысе зажгли в 1904 году. Старый смотритель поднимался по лестнице каждый вечер, даже когда море было спокойным.\n"
UKRAINIAN = "Маяк на мисі засвітили 1904 року. Старий доглядач підіймався сходами щовечора, навіть коли море було спокійним.\n"
GREEK = "Ο φάρος στο ακρωτήριο άναψε το 1904. Ο παλιός φαροφύλακας ανέβαινε κάθε βράδυ τη σκάλα, ακόμη και με νηνεμία.\n"
HEBREW = "המגדלור על הכף הודלק בשנת 1904. השומר הזקן עלה במדרגות בכל ערב, גם כאשר הים היה שקט לגמרי.\n"
ARABIC = "أضيئت المنارة على الرأس عام 1904. كان الحارس العجوز يصعد الدرج كل مساء حتى عندما كان البحر هادئا.\n"
THAI = "ประภาคารบนแหลมถูกจุดขึ้นในปี ชายชราปีนบันไดทุกเย็น แม้ทะเลจะสงบ\n"
JAPANESE = "岬の灯台は1904年に灯された。年老いた灯台守は、海が静かな日でも毎晩階段をのぼった。\n"
CHINESE = "海角上的灯塔于1904年点亮。年老的守塔人每天晚上都爬上楼梯，即使海面十分平静也是如此。\n"
TAIWANESE = "海角上的燈塔於1904年點亮。年老的守塔人每天晚上都爬上樓梯，即使海面十分平靜也是如此。\n"
KOREAN = "곶의 등대는 1904년에 불을 밝혔다. 늙은 등대지기는 바다가 잔잔한 날에도 매일 저녁 계단을 올랐다.\n"
FRENCH = "À l'été 1904, le phare fut allumé. Le vieux gardien montait l'escalier à la tombée de la nuit, même par mer étale.\n"
POLISH = "Latarnię zapalono w 1904 roku. Stary latarnik wspinał się po schodach każdego wieczoru, nawet gdy morze było spokojne.\n"
TURKISH = "Fener 1904 yılında yakıldı. Yaşlı bekçi, deniz çok sakin olduğunda bile her akşam merdivenleri çıkardı.\n"
ITALIAN = "La luce più alta è là: però così non si può più dire perché la città è lì, né dov’è già stata. È così.\n"

ENCODED = [
    (RUSSIAN, "cp1251", "windows-1251"),
    (RUSSIAN, "koi8-r", "koi8-r"),
    (UKRAINIAN, "cp1251", "windows-1251"),
    (GREEK, "cp1253", "windows-1253"),
    (HEBREW, "cp1255", "windows-1255"),
    (ARABIC, "cp1256", "windows-1256"),
    (THAI, "cp874", "cp874"),
    (JAPANESE, "cp932", "cp932"),
    (JAPANESE, "euc_jp", "euc-jp"),
    (CHINESE, "gb18030", "gb18030"),
    (TAIWANESE, "big5", "big5"),
    (KOREAN, "euc_kr", "euc-kr"),
    (FRENCH, "cp1252", "windows-1252"),
    (ITALIAN, "cp1252", "windows-1252"),
    (POLISH, "cp1250", "windows-1250"),
    (TURKISH, "cp1254", "windows-1254"),
]


@pytest.mark.parametrize(("text", "encoding", "name"), ENCODED, ids=[f"{encoding} {text[:5]}" for text, encoding, _ in ENCODED])
def test_the_letters_tell_the_encoding_and_it_is_a_warning(text: str, encoding: str, name: str) -> None:
    found, (told,) = decode(text.encode(encoding))
    assert found == text
    assert (told.code, told.severity) == ("text-encoding-guessed", Severity.WARNING)
    assert name in told.message


TONGUES = [RUSSIAN, GREEK, HEBREW, ARABIC, THAI, JAPANESE, CHINESE, KOREAN, f"“{FRENCH}", "---\ntitle: 燈塔\n---\n\n一。\n"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", TONGUES, ids=[each[:5] for each in TONGUES])
def test_utf_16_without_a_mark_is_read_in_any_script_and_told(text: str, encoding: str) -> None:
    found, (told,) = decode(text.encode(encoding))
    assert found == text
    assert (told.code, told.severity, told.hint) == ("text-encoding-guessed", Severity.WARNING, "save the file as UTF-8")
    assert encoding.upper() in told.message


def test_a_mark_of_utf_16_leaves_nothing_to_guess() -> None:
    assert decode(RUSSIAN.encode("utf-16")) == (RUSSIAN, ())


@pytest.mark.parametrize("body", [b"\x00\x01\x02", bytes(range(256)), RUSSIAN.encode("utf-32-le")], ids=["few", "all", "UTF-32"])
def test_what_is_no_text_is_told_with_what_would_be(body: bytes) -> None:
    with pytest.raises(Unreadable) as raised:
        decode(body)
    assert [(each.code, "saved as UTF-8" in each.hint) for each in raised.value.problems] == [("text-binary", True)]


BROKEN = {
    "---\ntitle: Привет\nauthor: Иван\n---\nТекст caf\ufffd\n": (
        "---\ntitle: Привет\nauthor: Иван\n---\nТекст caf".encode() + b"\xe9\n",
        5,
    ),
    "It\u2019s a caf\ufffd": ("It\u2019s a caf".encode() + b"\xe9", 1),
    JAPANESE.strip() + "\ufffd": (JAPANESE.strip().encode() + "。".encode()[:2], 1),
    "一\r\n二\r\n\ufffd三".replace("\r", ""): ("一\r\n二\r\n".encode() + b"\xff" + "三".encode(), 3),
}


@pytest.mark.parametrize("text", BROKEN)
def test_text_with_few_broken_bytes_is_utf_8_and_their_line_is_told(text: str) -> None:
    body, line = BROKEN[text]
    found, (told,) = decode(body)
    assert found == text
    assert (told.code, told.severity, told.location.line) == ("text-bytes-broken", Severity.WARNING, line)


def test_all_lines_with_broken_bytes_are_named_up_to_a_few() -> None:
    (told,) = decode("\n".join(["слово"] * 20).encode().replace("о\n".encode(), b"\xff\n"))[1]
    assert "lines 1, 2, 3, 4, 5 and 14 more" in told.message


def test_an_encoding_that_no_letters_speak_for_is_unsure() -> None:
    assert [each.code for each in decode(RUSSIAN.encode("iso8859_5"))[1]] == ["text-encoding-unsure"]


def test_characters_that_were_broken_before_are_not_told() -> None:
    assert decode("a \ufffd b".encode()) == ("a \ufffd b", ())
