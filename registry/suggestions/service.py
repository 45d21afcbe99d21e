"""Decisions about suggested pairs: 採用・保留・見送り, and their undoing."""

from datetime import date

from flask_babel import gettext as _

from registry.audit.service import apply, record
from registry.common.errors import DomainError
from registry.common.viewer import Viewer
from registry.db import db, now
from registry.listings.models import Listing, ListingKind
from registry.suggestions.models import Decision, DecisionKind, DismissReason
from registry.suggestions.queries import decision_for
from registry.suggestions.words import tell


def decide(
    need: Listing,
    seed: Listing,
    *,
    kind: DecisionKind,
    reason: DismissReason | None = None,
    words: str = "",
    until: date | None = None,
    score: float | None = None,
    today: date | None = None,
    viewer: Viewer,
) -> Decision:
    """Note what a coordinator decided about a pair; a newer decision replaces an older one. `words`
    are told to the owner of a dismissed seed; empty = nothing is said (`words.tell` may later).

    Raises DomainError when the listings are no pair, a dismissal has no reason, or a deferral no
    day to come (it must lie after `today`).
    """
    if need.kind is not ListingKind.NEED or seed.kind is not ListingKind.SEED:
        raise DomainError(_("ニーズとシーズの組ではありません。"))
    if kind is DecisionKind.DISMISSED and reason is None:
        raise DomainError(_("見送る理由を選んでください。"), field="reason")
    if kind is DecisionKind.DEFERRED and (until is None or (today is not None and until <= today)):
        raise DomainError(
            _("いつまで保留にするか、明日以降の日を入力してください。"), field="until"
        )
    decision = decision_for(need.id, seed.id)
    if decision is None:
        decision = Decision(need_id=need.id, seed_id=seed.id, kind=kind)
        db.session.add(decision)
    changes = apply(
        decision,
        {"kind": kind, "reason": reason, "words": "", "until": until, "score": score},
    )
    decision.decided_by_id, decision.decided_at = viewer.user_id, now()
    decision.told_at = None
    db.session.flush()
    record(
        actor=viewer,
        action=f"suggestion.{kind.value}",
        subject=f"decision:{decision.public_id}",
        changes={
            **changes,
            "need": (None, need.public_id),
            "seed": (None, seed.public_id),
            "kind": (None, kind),
        },
    )
    if kind is DecisionKind.DISMISSED and words.strip():
        tell(decision, words, viewer=viewer)
    return decision


def undo(decision: Decision, *, viewer: Viewer) -> None:
    """Take a deferral or dismissal back; the pair is an open suggestion again.

    Raises DomainError for an accepted pair: its case is to be closed instead.
    """
    if decision.kind is DecisionKind.ACCEPTED:
        raise DomainError(_("採用した候補は、マッチングの画面で閉じてください。"))
    record(
        actor=viewer,
        action="suggestion.undone",
        subject=f"decision:{decision.public_id}",
        changes={"kind": (decision.kind, None), "reason": (decision.reason, None)},
    )
    db.session.delete(decision)
