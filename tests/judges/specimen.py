"""A specimen of type: an issue with every element in one article, and what languages ask of a style sheet in others."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from PIL import Image as Raster

from publisher import markup
from publisher.article import Article, Image, Person, Publication

__all__ = ["EVERYTHING", "SPOKEN", "issue", "media"]

PICTURE = "https://specimen.example/media/wide.jpg"
DRAWING = "https://specimen.example/media/tall.png"

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
COLUMNS = ("Port", "High water", "Height", "Low water", "Height", "Wind", "Visibility", "Barometer", "Harbourmaster")
WIDE = "".join(f"<th>{each}</th>" for each in COLUMNS)
ROWS = "".join(f"<tr><th>Ellery Quay {row}</th>{''.join(f'<td>{row * 13 + at}.25</td>' for at in range(8))}</tr>" for row in range(1, 5))
EVERYTHING = f"""
<p>The keepers of <em>Tarn Skerry</em> wrote <strong>everything</strong> down, with <q>quotes of <q>quotes</q> inside</q>, a
<cite>Log of the Light</cite>, <code>code_that_has_a_very_long_name_indeed(argument, another_argument)</code>, keys such as
<kbd>Ctrl</kbd> + <kbd>C</kbd>, <samp>output</samp>, H<sub>2</sub>O and E = mc<sup>2</sup>, an <abbr title="Automatic Identification
System">AIS</abbr>, <mark>marked</mark>, <del>deleted</del> and <ins>inserted</ins> words, <small>small print</small>, and
<a href="https://specimen.example/a/very/long/address/that/has/no/place/to/break/at/all/index.html">https://specimen.example/a/very/long/address/that/has/no/place/to/break/at/all/index.html</a>.<sup><a id="r1" href="#n1" role="doc-noteref">1</a></sup></p>
<p>A word: {LONG}. And one without any meaning: {"x" * 90}.</p>
<h2>{LONG}</h2>
<blockquote><p>Nobody reads a log until a ship is lost. Then everybody does.</p><blockquote><p>And then they ask why nobody wrote more.</p></blockquote></blockquote>
<ul><li>Oil<ul><li>Colza<ol type="a"><li>for winter</li><li>for summer<ol type="i"><li>early</li><li>late</li></ol></li></ol></li><li>Paraffin</li></ul></li><li>Wicks</li></ul>
<ol start="98"><li>The ninety-eighth</li><li>The ninety-ninth</li><li>The hundredth rule, which is longer than one line on any telephone that is sold</li></ol>
<ol type="I"><li>First</li><li>Second</li><li>Third</li><li>Fourth<p>with a second paragraph</p></li></ol>
<dl><dt>Catoptric</dt><dd>A light with mirrors.</dd><dt>Dioptric</dt><dd>A light with lenses.</dd><dd>Also: a unit.</dd></dl>
<h3>A table that is wider than any page</h3>
<table><caption>Tides and weather at the quays of the bay</caption><thead><tr>{WIDE}</tr></thead><tbody>{ROWS}</tbody></table>
<table><thead><tr><th>Light</th><th>Keeper</th></tr></thead><tbody><tr><td>Tarn Skerry</td><td>Wilhelmina Featherstonehaugh-Cholmondeley</td></tr><tr><td>Ellery Quay</td><td>nobody</td></tr></tbody></table>
<pre><code>def characteristic(light, period=10.0, colours=("white", "red", "green")):  # a line of code that is far too long for a page
    if light.is_lit:
\t\treturn [flash for flash in light.flashes if flash.colour in colours and flash.length &lt; period]
    return {"y" * 120}</code></pre>
<figure><img src="{PICTURE}" alt="A sea wider than it is high"/><figcaption>The sea on an ordinary day. <small>Drawing: the keepers</small></figcaption></figure>
<figure><img src="{DRAWING}" alt="A tower higher than it is wide"/><figcaption>The tower.</figcaption></figure>
<p>A small <img src="{DRAWING}" alt="tower" width="24" height="96"/> in the text, and <img src="https://specimen.example/media/none.jpg" alt="one that is not there"/>.</p>
<hr/>
<h4>A deeper heading</h4><p>Text under it.</p>
<p lang="ar" dir="rtl">كتب الحراس كل شيء.</p><p lang="ja">燈台守はすべてを書き残した。</p><p lang="de">Die Wärter schrieben alles auf, sagten: <q>Wer <q>schreibt</q>, der bleibt</q>.</p>
<div role="doc-endnotes"><ol><li id="n1">The log is in the county archive. <a href="#r1" role="doc-backlink">Back</a></li></ol></div>
"""

SPOKEN = {
    "de": ("Das Licht dreht sich wieder", f"<p>Die Wärter sagten: <q>Wer <q>schreibt</q>, der bleibt.</q> {LONG} ist ein Wort.</p>"),
    "fr": ("La lampe tourne de nouveau", "<p>Les gardiens dirent : <q>Qui <q>écrit</q> demeure.</q></p>"),
    "ru": ("Маяк снова зажжён", "<p>Смотрители говорили: <q>Кто <q>пишет</q>, тот остаётся.</q></p>"),
    "ar": (
        "المنارة تدور من جديد",
        "<p>قال الحراس: <q>من <q>يكتب</q> يبقى.</q> هذا <em>مهم</em> جداً.</p><ul><li>زيت<ol type='a'><li>شتاء</li></ol></li></ul>"
        "<blockquote><p>لا أحد يقرأ السجل.</p></blockquote><dl><dt>ضوء</dt><dd>نور المنارة</dd></dl>"
        "<table><caption>الأضواء</caption><thead><tr><th>السنة</th><th>المصباح</th></tr></thead><tbody><tr><td>1861</td><td>زيت</td></tr></tbody></table>"
        "<pre><code>light.is_lit = True</code></pre>",
    ),
    "ur": (
        "روشنی پھر گھومتی ہے",
        "<p>نگہبانوں نے کہا: <q>جو <q>لکھتا</q> ہے وہ رہتا ہے۔</q> یہ <em>اہم</em> بات ہے۔ بندرگاہ پر سب لوگ خاموش کھڑے تھے اور سمندر کی طرف دیکھ رہے تھے۔</p>",
    ),
    "fa": ("فانوس دوباره می‌چرخد", "<p>نگهبانان گفتند: <q>هر که <q>می‌نویسد</q> می‌ماند.</q></p>"),
    "he": ("המגדלור שוב מסתובב", "<p>השומרים אמרו: <q>מי <q>שכותב</q> נשאר.</q> זה <em>חשוב</em>.</p><ol><li>אחד</li><li>שניים</li></ol>"),
    "hi": ("दीपस्तंभ फिर घूमता है", "<p>रखवालों ने कहा: <q>जो <q>लिखता</q> है वह रहता है।</q> यह <em>बहुत</em> महत्वपूर्ण है।</p>"),
    "th": ("ประภาคารหมุนอีกครั้ง", "<p>ผู้ดูแลประภาคารเขียนทุกอย่างลงไว้ และบอกว่าผู้ที่เขียนย่อมคงอยู่ตลอดไปในความทรงจำของผู้คนที่ท่าเรือ</p>"),
    "km": ("ប៉មភ្លើងហ្វារវិលម្តងទៀត", "<p>អ្នកថែរក្សាបានសរសេរអ្វីៗទាំងអស់ហើយអ្នកដែលសរសេរនឹងនៅគង់វង្សជារៀងរហូត</p>"),
    "bo": ("གསལ་སྒྲོན་ཡང་བསྐྱར་འཁོར།", "<p>སྲུང་མ་ཚོས་ཚང་མ་བྲིས་པ་རེད། སུས་འབྲི་བ་དེ་གནས་ཡོད་པ་རེད།</p>"),
    "ko": ("등대가 다시 돌다", "<p>등대지기들은 모든 것을 기록했다. <em>쓰는 사람</em>은 남는다고 그들은 말했다.</p>"),
    "zh": (
        "灯塔再次转动",
        "<p>守塔人把<em>一切</em>都写了下来，他们说：<q>书写的人<q>永远</q>留存。</q>2026年10月4日，港口的人们站着看。</p><blockquote><p>没有人读日志。</p></blockquote>"
        "<ul><li>油</li><li>灯芯</li></ul><table><caption>灯</caption><thead><tr><th>年</th><th>灯</th><th>人</th></tr></thead><tbody><tr><td>1861</td><td>菜油</td><td>3</td></tr></tbody></table>",
    ),
    "ja": (
        "灯台がふたたび回る",
        "<p>灯台守は<em>すべて</em>を書き残した。「書く者は<ruby>残<rt>のこ</rt></ruby>る」と彼らは言った。2026年10月4日、12人が港に立ち、LEDの光を見た。</p>"
        "<h2>油の時代</h2><blockquote><p>誰も日誌を読まない。</p></blockquote><ul><li>油<ol><li>冬</li><li>夏</li></ol></li><li>芯</li></ul><dl><dt>灯</dt><dd>あかり</dd></dl>"
        f"<figure><img src='{PICTURE}' alt='海'/><figcaption>いつもの海。</figcaption></figure>"
        "<table><caption>灯台の明かり</caption><thead><tr><th>年</th><th>明かり</th><th>人</th></tr></thead><tbody><tr><td>1861年</td><td>菜種油</td><td>3人</td></tr><tr><td>2026年</td><td>LED</td><td>なし</td></tr></tbody></table>"
        "<pre><code>light.is_lit = True  # a comment that is rather long, as comments are\nprint(light)</code></pre>"
        "<p>注がある。<sup><a id='r1' href='#n1' role='doc-noteref'>1</a></sup></p><hr/><div role='doc-endnotes'><ol><li id='n1'>文書館にある。<a href='#r1' role='doc-backlink'>戻る</a></li></ol></div>",
    ),
    "mn-Mong": ("ᠭᠡᠷᠡᠯᠲᠦ ᠴᠠᠮᠬᠠᠭ", "<p>ᠬᠠᠮᠠᠭᠠᠯᠠᠭᠴᠢᠳ ᠪᠦᠬᠦᠨ ᠢ ᠪᠢᠴᠢᠵᠦ ᠦᠯᠡᠳᠡᠭᠡᠵᠡᠢ᠃ ᠪᠢᠴᠢᠭᠰᠡᠨ ᠬᠦᠮᠦᠨ ᠦᠯᠡᠳᠡᠨ᠎ᠡ᠃</p>"),
}
"""A headline and a body for each language."""


@cache
def issue(language: str = "en") -> Publication:
    """Return the issue, whose own language is `language`."""
    first = _article("everything", "en", "Everything that was written down at the light, in one place", EVERYTHING)
    rest = (_article(tag, tag, headline, body) for tag, (headline, body) in SPOKEN.items())
    return Publication(
        identifier="tag:specimen.example,2026:type",
        name="The Specimen",
        url="https://specimen.example/",
        in_language=language,
        articles=(first, *rest),
    )


def _article(name: str, language: str, headline: str, body: str) -> Article:
    return Article(
        identifier=f"tag:specimen.example,2026:{name}",
        headline=headline,
        alternative_headline=headline,
        description=headline,
        in_language=language,
        dateline="Ellery Quay",
        author=(Person(name="Ines Calloway"),),
        image=(Image(content_url=PICTURE, caption=headline, credit_text="Ines Calloway"),) if name == "everything" else (),
        body=markup.clean(body),
    )


def media(url: str) -> bytes | None:
    """Return the bytes of the pictures: one wider and one higher than any page."""
    return {PICTURE: _picture("JPEG", 2400, 600), DRAWING: _picture("PNG", 300, 2400)}.get(url)


def _picture(form: str, width: int, height: int) -> bytes:
    out = BytesIO()
    Raster.new("L", (width, height), 96).save(out, form)
    return out.getvalue()
