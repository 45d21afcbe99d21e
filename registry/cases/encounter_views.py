"""Pages where a case and an encounter meet."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.cases import service
from registry.cases.forms import CaseChoiceForm
from registry.cases.models import Answer, Case
from registry.cases.queries import find_by_text, get_case, open_cases_of
from registry.cases.views import address_of
from registry.common import calendar
from registry.db import db
from registry.encounters.forms import EncounterForm
from registry.encounters.queries import get_encounter
from registry.encounters.recording import command_of, prepare, show_participants
from registry.web.access import allow, viewer
from registry.web.pressing import press
from registry.web.submit import submit

bp = Blueprint("case_encounters", __name__)
OFFERED = 30


@bp.route("/cases/<public_id>/encounters/new", methods=["GET", "POST"])
@allow("cases.work")
def create(public_id: str) -> ResponseReturnValue:
    """Write down an encounter of a case: those who agreed are ticked already."""
    case, today = get_case(public_id, viewer()), calendar.today()
    form = EncounterForm(held_on=today, organizations=_agreed(case))
    prepare(form)
    if request.method == "GET":
        form.coordinator.data = viewer().public_id
        form.program.data = case.program.public_id if case.program else ""
    response = submit(
        form,
        lambda: service.add_encounter(
            case, command_of(form, viewer()), today=today, viewer=viewer()
        ),
        then=lambda _result: address_of(case),
        message=_("記録しました。"),
    )
    if response:
        return response
    show_participants(form, viewer())
    return render_template("cases/add_encounter.html", form=form, case=case)


@bp.route("/encounters/<public_id>/case", methods=["GET", "POST"])
@allow("cases.work")
def link(public_id: str) -> ResponseReturnValue:
    """Put a recorded encounter into a case's timeline."""
    encounter = get_encounter(public_id, viewer())
    text = request.args.get("q", "")[:200]
    found = (
        list(db.session.scalars(find_by_text(text, viewer()).limit(OFFERED)).unique())
        if text.strip()
        else open_cases_of(encounter.organizations, viewer())
    )
    form = CaseChoiceForm()
    form.case.choices = [(c.public_id, f"{c.reference} {c.title}") for c in found]
    response = submit(
        form,
        lambda: service.link_encounter(
            get_case(form.case.data, viewer()), encounter, viewer=viewer()
        ),
        then=lambda _result: url_for("encounters.show", public_id=public_id),
        message=_("マッチングに結びつけました。"),
    )
    return response or render_template(
        "cases/link_encounter.html", form=form, encounter=encounter, text=text
    )


@bp.post("/cases/<public_id>/encounters/<encounter_id>/unlink")
@allow("cases.work")
def unlink(public_id: str, encounter_id: str) -> ResponseReturnValue:
    """Take an encounter out of a case; the record stays."""
    case = get_case(public_id, viewer())
    encounter = get_encounter(encounter_id, viewer())
    return press(
        lambda: service.unlink_encounter(case, encounter, viewer=viewer()),
        back=address_of(case),
        message=_("このマッチングから外しました。記録は残っています。"),
    )


def _agreed(case: Case) -> list[str]:
    """Public ids of the organizations that said yes."""
    return [p.organization.public_id for p in case.parties if p.answer is Answer.YES]
