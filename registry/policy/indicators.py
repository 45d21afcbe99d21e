"""Making and changing indicators: what they count, by which rule, and what a part belongs to."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from registry.audit.service import Change, apply, record
from registry.common.errors import Conflict, ConflictField, DomainError, NotFound
from registry.common.viewer import Viewer
from registry.db import db
from registry.policy.counting import Count
from registry.policy.models import CountingRule, Indicator, PeriodType, PolicyCode

NEEDED = {"figure", "step", "rung"}
"""Filters without which a count that knows them has no meaning."""
COUNTED_AT = {PeriodType.FISCAL_YEAR_END, PeriodType.AS_OF}
"""Periods at which a stock is counted."""


@dataclass(frozen=True)
class IndicatorWords:
    """All that makes an indicator. `measure` is empty for one read by hand; `key` may be empty for a
    new one."""

    policy_code: PolicyCode
    label: str
    unit: str
    period_type: PeriodType
    rule: CountingRule
    key: str = ""
    label_en: str = ""
    unit_en: str = ""
    part_of: Indicator | None = None
    measure: str = ""
    filters: Mapping[str, Any] = field(default_factory=dict)
    opening_balance: int | None = None
    opening_year: int | None = None
    counted_from: int | None = None
    counts_parties: bool = False
    sentence: str = ""
    sentence_en: str = ""
    is_public: bool = True
    note: str = ""
    source: str = ""


def get_indicator(public_id: str, viewer: Viewer) -> Indicator:
    """One indicator; those that are not public for staff only. Raises NotFound."""
    row = db.session.scalar(select(Indicator).where(Indicator.public_id == public_id))
    if row is None or not (row.is_public or viewer.is_staff):
        raise NotFound
    return row


def create_indicator(words: IndicatorWords, *, count: Count | None, viewer: Viewer) -> Indicator:
    """Make an indicator at the end of its code. Raises DomainError at the field that is wrong."""
    _check(words, count, None)
    last = db.session.scalar(
        select(func.max(Indicator.position)).where(Indicator.policy_code_id == words.policy_code.id)
    )
    position = (last or 0) + 1
    values = _values(words)
    values["key"] = _key(words, position)
    row = Indicator(position=position, **values)
    db.session.add(row)
    db.session.flush()
    changes: dict[str, Change] = {"label": (None, row.label), "rule": (None, row.rule)}
    record(actor=viewer, action="indicator.created", subject=_name(row), changes=changes)
    return row


def edit_indicator(
    row: Indicator, words: IndicatorWords, *, count: Count | None, version: int, viewer: Viewer
) -> Indicator:
    """Change an indicator. Raises Conflict, and DomainError at the field that is wrong."""
    if version != row.version:
        raise Conflict(
            _("この指標は、開いてからの間に、ほかの人が変更しました。"),
            version=row.version,
            fields=(
                ConflictField("label", _("指標の名前"), row.label),
                ConflictField("unit", _("単位"), row.unit),
                ConflictField("sentence", _("ことば"), row.sentence),
                ConflictField("note", _("注"), row.note),
            ),
        )
    _check(words, count, row)
    values = _values(words)
    del values["key"]
    if changes := apply(row, values):
        record(actor=viewer, action="indicator.changed", subject=_name(row), changes=changes)
    db.session.flush()
    return row


def retire_indicator(row: Indicator, *, retired: bool, viewer: Viewer) -> Indicator:
    """Count an indicator no more, keeping what was read of it; or take that back."""
    if changes := apply(row, {"retired": retired}):
        action = "indicator.retired" if retired else "indicator.restored"
        record(actor=viewer, action=action, subject=_name(row), changes=changes)
    db.session.flush()
    return row


def _values(words: IndicatorWords) -> dict[str, Any]:
    return {
        "key": words.key,
        "policy_code_id": words.policy_code.id,
        "label": words.label,
        "label_en": words.label_en,
        "unit": words.unit,
        "unit_en": words.unit_en,
        "period_type": words.period_type,
        "rule": words.rule,
        "part_of_id": words.part_of.id if words.part_of else None,
        "measure": words.measure,
        "filters": dict(words.filters),
        "opening_balance": words.opening_balance,
        "opening_year": words.opening_year,
        "counted_from": words.counted_from,
        "counts_parties": words.counts_parties,
        "sentence": words.sentence,
        "sentence_en": words.sentence_en,
        "is_public": words.is_public,
        "note": words.note,
        "source": words.source,
    }


def _key(words: IndicatorWords, position: int) -> str:
    """The key asked for, or code and position; refused when another indicator has it."""
    if words.key and not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", words.key):
        raise DomainError(_("キーは、英小文字・数字・ハイフンで入力してください。"), field="key")
    known = set(db.session.scalars(select(Indicator.key)))
    if words.key in known:
        raise DomainError(_("このキーは、ほかの指標が使っています。"), field="key")
    if words.key:
        return words.key
    while (made := f"i-{words.policy_code.code}-{position}") in known:
        position += 1
    return made


def _check(words: IndicatorWords, count: Count | None, row: Indicator | None) -> None:
    if count is not None:
        _check_count(words, count)
    elif words.filters:
        raise DomainError(_("手で報告する指標に、条件は付けられません。"), field="measure")
    _check_opening(words)
    _check_part(words, row)
    for name, text in (("sentence", words.sentence), ("sentence_en", words.sentence_en)):
        if text and "{n}" not in text:
            raise DomainError(_("数の入る所に {n} を書いてください。"), field=name)


def _check_count(words: IndicatorWords, count: Count) -> None:
    if words.rule not in count.rules:
        raise DomainError(
            _("「%(what)s」は、この数え方では数えられません。", what=count.label), field="rule"
        )
    for name in words.filters:
        if name not in count.keys and name != "as_of":
            raise DomainError(
                _("この条件は「%(what)s」にはありません。", what=count.label), field=name
            )
    for name in sorted(NEEDED & count.keys):
        if not words.filters.get(name):
            raise DomainError(_("数えるものを選んでください。"), field=name)
    is_stock = words.rule is CountingRule.STOCK
    if is_stock and words.period_type not in COUNTED_AT:
        raise DomainError(
            _("時点の数の期間は、年度末か、決まった時点にしてください。"), field="period_type"
        )
    if not is_stock and words.period_type in COUNTED_AT:
        raise DomainError(
            _("期間の数は、年度・暦年・催しの月のどれかで数えます。"), field="period_type"
        )
    if words.period_type is PeriodType.AS_OF and not words.filters.get("as_of"):
        raise DomainError(_("数える時点を入力してください。例：2018-01"), field="as_of")


def _check_opening(words: IndicatorWords) -> None:
    if words.opening_balance is None and words.opening_year is None:
        return
    if words.rule is not CountingRule.STOCK:
        raise DomainError(_("期首の残高は、時点の数だけが持ちます。"), field="opening_balance")
    if words.opening_balance is None:
        raise DomainError(_("期首の残高を入力してください。"), field="opening_balance")
    if words.opening_year is None:
        raise DomainError(_("残高がどの年度末のものか、入力してください。"), field="opening_year")


def _check_part(words: IndicatorWords, row: Indicator | None) -> None:
    whole = words.part_of
    if whole is None:
        if words.rule is CountingRule.SUBSET:
            raise DomainError(_("どの指標の「うち」か、選んでください。"), field="part_of")
    elif whole.unit != words.unit:
        raise DomainError(
            _("もとの指標の単位（%(unit)s）と違います。", unit=whole.unit), field="part_of"
        )
    elif whole.period_type is not words.period_type:
        raise DomainError(_("もとの指標と、期間の種類が違います。"), field="part_of")
    above = whole
    while above is not None and row is not None:
        if above.id == row.id:
            raise DomainError(_("「うち」がひと回りして、自分に戻っています。"), field="part_of")
        above = above.part_of
    if row is not None and (row.unit, row.period_type) != (words.unit, words.period_type):
        parts = select(func.count()).where(Indicator.part_of_id == row.id)
        if db.session.scalar(parts):
            raise DomainError(
                _("この指標の「うち」があるので、単位と期間は変えられません。"), field="unit"
            )


def _name(row: Indicator) -> str:
    return f"indicator:{row.public_id}"
