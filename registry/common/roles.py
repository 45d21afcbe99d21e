"""Roles and the permission table: the one place that says who may open what.

A permission is a verb on an object. Every route declares one (`web.access.allow`); which *rows*
a viewer then sees is decided by each room's `visible_to(viewer)`.
"""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """Who somebody is to the office."""

    VISITOR = "visitor"
    MEMBER = "member"
    OPERATOR = "operator"
    PARTNER = "partner"
    EVALUATOR = "evaluator"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


EVERYONE = frozenset(Role)
SIGNED_IN = EVERYONE - {Role.VISITOR}
STAFF = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
MEMBERS_AND_STAFF = STAFF | {Role.MEMBER}

PERMISSIONS: Mapping[str, frozenset[Role]] = {
    "public.read": EVERYONE,
    "account.sign_in": EVERYONE,
    "account.join": EVERYONE,
    "account.use": SIGNED_IN,
    "organizations.read": EVERYONE,
    "organizations.edit": MEMBERS_AND_STAFF,
    "organizations.enter": MEMBERS_AND_STAFF | {Role.PARTNER},
    "organizations.refer": STAFF | {Role.PARTNER},
    "organizations.review": STAFF,
    "organizations.record": STAFF,
    "members.manage": MEMBERS_AND_STAFF,
    "listings.read": EVERYONE,
    "listings.write": MEMBERS_AND_STAFF,
    "listings.review": STAFF,
    "programs.read": EVERYONE,
    "programs.operate": STAFF | {Role.OPERATOR},
    "programs.write": STAFF,
    "programs.apply": MEMBERS_AND_STAFF,
    "programs.follow": MEMBERS_AND_STAFF | {Role.OPERATOR},
    "places.read": EVERYONE,
    "places.book": MEMBERS_AND_STAFF | {Role.OPERATOR},
    "places.operate": STAFF | {Role.OPERATOR},
    "suggestions.read": MEMBERS_AND_STAFF,
    "suggestions.decide": STAFF,
    "glossary.edit": STAFF,
    "weights.read": STAFF,
    "weights.govern": ADMINISTRATORS,
    "encounters.read": STAFF,
    "encounters.record": STAFF,
    "intake.ask": EVERYONE,
    "intake.follow": SIGNED_IN,
    "intake.work": STAFF | {Role.OPERATOR},
    "intake.route": STAFF,
    "newsletter.release": STAFF,
    "newsletter.leave": EVERYONE,
    "surveys.run": STAFF,
    "surveys.answer": EVERYONE,
    "cases.read": MEMBERS_AND_STAFF,
    "cases.work": STAFF,
    "cases.answer": EVERYONE,
    "files.read": MEMBERS_AND_STAFF,
    "files.write": STAFF,
    "events.read": EVERYONE,
    "events.write": STAFF | {Role.OPERATOR},
    "events.register": MEMBERS_AND_STAFF | {Role.OPERATOR},
    "exchange.import": STAFF,
    "exchange.export": EVERYONE,
    "desk.use": STAFF,
    "search.all": STAFF,
    "reports.read": STAFF | {Role.EVALUATOR},
    "reports.close": STAFF,
    "yearly.read": EVERYONE,
    "yearly.open": STAFF,
    "policy.read": EVERYONE,
    "policy.edit": STAFF,
    "policy.remark": STAFF | {Role.EVALUATOR},
    "audit.read": ADMINISTRATORS,
    "users.administer": ADMINISTRATORS,
    "office.administer": ADMINISTRATORS,
    "outbox.administer": ADMINISTRATORS,
}
"""Permission → the roles that have it."""


def may(role: Role, permission: str) -> bool:
    """Whether a role has a permission. Raises KeyError for a permission not in the table."""
    return role in PERMISSIONS[permission]
