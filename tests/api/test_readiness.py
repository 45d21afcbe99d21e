"""The suggestions of a process that has just started: computed, or an honest "come back"."""

import threading

import pytest
from flask import Flask

from registry.common.roles import Role
from registry.suggestions import readiness
from registry.suggestions.matcher import Matcher, matcher
from tests.factories.accounts import make_user
from tests.factories.listings import make_need, make_seed
from tests.factories.tokens import Program


@pytest.fixture
def cold(app: Flask) -> Flask:
    """The app with an engine that has read nothing yet."""
    for name in ("musubi_matcher", "musubi_engine_reading"):
        app.extensions.pop(name, None)
    return app


def test_a_cold_engine_is_read_beside_and_asked_again_later(
    cold: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go, follow = threading.Event(), Matcher.follow

    def slowly(engine: Matcher) -> None:
        if threading.current_thread() is not threading.main_thread():
            let_go.wait(30)
        follow(engine)

    monkeypatch.setattr(Matcher, "follow", slowly)
    monkeypatch.setattr(readiness.is_ready, "__defaults__", (0.05,))
    need = make_need(title="めっき液の再生", keywords=["めっき液"])
    make_seed(title="めっき液を再生する膜", keywords=["めっき液"])
    program = Program(cold, make_user(Role.COORDINATOR))

    early = program.get(f"/listings/{need.public_id}/suggestions")
    let_go.set()
    cold.extensions["musubi_engine_reading"].thread.join(30)
    late = program.get(f"/listings/{need.public_id}/suggestions")

    assert early.status_code == 503
    assert int(early.headers["Retry-After"]) > 0
    assert early.get_json()["type"].endswith("busy")
    assert late.status_code == 200
    assert [one["rank"] for one in late.get_json()["candidates"]] == [1]


def test_reading_that_fails_is_left_to_who_asks(
    cold: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_engine: Matcher) -> None:
        raise OSError("no index")

    monkeypatch.setattr(Matcher, "follow", broken)
    assert readiness.is_ready(30)
    monkeypatch.undo()

    assert matcher().position == -1
    assert readiness.is_ready()
