"""What a partner institution, which writes no listings itself, is shown."""

from datetime import date

from registry.common.roles import Role
from registry.db import db, transaction
from registry.organizations.models import Membership
from tests.client import Client
from tests.factories.accounts import make_user
from tests.factories.organizations import make_organization


def test_a_partner_is_not_offered_listings_of_its_own(client: Client) -> None:
    partner, bank = make_user(Role.PARTNER), make_organization()
    with transaction():
        db.session.add(
            Membership(organization_id=bank.id, user_id=partner.id, since=date(2026, 4, 1))
        )

    page = client.sign_in(partner).get("/listings")

    assert not page.has_link("わが社の案件")
