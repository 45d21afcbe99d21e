"""What is asked in the pages of enquiries."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional

from registry.intake.labels import kind_label
from registry.intake.models import EnquiryKind
from registry.web.forms import BaseForm, DateParts, EditForm


def line(label: object, most: int, *, required: object = "", help: object = "") -> Any:
    """One line of text of at most so many characters."""
    first = InputRequired(required) if required else Optional()
    limit = Length(max=most, message=_l("%(max)d 文字までにしてください。"))
    return StringField(label, description=help, validators=[first, limit])


class QuestionForm(BaseForm):
    """What a signed-in person asks: name and address are known."""

    to = HiddenField()
    listing = HiddenField()
    subject = line(_l("件名"), 120, required=_l("件名を入力してください。"))
    text = TextAreaField(
        _l("お問い合わせ・依頼の内容"),
        validators=[
            InputRequired(_l("内容を入力してください。")),
            Length(max=4000, message=_l("内容は 4,000 文字までにしてください。")),
        ],
    )
    topic = SelectField(_l("項目"), validators=[Optional()], choices=[])
    program = SelectField(lazy_pgettext("one", "支援制度"), validators=[Optional()], choices=[])

    def offer(self, *, topics: list[tuple[str, str]], programs: list[tuple[str, str]]) -> None:
        """Set what can be chosen: (value, words)."""
        self.topic.choices = [("", _("わからない・その他")), *topics]
        self.program.choices = [("", _("どれでもない")), *programs]


class VisitorQuestionForm(QuestionForm):
    """What a visitor asks. `website` is a trap: people do not see it, programs fill it in."""

    name = line(_l("氏名"), 80, required=_l("氏名を入力してください。"))
    email = StringField(
        _l("メールアドレス"),
        validators=[
            InputRequired(_l("メールアドレスを入力してください。")),
            Length(max=254, message=_l("254 文字までにしてください。")),
            Email(_l("メールアドレスとして読めません。例：taro@example.jp")),
        ],
        description=_l("確認のリンクとお答えを送ります。"),
    )
    organization_name = line(_l("企業・団体の名称"), 120)
    phone = line(_l("電話番号"), 40)
    website = StringField(_l("ここには何も書かないでください"), validators=[Optional()])

    @property
    def is_trapped(self) -> bool:
        """Whether the field that people do not see was filled in."""
        return bool(self.website.data)


class AnswerForm(BaseForm):
    """The answer that goes out by mail."""

    text = TextAreaField(
        _l("お答え"),
        validators=[
            InputRequired(_l("お答えを入力してください。")),
            Length(max=4000, message=_l("お答えは 4,000 文字までにしてください。")),
        ],
        description=_l("このままメールで送ります。送ったあとは取り消せません。"),
    )


class CloseForm(BaseForm):
    """Why an enquiry ends."""

    reason = line(_l("理由"), 200, help=_l("答えずに終えるときだけ必要です。例：二重に届いた"))


class RouteForm(BaseForm):
    """Who gets an enquiry, by hand."""

    desk = line(_l("窓口"), 80, help=_l("例：海外支援センター"))
    handler = SelectField(_l("担当"), validators=[Optional()], choices=[])
    due_on = DateParts(_l("回答の期限"))
    organization_name = line(
        _l("問い合わせた企業・団体（登録）"),
        120,
        help=_l("登録された名前か法人番号。ニーズやマッチングにするときに要ります。"),
    )


class RuleForm(EditForm):
    """One rule of routing."""

    position = IntegerField(
        _l("順番"),
        validators=[
            InputRequired(_l("順番を数で入力してください。")),
            NumberRange(1, 999, _l("1 から 999 までで入力してください。")),
        ],
        description=_l("小さいものから順に調べ、最初に合った規則で振り分けます。"),
    )
    program = SelectField(lazy_pgettext("one", "支援制度"), validators=[Optional()], choices=[])
    topic = SelectField(_l("項目"), validators=[Optional()], choices=[])
    kind = SelectField(
        _l("種類"),
        coerce=lambda value: EnquiryKind(value) if value else None,
        choices=lambda: [("", _("すべて")), *((k.value, kind_label(k)) for k in EnquiryKind)],
        validators=[Optional()],
    )
    desk = line(_l("窓口"), 80)
    handler = SelectField(_l("担当"), validators=[Optional()], choices=[])
    days = IntegerField(
        _l("回答までの日数（営業日）"),
        validators=[
            InputRequired(_l("日数を数で入力してください。")),
            NumberRange(1, 90, _l("1 から 90 までで入力してください。")),
        ],
        default=5,
    )
