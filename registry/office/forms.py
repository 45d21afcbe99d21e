"""The form of the office's settings."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from registry.office.settings import Office
from registry.web.forms import BaseForm
from registry.web.i18n import listed

MOST_MONTHS = 12
LONGEST_MONTH = 120
ADDRESS = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+")


def _number(label: object, help_text: object, low: int, high: int) -> IntegerField:
    message = _l("%(low)s から %(high)s までの数字で入力してください。", low=low, high=high)
    return IntegerField(
        label,  # type: ignore[arg-type]
        description=help_text,  # type: ignore[arg-type]
        render_kw={"inputmode": "numeric"},
        validators=[
            InputRequired(message),  # type: ignore[arg-type]
            NumberRange(low, high, message),  # type: ignore[arg-type]
        ],
    )


def _text(label: object, help_text: object, most: int, *, missing: object = None) -> StringField:
    too_long = _l("%(most)s 文字以内で入力してください。", most=most)
    return StringField(
        label,  # type: ignore[arg-type]
        description=help_text,  # type: ignore[arg-type]
        validators=[
            InputRequired(missing) if missing else Optional(),  # type: ignore[arg-type]
            Length(max=most, message=too_long),  # type: ignore[arg-type]
        ],
    )


class OfficeForm(BaseForm):
    """What the office decides for itself."""

    name = _text(
        _l("自治体の名前"),
        _l("すべての画面の左上と、メールの終わりに出ます。例：みなと市"),
        40,
        missing=_l("自治体の名前を入力してください。"),
    )
    section = _text(
        _l("担当課"),
        _l("例：産業振興課"),
        60,
        missing=_l("担当課を入力してください。"),
    )
    phone = _text(_l("電話"), _l("画面の下と、困ったときの案内に出ます。"), 40)
    hours = _text(_l("受付時間"), _l("例：平日 8:30–17:15"), 80)
    sender_name = _text(
        _l("メールの差出人名"),
        _l("例：みなと市 産業振興課"),
        60,
        missing=_l("差出人名を入力してください。"),
    )
    sender_address = _text(
        _l("メールの差出人アドレス"),
        _l("このアドレスから送ります。困った人からの連絡も、ここに届きます。"),
        254,
        missing=_l("差出人アドレスを入力してください。"),
    )
    stale_days = _number(
        _l("動きがないとみなす日数"),
        _l("この日数、動きがないマッチングを「今日の仕事」に出します。"),
        1,
        365,
    )
    answer_days = _number(
        _l("紹介の返事を待つ日数"),
        _l("この日数で返事がない紹介は、期限切れになります。"),
        1,
        180,
    )
    remind_days = _number(
        _l("返事のお願いをもう一度送るまでの日数"),
        _l("依頼からこの営業日数で返事がない方に、1 度だけ自動で送ります。0 なら送りません。"),
        0,
        60,
    )
    warn_days = _number(
        _l("期限の前に知らせる日数"),
        _l("返事の期限のこの営業日数前に、最後のお知らせを自動で送ります。0 なら送りません。"),
        0,
        30,
    )
    listing_days = _number(
        _l("案件を公開する日数"),
        _l("期限を決めずに公開された案件は、この日数で終わります。"),
        1,
        1825,
    )
    strong_score = _number(
        _l("有力な候補とみなす点"),
        _l("この点以上の候補を、有力として数えます（100 点満点）。"),
        0,
        100,
    )
    close_day = _number(
        _l("前の月を自動で締める日"),
        _l("毎月この日に、前の月の報告を締めて、事務局に知らせます。0 なら自動では締めません。"),
        0,
        28,
    )
    check_in_months = StringField(
        _l("成立後に様子を聞く月"),
        description=_l("合意から何か月後に、成果を聞くか。「、」で区切ります。例：3、6、12、24"),
        validators=[InputRequired(_l("月を入力してください。例：3、6、12、24"))],  # type: ignore[arg-type]
    )

    def validate_sender_address(self, field: StringField) -> None:
        """An address that can stand in a mail's head."""
        if not ADDRESS.fullmatch((field.data or "").strip()):
            raise ValidationError(_("メールアドレスの形を確かめてください。例：musubi@example.jp"))

    def validate_sender_name(self, field: StringField) -> None:
        """One line."""
        if not (field.data or "").isprintable():
            raise ValidationError(_("改行などの制御文字は使えません。"))

    def validate_check_in_months(self, field: StringField) -> None:
        """Rising months, each once."""
        read_months(field.data or "")

    def office(self) -> Office:
        """The answers as settings."""
        values: dict[str, Any] = self.answers()
        texts = {name: v.strip() for name, v in values.items() if isinstance(v, str)}
        months = read_months(values["check_in_months"])
        return Office(**{**values, **texts, "check_in_months": months})


def read_months(text: str) -> tuple[int, ...]:
    """「3、6、12、24」 as numbers, in order, each once. Raises ValidationError."""
    parts = [part for part in re.split(r"[、,，・\s]+", text.strip()) if part]
    if not all(part.isdecimal() and len(part) <= 3 for part in parts) or not parts:
        raise ValidationError(_("数字を「、」で区切って入力してください。例：3、6、12、24"))
    months = sorted({int(part) for part in parts})
    if len(months) > MOST_MONTHS or not 1 <= months[0] <= months[-1] <= LONGEST_MONTH:
        raise ValidationError(_("1 から 120 までの月を、12 個以内で入力してください。"))
    return tuple(months)


def show_months(months: tuple[int, ...]) -> str:
    """The months as they are typed."""
    return listed(months)
