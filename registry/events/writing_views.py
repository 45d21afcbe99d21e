"""Pages on which staff and operators write events and their editions, and move them on."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.common.errors import DomainError
from registry.events import labels, life, writing
from registry.events.choosing import offer, one_if_named
from registry.events.forms import (
    EditionEditForm,
    EditionForm,
    EventEditForm,
    EventForm,
    StateForm,
)
from registry.events.models import Edition, Event
from registry.events.queries import (
    get_edition,
    get_event,
    places_to_choose,
    programs_to_choose,
)
from registry.events.spans import read_span
from registry.events.writing import EditionWords, EventWords, refuse_others
from registry.web.access import allow, viewer
from registry.web.i18n import pick
from registry.web.submit import submit

bp = Blueprint("event_writing", __name__)


@bp.route("/events/new", methods=["GET", "POST"])
@allow("events.write")
def create() -> ResponseReturnValue:
    """Write a new event down; its first edition comes next."""
    form = EventForm(program=request.args.get("program", "")[:36])
    _offer_event(form)
    response = submit(
        form,
        lambda: writing.create_event(_event_words(form), viewer=viewer()),
        then=lambda event: url_for("event_writing.create_edition", public_id=event.public_id),
        message=_("イベントを作りました。続けて、最初の開催回を書きます。"),
    )
    if response:
        return response
    offer(form, "organizer", viewer())
    return render_template("events/create.html", form=form)


@bp.route("/events/<public_id>/edit", methods=["GET", "POST"])
@allow("events.write")
def edit(public_id: str) -> ResponseReturnValue:
    """Correct an event."""
    event = get_event(public_id, viewer())
    refuse_others(event, viewer())
    form = EventEditForm(data=_event_stored(event))
    _offer_event(form, event)
    response = submit(
        form,
        lambda: writing.change_event(
            event, _event_words(form), version=form.version.data, viewer=viewer()
        ),
        then=lambda _nothing: url_for("events.show", public_id=public_id),
        message=_("変更しました。"),
    )
    if response:
        return response
    offer(form, "organizer", viewer())
    return render_template("events/edit.html", form=form, event=event)


@bp.route("/events/<public_id>/editions/new", methods=["GET", "POST"])
@allow("events.write")
def create_edition(public_id: str) -> ResponseReturnValue:
    """Write a new edition down."""
    event = get_event(public_id, viewer())
    refuse_others(event, viewer())
    form = EditionForm(title=event.title)
    return _new_edition(form, event)


@bp.route("/editions/<public_id>/copy", methods=["GET", "POST"])
@allow("events.write")
def copy(public_id: str) -> ResponseReturnValue:
    """The next year's edition, begun as a copy of this one."""
    edition = get_edition(public_id, viewer())
    refuse_others(edition.event, viewer())
    form = EditionForm(data=_edition_stored(writing.copied(edition)))
    return _new_edition(form, edition.event, copied_from=edition)


def _new_edition(
    form: EditionForm, event: Event, copied_from: Edition | None = None
) -> ResponseReturnValue:
    _offer_edition(form, copied_from)
    response = submit(
        form,
        lambda: writing.create_edition(event, _edition_words(form), viewer=viewer()),
        then=lambda edition: url_for("events.edition", public_id=edition.public_id),
        message=_("開催回を作りました。まだ公開されていません。"),
    )
    return response or render_template(
        "events/create_edition.html", form=form, event=event, copied_from=copied_from
    )


@bp.route("/editions/<public_id>/edit", methods=["GET", "POST"])
@allow("events.write")
def edit_edition(public_id: str) -> ResponseReturnValue:
    """Correct an edition."""
    edition = get_edition(public_id, viewer())
    refuse_others(edition.event, viewer())
    form = EditionEditForm(data={**_edition_stored(edition), "version": edition.version})
    _offer_edition(form, edition)
    response = submit(
        form,
        lambda: writing.change_edition(
            edition, _edition_words(form, edition), version=form.version.data, viewer=viewer()
        ),
        then=lambda _nothing: url_for("events.edition", public_id=public_id),
        message=_("変更しました。"),
    )
    return response or render_template("events/edit_edition.html", form=form, edition=edition)


@bp.route("/editions/<public_id>/state", methods=["GET", "POST"])
@allow("events.write")
def state(public_id: str) -> ResponseReturnValue:
    """Open, close, hold or cancel an edition, or take such a step back."""
    edition = get_edition(public_id, viewer())
    refuse_others(edition.event, viewer())
    steps = life.STEPS[edition.state]
    form = StateForm(data={"to": steps[0], "version": edition.version})
    form.offer(steps)
    response = submit(
        form,
        lambda: life.move(
            edition,
            form.to.data,
            reason=form.reason.data or "",
            version=form.version.data,
            today=calendar.today(),
            viewer=viewer(),
        ),
        then=lambda _nothing: url_for("events.edition", public_id=public_id),
        message=_("状態を変えました。"),
    )
    return response or render_template(
        "events/state.html", form=form, edition=edition, labels=labels
    )


def _offer_event(form: EventForm, event: Event | None = None) -> None:
    found = programs_to_choose(viewer(), event.program if event else None)
    nothing = [("", _("なし"))] if viewer().is_staff else []
    form.program.choices = nothing + [
        (row.public_id, pick(row.title, row.title_en)) for row in found
    ]


def _event_words(form: EventForm) -> EventWords:
    """What the form says. Raises DomainError for an unclear organizer."""
    chosen = [p for p in programs_to_choose(viewer()) if p.public_id == form.program.data]
    return EventWords(
        kind=form.kind.data,
        is_external=bool(form.is_external.data),
        program=chosen[0] if chosen else None,
        organizer=one_if_named(form, "organizer", viewer()),
        **_texts(form, "title", "title_en", "summary", "summary_en", "source"),
    )


def _event_stored(event: Event) -> dict[str, Any]:
    names = ("kind", "title", "title_en", "summary", "summary_en", "is_external", "source",
             "version")  # fmt: skip
    return {
        **{name: getattr(event, name) for name in names},
        "program": event.program.public_id if event.program else "",
        "organizer_name": event.organizer.name if event.organizer else "",
        "organizer": event.organizer.public_id if event.organizer else "",
    }


def _offer_edition(form: EditionForm, edition: Edition | None = None) -> None:
    rows = places_to_choose(edition.place if edition else None)
    form.place.choices = [("", _("なし"))] + [
        (row.public_id, pick(row.name, row.name_en)) for row in rows
    ]


def _edition_words(form: EditionForm, edition: Edition | None = None) -> EditionWords:
    """What the form says: days, or a month or year while the days are not known.

    Raises DomainError where neither is given.
    """
    current = edition.place if edition else None
    places = [row for row in places_to_choose(current) if row.public_id == form.place.data]
    starts = form.starts_on.data
    words = EditionWords(
        starts_on=starts or calendar.today(),
        ends_on=form.ends_on.data or starts or calendar.today(),
        place=places[0] if places else None,
        is_online=bool(form.is_online.data),
        capacity=form.capacity.data,
        opens_on=form.opens_on.data,
        closes_on=form.closes_on.data,
        **_texts(form, "title", "title_en", "venue", "note", "source"),
    )
    if starts:
        return words
    if not (form.period.data or "").strip():
        raise DomainError(
            _("始まりの日を入力してください。決まっていなければ、時期を書いてください。"),
            field="starts_on",
        )
    period, first, last = read_span(form.period.data or "")
    return replace(words, days_known=False, period=period, starts_on=first, ends_on=last)


def _edition_stored(row: Edition | EditionWords) -> dict[str, Any]:
    names = ("title", "title_en", "period", "venue", "is_online", "capacity", "opens_on",
             "closes_on", "note", "source")  # fmt: skip
    return {
        **{name: getattr(row, name) for name in names},
        "starts_on": row.starts_on if row.days_known else None,
        "ends_on": row.ends_on if row.days_known else None,
        "place": row.place.public_id if row.place else "",
    }


def _texts(form: Any, *names: str) -> dict[str, Any]:
    return {name: form[name].data or "" for name in names}
