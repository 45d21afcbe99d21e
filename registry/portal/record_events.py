"""An organization at events: where it exhibited, registered and met others, and the matches that
came later with somebody who was there too."""

from collections import defaultdict
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from registry.cases.models import Case
from registry.common.viewer import Viewer
from registry.db import db
from registry.events.labels import REGISTRATIONS, RESULTS
from registry.events.models import Edition, Exhibit, Meeting, Registration, RegistrationState
from registry.events.queries import visible_to
from registry.organizations.models import Organization
from registry.web.i18n import pick

THERE = (RegistrationState.REGISTERED, RegistrationState.ATTENDED)


@dataclass
class EventLine:
    """One edition: how the organization took part, and the later matches with others who did."""

    edition: Edition
    how: list[str] = field(default_factory=list)
    later: list[Case] = field(default_factory=list)


def events_of(organization: Organization, cases: list[Case], viewer: Viewer) -> list[EventLine]:
    """The editions in which an organization took part, the latest first; `cases` are its own."""
    how = _took_part(organization)
    statement = visible_to(viewer).where(Edition.id.in_(list(how)))
    found = db.session.scalars(
        statement.order_by(Edition.starts_on.desc(), Edition.id.desc())
    ).unique()
    others = _others(list(how))

    def followed(case: Case, edition: Edition) -> bool:
        parties = {party.organization_id for party in case.parties} - {organization.id}
        return case.opened_on >= edition.starts_on and not parties.isdisjoint(others[edition.id])

    return [
        EventLine(edition, how[edition.id], [case for case in cases if followed(case, edition)])
        for edition in found
    ]


def _took_part(organization: Organization) -> dict[int, list[str]]:
    """How, in words, by the edition's row number."""
    how: dict[int, list[str]] = defaultdict(list)
    exhibits = select(Exhibit).where(Exhibit.organization_id == organization.id, ~Exhibit.cancelled)
    for exhibit in db.session.scalars(exhibits):
        how[exhibit.edition_id].append(_("出展の申込") if exhibit.requested else _("出展"))
    registrations = select(Registration).where(
        Registration.organization_id == organization.id,
        Registration.state != RegistrationState.CANCELLED,
    )
    for row in db.session.scalars(registrations):
        words = _("%(state)s %(people)s 人", state=REGISTRATIONS[row.state], people=row.people)
        how[row.edition_id].append(words)
    meetings = (
        select(Meeting)
        .where(or_(Meeting.host_id == organization.id, Meeting.guest_id == organization.id))
        .options(joinedload(Meeting.host), joinedload(Meeting.guest))
        .order_by(Meeting.on, Meeting.id)
    )
    for meeting in db.session.scalars(meetings):
        other = meeting.guest if meeting.host_id == organization.id else meeting.host
        how[meeting.edition_id].append(
            _(
                "商談：%(name)s（%(result)s）",
                name=pick(other.name, other.name_en),
                result=RESULTS[meeting.result],
            )
        )
    return how


def _others(editions: list[int]) -> dict[int, set[int]]:
    """Row numbers of the organizations at each edition."""
    there: dict[int, set[int]] = defaultdict(set)
    exhibited = select(Exhibit.edition_id, Exhibit.organization_id).where(
        Exhibit.edition_id.in_(editions), ~Exhibit.cancelled, ~Exhibit.requested
    )
    registered = select(Registration.edition_id, Registration.organization_id).where(
        Registration.edition_id.in_(editions), Registration.state.in_(THERE)
    )
    met = select(Meeting.edition_id, Meeting.host_id, Meeting.guest_id).where(
        Meeting.edition_id.in_(editions)
    )
    for statement in (exhibited, registered, met):
        for edition_id, *numbers in db.session.execute(statement):
            there[edition_id].update(numbers)
    return there
