"""What NITF has: the elements inside each element, and the attributes, as far as a program can go wrong with them.

Stated after the XML Schema and the documentation of 3.5 (International Press Telecommunications Council, 2009; read 2026-11-26):
an own table of what may stand where, not that schema. What 3.6 has beyond it is unknown here, and so only a warning.
"""

from __future__ import annotations

__all__ = ["ATTRIBUTES", "CHILDREN", "ELEMENTS", "ENRICHED", "MIXED", "NEEDED", "ORDER", "REQUIRED", "VALUES"]

ENRICHED = frozenset(
    "chron classifier copyrite event function location money num object.title org person postaddr virtloc a br em lang pronounce q".split()
)
"""What may be in running text."""
_BLOCK = frozenset("p hl2 table nitf-table media ol ul dl bq fn note pre hr".split())
_FLOW = ENRICHED | _BLOCK
_CODED = frozenset(("alt-code",))


def _of(names: str) -> frozenset[str]:
    return frozenset(names.split())


CHILDREN = {
    "nitf": _of("head body"),
    "head": _of("title meta tobject iim docdata pubdata revision-history"),
    "tobject": _of("tobject.property tobject.subject"),
    "iim": _of("ds"),
    "docdata": _of(
        "correction evloc doc-id del-list urgency fixture date.issue date.release date.expire doc-scope series ed-msg du-key doc.copyright "
        "doc.rights key-list identified-content"
    ),
    "del-list": _of("from-src"),
    "key-list": _of("keyword"),
    "identified-content": _of("person org location event function object.title virtloc classifier"),
    "body": _of("body.head body.content body.end"),
    "body.head": _of("hedline note rights byline distributor dateline abstract series"),
    "hedline": _of("hl1 hl2"),
    "note": _of("body.content"),
    "rights": _of("rights.owner rights.startdate rights.enddate rights.agent rights.geography rights.type rights.limitations"),
    "byline": _of("person byttl location virtloc"),
    "byttl": _of("org"),
    "distributor": _of("org"),
    "dateline": _of("location story.date"),
    "abstract": _BLOCK,
    "copyrite": _of("copyrite.year copyrite.holder"),
    "body.content": _BLOCK | {"block"},
    "block": _BLOCK | _of("tobject key-list classifier byline dateline copyrite abstract datasource"),
    "table": _of("caption col colgroup thead tfoot tbody tr"),
    "media": _of("media-metadata media-reference media-object media-caption media-producer"),
    "ol": _of("li"),
    "ul": _of("li"),
    "dl": _of("dt dd"),
    "bq": _of("block credit"),
    "fn": _of("body.content"),
    "colgroup": _of("col"),
    "tr": _of("th td"),
    "num": _of("frac sub sup"),
    "frac": _of("numer frac-sep denom"),
    "location": _of("sublocation city state region country alt-code"),
    "person": _of("name.given name.family function alt-code"),
    "postaddr": _of("addressee delivery.point postcode delivery.office region country"),
    "addressee": _of("person function care.of"),
    "delivery.point": _of("br"),
    "delivery.office": _of("br"),
    "body.end": _of("tagline bibliography"),
    "nitf-table": _of("nitf-table-metadata table custom-table table-reference"),
    "nitf-table-metadata": _of("nitf-table-summary nitf-colgroup nitf-col"),
    "nitf-table-summary": _of("p"),
    "nitf-colgroup": _of("nitf-col"),
    **dict.fromkeys(("thead", "tbody", "tfoot"), _of("tr")),
    **dict.fromkeys(("hl1", "hl2", "p", "media-producer", "dt", "credit", "a", "em", "lang", "pronounce", "q", "tagline"), ENRICHED),
    **dict.fromkeys(("media-caption", "li", "caption", "th", "td"), _FLOW),
    "dd": _FLOW | {"block"},
    **dict.fromkeys(("event", "function", "org", "object.title", "virtloc", "classifier"), _CODED),
    **dict.fromkeys(("sublocation", "city", "state", "region", "country"), _CODED),
}
"""What may be inside an element; what is not named here has nothing but text inside."""

MIXED = frozenset(CHILDREN) & _of(
    "hl1 hl2 p media-producer dt credit a em lang pronounce q tagline media-caption li caption th td dd event function org object.title "
    "virtloc classifier sublocation city state region country rights byline byttl distributor dateline copyrite num location person "
    "delivery.point delivery.office"
)
"""Those of `CHILDREN` that have text inside as well."""

ELEMENTS = frozenset(CHILDREN).union(
    *CHILDREN.values(),
    _of("title meta ds doc-id urgency care.of postcode nitf"),
)
"""All elements."""

ORDER = {
    "nitf": "head? body",
    "head": "title? meta* tobject? iim? docdata? pubdata* revision-history*",
    "tobject": "tobject.property* tobject.subject*",
    "body": "body.head? body.content* body.end?",
    "body.head": "hedline* note* rights? byline* distributor? dateline* abstract* series?",
    "hedline": "hl1 hl2*",
    "body.end": "tagline? bibliography?",
}
"""The order of what is inside, with `?` for at most one and `*` for any number."""

REQUIRED = {
    "meta": "content",
    "tobject.subject": "tobject.subject.refnum",
    "ds": "num",
    "media": "media-type",
    "media-metadata": "name",
    "media-object": "encoding",
    "alt-code": "idsrc",
    "table-reference": "idref",
}
"""The attribute without which an element is nothing."""

NEEDED = {
    **dict.fromkeys(("ol", "ul"), _of("li")),
    **dict.fromkeys(("thead", "tbody", "tfoot"), _of("tr")),
    **dict.fromkeys(("fn", "note"), _of("body.content")),
    "abstract": _BLOCK,
    "dl": _of("dt dd"),
    "media": _of("media-reference"),
    "tr": _of("th td"),
}
"""Elements that need something inside, any of these."""

VALUES = {
    ("title", "type"): _of("main subtitle parttitle alternate abbrev other"),
    ("pubdata", "type"): _of("print audio video web appliance other"),
    ("revision-history", "function"): _of(
        "writer-author editor producer archivist videographer graphic-artist photographer statistician other"
    ),
    ("note", "noteclass"): _of("cpyrt end hd editorsnote trademk undef"),
    ("note", "type"): _of("std pa npa"),
    ("tagline", "type"): _of("std pa npa"),
    ("media-reference", "units"): _of("pixels"),
    ("person", "gender"): _of("male female"),
    ("td", "align"): _of("left center right justify char"),
    ("th", "align"): _of("left center right justify char"),
}
"""What an attribute can be."""

ATTRIBUTES = {
    "nitf": _of("uno version change.date change.time baselang"),
    "meta": _of("http-equiv name content"),
    "docdata": _of("management-status management-doc-idref management-idref-status"),
    "doc-id": _of("regsrc id-string"),
    "du-key": _of("generation part version key"),
    "doc.copyright": _of("year holder"),
    "keyword": _of("key"),
    "evloc": _of("iso-cc state-prov county-dist city"),
    "correction": _of("info id-string regsrc"),
    "urgency": _of("ed-urg"),
    **dict.fromkeys(("date.issue", "date.release", "date.expire", "story.date", "chron"), _of("norm")),
    "pubdata": _of(
        "type item-length unit-of-measure date.publication name issn volume number issue edition.name edition.area position.section "
        "position.sequence ex-ref"
    ),
    "revision-history": _of("name function norm comment"),
    "media": _of("media-type"),
    "media-reference": _of(
        "source name mime-type coding time time-unit-of-measure outcue source-credit copyright alternate-text height width units imagemap "
        "noflow data-location"
    ),
    "p": _of("lede summary optional-text"),
    "a": _of("href name rel rev title"),
    "ol": _of("seqnum"),
    "bq": _of("nowrap quote-source"),
    "q": _of("quote-source"),
    "note": _of("noteclass type"),
}
"""The attributes of those elements that are mostly written, beside id, class, style and the language."""
