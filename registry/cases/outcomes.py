"""The ladder of outcomes: what each rung asks, and writing, correcting and taking off a rung."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from sqlalchemy import inspect, select

from registry.audit.service import apply, record
from registry.cases.labels import contract_label, rung_label, sales_label
from registry.cases.models import Case
from registry.cases.outcome_models import ContractKind, Outcome, Rung, SalesBand
from registry.cases.service import lock, touch
from registry.common.errors import Conflict, ConflictField, DomainError, NotFound
from registry.common.viewer import Viewer
from registry.db import db

Kept = dict[str, Any]
"""A rung's plain values by column, as a session can hold them."""

ASKED: Mapping[Rung, tuple[str, ...]] = {
    Rung.AGREEMENT: ("contract_kind",),
    Rung.NDA: (),
    Rung.CONTRACT: ("contract_kind", "amount_yen"),
    Rung.PROTOTYPE: ("name",),
    Rung.PRODUCT: ("name", "is_public"),
    Rung.SALES: ("sales_band",),
    Rung.JOBS: ("number",),
    Rung.PATENT: ("number", "application"),
    Rung.PRESS: ("name", "link"),
}
"""What a rung asks besides its day and free words; everything else stays empty."""

NEEDED: Mapping[Rung, str] = {
    Rung.CONTRACT: "contract_kind",
    Rung.PRODUCT: "name",
    Rung.SALES: "sales_band",
    Rung.JOBS: "number",
    Rung.PRESS: "name",
}
"""What makes a rung worth nothing when it is missing."""

MOST = 100_000
"""More jobs or patents than this are a slip of the hand."""

LEFT = {"id", "version", "created_at", "updated_at"}
READERS: Mapping[str, Callable[[str], Any]] = {
    "rung": Rung,
    "on": date.fromisoformat,
    "contract_kind": ContractKind,
    "sales_band": SalesBand,
}


@dataclass(frozen=True)
class OutcomeWish:
    """What somebody writes down about a rung; what the rung does not ask for is dropped."""

    rung: Rung
    on: date
    detail: str = ""
    contract_kind: ContractKind | None = None
    amount_yen: int | None = None
    name: str = ""
    is_public: bool = False
    sales_band: SalesBand | None = None
    number: int | None = None
    application: str = ""
    link: str = ""


def record_outcome(case: Case, wish: OutcomeWish, *, today: date, viewer: Viewer) -> Outcome:
    """Write down a rung that was reached; a closed case may still bear fruit.

    Raises DomainError at the field that is missing or cannot be.
    """
    lock(case)
    values = _values(case, wish, today)
    outcome = Outcome(case=case, recorded_by_id=viewer.user_id, **values)
    db.session.add(outcome)
    touch(case, wish.on)
    db.session.flush()
    told = {key: (None, value) for key, value in values.items() if value not in (None, "", False)}
    _log(case, "case.outcome", viewer, told)
    return outcome


def change_outcome(
    outcome: Outcome, wish: OutcomeWish, *, version: int | None, today: date, viewer: Viewer
) -> None:
    """Correct what was written; the rung itself stays.

    Raises Conflict when somebody changed it after `version`, and what `record_outcome` raises.
    """
    case = outcome.case
    lock(case)
    db.session.refresh(outcome)
    if version is not None and version != outcome.version:
        raise _conflict(outcome)
    if changes := apply(outcome, _values(case, wish, today)):
        touch(case, wish.on)
        db.session.flush()
        _log(case, "case.outcome_changed", viewer, changes)


def remove_outcome(outcome: Outcome, *, viewer: Viewer) -> Kept:
    """Take a wrongly recorded rung off the ladder; returns what `restore_outcome` needs."""
    lock(outcome.case)
    kept = {
        key: _plain(getattr(outcome, key))
        for key in inspect(Outcome).columns.keys()  # noqa: SIM118
        if key not in LEFT
    }
    _log(
        outcome.case,
        "case.outcome_removed",
        viewer,
        {"rung": (outcome.rung, None), "on": (outcome.on, None), "detail": (outcome.detail, None)},
    )
    case = outcome.case
    db.session.delete(outcome)
    db.session.flush()
    db.session.expire(case, ["outcomes"])
    return kept


def restore_outcome(case: Case, kept: Kept, *, viewer: Viewer) -> Outcome:
    """Put a rung back that was taken off. Raises NotFound when it is there or was another case's."""
    lock(case)
    is_there = db.session.scalar(select(Outcome.id).where(Outcome.public_id == kept["public_id"]))
    if is_there or kept["case_id"] != case.id:
        raise NotFound
    outcome = Outcome(**{key: _read(key, value) for key, value in kept.items()})
    db.session.add(outcome)
    db.session.flush()
    db.session.expire(case, ["outcomes"])
    changes = {"rung": (None, outcome.rung), "on": (None, outcome.on)}
    _log(case, "case.outcome_restored", viewer, changes)
    return outcome


def wish_of(outcome: Outcome) -> OutcomeWish:
    """An outcome as it would be written anew."""
    return OutcomeWish(
        **{name: getattr(outcome, name) for name in OutcomeWish.__dataclass_fields__}
    )


def words_of(outcome: Outcome) -> str:
    """What is known of an outcome beside its rung and day, in one line for staff."""
    parts = [
        contract_label(outcome.contract_kind) if outcome.contract_kind else "",
        outcome.name,
        sales_label(outcome.sales_band) if outcome.sales_band else "",
        _number_words(outcome),
        outcome.application,
        _("%(yen)s 円", yen=f"{outcome.amount_yen:,}") if outcome.amount_yen else "",
        _("名称を公にしてよい") if outcome.is_public else "",
    ]
    return _("・").join(part for part in parts if part)


def _number_words(outcome: Outcome) -> str:
    if outcome.number is None:
        return ""
    if outcome.rung is Rung.JOBS:
        return str(_("%(count)s 人", count=outcome.number))
    return str(_("出願 %(count)s 件", count=outcome.number))


def _values(case: Case, wish: OutcomeWish, today: date) -> dict[str, Any]:
    """The columns of a wish, cleaned. Raises DomainError at the field."""
    given = asdict(wish)
    asked = {"rung", "on", "detail", *ASKED[wish.rung]}
    empty = {"detail": "", "name": "", "application": "", "link": "", "is_public": False}
    values: dict[str, Any] = {key: given[key] if key in asked else empty.get(key) for key in given}
    values = {k: v.strip() if isinstance(v, str) and k != "rung" else v for k, v in values.items()}
    values["rung"] = wish.rung
    _check_day(case, wish.on, today)
    if (needed := NEEDED.get(wish.rung)) and values[needed] in (None, ""):
        raise DomainError(_missing(wish.rung), field=needed)
    if wish.rung is Rung.PATENT and values["number"] is None:
        if not values["application"]:
            raise DomainError(_("出願の件数か出願番号を入力してください。"), field="number")
        values["number"] = 1
    if values["number"] is not None and not 1 <= values["number"] <= MOST:
        raise DomainError(_("1 から 100,000 までの数を入力してください。"), field="number")
    if values["amount_yen"] is not None and not 1 <= values["amount_yen"] < 10**14:
        raise DomainError(_("金額は、1 円以上の数で入力してください。"), field="amount_yen")
    if values["link"] and not _is_address(values["link"]):
        raise DomainError(_("https:// で始まるアドレスを入力してください。"), field="link")
    return values


def _check_day(case: Case, on: date, today: date) -> None:
    if on > today:
        raise DomainError(_("日付を、今日かそれより前にしてください。"), field="on")
    if on < case.opened_on:
        raise DomainError(
            _("日付を、このマッチングを始めた日かそれより後にしてください。"), field="on"
        )


def _missing(rung: Rung) -> str:
    return {
        Rung.CONTRACT: _("契約の種類を選んでください。"),
        Rung.PRODUCT: _("製品・サービスの名称を入力してください。"),
        Rung.SALES: _("売上の幅を選んでください。"),
        Rung.JOBS: _("増えた人数を入力してください。"),
        Rung.PRESS: _("媒体の名称を入力してください。"),
    }[rung]


def _is_address(text: str) -> bool:
    """Whether it is a web address that a page may link to: no other scheme runs from a click."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text


def _conflict(outcome: Outcome) -> Conflict:
    return Conflict(
        _("この成果の記録は、開いてからの間に、ほかの人が変更しました。"),
        version=outcome.version,
        fields=(
            ConflictField("name", _("名称"), outcome.name, is_text=True),
            ConflictField("detail", rung_label(outcome.rung), outcome.detail, is_text=True),
        ),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _read(key: str, value: Any) -> Any:
    return READERS[key](value) if key in READERS and value is not None else value


def _log(
    case: Case, action: str, viewer: Viewer, changes: Mapping[str, tuple[object, object]]
) -> None:
    record(actor=viewer, action=action, subject=f"case:{case.public_id}", changes=dict(changes))
