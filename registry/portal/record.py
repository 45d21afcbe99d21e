"""Everything the office holds about one organization, for one page."""

from dataclasses import dataclass

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from registry.cases.models import Case
from registry.cases.queries import cases_of
from registry.common.enterprise_size import LegalKind, SizeAssessment, assess_size_by_industry
from registry.common.viewer import Viewer
from registry.db import db
from registry.encounters.models import Encounter
from registry.encounters.queries import encounters_of
from registry.listings.models import Listing, ListingState
from registry.listings.queries import listings_of
from registry.organizations.history import HistoryLine, history_of
from registry.organizations.models import Membership, Organization, OrganizationKind
from registry.organizations.queries import BY_READING, members_of
from registry.portal.desk_queries import number_of
from registry.portal.record_events import EventLine, events_of
from registry.programs.models import Enrolment
from registry.programs.queries import enrolments_of
from registry.suggestions.models import Candidate, Decision

NEWEST = 20
"""So many encounters, suggestions and decisions are shown; their number is told."""


@dataclass(frozen=True)
class Record:
    """An organization's whole record. Encounters, candidates and decisions are the newest or best
    ones; `encounter_count`, `candidate_count` and `decision_count` tell how many there are."""

    organization: Organization
    size: SizeAssessment
    members: list[Membership]
    referred: list[Organization]
    listings: list[Listing]
    cases: list[Case]
    encounters: list[Encounter]
    encounter_count: int
    enrolments: list[Enrolment]
    events: list[EventLine]
    candidates: list[Candidate]
    candidate_count: int
    decisions: list[Decision]
    decision_count: int
    history: list[HistoryLine]


def record_of(organization: Organization, viewer: Viewer) -> Record:
    """Gather the record of an organization; for staff."""
    cases = list(db.session.scalars(cases_of(organization, viewer)))
    met = encounters_of(organization, viewer).options(selectinload(Encounter.organizations))
    suggested, decided = candidates_of(organization), decisions_of(organization)
    return Record(
        organization=organization,
        size=size_of(organization),
        members=members_of(organization),
        referred=list(db.session.scalars(_referred_by(organization))),
        listings=listings_of(organization, viewer),
        cases=cases,
        encounters=list(db.session.scalars(met.limit(NEWEST))),
        encounter_count=number_of(met),
        enrolments=enrolments_of(organization, viewer),
        events=events_of(organization, cases, viewer),
        candidates=list(db.session.scalars(suggested.limit(NEWEST))),
        candidate_count=number_of(suggested),
        decisions=list(db.session.scalars(decided.limit(NEWEST))),
        decision_count=number_of(decided),
        history=history_of(organization, viewer),
    )


def candidates_of(organization: Organization) -> Select[Candidate]:
    """Undecided suggestions between published listings, one of them the organization's; the best
    first."""
    own = select(Listing.id).where(Listing.organization_id == organization.id)
    published = select(Listing.id).where(Listing.state == ListingState.PUBLISHED)
    decided = exists().where(
        Decision.need_id == Candidate.need_id, Decision.seed_id == Candidate.seed_id
    )
    return (
        select(Candidate)
        .where(
            Candidate.current,
            or_(Candidate.need_id.in_(own), Candidate.seed_id.in_(own)),
            Candidate.need_id.in_(published),
            Candidate.seed_id.in_(published),
            ~decided,
        )
        .options(joinedload(Candidate.need), joinedload(Candidate.seed))
        .order_by(Candidate.score.desc(), Candidate.id)
    )


def decisions_of(organization: Organization) -> Select[Decision]:
    """What was decided about suggestions for its listings, the newest first."""
    own = select(Listing.id).where(Listing.organization_id == organization.id)
    return (
        select(Decision)
        .where(or_(Decision.need_id.in_(own), Decision.seed_id.in_(own)))
        .options(joinedload(Decision.need), joinedload(Decision.seed))
        .order_by(Decision.decided_at.desc(), Decision.id.desc())
    )


def _referred_by(organization: Organization) -> Select[Organization]:
    return (
        select(Organization)
        .where(Organization.referred_by_id == organization.id)
        .order_by(*BY_READING)
    )


def size_of(organization: Organization) -> SizeAssessment:
    """The verdict of the law's table on an organization."""
    form = LegalKind.COMPANY if organization.kind is OrganizationKind.COMPANY else LegalKind.OTHER
    return assess_size_by_industry(
        organization.industry or None, organization.capital_yen, organization.employees, form
    )
