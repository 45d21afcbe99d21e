"""Reading events and their editions: who sees which, and in what order."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import joinedload

from registry.common.errors import NotFound
from registry.common.folding import search_terms
from registry.common.viewer import Viewer
from registry.db import db
from registry.events.models import Edition, EditionState, Event, EventKind
from registry.organizations.models import Organization
from registry.organizations.queries import visible_to as organizations_visible_to
from registry.places.models import Place, PlaceState
from registry.programs.models import Program
from registry.programs.queries import visible_to as programs_visible_to

MOST_TERMS = 10


@dataclass(frozen=True)
class EditionFilter:
    """What the list of editions is narrowed to; empty means all. `program` is a public id, `year` a
    calendar year, `open` keeps those that take registrations now."""

    text: str = ""
    kind: EventKind | None = None
    program: str = ""
    year: int | None = None
    open: bool = False

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.kind or self.program or self.year or self.open)


def may_run(event: Event, viewer: Viewer) -> bool:
    """Whether the viewer keeps the records of an event: staff, and operators of its program."""
    return viewer.is_staff or (
        event.program_id in viewer.program_ids if event.program_id else False
    )


def visible_to(viewer: Viewer) -> Select[Edition]:
    """Statement of the editions that the viewer may see, with their events.

    Everybody sees what was announced; what is in preparation, staff and the program's operators.
    """
    statement = (
        select(Edition)
        .join(Event, Edition.event_id == Event.id)
        .options(joinedload(Edition.event).joinedload(Event.program), joinedload(Edition.place))
    )
    return statement if viewer.is_staff else statement.where(_is_shown(viewer))


def _is_shown(viewer: Viewer) -> ColumnElement[bool]:
    public = (EditionState.OPEN, EditionState.CLOSED, EditionState.HELD)
    shown = [
        Edition.state.in_(public),
        and_(Edition.state == EditionState.CANCELLED, Edition.announced),
    ]
    if viewer.program_ids:
        shown.append(Event.program_id.in_(viewer.program_ids))
    return or_(*shown)


def editions(wanted: EditionFilter, viewer: Viewer, today: date) -> Select[Edition]:
    """Those that fit: the coming ones first, the nearest on top; then the past, the latest on top."""
    statement = visible_to(viewer).where(_matches(wanted.text))
    if wanted.kind:
        statement = statement.where(Event.kind == wanted.kind)
    if wanted.program:
        statement = statement.where(Event.program.has(Program.public_id == wanted.program))
    if wanted.year:
        first, last = date(wanted.year, 1, 1), date(wanted.year, 12, 31)
        statement = statement.where(Edition.starts_on <= last, Edition.ends_on >= first)
    if wanted.open:
        statement = statement.where(takes_registrations(today))
    past = case((Edition.ends_on < today, 1), else_=0)
    nearest = case((Edition.ends_on >= today, Edition.starts_on))
    return statement.order_by(
        past, nearest.asc().nulls_last(), Edition.starts_on.desc(), Edition.id.desc()
    )


def takes_registrations(today: date) -> ColumnElement[bool]:
    """Condition: open, and within the window for registering."""
    return and_(
        Edition.state == EditionState.OPEN,
        or_(Edition.opens_on.is_(None), Edition.opens_on <= today),
        or_(Edition.closes_on.is_(None), Edition.closes_on >= today),
        Edition.ends_on >= today,
    )


def is_taking(edition: Edition, today: date) -> bool:
    """The same of one edition."""
    return (
        edition.state is EditionState.OPEN
        and (edition.opens_on is None or edition.opens_on <= today)
        and (edition.closes_on is None or edition.closes_on >= today)
        and edition.ends_on >= today
    )


def _matches(text: str) -> ColumnElement[bool]:
    """Every word occurs in what search looks at of the event, in the edition's title or venue."""
    conditions: list[ColumnElement[bool]] = [true()]
    for word in text[:200].split()[:MOST_TERMS]:
        folded = [Event.search_text.contains(t, autoescape=True) for t in search_terms(word)]
        conditions.append(
            or_(
                and_(true(), *folded),
                Edition.title.contains(word, autoescape=True),
                Edition.venue.contains(word, autoescape=True),
            )
        )
    return and_(*conditions)


def get_edition(public_id: str, viewer: Viewer) -> Edition:
    """The edition of that id. Raises NotFound when it is absent or hidden."""
    found = db.session.scalar(visible_to(viewer).where(Edition.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def get_event(public_id: str, viewer: Viewer) -> Event:
    """The event of that id: with an edition that the viewer may see, or one that he runs.

    Raises NotFound.
    """
    found = db.session.scalar(
        select(Event)
        .where(Event.public_id == public_id)
        .options(joinedload(Event.program), joinedload(Event.organizer))
    )
    if found is None or not (may_run(found, viewer) or editions_of(found, viewer)):
        raise NotFound
    return found


def editions_of(event: Event, viewer: Viewer) -> list[Edition]:
    """The editions of an event that the viewer may see, the latest first."""
    statement = visible_to(viewer).where(Edition.event_id == event.id)
    return list(db.session.scalars(statement.order_by(Edition.starts_on.desc(), Edition.id.desc())))


def events_without_editions(viewer: Viewer) -> list[Event]:
    """Events that have no edition yet, of those that the viewer runs, by title."""
    if not viewer.may("events.write"):
        return []
    statement = select(Event).where(
        ~select(Edition.id).where(Edition.event_id == Event.id).exists()
    )
    if not viewer.is_staff:
        statement = statement.where(Event.program_id.in_(viewer.program_ids))
    return list(db.session.scalars(statement.order_by(Event.title, Event.id)))


def years_of(viewer: Viewer) -> list[int]:
    """The calendar years in which visible editions begin, the latest first."""
    rows = visible_to(viewer).with_only_columns(
        func.min(Edition.starts_on), func.max(Edition.ends_on)
    )
    first, last = db.session.execute(rows.order_by(None)).one()
    return list(range(last.year, first.year - 1, -1)) if first and last else []


def programs_with_events(viewer: Viewer) -> list[Program]:
    """Visible programs that have events, in the order of the policy tree."""
    held = select(Event.program_id).where(Event.program_id.is_not(None))
    return list(db.session.scalars(programs_visible_to(viewer).where(Program.id.in_(held))))


def programs_to_choose(viewer: Viewer, current: Program | None = None) -> list[Program]:
    """The programs under which the viewer may put an event."""
    statement = programs_visible_to(viewer)
    if not viewer.is_staff:
        statement = statement.where(Program.id.in_(viewer.program_ids))
    found = list(db.session.scalars(statement))
    return found if current is None or current in found else [*found, current]


def program_shown(event: Event, viewer: Viewer) -> Program | None:
    """The event's program, where the viewer may see it."""
    if event.program_id is None:
        return None
    return db.session.scalar(programs_visible_to(viewer).where(Program.id == event.program_id))


def organizer_shown(event: Event, viewer: Viewer) -> Organization | None:
    """Who holds the event, where the viewer may see that organization."""
    if event.organizer_id is None:
        return None
    return db.session.scalar(
        organizations_visible_to(viewer).where(Organization.id == event.organizer_id)
    )


def places_to_choose(current: Place | None = None) -> list[Place]:
    """Places in which an edition may be held: open ones, and the one chosen already."""
    kept = or_(Place.state != PlaceState.CLOSED, Place.id == (current.id if current else 0))
    return list(db.session.scalars(select(Place).where(kept).order_by(Place.number)))
