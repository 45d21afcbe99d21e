"""Loading the intake: routing rules, enquiries in every state, a survey with its answers; and how
encounters came about. All invented."""

import hashlib
import json
from datetime import timedelta

from sqlalchemy import select

from registry.accounts.models import User
from registry.db import db
from registry.demo.files import rows, split
from registry.demo.world import World, moment
from registry.encounters.models import Channel, Encounter
from registry.intake.models import (
    Enquiry,
    EnquiryAnswer,
    EnquiryKind,
    EnquiryState,
    RoutingRule,
    Survey,
    SurveyCopy,
)
from registry.programs.questions import define

STAGES = {
    "research": {"ja": "情報収集", "en": "Research"},
    "plan": {"ja": "計画", "en": "Planning"},
    "try": {"ja": "試し売り", "en": "Trial sales"},
    "abroad": {"ja": "進出", "en": "Abroad"},
}
"""Stages of going abroad at the support center: invented words for what the plan calls
海外展開のステージ (第3章 3-1-1)."""


def load_encounter_details(world: World) -> None:
    """Channel, supporters, topics and step of encounters that are loaded."""
    world.programs["kobs"].stage_names = STAGES
    ids = {world.ids.of(f"encounter:{row['encounter']}"): row for row in rows("encounter_details")}
    for one in db.session.scalars(select(Encounter).where(Encounter.public_id.in_(ids))):
        row = ids[one.public_id]
        one.channel = Channel(row["channel"]) if row["channel"] else None
        one.referred_by = world.organizations.get(row["referred_by"])
        one.supporters = [world.organizations[key] for key in split(row["supporters"])]
        one.topics, one.country = split(row["topics"]), row["country"]
        one.desk, one.expert, one.step = row["desk"], row["expert"], row["step"]
    db.session.flush()


def load_intake(world: World) -> None:
    """Rules, enquiries by their day, and surveys."""
    rules = _rules(world)
    told = sorted(rows("enquiries"), key=lambda row: (world.need_day(row["received"]), row["key"]))
    for number, row in enumerate(told, 1):
        enquiry = _enquiry(row, number, rules, world)
        db.session.add(enquiry)
        if on := world.day(row["answered"]):
            by = enquiry.handler or world.users["coordinator@demo.example"]
            owner = world.members.get(_owner_key(row, world))
            to_owner = enquiry.kind is EnquiryKind.REQUEST
            enquiry.answers.append(
                EnquiryAnswer(
                    public_id=world.ids.of(f"enquiry-answer:{row['key']}"),
                    text=row["answer"],
                    at=moment(on, 11),
                    by=owner if to_owner else by,
                    by_addressee=to_owner,
                )
            )
        world.log("enquiry.received", f"enquiry:{enquiry.public_id}", subject=enquiry.subject)
    _surveys(world)
    db.session.flush()


def _owner_key(row: dict[str, str], world: World) -> str:
    listing = world.listings.get(row["listing"])
    found = (
        key for key, one in world.organizations.items() if listing and one is listing.organization
    )
    return next(found, "")


def _rules(world: World) -> dict[str, RoutingRule]:
    found = {}
    for row in rows("routing_rules"):
        rule = RoutingRule(
            public_id=world.ids.of(f"rule:{row['key']}"),
            position=int(row["position"]),
            program=world.programs.get(row["program"]),
            topic=row["topic"],
            kind=EnquiryKind(row["kind"]) if row["kind"] else None,
            desk=row["desk"],
            handler=world.users.get(row["handler"]),
            days=int(row["days"]),
        )
        found[row["key"]] = rule
        db.session.add(rule)
    db.session.flush()
    return found


def _enquiry(
    row: dict[str, str], number: int, rules: dict[str, RoutingRule], world: World
) -> Enquiry:
    listing = world.listings[row["listing"]] if row["listing"] else None
    organization = world.organizations.get(row["organization"])
    user: User | None = world.users.get(row["email"])
    rule = rules.get(row["rule"])
    answered, closed = world.day(row["answered"]), world.day(row["closed"])
    received = world.need_day(row["received"])
    return Enquiry(
        public_id=world.ids.of(f"enquiry:{row['key']}"),
        number=number,
        kind=EnquiryKind(row["kind"]),
        state=EnquiryState(row["state"]),
        name=row["name"],
        email=row["email"],
        organization_name=row["organization_name"] or (organization.name if organization else ""),
        organization=organization,
        user=user,
        subject=row["subject"],
        text=row["text"],
        topic=row["topic"],
        program=world.programs.get(row["program"]),
        listing=listing,
        addressee=listing.organization if listing else None,
        desk=rule.desk if rule else "",
        handler=world.users.get(row["handler"]),
        received_at=moment(received, 9, 30),
        created_at=moment(received, 9, 20),
        due_on=world.day(row["due"]),
        answered_at=moment(answered, 11) if answered else None,
        closed_at=moment(closed, 16) if closed else None,
        close_reason=row["close_reason"],
        token_hash=_token_hash(f"enquiry:{row['key']}", world),
        illustrative=True,
    )


def _surveys(world: World) -> None:
    for number, row in enumerate(rows("surveys"), 1):
        questions = [
            {
                **one,
                "choices": one["choices"].replace(";", "\n"),
                "max": int(one["max"] or 0) or None,
            }
            for one in rows("survey_questions")
            if one["survey"] == row["key"]
        ]
        survey = Survey(
            public_id=world.ids.of(f"survey:{row['key']}"),
            number=number,
            title=row["title"],
            words=row["words"],
            closes_on=world.need_day(row["closes"]),
            questions=define(questions),
            illustrative=True,
        )
        db.session.add(survey)
        for told in rows("survey_answers"):
            if told["survey"] == row["key"]:
                survey.copies.append(_copy(told, world))
        world.log("survey.created", f"survey:{survey.public_id}", title=survey.title)


def _copy(row: dict[str, str], world: World) -> SurveyCopy:
    key = f"survey-copy:{row['survey']}:{row['organization']}"
    answered = world.day(row["answered"])
    return SurveyCopy(
        public_id=world.ids.of(key),
        organization=world.organizations[row["organization"]],
        token_hash=_token_hash(key, world),
        sent_at=moment(world.today - timedelta(days=8), 9),
        answers=json.loads(row["answers"]) if row["answers"] else {},
        answered_by=row["name"],
        answered_at=moment(answered, 14) if answered else None,
    )


def _token_hash(key: str, world: World) -> str:
    """A hash to which no token is known: links of the demo were never mailed."""
    return hashlib.sha256(f"{world.ids.of(key)}:never mailed".encode()).hexdigest()
