"""Closing a month: its report is rendered once, stored, and served unchanged ever after.

What is entered later for a closed month shows up as a difference between the stored figures and
those of today's records, with the reason that staff give (訂正).
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import undefer

from registry.audit.service import record
from registry.common.calendar import Month
from registry.common.errors import DomainError, NotAllowed
from registry.common.roles import may
from registry.common.viewer import SYSTEM, Viewer
from registry.db import db, now
from registry.reports import files
from registry.reports.models import ClosedMonth, ReportFile, Restatement
from registry.reports.monthly import MonthlyReport, build
from registry.reports.monthly_pdf import monthly_pdf
from registry.reports.presentation import page_of
from registry.reports.sections import rows
from registry.reports.snapshots import snapshot
from registry.reports.standalone import to_html
from registry.reports.tables import Value

LANGUAGES = ("ja", "en")
Key = tuple[str, str, str]
Figures = dict[Key, Value]
Reasons = dict[tuple[str, str, str, Value], Restatement]


def _page(report: MonthlyReport) -> str:
    return render_template("reports/closed_body.html", report=report, page=page_of(report))


FORMS: dict[str, Callable[[MonthlyReport], bytes | str]] = {
    "page": _page,
    "html": to_html,
    "csv": files.to_csv,
    "xlsx": files.to_xlsx,
    "pdf": monthly_pdf,
}
"""What is stored of a closed month, in each language, for readers inside and outside."""


@dataclass(frozen=True)
class Difference:
    """A figure of a closed month that today's records would give otherwise."""

    section: str
    group: str
    measure: str
    label: str
    unit: str
    closed: Value
    today: Value
    reason: Restatement | None


def close_month(month: Month, *, today: date, viewer: Viewer) -> ClosedMonth:
    """Render and store a month's report. Needs a request's context.

    Raises NotAllowed, DomainError when the month still runs or is closed already.
    """
    if viewer is not SYSTEM and not may(viewer.role, "reports.close"):
        raise NotAllowed(_("月を締められるのは、事務局です。"))
    if month.end >= today:
        raise DomainError(_("月が終わってから締めてください。"))
    if closed_month(month) is not None:
        raise DomainError(_("この月は、すでに締めてあります。"))
    inside, outside = (
        replace(build(month, today=today, staff=staff), is_final=True) for staff in (True, False)
    )
    closed = ClosedMonth(
        month=str(month),
        closed_at=now(),
        closed_by_id=viewer.user_id,
        figures=[[r.section, r.group, r.measure, r.value] for r in rows(inside)],
        facts=snapshot(month),
    )
    for report in (inside, outside):
        for lang in LANGUAGES:
            with force_locale(lang):
                closed.files += [_file(form, report, lang) for form in FORMS]
    db.session.add(closed)
    db.session.flush()
    record(
        actor=viewer,
        action="month.closed",
        subject=f"month:{month}",
        changes={
            f"{file.form} {file.lang} {'inside' if file.inside else 'outside'}": (None, file.sha256)
            for file in closed.files
        },
    )
    return closed


def closed_month(month: Month) -> ClosedMonth | None:
    """The closing of a month, or None."""
    return db.session.scalar(select(ClosedMonth).where(ClosedMonth.month == str(month)))


def stored_file(closed: ClosedMonth, form: str, *, lang: str, inside: bool) -> bytes:
    """The bytes of a closed month's file."""
    found = db.session.scalars(
        select(ReportFile)
        .options(undefer(ReportFile.data))
        .where(
            ReportFile.closed_id == closed.id,
            ReportFile.form == form,
            ReportFile.lang == lang,
            ReportFile.inside == inside,
        )
    ).one()
    return found.data


def differences(closed: ClosedMonth, month: Month, *, today: date) -> list[Difference]:
    """What today's records would give otherwise, in the report's order; the newest reason given
    for exactly the figure of today stands beside it."""
    stood: Figures = {(s, g, m): value for s, g, m, value in closed.figures}
    reasons: Reasons = {
        (row.section, row.group, row.measure, row.value): row
        for row in db.session.scalars(
            select(Restatement).where(Restatement.month == closed.month).order_by(Restatement.id)
        )
    }
    found = []
    for row in rows(build(month, today=today, staff=True)):
        key = (row.section, row.group, row.measure)
        before = stood.pop(key, None)
        if before != row.value:
            reason = reasons.get((*key, row.value))
            found.append(Difference(*key, row.label, row.unit, before, row.value, reason))
    gone = ((key, value) for key, value in stood.items() if value)
    return found + [_gone(key, value, reasons) for key, value in gone]


def _gone(key: Key, value: Value, reasons: Reasons) -> Difference:
    return Difference(*key, " ".join(key[1:]), "", value, None, reasons.get((*key, None)))


def restate(closed: ClosedMonth, wanted: Difference, reason: str, *, viewer: Viewer) -> Restatement:
    """Say why a closed figure would be another today. Raises NotAllowed, DomainError at `reason`."""
    if not may(viewer.role, "reports.close"):
        raise NotAllowed(_("訂正を書けるのは、事務局です。"))
    if not reason.strip():
        raise DomainError(_("理由を入力してください。"), field="reason")
    row = Restatement(
        month=closed.month,
        section=wanted.section,
        group=wanted.group,
        measure=wanted.measure,
        closed=wanted.closed,
        value=wanted.today,
        reason=reason.strip(),
        stated_by_id=viewer.user_id,
    )
    db.session.add(row)
    db.session.flush()
    record(
        actor=viewer,
        action="month.restated",
        subject=f"month:{closed.month}",
        changes={
            f"{wanted.section} {wanted.group} {wanted.measure}": (wanted.closed, wanted.today),
            "reason": (None, row.reason),
        },
    )
    return row


def closed_months() -> list[ClosedMonth]:
    """The closed months, the newest first."""
    return list(db.session.scalars(select(ClosedMonth).order_by(ClosedMonth.month.desc())))


def _file(form: str, report: MonthlyReport, lang: str) -> ReportFile:
    made = FORMS[form](report)
    data = made.encode() if isinstance(made, str) else made
    return ReportFile(
        form=form,
        lang=lang,
        inside=report.staff,
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
    )


def due(today: date, day_of_month: int) -> Iterator[Month]:
    """The month that the worker should close now: the last one, from that day of the month on."""
    last = Month.of(today).previous
    if today.day >= day_of_month and closed_month(last) is None:
        yield last
