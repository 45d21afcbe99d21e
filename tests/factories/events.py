"""Events, editions and what belongs to them, for tests."""

from datetime import date
from itertools import count

from registry.accounts.models import User
from registry.common.roles import Role
from registry.common.viewer import SYSTEM, Viewer
from registry.db import db, transaction
from registry.events import exhibiting, registering
from registry.events.exhibiting import ExhibitWords
from registry.events.models import (
    Edition,
    EditionState,
    Event,
    EventKind,
    Exhibit,
    Meeting,
    MeetingResult,
    Registration,
)
from registry.organizations.models import Organization
from registry.programs.models import Program, ProgramOperator, ProgramState, Shape
from tests.factories.accounts import make_user
from tests.factories.organizations import make_organization

TODAY = date(2026, 11, 25)
SOON = date(2027, 2, 3)
_numbers = count(1)


def make_program(**fields: object) -> Program:
    """A program whose work is an event."""
    number = next(_numbers)
    values: dict[str, object] = {
        "key": f"event-program-{number}",
        "title": f"催しの制度{number}",
        "shape": Shape.EVENT,
        "state": ProgramState.ACTIVE,
    }
    row = Program(**{**values, **fields})
    with transaction():
        db.session.add(row)
    return row


def operator_of(program: Program) -> User:
    """A user who runs the program."""
    user = make_user(Role.OPERATOR)
    with transaction():
        db.session.add(ProgramOperator(program_id=program.id, user_id=user.id))
    return user


def make_event(**fields: object) -> Event:
    """An exhibition of the office's own."""
    number = next(_numbers)
    values: dict[str, object] = {
        "key": f"event-{number}",
        "kind": EventKind.EXHIBITION,
        "title": f"試験の展示会{number}",
    }
    row = Event(**{**values, **fields})
    with transaction():
        db.session.add(row)
    return row


def make_edition(event: Event | None = None, **fields: object) -> Edition:
    """An edition of the coming February that takes registrations."""
    event = event or make_event()
    values: dict[str, object] = {
        "event_id": event.id,
        "title": f"{event.title} 2027",
        "starts_on": SOON,
        "ends_on": fields.get("starts_on", SOON),
        "state": EditionState.OPEN,
        "announced": True,
    }
    row = Edition(**{**values, **fields})
    with transaction():
        db.session.add(row)
    return row


def make_exhibit(
    edition: Edition, organization: Organization | None = None, **words: object
) -> Exhibit:
    """An organization exhibits."""
    organization = organization or make_organization()
    with transaction():
        return exhibiting.add_exhibitors(
            edition,
            [organization],
            ExhibitWords(**words),  # type: ignore[arg-type]
            viewer=SYSTEM,
        )[0]


def make_registration(
    edition: Edition,
    organization: Organization | None = None,
    people: int = 1,
    *,
    viewer: Viewer = SYSTEM,
) -> Registration:
    """So many people of an organization."""
    organization = organization or make_organization()
    with transaction():
        return registering.register(
            edition, organization, people=people, today=TODAY, viewer=viewer
        )


def make_meeting(edition: Edition, **fields: object) -> Meeting:
    """Two organizations met on the first day."""
    values: dict[str, object] = {
        "edition_id": edition.id,
        "host_id": fields.pop("host_id", None) or make_organization().id,
        "guest_id": fields.pop("guest_id", None) or make_organization().id,
        "on": edition.starts_on,
        "result": MeetingResult.OPEN,
    }
    row = Meeting(**{**values, **fields})
    with transaction():
        db.session.add(row)
    return row
