"""The administrator reads the permission table that the app itself goes by."""

from registry.accounts.permissions import permission_label
from registry.common.roles import PERMISSIONS, Role
from tests.client import Client
from tests.factories.accounts import make_user


def test_every_permission_stands_in_words_with_its_roles(client: Client) -> None:
    client.sign_in(make_user(Role.ADMINISTRATOR))

    page = client.get("/admin/roles")

    for permission in PERMISSIONS:
        assert permission_label(permission) != permission
        assert permission_label(permission) in page.text
    able = sum(len(roles) for roles in PERMISSIONS.values())
    assert page.html.count("できる</span>") == able
