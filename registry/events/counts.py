"""What indicators count of events: exhibitors, booths, meetings, attendance, media figures."""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)

from registry.db import db
from registry.events.models import (
    Edition,
    EditionFigure,
    EditionState,
    Event,
    Exhibit,
    FigureKind,
    JointBooth,
    Meeting,
    Registration,
    RegistrationState,
)
from registry.policy.counting import Count, CountedRow, Filters, fact, fiscal_year_of, month_period
from registry.programs.counts import of_program

KEYS = frozenset({"program", "event"})


def _wanted(filters: Filters) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [
        of_program(Event.program_id, filters),
        Edition.state != EditionState.CANCELLED,
    ]
    if key := filters.get("event"):
        conditions.append(Event.key == key)
    return and_(true(), *conditions)


def _period() -> ColumnElement[str]:
    """What the source says of its time, or the month in which it began."""
    return case((Edition.period != "", Edition.period), else_=month_period(Edition.starts_on))


def _columns(subject: Any, party: Any, weight: Any, approximate: Any = None) -> tuple[Any, ...]:
    return fact(
        fiscal_year_of(Edition.starts_on),
        subject,
        period=_period(),
        party=party,
        weight=weight,
        approximate=approximate,
    )


def _exhibitors(filters: Filters) -> Select[Any]:
    return (
        select(*_columns(Edition.id, Exhibit.organization_id, literal(1)))
        .select_from(Exhibit)
        .join(Edition, Exhibit.edition_id == Edition.id)
        .join(Event, Edition.event_id == Event.id)
        .where(_wanted(filters), ~Exhibit.cancelled, ~Exhibit.requested)
    )


def _supported(filters: Filters) -> Select[Any]:
    return _exhibitors(filters).where(Exhibit.supported)


def _in_joint_booths(filters: Filters) -> Select[Any]:
    return _exhibitors(filters).where(Exhibit.joint_booth_id.is_not(None))


def _booths(filters: Filters) -> Select[Any]:
    """The exhibitors' own booths and the joint ones."""
    own = (
        select(*_columns(Edition.id, null(), Exhibit.booths))
        .select_from(Exhibit)
        .join(Edition, Exhibit.edition_id == Edition.id)
        .join(Event, Edition.event_id == Event.id)
        .where(_wanted(filters), ~Exhibit.cancelled, ~Exhibit.requested)
    )
    joint = (
        select(*_columns(Edition.id, null(), JointBooth.booths))
        .select_from(JointBooth)
        .join(Edition, JointBooth.edition_id == Edition.id)
        .join(Event, Edition.event_id == Event.id)
        .where(_wanted(filters))
    )
    both = union_all(own, joint).subquery()
    return select(*both.c)


def _meetings(filters: Filters) -> Select[Any]:
    return (
        select(*_columns(Edition.id, null(), literal(1)))
        .select_from(Meeting)
        .join(Edition, Meeting.edition_id == Edition.id)
        .join(Event, Edition.event_id == Event.id)
        .where(_wanted(filters))
    )


def _registrations(*states: RegistrationState) -> Callable[[Filters], Select[Any]]:
    def facts(filters: Filters) -> Select[Any]:
        return (
            select(*_columns(Edition.id, Registration.organization_id, Registration.people))
            .select_from(Registration)
            .join(Edition, Registration.edition_id == Edition.id)
            .join(Event, Edition.event_id == Event.id)
            .where(_wanted(filters), Registration.state.in_(states))
        )

    return facts


def _figure(filters: Filters) -> Select[Any]:
    flag = case((EditionFigure.approximate, 1), else_=0)
    return (
        select(*_columns(Edition.id, null(), EditionFigure.value, flag))
        .select_from(EditionFigure)
        .join(Edition, EditionFigure.edition_id == Edition.id)
        .join(Event, Edition.event_id == Event.id)
        .where(_wanted(filters), EditionFigure.kind == FigureKind(filters.get("figure", "")))
    )


def _editions(filters: Filters) -> Select[Any]:
    return (
        select(*_columns(Edition.id, null(), literal(1)))
        .join(Event, Edition.event_id == Event.id)
        .where(_wanted(filters), Edition.state == EditionState.HELD)
    )


def _rows(numbers: list[int]) -> list[CountedRow]:
    found = db.session.execute(
        select(Edition, func.count(Exhibit.id))
        .outerjoin(Exhibit, Exhibit.edition_id == Edition.id)
        .where(Edition.id.in_(numbers))
        .group_by(Edition.id)
        .order_by(Edition.starts_on, Edition.id)
    )
    return [
        CountedRow(
            on=edition.starts_on.isoformat() if edition.days_known else edition.period,
            title=edition.title,
            parties=(),
            endpoint="events.edition",
            public_id=edition.public_id,
            illustrative=edition.illustrative,
            source=edition.source,
        )
        for edition, _count in found
    ]


_ATTENDED = _registrations(RegistrationState.ATTENDED)
COUNTS = (
    Count(
        name="events.exhibitors",
        label=_l("出展した企業・団体"),
        keys=KEYS,
        facts=_exhibitors,
        party_facts=_exhibitors,
        rows=_rows,
        model=Edition,
    ),
    Count(
        name="events.supported",
        label=_l("出展を支援した企業・団体"),
        keys=KEYS,
        facts=_supported,
        party_facts=_supported,
        rows=_rows,
        model=Edition,
    ),
    Count(
        name="events.joint",
        label=_l("共同出展の企業・団体"),
        keys=KEYS,
        facts=_in_joint_booths,
        party_facts=_in_joint_booths,
        rows=_rows,
        model=Edition,
    ),
    Count(
        name="events.booths",
        label=_l("ブース"),
        keys=KEYS,
        facts=_booths,
        rows=_rows,
        model=Edition,
    ),
    Count(
        name="events.meetings",
        label=_l("会場での商談"),
        keys=KEYS,
        facts=_meetings,
        rows=_rows,
        model=Edition,
    ),
    Count(
        name="events.attended",
        label=_l("参加した人"),
        keys=KEYS,
        facts=_ATTENDED,
        party_facts=_ATTENDED,
        rows=_rows,
        model=Edition,
    ),
    Count(
        name="events.editions",
        label=_l("開催の回数"),
        keys=KEYS,
        facts=_editions,
        rows=_rows,
        model=Edition,
    ),
    Count(
        name="events.figure",
        label=_l("イベントの数値（来場者・報道など）"),
        keys=KEYS | {"figure"},
        facts=_figure,
        rows=_rows,
        model=Edition,
    ),
)
