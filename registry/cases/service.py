"""Keeping a case's record: parties, coordinator, next step, notes, encounters."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from registry.accounts.models import User
from registry.audit.service import apply, record
from registry.cases.blindness import refuse_identifying
from registry.cases.models import Case, Note, Party, Side
from registry.cases.opening import OpenPair, PartyWish, open_case, open_project
from registry.common.errors import Conflict, ConflictField, DomainError
from registry.common.viewer import Viewer
from registry.db import db
from registry.encounters.models import Encounter
from registry.encounters.service import RecordEncounter, record_encounter
from registry.organizations.models import Organization, OrganizationState
from registry.programs.models import Program
from registry.web.i18n import day

__all__ = [
    "EditCase",
    "OpenPair",
    "PartyWish",
    "add_encounter",
    "add_note",
    "add_party",
    "assign",
    "change_role",
    "edit_case",
    "finish_step",
    "keep_step",
    "link_encounter",
    "lock",
    "open_case",
    "open_project",
    "require_open",
    "set_next_step",
    "touch",
    "unlink_encounter",
]


def add_party(
    case: Case, organization: Organization, *, side: Side, role: str, viewer: Viewer
) -> Party:
    """Bring a further organization into a case; it is asked like the others.

    Raises DomainError when the case is closed, or the organization is in it or archived.
    """
    lock(case)
    require_open(case)
    if organization.state is OrganizationState.ARCHIVED:
        raise DomainError(_("登録を終えた企業・団体は加えられません。"), field="organization_names")
    if any(party.organization_id == organization.id for party in case.parties):
        raise DomainError(
            _("%(name)s は、すでに当事者です。", name=organization.name), field="organization_names"
        )
    refuse_identifying(role, organization, "role")
    party = Party(organization_id=organization.id, side=side, role=role.strip())
    case.parties.append(party)
    db.session.flush()
    _log(case, "case.party_added", viewer, {"party": (None, organization.public_id)})
    return party


def change_role(party: Party, *, role: str, version: int | None = None, viewer: Viewer) -> None:
    """Name what a party does in the case. Raises Conflict when somebody changed the party after
    `version`."""
    lock(party.case)
    if version is not None and version != party.version:
        raise Conflict(
            _("この当事者の記録は、開いてからの間に変わりました。"),
            version=party.version,
            fields=(ConflictField("role", _("役割"), party.role, is_text=True),),
        )
    refuse_identifying(role, party.organization, "role")
    changes = apply(party, {"role": role.strip()})
    if changes:
        _log(party.case, "case.party_changed", viewer, changes)


@dataclass(frozen=True)
class EditCase:
    """The words and the assignment of a case, as the edit page holds them."""

    title: str
    program: Program | None
    coordinator: User | None
    blind_summary_need: str = ""
    blind_summary_seed: str = ""


def edit_case(case: Case, command: EditCase, *, version: int | None, viewer: Viewer) -> None:
    """Change title, program, coordinator and what the sides read of each other before consent.

    Raises Conflict when somebody changed the case after `version`.
    """
    lock(case)
    if version is not None and version != case.version:
        raise _edit_conflict(case, command)
    for party in case.parties:
        refuse_identifying(command.blind_summary_need, party.organization, "blind_summary_need")
        refuse_identifying(command.blind_summary_seed, party.organization, "blind_summary_seed")
    values = {
        "title": command.title.strip(),
        "program_id": command.program.id if command.program else None,
        "coordinator_id": command.coordinator.id if command.coordinator else None,
        "blind_summary_need": command.blind_summary_need.strip(),
        "blind_summary_seed": command.blind_summary_seed.strip(),
    }
    if changes := apply(case, values):
        db.session.flush()
        _log(case, "case.changed", viewer, changes)


def assign(case: Case, coordinator: User | None, *, viewer: Viewer) -> None:
    """Give the case to another coordinator, or to nobody."""
    lock(case)
    changes = apply(case, {"coordinator_id": coordinator.id if coordinator else None})
    if changes:
        db.session.flush()
        _log(case, "case.assigned", viewer, changes)


def set_next_step(
    case: Case, *, text: str, due: date | None, version: int | None = None, viewer: Viewer
) -> None:
    """Write what comes next and until when; an empty text takes it away.

    Raises Conflict when somebody changed the case after `version`, DomainError for a due day
    without words.
    """
    lock(case)
    require_open(case)
    if version is not None and version != case.version:
        raise _step_conflict(case, due)
    if due and not text.strip():
        raise DomainError(_("その日までに何をするかを入力してください。"), field="next_step")
    if changes := apply(case, {"next_step": text.strip(), "next_due": due}):
        db.session.flush()
        _log(case, "case.next_step", viewer, changes)


def finish_step(case: Case, *, seen: str | None = None, today: date, viewer: Viewer) -> None:
    """Mark the next step as done: it moves into the timeline as a note of the office.

    `seen` is the step as the person read it. Raises DomainError when somebody wrote another one
    meanwhile: that one is not done.
    """
    lock(case)
    if seen is not None and " ".join(seen.split()) != " ".join(case.next_step.split()):
        raise DomainError(
            _(
                "次の一手は、開いてからの間に「%(step)s」に書き直されました。確かめてください。",
                step=case.next_step or _("（なし）"),
            )
        )
    if not case.next_step and case.next_due is None:
        raise DomainError(_("次の一手は書かれていません。"))
    add_note(case, text=_("済み：%(step)s", step=case.next_step), viewer=viewer)
    changes = apply(case, {"next_step": "", "next_due": None})
    touch(case, today)
    _log(case, "case.step_done", viewer, changes)


def keep_step(case: Case, following: str = "", *, viewer: Viewer) -> None:
    """Before the next step gives way to another one, or to the end of the case, without anybody
    having read it: its words stay in the timeline as a note of the office."""
    if case.next_step and case.next_step != following.strip():
        add_note(case, text=_("その前の次の一手：%(step)s", step=case.next_step), viewer=viewer)


def add_note(case: Case, *, text: str, viewer: Viewer) -> Note:
    """Write a private note of the office. Raises DomainError for an empty one."""
    if not text.strip():
        raise DomainError(_("メモを入力してください。"), field="text")
    note = Note(case=case, author_id=viewer.user_id, text=text.strip())
    db.session.add(note)
    db.session.flush()
    _log(case, "case.noted", viewer, {"note": (None, note.public_id)})
    return note


def add_encounter(
    case: Case, command: RecordEncounter, *, today: date, viewer: Viewer
) -> Encounter:
    """Record an encounter of a case; its next step becomes the case's own."""
    lock(case)
    encounter = record_encounter(command, today=today, viewer=viewer)
    link_encounter(case, encounter, viewer=viewer)
    if command.next_step.strip() and case.is_open:
        keep_step(case, command.next_step, viewer=viewer)
        set_next_step(case, text=command.next_step, due=command.next_due, viewer=viewer)
    return encounter


def link_encounter(case: Case, encounter: Encounter, *, viewer: Viewer) -> None:
    """Put a recorded encounter into a case's timeline."""
    lock(case)
    if encounter in case.encounters:
        return
    case.encounters.append(encounter)
    touch(case, encounter.held_on)
    db.session.flush()
    _log(case, "case.encounter_added", viewer, {"encounter": (None, encounter.public_id)})


def unlink_encounter(case: Case, encounter: Encounter, *, viewer: Viewer) -> None:
    """Take an encounter out of a case; the record of it stays."""
    if encounter in case.encounters:
        case.encounters.remove(encounter)
        db.session.flush()
        _log(case, "case.encounter_removed", viewer, {"encounter": (encounter.public_id, None)})


def lock(case: Case) -> None:
    """Wait until nobody else changes the case, and read it anew with its parties: what is decided
    after this rests on what is true. Call it first: the log's lock comes after it."""
    db.session.refresh(case, with_for_update=True)
    for party in case.parties:
        db.session.refresh(party)


def touch(case: Case, day: date) -> None:
    """Note that the case moved on that day: it is not stale."""
    case.moved_on = max(case.moved_on, day)


def require_open(case: Case) -> None:
    """Raises DomainError when the case is closed."""
    if not case.is_open:
        raise DomainError(_("このマッチングは閉じています。続けるときは、先に再開してください。"))


def _log(
    case: Case, action: str, viewer: Viewer, changes: dict[str, tuple[object, object]]
) -> None:
    record(actor=viewer, action=action, subject=f"case:{case.public_id}", changes=changes)


CHANGED = _l("このマッチングは、開いてからの間に、ほかの人が変更しました。")


def _edit_conflict(case: Case, command: EditCase) -> Conflict:
    words = {
        "title": _("件名"),
        "blind_summary_need": _("ニーズ側の紹介文"),
        "blind_summary_seed": _("シーズ側の紹介文"),
    }
    fields = [ConflictField(n, words[n], getattr(case, n), is_text=True) for n in words]
    for name, label, mine, stored in (
        ("program", _("支援制度"), command.program, case.program),
        ("coordinator", _("担当"), command.coordinator, case.coordinator),
    ):
        if mine is not stored:
            fields.append(ConflictField(name, label, _named(stored), _named(mine)))
    return Conflict(CHANGED, version=case.version, fields=tuple(fields))


def _step_conflict(case: Case, due: date | None) -> Conflict:
    step = ConflictField("next_step", _("次の一手"), case.next_step, is_text=True)
    until = ConflictField("next_due", _("期限"), day(case.next_due), day(due))
    return Conflict(CHANGED, version=case.version, fields=(step, until))


def _named(row: Program | User | None) -> str:
    return row.title if isinstance(row, Program) else row.name if row else ""
