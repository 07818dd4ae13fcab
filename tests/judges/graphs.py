"""PyLD and rdflib: what JSON-LD says, as a graph, read by two processors that know nothing of each other.

schema.org's context is never fetched; `CONTEXT` says the same of the names that matter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pyld import jsonld
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic

from publisher.judges import Refused

__all__ = ["SCHEMA", "expanded", "graph", "same", "without"]

SCHEMA = "http://schema.org/"
# As in https://schema.org/docs/jsonldcontext.json: what is an address, what is a date; all else is text or a node.
ADDRESSES = "url contentUrl license sameAs image logo mainEntityOfPage isBasedOn citation thumbnailUrl usageInfo acquireLicensePage".split()
DATES = "datePublished dateModified dateCreated uploadDate correctionDate".split()
CONTEXT = {
    "@vocab": SCHEMA,
    **{name: {"@type": "@id"} for name in ADDRESSES},
    **{name: {"@type": "Date"} for name in DATES},
}
KNOWN = ("https://schema.org", "https://schema.org/", "http://schema.org", "http://schema.org/")


def expanded(document: Any) -> list[Any]:
    """Return the document as PyLD expands it."""
    found: list[Any] = jsonld.expand(document, {"documentLoader": _context})
    return found


def graph(document: Any) -> Graph:
    """Return the document's graph, which PyLD and rdflib must agree on; raise `Refused` when they do not, or when it is empty."""
    quads = jsonld.to_rdf(document, {"documentLoader": _context, "format": "application/n-quads"})
    first = Graph().parse(data=quads, format="nt")  # there is but one graph in it
    second = Graph().parse(data=json.dumps(_with_whole_numbers(_with_context(document))), format="json-ld")
    if not len(first):
        raise Refused("there is nothing in this document")
    if not same(first, second):
        raise Refused(f"PyLD and rdflib read two graphs, of {len(first)} and {len(second)} triples")
    return first


def same(first: Graph, second: Graph) -> bool:
    """Return whether two graphs say the same, whatever they call their blank nodes."""
    return len(first) == len(second) and isomorphic(first, second)


def without(found: Graph, name: str) -> Graph:
    """Return a graph without what it says with one of schema.org's names."""
    left = Graph()
    for each in found:
        if each[1] != URIRef(SCHEMA + name):
            left.add(each)
    return left


def _with_context(document: Any) -> Any:
    if not isinstance(document, Mapping) or document.get("@context") not in KNOWN:
        raise Refused("the context is not that of schema.org")
    return {**document, "@context": CONTEXT}


# 0.0 is the integer 0 in JSON-LD 1.1 (API, 8.6.2, "Object to RDF Conversion"); for rdflib 7.6 it is a double.
def _with_whole_numbers(document: Any) -> Any:
    return json.loads(json.dumps(document), parse_float=lambda text: int(float(text)) if float(text).is_integer() else float(text))


def _context(url: str, options: Any) -> dict[str, Any]:
    if url not in KNOWN:
        raise Refused(f"nothing is fetched, and so not {url}")
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": {"@context": CONTEXT}}
