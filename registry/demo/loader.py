"""Loading the demo: all of it in one transaction, or nothing."""

from datetime import date
from enum import StrEnum
from pathlib import Path

from sqlalchemy import func, select

from registry.accounts.models import User
from registry.audit.models import AuditEntry
from registry.audit.service import record
from registry.common.viewer import SYSTEM
from registry.db import db, public_ids_from, transaction
from registry.demo import (
    accounts,
    applying,
    cases,
    check_ins,
    crowd,
    encounters,
    events,
    intake,
    lets,
    letters,
    listings,
    organizations,
    papers,
    places,
    policy,
    programs,
    suggestions,
)
from registry.demo.accounts import Account
from registry.demo.ids import Ids
from registry.demo.world import World
from registry.office import settings
from registry.office.settings import Office
from registry.organizations.models import Organization

LOADED = "demo.loaded"
"""The action of the audit entry that tells of the loading."""
OFFICE = Office(
    name="川崎市",
    section="産業振興部",
    hours="平日 8:30–17:15",
    sender_name="川崎市 産業振興部",
    sender_address="musubi@demo.example",
)


class Occupied(Exception):
    """The database holds records that are not the demo's."""


class Outcome(StrEnum):
    """What a call of `load` did."""

    LOADED = "loaded"
    PRESENT = "present"
    NEW_PASSWORDS = "new_passwords"


def load(folder: Path, *, today: date, seed: int = 0) -> tuple[Outcome, list[Account]]:
    """Load the demo into an empty database and return its accounts with their passwords.

    Where it is loaded already nothing changes, whatever the seed and the day; only when the file
    of accounts in `folder` was lost are new passwords drawn. Raises Occupied when the database
    holds other records: a real registry never becomes a demo.
    """
    with transaction():
        if not is_loaded():
            if _is_in_use():
                raise Occupied
            return Outcome.LOADED, _load(folder, today=today, seed=seed)
        if known := accounts.read_accounts(folder):
            return Outcome.PRESENT, known
        drawn = accounts.draw_passwords()
        accounts.write_accounts(folder, drawn)
        record(actor=SYSTEM, action="demo.passwords", subject="demo")
        return Outcome.NEW_PASSWORDS, drawn


def is_loaded() -> bool:
    """Whether this database holds the demo."""
    found = select(AuditEntry.position).where(AuditEntry.action == LOADED).limit(1)
    return db.session.scalar(found) is not None


def _is_in_use() -> bool:
    return any(db.session.scalar(select(func.count()).select_from(t)) for t in (User, Organization))


def _load(folder: Path, *, today: date, seed: int) -> list[Account]:
    """Everything, in the order in which later parts lean on earlier ones. The accounts' file is
    written before the commit: without it nobody could sign in."""
    world = World(today=today, ids=Ids(seed))
    with public_ids_from(world.ids.in_turn("further")), db.session.no_autoflush:
        record(
            actor=SYSTEM,
            action=LOADED,
            subject="demo",
            changes={"seed": (None, seed), "day": (None, today)},
        )
        settings.change(OFFICE, viewer=SYSTEM)
        policy.load_policy(world)
        organizations.load_organizations(world)
        found = accounts.load_accounts(world)
        programs.load_programs(world)
        programs.load_operators(world)
        applying.load_details(world)
        applying.load_conditions(world)
        policy.load_indicators(world)
        programs.load_enrolments(world)
        crowd.load_members(world)
        applying.load_applications(world)
        places.load_places(world)
        events.load_events(world)
        organizations.load_contacts(world)
        organizations.load_consents(world)
        organizations.load_invitations(world)
        listings.load_listings(world)
        suggestions.load_glossary(world)
        cases.load_cases(world)
        papers.load_further_listings(world)
        papers.load_case_files(world)
        cases.load_outcomes(world)
        encounters.load_encounters(world)
        check_ins.load_check_ins(world)
        intake.load_encounter_details(world)
        intake.load_intake(world)
        suggestions.load_decisions(world)
        suggestions.load_candidates(world)
        lets.load_vacancies(world)
        letters.load_letters(world)
        db.session.flush()
        accounts.write_accounts(folder, found)
    return found
