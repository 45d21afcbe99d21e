"""Encounters and cases for tests, made through the services so that they are whole."""

from datetime import date

from registry.accounts.models import User
from registry.cases import introductions, service
from registry.cases.introductions import ProxyAnswer
from registry.cases.models import Answer, Case, Party, Side
from registry.common.viewer import SYSTEM, Viewer
from registry.db import transaction
from registry.encounters.models import Encounter, EncounterKind
from registry.encounters.service import RecordEncounter, record_encounter
from registry.listings.models import Listing
from registry.organizations.models import ConsentWay, Organization
from tests.factories.listings import make_need, make_seed

OPENED = date(2026, 11, 2)
ANSWERED = date(2026, 11, 9)


def make_encounter(*organizations: Organization, **fields: object) -> Encounter:
    """A visit to the organizations."""
    values: dict[str, object] = {
        "kind": EncounterKind.VISIT,
        "held_on": date(2026, 11, 10),
        "subject": "試験の訪問",
        "organizations": organizations,
    }
    values.update(fields)
    with transaction():
        return record_encounter(
            RecordEncounter(**values),  # type: ignore[arg-type]
            today=date(2026, 11, 25),
            viewer=SYSTEM,
        )


def make_case(
    need: Listing | None = None,
    seed: Listing | None = None,
    *,
    coordinator: User | None = None,
    today: date = OPENED,
    viewer: Viewer = SYSTEM,
    **fields: object,
) -> Case:
    """A new case of a need and a seed, nobody asked yet."""
    need, seed = need or make_need(), seed or make_seed()
    with transaction():
        return service.open_case(
            need,
            seed,
            coordinator=coordinator,
            today=today,
            viewer=viewer,
            **fields,  # type: ignore[arg-type]
        )


def party(case: Case, side: Side) -> Party:
    """The case's party on that side."""
    return next(p for p in case.parties if p.side is side)


def ask(one: Party, *, today: date = OPENED) -> str:
    """Ask a party; returns the token of its link."""
    tokens: list[str] = []

    def link(token: str) -> str:
        tokens.append(token)
        return f"http://localhost/introductions/{token}"

    with transaction():
        introductions.ask(one, link=link, today=today, viewer=SYSTEM)
    return tokens[0] if tokens else ""


def answer(one: Party, word: Answer = Answer.YES, *, on: date = ANSWERED) -> None:
    """Record an answer given by telephone."""
    with transaction():
        introductions.record_answer(
            one,
            ProxyAnswer(word, "試験 花子", ConsentWay.TELEPHONE, on, "電話の記録簿"),
            link=lambda public_id: f"http://localhost/cases/{public_id}",
            today=on,
            viewer=SYSTEM,
        )


def make_introduced_case(**fields: object) -> Case:
    """A case whose two sides agreed."""
    case = make_case(**fields)  # type: ignore[arg-type]
    for one in list(case.parties):
        ask(one)
        answer(one)
    return case
