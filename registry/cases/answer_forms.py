"""What a party is asked, and what staff write down for it."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, Optional

from registry.cases.labels import answer_label, decline_reasons
from registry.cases.models import Answer
from registry.organizations.labels import way_label
from registry.organizations.models import ConsentWay
from registry.web.forms import BaseForm, DateGiven, DateParts, EditForm

SHORT = Length(max=400, message=_l("400 文字までにしてください。"))


class AnswerForm(BaseForm):
    """A party's own answer; `answer` is the button that was pressed."""

    answer = StringField(
        validators=[AnyOf(["yes", "no"], message=_l("承諾か辞退のボタンを押してください。"))]
    )
    reason = RadioField(
        _l("辞退の理由"),
        choices=decline_reasons,
        validators=[Optional()],
        description=_l("担当者だけが読み、次のご案内に使います。"),
    )
    words = StringField(_l("ひとこと"), validators=[Optional(), SHORT])

    def validate(self, extra_validators: Any = None) -> bool:
        """A no has a reason."""
        fits = bool(super().validate(extra_validators))
        if self.answer.data == "no" and not self.reason.data and not self.reason.errors:
            self.refuse(_("辞退のときは、理由を 1 つ選んでください。"), "reason")
            return False
        return fits

    @property
    def given(self) -> Answer:
        return Answer(self.answer.data or "")

    @property
    def reason_text(self) -> str:
        """The reason in words, with what was added; empty for a yes without words."""
        label = dict(decline_reasons()).get(self.reason.data or "", "")
        reason, words = label if self.answer.data == "no" else "", (self.words.data or "").strip()
        if reason and words:
            return str(_("%(reason)s：%(words)s", reason=reason, words=words))
        return reason or words


class LinkAnswerForm(AnswerForm):
    """The same by the link of a mail, where nobody has signed in."""

    answered_by = StringField(
        _l("お答えになる方のお名前"),
        validators=[
            InputRequired(_l("お答えになる方のお名前を入力してください。")),
            Length(max=80, message=_l("80 文字までにしてください。")),
        ],
        description=_l("担当者が、どなたのお返事かを確かめるために使います。"),
    )


class ProxyForm(EditForm):
    """An answer that staff heard or read."""

    answer = RadioField(
        _l("返事"),
        coerce=lambda value: Answer(value) if value else None,
        choices=lambda: [(a.value, answer_label(a)) for a in (Answer.YES, Answer.NO)],
        validators=[InputRequired(_l("返事を選んでください。"))],
    )
    answered_by = StringField(
        _l("返事をした方"),
        validators=[InputRequired(_l("返事をした方を入力してください。")), Length(max=80)],
        description=_l("例：大野さん（営業技術）"),
    )
    way = RadioField(
        _l("返事を受けた方法"),
        coerce=lambda value: ConsentWay(value) if value else None,
        choices=lambda: [
            (way.value, way_label(way)) for way in ConsentWay if way is not ConsentWay.LINK
        ],
        validators=[InputRequired(_l("返事を受けた方法を選んでください。"))],
    )
    on = DateParts(_l("返事の日"), validators=[DateGiven()])
    evidence = StringField(
        _l("根拠"),
        validators=[InputRequired(_l("何で確かめられるかを入力してください。")), SHORT],
        description=_l("例：電話の記録簿 11月11日、返信のメール、同意書の綴り"),
    )
    reason = StringField(_l("辞退の理由・ひとこと"), validators=[Optional(), SHORT])


class ExtendForm(BaseForm):
    """A later day for an answer."""

    until = DateParts(_l("新しい期限"), validators=[DateGiven()])
