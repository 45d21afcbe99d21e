"""What each person chooses about mails."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectChoice, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from registry.common.roles import STAFF, Role
from registry.digests.models import MailPreference
from registry.digests.preferences import INTERESTS, Choice
from registry.programs.choices import choices
from registry.web.forms import BaseForm, DateGiven, DateParts
from registry.web.i18n import LANGUAGES, locale

FIRST_HOUR, LAST_HOUR = 6, 20
LONG = Length(max=1000, message=_l("1,000 文字までにしてください。"))


class MailForm(BaseForm):
    """The language of mails; for staff the day's digest, for members the newsletter."""

    locale = SelectField(
        _l("言語"),
        description=_l("画面と、お送りするメールの言語です。"),
        choices=[SelectChoice(code, label) for code, label in LANGUAGES.items()],
        validators=[InputRequired(_l("言語を選んでください。"))],
    )
    digest = BooleanField(_l("「今日の仕事」をメールで受け取る"))
    digest_minute = SelectField(
        _l("届く時刻"),
        coerce=int,
        choices=[
            SelectChoice(str(hour * 60 + half), f"{hour}:{half:02d}")
            for hour in range(FIRST_HOUR, LAST_HOUR)
            for half in (0, 30)
        ],
    )
    digest_days = SelectMultipleField(
        _l("届く曜日"),
        choices=lambda: list(zip("12345", weekdays(), strict=True)),
        description=_l(
            "祝日と年末年始、不在にした日には届きません。待っていることがない日も届きません。"
        ),
    )
    newsletter = BooleanField(_l("支援制度の便りを受け取る"))
    stage = SelectMultipleField(
        _l("関心のある段階と課題"), choices=lambda: choices("stage", locale())
    )
    trouble = SelectMultipleField(
        _l("困っていること"), choices=lambda: choices("trouble", locale())
    )
    service = SelectMultipleField(
        _l("受けたい支援の形"), choices=lambda: choices("service", locale())
    )

    def keep_for(self, role: Role) -> None:
        """Leave out the questions that are not for this role."""
        if role not in STAFF:
            del self.digest, self.digest_minute, self.digest_days
        if role is not Role.MEMBER:
            del self.newsletter, self.stage, self.trouble, self.service

    def validate(self, extra_validators: Any = None) -> bool:
        """A digest that is wanted comes on some day."""
        sound = bool(super().validate(extra_validators))
        if "digest" in self and self.digest.data and not self.digest_days.data:
            self.refuse(_("届く曜日を 1 つ以上選んでください。"), "digest_days")
            return False
        return sound

    def choice(self) -> Choice:
        """The answers; what was not asked has its default."""
        given = self.answers()
        interests = {name: given.get(name) or [] for name in INTERESTS}
        return Choice(
            locale=given["locale"],
            digest=given.get("digest", False),
            minute=given.get("digest_minute", 0),
            days="".join(sorted(given.get("digest_days") or "")),
            newsletter=given.get("newsletter", False),
            interests=interests,
        )


def shown(row: MailPreference, language: str) -> dict[str, Any]:
    """A person's choices as the form shows them."""
    interests = {name: row.interests.get(name, []) for name in INTERESTS}
    return {
        "locale": language,
        "digest": row.digest,
        "digest_minute": row.digest_minute,
        "digest_days": list(row.digest_days),
        "newsletter": row.newsletter,
        **interests,
    }


def weekdays() -> list[str]:
    """Monday to Friday."""
    return [_("月曜日"), _("火曜日"), _("水曜日"), _("木曜日"), _("金曜日")]


class NewsletterForm(BaseForm):
    """The office's words at the head of a month's newsletter, and the day on which it goes."""

    foreword = TextAreaField(
        _l("はじめのことば"),
        validators=[Optional(), LONG],
        description=_l("全員に同じことばが入ります。企業の名前や案件の内容は書かないでください。"),
    )
    foreword_en = TextAreaField(
        _l("はじめのことば（英語）"),
        validators=[Optional(), LONG],
        description=_l("英語で受け取る方に。空なら日本語のことばが入ります。"),
    )
    send_on = DateParts(
        _l("送る日"),
        validators=[DateGiven(_l("送る日を入力してください。"))],
        description=_l("その日の朝 9 時から送ります。"),
    )
