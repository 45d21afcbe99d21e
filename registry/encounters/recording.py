"""From the form of an encounter to the command, and what the form can choose from."""

from collections.abc import Sequence
from typing import Any

from wtforms.fields.choices import SelectMultipleField

from registry.accounts.models import User
from registry.accounts.queries import coordinators
from registry.common.viewer import Viewer
from registry.encounters.forms import EncounterForm
from registry.encounters.models import Encounter
from registry.encounters.participants import Participants, find, require
from registry.encounters.queries import program_of, programs_in_use, user_of
from registry.encounters.service import RecordEncounter
from registry.programs.models import Program
from registry.web.i18n import pick


def program_choices(current: Program | None = None) -> list[tuple[str, str]]:
    """(public id, title) of programs that have not ended, and of the one chosen already."""
    programs = programs_in_use()
    if current and current not in programs:
        programs.append(current)
    return [(row.public_id, pick(row.title, row.title_en)) for row in programs]


def coordinator_choices(current: User | None = None) -> list[tuple[str, str]]:
    """(public id, name) of active staff, and of the one chosen already."""
    people = coordinators()
    if current and current not in people:
        people.append(current)
    return [(row.public_id, row.name) for row in people]


def prepare(form: EncounterForm, encounter: Encounter | None = None) -> None:
    """Set the choices of program and coordinator."""
    form.offer(
        programs=program_choices(encounter.program if encounter else None),
        coordinators=coordinator_choices(encounter.coordinator if encounter else None),
    )


def show_participants(form: Any, viewer: Viewer) -> None:
    """Offer the chosen organizations, ticked, and those that the typed names may mean."""
    chosen: SelectMultipleField = form.organizations
    found: Participants = find(list(chosen.data or []), form.organization_names.data or "", viewer)
    rows = [*found.chosen, *found.offered]
    chosen.choices = [(row.public_id, row.name) for row in rows]
    chosen.data = [row.public_id for row in found.chosen]


def ids_of(rows: Sequence[Any]) -> list[str]:
    """Public ids, to be ticked in a form."""
    return [row.public_id for row in rows]


def stored(encounter: Encounter) -> dict[str, Any]:
    """A record's values by field name, for the form that corrects it."""
    names = [
        "held_on",
        "kind",
        "subject",
        "result",
        "hours",
        "next_step",
        "next_due",
        "starts_at",
        "desk",
        "version",
    ]
    return {
        **{name: getattr(encounter, name) for name in names},
        "organizations": ids_of(encounter.organizations),
        "program": encounter.program.public_id if encounter.program else "",
        "coordinator": encounter.coordinator.public_id if encounter.coordinator else "",
    }


def command_of(form: EncounterForm, viewer: Viewer) -> RecordEncounter:
    """What the form says, with the rows it names. Raises DomainError for unclear organizations."""
    return RecordEncounter(
        kind=form.kind.data,
        held_on=form.held_on.data,
        subject=form.subject.data or "",
        organizations=tuple(
            require(list(form.organizations.data or []), form.organization_names.data or "", viewer)
        ),
        starts_at=form.starts_at.data,
        hours=form.hours.data,
        desk=form.desk.data or "",
        result=form.result.data or "",
        next_step=form.next_step.data or "",
        next_due=form.next_due.data,
        program=program_of(form.program.data) if form.program.data else None,
        coordinator=user_of(form.coordinator.data) if form.coordinator.data else None,
    )
