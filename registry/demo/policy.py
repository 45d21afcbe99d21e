"""Loading the policy tree with its plan periods, and the indicators with targets and readings."""

import json
from decimal import Decimal

from sqlalchemy import select

from registry.common.roles import Role
from registry.db import db
from registry.demo.files import is_yes, rows, split, whole
from registry.demo.world import World
from registry.policy.models import (
    CountingRule,
    CrossTag,
    Indicator,
    PeriodType,
    PlanPeriod,
    PolicyCode,
    Reading,
    Remark,
    RemarkKind,
    TagKind,
    Target,
)
from registry.policy.periods import parse_period
from registry.programs.models import ProgramIndicator


def load_policy(world: World) -> None:
    """The plan periods, their trees (parents before children), viewpoints and priorities."""
    for row in rows("plan_periods"):
        db.session.add(
            PlanPeriod(
                key=row["key"],
                title=row["title"],
                title_en=row["title_en"],
                first_year=int(row["first_year"]),
                last_year=int(row["last_year"]),
                source=row["source"],
            )
        )
    trees: dict[tuple[str, str], PolicyCode] = {}
    for row in rows("policy_codes"):
        parent = trees.get((row["plan"], row["parent"]))
        code = PolicyCode(
            plan=row["plan"],
            code=row["code"],
            parent_id=parent.id if parent else None,
            title=row["title"],
            title_en=row["title_en"],
            aliases=split(row["aliases"]),
        )
        trees[row["plan"], row["code"]] = code
        # Programs and figures of the plan's chapter 3 have their homes in the first period.
        world.codes.setdefault(row["code"], code)
        db.session.add(code)
        db.session.flush()
    for row in rows("cross_tags"):
        db.session.add(
            CrossTag(
                plan=row["plan"],
                kind=TagKind(row["kind"]),
                number=int(row["number"]),
                title=row["title"],
                title_en=row["title_en"],
                source=row["source"],
            )
        )
    db.session.flush()


def load_indicators(world: World) -> None:
    """What the office reports by policy code, with the targets and the figures read by hand."""
    known: dict[str, Indicator] = {}
    for row in rows("indicators"):
        indicator = Indicator(
            public_id=world.ids.of(f"indicator:{row['key']}"),
            key=row["key"],
            policy_code=world.codes[row["code"]],
            position=int(row["position"]),
            label=row["label"],
            label_en=row["label_en"],
            unit=row["unit"],
            unit_en=row["unit_en"],
            period_type=PeriodType(row["period_type"]),
            rule=CountingRule(row["rule"]),
            part_of=known[row["part_of"]] if row["part_of"] else None,
            measure=row["measure"],
            filters=json.loads(row["filters"] or "{}"),
            opening_balance=whole(row["opening_balance"]),
            opening_year=whole(row["opening_year"]),
            counted_from=whole(row["counted_from"]),
            counts_parties=is_yes(row["counts_parties"]),
            sentence=row["sentence"],
            sentence_en=row["sentence_en"],
            note=row["note"],
            source=row["source"],
        )
        known[row["key"]] = indicator
        db.session.add(indicator)
        db.session.flush()
        if row["program"]:
            program = world.programs[row["program"]]
            db.session.add(ProgramIndicator(indicator_id=indicator.id, program_id=program.id))
        world.log("indicator.created", f"indicator:{indicator.public_id}", label=indicator.label)
    _load_targets(known, world)
    _load_readings(known, world)
    _load_tags(world)
    _load_remarks(world)


def _load_targets(known: dict[str, Indicator], world: World) -> None:
    for row in rows("targets"):
        db.session.add(
            Target(
                public_id=world.ids.of(f"target:{row['indicator']}:{row['period']}"),
                indicator=known[row["indicator"]],
                period=parse_period(row["period"]).text,
                value=Decimal(row["value"]),
                approximate=is_yes(row["approximate"]),
                source=row["source"],
            )
        )


def _load_readings(known: dict[str, Indicator], world: World) -> None:
    for row in rows("readings"):
        period = parse_period(row["period"])
        reading = Reading(
            public_id=world.ids.of(f"reading:{row['indicator']}:{row['period']}"),
            indicator=known[row["indicator"]],
            period=period.text,
            fiscal_year=period.fiscal_year.year,
            value=Decimal(row["value"]),
            approximate=is_yes(row["approximate"]),
            note=row["note"],
            source=row["source"],
        )
        db.session.add(reading)
        world.log("reading.recorded", f"reading:{reading.public_id}", value=str(reading.value))
    db.session.flush()


def _load_tags(world: World) -> None:
    """The viewpoints that programs serve, where the plan's chapter 4 names them."""
    tags = {(t.plan, t.kind.value, str(t.number)): t for t in db.session.scalars(select(CrossTag))}
    for row in rows("program_tags"):
        world.programs[row["program"]].tags.append(tags[row["plan"], row["kind"], row["number"]])
    db.session.flush()


def _load_remarks(world: World) -> None:
    """What the verification of last year's work left behind; invented."""
    author = next((user for user in world.users.values() if user.role is Role.EVALUATOR), None)
    for row in rows("remarks"):
        remark = Remark(
            public_id=world.ids.of(f"remark:{row['code']}:{row['held_on']}"),
            policy_code=world.codes[row["code"]],
            fiscal_year=int(row["fiscal_year"]),
            kind=RemarkKind(row["kind"]),
            held_on=world.day(row["held_on"]),
            body=row["body"],
            feedback=row["feedback"],
            published=is_yes(row["published"]),
            author_id=author.id if author else None,
            illustrative=True,
            source=row["source"],
        )
        db.session.add(remark)
        world.log("remark.added", f"remark:{remark.public_id}", year=remark.fiscal_year)
    db.session.flush()
