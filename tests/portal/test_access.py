"""Who may open which page that gathers rooms, and that the statements say what they must."""

import pytest
from flask import Flask

from registry.common.roles import PERMISSIONS, Role
from registry.organizations.models import OrganizationState
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.organizations import make_member, make_organization

STATEMENTS = ("/help", "/about", "/privacy", "/accessibility")
STAFF_PAGES = {
    "/desk": "desk.use",
    "/desk?view=all": "desk.use",
    "/search?q=試験": "search.all",
    "/gallery": "desk.use",
}


def sign_in_as(client: Client, role: Role) -> None:
    """Sign in somebody of that role; a visitor stays outside."""
    if role is not Role.VISITOR:
        client.sign_in(make_member() if role is Role.MEMBER else make_user(role))


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_what_its_permissions_say(client: Client, role: Role) -> None:
    record = f"/organizations/{make_organization().public_id}/record"
    sign_in_as(client, role)

    for page in ("/", *STATEMENTS):
        client.get(page)
    for page, permission in {**STAFF_PAGES, record: "organizations.record"}.items():
        refused = 302 if role is Role.VISITOR else 403
        client.get(page, status=200 if role in PERMISSIONS[permission] else refused)


def test_pages_are_there_in_english_too(client: Client) -> None:
    for page in ("/", *STATEMENTS):
        assert client.get(f"{page}?lang=en").reader.lang == "en"


def test_the_record_of_nobody_is_not_found(client: Client) -> None:
    client.sign_in(make_user(Role.COORDINATOR))

    client.get("/organizations/11111111-2222-3333-4444-555555555555/record", status=404)


def test_the_about_page_names_licences_and_attributes_the_dictionary(client: Client) -> None:
    page = client.get("/about")

    for words in ("MIT", "SudachiDict", "Apache-2.0", "CC BY-SA", "Universal Sentence Encoder"):
        assert words in page.text
    assert "property of the Electronic Dictionary Research and Development Group" in page.text
    assert page.has_link("licence")
    assert "かわさき産業振興プラン" in page.text


def test_help_marks_the_part_for_ones_own_role(client: Client) -> None:
    assert "あなたの役割" not in client.get("/help").text
    client.sign_in(make_user(Role.PARTNER))

    assert client.get("/help").text.count("あなたの役割") == 1


def test_the_gallery_shows_every_component_in_its_states(client: Client) -> None:
    client.sign_in(make_user(Role.COORDINATOR))

    assert "500" not in client.get("/gallery").reader.title


def test_staff_see_the_record_of_an_organization_in_any_state(client: Client, app: Flask) -> None:
    hidden = make_organization(name="株式会社 下書き工房", state=OrganizationState.DRAFT)
    client.sign_in(make_user(Role.ADMINISTRATOR))

    assert "下書き工房" in client.get(f"/organizations/{hidden.public_id}/record").text
