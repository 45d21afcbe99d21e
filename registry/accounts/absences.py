"""Who is away and who stands in: one absence at a time, one deputy who is there himself."""

from datetime import date, timedelta

from flask import Flask, g
from flask_babel import gettext as _
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from registry.accounts.absence_models import Absence
from registry.accounts.models import User
from registry.audit.service import record
from registry.common.calendar import today as this_day
from registry.common.errors import DomainError, NotFound
from registry.common.roles import STAFF
from registry.common.viewer import Viewer
from registry.db import db, now
from registry.web.i18n import day as day_text

LONGEST = timedelta(days=366)
"""Whoever is away for longer hands his work over instead."""


def init_app(app: Flask) -> None:
    """Let every page tell that somebody is away: `absence_of(user_id)`, read once a page."""
    app.jinja_env.globals["absence_of"] = _absence_today


def deputies_on(day: date) -> dict[int, User]:
    """Row number of each person who is away on that day → the colleague who stands in."""
    return {number: row.deputy for number, row in _by_person(day).items() if row.deputy.active}


def stands_in_for(user_id: int, day: date) -> list[User]:
    """The colleagues for whom this person stands in on that day, by name."""
    rows = db.session.scalars(
        _on(day).where(Absence.deputy_id == user_id).options(joinedload(Absence.user))
    )
    return sorted((row.user for row in rows), key=lambda user: (user.name, user.id))


def absence_on(user_id: int, day: date) -> Absence | None:
    """The absence that this person has on that day, with its deputy; None when he is there."""
    return db.session.scalar(
        _on(day).where(Absence.user_id == user_id).options(joinedload(Absence.deputy))
    )


def receivers_of(user: User, day: date) -> list[User]:
    """Who gets a mail about a coordinator's work: himself, and who stands in for him that day.
    Never for mails about the account itself."""
    away = absence_on(user.id, day)
    return [user, away.deputy] if away and away.deputy.active else [user]


def absences_of(user_id: int, day: date) -> list[Absence]:
    """Absences of this person that are not over on that day, the next one first."""
    statement = (
        select(Absence)
        .where(Absence.user_id == user_id, Absence.cancelled_at.is_(None), Absence.last >= day)
        .options(joinedload(Absence.deputy))
        .order_by(Absence.first, Absence.id)
    )
    return list(db.session.scalars(statement))


def absences_from(day: date) -> list[Absence]:
    """All absences that are not over on that day, the next one first."""
    statement = (
        select(Absence)
        .where(Absence.cancelled_at.is_(None), Absence.last >= day)
        .options(joinedload(Absence.user), joinedload(Absence.deputy))
        .order_by(Absence.first, Absence.id)
    )
    return list(db.session.scalars(statement))


def get_absence(public_id: str, viewer: Viewer) -> Absence:
    """One's own absence, or for an administrator anybody's. Raises NotFound."""
    found = db.session.scalar(select(Absence).where(Absence.public_id == public_id))
    if found is None or not (found.user_id == viewer.user_id or viewer.may("users.administer")):
        raise NotFound
    return found


def set_absence(
    user: User, *, first: date, last: date, deputy: User, today: date, viewer: Viewer
) -> Absence:
    """Somebody of the office will be away.

    Raises DomainError at the field when the days are over, turned round or too many, when they
    meet another absence, or when the deputy cannot stand in.
    """
    _lock(user, deputy)
    _refuse_days(first, last, today)
    _refuse_people(user, deputy)
    _refuse_meeting(user, deputy, first, last)
    absence = Absence(user_id=user.id, deputy_id=deputy.id, first=first, last=last)
    db.session.add(absence)
    db.session.flush()
    record(
        actor=viewer,
        action="absence.set",
        subject=f"absence:{absence.public_id}",
        changes={
            "user": (None, user.public_id),
            "deputy": (None, deputy.public_id),
            "first": (None, first),
            "last": (None, last),
        },
    )
    return absence


def end_absence(absence: Absence, *, today: date, viewer: Viewer) -> None:
    """Back earlier: one that has begun ends with yesterday, one that has not is called off.

    Raises DomainError when it is over already.
    """
    if absence.cancelled_at is not None or absence.last < today:
        raise DomainError(_("この不在は、もう終わっています。"))
    before = absence.last
    if absence.first < today:
        absence.last = today - timedelta(days=1)
    else:
        absence.cancelled_at = now()
    record(
        actor=viewer,
        action="absence.ended",
        subject=f"absence:{absence.public_id}",
        changes={"last": (before, absence.last if absence.cancelled_at is None else None)},
    )


def _absence_today(user_id: int | None) -> Absence | None:
    if "absences" not in g:
        g.absences = _by_person(this_day())
    found: dict[int, Absence] = g.absences
    return found.get(user_id or 0)


def _by_person(day: date) -> dict[int, Absence]:
    rows = db.session.scalars(_on(day).options(joinedload(Absence.deputy)))
    return {row.user_id: row for row in rows}


def _on(day: date) -> Select[Absence]:
    return (
        select(Absence)
        .where(Absence.cancelled_at.is_(None), Absence.first <= day, Absence.last >= day)
        .order_by(Absence.id)
    )


def _lock(*people: User) -> None:
    """Two absences of the same people at once wait for each other (PostgreSQL; SQLite has one
    writer anyway)."""
    db.session.execute(
        select(User.id)
        .where(User.id.in_([person.id for person in people]))
        .order_by(User.id)
        .with_for_update()
    )


def _refuse_days(first: date, last: date, today: date) -> None:
    if last < first:
        raise DomainError(_("終わりの日は、始まりの日より後にしてください。"), field="last")
    if last < today:
        raise DomainError(_("過ぎた日は登録できません。"), field="last")
    if last - first > LONGEST:
        raise DomainError(
            _("1 年を超える不在は登録できません。仕事を引き継いでください。"), field="last"
        )


def _refuse_people(user: User, deputy: User) -> None:
    if user.role not in STAFF:
        raise DomainError(_("不在を登録できるのは事務局の人だけです。"))
    if deputy.id == user.id:
        raise DomainError(_("本人は代理になれません。別の人を選んでください。"), field="deputy")
    if not deputy.active or deputy.role not in STAFF:
        raise DomainError(_("事務局の、いま使える人を選んでください。"), field="deputy")


def _refuse_meeting(user: User, deputy: User, first: date, last: date) -> None:
    """One absence at a time; the deputy is there; and a deputy does not go away himself."""
    overlapping = db.session.scalars(
        select(Absence)
        .where(
            Absence.cancelled_at.is_(None),
            Absence.first <= last,
            Absence.last >= first,
            or_(
                Absence.user_id.in_([user.id, deputy.id]),
                Absence.deputy_id == user.id,
            ),
        )
        .options(joinedload(Absence.user))
        .order_by(Absence.first, Absence.id)
    ).all()
    for other in overlapping:
        days = {"first": day_text(other.first), "last": day_text(other.last)}
        if other.user_id == user.id:
            raise DomainError(
                _("%(first)sから%(last)sまでの不在と重なります。日を変えてください。", **days),
                field="first",
            )
        if other.user_id == deputy.id:
            raise DomainError(
                _(
                    "%(name)sさんも%(first)sから%(last)sまで不在です。別の人を選んでください。",
                    name=deputy.name,
                    **days,
                ),
                field="deputy",
            )
        raise DomainError(
            _(
                "%(first)sから%(last)sまで、%(name)sさんの代理を引き受けています。"
                "先に、その代理を別の人に替えてください。",
                name=other.user.name,
                **days,
            ),
            field="first",
        )
