"""The ground answers."""

from registry.common.roles import Role
from tests.client import Client
from tests.factories.accounts import make_user


def test_the_front_page_opens(client: Client) -> None:
    assert client.get("/").reader.lang == "ja"
    assert client.get("/?lang=en").reader.lang == "en"
    assert client.get("/").reader.lang == "en"


def test_the_app_says_that_it_is_well(client: Client) -> None:
    assert client.get("/healthz").response.json == {"status": "ok"}


def test_a_person_signs_in(client: Client) -> None:
    client.sign_in(make_user(Role.COORDINATOR))

    assert "コーディネーター" in client.get("/").text
