"""Loading cases: parties with their answers, stages, outcomes and endings."""

from dataclasses import dataclass
from datetime import date, timedelta

from registry.accounts.models import User
from registry.cases.blindness import default_blind_summary
from registry.cases.models import (
    Answer,
    Case,
    CloseReason,
    Closure,
    Outcome,
    Party,
    Rung,
    Side,
    Stage,
    StageChange,
)
from registry.cases.outcome_models import ContractKind, SalesBand
from registry.db import db
from registry.demo.files import is_yes, rows, whole
from registry.demo.organizations import EVIDENCE, speaker
from registry.demo.world import World, moment
from registry.listings.models import Listing, ListingState
from registry.organizations.models import ConsentWay

STAGES = {
    "introduced": Stage.INTRODUCED,
    "talking": Stage.TALKING,
    "agreed": Stage.AGREED,
    "prototype": Stage.PROTOTYPE,
    "market": Stage.MARKET,
}
RUNGS = {
    Stage.AGREED: (Rung.AGREEMENT, "双方の合意を確かめた。"),
    Stage.PROTOTYPE: (Rung.PROTOTYPE, "試作ができた。"),
    Stage.MARKET: (Rung.PRODUCT, "製品・サービスとして世に出た。"),
}
WAYS = {"link": ConsentWay.LINK, "phone": ConsentWay.TELEPHONE, "paper": ConsentWay.PAPER}
ANSWER_DAYS = 14
UNSEEN_DAYS = 6
"""Answers younger than this were not looked at yet."""


@dataclass(frozen=True)
class Told:
    """One side's answer as the data file tells it."""

    listing: Listing
    side: Side
    answer: Answer
    on: date | None
    way: ConsentWay | None


def load_cases(world: World) -> None:
    """Cases in the order of their opening, numbered so."""
    found = sorted(rows("cases"), key=lambda row: world.need_day(row["opened"]))
    for number, row in enumerate(found, 1):
        case = _case(row, number, world)
        world.cases[row["key"]] = case
        db.session.add(case)
    db.session.flush()
    for case in world.cases.values():
        world.log(
            "case.opened",
            f"case:{case.public_id}",
            actor=case.coordinator,
            title=case.title,
            stage=case.stage,
            parties=[party.organization.public_id for party in case.parties],
        )


def load_outcomes(world: World) -> None:
    """Further rungs of the ladder, each with what it asks."""
    for row in rows("outcomes"):
        case, rung = world.cases[row["case"]], Rung(row["rung"])
        on = world.need_day(row["on"])
        case.outcomes.append(
            Outcome(
                public_id=world.ids.of(f"outcome:{row['case']}:{rung.value}"),
                rung=rung,
                on=on,
                contract_kind=ContractKind(row["contract_kind"]) if row["contract_kind"] else None,
                sales_band=SalesBand(row["sales_band"]) if row["sales_band"] else None,
                number=whole(row["number"]),
                is_public=is_yes(row["is_public"]),
                **{name: row[name] for name in ("name", "application", "link", "detail")},
                recorded_by=case.coordinator,
                created_at=moment(on, 15),
            )
        )
        case.moved_on = max(case.moved_on, on)
    db.session.flush()


def _case(row: dict[str, str], number: int, world: World) -> Case:
    need, seed = world.listings[row["need"]], world.listings[row["seed"]]
    coordinator, opened = world.staff(row["coordinator"]), world.need_day(row["opened"])
    told = [
        Told(
            listing,
            side,
            Answer(row[f"{side.value}_answer"]),
            world.day(row[f"{side.value}_answered"]),
            WAYS.get(row[f"{side.value}_how"]),
        )
        for listing, side in ((need, Side.NEED), (seed, Side.SEED))
    ]
    case = Case(
        public_id=world.ids.of(f"case:{row['key']}"),
        number=number,
        title=need.title,
        need=need,
        seed=seed,
        program=world.programs.get(row["program"]),
        coordinator=coordinator,
        opened_on=opened,
        next_step=row["next_step"],
        next_due=world.day(row["next_due"]),
        blind_summary_need=default_blind_summary(need),
        blind_summary_seed=default_blind_summary(seed),
        illustrative=is_yes(row["illustrative"]),
        created_at=moment(opened, 9, 30),
        parties=[_party(one, row["key"], opened, coordinator, world) for one in told],
    )
    _walk(case, row, coordinator, world)
    _end(case, row, told, coordinator, world)
    days = [opened, *(one.on for one in told if one.on), *(change.on for change in case.changes)]
    case.moved_on = max(days + ([case.closed_on] if case.closed_on else []))
    return case


def _party(told: Told, key: str, opened: date, coordinator: User, world: World) -> Party:
    party = Party(
        public_id=world.ids.of(f"party:{key}:{told.side.value}"),
        organization=told.listing.organization,
        side=told.side,
        asked_at=moment(opened, 10),
        answer_until=opened + timedelta(days=ANSWER_DAYS),
        answer=told.answer,
        created_at=moment(opened, 9, 30),
    )
    if told.on is None:
        return party
    party.answered_on, party.way = told.on, told.way
    party.answered_by = speaker(told.listing.organization)
    if told.way and told.way is not ConsentWay.LINK:
        party.evidence, party.recorded_by = EVIDENCE[told.way], coordinator
    if told.answer is Answer.NO:
        party.reason = "今回は受けられません。"
    if (world.today - told.on).days > UNSEEN_DAYS or party.recorded_by:
        party.seen_at = moment(told.on, 17)
    return party


def _walk(case: Case, row: dict[str, str], coordinator: User, world: World) -> None:
    """The stages reached, each with its day, and the rungs of the ladder that go with them."""
    case.stage = Stage.PROPOSED
    steps = [(Stage.PROPOSED, case.opened_on)]
    steps += [(stage, on) for name, stage in STAGES.items() if (on := world.day(row[name]))]
    for hour, (stage, on) in enumerate(steps, 9):
        case.stage = stage
        by = None if stage is Stage.INTRODUCED else coordinator
        case.changes.append(StageChange(stage=stage, on=on, by=by, at=moment(on, hour)))
        if stage in RUNGS:
            rung, detail = RUNGS[stage]
            told = row["outcome_note"] if stage is steps[-1][0] and not row["closed"] else ""
            case.outcomes.append(
                Outcome(
                    public_id=world.ids.of(f"outcome:{row['key']}:{rung.value}"),
                    rung=rung,
                    on=on,
                    detail=told or detail,
                    name=product_name(case) if rung is Rung.PRODUCT else "",
                    recorded_by=coordinator,
                    created_at=moment(on, hour),
                )
            )


def product_name(case: Case) -> str:
    """What the product of a need is called where nobody named it."""
    return f"「{case.title}」の製品"[:120]


def _end(
    case: Case, row: dict[str, str], told: list[Told], coordinator: User, world: World
) -> None:
    """The ending of a closed case; a need or seed that found its match is off the list."""
    closed = world.day(row["closed"])
    if closed:
        reason = CloseReason(row["close_reason"])
        if any(one.answer is Answer.NO for one in told):
            reason = CloseReason.DECLINED
        elif reason is CloseReason.OTHER:
            reason = CloseReason.COMPLETED
        case.closed_on, case.close_reason, case.close_note = closed, reason, row["outcome_note"]
        case.closures.append(
            Closure(closed_on=closed, reason=reason, note=row["outcome_note"], by_id=coordinator.id)
        )
    ended = closed or world.day(row["market"])
    for one in told:
        if ended and one.listing.state is ListingState.CLOSED:
            one.listing.ended_at = moment(ended, 18)
