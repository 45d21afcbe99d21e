"""What is asked about a condition, by its kind, and about a firm whose fit is asked for."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired, Optional

from registry.common.errors import DomainError
from registry.organizations.queries import home_city
from registry.programs import choices
from registry.programs.fields import CountField, line, ticks
from registry.programs.forms import YenField
from registry.programs.kinds import ConditionKind
from registry.web.forms import BaseForm
from registry.web.i18n import locale


class ConditionForm(BaseForm):
    """The base: the rule in own words; empty takes words made from the limits."""

    rule = line(_l("表示する文"), 200, _l("空なら、下の範囲から文を作ります。"))
    rule_en = line(_l("表示する文（英語）"), 240)

    def limits(self) -> dict[str, Any]:
        """Where the condition ends. Raises DomainError at the field that says nothing."""
        raise NotImplementedError


class SizeForm(ConditionForm):
    """The size by the law's table."""

    size = RadioField(
        _l("企業の規模"),
        choices=lambda: [("sme", _l("中小企業者（小規模を含む）")), ("small", _l("小規模企業者"))],
        validators=[InputRequired(_l("規模を選んでください。"))],
    )

    def limits(self) -> dict[str, Any]:
        return {"size": self.size.data}


class RangeForm(ConditionForm):
    """A range of numbers, both ends included; one end is enough."""

    least: Any
    most: Any

    def limits(self) -> dict[str, Any]:
        ends = {"min": self.least.data, "max": self.most.data}
        found = {name: value for name, value in ends.items() if value is not None}
        if not found:
            raise DomainError(_("下限か上限のどちらかを入力してください。"), field="most")
        if len(found) == 2 and found["min"] > found["max"]:
            raise DomainError(_("上限を、下限より大きくしてください。"), field="most")
        return found


class CapitalForm(RangeForm):
    """Capital in yen."""

    least = YenField(_l("下限（円）"), validators=[Optional()])
    most = YenField(_l("上限（円）"), description=_l("例：3億円"), validators=[Optional()])


class EmployeesForm(RangeForm):
    """Regular employees."""

    least = CountField(_l("下限（人）"), validators=[Optional()])
    most = CountField(_l("上限（人）"), validators=[Optional()])


class FoundedForm(RangeForm):
    """Years since the founding."""

    least = CountField(_l("下限（年）"), validators=[Optional()])
    most = CountField(_l("上限（年）"), description=_l("例：創業 10 年以内なら 10"), validators=[Optional()])  # fmt: skip


class CodesForm(ConditionForm):
    """Some codes of a list."""

    codes: Any

    def limits(self) -> dict[str, Any]:
        if not self.codes.data:
            raise DomainError(_("1 つ以上選んでください。"), field="codes")
        return {"codes": list(self.codes.data)}


class SectorForm(CodesForm):
    """Industrial divisions."""

    codes = ticks(_l("業種"), lambda: choices.division_choices(locale()))


class StageForm(CodesForm):
    """Stages of a business."""

    codes = ticks(_l("事業の段階"), lambda: choices.choices("stage", locale()))


class NeedForm(CodesForm):
    """Troubles."""

    codes = ticks(_l("困りごと"), lambda: choices.choices("trouble", locale()))


class PlaceForm(ConditionForm):
    """Municipalities by name."""

    places = line(
        _l("市区町村"), 400, _l("名前を「、」で区切ります。例：川崎市"), required=_l("市区町村を入力してください。")
    )  # fmt: skip

    def limits(self) -> dict[str, Any]:
        home, codes = home_city(), []
        for name in filter(None, (part.strip() for part in self.places.data.split("、"))):
            code = choices.find_area(name, home.code if home else "")
            if code is None:
                message = _("「%(name)s」という市区町村を 1 つに決められません。", name=name)
                raise DomainError(message, field="places")
            codes.append(code)
        return {"municipalities": list(dict.fromkeys(codes))}


FORMS: dict[ConditionKind, type[ConditionForm]] = {
    ConditionKind.SIZE: SizeForm,
    ConditionKind.CAPITAL: CapitalForm,
    ConditionKind.EMPLOYEES: EmployeesForm,
    ConditionKind.SECTOR: SectorForm,
    ConditionKind.PLACE: PlaceForm,
    ConditionKind.FOUNDED: FoundedForm,
    ConditionKind.STAGE: StageForm,
    ConditionKind.NEED: NeedForm,
}


class FirmForm(BaseForm):
    """What a firm answers about itself; asked by GET, stored nowhere."""

    class Meta:
        csrf = False

    capital_yen = YenField(_l("資本金"), description=_l("例：1,000万円"), validators=[Optional()])
    employees = CountField(_l("常時使用する従業員"), validators=[Optional()])
    founded_year = CountField(_l("創業した年（西暦）"), description=_l("例：2016"), validators=[Optional()])  # fmt: skip
    stages = ticks(_l("いまの事業の段階"), lambda: choices.choices("stage", locale()))
    needs = ticks(_l("いま困っていること"), lambda: choices.choices("trouble", locale()))
