"""Who sees what of a published listing: the same rules as the queries, as a table for authors."""

from dataclasses import dataclass
from enum import StrEnum

from registry.common.roles import Role
from registry.listings.models import Visibility


class Sight(StrEnum):
    """How much of a listing somebody sees: everything, only title and keywords, or nothing."""

    ALL = "all"
    HEAD = "head"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Circle:
    """One group of people: the role that stands for it, what they see, whether with the name."""

    role: Role
    text: Sight
    name: bool


def audience(visibility: Visibility, *, anonymous: bool) -> tuple[Circle, ...]:
    """Staff, members, partners and visitors, in this order, for a listing of that visibility."""
    members = visibility is not Visibility.STAFF
    public = visibility is Visibility.PUBLIC
    sights = (
        (Role.COORDINATOR, Sight.ALL),
        (Role.MEMBER, Sight.ALL if members else Sight.NOTHING),
        (Role.PARTNER, Sight.ALL if public else Sight.HEAD if members else Sight.NOTHING),
        (Role.VISITOR, Sight.ALL if public else Sight.NOTHING),
    )
    return tuple(
        Circle(
            role,
            sight,
            role is Role.COORDINATOR or (sight is Sight.ALL and not anonymous),
        )
        for role, sight in sights
    )
