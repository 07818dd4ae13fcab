"""docs/publishing.md is true: the configurations in it, the action and the hook do what it says, in the real programs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from publisher import cli
from tests.judges.hosting import caddy, nginx

pytestmark = pytest.mark.judges
ROOT = Path(__file__).parents[2]
PAGE = {
    "sections/harbour.html": "<p>Harbour</p>",
    "404.html": "<p>Nothing is here.</p>",
    ".publisher": "x",
    ".well-known/security.txt": "Contact: a",
}
FILES = {
    "index.html": "text/html; charset=utf-8",
    "style.css": "text/css; charset=utf-8",
    "feed.atom": "application/atom+xml; charset=utf-8",
    "feed.rss": "application/rss+xml; charset=utf-8",
    "feed.json": "application/feed+json",
    "feed/1.json": "application/feed+json",
    "sections/harbour.json": "application/feed+json",
    "articles/bells.jsonld": "application/ld+json",
    "feeds.opml": "text/x-opml; charset=utf-8",
    "the-lantern.epub": "application/epub+zip",
    "media/a.avif": "image/avif",
    "people/ines.json": "application/feed+json",
    "articles/bells.oembed.json": "application/json",
    "sections/lead.oembed.json": "application/json",
    "catalogue.json": "application/opds+json",
    "catalogue/topics.json": "application/opds+json",
    "catalogue.xml": "application/atom+xml;profile=opds-catalog",
    "catalogue/topics.xml": "application/atom+xml;profile=opds-catalog",
}
"""Files and the media types that they have to have."""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file of each kind, that any user may read."""
    folder = tmp_path_factory.mktemp("published")
    for path, text in (dict.fromkeys(FILES, "<p>The ferry sailed at noon.</p>\n" * 100) | PAGE).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    for each in (folder, *folder.parents):
        if each.stat().st_uid == os.getuid() and each != Path("/"):
            each.chmod(each.stat().st_mode | 0o555)
    return folder


@pytest.fixture(scope="module", params=[nginx, caddy], ids=["nginx", "caddy"])
def host(request: pytest.FixtureRequest, published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    with request.param(tmp_path_factory.mktemp("host"), published) as url, httpx2.Client(base_url=url, trust_env=False) as client:
        yield client


@pytest.mark.parametrize("path", FILES)
def test_a_server_gives_each_file_its_media_type(host: httpx2.Client, path: str) -> None:
    answer = host.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, FILES[path])
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_server_packs_what_can_be_packed_and_gives_nothing_twice(host: httpx2.Client) -> None:
    answer = host.get("feed.atom", headers={"Accept-Encoding": "gzip"})
    assert (answer.headers["content-encoding"], answer.headers["vary"].lower()) == ("gzip", "accept-encoding")
    again = host.get("feed.atom", headers={"Accept-Encoding": "gzip", "If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_a_server_shows_our_page_for_what_is_not_there(host: httpx2.Client) -> None:
    for path in ("nothing", "articles/nothing.html", ".publisher", "media/.hidden"):
        answer = host.get(path)
        assert (answer.status_code, answer.text) == (404, PAGE["404.html"])
        assert answer.headers["content-type"].startswith("text/html")


def test_a_server_shows_what_is_well_known(host: httpx2.Client) -> None:
    assert host.get(".well-known/security.txt").text == "Contact: a"


# -- a bucket ---------------------------------------------------------------------------------------------------------------

AWS = """#!/bin/sh
for each in "$@"; do printf '%s\\0' "$each"; done >> "$AWS_LOG"
printf '\\n' >> "$AWS_LOG"
"""


def is_sent(call: list[str], path: str) -> bool:
    """Return whether `aws s3 sync` with these arguments is about a file: the last filter that fits decides (AWS CLI, "s3")."""
    found = True
    for option, pattern in pairwise(call):
        if option in ("--exclude", "--include") and fnmatchcase(path, pattern):
            found = option == "--include"
    return found


def test_a_bucket_gets_each_file_once_with_its_media_type(tmp_path: Path) -> None:
    (script,) = re.findall(r"```sh\n# upload.sh.*?\n(.*?)```", (ROOT / "docs/publishing.md").read_text("utf-8"), re.DOTALL)
    (tmp_path / "aws").write_text(AWS)
    (tmp_path / "aws").chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "AWS_LOG": str(tmp_path / "log")}
    subprocess.run(["bash", "-c", script, "upload.sh", "exports", "s3://lantern.example"], env=environment, check=True)
    calls = [each.split("\0")[:-1] for each in (tmp_path / "log").read_text().splitlines()]
    for path, media_type in {**FILES, "sitemap.xml": "application/xml; charset=utf-8", "media/a.jpg": ""}.items():
        (call,) = (each for each in calls if is_sent(each, path))
        assert dict(pairwise(call)).get("--content-type", "") == media_type, path
    assert not any(is_sent(each, ".publisher") for each in calls)


# -- the action and the hook ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with a `publisher` that runs this tree, as after an installation."""
    folder = tmp_path_factory.mktemp("bin")
    script = f"#!/bin/sh\nPYTHONPATH='{ROOT}' exec '{sys.executable}' -m publisher.cli \"$@\"\n"
    (folder / "publisher").write_text(script)
    (folder / "publisher").chmod(0o755)
    return folder


def steps() -> list[dict[str, Any]]:
    """Return the steps of the action that run something."""
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    return [each for each in action["runs"]["steps"] if "run" in each]


def act(step: dict[str, Any], programs: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run one step as a runner of GitHub does."""
    given = {key: re.sub(r"\$\{\{ inputs\.(\S+) \}\}", lambda found: inputs[found[1]], value) for key, value in step.get("env", {}).items()}
    environment = {**os.environ, **given, "PATH": f"{programs}:{os.environ['PATH']}"}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_action_installs_builds_and_checks() -> None:
    assert [each["name"] for each in steps()] == ["Install", "Build", "Check"]
    assert steps()[0]["run"] == 'python -m pip install --quiet "$GITHUB_ACTION_PATH"'


def test_the_action_builds_and_checks_the_sources(programs: Path, tmp_path: Path) -> None:
    _, build, check = steps()
    for step in (build, check):
        done = act(step, programs, source=str(ROOT / "seeds"), output=str(tmp_path / "public"))
        assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "public" / "feed.atom").is_file()


def test_the_action_fails_with_an_annotation_where_something_is_wrong(programs: Path, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: [\n---\nText\n")
    done = act(steps()[1], programs, source=str(tmp_path / "a.md"), output=str(tmp_path / "public"))
    assert done.returncode == 1
    assert "::error file=" in done.stdout


def test_the_hook_finds_what_is_wrong_in_the_files_of_a_commit(tmp_path: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    fine, wrong = tmp_path / "fine.md", tmp_path / "wrong.md"
    fine.write_text("---\ntitle: The ferry\ndate: 2026-11-20\n---\nIt sailed.\n")
    wrong.write_text("---\ntitle: [\n---\nText\n")
    assert [bool(re.search(hook["files"], each)) for each in ("a.md", "feed.rss", "a.jpg")] == [True, True, False]
    name, *rest = hook["entry"].split()
    assert name == "publisher"
    assert [cli.main([*rest, str(each)]) for each in (fine, wrong)] == [0, 1]
