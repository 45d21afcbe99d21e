"""What the monthly report reads besides the facts."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, exists, func, or_, select

from registry.accounts.models import User
from registry.cases.models import Case, Closure
from registry.common.calendar import Month, day_bounds_utc
from registry.common.roles import STAFF
from registry.db import db
from registry.encounters.models import Encounter
from registry.listings.models import Listing, ListingKind, ListingState
from registry.organizations.models import Organization
from registry.policy.models import PolicyCode
from registry.programs.models import Program
from registry.suggestions.models import Candidate
from registry.web.i18n import pick


@dataclass(frozen=True)
class ProgramLabel:
    """What a program is called, and the policy code it hangs on."""

    title: str
    policy_code: str


def open_cases_at(day: date) -> dict[int, date]:
    """Row number and opening day of the cases that were open at the end of a day.

    A case that was closed on that day and reopened later was not open in between.
    """
    between = exists().where(
        Closure.case_id == Case.id, Closure.closed_on <= day, Closure.reopened_on > day
    )
    statement = (
        select(Case.id, Case.opened_on)
        .where(Case.opened_on <= day, or_(Case.closed_on.is_(None), Case.closed_on > day), ~between)
        .order_by(Case.opened_on, Case.id)
    )
    return dict(iter(db.session.execute(statement)))


def needs_open_at(day: date, *, ward: str = "") -> int:
    """How many needs were published at the end of a day, all or those of a municipality."""
    statement = _open_needs(day, ward).with_only_columns(func.count()).order_by(None)
    return db.session.scalar(statement) or 0


def needs_without_candidate_at(day: date, *, ward: str = "") -> list[Listing]:
    """Needs published at the end of a day for which the engine then knew no seed, oldest first."""
    _start, end = day_bounds_utc(day, day)
    known = exists().where(
        Candidate.need_id == Listing.id,
        Candidate.first_seen_at < end,
        or_(Candidate.current, Candidate.last_seen_at >= end),
    )
    return list(db.session.scalars(_open_needs(day, ward).where(~known)))


def _open_needs(day: date, ward: str) -> Select[Listing]:
    _start, end = day_bounds_utc(day, day)
    statement = (
        select(Listing)
        .join(Organization, Organization.id == Listing.organization_id)
        .where(
            Listing.kind == ListingKind.NEED,
            Listing.published_at < end,
            or_(Listing.state == ListingState.PUBLISHED, Listing.ended_at >= end),
        )
        .order_by(Listing.published_at, Listing.id)
    )
    return statement.where(Organization.municipality == ward) if ward else statement


def program_labels() -> dict[str, ProgramLabel]:
    """Every program by its key, in the page's language."""
    statement = select(Program.key, Program.title, Program.title_en, PolicyCode.code).outerjoin(
        PolicyCode, PolicyCode.id == Program.policy_code_id
    )
    return {
        key: ProgramLabel(pick(title, title_en), code or "")
        for key, title, title_en, code in db.session.execute(statement)
    }


def coordinator_names() -> dict[str, str]:
    """Public id and name of the staff, and of those who were it when something happened."""
    statement = (
        select(User.public_id, User.name)
        .where(
            or_(
                User.role.in_(STAFF),
                exists().where(Case.coordinator_id == User.id),
                exists().where(Encounter.coordinator_id == User.id),
            )
        )
        .order_by(User.name, User.id)
    )
    return dict(iter(db.session.execute(statement)))


def wards_in_use() -> list[str]:
    """Codes of the municipalities in which organizations lie, in order."""
    statement = (
        select(Organization.municipality)
        .where(Organization.municipality != "")
        .distinct()
        .order_by(Organization.municipality)
    )
    return list(db.session.scalars(statement))


def first_month() -> Month | None:
    """The month of the first case or encounter, from which reports make sense."""
    days = [
        db.session.scalar(select(func.min(Case.opened_on))),
        db.session.scalar(select(func.min(Encounter.held_on))),
    ]
    known = [day for day in days if day]
    return Month.of(min(known)) if known else None
