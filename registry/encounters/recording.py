"""From the form of an encounter to the command, and what the form can choose from."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms.fields.choices import SelectMultipleField

from registry.accounts.models import User
from registry.accounts.queries import coordinators
from registry.common.viewer import Viewer
from registry.encounters import topics
from registry.encounters.forms import EncounterForm
from registry.encounters.labels import channel_label, countries, country_label, kind_label
from registry.encounters.models import Channel, Encounter, EncounterKind
from registry.encounters.participants import Participants, find, require
from registry.encounters.queries import (
    countries_in_use,
    desks_in_use,
    program_of,
    programs_in_use,
    supporter_of,
    supporters_known,
    user_of,
)
from registry.encounters.service import RecordEncounter
from registry.encounters.topics import topic_choices
from registry.organizations.models import Organization
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


def filter_choices() -> dict[str, list[tuple[str, str]]]:
    """(value, words) for each choice by which the list is narrowed, by the address's name."""
    words = topics.topics()
    return {
        "kind": [(kind.value, kind_label(kind)) for kind in EncounterKind],
        "coordinator": coordinator_choices(),
        "program": program_choices(),
        "channel": [(channel.value, channel_label(channel)) for channel in Channel],
        "desk": [(desk, desk) for desk in desks_in_use()],
        "topic": topic_choices(words),
        "country": [(code, country_label(code)) for code in countries_in_use()],
        "supporter": supporter_choices(),
        "step": step_choices(),
    }


def prepare(form: EncounterForm, encounter: Encounter | None = None) -> None:
    """Set what can be chosen, with what the record has already."""
    form.offer(
        program=program_choices(encounter.program if encounter else None),
        coordinator=coordinator_choices(encounter.coordinator if encounter else None),
        referred_by=supporter_choices(encounter.referred_by if encounter else None),
        topics=topic_choices(encounter.topics if encounter else ()),
        country=list(countries().items()),
        step=step_choices(encounter),
    )


def supporter_choices(current: Organization | None = None) -> list[tuple[str, str]]:
    """(public id, name) of chambers, banks, foundations, counties, and of the one chosen."""
    rows = supporters_known()
    if current and current not in rows:
        rows.append(current)
    return [(row.public_id, pick(row.name, row.name_en)) for row in rows]


def step_choices(encounter: Encounter | None = None) -> list[tuple[str, str]]:
    """(key, word and program) of the programs' own stages; a key of several programs comes once."""
    programs = programs_in_use()
    if encounter and encounter.program and encounter.program not in programs:
        programs.append(encounter.program)
    words: dict[str, list[str]] = {}
    for program in programs:
        for key, names in program.stage_names.items():
            title = pick(program.title, program.title_en)
            words.setdefault(key, []).append(
                _("%(step)s（%(program)s）", step=pick(names["ja"], names.get("en")), program=title)
            )
    if encounter and encounter.step and encounter.step not in words:
        words[encounter.step] = [encounter.step]
    return [(key, " / ".join(found)) for key, found in words.items()]


def show_participants(form: Any, viewer: Viewer) -> None:
    """Offer the chosen organizations, ticked, and those that the typed names may mean; the same
    for those who came along, where the form asks for them."""
    pairs = [("organizations", "organization_names"), ("supporters", "supporter_names")]
    for ticked, typed in pairs:
        if ticked in form:
            chosen: SelectMultipleField = form[ticked]
            found: Participants = find(list(chosen.data or []), form[typed].data or "", viewer)
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
        "channel",
        "expert",
        "country",
        "step",
        "version",
    ]
    return {
        **{name: getattr(encounter, name) for name in names},
        "organizations": ids_of(encounter.organizations),
        "topics": [topics.code_of(word) for word in encounter.topics],
        "supporters": ids_of(encounter.supporters),
        "referred_by": encounter.referred_by.public_id if encounter.referred_by else "",
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
        channel=form.channel.data,
        referred_by=supporter_of(form.referred_by.data) if form.referred_by.data else None,
        supporters=tuple(
            require(
                list(form.supporters.data or []),
                form.supporter_names.data or "",
                viewer,
                field="supporter_names",
            )
        ),
        topics=tuple(topics.word_of(value) for value in form.topics.data or ()),
        expert=form.expert.data or "",
        country=form.country.data or "",
        step=form.step.data or "",
    )
