"""Pairs of organizations that may be one: found, kept, listed for the office, decided on."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import Select, delete, insert, or_, select
from sqlalchemy.orm import aliased, selectinload

from registry.audit.service import record
from registry.common.errors import DomainError, NotAllowed, NotFound
from registry.common.folding import search_terms
from registry.common.viewer import Viewer
from registry.db import db, transaction
from registry.organizations.identity import Keys, Register, Verdict, keys_of
from registry.organizations.identity_models import (
    DuplicateDecision,
    DuplicatePair,
    IdentityKey,
    PairState,
)
from registry.organizations.keys import MOST, parts, refresh_keys, unchecked
from registry.organizations.known import facts_by_id
from registry.organizations.models import Organization

STEP = 1000
"""So many records are taken up in one transaction of the worker."""


@dataclass(frozen=True)
class PairFilter:
    """What the review list is narrowed to; empty means all."""

    state: PairState = PairState.OPEN
    verdict: Verdict | None = None
    text: str = ""


def refresh_due() -> int:
    """Make keys and pairs of all records that changed; returns how many. Own transactions."""
    done = 0
    while True:
        with transaction():
            ids = list(db.session.scalars(unchecked().limit(STEP)))
            if ids:
                refresh_pairs(ids)
        done += len(ids)
        if len(ids) < STEP:
            return done


def refresh_pairs(ids: Collection[int]) -> None:
    """Write the keys and pairs of these organizations anew."""
    mine = refresh_keys(ids, checked=True)
    others = _sharing(mine)
    keys = {
        **{ref: keys_of(facts) for ref, facts in facts_by_id(others - set(mine)).items()},
        **mine,
    }
    register: Register[int] = Register()
    for ref in sorted(keys):
        register.add_keys(ref, keys[ref])
    decided = _decisions(mine)
    rows = {}
    for ref in sorted(mine):
        for match in register.find_keys(mine[ref], None, except_for=ref):
            pair = min(ref, match.ref), max(ref, match.ref)
            fingerprint = _fingerprint(keys[pair[0]], keys[pair[1]])
            state, at = decided.get(pair, (PairState.OPEN, ""))
            rows[pair] = {
                "first_id": pair[0],
                "second_id": pair[1],
                "verdict": match.verdict,
                "strength": match.strength,
                "reasons": list(match.reasons),
                "against": list(match.against),
                "fingerprint": fingerprint,
                "state": state if at == fingerprint else PairState.OPEN,
            }
    for part in parts(sorted(mine)):
        db.session.execute(
            delete(DuplicatePair)
            .where(or_(DuplicatePair.first_id.in_(part), DuplicatePair.second_id.in_(part)))
            .execution_options(synchronize_session=False)
        )
    if rows:
        db.session.execute(insert(DuplicatePair), list(rows.values()))


def pairs(wanted: PairFilter) -> Select[DuplicatePair]:
    """Statement of the pairs that fit, the strongest first, for staff's paging."""
    statement = (
        select(DuplicatePair)
        .where(DuplicatePair.state == wanted.state)
        .options(selectinload(DuplicatePair.first), selectinload(DuplicatePair.second))
        .order_by(DuplicatePair.strength.desc(), DuplicatePair.id)
    )
    if wanted.verdict:
        statement = statement.where(DuplicatePair.verdict == wanted.verdict)
    for term in search_terms(wanted.text[:200]):
        first, second = aliased(Organization), aliased(Organization)
        statement = (
            statement.join(first, DuplicatePair.first_id == first.id)
            .join(second, DuplicatePair.second_id == second.id)
            .where(
                or_(
                    first.search_text.contains(term, autoescape=True),
                    second.search_text.contains(term, autoescape=True),
                )
            )
        )
    return statement


def pair_of(first: Organization, second: Organization) -> DuplicatePair | None:
    """The pair of these two, whichever comes first."""
    low, high = sorted((first.id, second.id))
    return db.session.scalar(
        select(DuplicatePair).where(DuplicatePair.first_id == low, DuplicatePair.second_id == high)
    )


def decide(
    first: Organization, second: Organization, state: PairState, *, viewer: Viewer, today: date
) -> None:
    """Write down that two records are not one (settled), or that it is decided later.

    The word holds as long as neither record changes in what was compared. Raises NotFound when
    nothing makes them a pair.
    """
    if not viewer.is_staff:
        raise NotAllowed(_("判断できるのは、事務局の担当者です。"))
    if state is PairState.OPEN:
        raise DomainError(_("判断を選んでください。"))
    pair = pair_of(first, second)
    if pair is None:
        raise NotFound
    for old in db.session.scalars(_words_on(pair.first_id, pair.second_id)):
        db.session.delete(old)
    db.session.flush()
    pair.state = state
    db.session.add(
        DuplicateDecision(
            first_id=pair.first_id,
            second_id=pair.second_id,
            state=state,
            fingerprint=pair.fingerprint,
            decided_on=today,
            decided_by_id=viewer.user_id,
        )
    )
    for one, other in ((first, second), (second, first)):
        record(
            actor=viewer,
            action="organization.compared",
            subject=f"organization:{one.public_id}",
            changes={"pair": (None, f"{other.name} ({other.number})"), "word": (None, state)},
        )
    db.session.flush()


def _words_on(first: int, second: int) -> Select[DuplicateDecision]:
    return select(DuplicateDecision).where(
        or_(
            (DuplicateDecision.first_id == first) & (DuplicateDecision.second_id == second),
            (DuplicateDecision.first_id == second) & (DuplicateDecision.second_id == first),
        )
    )


def _decisions(ids: Iterable[int]) -> dict[tuple[int, int], tuple[PairState, str]]:
    """The words spoken on pairs of these organizations, with the fingerprint of the data then."""
    found: dict[tuple[int, int], tuple[PairState, str]] = {}
    for part in parts(sorted(ids)):
        statement = select(DuplicateDecision).where(
            or_(DuplicateDecision.first_id.in_(part), DuplicateDecision.second_id.in_(part))
        )
        for row in db.session.scalars(statement):
            pair = min(row.first_id, row.second_id), max(row.first_id, row.second_id)
            found[pair] = row.state, row.fingerprint
    return found


def _sharing(mine: dict[int, Keys]) -> set[int]:
    """Row numbers of records that share a stored key with these."""
    found: set[int] = set()
    for part in parts(sorted(mine), 200):
        own = select(IdentityKey.block).where(IdentityKey.organization_id.in_(part))
        if len(mine) > 20:
            # Ends of names are shared by too many; slips of the pen are sought among the rest.
            own = own.where(~IdentityKey.block.startswith("h"), ~IdentityKey.block.startswith("t"))
        blocks = sorted(set(db.session.scalars(own)))
        for some in parts_of(blocks):
            found |= set(
                db.session.scalars(
                    select(IdentityKey.organization_id)
                    .where(IdentityKey.block.in_(some))
                    .limit(MOST * len(part))
                )
            )
    return found


def parts_of(blocks: list[str], size: int = 500) -> Iterable[list[str]]:
    """A long list of keys in pieces that a statement can take."""
    return (blocks[start : start + size] for start in range(0, len(blocks), size))


def _fingerprint(first: Keys, second: Keys) -> str:
    """A digest of all that was compared."""
    plain = [
        (
            keys.name,
            keys.kana,
            sorted(keys.latin),
            keys.number,
            sorted(keys.numbers),
            keys.city,
            keys.lot,
            sorted(keys.domains),
            sorted(keys.emails),
            sorted(keys.phones),
        )
        for keys in (first, second)
    ]
    return hashlib.sha256(repr(plain).encode()).hexdigest()
