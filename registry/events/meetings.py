"""Meetings at a fair (商談): who met whom, what came of it, and what is to be done next."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased, joinedload

from registry.accounts.models import User
from registry.audit.service import apply, record
from registry.common.errors import Conflict, ConflictField, DomainError, NotFound
from registry.common.viewer import Viewer
from registry.db import db, now
from registry.events.labels import RESULTS
from registry.events.locking import lock
from registry.events.models import Edition, Event, Meeting, MeetingResult
from registry.events.queries import may_run
from registry.events.writing import refuse_others
from registry.organizations.models import Organization


@dataclass(frozen=True)
class MeetingWords:
    """What is written about a meeting; `follow_up` is what to do until `due`, by `coordinator`."""

    host: Organization
    guest: Organization
    on: date
    subject: str = ""
    result: MeetingResult = MeetingResult.OPEN
    follow_up: str = ""
    due: date | None = None
    coordinator: User | None = None

    def values(self) -> dict[str, object]:
        """Column values."""
        return {
            "host_id": self.host.id,
            "guest_id": self.guest.id,
            "on": self.on,
            "subject": self.subject.strip(),
            "result": self.result,
            "follow_up": self.follow_up.strip(),
            "follow_up_due": self.due,
            "coordinator_id": self.coordinator.id if self.coordinator else None,
        }


@dataclass(frozen=True)
class MeetingFilter:
    """What the follow-up of an edition is narrowed to: a result, `state` (open, late, done), words
    of the organizations' names."""

    result: MeetingResult | None = None
    state: str = ""
    text: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.result or self.state or self.text)


def record_meeting(
    edition: Edition, words: MeetingWords, *, today: date, viewer: Viewer
) -> Meeting:
    """Write a meeting down. Raises DomainError at the field that cannot stand."""
    refuse_others(edition.event, viewer)
    _check(edition, words, today)
    meeting = Meeting(edition_id=edition.id, **words.values())
    db.session.add(meeting)
    db.session.flush()
    record(
        actor=viewer,
        action="meeting.recorded",
        subject=f"meeting:{meeting.public_id}",
        changes={
            "host": (None, words.host.public_id),
            "guest": (None, words.guest.public_id),
            "result": (None, words.result),
            "follow_up": (None, words.follow_up.strip() or None),
        },
    )
    return meeting


def change_meeting(
    meeting: Meeting, words: MeetingWords, *, version: int | None, today: date, viewer: Viewer
) -> None:
    """Correct a meeting or say what came of it; a new step is open again.

    Raises Conflict when somebody changed it after `version`.
    """
    refuse_others(meeting.edition.event, viewer)
    lock(meeting)
    if version is not None and version != meeting.version:
        raise Conflict(
            _("この商談は、開いてからの間に、ほかの人が変更しました。"),
            version=meeting.version,
            fields=(
                ConflictField("subject", _("内容"), meeting.subject),
                ConflictField("result", _("結果"), str(RESULTS[meeting.result])),
                ConflictField("follow_up", _("次にすること"), meeting.follow_up),
            ),
        )
    _check(meeting.edition, words, today)
    changes = apply(meeting, words.values())
    if "follow_up" in changes or "follow_up_due" in changes:
        meeting.followed_up_at = None
    db.session.flush()
    if changes:
        subject = f"meeting:{meeting.public_id}"
        record(actor=viewer, action="meeting.changed", subject=subject, changes=changes)


def follow_up(meeting: Meeting, *, done: bool, viewer: Viewer) -> None:
    """Say that the follow-up was done, or take that back. Raises DomainError without one."""
    refuse_others(meeting.edition.event, viewer)
    lock(meeting)
    if not meeting.follow_up and meeting.follow_up_due is None:
        raise DomainError(_("この商談には、次にすることがありません。"))
    if (meeting.followed_up_at is not None) == done:
        return
    was, meeting.followed_up_at = meeting.followed_up_at, now() if done else None
    db.session.flush()
    record(
        actor=viewer,
        action="meeting.followed_up" if done else "meeting.follow_up_reopened",
        subject=f"meeting:{meeting.public_id}",
        changes={"followed_up_at": (was, meeting.followed_up_at)},
    )


def meetings_of(
    edition: Edition, wanted: MeetingFilter, viewer: Viewer, *, today: date
) -> Select[Meeting]:
    """The meetings of an edition that the viewer runs, those with an open step first, the most
    urgent on top."""
    host, guest = aliased(Organization), aliased(Organization)
    statement = (
        select(Meeting)
        .join(host, Meeting.host_id == host.id)
        .join(guest, Meeting.guest_id == guest.id)
        .where(Meeting.edition_id == edition.id)
        .options(
            joinedload(Meeting.host), joinedload(Meeting.guest), joinedload(Meeting.coordinator)
        )
    )
    if not may_run(edition.event, viewer):
        statement = statement.where(Meeting.id < 0)
    if wanted.result:
        statement = statement.where(Meeting.result == wanted.result)
    for word in wanted.text.split()[:10]:
        statement = statement.where(
            or_(
                host.name.contains(word, autoescape=True),
                guest.name.contains(word, autoescape=True),
            )
        )
    open_step = and_(Meeting.followed_up_at.is_(None), Meeting.follow_up_due.is_not(None))
    if wanted.state == "open":
        statement = statement.where(open_step)
    elif wanted.state == "late":
        statement = statement.where(open_step, Meeting.follow_up_due < today)
    elif wanted.state == "done":
        statement = statement.where(Meeting.followed_up_at.is_not(None))
    return statement.order_by(
        Meeting.followed_up_at.is_not(None),
        Meeting.follow_up_due.asc().nulls_last(),
        Meeting.on,
        Meeting.id,
    )


def due_meetings(viewer: Viewer, *, until: date, mine: bool) -> Select[Meeting]:
    """For the desk: meetings whose follow-up is due, the most urgent first; `mine` keeps what is
    the viewer's, and what nobody has taken."""
    statement = (
        select(Meeting)
        .join(Edition, Meeting.edition_id == Edition.id)
        .join(Event, Edition.event_id == Event.id)
        .where(Meeting.follow_up_due <= until, Meeting.followed_up_at.is_(None))
        .options(joinedload(Meeting.host), joinedload(Meeting.guest), joinedload(Meeting.edition))
        .order_by(Meeting.follow_up_due, Meeting.id)
    )
    if not viewer.is_staff:
        statement = statement.where(Event.program_id.in_(viewer.program_ids))
    if mine:
        owner = Meeting.coordinator_id
        statement = statement.where(or_(owner.is_(None), owner == viewer.user_id))
    return statement


def get_meeting(public_id: str, viewer: Viewer) -> Meeting:
    """The meeting of that id, at an event that the viewer runs. Raises NotFound."""
    found = db.session.scalar(select(Meeting).where(Meeting.public_id == public_id))
    if found is None or not may_run(found.edition.event, viewer):
        raise NotFound
    return found


def _check(edition: Edition, words: MeetingWords, today: date) -> None:
    if words.host.id == words.guest.id:
        raise DomainError(_("相手は、別の企業・団体にしてください。"), field="guest_name")
    if words.on > today:
        raise DomainError(_("商談の日を、今日かそれより前にしてください。"), field="on")
    if not edition.starts_on <= words.on <= edition.ends_on:
        raise DomainError(
            _("商談の日を、開催の期間の中にしてください。あとの面談は相談・訪問に書きます。"),
            field="on",
        )
    if words.due and not words.follow_up.strip():
        raise DomainError(_("期限の日までに何をするかを入力してください。"), field="follow_up")
