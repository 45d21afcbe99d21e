"""What an edition's page shows: who exhibits, joint booths as groups, and the figures of it."""

from dataclasses import dataclass, field

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from registry.common.viewer import Viewer
from registry.db import db
from registry.events.models import (
    Edition,
    EditionFigure,
    Exhibit,
    FigureKind,
    JointBooth,
    Meeting,
    MeetingResult,
    Registration,
    RegistrationState,
)
from registry.organizations.models import Organization
from registry.organizations.queries import visible_to as organizations_visible_to

COMING = (RegistrationState.REGISTERED, RegistrationState.ATTENDED)
"""Registrations whose people take places."""


@dataclass
class Group:
    """A joint booth: its leader where the viewer may see it, and those who share it."""

    booth: JointBooth
    leader: Organization | None
    exhibits: list[Exhibit] = field(default_factory=list)


@dataclass(frozen=True)
class ExhibitorCounts:
    """Exhibitors are not booths (trap T10): so many organizations, in so many booths of their own
    and so many joint ones."""

    organizations: int
    in_joint_booths: int
    own_booths: int
    joint_booths: int

    @property
    def booths(self) -> int:
        return self.own_booths + self.joint_booths


@dataclass(frozen=True)
class Attendance:
    """People by what became of their registration."""

    coming: int
    waiting: int
    attended: int
    absent: int
    organizations: int


def exhibits_shown(edition: Edition, viewer: Viewer, *, every: bool) -> Select[Exhibit]:
    """The exhibits whose organization the viewer may see, by reading; `every` takes in applications
    and what was cancelled."""
    seen = organizations_visible_to(viewer).with_only_columns(Organization.id).order_by(None)
    statement = (
        select(Exhibit)
        .join(Organization, Exhibit.organization_id == Organization.id)
        .where(Exhibit.edition_id == edition.id, Exhibit.organization_id.in_(seen))
        .options(joinedload(Exhibit.organization), joinedload(Exhibit.joint_booth))
        .order_by(
            Exhibit.cancelled,
            Exhibit.requested.desc(),
            Organization.kana == "",
            Organization.kana,
            Exhibit.id,
        )
    )
    return statement if every else statement.where(~Exhibit.cancelled, ~Exhibit.requested)


def groups_of(edition: Edition, viewer: Viewer) -> list[Group]:
    """The joint booths with their visible exhibitors, in the order of their making."""
    seen = organizations_visible_to(viewer).with_only_columns(Organization.id).order_by(None)
    booths = db.session.scalars(
        select(JointBooth)
        .where(JointBooth.edition_id == edition.id)
        .options(joinedload(JointBooth.leader))
        .order_by(JointBooth.id)
    )
    groups = {booth.id: Group(booth, None) for booth in booths}
    leaders = [g.booth.leader_id for g in groups.values() if g.booth.leader_id]
    visible = (
        set(db.session.scalars(seen.where(Organization.id.in_(leaders)))) if leaders else set()
    )
    for group in groups.values():
        if group.booth.leader_id in visible:
            group.leader = group.booth.leader
    shown = exhibits_shown(edition, viewer, every=False)
    for exhibit in db.session.scalars(shown.where(Exhibit.joint_booth_id.is_not(None))):
        if exhibit.joint_booth_id in groups:
            groups[exhibit.joint_booth_id].exhibits.append(exhibit)
    return list(groups.values())


def count_exhibitors(edition: Edition) -> ExhibitorCounts:
    """All of them, those whose names are not shown too."""
    organizations, joint, own = db.session.execute(
        select(
            func.count(Exhibit.id),
            func.count(Exhibit.joint_booth_id),
            func.coalesce(func.sum(Exhibit.booths), 0),
        ).where(Exhibit.edition_id == edition.id, ~Exhibit.cancelled, ~Exhibit.requested)
    ).one()
    shared = db.session.scalar(
        select(func.coalesce(func.sum(JointBooth.booths), 0)).where(
            JointBooth.edition_id == edition.id
        )
    )
    return ExhibitorCounts(organizations, joint, int(own), int(shared or 0))


def count_attendance(edition: Edition) -> Attendance:
    """People and organizations registered."""
    rows = db.session.execute(
        select(Registration.state, func.sum(Registration.people))
        .where(Registration.edition_id == edition.id)
        .group_by(Registration.state)
    )
    people = {state: int(number) for state, number in rows}
    organizations = db.session.scalar(
        select(func.count(func.distinct(Registration.organization_id))).where(
            Registration.edition_id == edition.id, Registration.state.in_(COMING)
        )
    )
    return Attendance(
        coming=sum(people.get(state, 0) for state in COMING),
        waiting=people.get(RegistrationState.WAITING, 0),
        attended=people.get(RegistrationState.ATTENDED, 0),
        absent=people.get(RegistrationState.ABSENT, 0),
        organizations=organizations or 0,
    )


def count_meetings(edition: Edition) -> dict[MeetingResult, int]:
    """Meetings by what came of them."""
    rows = db.session.execute(
        select(Meeting.result, func.count())
        .where(Meeting.edition_id == edition.id)
        .group_by(Meeting.result)
    )
    found: dict[MeetingResult, int] = {row[0]: row[1] for row in rows}
    return {result: found[result] for result in MeetingResult if result in found}


def figures_of(edition: Edition) -> list[EditionFigure]:
    """What others counted, in the order of their kinds."""
    found = db.session.scalars(select(EditionFigure).where(EditionFigure.edition_id == edition.id))
    order = list(FigureKind)
    return sorted(found, key=lambda figure: order.index(figure.kind))


def own_exhibit(edition: Edition, viewer: Viewer) -> Exhibit | None:
    """The viewer's own organization's exhibit, an application too."""
    if viewer.organization_id is None:
        return None
    return db.session.scalar(
        select(Exhibit).where(
            Exhibit.edition_id == edition.id, Exhibit.organization_id == viewer.organization_id
        )
    )


def own_registration(edition: Edition, viewer: Viewer) -> Registration | None:
    """The viewer's own organization's registration that stands, if any."""
    if viewer.organization_id is None:
        return None
    return db.session.scalar(
        select(Registration)
        .where(
            Registration.edition_id == edition.id,
            Registration.organization_id == viewer.organization_id,
            Registration.state != RegistrationState.CANCELLED,
        )
        .order_by(Registration.id)
        .limit(1)
    )


def registrations_of(edition: Edition, state: RegistrationState | None) -> Select[Registration]:
    """The registrations of an edition for whoever runs it: those that stand first, by reading."""
    statement = (
        select(Registration)
        .join(Organization, Registration.organization_id == Organization.id)
        .where(Registration.edition_id == edition.id)
        .options(joinedload(Registration.organization))
        .order_by(
            Registration.state == RegistrationState.CANCELLED,
            Registration.state == RegistrationState.WAITING,
            Organization.kana == "",
            Organization.kana,
            Registration.id,
        )
    )
    return statement.where(Registration.state == state) if state else statement
