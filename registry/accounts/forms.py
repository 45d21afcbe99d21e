"""Forms of the account pages: the library's ones in our words, and our own."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_security.forms import (
    ChangePasswordForm,
    EmailValidation,
    ForgotPasswordForm,
    IsString,
    LoginForm,
    ResetPasswordForm,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
    email_required,
    password_required,
    valid_user_email,
)
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.utils import get_message
from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than the stubs
    EmailField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import EqualTo, InputRequired, Length

from registry.accounts.passwords import LONGEST
from registry.common.roles import Role
from registry.web.forms import BaseForm, DateGiven, DateParts, EditForm
from registry.web.i18n import LANGUAGES

EMAIL = _l("メールアドレス")
PASSWORD = _l("パスワード")
NEW_PASSWORD = _l("新しいパスワード")
RULE = _l("10 文字以上。長い文や、関係のない言葉を並べたものが安全です。")
AGAIN = _l("新しいパスワード（もう一度）")
MISMATCH = _l("2 つのパスワードが一致しません。同じものを 2 回入力してください。")


def _password(label: object, *, autocomplete: str, description: object = "") -> PasswordField:
    return PasswordField(
        label,  # type: ignore[arg-type]
        description=description,  # type: ignore[arg-type]
        render_kw={"autocomplete": autocomplete},
        validators=[IsString(), password_required],
    )


def _again(other: str) -> PasswordField:
    return PasswordField(
        AGAIN,
        render_kw={"autocomplete": "new-password"},
        validators=[IsString(), password_required, EqualTo(other, message=MISMATCH)],  # type: ignore[arg-type]
    )


class SignInForm(LoginForm):
    """Address and password. A wrong one of either gives the same answer for the whole form."""

    email = EmailField(
        EMAIL,
        render_kw={"autocomplete": "username"},
        validators=[IsString(), email_required, EmailValidation(verify=False)],
    )
    password = _password(PASSWORD, autocomplete="current-password")
    remember = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.description = ""

    def validate(self, **kwargs: Any) -> bool:
        """Whether somebody may go on; where it went wrong is not told."""
        if len(self.password.data or "") > LONGEST:
            self.password.data = "x"
        if super().validate(**kwargs):
            return True
        if self.email.data and self.password.data:
            self.email.errors, self.password.errors = [], []
            self.form_errors = [get_message("GENERIC_AUTHN_FAILED")[0]]
        return False


class ForgottenForm(ForgotPasswordForm):
    """The address to which the link goes."""

    email = EmailField(
        EMAIL,
        render_kw={"autocomplete": "username"},
        validators=[IsString(), email_required, EmailValidation(verify=True), valid_user_email],
    )


class NewPasswordForm(ResetPasswordForm):
    """A password chosen through a link from a mail."""

    password = _password(NEW_PASSWORD, autocomplete="new-password", description=RULE)
    password_confirm = _again("password")


class OtherPasswordForm(ChangePasswordForm):
    """Another password for somebody signed in."""

    password = _password(_l("いまのパスワード"), autocomplete="current-password")
    new_password = _password(NEW_PASSWORD, autocomplete="new-password", description=RULE)
    new_password_confirm = _again("new_password")


class AgainForm(VerifyForm):
    """The password once more before something important."""

    password = _password(PASSWORD, autocomplete="current-password")


class CodeForm(TwoFactorVerifyCodeForm):
    """The six digits that the authenticator shows."""

    code = StringField(
        _l("確認コード"),
        description=_l("認証アプリに出ている 6 桁の数字です。"),
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
        validators=[InputRequired(_l("確認コードを入力してください。"))],  # type: ignore[arg-type]
    )

    def validate(self, **kwargs: Any) -> bool:
        """Whether the code is right; spaces and full-width digits are no fault."""
        typed = (self.code.data or "").translate(_NARROW)
        self.code.data = "".join(typed.split())
        return bool(super().validate(**kwargs))


_NARROW = {ord("０") + n: str(n) for n in range(10)}


class RecoveryForm(MfRecoveryForm):
    """One of the codes that were written down."""

    code = StringField(
        _l("復旧コード"),
        description=_l("控えておいたコードの 1 つです。例：12ab-34cd-56ef。1 回だけ使えます。"),
        render_kw={"autocomplete": "off"},
        validators=[InputRequired(_l("復旧コードを入力してください。"))],  # type: ignore[arg-type]
    )

    def validate(self, **kwargs: Any) -> bool:
        """Whether the code is one of those left."""
        self.code.data = "".join((self.code.data or "").split()).lower()
        return bool(super().validate(**kwargs))


class SecondFactorForm(TwoFactorSetupForm):
    """Set up the authenticator, or do without it."""

    setup = RadioField(
        _l("二段階認証"),
        choices=[
            SelectChoice("authenticator", _l("認証アプリを使う")),
            SelectChoice("disable", _l("二段階認証をやめる")),
        ],
        validate_choice=False,
    )


class RescueForm(TwoFactorRescueForm):
    """What to do without the authenticator."""

    help_setup = RadioField(
        _l("認証アプリを使えないとき"),
        choices=[SelectChoice("help", _l("事務局に連絡する"))],
    )


class ProfileForm(EditForm):
    """What everybody decides about his own account."""

    name = StringField(
        _l("氏名"),
        render_kw={"autocomplete": "name"},
        validators=[
            InputRequired(_l("氏名を入力してください。")),
            Length(max=80, message=_l("氏名は 80 文字以内で入力してください。")),
        ],
    )
    locale = SelectField(
        _l("言語"),
        description=_l("画面と、お送りするメールの言語です。"),
        choices=[SelectChoice(code, label) for code, label in LANGUAGES.items()],
        validators=[InputRequired(_l("言語を選んでください。"))],
    )


class UserForm(EditForm):
    """What an administrator decides about somebody's account."""

    name = StringField(
        _l("氏名"),
        validators=[
            InputRequired(_l("氏名を入力してください。")),
            Length(max=80, message=_l("氏名は 80 文字以内で入力してください。")),
        ],
    )
    role = SelectField(
        _l("役割"),
        description=_l("新しい役割は、その人の次の操作から効きます。"),
        coerce=Role,
        validators=[InputRequired(_l("役割を選んでください。"))],
    )


__all__ = [
    "AgainForm",
    "CodeForm",
    "ForgottenForm",
    "NewPasswordForm",
    "OtherPasswordForm",
    "ProfileForm",
    "RecoveryForm",
    "RescueForm",
    "SecondFactorForm",
    "SignInForm",
    "UserForm",
]


class TokenForm(BaseForm):
    """What an API token is for, what it opens, and until when."""

    name = StringField(
        _l("何に使うか"),
        description=_l("例：会計システムへの取り込み。あとで見分けるための名前です。"),
        validators=[
            InputRequired(_l("何に使うトークンかを入力してください。")),
            Length(max=80, message=_l("80 文字までにしてください。")),
        ],
    )
    scopes = SelectMultipleField(
        _l("使える範囲"),
        description=_l(
            "要るものだけを選んでください。あなたの役割でできることを超えては使えません。"
        ),
        validators=[InputRequired(_l("使える範囲を一つ以上選んでください。"))],
    )
    expires_on = DateParts(
        _l("期限"),
        description=_l("1 年先まで。過ぎると使えなくなります。"),
        validators=[DateGiven()],
    )
