"""The life of an edition: in preparation, open for registration, closed, held or cancelled."""

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _

from registry.audit.service import apply, record
from registry.common.errors import Conflict, ConflictField, DomainError
from registry.common.viewer import Viewer
from registry.db import db
from registry.events import mails
from registry.events.labels import STATES
from registry.events.locking import lock
from registry.events.models import Edition, EditionState
from registry.events.registering import standing
from registry.events.writing import refuse_others

STEPS: Mapping[EditionState, tuple[EditionState, ...]] = {
    EditionState.PLANNED: (
        EditionState.OPEN,
        EditionState.CLOSED,
        EditionState.HELD,
        EditionState.CANCELLED,
    ),
    EditionState.OPEN: (
        EditionState.CLOSED,
        EditionState.HELD,
        EditionState.PLANNED,
        EditionState.CANCELLED,
    ),
    EditionState.CLOSED: (
        EditionState.HELD,
        EditionState.OPEN,
        EditionState.PLANNED,
        EditionState.CANCELLED,
    ),
    EditionState.HELD: (EditionState.CLOSED,),
    EditionState.CANCELLED: (EditionState.PLANNED,),
}
"""Where an edition may go from each state, the usual step first; a wrong step is taken back."""


def move(
    edition: Edition,
    to: EditionState,
    *,
    reason: str,
    version: int | None,
    today: date,
    viewer: Viewer,
) -> None:
    """Take an edition to another state; whoever registered is told when it is cancelled.

    Raises Conflict when somebody changed it after `version`, DomainError for a step that cannot be.
    """
    refuse_others(edition.event, viewer)
    lock(edition)
    if version is not None and version != edition.version:
        raise Conflict(
            _("この開催回は、開いてからの間に、ほかの人が変更しました。"),
            version=edition.version,
            fields=(ConflictField("to", _("状態"), str(STATES[edition.state])),),
        )
    _check(edition, to, reason, today)
    told = to in (EditionState.OPEN, EditionState.CLOSED, EditionState.HELD)
    values = {
        "state": to,
        "state_reason": reason.strip() if to is EditionState.CANCELLED else "",
        "announced": edition.announced or told,
    }
    changes = apply(edition, values)
    db.session.flush()
    if changes:
        subject = f"edition:{edition.public_id}"
        record(actor=viewer, action=f"edition.{to.value}", subject=subject, changes=changes)
    if to is EditionState.CANCELLED:
        for registration in standing(edition):
            mails.tell_edition_cancelled(registration)


def _check(edition: Edition, to: EditionState, reason: str, today: date) -> None:
    if to not in STEPS[edition.state]:
        raise DomainError(
            _(
                "「%(now)s」から「%(to)s」へは変えられません。",
                now=STATES[edition.state],
                to=STATES[to],
            ),
            field="to",
        )
    if to is EditionState.CANCELLED and not reason.strip():
        raise DomainError(_("中止の理由を入力してください。"), field="reason")
    if to is EditionState.OPEN and edition.ends_on < today:
        raise DomainError(
            _("終わった開催回の申込は始められません。日程を確かめてください。"), field="to"
        )
    if to is EditionState.HELD and edition.starts_on > today:
        raise DomainError(_("「開催済み」にできるのは、始まりの日からです。"), field="to")
