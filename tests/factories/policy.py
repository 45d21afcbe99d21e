"""The policy tree, indicators, targets and readings for tests."""

from decimal import Decimal

from sqlalchemy import select

from registry.db import db, transaction
from registry.policy.models import (
    CountingRule,
    Indicator,
    PeriodType,
    PolicyCode,
    Reading,
    Target,
)
from registry.policy.periods import parse_period

PLAN = "FY2026-2027"


def make_policy_code(
    code: str = "3-3-1", title: str = "試験の戦略", **fields: object
) -> PolicyCode:
    """A code of a plan, made once, with those above it."""
    plan = str(fields.pop("plan", PLAN))
    known = select(PolicyCode).where(PolicyCode.plan == plan, PolicyCode.code == code)
    if found := db.session.scalar(known):
        return found
    above = code.rpartition("-")[0]
    parent = make_policy_code(above, f"{title}の上", plan=plan) if above else None
    row = PolicyCode(
        plan=plan, code=code, title=title, parent_id=parent.id if parent else None, **fields
    )
    with transaction():
        db.session.add(row)
    return row


def make_indicator(**fields: object) -> Indicator:
    """An indicator of code 3-3-1, read by hand each fiscal year unless a measure is given."""
    values: dict[str, object] = {
        "label": "試験の指標",
        "unit": "件",
        "period_type": PeriodType.FISCAL_YEAR,
        "rule": CountingRule.FLOW,
        "source": "試験",
    }
    values.update(fields)
    values.setdefault("policy_code_id", make_policy_code().id)
    values.setdefault("position", db.session.query(Indicator).count() + 1)
    values.setdefault("key", f"indicator-{values['position']}")
    row = Indicator(**values)
    with transaction():
        db.session.add(row)
    return row


def make_reading(indicator: Indicator, period: str = "FY2026", value: object = 1, **fields: object):
    """A figure read by hand."""
    row = Reading(
        indicator_id=indicator.id,
        period=period,
        fiscal_year=parse_period(period).fiscal_year.year,
        value=Decimal(str(value)),
        **fields,
    )
    with transaction():
        db.session.add(row)
    return row


def make_target(indicator: Indicator, period: str = "FY2026", value: object = 1, **fields: object):
    """What should be reached."""
    row = Target(indicator_id=indicator.id, period=period, value=Decimal(str(value)), **fields)
    with transaction():
        db.session.add(row)
    return row
