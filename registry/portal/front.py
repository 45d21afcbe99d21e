"""What the front page shows: newest listings, figures, and a member's next steps."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext, pgettext
from sqlalchemy import Select, func, select

from registry.cases.models import Answer, Case, Party, Stage, StageChange
from registry.common.calendar import FiscalYear
from registry.common.folding import fold
from registry.common.roles import Role
from registry.common.viewer import Viewer
from registry.db import db
from registry.encounters.models import Encounter, EncounterKind
from registry.listings.cards import Card, card
from registry.listings.models import Listing, ListingKind, ListingState
from registry.listings.queries import ListingFilter, found_listings, is_own
from registry.organizations.models import Organization, OrganizationState
from registry.organizations.next_steps import next_steps
from registry.organizations.queries import own_organization
from registry.portal.desk_queries import number_of
from registry.portal.links import address
from registry.programs.models import Program, ProgramState
from registry.reports import measures
from registry.reports.measures import Measure

NEWEST = 3
WORDS = 6
READ_FOR_WORDS = 1000
"""Keywords of so many of the newest listings are looked through for the words most used."""
FREQUENT = 3
"""A word is called frequent when so many listings use it."""

STAGES = {
    Measure.INTRODUCTIONS: Stage.INTRODUCED,
    Measure.AGREEMENTS: Stage.AGREED,
    Measure.COMMERCIALISATIONS: Stage.MARKET,
}


@dataclass(frozen=True)
class Shelf:
    """The newest listings of a kind, and how many the viewer may see."""

    cards: list[Card]
    count: int


@dataclass(frozen=True)
class Step:
    """Something a member does next, and where."""

    text: str
    url: str | None = None
    action: str = ""


@dataclass(frozen=True)
class Figure:
    """One figure: its words, value and unit."""

    label: str
    value: int
    unit: str


@dataclass(frozen=True)
class Front:
    """The front page. `results` are those of this fiscal year to date, empty when there are none;
    `words` are the keywords most used among the newest public listings."""

    needs: Shelf
    seeds: Shelf
    words: list[str]
    figures: list[Figure]
    year: FiscalYear
    results: list[Figure]
    program_count: int
    steps: list[Step] = field(default_factory=list)


def front_of(viewer: Viewer, today: date) -> Front:
    """Everything the front page shows to a viewer, and nothing the viewer may not see."""
    needs, seeds = (shelf(kind, viewer, today) for kind in (ListingKind.NEED, ListingKind.SEED))
    year = FiscalYear.of(today)
    programs = number_of(
        select(Program.id).where(Program.state.not_in((ProgramState.ENDED, ProgramState.DRAFT)))
    )
    return Front(
        needs=needs,
        seeds=seeds,
        words=words_in_use(viewer),
        figures=[
            Figure(_("登録した企業・団体"), number_of(_approved()), pgettext("counter", "団体")),
            Figure(_("募集中のニーズ"), needs.count, pgettext("counter", "件")),
            Figure(_("公開中のシーズ"), seeds.count, pgettext("counter", "件")),
            Figure(_("支援制度"), programs, pgettext("counter", "件")),
        ],
        year=year,
        results=results_of(year, today),
        program_count=programs,
        steps=steps_of(viewer, today),
    )


def shelf(kind: ListingKind, viewer: Viewer, today: date) -> Shelf:
    """The newest listings of a kind that the viewer may see."""
    statement = found_listings(ListingFilter(kind=kind), viewer)
    newest = db.session.scalars(statement.limit(NEWEST)).unique()
    cards = [card(listing, viewer=viewer, today=today) for listing in newest]
    return Shelf(cards, number_of(statement))


def words_in_use(viewer: Viewer) -> list[str]:
    """The keywords most used among the newest listings that the viewer may see, in the spelling of
    the newest; only those that several listings use."""
    newest = found_listings(ListingFilter(), viewer).limit(READ_FOR_WORDS)
    spellings: dict[str, str] = {}
    used: Counter[str] = Counter()
    for words in db.session.scalars(newest.with_only_columns(Listing.keywords)):
        folded = {fold(word): word for word in words}
        used.update(folded.keys())
        spellings = folded | spellings
    return [spellings[key] for key, count in used.most_common(WORDS) if count >= FREQUENT]


def results_of(year: FiscalYear, today: date) -> list[Figure]:
    """What a fiscal year brought until today, counted as the reports count; empty without any."""
    days = (year.start, min(year.end, today))
    met = Encounter.held_on.between(*days)
    dispatched = Encounter.kind == EncounterKind.DISPATCH
    counts = {
        Measure.ENCOUNTERS: number_of(select(Encounter.id).where(met, ~dispatched)),
        Measure.DISPATCHES: number_of(select(Encounter.id).where(met, dispatched)),
        **{measure: _reached(stage, *days) for measure, stage in STAGES.items()},
    }
    if not any(counts.values()):
        return []
    return [Figure(measures.label(m), count, measures.unit(m)) for m, count in counts.items()]


def steps_of(viewer: Viewer, today: date) -> list[Step]:
    """What a member does next, the most pressing first; empty for everybody else."""
    organization = own_organization(viewer) if viewer.role is Role.MEMBER else None
    if organization is None:
        return []
    steps = _to_answer(organization, today) + _to_correct(organization, viewer)
    own = address("organizations.own")
    steps += [Step(step.text, own, _("わが社のページへ")) for step in
              next_steps(organization, contacts=organization.contacts)]  # fmt: skip
    return steps


def _to_answer(organization: Organization, today: date) -> list[Step]:
    asked = db.session.scalars(
        select(Party)
        .join(Case, Case.id == Party.case_id)
        .where(
            Party.organization_id == organization.id,
            Party.answer == Answer.PENDING,
            Party.asked_at.is_not(None),
            Party.answer_until >= today,
            Case.closed_on.is_(None),
        )
        .order_by(Party.answer_until, Party.id)
    )
    return [
        Step(
            _("引き合わせの打診（%(reference)s）に返事をします。", reference=party.case.reference),
            address("introductions.answer", "cases.show", public_id=party.case.public_id),
            _("読んで返事をする"),
        )
        for party in asked
    ]


def _to_correct(organization: Organization, viewer: Viewer) -> list[Step]:
    count = number_of(
        select(Listing.id).where(is_own(viewer), Listing.state == ListingState.RETURNED)
    )
    if not count:
        return []
    text = ngettext(
        "差し戻された案件が %(num)s 件あります。理由を読んで直します。",
        "差し戻された案件が %(num)s 件あります。理由を読んで直します。",
        count,
    )
    return [Step(text, address("listings.index", own=1, state="returned"), _("わが社の案件へ"))]


def _approved() -> Select[int]:
    return select(Organization.id).where(Organization.state == OrganizationState.APPROVED)


def _reached(stage: Stage, start: date, end: date) -> int:
    """Cases that first came to a stage in those days, both included."""
    first = (
        select(StageChange.case_id, func.min(StageChange.on).label("day"))
        .where(StageChange.stage == stage)
        .group_by(StageChange.case_id)
        .subquery()
    )
    return number_of(select(first.c.case_id).where(first.c.day.between(start, end)))
