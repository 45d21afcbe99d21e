"""Pages of the double opt-in: the link of a mail, a member's answer, and what staff do for it."""

from datetime import timedelta

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from registry.accounts.links import absolute
from registry.cases import introductions, service
from registry.cases.answer_forms import AnswerForm, ExtendForm, LinkAnswerForm, ProxyForm
from registry.cases.forms import PartyForm, RoleForm
from registry.cases.introductions import ProxyAnswer, is_answerable
from registry.cases.models import Answer, Case, Party
from registry.cases.queries import get_case, own_party, party_of, party_of_token
from registry.cases.sight import sight_of
from registry.cases.views import address_of
from registry.common import calendar
from registry.common.errors import DomainError, NotAllowed
from registry.encounters.participants import require
from registry.encounters.recording import show_participants
from registry.office.settings import office
from registry.web.access import allow, viewer
from registry.web.pressing import press
from registry.web.submit import submit

bp = Blueprint("introductions", __name__)


def link_of_case(public_id: str) -> str:
    """The full address of a case's page, for mails."""
    return absolute(url_for("cases.show", public_id=public_id))


def link_of_token(token: str) -> str:
    """The full address of an introduction, for mails."""
    return absolute(url_for("introductions.show", token=token))


@bp.route("/introductions/<token>", methods=["GET", "POST"])
@allow("cases.answer")
def show(token: str) -> ResponseReturnValue:
    """What a party is asked, by the link of its mail. Opening it changes nothing."""
    party = party_of_token(token)
    if party is None:
        return render_template("introductions/unknown.html"), 404
    form = LinkAnswerForm()
    response = submit(
        form,
        lambda: introductions.answer_by_link(
            party,
            answer=form.given,
            answered_by=form.answered_by.data or "",
            reason=form.reason_text,
            link=link_of_case,
            today=calendar.today(),
            viewer=viewer(),
        ),
        then=lambda _result: url_for("introductions.show", token=token),
    )
    if response:
        return response
    return render_template(
        "introductions/show.html",
        form=form,
        sight=sight_of(party.case, party),
        state=_state_of(party),
    )


@bp.route("/cases/<public_id>/answer", methods=["GET", "POST"])
@allow("cases.read")
def answer(public_id: str) -> ResponseReturnValue:
    """A signed-in member answers for the own organization."""
    case = get_case(public_id, viewer())
    party = own_party(case, viewer())
    if party is None:
        raise NotAllowed(_("返事ができるのは、その企業・団体の方だけです。"))
    form = AnswerForm()
    response = submit(
        form,
        lambda: introductions.answer_as_member(
            party,
            answer=form.given,
            reason=form.reason_text,
            link=link_of_case,
            today=calendar.today(),
            viewer=viewer(),
        ),
        then=lambda _result: address_of(case),
        message=_("お返事を受け取りました。"),
    )
    return response or render_template(
        "cases/answer.html", form=form, sight=sight_of(case, party), state=_state_of(party)
    )


@bp.post("/cases/<public_id>/parties/<party_id>/ask")
@allow("cases.work")
def ask(public_id: str, party_id: str) -> ResponseReturnValue:
    """Ask a party, by a new link to its people."""
    case = get_case(public_id, viewer())
    return press(
        lambda: introductions.ask(
            party_of(case, party_id),
            link=link_of_token,
            seen=request.form.get("seen"),
            today=calendar.today(),
            viewer=viewer(),
        ),
        back=address_of(case),
        message=_sent,
    )


@bp.route("/cases/<public_id>/parties/<party_id>/extend", methods=["GET", "POST"])
@allow("cases.work")
def extend(public_id: str, party_id: str) -> ResponseReturnValue:
    """Give a party more time to answer."""
    case, party = _find(public_id, party_id)
    today = calendar.today()
    form = ExtendForm(until=today + timedelta(days=office().answer_days))
    response = submit(
        form,
        lambda: introductions.extend(party, until=form.until.data, today=today, viewer=viewer()),
        then=lambda _result: address_of(case),
        message=_("返事の期限を延ばしました。"),
    )
    return response or render_template("cases/extend.html", form=form, case=case, party=party)


@bp.route("/cases/<public_id>/parties/<party_id>/record-answer", methods=["GET", "POST"])
@allow("cases.work")
def record_answer(public_id: str, party_id: str) -> ResponseReturnValue:
    """Write down an answer that was given by telephone, on paper, in person or by mail."""
    case, party = _find(public_id, party_id)
    form = ProxyForm(data={"on": calendar.today(), "version": party.version})
    response = submit(
        form,
        lambda: introductions.record_answer(
            party,
            _proxy(form),
            version=form.version.data,
            link=link_of_case,
            today=calendar.today(),
            viewer=viewer(),
        ),
        then=lambda _result: address_of(case),
        message=_("返事を記録しました。"),
    )
    return response or render_template(
        "cases/record_answer.html", form=form, case=case, party=party
    )


@bp.post("/cases/<public_id>/answers/seen")
@allow("cases.work")
def seen(public_id: str) -> ResponseReturnValue:
    """Note that the answers of a case were seen: they leave the desk."""
    case = get_case(public_id, viewer())
    return press(
        lambda: introductions.mark_seen(case, viewer=viewer()),
        back=address_of(case),
        message=_("返事を確認済みにしました。"),
    )


@bp.route("/cases/<public_id>/parties/new", methods=["GET", "POST"])
@allow("cases.work")
def add_party(public_id: str) -> ResponseReturnValue:
    """Bring a further organization into a case."""
    case = get_case(public_id, viewer())
    form = PartyForm()
    response = submit(
        form,
        lambda: _add(case, form),
        then=lambda _result: address_of(case),
        message=_("当事者を加えました。相手に見える画面を確かめてから、依頼を送ってください。"),
    )
    if response:
        return response
    show_participants(form, viewer())
    return render_template("cases/add_party.html", form=form, case=case)


@bp.route("/cases/<public_id>/parties/<party_id>/role", methods=["GET", "POST"])
@allow("cases.work")
def change_role(public_id: str, party_id: str) -> ResponseReturnValue:
    """Name what a party does in the case."""
    case, party = _find(public_id, party_id)
    form = RoleForm(data={"role": party.role, "version": party.version})
    response = submit(
        form,
        lambda: service.change_role(
            party, role=form.role.data or "", version=form.version.data, viewer=viewer()
        ),
        then=lambda _result: address_of(case),
        message=_("役割を変えました。"),
    )
    return response or render_template("cases/change_role.html", form=form, case=case, party=party)


def _find(public_id: str, party_id: str) -> tuple[Case, Party]:
    case = get_case(public_id, viewer())
    return case, party_of(case, party_id)


def _sent(mails: int) -> str:
    if mails:
        return ngettext(
            "依頼の便りを %(num)s 通、送信箱に入れました。",
            "依頼の便りを %(num)s 通、送信箱に入れました。",
            mails,
        )
    return _(
        "依頼を始めました。宛先のメールがないので、電話などで尋ね、返事を代わって記録してください。"
    )


def _state_of(party: Party) -> str:
    """open, answered, expired or closed."""
    if party.answer is not Answer.PENDING:
        return "answered"
    if not party.case.is_open:
        return "closed"
    return "open" if is_answerable(party, today=calendar.today()) else "expired"


def _proxy(form: ProxyForm) -> ProxyAnswer:
    return ProxyAnswer(
        answer=form.answer.data,
        answered_by=form.answered_by.data or "",
        way=form.way.data,
        on=form.on.data,
        evidence=form.evidence.data or "",
        reason=form.reason.data or "",
    )


def _add(case: Case, form: PartyForm) -> None:
    rows = require(form.organizations.data or [], form.organization_names.data or "", viewer())
    if not rows:
        raise DomainError(_("加える企業・団体を入力してください。"), field="organization_names")
    for row in rows:
        service.add_party(
            case, row, side=form.side.data, role=form.role.data or "", viewer=viewer()
        )
