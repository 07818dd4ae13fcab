"""One article through any chain of formats: RSS, then an EPUB, then a page, …, and it is still the same article."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from publisher import compare, formats, schema
from publisher.article import Publication
from publisher.formats import Writer
from tests import strategies

LOSSLESS = [module for name, module in formats.writers().items() if name not in ("newsarticle", "nitf")]
"""Every format but lone JSON-LD, which has no place for the markup of a body, and NITF, which has none for some of it."""


class Chain(RuleBasedStateMachine):
    """What is sent from format to format, and what it was at first."""

    def __init__(self) -> None:
        super().__init__()
        self.first: Publication | None = None
        self.now: Publication | None = None
        self.through: list[str] = []

    @initialize(publication=strategies.publications(least=1, most=1))
    def begin(self, publication: Publication) -> None:
        self.first = self.now = publication

    @rule(module=st.sampled_from(LOSSLESS))
    def send(self, module: Writer) -> None:
        assert self.now is not None
        self.through.append(module.NAME)
        self.now = module.read(module.write(self.now)).publication

    @invariant()
    def the_article_is_the_same(self) -> None:
        if self.first and self.now:
            found = compare.differences(schema.with_articles(self.now, self.first.articles), self.now)
            assert list(found) == [], " → ".join(self.through)


TestChain = Chain.TestCase
TestChain.settings = settings(strategies.FEWER, stateful_step_count=6)
