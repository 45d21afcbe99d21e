"""Recording encounters and what follows from them."""

from dataclasses import dataclass
from datetime import date, time

from flask_babel import gettext as _

from registry.accounts.models import User
from registry.audit.service import apply, record
from registry.common.errors import Conflict, ConflictField, DomainError
from registry.common.viewer import Viewer
from registry.db import db, next_number, now
from registry.encounters.models import Channel, Encounter, EncounterKind
from registry.organizations.models import Organization
from registry.programs.models import Program
from registry.web.i18n import listed


@dataclass(frozen=True)
class RecordEncounter:
    """What somebody writes down about one encounter. `hours` are hours of work, halves allowed;
    `topics` are words of the office's list; `step` is a key of the program's own stages; a
    `country` is an ISO 3166 code of two letters; `supporters` came along and are not counted among
    the firms."""

    kind: EncounterKind
    held_on: date
    subject: str
    organizations: tuple[Organization, ...] = ()
    starts_at: time | None = None
    hours: float | None = None
    desk: str = ""
    result: str = ""
    next_step: str = ""
    next_due: date | None = None
    program: Program | None = None
    coordinator: User | None = None
    channel: Channel | None = None
    referred_by: Organization | None = None
    supporters: tuple[Organization, ...] = ()
    topics: tuple[str, ...] = ()
    expert: str = ""
    country: str = ""
    step: str = ""
    illustrative: bool = False
    source: str = ""

    def values(self) -> dict[str, object]:
        """Column values, without the organizations and supporters."""
        return {
            "kind": self.kind,
            "held_on": self.held_on,
            "starts_at": self.starts_at,
            "hours": self.hours,
            "desk": self.desk.strip(),
            "subject": self.subject.strip(),
            "result": self.result.strip(),
            "next_step": self.next_step.strip(),
            "next_due": self.next_due,
            "program_id": self.program.id if self.program else None,
            "coordinator_id": self.coordinator.id if self.coordinator else None,
            "channel": self.channel,
            "referred_by_id": self.referred_by.id if self.referred_by else None,
            "topics": list(self.topics),
            "expert": self.expert.strip(),
            "country": self.country.strip().upper(),
            "step": self.step.strip(),
        }


def record_encounter(command: RecordEncounter, *, today: date, viewer: Viewer) -> Encounter:
    """Write one encounter down.

    Raises DomainError when its day has not come, a dispatch names nobody, or a due day has no step.
    """
    _check(command, today)
    encounter = Encounter(
        number=next_number(Encounter.number),
        illustrative=command.illustrative,
        source=command.source,
        organizations=list(command.organizations),
        supporters=list(command.supporters),
        **command.values(),
    )
    db.session.add(encounter)
    db.session.flush()
    record(
        actor=viewer,
        action="encounter.recorded",
        subject=f"encounter:{encounter.public_id}",
        changes={
            **{name: (None, value) for name, value in command.values().items()},
            "organizations": (None, _names(command.organizations)),
            "supporters": (None, _names(command.supporters) or None),
        },
    )
    return encounter


def edit_encounter(
    encounter: Encounter,
    command: RecordEncounter,
    *,
    version: int | None,
    today: date,
    viewer: Viewer,
) -> None:
    """Correct a record. Raises Conflict when somebody changed it after `version`."""
    db.session.refresh(encounter, with_for_update=True)
    if version is not None and version != encounter.version:
        raise _conflict(encounter)
    _check(command, today)
    changes = apply(encounter, command.values())
    for name in ("organizations", "supporters"):
        before, after = getattr(encounter, name), getattr(command, name)
        if set(before) != set(after):
            changes[name] = (_names(tuple(before)), _names(after))
            setattr(encounter, name, list(after))
            encounter.updated_at = now()
    if "next_step" in changes or "next_due" in changes:
        encounter.next_done_at = None
    db.session.flush()
    if changes:
        subject = f"encounter:{encounter.public_id}"
        record(actor=viewer, action="encounter.changed", subject=subject, changes=changes)


def delete_encounter(encounter: Encounter, *, reason: str, viewer: Viewer) -> None:
    """Delete a wrong record; the log keeps what stood in it. Raises DomainError without reason."""
    if not reason.strip():
        raise DomainError(_("消す理由を入力してください。"), field="reason")
    record(
        actor=viewer,
        action="encounter.deleted",
        subject=f"encounter:{encounter.public_id}",
        changes={
            "reason": (None, reason.strip()),
            "kind": (encounter.kind, None),
            "held_on": (encounter.held_on, None),
            "subject": (encounter.subject, None),
            "result": (encounter.result or None, None),
            "hours": (encounter.hours, None),
            "organizations": (_names(tuple(encounter.organizations)), None),
        },
    )
    db.session.delete(encounter)
    db.session.flush()


def finish_step(encounter: Encounter, *, viewer: Viewer) -> None:
    """Mark the next step as done. Raises DomainError when there is none."""
    if not encounter.next_step and encounter.next_due is None:
        raise DomainError(_("この記録には次の一手がありません。"))
    if encounter.next_done_at is None:
        encounter.next_done_at = now()
        record(
            actor=viewer,
            action="encounter.step_done",
            subject=f"encounter:{encounter.public_id}",
            changes={"next_step": (encounter.next_step, _("済み"))},
        )


def _check(command: RecordEncounter, today: date) -> None:
    if command.held_on > today:
        raise DomainError(
            _("日付を、今日かそれより前にしてください。先の予定は次の一手に書きます。"),
            field="held_on",
        )
    if command.kind is EncounterKind.DISPATCH and not command.organizations:
        raise DomainError(
            _("派遣の記録には、相手の企業・団体が必要です。"), field="organization_names"
        )
    if command.next_due and not command.next_step.strip():
        raise DomainError(_("期限の日までに何をするかを入力してください。"), field="next_step")
    if twice := set(command.organizations) & set(command.supporters):
        raise DomainError(
            _(
                "%(names)sが、企業・団体と同行した支援機関の両方に入っています。片方から外してください。",
                names=_names(tuple(twice)),
            ),
            field="supporter_names",
        )
    stages = command.program.stage_names if command.program else {}
    if command.step.strip() and command.step.strip() not in stages:
        raise DomainError(
            _("その段階は、選んだ支援制度にありません。支援制度か段階を選び直してください。"),
            field="step",
        )


def _names(organizations: tuple[Organization, ...]) -> str:
    return listed(row.name for row in organizations)


def _conflict(encounter: Encounter) -> Conflict:
    fields = (
        ConflictField("subject", _("用件"), encounter.subject, is_text=True),
        ConflictField("result", _("内容と結果"), encounter.result, is_text=True),
        ConflictField("next_step", _("次の一手"), encounter.next_step, is_text=True),
    )
    return Conflict(
        _("この記録は、開いてからの間に、ほかの人が変更しました。"),
        version=encounter.version,
        fields=fields,
    )
