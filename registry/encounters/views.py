"""Pages of the encounters room."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.encounters import labels, service, topics, undoing
from registry.encounters.asking import encounter_filter
from registry.encounters.forms import DeleteForm, EncounterEditForm, EncounterForm, TopicsForm
from registry.encounters.history import history_of
from registry.encounters.labels import kind_label
from registry.encounters.models import Encounter
from registry.encounters.queries import (
    encounters,
    get_encounter,
    names_to_offer,
    organizations_by_ids,
    totals,
)
from registry.encounters.recording import (
    command_of,
    filter_choices,
    ids_of,
    prepare,
    show_participants,
    stored,
)
from registry.encounters.topics import topic_words
from registry.web.access import allow, viewer
from registry.web.forms import PlainForm
from registry.web.paging import paginate
from registry.web.submit import submit

bp = Blueprint("encounters", __name__)
DELETED = "deleted_encounter"
"""Where the session keeps the record deleted last, so that it can be taken back."""
PROGRAM = "encounter_program"
"""Where it keeps the program of the record written last: the next one begins with it."""


@bp.get("/encounters")
@allow("encounters.read")
def index() -> str:
    """All encounters, with filters and their totals."""
    wanted = encounter_filter(request.args)
    statement = encounters(wanted, viewer())
    return render_template(
        "encounters/index.html",
        page=paginate(statement),
        totals=totals(statement),
        wanted=wanted,
        choices=filter_choices(),
        code_of=topics.code_of,
        kind_label=kind_label,
        deleted=_deleted(),
    )


@bp.route("/encounters/new", methods=["GET", "POST"])
@allow("encounters.record")
def create() -> ResponseReturnValue:
    """Write down a consultation, visit, call, meeting or dispatch."""
    today = calendar.today()
    form = EncounterForm(held_on=today, organizations=_asked_for())
    prepare(form)
    if request.method == "GET":
        form.coordinator.data = viewer().public_id
        form.program.data = request.args.get("program", session.get(PROGRAM, ""))
    response = submit(
        form,
        lambda: service.record_encounter(command_of(form, viewer()), today=today, viewer=viewer()),
        then=_after,
        message=_("記録しました。"),
    )
    if response:
        return response
    show_participants(form, viewer())
    return render_template("encounters/create.html", form=form, names=names_to_offer())


@bp.get("/encounters/<public_id>")
@allow("encounters.read")
def show(public_id: str) -> str:
    """One encounter."""
    encounter = get_encounter(public_id, viewer())
    return render_template(
        "encounters/show.html",
        encounter=encounter,
        form=PlainForm(),
        labels=labels,
        topics=topic_words(encounter.topics),
        history=history_of(encounter),
    )


@bp.route("/encounters/<public_id>/edit", methods=["GET", "POST"])
@allow("encounters.record")
def edit(public_id: str) -> ResponseReturnValue:
    """Correct a record."""
    encounter = get_encounter(public_id, viewer())
    form = EncounterEditForm(data=stored(encounter))
    prepare(form, encounter)
    response = submit(
        form,
        lambda: service.edit_encounter(
            encounter,
            command_of(form, viewer()),
            version=form.version.data,
            today=calendar.today(),
            viewer=viewer(),
        ),
        then=lambda _result: url_for("encounters.show", public_id=public_id),
        message=_("変更しました。"),
    )
    if response:
        return response
    show_participants(form, viewer())
    return render_template(
        "encounters/edit.html", form=form, encounter=encounter, names=names_to_offer()
    )


@bp.route("/encounters/<public_id>/delete", methods=["GET", "POST"])
@allow("encounters.record")
def delete(public_id: str) -> ResponseReturnValue:
    """Delete a wrong record, with a reason."""
    encounter = get_encounter(public_id, viewer())
    form = DeleteForm()

    def act() -> None:
        session[DELETED] = undoing.kept_of(encounter)
        service.delete_encounter(encounter, reason=form.reason.data or "", viewer=viewer())

    response = submit(
        form,
        act,
        then=lambda _result: url_for("encounters.index", deleted=public_id),
        message=_("記録を消しました。中身は変更の記録に残っています。"),
    )
    return response or render_template(
        "encounters/delete.html", form=form, encounter=encounter, kind_label=kind_label
    )


@bp.post("/encounters/restore")
@allow("encounters.record")
def restore() -> ResponseReturnValue:
    """Take back the deletion just made."""
    kept, form = session.get(DELETED), PlainForm()
    if kept is None:
        flash(_("元に戻せる記録がありません。"), "error")
        return redirect(url_for("encounters.index"), 303)
    response = submit(
        form,
        lambda: undoing.restore_encounter(kept, viewer=viewer()),
        then=lambda found: url_for("encounters.show", public_id=found.public_id),
        message=_("元に戻しました。"),
    )
    session.pop(DELETED, None)
    return response or redirect(url_for("encounters.index"), 303)


@bp.route("/encounters/<public_id>/step-done", methods=["GET", "POST"])
@allow("encounters.record")
def step_done(public_id: str) -> ResponseReturnValue:
    """Mark an encounter's next step as done."""
    encounter = get_encounter(public_id, viewer())
    form = PlainForm()
    response = submit(
        form,
        lambda: service.finish_step(encounter, viewer=viewer()),
        then=lambda _result: url_for("encounters.show", public_id=public_id),
        message=_("次の一手を済みにしました。"),
    )
    return response or render_template("encounters/step_done.html", form=form, encounter=encounter)


@bp.route("/encounters/topics", methods=["GET", "POST"])
@allow("encounters.record")
def topic_list() -> ResponseReturnValue:
    """The office's own words for what a consultation is about."""
    form = TopicsForm(words=topics.as_text(topics.topics()))
    response = submit(
        form,
        lambda: topics.change_topics(form.words.data or "", viewer=viewer()),
        then=lambda _words: url_for("encounters.index"),
        message=_("相談の項目を保存しました。"),
    )
    return response or render_template("encounters/topics.html", form=form)


def _deleted() -> str:
    """What the record just deleted was about, when this page follows its deletion."""
    kept = session.get(DELETED) or {}
    just_now = kept and request.args.get("deleted") == kept["public_id"]
    return str(kept["subject"]) if just_now else ""


def _after(encounter: Encounter) -> str:
    """To the record, on to choosing its case, or on to the next one: as the button says. The
    program is remembered for the next."""
    session[PROGRAM] = encounter.program.public_id if encounter.program else ""
    if request.form.get("next") == "another":
        return url_for("encounters.create")
    if request.form.get("next") == "case":
        return url_for("case_encounters.link", public_id=encounter.public_id)
    return url_for("encounters.show", public_id=encounter.public_id)


def _asked_for() -> list[str]:
    """Organizations that the address names: ?organization=<public id>."""
    return ids_of(organizations_by_ids(request.args.getlist("organization")[:10], viewer()))
