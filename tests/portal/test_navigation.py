"""The menu marks one entry: where the page belongs."""

import re

import pytest

from registry.common.roles import Role
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.organizations import make_member, make_organization


def current(html: str) -> list[str]:
    """The words of the marked entries of the first menu."""
    menu = html.split('<nav class="nav wrap"')[1].split("</nav>")[0]
    return [
        re.sub(r"<[^>]+>", "", found).strip()
        for found in re.findall(r'<a[^>]*aria-current="page"[^>]*>(.*?)</a>', menu, re.DOTALL)
    ]


@pytest.mark.parametrize(
    "address",
    ["/admin", "/admin/users", "/admin/outbox", "/admin/audit", "/admin/settings"],
)
def test_the_administrators_pages_lie_under_administration(client: Client, address: str) -> None:
    client.sign_in(make_user(Role.ADMINISTRATOR))

    assert current(client.get(address).html) == ["管理"]


def test_the_own_page_is_marked_alone(client: Client) -> None:
    client.sign_in(make_member())

    assert current(client.get("/my-organization").html) == ["わが社のページ"]
    assert current(client.get("/organizations").html) == ["企業・団体"]


def test_the_whole_record_lies_under_organizations(client: Client) -> None:
    client.sign_in(make_user(Role.COORDINATOR))

    page = client.get(f"/organizations/{make_organization().public_id}/record")

    assert current(page.html) == ["企業・団体"]
