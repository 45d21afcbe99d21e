"""Writing events and their editions: made, changed, copied to the next year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from registry.audit.service import Change, apply, record
from registry.common.errors import Conflict, ConflictField, DomainError, NotAllowed
from registry.common.viewer import Viewer
from registry.db import db, new_public_id
from registry.events.labels import KINDS, when
from registry.events.locking import lock
from registry.events.models import Edition, EditionState, Event, EventKind
from registry.events.queries import may_run
from registry.events.registering import move_up
from registry.organizations.models import Organization
from registry.places.models import Place
from registry.programs.models import Program

NEXT_YEAR_WEEKS = 52
"""A copy is held so many weeks later: on the same weekday."""


@dataclass(frozen=True)
class EventWords:
    """What is written about an event."""

    kind: EventKind
    title: str
    title_en: str = ""
    summary: str = ""
    summary_en: str = ""
    program: Program | None = None
    organizer: Organization | None = None
    is_external: bool = False
    source: str = ""

    def values(self) -> dict[str, object]:
        """Column values."""
        return {
            "kind": self.kind,
            "title": self.title.strip(),
            "title_en": self.title_en.strip(),
            "summary": self.summary.strip(),
            "summary_en": self.summary_en.strip(),
            "program_id": self.program.id if self.program else None,
            "organizer_id": self.organizer.id if self.organizer else None,
            "is_external": self.is_external,
            "source": self.source.strip(),
        }


@dataclass(frozen=True)
class EditionWords:
    """What is written about an edition. `period` says its month or year while `days_known` is
    false; `starts_on` and `ends_on` are then the first and last day of that time."""

    title: str
    starts_on: date
    ends_on: date
    title_en: str = ""
    days_known: bool = True
    period: str = ""
    place: Place | None = None
    venue: str = ""
    is_online: bool = False
    capacity: int | None = None
    opens_on: date | None = None
    closes_on: date | None = None
    note: str = ""
    source: str = ""

    def values(self) -> dict[str, object]:
        """Column values."""
        kept = {name: value for name, value in vars(self).items() if name != "place"}
        texts = {name: v.strip() for name, v in kept.items() if isinstance(v, str)}
        return {**kept, **texts, "place_id": self.place.id if self.place else None}


def refuse_others(event: Event, viewer: Viewer) -> None:
    """Raise NotAllowed unless the viewer keeps the records of this event."""
    if not may_run(event, viewer):
        raise NotAllowed(_("このイベントの記録を書けるのは、制度の担当と事務局です。"))


def create_event(words: EventWords, *, viewer: Viewer) -> Event:
    """A new event. Raises DomainError when the viewer does not run the program it is put under."""
    _refuse_strange_program(words.program, viewer)
    event = Event(key=f"e-{new_public_id()[:13]}", **words.values())
    db.session.add(event)
    db.session.flush()
    _log("event.created", f"event:{event.public_id}", viewer, _as_new(words.values()))
    return event


def change_event(event: Event, words: EventWords, *, version: int | None, viewer: Viewer) -> None:
    """Correct an event. Raises Conflict when somebody changed it after `version`."""
    refuse_others(event, viewer)
    lock(event)
    if version is not None and version != event.version:
        raise _event_conflict(event)
    if words.program is None or words.program.id != event.program_id:
        _refuse_strange_program(words.program, viewer)
    changes = apply(event, words.values())
    db.session.flush()
    if changes:
        _log("event.changed", f"event:{event.public_id}", viewer, changes)


def create_edition(event: Event, words: EditionWords, *, viewer: Viewer) -> Edition:
    """A new edition, in preparation. Raises DomainError at the field that cannot stand."""
    refuse_others(event, viewer)
    _check(words)
    edition = Edition(event_id=event.id, state=EditionState.PLANNED, **words.values())
    db.session.add(edition)
    db.session.flush()
    _log("edition.created", f"edition:{edition.public_id}", viewer, _as_new(words.values()))
    return edition


def change_edition(
    edition: Edition, words: EditionWords, *, version: int | None, viewer: Viewer
) -> None:
    """Correct an edition; where there are more places now, those who wait move up.

    Raises Conflict when somebody changed it after `version`.
    """
    refuse_others(edition.event, viewer)
    lock(edition)
    if version is not None and version != edition.version:
        raise _edition_conflict(edition)
    _check(words)
    changes = apply(edition, words.values())
    db.session.flush()
    if changes:
        _log("edition.changed", f"edition:{edition.public_id}", viewer, changes)
    if "capacity" in changes:
        move_up(edition, viewer=viewer)


def copied(edition: Edition) -> EditionWords:
    """An edition as the next year's begins: a year later on the same weekdays, the title's year
    raised; exhibitors, registrations and figures stay behind."""
    year, following = str(edition.starts_on.year), str(edition.starts_on.year + 1)
    later = _year_later if edition.days_known else _same_day_next_year
    return EditionWords(
        title=edition.title.replace(year, following),
        title_en=edition.title_en.replace(year, following),
        starts_on=later(edition.starts_on),
        ends_on=later(edition.ends_on),
        days_known=edition.days_known,
        period=edition.period.replace(year, following),
        place=edition.place,
        venue=edition.venue,
        is_online=edition.is_online,
        capacity=edition.capacity,
        opens_on=_year_later(edition.opens_on) if edition.opens_on else None,
        closes_on=_year_later(edition.closes_on) if edition.closes_on else None,
        note=edition.note,
    )


def _year_later(day: date) -> date:
    return date.fromordinal(day.toordinal() + 7 * NEXT_YEAR_WEEKS)


def _same_day_next_year(day: date) -> date:
    leap = day.month == 2 and day.day >= 28
    return date(day.year + 1, day.month, 28 if leap else day.day)


def _check(words: EditionWords) -> None:
    if words.ends_on < words.starts_on:
        raise DomainError(
            _("終わりの日を、始まりの日かそれより後にしてください。"), field="ends_on"
        )
    if words.opens_on and words.closes_on and words.closes_on < words.opens_on:
        raise DomainError(
            _("申込の終わりを、申込の始まりかそれより後にしてください。"), field="closes_on"
        )
    if words.closes_on and words.closes_on > words.ends_on:
        raise DomainError(
            _("申込の終わりを、開催の最後の日かそれより前にしてください。"), field="closes_on"
        )


def _refuse_strange_program(program: Program | None, viewer: Viewer) -> None:
    if viewer.is_staff or (program is not None and program.id in viewer.program_ids):
        return
    raise DomainError(_("あなたが担当する制度から選んでください。"), field="program")


def _as_new(values: Mapping[str, object]) -> dict[str, Change]:
    return {name: (None, value) for name, value in values.items() if value not in (None, "")}


def _log(action: str, subject: str, viewer: Viewer, changes: Mapping[str, Change]) -> None:
    record(actor=viewer, action=action, subject=subject, changes=changes)


def _event_conflict(event: Event) -> Conflict:
    return Conflict(
        _("このイベントは、開いてからの間に、ほかの人が変更しました。"),
        version=event.version,
        fields=(
            ConflictField("title", _("名前"), event.title),
            ConflictField("title_en", _("英語の名前"), event.title_en),
            ConflictField("kind", _("種類"), str(KINDS[event.kind])),
            ConflictField("summary", _("説明"), event.summary),
        ),
    )


def _edition_conflict(edition: Edition) -> Conflict:
    capacity = str(edition.capacity) if edition.capacity is not None else ""
    return Conflict(
        _("この開催回は、開いてからの間に、ほかの人が変更しました。"),
        version=edition.version,
        fields=(
            ConflictField("title", _("回の名前"), edition.title),
            ConflictField("venue", _("会場"), edition.venue),
            ConflictField("capacity", _("定員"), capacity),
            ConflictField("starts_on-y", _("日程"), when(edition)),
            ConflictField("note", _("備考"), edition.note),
        ),
    )
