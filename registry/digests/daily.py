"""The day's digest of the staff: what waits on the desk, in figures and links; no names, no titles.

It comes on working days at the hour that each chose, once, and only when something waits.
"""

from dataclasses import dataclass
from datetime import date

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import Select, and_, exists, literal, or_, select
from sqlalchemy.exc import IntegrityError

from registry.accounts.absences import absence_on
from registry.accounts.links import absolute
from registry.accounts.models import User
from registry.common.calendar import is_business_day
from registry.common.roles import STAFF, Role
from registry.config import Config
from registry.db import db, transaction
from registry.digests import sending
from registry.digests.models import MORNING, DigestCopy, MailPreference
from registry.digests.preferences import staff_viewer
from registry.notifications.queries import count_failed
from registry.notifications.service import enqueue
from registry.office.settings import office
from registry.portal import desk, desk_queries
from registry.portal.desk_queries import Scope
from registry.web.i18n import day as day_words


@dataclass(frozen=True)
class Line:
    """One kind of work: its words, how much of it, and where it lies."""

    title: str
    count: int
    url: str


@dataclass(frozen=True)
class Digest:
    """A day's digest as the mail tells it."""

    lines: tuple[Line, ...]
    subject: str
    body: str

    @property
    def things(self) -> int:
        """How much waits in all."""
        return sum(line.count for line in self.lines)


def digest_of(user: User, *, today: date) -> Digest:
    """The digest of a person as it is now, in his language. Call it within a request."""
    with force_locale(user.locale):
        scope = Scope(staff_viewer(user), today, office(), mine=True)
        groups = desk.lay_out(scope, desk_queries.counts(scope))
        lines = [
            Line(str(g.title), g.count, absolute(f"/desk#{g.code}")) for g in groups if g.count
        ]
        if user.role is Role.ADMINISTRATOR and (failed := count_failed()):
            lines.append(
                Line(_("送れなかったメール"), failed, absolute("/admin/outbox?state=failed"))
            )
        if sending.waits_for_release(today):
            lines.append(Line(_("支援制度の便りを確かめる"), 1, absolute("/newsletters")))
        things = sum(line.count for line in lines)
        subject = _("今日の仕事 %(count)s 件（%(day)s）", count=things, day=day_words(today))
        return Digest(tuple(lines), subject, _body(user, lines))


def send_due(*, today: date, minute: int) -> int:
    """Send the digests whose time has come; returns how many mails went into the outbox.

    For each person and day it is decided once: the row with its unique key and the mail are one
    transaction, so that a second worker, or one that died, sends nothing twice.
    """
    if not is_business_day(today):
        return 0
    users = list(db.session.scalars(_receivers(today, minute)))
    db.session.rollback()
    return sum(_send(user, today) for user in users)


def _send(user: User, today: date) -> int:
    config: Config = current_app.extensions["musubi_config"]
    with current_app.test_request_context(base_url=config.base_url):
        away = absence_on(user.id, today) is not None
        digest = None if away else digest_of(user, today=today)
        try:
            with transaction():
                things = digest.things if digest else 0
                db.session.add(DigestCopy(user_id=user.id, day=today, things=things))
                db.session.flush()
                if digest and things:
                    enqueue(
                        address=user.email,
                        locale=user.locale,
                        kind="digest.desk",
                        subject=digest.subject,
                        body=digest.body,
                    )
        except IntegrityError:  # another worker was first
            return 0
    return int(bool(things))


def _receivers(today: date, minute: int) -> Select[User]:
    """Staff whose hour has come on this weekday, for whom the day is not yet decided. Without a row
    of their own coordinators get it in the morning."""
    chosen = and_(
        MailPreference.digest,
        MailPreference.digest_minute <= minute,
        MailPreference.digest_days.contains(str(today.isoweekday())),
    )
    silent = and_(
        MailPreference.id.is_(None), User.role == Role.COORDINATOR, literal(minute >= MORNING)
    )
    decided = exists().where(DigestCopy.user_id == User.id, DigestCopy.day == today)
    return (
        select(User)
        .outerjoin(MailPreference, MailPreference.user_id == User.id)
        .where(User.active, User.role.in_(STAFF), or_(chosen, silent), ~decided)
        .order_by(User.id)
    )


def _body(user: User, lines: list[Line]) -> str:
    settings = office()
    rows = [
        ngettext(
            "・%(title)s　%(num)s 件\n  %(url)s",
            "・%(title)s　%(num)s 件\n  %(url)s",
            line.count,
            title=line.title,
            url=line.url,
        )
        for line in lines
    ]
    return _(
        "%(name)s 様\n\n今日、次のことが待っています。\n\n%(rows)s\n\n"
        "今日の仕事を開く\n%(desk)s\n\n"
        "このメールの時刻や曜日を変える、止めるには\n%(settings)s\n\n%(office)s %(section)s",
        name=user.name,
        rows="\n".join(rows),
        desk=absolute("/desk"),
        settings=absolute("/account/mail"),
        office=settings.name,
        section=settings.section,
    )
