"""What one loading knows: its day, its ids, and the rows already made, by key."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from registry.accounts.models import User
from registry.audit.service import record
from registry.cases.models import Case
from registry.common.calendar import TOKYO
from registry.common.viewer import SYSTEM, Viewer
from registry.demo import files
from registry.demo.ids import Ids
from registry.listings.models import Listing
from registry.organizations.models import Organization
from registry.policy.models import PolicyCode
from registry.programs.models import Program

COORDINATOR = "coordinator@demo.example"
"""Who made the decisions of needs without a case."""


@dataclass
class World:
    """One loading of the demo. Every later part finds the rows of the earlier ones here."""

    today: date
    ids: Ids
    codes: dict[str, PolicyCode] = field(default_factory=dict)
    organizations: dict[str, Organization] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)
    # By address.
    users: dict[str, User] = field(default_factory=dict)
    # The member of an organization, by the organization's key.
    members: dict[str, User] = field(default_factory=dict)
    listings: dict[str, Listing] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)

    def day(self, cell: str) -> date | None:
        """The day that a cell of a data file means."""
        return files.day(cell, self.today)

    def need_day(self, cell: str) -> date:
        """The day of a cell that must not be empty. Raises ValueError when it is."""
        found = self.day(cell)
        if found is None:
            raise ValueError("a day is missing in the demo's data")
        return found

    def staff(self, name: str) -> User:
        """The coordinator of that name."""
        return next(user for user in self.users.values() if user.name == name)

    def log(
        self, action: str, subject: str, /, *, actor: User | None = None, **after: object
    ) -> None:
        """Write the creation of a record into the audit log."""
        viewer = viewer_of(actor) if actor else SYSTEM
        changes = {name: (None, value) for name, value in after.items() if value not in (None, "")}
        record(actor=viewer, action=action, subject=subject, changes=changes)


def viewer_of(user: User) -> Viewer:
    """A demo user as the one who acts."""
    return Viewer(role=user.role, user_id=user.id, public_id=user.public_id, name=user.name)


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """A time of the office's day, in UTC."""
    return datetime.combine(day, time(hour, minute), TOKYO).astimezone(UTC)
