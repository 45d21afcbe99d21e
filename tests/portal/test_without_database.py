"""Error pages are there even when what the frame asks for is not."""

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from registry import app as composition
from registry.common.roles import Role
from registry.web.sessions import RowSessionInterface
from tests.client import Client
from tests.factories.accounts import make_user


def broken(*_args: object, **_kwargs: object) -> object:
    raise OperationalError("SELECT 1", {}, Exception("unable to open database file"))


def test_a_missing_database_gives_a_calm_page_with_the_offices_defaults(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(composition, "current_office", broken)

    page = client.get("/help", status=503)

    assert len(page.reader.h1) == 1 and "みなと市" in page.text
    assert "データベースに届きません" in page.text
    assert "SELECT" not in page.html and "Traceback" not in page.html


def test_a_signed_in_person_gets_it_too_when_sessions_cannot_be_read(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.sign_in(make_user(Role.COORDINATOR))
    monkeypatch.setattr(RowSessionInterface, "_retrieve_session_data", broken)

    page = client.get("/desk", status=503)

    assert "サインイン" in page.text and "コーディネーター" not in page.text
    assert page.reader.lang == "ja"


def test_a_page_that_is_not_there_is_still_404_without_the_menu(
    client: Client, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(composition, "menu_counts", broken)

    page = client.get("/no-such-page", status=404)

    assert "ページが見つかりません" in page.text


def test_everything_works_again_on_the_next_request(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(composition, "current_office", broken)
        client.get("/help", status=503)

    assert client.get("/help").has_link("案件")
