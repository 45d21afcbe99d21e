"""What the desk is made of: actions, rows and groups, and the marks on them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from registry.cases.models import Case
from registry.db import db
from registry.portal.links import address
from registry.web.i18n import listed, pick

SHOWN = 10
"""So many rows of a group are shown; the rest is behind its link."""
LATE_REVIEW = 3
"""A review that waits for so many days is late."""


@dataclass(frozen=True)
class Action:
    """A button of a row: a link, or a small form that posts."""

    text: str
    url: str
    posts: bool = False


@dataclass(frozen=True)
class Row:
    """One thing to do. `marks` are chips (state, text); `kind` marks needs and seeds."""

    title: str
    url: str
    text: str = ""
    meta: tuple[str, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    kind: str = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True)
class Group:
    """One kind of work: how much there is in all, its first rows, and the rooms' lists of it."""

    code: str
    title: str
    count: int
    rows: list[Row] = field(default_factory=list)
    sub: str = ""
    lists: tuple[Action, ...] = ()


def first_rows(statement: Any) -> list[Any]:
    """The first rows of a statement, as many as a group shows."""
    return list(db.session.scalars(statement.limit(SHOWN)).unique())


def names_of(case: Case) -> str:
    """The parties of a case in one line."""
    return listed(pick(p.organization.name, p.organization.name_en) for p in case.parties)


def case_url(case: Case) -> str:
    """Address of a case."""
    return address("cases.show", "cases.index", public_id=case.public_id) or ""


def links(*pairs: tuple[str, str | None]) -> tuple[Action, ...]:
    """Links as actions; those without an address are left out."""
    return tuple(Action(text, url) for text, url in pairs if url)


def posts(*pairs: tuple[str, str | None]) -> tuple[Action, ...]:
    """Posting buttons as actions; those without an address are left out."""
    return tuple(Action(text, url, posts=True) for text, url in pairs if url)


def late(due: date | None, today: date) -> tuple[tuple[str, str], ...]:
    """How long something is overdue, as a chip; today is told too."""
    if due is None or due > today:
        return ()
    days = (today - due).days
    if not days:
        return (("live", _("今日")),)
    return (("late", ngettext("%(num)s 日過ぎ", "%(num)s 日過ぎ", days)),)


def waiting_mark(since: date, today: date) -> tuple[tuple[str, str], ...]:
    """How long a review waits, as a chip, once that is long."""
    days = (today - since).days
    return (
        (("late", ngettext("%(num)s 日待ち", "%(num)s 日待ち", days)),)
        if days >= LATE_REVIEW
        else ()
    )
