"""What is asked in an application: the call's own questions become fields; and what is asked about
the decision."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from registry.common.errors import DomainError
from registry.common.viewer import Viewer
from registry.organizations.models import Organization
from registry.programs.applicants import fitting
from registry.programs.applications import Application
from registry.programs.decisions import Decision
from registry.programs.fields import CountField, later, line, one_of, text, ticks
from registry.programs.forms import YenField
from registry.programs.kinds import EnrolmentResult, MemberClass, QuestionType
from registry.programs.labels import MEMBER_CLASSES, RESULTS
from registry.programs.models import Call, Enrolment
from registry.programs.questions import LONGEST, PREFIX, Question
from registry.web.forms import BaseForm, DateGiven, DateParts, EditForm
from registry.web.i18n import pick


class ApplicationForm(BaseForm):
    """The questions of every call."""

    project = line(_l("事業の名前"), 200, _l("申し込む取組の名前。公開の一覧に載ります。"))
    topic = line(_l("テーマ・種別"), 120)
    requested_yen = YenField(
        _l("希望の金額（円）"), description=_l("例：2,000,000、200万円"), validators=[Optional()]
    )
    partner_names = line(
        _l("連携先"), 400, _l("一緒に取り組む企業・大学。登録された名前を「、」で区切ります。")
    )
    version = HiddenField()


class OfficeApplicationForm(ApplicationForm):
    """The same, written by the office for an organization."""

    organization_name = StringField(
        lazy_pgettext("one", "企業・団体"),
        description=_l("申し込む企業・団体。名前の一部か法人番号で探します。"),
        validators=[
            InputRequired(_l("企業・団体を入力してください。")),
            Length(max=120, message=_l("120 文字までにしてください。")),
        ],
    )
    organization = RadioField(
        _l("当てはまる企業・団体"), choices=[], validate_choice=False, validators=[Optional()]
    )


def application_form(call: Call, base: type[ApplicationForm], data: dict[str, Any]) -> Any:
    """A form with a field for each question of the call. Missing answers are refused by the
    service, when it is handed in: a draft may lack them."""
    made = {f"{PREFIX}{question['key']}": _field(question) for question in call.questions}
    return type("CallApplicationForm", (base,), made)(data=data)


def _field(question: Question) -> Any:
    label = pick(question["label"], question["label_en"])
    label = _("%(label)s（必須）", label=label) if question["required"] else label
    options = [(choice, choice) for choice in question["choices"]]
    kind = QuestionType(question["type"])
    match kind:
        case QuestionType.TEXT:
            return line(label, question.get("max") or LONGEST[kind])
        case QuestionType.LONG_TEXT:
            return text(label, question.get("max") or LONGEST[kind])
        case QuestionType.NUMBER:
            return CountField(label, validators=[Optional()])
        case QuestionType.YEN:
            return YenField(label, validators=[Optional()])
        case QuestionType.DATE:
            return DateParts(label)
        case QuestionType.CHOICE:
            return RadioField(label, choices=lambda: options, validators=[Optional()])
        case QuestionType.CHOICES:
            return ticks(label, lambda: options)
        case QuestionType.YES_NO:
            yes_no = [("yes", _l("はい")), ("no", _l("いいえ"))]
            return RadioField(label, choices=lambda: yes_no, validators=[Optional()])


def application_of(form: Any, call: Call, viewer: Viewer) -> Application:
    """What the form says. Raises DomainError at a partner's name that is unclear."""
    keys = [question["key"] for question in call.questions]
    return Application(
        project=form.project.data or "",
        topic=form.topic.data or "",
        requested_yen=form.requested_yen.data,
        partners=_partners(form.partner_names.data or "", viewer),
        answers={key: form[f"{PREFIX}{key}"].data for key in keys},
    )


def stored(row: Enrolment, call: Call) -> dict[str, Any]:
    """A draft as its form shows it."""
    data: dict[str, Any] = {
        "project": row.project,
        "topic": row.topic,
        "requested_yen": row.requested_yen,
        "partner_names": "、".join(partner.name for partner in row.partners),
        "version": row.version,
    }
    for question in call.questions:
        value = row.answers.get(question["key"])
        if question["type"] == QuestionType.DATE and value:
            value = date.fromisoformat(value)
        if question["type"] == QuestionType.YES_NO and value is not None:
            value = "yes" if value else "no"
        data[f"{PREFIX}{question['key']}"] = value
    return data


def _partners(names: str, viewer: Viewer) -> tuple[Organization, ...]:
    found = []
    for name in filter(None, (part.strip() for part in names.replace("\n", "、").split("、"))):
        fits = fitting(name, viewer)
        if len(fits) != 1:
            message = (
                _("連携先「%(name)s」が複数あります。名前を全部書いてください。", name=name)
                if fits
                else _(
                    "連携先「%(name)s」は登録されていません。質問の答えに書いてください。",
                    name=name,
                )
            )
            raise DomainError(message, field="partner_names")
        found.append(fits[0])
    return tuple({row.id: row for row in found}.values())


class DecisionForm(EditForm):
    """The decision about an application."""

    accepted = RadioField(
        _l("結果"),
        choices=lambda: [("yes", _l("採択する")), ("no", _l("不採択にする"))],
        validators=[InputRequired(_l("採択か不採択かを選んでください。"))],
    )
    reason = text(_l("理由"), 1000, _l("申込者へのメールに書きます。不採択のときは必須です。"))
    result = one_of(
        _l("採択の種類"), lambda: [(row.value, words) for row, words in RESULTS.items()]
    )
    amount_yen = YenField(_l("決定の金額（円）"), validators=[Optional()])
    topic = line(_l("テーマ・種別"), 120)
    member_class = one_of(
        _l("会員の区分"),
        lambda: [("", _l("選ばない")), *((row.value, w) for row, w in MEMBER_CLASSES.items())],
    )
    decided_on = DateParts(_l("決定の日"), validators=[DateGiven()])
    published = BooleanField(_l("公開の採択一覧に載せる"), default=True)

    def decision(self) -> Decision:
        """What the form says."""
        return Decision(
            accepted=self.accepted.data == "yes",
            decided_on=self.decided_on.data,
            reason=self.reason.data or "",
            result=EnrolmentResult(self.result.data or "awarded"),
            amount_yen=self.amount_yen.data,
            topic=self.topic.data or "",
            member_class=MemberClass(self.member_class.data) if self.member_class.data else None,
            published=bool(self.published.data),
        )


class StepForm(BaseForm):
    """How far the support came."""

    step = one_of(_l("段階"), later)
    on = DateParts(_l("その日"), validators=[DateGiven()])
    detail = line(_l("覚え書き"), 200)
