"""Draw `docs/covers.jpg`: covers in ten scripts, with and without pictures, as they come out of `publisher.formats.epub.cover`.

python docs/make-covers.py
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

from publisher.formats.epub.cover import Front, Line, draw

HERE = Path(__file__).resolve().parent
MEDIA = HERE.parent / "seeds" / "media"
COLUMNS, WIDTH, GAP = 5, 340, 20
GREY = (118, 118, 118)


def front(language: str, name: str, date: str, headlines: tuple[tuple[str, str], ...], *, picture: str = "", edition: str = "") -> Front:
    """Return what a cover says; each headline comes with its section."""
    lines = tuple(Line(text=text, kicker=section, language=language) for section, text in headlines)
    inside = (MEDIA / picture).read_bytes() if picture else None
    return Front(name=name, language=language, date=date, edition=edition, foot="lantern.example", headlines=lines, picture=inside)


FRONTS = (
    front(
        "en",
        "The Lantern",
        "Sunday 22 November 2026",
        (
            ("Harbour", "The lamp at Tarn Skerry turns again"),
            ("World", "Ferry returns after nine years"),
            ("Culture", "The library stays open at night"),
            ("Science", "How a village measured its darkness"),
        ),
        picture="lighthouse.jpg",
        edition="Week 47",
    ),
    front(
        "ar",
        "صحيفة الفانوس",
        "الأحد 22 نوفمبر 2026",
        (
            ("الميناء", "الضباب ينقشع فوق الميناء القديم بعد ثلاثة أيام"),
            ("النقل", "العبّارة تعود بعد تسع سنوات"),
            ("ثقافة", "المكتبة تبقى مفتوحة ليلاً"),
        ),
        picture="dhow.jpg",
    ),
    front(
        "ja",
        "提灯新聞",
        "2026年11月22日 日曜日",
        (("港", "古い港に三日ぶりの晴れ間、灯台の光が戻る"), ("交通", "九年ぶりに連絡船が復活"), ("文化", "図書館、夜間も開館へ")),
        picture="harbour.jpg",
        edition="第47週",
    ),
    front(
        "el",
        "Ο Φανός",
        "Κυριακή 22 Νοεμβρίου 2026",
        (("Λιμάνι", "Η ομίχλη διαλύεται πάνω από το παλιό λιμάνι"), ("Μεταφορές", "Το φέρι επιστρέφει ύστερα από εννέα χρόνια")),
    ),
    front(
        "ko",
        "등불신문",
        "2026년 11월 22일 일요일",
        (("항구", "옛 시계탑이 다시 종을 울리다"), ("교통", "여객선이 아홉 해 만에 돌아온다"), ("문화", "도서관 야간 개방 계속")),
        picture="clock.jpg",
    ),
    front(
        "he",
        "הפנס",
        "יום ראשון, 22 בנובמבר 2026",
        (
            ("נמל", "הערפל מתפזר מעל הנמל הישן אחרי שלושה ימים"),
            ("תחבורה", "המעבורת חוזרת אחרי תשע שנים"),
            ("תרבות", "הספרייה נשארת פתוחה בלילה"),
        ),
    ),
    front(
        "ru",
        "Вечерний фонарь",
        "воскресенье, 22 ноября 2026 г.",
        (
            ("Наука", "Деревня измерила собственную темноту"),
            ("Транспорт", "Паром возвращается спустя девять лет"),
            ("Культура", "Библиотека открыта ночью"),
        ),
        picture="night-sky.jpg",
    ),
    front(
        "zh-Hans",
        "灯笼日报",
        "2026年11月22日",
        (("港口", "旧港大雾三日后散去，灯塔重新点亮"), ("交通", "渡轮停航九年后恢复营运"), ("文化", "图书馆夜间继续开放")),
    ),
    front(
        "hi",
        "दैनिक लालटेन",
        "रविवार, 22 नवंबर 2026",
        (("बाज़ार", "तीन दिन बाद खुला पुराना बाज़ार"), ("यातायात", "नौ साल बाद लौटी नौका"), ("संस्कृति", "पुस्तकालय रात में भी खुला रहेगा")),
        picture="market.jpg",
    ),
    front(
        "en",
        "The Lantern",
        "22 November 2026",
        (
            (
                "Harbour",
                "The harbour authority will rebuild the old northern pier before winter, councillors decided late on Tuesday "
                "after nine hours of debate in a full hall",
            ),
            ("World", "Ferry returns after nine years"),
            ("Culture", "The library stays open at night"),
        ),
        picture="whale.jpg",
    ),
)


def main() -> None:
    """Write the sheet."""
    height = WIDTH * 8 // 5
    rows = -(-len(FRONTS) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (WIDTH + GAP) + GAP, rows * (height + GAP) + GAP), GREY)
    for number, each in enumerate(FRONTS):
        row, column = divmod(number, COLUMNS)
        cover = Image.open(BytesIO(draw(each).picture.data)).resize((WIDTH, height), Image.Resampling.LANCZOS)
        sheet.paste(cover, (GAP + column * (WIDTH + GAP), GAP + row * (height + GAP)))
    sheet.save(HERE / "covers.jpg", quality=80)


if __name__ == "__main__":
    main()
