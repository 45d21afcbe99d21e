"""Several needs or seeds in one case: adding, describing, taking out and putting back.

The main pair of a case (`need`, `seed`) stays as it was opened: for it there is one open case.
"""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from registry.audit.service import apply, record
from registry.cases.blindness import default_blind_summary, listings_of, refuse_identifying
from registry.cases.labels import answer_label
from registry.cases.listing_models import CaseListing, listings_in
from registry.cases.models import Answer, Case, Party
from registry.cases.service import add_note, add_party, lock, require_open
from registry.common.errors import Conflict, ConflictField, DomainError, NotFound
from registry.common.viewer import Viewer
from registry.db import db, now
from registry.listings.models import Listing, ListingKind
from registry.suggestions.models import DecisionKind
from registry.suggestions.queries import decision_for
from registry.suggestions.service import decide


@dataclass(frozen=True)
class Words:
    """What staff say of a further need or seed: its organization's role, and the blind summary."""

    role: str = ""
    blind_summary: str = ""


def entry_of(case: Case, public_id: str) -> CaseListing:
    """The further need or seed of a case with that id, removed or not. Raises NotFound."""
    for row in case.further:
        if row.public_id == public_id:
            return row
    raise NotFound


def add_listing(
    case: Case, listing: Listing, words: Words, *, today: date, viewer: Viewer
) -> CaseListing:
    """Bring a further need or seed into a case; its organization becomes a party, if it is not one.

    Nobody is told anything by it: the new party is asked by its own link. Raises DomainError when
    the case is closed, the listing not published or in the case, or the words name somebody.
    """
    lock(case)
    require_open(case)
    if not listing.is_open:
        raise DomainError(_("公開中の案件だけを加えられます。"), field="listing")
    if listing in listings_in(case, listing.kind):
        raise DomainError(_("この案件は、すでにこのマッチングに入っています。"), field="listing")
    summary = words.blind_summary.strip() or default_blind_summary(listing)
    _refuse_names(case, listing, words.role, summary)
    row = _row_of(case, listing) or CaseListing(case=case, listing=listing, added_on=today)
    row.role, row.blind_summary, row.removed_at = words.role.strip(), summary, None
    row.added_on, row.added_by_id = today, viewer.user_id
    db.session.add(row)
    db.session.flush()
    _log(row, "case.listing_added", viewer, {"listing": (None, listing.public_id),
         "role": (None, row.role or None), "blind_summary": (None, summary)})  # fmt: skip
    _take_part(row, viewer)
    _decide(row, today=today, viewer=viewer)
    return row


def change_listing(row: CaseListing, words: Words, *, version: int | None, viewer: Viewer) -> None:
    """Change the role and the blind summary. Raises Conflict when somebody did after `version`."""
    lock(row.case)
    db.session.refresh(row)
    if version is not None and version != row.version:
        raise Conflict(
            _("この案件の役割と紹介文は、開いてからの間に、ほかの人が変更しました。"),
            version=row.version,
            fields=(
                ConflictField("role", _("役割"), row.role, is_text=True),
                ConflictField("blind_summary", _("紹介文"), row.blind_summary, is_text=True),
            ),
        )
    _refuse_names(row.case, row.listing, words.role, words.blind_summary)
    changes = apply(row, {"role": words.role.strip(), "blind_summary": words.blind_summary.strip()})
    if not changes:
        return
    party = _party_of(row)
    if party is not None and "role" in changes and party.role in ("", changes["role"][0]):
        party.role = row.role
    db.session.flush()
    _log(row, "case.listing_changed", viewer, changes)


def remove_listing(row: CaseListing, *, viewer: Viewer) -> None:
    """Take a further need or seed out; it can be put back.

    Its organization leaves the case too, unless it agreed or another of its listings is in it. What
    it answered is kept as a note of the office.
    """
    lock(row.case)
    require_open(row.case)
    db.session.refresh(row)
    if row.removed_at is not None:
        raise DomainError(_("この案件は、すでに外されています。"))
    row.removed_at = now()
    db.session.flush()
    _log(row, "case.listing_removed", viewer, {"listing": (row.listing.public_id, None)})
    party = _party_of(row)
    if party is not None and party.answer is not Answer.YES and not listings_of(party):
        _leave(party, viewer)


def restore_listing(row: CaseListing, *, today: date, viewer: Viewer) -> None:
    """Put a further need or seed back; its organization is a party again, to be asked anew."""
    db.session.refresh(row)
    if row.removed_at is None:
        raise DomainError(_("この案件は外されていません。"))
    words = Words(row.role, row.blind_summary)
    add_listing(row.case, row.listing, words, today=today, viewer=viewer)


def _row_of(case: Case, listing: Listing) -> CaseListing | None:
    return db.session.scalar(
        select(CaseListing).where(
            CaseListing.case_id == case.id, CaseListing.listing_id == listing.id
        )
    )


def _party_of(row: CaseListing) -> Party | None:
    owner = row.listing.organization_id
    return next((p for p in row.case.parties if p.organization_id == owner), None)


def _take_part(row: CaseListing, viewer: Viewer) -> None:
    party = _party_of(row)
    if party is None:
        add_party(row.case, row.listing.organization, side=row.side, role=row.role, viewer=viewer)
    elif row.role and not party.role:
        party.role = row.role


def _leave(party: Party, viewer: Viewer) -> None:
    """A party that has not agreed goes; its link is dead. What it said stays in a note."""
    case, name = party.case, party.organization.name
    if party.is_asked:
        words = [_("当事者から外した：%(name)s", name=name), answer_label(party.answer)]
        add_note(case, text="\n".join(filter(None, (*words, party.reason))), viewer=viewer)
    record(
        actor=viewer,
        action="case.party_removed",
        subject=f"case:{case.public_id}",
        changes={"party": (party.organization.public_id, None)},
    )
    case.parties.remove(party)
    db.session.flush()


def _decide(row: CaseListing, *, today: date, viewer: Viewer) -> None:
    """With the other side's main listing it is an accepted pair: it waits on no desk any more."""
    need, seed = row.case.need, row.case.seed
    pair = (row.listing, seed) if row.listing.kind is ListingKind.NEED else (need, row.listing)
    if pair[0] is None or pair[1] is None:
        return
    made = decision_for(pair[0].id, pair[1].id)
    if made is None or made.kind is not DecisionKind.ACCEPTED:
        decide(pair[0], pair[1], kind=DecisionKind.ACCEPTED, today=today, viewer=viewer)


def _refuse_names(case: Case, listing: Listing, role: str, summary: str) -> None:
    for organization in (listing.organization, *(party.organization for party in case.parties)):
        refuse_identifying(role, organization, "role")
        refuse_identifying(summary, organization, "blind_summary")


def _log(
    row: CaseListing, action: str, viewer: Viewer, changes: dict[str, tuple[object, object]]
) -> None:
    record(actor=viewer, action=action, subject=f"case:{row.case.public_id}", changes=changes)
