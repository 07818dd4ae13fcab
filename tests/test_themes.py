"""Themes: where a template is looked for, what it is given, and what is said of one that is wrong."""

from __future__ import annotations

from datetime import date

import pytest

from publisher.article import Link, Organization, Publication
from publisher.problems import Problem, PublisherError
from publisher.surroundings import Surroundings, Theme
from publisher.themes import frame, templates
from publisher.themes.frame import Frame

PAPER = Publication(
    identifier="https://paper.example/",
    name="The Paper & Sons",
    url="https://paper.example/",
    in_language="en",
    publisher=Organization(name="Paper & Sons"),
)


def page(*files: tuple[str, str], **given: object) -> Frame:
    site = Surroundings(
        theme=Theme(files=tuple(sorted(files))),
        sections=(Link(url="https://paper.example/sections/harbour.html", name="Harbour"),),
        services=(("archive", "https://paper.example/archive.html"),),
        sheet="https://paper.example/style.css",
    )
    values = {"publication": PAPER, "title": "A <title>", "data": "{}", "site": site, "here": "https://paper.example/news/a.html"}
    return Frame(**{**values, **given})  # type: ignore[arg-type]


def shown(*files: tuple[str, str], name: str = "base.html", **values: object) -> str:
    return frame.render(page(*files), name, **values).decode()


def wrong(*files: tuple[str, str], name: str = "base.html", **values: object) -> Problem:
    with pytest.raises(PublisherError) as caught:
        shown(*files, name=name, **values)
    (found,) = caught.value.problems
    return found


def test_what_every_page_has_is_there() -> None:
    text = shown()
    assert "<title>A &lt;title&gt;</title>" in text
    assert '<link rel="stylesheet" href="../style.css">' in text
    assert '<li><a href="../sections/harbour.html">Harbour</a></li>' in text
    assert '<li><a href="../archive.html">Archive</a></li>' in text
    assert "The Paper &amp; Sons" in text


def test_no_line_is_empty_or_indented() -> None:
    text = shown(("base.html", "<p>\n\n   one\n {% if true %}\n\n two\n{% endif %}</p>\n\n"))
    assert text == "<p>\none\ntwo\n</p>\n"


def test_lines_that_are_kept_stay_as_they_are() -> None:
    assert shown(("base.html", "<div>{{ body }}</div>"), body=templates.kept("<pre>\n\n  a</pre>")) == "<div><pre>\n\n  a</pre></div>\n"


def test_a_users_file_may_extend_ours_of_the_same_name() -> None:
    own = '{% extends "newspaper/base.html" %}{% block foot %}<footer>mine</footer>{% endblock %}'
    text = shown(("base.html", own))
    assert "<footer>mine</footer>" in text
    assert '<header class="masthead">' in text


def test_a_template_with_a_mistake_in_its_spelling_is_told_with_its_line() -> None:
    found = wrong(("base.html", "<p>\n{% if %}\n</p>"))
    assert (found.code, found.location.path, found.location.line) == ("theme-template", "theme/base.html", 2)
    assert found.hint


def test_a_name_that_nothing_has_is_told_with_its_line() -> None:
    found = wrong(("base.html", "<p>\n\n{{ nonsense }}</p>"))
    assert (found.message, found.location.path, found.location.line) == ("'nonsense' is undefined", "theme/base.html", 3)


def test_a_part_that_nothing_has_is_told_without_the_names_of_our_classes() -> None:
    found = wrong(("base.html", "{{ page.nonsense }}"))
    assert (found.message, found.location.line) == ("there is nothing called 'nonsense' in this", 1)


@pytest.mark.parametrize(
    "text",
    [
        "{{ 1 / 0 }}",
        '{% include "base.html" %}',
        '{% include "nothing.html" %}',
        "{{ page.near(1, 2, 3) }}",
        "{{ page.__class__.__mro__ }}",
        "{{ range(999999999) | list }}",
        "{{ page.time(words) }}",
        "{{ [].append(1) }}",
        "{% block a %}{% block a %}",
        "{{ 'a' | nonsense }}",
        "{% nonsense %}",
    ],
)
def test_whatever_is_wrong_with_a_users_template_is_a_problem_in_its_file(text: str) -> None:
    found = wrong(("base.html", text))
    assert (found.code, found.location.path) == ("theme-template", "theme/base.html")
    assert found.message
    assert found.hint


def test_what_goes_into_a_template_is_escaped() -> None:
    assert shown(("base.html", "{{ text }}"), text="<script>") == "&lt;script&gt;\n"


def test_a_page_is_the_same_each_time() -> None:
    assert shown() == shown()
    assert shown(("base.html", "{{ page.time(day) }}"), day=date(2026, 11, 27)) == '<time datetime="2026-11-27">27 November 2026</time>\n'
