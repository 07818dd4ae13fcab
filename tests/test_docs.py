"""The documents say what is: generated pages are as the code gives them, and what the README shows works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from publisher import docs, fidelity, formats, post, settings
from publisher.cli import COMMANDS
from publisher.problems import Rule

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("page", docs.PAGES)
def test_a_generated_page_is_as_the_code_gives_it(page: str) -> None:
    assert (ROOT / f"docs/{page}.md").read_text("utf-8") == docs.PAGES[page](), "run `make docs`"


def test_nothing_but_the_markup_of_a_lone_json_ld_body_is_lost() -> None:
    lost = re.findall(rf"^\| `(\w+)` \|.*{fidelity.LOST}.*\|$", docs.fields_page(), re.MULTILINE)
    assert lost == ["body"]


@pytest.mark.parametrize("rule", docs.rules().values(), ids=docs.rules())
def test_every_rule_says_why_and_what_to_do_and_where_it_stands(rule: Rule[object]) -> None:
    assert rule.explanation.strip().endswith((".", "”", ")"))
    assert rule.hint
    assert not rule.hint.endswith(".")
    assert rule.spec.startswith("https://")


@pytest.mark.parametrize("code", docs.rules())
def test_a_rule_is_in_the_page_once(code: str) -> None:
    assert docs.rules_page().count(f"| [`{code}`](") == 1


def test_a_rule_begins_with_what_it_is_about() -> None:
    subjects = {code.partition("-")[0] for code in docs.rules()}
    known = "atom epub feed jsonfeed jsonld newsml ninjs nitf opds opds2 opml page rdf rss site sitemap spelling"
    assert subjects <= set(known.split())


@pytest.mark.parametrize("name", [*post.VARIABLES, *formats.targets()])
def test_the_page_on_devices_names_every_setting_and_every_target(name: str) -> None:
    assert f"| `{name}` |" in (ROOT / "docs/devices.md").read_text("utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_names_every_command(name: str) -> None:
    assert re.search(rf"publisher .*\b{name}\b", README)


def test_the_settings_of_the_readme_are_settings() -> None:
    shown = settings.read("".join(re.findall(r"```toml\n(.*?)```", README, re.DOTALL)).encode())[0]
    assert shown.publication.name == "The Lantern"
    assert [each.select for each in shown.issues] == ["week", "list"]
    assert shown.book.issn == "2049-3630"


@pytest.mark.parametrize("target", re.findall(r"\]\((?!https://lantern\.example/)([^)#]+)\)", README))
def test_every_link_of_the_readme_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


SHOWN_AS_OTHER = {"rss": set(), "atom": set(), "jsonfeed": {"article_section"}}
"""Fields that readers are shown, but as something else: a JSON Feed has flat tags, so there the section is one of them."""


@pytest.mark.parametrize("name", SHOWN_AS_OTHER)
def test_what_a_feed_carries_natively_has_an_element_and_what_it_does_not_has_none(name: str) -> None:
    module = formats.writer(name)
    carried = {field for field, named in fidelity.elements(module).items() if named} - SHOWN_AS_OTHER[name]
    assert carried == {field for field, mark in fidelity.marks(module).items() if mark in (fidelity.NATIVE, fidelity.PARTLY)}
