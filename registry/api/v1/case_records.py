"""A case as its reader may see it: for staff the record, for a party what is disclosed to it."""

from datetime import datetime

from pydantic import Field

from registry.api.models import Moment, Part, Record
from registry.api.v1.shared import Named, named
from registry.cases.blindness import category_of, listings_of
from registry.cases.listing_models import listings_in
from registry.cases.models import Answer, Case, CloseReason, Party, Rung, Side, Stage
from registry.cases.outcome_models import ContractKind, SalesBand
from registry.cases.outcomes import wish_of
from registry.cases.queries import own_party
from registry.cases.sight import OtherParty, most_disclosed, sight_of
from registry.common.errors import NotFound
from registry.common.viewer import Viewer
from registry.listings.models import Listing, ListingKind
from registry.organizations.models import Contact


class ContactPart(Part):
    """A person to reach, once contacts are disclosed."""

    name: str
    role: str
    email: str
    phone: str


class PartyPart(Part):
    """One party. Before consent its counterpart reads field and summary only, without a name."""

    id: str | None = Field(
        description="当事者の ID（事務局と本人） / Party's id, for staff and itself"
    )
    side: Side
    own: bool = Field(description="自分の団体 / The reader's own organization")
    disclosed: int = Field(
        description="相手に開いた段階 0–4（分野・概要・名称・連絡先） / Steps disclosed, 0–4",
        ge=0,
        le=4,
    )
    organization: Named | None
    role: str
    category: str
    field: str = Field(description="匿名の一行 / What may be said without a name")
    summary: str
    answer: Answer | None = Field(description="返事（事務局と本人） / Answer, for staff and itself")
    answered_on: str | None = Field(json_schema_extra={"format": "date"})
    contacts: list[ContactPart]


class CaseListingPart(Part):
    """A need or seed of the case; a party reads its own ones only."""

    id: str = Field(description="公開 ID / Public id")
    kind: ListingKind
    main: bool = Field(description="もとの組み合わせ / Of the pair it was opened for")


class OutcomePart(Part):
    """A rung of the outcome ladder; its words are for staff."""

    rung: Rung
    on: str = Field(json_schema_extra={"format": "date"})
    detail: str
    contract_kind: ContractKind | None = None
    amount_yen: int | None = None
    name: str = ""
    is_public: bool = False
    sales_band: SalesBand | None = None
    number: int | None = None
    application: str = ""
    link: str = ""


class CaseRecord(Record):
    """One case. What a party is not told is null or empty."""

    id: str = Field(description="公開 ID / Public id")
    reference: str = Field(description="電話で言う番号 / Number to say on the telephone")
    title: str
    stage: Stage
    is_open: bool
    opened_on: str | None = Field(json_schema_extra={"format": "date"})
    moved_on: str | None = Field(json_schema_extra={"format": "date"})
    closed_on: str | None = Field(json_schema_extra={"format": "date"})
    close_reason: CloseReason | None
    need: str | None = Field(description="ニーズの公開 ID / Need's public id")
    seed: str | None = Field(description="シーズの公開 ID / Seed's public id")
    listings: list[CaseListingPart] = Field(
        description="すべてのニーズとシーズ / All needs and seeds"
    )
    parties: list[PartyPart]
    coordinator: Named | None
    program: Named | None
    score: float | None
    next_step: str
    next_due: str | None = Field(json_schema_extra={"format": "date"})
    blind_summary_need: str
    blind_summary_seed: str
    outcomes: list[OutcomePart]
    updated_at: Moment


def show(row: Case, viewer: Viewer) -> CaseRecord:
    """The case for this reader."""
    if viewer.is_staff:
        return _whole(row)
    party = own_party(row, viewer)
    if party is None:
        raise NotFound
    return _as_seen_by(party, row)


def _whole(row: Case) -> CaseRecord:
    program = row.program
    return CaseRecord(
        id=row.public_id,
        reference=row.reference,
        title=row.title,
        stage=row.stage,
        is_open=row.is_open,
        opened_on=row.opened_on.isoformat(),
        moved_on=row.moved_on.isoformat(),
        closed_on=row.closed_on.isoformat() if row.closed_on else None,
        close_reason=row.close_reason,
        need=row.need.public_id if row.need else None,
        seed=row.seed.public_id if row.seed else None,
        listings=_listings(row, [one for kind in ListingKind for one in listings_in(row, kind)]),
        parties=[_party(party, row) for party in row.parties],
        coordinator=_coordinator(row),
        program=Named(id=program.public_id, name=program.title) if program else None,
        score=row.score,
        next_step=row.next_step,
        next_due=row.next_due.isoformat() if row.next_due else None,
        blind_summary_need=row.blind_summary_need,
        blind_summary_seed=row.blind_summary_seed,
        outcomes=[
            OutcomePart(**{**vars(wish_of(one)), "on": one.on.isoformat()}) for one in row.outcomes
        ],
        updated_at=max([row.updated_at, *(party.updated_at for party in row.parties)]),
    )


def _as_seen_by(own: Party, row: Case) -> CaseRecord:
    sight = sight_of(row, own)
    listing = {Side.NEED: row.need, Side.SEED: row.seed}.get(own.side)
    mine = listing.public_id if listing and listing.organization_id == own.organization_id else None
    told = sight.is_open_named
    return CaseRecord(
        id=row.public_id,
        reference=row.reference,
        title=sight.title,
        stage=row.stage,
        is_open=row.is_open,
        opened_on=None,
        moved_on=None,
        closed_on=None,
        close_reason=None,
        need=mine if own.side is Side.NEED else None,
        seed=mine if own.side is Side.SEED else None,
        listings=_listings(row, listings_of(own)),
        parties=[_party(own, row, own=True), *(_other(other) for other in sight.others)],
        coordinator=_coordinator(row),
        program=None,
        score=None,
        next_step="",
        next_due=None,
        blind_summary_need="",
        blind_summary_seed="",
        outcomes=[
            OutcomePart(rung=one.rung, on=one.on.isoformat(), detail="")
            for one in (row.outcomes if told else ())
        ],
        updated_at=_updated(row, own),
    )


def _updated(row: Case, own: Party) -> datetime:
    """When what a party sees changed last: of the office's own doings it learns nothing."""
    return max([own.updated_at, *(change.at for change in row.changes)])


def _listings(row: Case, found: list[Listing]) -> list[CaseListingPart]:
    main = (row.need_id, row.seed_id)
    return [CaseListingPart(id=o.public_id, kind=o.kind, main=o.id in main) for o in found]


def _coordinator(row: Case) -> Named | None:
    who = row.coordinator
    return Named(id=who.public_id, name=who.name) if who else None


def _party(party: Party, row: Case, *, own: bool = False) -> PartyPart:
    """A party as staff, or it itself, reads it."""
    return PartyPart(
        id=party.public_id,
        side=party.side,
        own=own,
        disclosed=int(most_disclosed(row, party)) if not own else 4,
        organization=named(party.organization),
        role=party.role,
        category=category_of(party),
        field="",
        summary="",
        answer=party.answer,
        answered_on=party.answered_on.isoformat() if party.answered_on else None,
        contacts=[],
    )


def _other(other: OtherParty) -> PartyPart:
    """A party as its counterpart reads it: what is not disclosed is not in the value at all."""
    return PartyPart(
        id=None,
        side=Side(other.side),
        own=False,
        disclosed=int(other.step),
        organization=Named(id=other.organization, name=other.name) if other.organization else None,
        role=other.role,
        category=other.category,
        field=other.field,
        summary=other.summary,
        answer=None,
        answered_on=None,
        contacts=[_contact(contact) for contact in other.contacts],
    )


def _contact(contact: Contact) -> ContactPart:
    return ContactPart(
        name=contact.name, role=contact.role, email=contact.email, phone=contact.phone
    )
