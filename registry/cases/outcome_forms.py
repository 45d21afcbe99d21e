"""What a rung of the ladder asks: for each rung a form with its own questions and no other."""

from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from registry.cases.labels import contract_label, sales_label
from registry.cases.outcome_models import ContractKind, Outcome, Rung, SalesBand
from registry.cases.outcomes import ASKED, NEEDED, OutcomeWish
from registry.programs.fields import CountField
from registry.programs.forms import YenField
from registry.web.forms import BaseForm, DateGiven, DateParts, EditForm

Form = Any
LINE = Length(max=120, message=_l("120 文字までにしてください。"))
NAMES = {
    Rung.PROTOTYPE: (_l("試作品の呼び名"), _l("分かればで構いません。")),
    Rung.PRODUCT: (_l("製品・サービスの名称"), ""),
    Rung.PRESS: (_l("媒体"), _l("例：市の広報、業界紙の名称")),
}
NUMBERS = {
    Rung.JOBS: (_l("増えた人数"), _l("この件のために雇った人数。例：2")),
    Rung.PATENT: (_l("出願の件数"), _l("出願番号だけ分かるときは、空のままで 1 件になります。")),
}


class AnyRung:
    """What every rung asks. For mixing in."""

    on = DateParts(_l("日付"), validators=[DateGiven()])
    detail = TextAreaField(
        _l("内容"),
        validators=[
            Optional(),
            Length(max=4000, message=_l("4,000 文字までにしてください。")),
        ],
        description=_l("何で確かめられるか、いきさつなど。職員だけが読みます。"),
    )


@cache
def form_of(rung: Rung, *, editing: bool = False) -> type[Form]:
    """The form of a rung, for a new outcome or for correcting one."""
    fields = {name: MAKERS[name](rung) for name in ASKED[rung]}
    bases = (AnyRung, EditForm if editing else BaseForm)
    return type(f"{rung.value.title()}Form", bases, {"__doc__": _doc(rung), **fields})


def wish_from(form: Form, rung: Rung) -> OutcomeWish:
    """What the form says."""
    given = {name: form[name].data for name in ASKED[rung]}
    texts = {name: given[name] or "" for name in ("name", "application", "link") if name in given}
    values: dict[str, Any] = given | texts
    return OutcomeWish(rung=rung, on=form.on.data, detail=form.detail.data or "", **values)


def stored(outcome: Outcome) -> dict[str, Any]:
    """An outcome as its form shows it."""
    names = ("on", "detail", "version", *ASKED[outcome.rung])
    return {name: getattr(outcome, name) for name in names}


def _doc(rung: Rung) -> str:
    return f"What is asked about the rung {rung.value}."


def _contract_kind(rung: Rung) -> RadioField:
    needed = NEEDED.get(rung) == "contract_kind"
    validators = [InputRequired(_l("契約の種類を選んでください。"))] if needed else [Optional()]
    return RadioField(
        _l("契約の種類"),
        coerce=lambda value: ContractKind(value) if value else None,
        choices=lambda: [(kind.value, contract_label(kind)) for kind in ContractKind],
        validators=validators,
        description="" if needed else _l("決まっていれば選びます。"),
    )


def _amount(_rung: Rung) -> YenField:
    return YenField(
        _l("契約の金額"),
        validators=[Optional()],
        description=_l("知らせてよいと双方が言ったときだけ。例：200万円"),
    )


def _name(rung: Rung) -> StringField:
    label, help_text = NAMES[rung]
    missing = {
        Rung.PRODUCT: _l("製品・サービスの名称を入力してください。"),
        Rung.PRESS: _l("媒体の名称を入力してください。"),
    }
    first = InputRequired(missing[rung]) if rung in missing else Optional()
    return StringField(label, validators=[first, LINE], description=help_text)


def _is_public(_rung: Rung) -> BooleanField:
    return BooleanField(
        _l("この名称を公にしてよい"),
        description=_l("当事者に確かめてから選びます。選ばなければ、職員だけが読みます。"),
    )


def _sales(_rung: Rung) -> RadioField:
    return RadioField(
        _l("一年の売上の幅"),
        coerce=lambda value: SalesBand(value) if value else None,
        choices=lambda: [(band.value, sales_label(band)) for band in SalesBand],
        validators=[InputRequired(_l("売上の幅を選んでください。"))],
        description=_l("金額は書きません。当事者の言った幅を選びます。"),
    )


def _number(rung: Rung) -> CountField:
    label, help_text = NUMBERS[rung]
    needed = InputRequired(_l("増えた人数を入力してください。"))
    first = needed if rung is Rung.JOBS else Optional()
    return CountField(label, validators=[first], description=help_text)


def _application(_rung: Rung) -> StringField:
    return StringField(
        _l("出願番号"),
        validators=[Optional(), Length(max=60, message=_l("60 文字までにしてください。"))],
        description=_l("例：特願2026-123456"),
    )


def _link(_rung: Rung) -> StringField:
    return StringField(
        _l("記事のアドレス"),
        validators=[Optional(), Length(max=300, message=_l("300 文字までにしてください。"))],
        description=_l("例：https://www.example.jp/news/1"),
    )


MAKERS = {
    "contract_kind": _contract_kind,
    "amount_yen": _amount,
    "name": _name,
    "is_public": _is_public,
    "sales_band": _sales,
    "number": _number,
    "application": _application,
    "link": _link,
}


def hints() -> dict[Rung, str]:
    """What each rung will ask, in a few words, for the page on which it is chosen."""
    return {
        Rung.AGREEMENT: _("日付。種類は任意"),
        Rung.NDA: _("日付だけ"),
        Rung.CONTRACT: _("種類。金額は書かなくて構いません"),
        Rung.PROTOTYPE: _("日付。呼び名は任意"),
        Rung.PRODUCT: _("名称と、公にしてよいか"),
        Rung.SALES: _("幅だけ。金額は書きません"),
        Rung.JOBS: _("人数"),
        Rung.PATENT: _("件数か出願番号"),
        Rung.PRESS: _("媒体と記事のアドレス"),
    }
