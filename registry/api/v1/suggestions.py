"""Suggestions of a listing: what the engine finds for it; for staff, and for a listing's owner."""

from datetime import date
from typing import Annotated

from pydantic import Field

from registry.accounts.scopes import Scope
from registry.api.models import Body, Id, Part, Record
from registry.api.operations import Resource, Tag
from registry.api.texts import DAY, Text
from registry.api.v1.owners import Owner, owner_of
from registry.api.v1.shared import wanted
from registry.common import calendar
from registry.common.errors import NotFound
from registry.common.viewer import Viewer
from registry.listings.models import Listing, ListingKind
from registry.listings.queries import get_listing
from registry.suggestions import service
from registry.suggestions.matcher import MEMBERS, STAFF
from registry.suggestions.models import DecisionKind, DismissReason
from registry.suggestions.readiness import is_ready
from registry.suggestions.workbench import Row, lay_out
from registry.web.problems import Problem


class PartPart(Part):
    """What one kind of link gave."""

    link: str = Field(description="つながりの種類 / Kind of link")
    points: float = Field(description="点 / Points")


class Candidate(Part):
    """One candidate, with why it was found."""

    rank: int = Field(description="順位 / Rank", ge=1)
    listing: str = Field(description="案件の公開 ID / Listing's public id")
    reference: str
    title: str
    owner: Owner
    score: float = Field(description="0–100 の点 / Score, 0–100")
    parts: list[PartPart]
    deferred: bool = Field(description="保留中 / Deferred")


class SuggestionsRecord(Record):
    """A listing's candidates as the engine ranks them now, the best first."""

    listing: str = Field(description="案件の公開 ID / Listing's public id")
    words_only: bool = Field(description="語だけで探した / Sought by words alone")
    candidates: list[Candidate]


class DecisionBody(Body):
    """What is decided about a candidate; accepting it is opening a case."""

    candidate: Id = Field(description="候補の案件の公開 ID / Candidate's public id")
    decision: Annotated[str, Field(pattern="^(deferred|dismissed)$")] = Field(
        description="deferred は保留、dismissed は見送り / deferred or dismissed"
    )
    reason: DismissReason | None = Field(None, description="見送る理由 / Why it is dismissed")
    words: Annotated[str, Text(1000, lines=True)] = Field(
        "", description="持ち主へのことば / Words to its owner"
    )
    until: Annotated[date, DAY] | None = Field(None, description="いつまで保留か / Deferred until")


def show(row: Listing, viewer: Viewer) -> SuggestionsRecord:
    """The candidates, computed on what the reader's circle may know."""
    bench = lay_out(row, audience=STAFF if viewer.is_staff else MEMBERS)
    return SuggestionsRecord(
        listing=row.public_id,
        words_only=bench.words_only,
        candidates=[_candidate(found, viewer) for found in bench.rows],
    )


def _candidate(found: Row, viewer: Viewer) -> Candidate:
    return Candidate(
        rank=found.rank,
        listing=found.listing.public_id,
        reference=found.listing.reference,
        title=found.listing.title,
        owner=owner_of(found.listing, viewer),
        score=round(float(found.suggestion.score), 2),
        parts=[
            PartPart(link=str(link), points=round(float(points), 2)) for link, points in found.parts
        ],
        deferred=found.decision is not None,
    )


def get(viewer: Viewer, listing_id: str) -> Listing:
    """An open listing of one's own, or for staff any. Raises NotFound, and Problem (503) while the
    engine of a process that has just started is still being read."""
    row = get_listing(listing_id, viewer)
    if not row.is_open or not (viewer.is_staff or viewer.belongs_to(row.organization_id)):
        raise NotFound
    if not is_ready():
        raise Problem(503)
    return row


def decide(row: Listing, body: DecisionBody, viewer: Viewer) -> None:
    """Defer or dismiss a candidate."""
    other = wanted(get_listing, body.candidate, viewer, "candidate")
    need, seed = (row, other) if row.kind is ListingKind.NEED else (other, row)
    service.decide(
        need,
        seed,
        kind=DecisionKind(body.decision),
        reason=body.reason,
        words=body.words,
        until=body.until,
        today=calendar.today(),
        viewer=viewer,
    )


suggestions = Resource(
    name="suggestions",
    path="/listings",
    key="listing_id",
    tag=Tag("suggestions", "候補 / Suggestions"),
    words="案件の候補 / suggestions of a listing",
    record=SuggestionsRecord,
    show=show,
    get=get,
    read=Scope.SUGGESTIONS_READ,
    write=Scope.SUGGESTIONS_WRITE,
    tail="/suggestions",
    version=lambda row, _viewer: 0,
)
suggestions.gets()
suggestions.steps(
    "decide", DecisionBody, decide, "保留・見送りにする / Defer or dismiss a candidate"
)
