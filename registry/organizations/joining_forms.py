"""What is asked of those who come in, and of those who let them in."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import BooleanField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import Email, EqualTo, InputRequired, Optional

from registry.accounts.security import role_label
from registry.common.roles import Role
from registry.organizations.fields import LineField, PeopleField, ProseField, longest
from registry.organizations.forms import ReasonForm
from registry.organizations.models import Organization
from registry.web.forms import BaseForm
from registry.web.i18n import LANGUAGES

NEW = "new"
BY_NUMBER = "number"


def _address() -> list[Any]:
    return [
        InputRequired(_l("メールアドレスを入力してください。")),
        longest(254),
        Email(_l("メールアドレスとして読めません。例：taro@example.jp")),
    ]


class ApplicationForm(BaseForm):
    """The public application to join."""

    email = StringField(
        _l("メールアドレス"),
        _address(),
        description=_l("確認のリンクを送ります。個人のものより、仕事のアドレスがよいでしょう。"),
    )
    name = LineField(_l("氏名"), [InputRequired(_l("氏名を入力してください。")), longest(80)])
    organization_name = LineField(
        _l("企業・団体の名称"),
        [InputRequired(_l("企業・団体の名称を入力してください。")), longest(120)],
    )
    message = ProseField(
        _l("伝えたいこと"),
        [longest(1000)],
        description=_l("いま困っていること、探している相手など。"),
    )


class InvitationForm(BaseForm):
    """Whom to invite: a colleague."""

    email = StringField(_l("メールアドレス"), _address())
    name = LineField(_l("氏名"), [longest(80)])
    is_manager = BooleanField(
        _l("管理担当にする"), description=_l("管理担当は、同僚を招待し、参加を終えられます。")
    )
    locale = RadioField(_l("招待メールの言語"), choices=LANGUAGES, default="ja")


class StaffInvitationForm(InvitationForm):
    """Whom to invite, in which role, for which organization."""

    role = SelectField(_l("役割"), coerce=Role, choices=[])
    organization = SelectField(lazy_pgettext("one", "企業・団体"), choices=[])

    def __init__(
        self, *args: Any, roles: list[Role], choices: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = {role.value: role_label(role) for role in roles}
        self.organization.choices = {"": _("（所属なし）")} | dict(choices)


class AnswerForm(BaseForm):
    """For which organization an applicant is let in."""

    organization = RadioField(
        _l("どの企業・団体の人ですか"),
        [InputRequired(_l("企業・団体を選んでください。"))],
        choices=[],
    )
    number = PeopleField(
        _l("登録番号"),
        [Optional(), longest(12)],
        description=_l("企業・団体のページにある番号です。"),
    )

    def __init__(self, *args: Any, candidates: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization.choices = {found.public_id: found.name for found in candidates} | {
            BY_NUMBER: _("登録番号で指定する"),
            NEW: _("新しく登録する（下書きを作る）"),
        }


class DeclineForm(ReasonForm):
    """Why an applicant is not let in."""


class PasswordForm(BaseForm):
    """Name and password of a new account."""

    name = LineField(_l("氏名"), [InputRequired(_l("氏名を入力してください。")), longest(80)])
    password = PasswordField(
        _l("パスワード"),
        [InputRequired(_l("パスワードを入力してください。"))],
        description=_l("10 文字以上。長い文がよく、記号や数字は要りません。"),
        render_kw={"autocomplete": "new-password"},
    )
    password_again = PasswordField(
        _l("パスワード（もう一度）"),
        [
            InputRequired(_l("同じパスワードをもう一度入力してください。")),
            EqualTo("password", _l("二つのパスワードが違います。入力し直してください。")),
        ],
        render_kw={"autocomplete": "new-password"},
    )
