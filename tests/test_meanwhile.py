"""A call is made by another process, and what it returns comes back whole or not at all."""

from __future__ import annotations

import os
import threading

import pytest

from publisher import meanwhile
from publisher.meanwhile import Meanwhile

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")


@pytest.fixture(autouse=True)
def cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two, whatever there is."""
    monkeypatch.setattr(meanwhile, "_cores", lambda: 2)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no thread of other tests were here; none of theirs has a lock that these calls would wait for."""
    monkeypatch.setattr(meanwhile, "_is_alone", lambda: True)


@pytest.mark.usefixtures("alone")
def test_it_returns_what_another_process_found() -> None:
    other = Meanwhile(lambda: os.getpid().to_bytes(8, "big") * 100_000)
    found = other.result()
    assert found is not None
    assert found == found[:8] * 100_000
    assert int.from_bytes(found[:8], "big") != os.getpid()
    assert other.result() is None


@pytest.mark.usefixtures("alone")
def test_nothing_is_returned_of_a_call_that_fails_or_finds_nothing() -> None:
    def fails() -> bytes:
        raise ValueError

    assert Meanwhile(lambda: None).result() is None
    assert Meanwhile(fails).result() is None
    assert Meanwhile(lambda: b"").result() == b""


@pytest.mark.usefixtures("alone")
def test_it_ends_when_nobody_wants_it() -> None:
    other = Meanwhile(lambda: (threading.Event().wait() and b"") or None)
    other.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(other._number, 0)


def test_where_a_fork_would_lose_a_thread_nothing_is_begun() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert Meanwhile(lambda: b"found").result() is None
    finally:
        done.set()
        thread.join()
