"""What is asked about an indicator; the filters of what it counts are added by `form_for`."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from registry.planning.filter_fields import fields_of
from registry.policy.counting import Count
from registry.policy.labels import PERIOD_TYPES, RULES
from registry.policy.models import CountingRule, PeriodType
from registry.web.forms import BaseForm, EditForm

YEAR = _l("西暦の年度を数字で入力してください。例：2026")


def _line(label: object, most: int, help: object = "", required: object = "") -> Any:
    rules: list[Any] = [InputRequired(required)] if required else [Optional()]
    rules.append(Length(max=most, message=_l("%(max)d 文字までにしてください。")))
    return StringField(label, description=help, validators=rules)


class IndicatorForm(BaseForm):
    """One indicator."""

    policy_code = SelectField(
        _l("施策の番号"),
        choices=[],
        validators=[InputRequired(_l("施策の番号を選んでください。"))],
    )
    label = _line(_l("指標の名前"), 120, required=_l("指標の名前を入力してください。"))
    label_en = _line(_l("指標の名前（英語）"), 160)
    unit = _line(_l("単位"), 16, _l("例：件、社、人、%"), _l("単位を入力してください。"))
    unit_en = _line(_l("単位（英語）"), 32)
    rule = RadioField(
        _l("数え方"),
        choices=[],
        coerce=lambda value: CountingRule(value) if value else None,
        validators=[InputRequired(_l("数え方を選んでください。"))],
    )
    period_type = RadioField(
        _l("期間"),
        coerce=lambda value: PeriodType(value) if value else None,
        choices=lambda: [(kind.value, words) for kind, words in PERIOD_TYPES.items()],
        validators=[InputRequired(_l("期間を選んでください。"))],
    )
    part_of = SelectField(
        _l("もとの指標（うちのとき）"),
        choices=[],
        validators=[Optional()],
        description=_l("単位と期間が同じ指標の一部のときに選びます。"),
    )
    program = SelectField(
        lazy_pgettext("one", "支援制度"),
        choices=[],
        validators=[Optional()],
        description=_l("この数値が、どの制度の成果かを示します。"),
    )
    opening_balance = IntegerField(
        _l("期首の残高"),
        validators=[Optional(), NumberRange(0, 10**9, _l("0 以上の整数で入力してください。"))],
        description=_l("記録を始める前から立っていた数。"),
    )
    opening_year = IntegerField(
        _l("残高の年度"),
        validators=[Optional(), NumberRange(1950, 2200, YEAR)],
        description=_l("この年度の末の残高です。次の年度から記録を足し引きします。"),
    )
    counted_from = IntegerField(
        _l("数え始めた年度"),
        validators=[Optional(), NumberRange(1950, 2200, YEAR)],
        description=_l(
            "この年度からは、記録がなければ 0 とします。前の年度は「わからない」とします。"
        ),
    )
    counts_parties = BooleanField(
        _l("企業・団体の数である（少ない数は、庁外に示さない）"),
    )
    is_public = BooleanField(_l("公開する"))
    sentence = _line(
        _l("ことば"), 200, _l("数の入る所に {n} と書きます。例：{n}件のマッチングが成立しました。")
    )
    sentence_en = _line(_l("ことば（英語）"), 240)
    note = TextAreaField(_l("注"), validators=[Optional(), Length(max=300)])
    source = _line(_l("出典"), 200)
    key = _line(_l("キー"), 64, _l("ファイルで使う名前。空なら自動で付きます。例：ip-matches"))


class IndicatorEditForm(IndicatorForm, EditForm):
    """The same questions about an indicator that others may change; its key stays."""

    key = None


def form_for(base: type[IndicatorForm], count: Count | None) -> type[IndicatorForm]:
    """The form with the filters of a count and the rules by which it can be counted."""
    allowed = count.rules if count is not None else frozenset(CountingRule)
    rule = RadioField(
        _l("数え方"),
        choices=lambda: [(r.value, words) for r, words in RULES.items() if r in allowed],
        coerce=lambda value: CountingRule(value) if value else None,
        validators=[InputRequired(_l("数え方を選んでください。"))],
    )
    extra: dict[str, Any] = {"rule": rule, **(fields_of(count) if count else {})}
    return type("AskedForm", (base,), extra)


def no_change() -> str:
    """Said where an option stands for nothing."""
    return _("なし")
