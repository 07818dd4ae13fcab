"""What an output is made of, as a digest: what has the same one is made of the same, and comes out as the same bytes.

The digest is of values alone, so that it is the same in each process, whatever the order of hashes, of objects in memory and of calls.
What many outputs have in common is spelled once: an article, what all pages are told, the fields of the publication.
Media are no part of it: which of them an output wants is known once it is made (`outputs.Answer`).
"""

from __future__ import annotations

import json
import marshal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import Field, fields, is_dataclass
from datetime import date, datetime
from functools import partial
from hashlib import blake2b
from operator import attrgetter, is_
from pathlib import PurePath
from types import BuiltinFunctionType, FunctionType, MethodDescriptorType
from typing import Any

from publisher.article import Article, Publication
from publisher.formats import Target
from publisher.newsstand.plan import Common, Lights, Site, Texts
from publisher.outputs import KEY, Content, Make, Output, Sheaf
from publisher.surroundings import Surroundings
from publisher.tracing import named_in, text_digest, told_digest

__all__ = ["Inputs"]

_APART: Mapping[type, frozenset[str]] = {
    Publication: frozenset(("articles",)),
    Surroundings: frozenset(("trail", "older", "newer", "more", "lists", "embed", "renditions")),
    Target: frozenset(("url", "site", "history")),
}
"""What differs from output to output; of each type all else is mostly the same as the last time."""
_LEFT_OUT: Mapping[type, frozenset[str]] = {Target: frozenset(("media", "tell")), Site: frozenset(("media", "renditions"))}
"""What says how to get something, and not what it is."""
_FIELDS = attrgetter(*(each.name for each in fields(Article) if each.name != "body"))


class Inputs:
    """Gives the digests of outputs; what was spelled for one is remembered for those after it, as long as this lives."""

    def __init__(self, version: bytes) -> None:
        self._version = version
        self._articles: dict[int, tuple[Article, str]] = {}
        self._told: dict[str, tuple[tuple[object, ...], bytes]] = {}
        """All of articles but their texts, by identifier: the same objects where one only names another."""
        self._met: list[Article] | None = None
        """Articles whose texts are apart."""
        self._sites: dict[int, tuple[Site, str]] = {}
        self._common: dict[int, tuple[Common, str]] = {}
        self._former: dict[type, tuple[tuple[object, ...], str]] = {}
        self._spellers: dict[type, Callable[[Any], object]] = {}
        self._encode = json.JSONEncoder(check_circular=False, separators=(",", ":"), default=self._spelled).encode

    def key(self, output: Output) -> bytes | None:
        """Return the digest of all that an output is made of; `None` when it is made by something that has no name."""
        return output.key or self.made_of(output.format, output.content())

    def made_of(self, form: str, content: Content) -> bytes | None:
        """Return the digest of what an output of some format is made of; `None` when it is made by something that has no name."""
        made = (content.make,) if content.make else (content.publication, content.target)
        return self._key((form, made))

    def outline(self, given: object) -> bytes | None:
        """Return the digest of what sheaves are made from: all but the texts of articles, and of these what they name."""
        with self._met_articles():
            return self._key(given)

    def shape(self, sheaf: Sheaf) -> tuple[bytes | None, tuple[Article, ...]]:
        """Return the digest of all that the outputs of a sheaf are planned from but the texts of articles, and those articles."""
        with self._met_articles() as met:
            return self._key((sheaf.plan, sheaf.given)), tuple(met)

    def texts(self, output: Output) -> tuple[Article, ...] | None:
        """Return the articles that an output is made of, of which it may show texts; `None` when nobody can tell."""
        content = output.content()
        with self._met_articles() as met:
            found = self._key((content.make,) if content.make else (content.publication, content.target))
        return tuple(met) if found else None

    @contextmanager
    def _met_articles(self) -> Iterator[list[Article]]:
        """Spell articles without their texts meanwhile, and note them."""
        before, self._met = self._met, (found := list[Article]())
        try:
            yield found
        finally:
            self._met = before

    def _key(self, value: object) -> bytes | None:
        try:
            return self._digest(value).digest()
        except TypeError:
            return None

    def _digest(self, value: object) -> blake2b:
        return blake2b(self._encode(value).encode(), digest_size=KEY, key=self._version)

    def _spelled(self, value: Any) -> object:
        """Return what is no JSON as what is; raise `TypeError` for what is more than a value."""
        kind = type(value)
        spell = self._spellers.get(kind)
        if spell is None:
            spell = self._spellers[kind] = self._speller(kind)
        return spell(value)

    def _speller(self, kind: type) -> Callable[[Any], object]:
        if kind is Article:
            return self._article
        if kind is Common:
            return self._of_common
        if kind is Site:
            return self._of_site
        if kind is Texts:
            return lambda texts: self._digest([*map(self._article, texts.articles)]).hexdigest()
        if not is_dataclass(kind):
            return _other
        every = [each for each in fields(kind) if each.name not in _LEFT_OUT.get(kind, ())]
        apart = _APART.get(kind, frozenset(each.name for each in every))
        own = _with_tables(kind.__name__, [each for each in every if each.name in apart])
        common = [each.name for each in every if each.name not in apart]
        return partial(self._in_parts, kind, _getter(common), own) if common else own

    def _article(self, article: Article) -> str:
        """Return the digest of an article, of one that is not known made once; of one whose text is apart, that of all else."""
        if self._met is not None:
            self._met.append(article)
            return told_digest(article).hex()
        if hasattr(article, "_known") and (hasattr(article, "_late") or not article.body):  # known already: not to be kept once more
            return blake2b(text_digest(article), digest_size=KEY, key=told_digest(article)).hexdigest()
        if known := self._articles.get(id(article)):
            return known[1]
        values = _FIELDS(article)
        former = self._told.get(article.identifier)
        if not former or not all(map(is_, former[0], values)):
            former = self._told[article.identifier] = values, told_digest(article)
        found = blake2b(text_digest(article), digest_size=KEY, key=former[1]).hexdigest()
        self._articles[id(article)] = article, found  # with the article, so that no other one gets its id
        return found

    def _of_common(self, common: Common) -> str:
        """Return the digest of what many have in common, made once."""
        known = self._common.get(id(common))
        if not known:
            found = self._digest((common.publication, common.target, (*common.lists.items(),))).hexdigest()
            known = self._common[id(common)] = common, found
        return known[1]

    def _of_site(self, site: Site) -> str:
        """Return the digest of a whole site, made once: of its articles all but their texts, which nobody asks for who is given one."""
        known = self._sites.get(id(site))
        if not known:
            named = [(each.media, each.pictures, each.links) for each in map(named_in, site.publication.articles)]
            with self._met_articles():  # version 0 of marshal spells each value as it is, without references
                found = self._digest((_of_site(site), marshal.dumps(named, 0))).hexdigest()
            known = self._sites[id(site)] = site, found
        return known[1]

    def _in_parts(self, kind: type, common: Callable[[Any], tuple[object, ...]], own: Callable[[Any], object], value: object) -> object:
        """Return a value with the digest of the fields that are mostly the same objects as those of the last value of its type."""
        values, former = common(value), self._former.get(kind)
        if not former or not all(map(is_, former[0], values)):
            former = self._former[kind] = values, self._digest(values).hexdigest()
        return former[1], own(value)


def _of_site(site: Site) -> tuple[object, ...]:
    own = (getattr(site, each.name) for each in fields(Site) if each.name not in _LEFT_OUT[Site])
    return (*own, (*site.renditions.items(),))


def _with_tables(name: str, own: Sequence[Field[Any]]) -> Callable[[Any], object]:
    """Return what gives the values of fields, tables as their rows."""
    get = _getter(each.name for each in own)
    tables = [place for place, each in enumerate(own) if str(each.type).startswith("Mapping")]
    if not tables:
        return lambda value: (name, get(value))

    def rows(value: object) -> object:
        found: list[Any] = [*get(value)]
        for place in tables:
            found[place] = (*found[place].items(),)
        return name, found

    return rows


def _getter(names: Iterable[str]) -> Callable[[Any], tuple[object, ...]]:
    get = attrgetter(*(several := tuple(names)))
    return get if len(several) > 1 else lambda value: (get(value),)


def _other(value: object) -> object:
    if isinstance(value, datetime | date):
        return type(value).__name__, value.isoformat()
    if isinstance(value, bytes):
        return "bytes", blake2b(value, digest_size=KEY).hexdigest()
    if isinstance(value, Make):
        return _named(value.function), value.arguments
    if isinstance(value, PurePath):
        return "path", str(value)
    if isinstance(value, Lights):
        return "lights", blake2b(value.told(), digest_size=KEY).hexdigest()
    if isinstance(value, frozenset):
        return "set", sorted(value)
    return _named(value)


def _named(function: object) -> str:
    """Return the name by which any process finds a function; raise `TypeError` when it has none."""
    if not isinstance(function, FunctionType | BuiltinFunctionType | MethodDescriptorType | type) or "<" in function.__qualname__:
        raise TypeError(function)
    return f"{getattr(function, '__module__', '')}.{function.__qualname__}"
