"""How hypothesis runs: many examples where it matters, the same ones every time. And where judges run: not twice."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from itertools import takewhile

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from publisher import build
from publisher.outputs import Output, Written
from publisher.workers import cores


@pytest.fixture(scope="session", autouse=True)
def answers_kept_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what is fetched in a folder of the tests, not in that of whoever runs them.

    Pictures in several sizes are kept for all processes of a run: those of the seeds take ten seconds, and are asked for all over.
    """
    kept = tmp_path_factory.mktemp("cache")
    run = tmp_path_factory.getbasetemp()
    pictures = (run.parent if "PYTEST_XDIST_WORKER" in os.environ else run) / "pictures"
    pictures.mkdir(exist_ok=True)
    (kept / "pictures").symlink_to(pictures)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUBLISHER_CACHE", str(kept))
        yield


gc.set_threshold(20_000, 20, 50)  # little of what tests make is garbage, and a sixth of their time went into looking for it


@pytest.fixture(scope="module", autouse=True)
def what_stays_is_passed_by() -> None:
    """Let the collector of garbage not look through all tests again and again; after a build in this process it would (`gc.unfreeze`)."""
    if not gc.get_freeze_count():
        gc.freeze()


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of all outputs that are made from now on."""
    found: list[str] = []
    render = build.render

    def noted(output: Output, key: build.Key | None = None) -> Written:
        found.append(output.path)
        return render(output, key)

    monkeypatch.setattr(build, "render", noted)
    return found


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("default", max_examples=100, deadline=None, derandomize=True, suppress_health_check=SLOW)
settings.register_profile("quick", max_examples=25, deadline=None, derandomize=True, suppress_health_check=SLOW)
settings.register_profile("thorough", max_examples=1000, deadline=None, suppress_health_check=SLOW)
settings.load_profile("default")


class JudgesTogether(LoadScopeScheduling):  # type: ignore[misc] # comes without types
    """Spreads the tests over the cores, but keeps each file of judges in one process, since a judge is slow to start, and our code to be parsed.

    Replaces xdist's groups, which have no effect with pytest 9.2 (xdist 3.8.0 writes `Item._nodeid`, which is gone).
    """

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("::")[0] if nodeid.startswith(("tests/judges/", "tests/test_house.py")) else nodeid

    def _pending_of(self, workload: dict[str, dict[str, bool]]) -> int:
        """Return how many tests of a process are not done yet; units end in their order, and of those before these there are thousands."""
        last = takewhile(lambda unit: not all(unit.values()), reversed(workload.values()))
        return sum([*unit.values()].count(False) for unit in last)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes test: half as many again as there are cores, since a fifth of their time tests wait for others.

    With twice as many it takes as long, and what waits for a clock waits longer.
    """
    return cores() + cores() // 2


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> JudgesTogether:
    """Return what hands out the tests."""
    return JudgesTogether(config, log)
