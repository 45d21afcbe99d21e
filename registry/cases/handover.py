"""Handing a coordinator's open work over to another (引継ぎ), with a document that tells it all.

Open work is: open cases, next steps of encounters outside any case, follow-ups of meetings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, exists, select
from sqlalchemy.orm import selectinload

from registry.accounts.models import User
from registry.audit.service import record
from registry.cases.handover_models import Handover
from registry.cases.models import Case, CaseEncounter, Party
from registry.cases.queries import visible_to
from registry.common.errors import DomainError
from registry.common.roles import STAFF
from registry.common.viewer import Viewer
from registry.db import db, now
from registry.encounters.models import Encounter
from registry.events.models import Meeting
from registry.organizations.models import Organization

KEPT_NOTES = 3
"""So many of a case's newest notes stand in the document."""


@dataclass(frozen=True)
class Pack:
    """What a coordinator has in hand, the most urgent first."""

    giver: User
    cases: Sequence[Case]
    encounters: Sequence[Encounter]
    meetings: Sequence[Meeting]

    @property
    def is_empty(self) -> bool:
        return not (self.cases or self.encounters or self.meetings)


def pack_of(giver: User, viewer: Viewer) -> Pack:
    """The open work of a coordinator that the viewer may see."""
    cases = db.session.scalars(
        visible_to(viewer)
        .where(Case.coordinator_id == giver.id, Case.closed_on.is_(None))
        .options(
            selectinload(Case.parties)
            .selectinload(Party.organization)
            .selectinload(Organization.contacts),
            selectinload(Case.notes),
            selectinload(Case.encounters),
        )
        .order_by(None)
        .order_by(Case.next_due.is_(None), Case.next_due, Case.number)
    ).all()
    return Pack(
        giver,
        cases,
        db.session.scalars(_encounters(giver)).all(),
        db.session.scalars(_meetings(giver)).all(),
    )


def hand_over(giver: User, taker: User, *, viewer: Viewer) -> Handover:
    """Give all open work of one coordinator to another, in one step.

    Raises DomainError at `taker` when it is nobody who may have it, or when there is nothing.
    """
    if taker.id == giver.id:
        raise DomainError(_("別の人を選んでください。"), field="taker")
    if not taker.active or taker.role not in STAFF:
        raise DomainError(_("事務局の、いま使える人を選んでください。"), field="taker")
    pack = pack_of(giver, viewer)
    if pack.is_empty:
        raise DomainError(_("引き継ぐものはありません。"), field="taker")
    moved: dict[str, list[str]] = {}
    for name, rows in _by_kind(pack).items():
        for row in rows:
            row.coordinator_id = taker.id
        moved[name] = [row.public_id for row in rows]
    handover = Handover(giver_id=giver.id, taker_id=taker.id, by_id=viewer.user_id, moved=moved)
    db.session.add(handover)
    db.session.flush()
    for case in pack.cases:
        _log_case(case, giver, taker, viewer)
    _log(handover, "handover.done", viewer, giver, taker)
    return handover


def take_back(handover: Handover, *, viewer: Viewer) -> int:
    """Give back what the taker still holds of a handover; returns how much. Raises DomainError when
    it was taken back before."""
    if handover.undone_at is not None:
        raise DomainError(_("この引継ぎは、すでに取り消しました。"))
    count = 0
    for kind, model in (("cases", Case), ("encounters", Encounter), ("meetings", Meeting)):
        still: Any = select(model).where(
            model.public_id.in_(handover.moved.get(kind, [])),
            model.coordinator_id == handover.taker_id,
        )
        for row in db.session.scalars(still):
            row.coordinator_id = handover.giver_id
            count += 1
            if isinstance(row, Case):
                _log_case(row, handover.taker, handover.giver, viewer)
    handover.undone_at = now()
    db.session.flush()
    _log(handover, "handover.undone", viewer, handover.giver, handover.taker)
    return count


def handovers() -> Select[Handover]:
    """Statement of the handovers, the newest first."""
    return (
        select(Handover)
        .options(selectinload(Handover.giver), selectinload(Handover.taker))
        .order_by(Handover.id.desc())
    )


def get_handover(public_id: str) -> Handover | None:
    """The handover of that id, or None."""
    return db.session.scalar(handovers().where(Handover.public_id == public_id))


def _by_kind(pack: Pack) -> dict[str, Sequence[Any]]:
    return {"cases": pack.cases, "encounters": pack.encounters, "meetings": pack.meetings}


def _encounters(giver: User) -> Select[Encounter]:
    in_case = exists().where(CaseEncounter.encounter_id == Encounter.id)
    return (
        select(Encounter)
        .where(
            Encounter.coordinator_id == giver.id,
            Encounter.next_step != "",
            Encounter.next_done_at.is_(None),
            ~in_case,
        )
        .options(selectinload(Encounter.organizations))
        .order_by(Encounter.next_due.is_(None), Encounter.next_due, Encounter.id)
    )


def _meetings(giver: User) -> Select[Meeting]:
    return (
        select(Meeting)
        .where(
            Meeting.coordinator_id == giver.id,
            Meeting.follow_up != "",
            Meeting.followed_up_at.is_(None),
        )
        .options(selectinload(Meeting.host), selectinload(Meeting.guest))
        .order_by(Meeting.follow_up_due.is_(None), Meeting.follow_up_due, Meeting.id)
    )


def _log_case(case: Case, giver: User, taker: User, viewer: Viewer) -> None:
    record(
        actor=viewer,
        action="case.assigned",
        subject=f"case:{case.public_id}",
        changes={"coordinator": (giver.public_id, taker.public_id)},
    )


def _log(handover: Handover, action: str, viewer: Viewer, giver: User, taker: User) -> None:
    record(
        actor=viewer,
        action=action,
        subject=f"handover:{handover.public_id}",
        changes={
            "giver": (None, giver.public_id),
            "taker": (None, taker.public_id),
            **{kind: (None, len(ids)) for kind, ids in handover.moved.items()},
        },
    )
