"""What newsrooms print around an article, in the languages they print it in: words before names, dates and links.

Each is a pattern without groups, to be matched without regard to case. Put together from general knowledge of newspapers.
"""

from __future__ import annotations

import re

__all__ = [
    "AGENCIES_UNNAMED",
    "AUTHOR_LABELS",
    "BEFORE_NAMES",
    "CONTRIBUTED_BY",
    "CREDIT_LABELS",
    "EDITED_BY",
    "FURNITURE",
    "JOBS",
    "JOBS_UNSPACED",
    "OF_ORGANIZATIONS",
    "OF_ORGANIZATIONS_UNSPACED",
    "PICTURED_BY",
    "PUBLISHED",
    "RELATED",
    "SOURCE",
    "STAFF",
    "UPDATED",
    "WRITTEN_BY",
]


def _any(words: str) -> str:
    """Return the pattern for one of several words or phrases; ` | ` with spaces around it separates them."""
    return "(?:" + "|".join(" ".join(each.split()) for each in re.split(r"(?<!\s)\s++\|\s+", words.strip())) + ")"


BEFORE_NAMES = _any(r"""
    by | (?:written|words|story|text|reporting|report|reported|compiled|posted|published|analysis|opinion|interview) by
    | von | par | por | di | a cura di | door | av | af | oleh | του | της | των | przez | بقلم | كتب | كتبت | كتبه
    | نوشته | به قلم | מאת | 撰文 | 取材・文 | 글쓴이
""")
"""What stands in front of a name, with or without a colon: "By …"."""

AUTHOR_LABELS = _any(r"""
    (?:the )?authors? | bylines? | texte? | texto | testo | tekst | autor | autora | autores | autore | autori | autoren
    | autorin | autoři | auteure?s? | автор(?:ы|ка|и)? | текст | аўтар | yazan | írta | kirjoittaja(?:t)? | napsala?
    | 取材・文 | penulis | tác giả | الكاتب | الكاتبة | المؤلف | نویسنده | כתבה? | 作者 | 文 | 記者 | 记者 | 글 | ผู้เขียน
""")
"""What stands in front of a name with a colon: "Author: …"."""

WRITTEN_BY = _any(r"""
    (?:written|words|story|text|reporting|reported|writing|compiled) by\b | (?:取材・)?文 ?[・:：／/＝=] | 記事 ?[・:：／/＝=]
""")
"""What stands within a byline in front of who wrote, when others are named too."""

EDITED_BY = _any(r"""
    (?:(?:additional|further|copy) )?edit(?:ing|ed) by\b
    | (?:redaktion|bearbeitung|bearbeitet von|édité par|edición|editado por|a edição|edição|edizione) ?[:：]
    | (?:редактор|редактура|редактировала?) ?[:：] | (?:责任编辑|責任編輯|編輯|编辑|責任編集|編集) ?[・:：／/＝=] | 편집 ?[:：=]
""")
"""What stands in front of the name of who edited."""

CONTRIBUTED_BY = _any(r"""
    (?:additional|further) (?:reporting|writing|research) by\b | with (?:additional )?(?:reporting|contributions?) (?:by|from)\b
    | contributions? (?:by|from)\b | research(?:ed)? by\b | translat(?:ion|ed) by\b
    | mitarbeit ?[:：] | 翻訳 ?[・:：／/＝=] | 翻译 ?[・:：／/＝=]
""")
"""What stands in front of the name of who helped."""

PICTURED_BY = _any(r"""
    (?:photo(?:s|graphs?|graphy)?|pictures?|images?|graphics?|illustrations?|video) by\b
    | (?:photos?|fotos?|fotografie|ilustración|фото) ?[:：] | (?:写真|撮影|摄影|攝影|图|圖) ?[・:：／/＝=]
""")
"""What stands in front of the name of who made the pictures, not the text."""

JOBS = _any(r"""
    (?:co-?)?editors?
    | (?:photo)?(?:reporter|journalist|correspondent|writer|columnist|contributor|producer|photographer|blogger)s?
    | bureau chief | analyst | fellow | professor | director | staff | intern | chief | critic
    | (?:auslands|haupt)?korrespondent(?:in)? | (?:chef)?redakteur(?:in)? | reporterin | autorin | correspondante?
    | rédacteur | rédactrice | journaliste | envoyée? spéciale? | corresponsal(?:es)? | redactora? | periodista
    | enviad[oa] especial | repórter | jornalista | corrispondente | giornalista | inviat[oa] | dziennikarz | dziennikarka
    | korespondent(?:ka)? | muhabiri | (?:спец|соб|фото)?корр(?:еспондент)?\.? | журналист(?:ка)? | редактор
    | обозреватель | кореспондент(?:ка)?
""")
"""What people do at a newspaper."""

JOBS_UNSPACED = _any(r"""
    مراسلة? | محررة? | خبرنگار | כתבת? | 特派员 | 特派員 | 通讯员 | 编辑
""")
"""The same, where words have no edges."""

STAFF = _any(r"""
    staff | newsroom | editors | editorial | editorial (?:team|board|staff|desk)
    | (?:staff|news|web|online|own|special|guest|agency|night|city) (?:news )?(?:writer|reporter|correspondent|contributor|author|editor)s?
    | (?:news|web|online|night|city|digital|copy) (?:desk|team|report|service) | (?:die |der )?redaktion | eigener bericht
    | (?:la |della |da |de )?(?:redazione|redacción|redação|rédaction) | (?:от )?редакци[яи]
    | (?:наш )?собственный корреспондент | соб\. корр\. | redactie | redaktionen | redakcja | redakce | toimitus
    | szerkesztőség | haber merkezi | (?:tim )?redaksi | 本报记者 | 本報記者 | 本报讯 | 编辑部 | 編集部 | 本社記者 | 편집부 | هيئة التحرير
    | التحرير | تحریریه | מערכת | admin | administrator
""")
"""What a newsroom calls itself instead of a name."""

AGENCIES_UNNAMED = _any(r"""
    agencies | news agencies | wire services | agenturen | agences | agencias | agenzie | агентства | وكالات | الوكالات
""")
"""What stands for agencies without naming them."""

OF_ORGANIZATIONS = _any(r"""
    news | newspapers? | times | post | press | agency | agencies | media | radio | tv | television | magazine | journal
    | weekly | daily | gazette | herald | tribune | chronicle | observer | guardian | staff | team | newsroom | desk
    | bureau | network | service | group | company | corporation | inc | ltd | llc | gmbh | ag | foundation | institute
    | institution | university | college | school | ministry | committee | council | commission | department | office
    | union | association | society | centre | center | project | board | party | church | embassy | government | police
    | redaktion | zeitung | nachrichten | verlag | verein | stiftung | agentur | agence | presse | rédaction | agencia
    | redacción | noticias | diario | periódico | agência | redação | notícias | agenzia | redazione | giornale | notizie
    | агентство | новости | редакция | газета | журнал | информ | университет | институт | министерство | центр | фонд
    | пресс-служба
""")
"""Words that only names of organizations have."""

OF_ORGANIZATIONS_UNSPACED = _any(r"""
    社$ | 报$ | 報$ | 新聞 | 新闻 | 通信 | 編集部 | 编辑部 | 뉴스 | 신문 | 통신 | وكالة | صحيفة | خبرگزاری
""")
"""The same, where words have no edges."""

SOURCE = _any(r"""
    original (?:url|link|article|source|story|post|text|publication)(?: url| link)?
    | (?:source|article|story)(?: url| link| address)? | url | link | via
    | (?:this (?:article|story|piece|text) )?(?:was )?(?:originally|first) (?:published|appeared)(?: (?:at|in|on|by|here))?
    | published (?:at|on) | read (?:the )?(?:original|full)(?: article| story)?(?: (?:at|on|here))? | retrieved from
    | permalink | quelle | original(?:artikel|quelle|text) | zuerst erschienen(?: (?:in|auf|bei))? | source originale
    | article original | lien | fuente(?: original)? | artículo original | enlace | publicado originalmente(?: en)?
    | fonte(?: originale)? | articolo originale | artigo original | bron | källa | kilde | źródło | zdroj | lähde | kaynak
    | sumber | nguồn | forrás | sursă | izvor | πηγή | источник | оригинал(?: статьи)? | ссылка | джерело | крыніца
    | المصدر | الرابط(?: الأصلي)? | رابط | منبع | לינק | מקור | 来源 | 來源 | 原文(?:链接|連結|地址)? | 链接 | 出典
    | 元記事 | 引用元 | 出处 | 출처
    | 원문
""")
"""What stands in front of the address of the original."""

RELATED = _any(r"""
    related(?: (?:articles?|stor(?:y|ies)|news|readings?|links?|coverage|content|topics?|posts?))?
    | (?:read|see|watch)(?: also| more| next| this| too) | also read | see also
    | more (?:on this|stories|from .{1,40}|coverage) | further reading | recommended(?: reading)? | don['’]t miss
    | you may also like | lire aussi | à lire(?: aussi)? | voir aussi | articles? liés? | sur le même sujet
    | lesen sie auch | lies auch | mehr zum thema | siehe auch | zum thema | lea también | lee también
    | le puede interesar | vea también | ver también | te puede interesar | noticias? relacionadas? | leia (?:também|mais)
    | veja também | saiba mais | leggi anche | vedi anche | lees ook | lees meer | läs (?:också|mer|även) | les også
    | læs også | lue (?:myös|lisää) | czytaj (?:też|także|również|więcej) | zobacz (?:też|także) | čtěte (?:také|více)
    | čítajte (?:aj|tiež) | olvassa el | citește și | citiți și | pročitajte (?:i|još) | прочетете (?:още|и)
    | διαβάστε (?:επίσης|ακόμη|και) | ilgili haber(?:ler)? | ayrıca (?:okuyun|bakınız) | baca juga | xem thêm
    | читайте (?:также|ещё|еще|далее|також|ще) | см\. также | по теме | материалы по теме | чытайце таксама | قراءة المزيد
    | (?:ا|إ)قرأ (?:أيضا|أيضاً|أيضًا|المزيد) | (?:مواضيع|أخبار|مقالات) ذات صلة | بیشتر بخوانید | همچنین بخوانید
    | קראו (?:גם|עוד) | 相关(?:阅读|文章|报道|新闻) | 延伸(?:阅读|閱讀) | 相關(?:閱讀|文章|報導|新聞) | 更多
    | 関連(?:記事|ニュース) | あわせて読みたい
    | 관련 ?(?:기사|뉴스) | 함께 보면 좋은 기사 | यह भी पढ़ें | আরও পড়ুন
""")
"""What stands in front of a link to another article."""

PUBLISHED = _any(r"""
    (?:first )?published(?: on| at)? | posted(?: on| at)? | date(?: published)? | on | veröffentlicht(?: am)?
    | erschienen(?: am)? | stand | datum | publié(?:e)?(?: le)? | le | publicado(?: el| em| en)? | fecha | data
    | pubblicato(?: il)? | gepubliceerd(?: op)? | publicerad | publisert | udgivet | julkaistu | opublikowano
    | publikováno | yayın(?:lanma)?(?: tarihi)? | diterbitkan | опубликовано | дата(?: публикации)? | опубліковано
    | نشر(?: في)? | تاريخ النشر | تاریخ | פורסם(?: ב)? | 发布时间 | 发布于 | 发表于 | 日期 | 時間 | 时间 | 公開日
    | 掲載日? | 公開 | 입력 | 등록
    | Δημοσιεύθηκε
""")
"""What stands in front of the date of publication."""

UPDATED = _any(r"""
    (?:last )?(?:updated|modified)(?: on| at)? | aktualisiert(?: am)? | mise? à jour(?: le)? | actualizado(?: el)?
    | (?:última )?actualización | atualizado(?: em)? | aggiornato(?: il)? | bijgewerkt | uppdaterad | oppdatert
    | opdateret | päivitetty | zaktualizowano | aktualizováno | güncellen?me(?: tarihi)? | diperbarui | обновлено
    | изменено | оновлено | (?:آخر )?تحديث | به ?روزرسانی | עודכן | 更新(?:时间|日|于)? | 最終更新 | 수정 | 최종수정
""")
"""What stands in front of the date of the last change."""

CREDIT_LABELS = _any(r"""
    (?:photo(?:graph)?s?|image|picture|illustration|graphic|video|credit|file photo|handout)(?: credit)?
      ?(?:[:：]|by\b|courtesy of\b|via\b)
    | (?:fotos?|bild|abbildung|crédits?|imagen|imagem|immagine|kuva|zdjęcie|fot|fotoğraf|kép|ảnh) ?[:：.]
    | (?:фото|зображення|φωτογραφία|צילום|صورة|تصوير|عکس) ?[:：.] | (?:图|圖|图片|图源|摄影|攝|写真|撮影|사진) ?[:：／/=] | ©
""")
"""What stands in front of the name of who made a picture."""

FURNITURE = _any(r"""
    \d+[- ]min(?:ute)?s?[- ](?:read|lesezeit|de lecture|de lectura) | advertisement | anzeige | publicidad | publicité | реклама
    | share(?: this)?(?: article| story)? | print(?: this)?(?: article)? | listen(?: to this article)?
""")
"""Lines of a web page that are no part of the article."""
