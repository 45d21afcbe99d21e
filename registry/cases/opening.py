"""Opening a case: around a need and a seed, or as a project of several parties."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from registry.accounts.models import User
from registry.audit.service import record
from registry.cases.blindness import default_blind_summary
from registry.cases.models import Case, Party, Side, Stage, StageChange
from registry.cases.queries import open_case_of_pair
from registry.common.errors import DomainError
from registry.common.viewer import Viewer
from registry.db import db, next_number
from registry.listings.models import Listing, ListingKind
from registry.organizations.models import Organization
from registry.programs.models import Program

ATTEMPTS = 6
"""How often a new case takes the next number when another one takes the same at that moment."""


class OpenPair(DomainError):
    """For this need and seed a case is open already; `case_id` is its public id."""

    def __init__(self, case: Case) -> None:
        super().__init__(
            _(
                "この組み合わせは、%(reference)s としてすでに進んでいます。",
                reference=case.reference,
            )
        )
        self.case_id = case.public_id
        self.reference = case.reference


@dataclass(frozen=True)
class PartyWish:
    """One organization that is to take part, with its role (設計, 試作 …)."""

    organization: Organization
    side: Side
    role: str = ""


def open_case(
    need: Listing,
    seed: Listing,
    *,
    program: Program | None = None,
    coordinator: User | None = None,
    score: float | None = None,
    title: str = "",
    today: date,
    viewer: Viewer,
) -> Case:
    """Open a case around a need and a seed, with both organizations as its parties.

    Raises OpenPair when one is open for the pair already, DomainError when the two are no pair, are
    not published, or belong to one organization.
    """
    if need.kind is not ListingKind.NEED or seed.kind is not ListingKind.SEED:
        raise DomainError(_("ニーズとシーズの組を選んでください。"))
    if not need.is_open or not seed.is_open:
        raise DomainError(_("公開中の案件どうしでなければ、引き合わせを始められません。"))
    if need.organization_id == seed.organization_id:
        raise DomainError(_("同じ企業・団体のニーズとシーズは引き合わせられません。"))
    if existing := open_case_of_pair(need.id, seed.id):
        raise OpenPair(existing)
    case = Case(
        title=(title.strip() or need.title)[:120],
        need=need,
        seed=seed,
        program_id=program.id if program else None,
        coordinator_id=coordinator.id if coordinator else None,
        score=score,
        blind_summary_need=default_blind_summary(need),
        blind_summary_seed=default_blind_summary(seed),
    )
    wishes = (PartyWish(need.organization, Side.NEED), PartyWish(seed.organization, Side.SEED))
    return _open(case, wishes, today=today, viewer=viewer)


def open_project(
    title: str,
    parties: tuple[PartyWish, ...],
    *,
    program: Program | None = None,
    coordinator: User | None = None,
    today: date,
    viewer: Viewer,
) -> Case:
    """Open a case without a need and a seed: a project of two or more parties.

    Raises DomainError with fewer than two, or when one stands there twice.
    """
    if len({wish.organization.id for wish in parties}) < 2:
        raise DomainError(_("企業・団体を 2 つ以上選んでください。"), field="organization_names")
    if len({wish.organization.id for wish in parties}) < len(parties):
        raise DomainError(_("同じ企業・団体が 2 度入っています。"), field="organization_names")
    case = Case(
        title=title.strip()[:120],
        program_id=program.id if program else None,
        coordinator_id=coordinator.id if coordinator else None,
    )
    return _open(case, parties, today=today, viewer=viewer)


def _open(case: Case, wishes: tuple[PartyWish, ...], *, today: date, viewer: Viewer) -> Case:
    case.stage, case.opened_on, case.moved_on = Stage.PROPOSED, today, today
    case.parties = [
        Party(organization_id=wish.organization.id, side=wish.side, role=wish.role.strip())
        for wish in wishes
    ]
    case.changes = [StageChange(stage=Stage.PROPOSED, on=today, by_id=viewer.user_id)]
    _insert(case)
    record(
        actor=viewer,
        action="case.opened",
        subject=f"case:{case.public_id}",
        changes={
            "title": (None, case.title),
            "need": (None, case.need.public_id if case.need else None),
            "seed": (None, case.seed.public_id if case.seed else None),
            "parties": (None, [wish.organization.public_id for wish in wishes]),
        },
    )
    return case


def _insert(case: Case) -> None:
    """Insert with the next free number; the database has the last word about an open pair."""
    for attempt in range(ATTEMPTS):
        case.number = next_number(Case.number)
        try:
            with db.session.begin_nested():
                db.session.add(case)
                db.session.flush()
            return
        except IntegrityError:
            if case.need and case.seed:
                existing = open_case_of_pair(case.need.id, case.seed.id)
                if existing:
                    raise OpenPair(existing) from None
            if attempt == ATTEMPTS - 1:
                raise
