"""News agencies, by the names their bylines carry: organizations, whatever the byline looks like.

One line an agency, its spellings separated by `|`, each as it is printed.
Put together from general knowledge, not from a list, and without claim to be complete; a publication names its own
in `publisher.toml`. Left out are names that are somebody's or something else's more often (Petra, Mehr, Beta, Andina).
"""

from __future__ import annotations

__all__ = ["AGENCIES"]

_TABLE = """
Reuters | Thomson Reuters | Рейтер | Рейтерс | 路透社 | 路透 | ロイター | 로이터 | 로이터통신 | رويترز | رویترز | רויטרס | Ρόιτερς | रॉयटर्स
Associated Press | AP | Ассошиэйтед Пресс | 美联社 | 美聯社 | AP通信 | أسوشيتد برس | أسوشييتد برس | 에이피
Agence France-Presse | AFP | Agence France Presse | Франс Пресс | 法新社 | AFP通信 | AFP時事 | فرانس برس | أ ف ب | ا ف ب
dpa | Deutsche Presse-Agentur | 德新社 | د ب أ
EFE | Agencia EFE | EFE Verde | 埃菲社
Europa Press
ANSA | Agenzia ANSA | АНСА
Adnkronos
AGI
Askanews
TASS | ITAR-TASS | ТАСС | ИТАР-ТАСС | 塔斯社 | タス通信 | تاس
Interfax | Интерфакс | Интерфакс-Украина | Interfax-Ukraine | 国际文传电讯社 | インタファクス通信
RIA Novosti | RIA | РИА Новости | РИА «Новости» | 俄新社
Sputnik | Спутник | 俄罗斯卫星通讯社
Moskva News Agency | Агентство «Москва» | АГН Москва | АГН «Москва»
REGNUM | ИА Регнум | ИА REGNUM
Ukrinform | Укринформ | Укрінформ
UNIAN | УНИАН | УНІАН
BelTA | БелТА
Kazinform | Казинформ | Qazinform
Xinhua | Xinhua News Agency | 新华社 | 新華社 | 新华网 | 新华通讯社 | 新華社通信 | Синьхуа | شينخوا
China News Service | 中新社 | 中国新闻社
Central News Agency | CNA | 中央社 | 中央通訊社
Kyodo | Kyodo News | 共同通信 | 共同通信社 | 共同 | 共同社
Jiji Press | Jiji | 時事通信 | 時事通信社 | 時事
Yonhap | Yonhap News Agency | Yonhap News | 연합뉴스 | 韩联社 | 聯合ニュース
Newsis | 뉴시스
News1 | 뉴스1
KCNA | 조선중앙통신 | 朝鮮中央通信 | 朝中社
PTI | Press Trust of India | पीटीआई | पीटीआई-भाषा | भाषा
ANI | Asian News International | एएनआई
IANS | Indo-Asian News Service | आईएएनएस
UNI | United News of India | Univarta | यूनीवार्ता
APP | Associated Press of Pakistan
BSS | Bangladesh Sangbad Sangstha | বাসস
Bloomberg | Bloomberg News | Блумберг | 彭博社 | 彭博 | ブルームバーグ | 블룸버그 | بلومبرغ
Dow Jones Newswires | Dow Jones
United Press International | UPI
Press Association | PA Media | PA
AAP | Australian Associated Press
Canadian Press | La Presse Canadienne
APA | Austria Presse Agentur
Keystone-SDA | SDA | Keystone-ATS | ATS
KNA | Katholische Nachrichten-Agentur
epd | Evangelischer Pressedienst
SID | Sport-Informations-Dienst
AFX
Belga | Agence Belga | Belga News Agency
ANP | Algemeen Nederlands Persbureau
Ritzau | Ritzaus Bureau
TT | TT Nyhetsbyrån | Tidningarnas Telegrambyrå
NTB | Norsk Telegrambyrå
STT | Suomen Tietotoimisto | STT-Lehtikuva
Lusa | Agência Lusa
Agência Brasil
Estadão Conteúdo
Folhapress
CTK | ČTK | Česká tisková kancelář
TASR
SITA
PAP | Polska Agencja Prasowa
MTI | Magyar Távirati Iroda
Agerpres
Mediafax
BTA | БТА
Hina
STA | Slovenska tiskovna agencija
Tanjug | Танјуг
FoNet | ФоНет
SRNA | СРНА
BNS
LETA
ELTA
ERR News
ANA-MPA | AMNA | ΑΠΕ-ΜΠΕ
Anadolu | Anadolu Agency | Anadolu Ajansı | AA | الأناضول | وكالة الأناضول
DHA | Demirören Haber Ajansı
IHA | İHA | İhlas Haber Ajansı
IRNA | ایرنا | إيرنا
ISNA | ایسنا
Fars News Agency | فارس | خبرگزاری فارس
Tasnim | تسنیم | تسنيم
Mehr News Agency | مهر
SPA | Saudi Press Agency | واس
WAM | Emirates News Agency | وام
QNA | Qatar News Agency | قنا
KUNA | Kuwait News Agency | كونا
BNA | Bahrain News Agency | بنا
ONA | Oman News Agency
Jordan News Agency | بترا
SANA | سانا
NNA | National News Agency
INA | Iraqi News Agency | واع
MENA | Middle East News Agency | أ ش أ | وكالة أنباء الشرق الأوسط
WAFA | وفا
MAP | Maghreb Arabe Presse
APS | Algérie Presse Service | وأج
TAP | Tunis Afrique Presse | وات
LANA | وال
PANA | Panapress
NAN | News Agency of Nigeria
GNA | Ghana News Agency
Antara | Antara News
Bernama
VNA | TTXVN | Vietnam News Agency | Thông tấn xã Việt Nam
PNA | Philippine News Agency
TNA | Thai News Agency | สำนักข่าวไทย
Prensa Latina | PL
Notimex
Télam | Telam
Agencia Andina
ABI
AVN
JTA | Jewish Telegraphic Agency
IPS | Inter Press Service
RFE/RL | Radio Free Europe/Radio Liberty | Радио Свобода | Радыё Свабода | Радіо Свобода
Getty Images | AFP via Getty Images
Zuma Press
"""

AGENCIES: tuple[tuple[str, ...], ...] = tuple(tuple(name.strip() for name in line.split("|")) for line in _TABLE.strip().splitlines())
"""The spellings of each agency's name, as they are printed."""
