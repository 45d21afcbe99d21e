"""What is asked about a place, its tenants, bookings and those who wait."""

from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import get_locale, lazy_pgettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from registry.common.folding import fold
from registry.common.viewer import Viewer
from registry.organizations.forms import place_groups
from registry.places import labels
from registry.places.bookings import clock
from registry.places.models import Place, PlaceKind, PlaceUse
from registry.programs.applicants import fitting
from registry.programs.forms import TypedField, YenField
from registry.web.forms import BaseForm, DateGiven, DateParts, EditForm

HALF_HOUR = 30
MOST_UNITS = 10_000
MOST_AREA = Decimal(100_000_000)


def at_most(most: int) -> Length:
    """Validator: at most so many characters."""
    return Length(max=most, message=_l("%(max)d 文字までにしてください。"))


class WholeField(TypedField):
    """A whole number from 1, in any width."""

    def read(self, text: str) -> int:
        """The number. Raises ValueError."""
        plain = fold(text).replace(",", "")
        if not plain.isdecimal() or not plain.isascii() or len(plain) > 9:
            raise ValueError(_("1 以上の数字で入力してください。"))
        if not 1 <= int(plain) <= MOST_UNITS:
            raise ValueError(_("1 から %(most)s までにしてください。", most=f"{MOST_UNITS:,}"))
        return int(plain)


class AreaField(TypedField):
    """An area in square metres, in any width: 1,200.5, 36㎡."""

    def read(self, text: str) -> float:
        """The area. Raises ValueError."""
        plain = fold(text[:40]).replace(",", "").replace("m2", "").replace("平米", "").strip()
        try:
            found = Decimal(plain)
        except InvalidOperation:
            raise ValueError(_("広さは、36.5 のような数で入力してください。")) from None
        if not found.is_finite() or not 0 < found <= MOST_AREA:
            raise ValueError(_("広さは、0 より大きい数で入力してください。"))
        return float(round(found, 2))

    def show(self, value: Any) -> str:
        return f"{value:g}" if value < 1_000_000 else f"{value:.2f}"


class OrganizationFields:
    """Who it is about: a name typed, or one ticked of those that fit. For mixing in."""

    organization_name = StringField(
        lazy_pgettext("one", "企業・団体"),
        description=_l(
            "名前の一部か法人番号で探します。当てはまるものが 1 つなら、それを選びます。"
        ),
        validators=[InputRequired(_l("企業・団体を入力してください。")), at_most(120)],
    )
    organization = RadioField(
        _l("当てはまる企業・団体"), choices=[], validate_choice=False, validators=[Optional()]
    )

    def offer_organizations(self, viewer: Viewer) -> None:
        """Offer the organizations that a typed name may mean, when they are several."""
        if "organization_name" in self._fields:  # type: ignore[attr-defined]
            fits = fitting(self.organization_name.data or "", viewer)
            several = len(fits) > 1
            self.organization.choices = [(row.public_id, row.name) for row in fits if several]

    def leave_out_organization(self) -> None:
        """Members ask for their own organization: nothing to choose."""
        del self.organization_name, self.organization


def _hours(first: int, last: int) -> list[tuple[str, str]]:
    return [(str(hour), clock(hour * 60)) for hour in range(first, last + 1)]


class PlaceForm(OrganizationFields, BaseForm):
    """One place, in the order in which a person describes it."""

    name = StringField(
        _l("名称"),
        validators=[InputRequired(_l("名称を入力してください。")), at_most(100)],
    )
    name_en = StringField(_l("名称（英語）"), validators=[Optional(), at_most(140)])
    kind = SelectField(
        _l("種類"),
        coerce=lambda value: PlaceKind(value) if value else None,
        choices=lambda: [(kind.value, label) for kind, label in labels.KINDS.items()],
        validators=[InputRequired(_l("種類を選んでください。"))],
    )
    use = RadioField(
        _l("使い方"),
        coerce=lambda value: PlaceUse(value) if value else None,
        choices=lambda: [(use.value, label) for use, label in labels.USES.items()],
        validators=[InputRequired(_l("使い方を選んでください。"))],
    )
    capacity = WholeField(
        _l("同時に使える数"),
        description=_l("部屋は 1、合同事務所の机は机の数。"),
        validators=[InputRequired(_l("同時に使える数を入力してください。"))],
    )
    count = WholeField(
        _l("同じものをいくつ作りますか"),
        description=_l(
            "2 以上なら、名称の後ろに 01、02… と番号が付きます。＃ があればそこに入ります。"
        ),
        validators=[Optional()],
    )
    description = TextAreaField(_l("説明"), validators=[Optional(), at_most(4000)])
    description_en = TextAreaField(_l("説明（英語）"), validators=[Optional(), at_most(4000)])
    program = SelectField(
        lazy_pgettext("one", "支援制度"), choices=[], validators=[Optional()], validate_choice=False
    )
    municipality = SelectField(
        _l("市区町村"), choices=place_groups, validators=[Optional()], validate_choice=False
    )
    country = SelectField(_l("国"), choices=lambda: country_choices(), validators=[Optional()])
    address = StringField(_l("所在地"), validators=[Optional(), at_most(200)])
    floor = StringField(_l("階"), validators=[Optional(), at_most(20)])
    area_m2 = AreaField(_l("広さ（m²）"), description=_l("例：36.5"), validators=[Optional()])
    fee = StringField(
        _l("料金"), description=_l("例：1 時間 3,000 円"), validators=[Optional(), at_most(200)]
    )
    monthly_yen = YenField(_l("月額（円）"), validators=[Optional()])
    open_from = SelectField(
        _l("予約できる時間（始まり）"), coerce=int, choices=lambda: _hours(0, 23)
    )
    open_until = SelectField(
        _l("予約できる時間（終わり）"), coerce=int, choices=lambda: _hours(1, 24)
    )
    open_weekends = BooleanField(_l("土曜・日曜も予約できる"))
    opened_on = DateParts(_l("開設の日"))
    organization_name = StringField(
        _l("持ち主"),
        description=_l("市の外の持ち主があるときだけ。名前の一部か法人番号で探します。"),
        validators=[Optional(), at_most(120)],
    )

    def leave_out(self, *names: str) -> None:
        """Take questions out that do not arise."""
        for name in names:
            delattr(self, name)


class PlaceEditForm(PlaceForm, EditForm):
    """The same questions about a place that others may change."""


class CloseForm(EditForm):
    """From which day a place is closed, and why."""

    on = DateParts(
        _l("閉鎖の日"),
        description=_l("この日から使えません。"),
        validators=[DateGiven(_l("閉鎖の日を入力してください。"))],
    )
    reason = StringField(_l("理由"), validators=[Optional(), at_most(200)])


class MoveInForm(OrganizationFields, BaseForm):
    """Who moves in, when, with how many units."""

    units = WholeField(_l("数"), validators=[InputRequired(_l("数を入力してください。"))])
    starts_on = DateParts(
        _l("始まりの日"), validators=[DateGiven(_l("始まりの日を入力してください。"))]
    )
    ends_on = DateParts(_l("最後の日"), description=_l("決まっていなければ、空けておきます。"))
    note = StringField(
        _l("メモ"),
        description=_l("制度の担当と事務局だけが読みます。"),
        validators=[Optional(), at_most(300)],
    )


class ExtendForm(EditForm):
    """Until when a tenant stays."""

    until = DateParts(_l("最後の日"), description=_l("空けておくと、期限なしになります。"))


class MoveOutForm(EditForm):
    """The last day of a tenant, and why."""

    on = DateParts(_l("最後の日"), validators=[DateGiven(_l("最後の日を入力してください。"))])
    reason = StringField(
        _l("退去の理由"),
        description=_l("例：自社の建物に移転。制度の担当と事務局だけが読みます。"),
        validators=[Optional(), at_most(300)],
    )


class ReasonForm(EditForm):
    """Why something is cancelled."""

    reason = StringField(_l("理由"), validators=[Optional(), at_most(300)])


class BookingForm(OrganizationFields, BaseForm):
    """Who books, on which day, from when to when."""

    on = DateParts(_l("日"), validators=[DateGiven(_l("日を入力してください。"))])
    starts = SelectField(_l("始まり"), coerce=int, choices=[])
    ends = SelectField(_l("終わり"), coerce=int, choices=[])
    units = WholeField(_l("数"), validators=[Optional()])
    purpose = StringField(
        _l("目的"), description=_l("例：試作品の観察"), validators=[Optional(), at_most(200)]
    )

    def offer_times(self, place: Place) -> None:
        """Half hours within the place's opening hours."""
        first, last = place.open_from * 60, place.open_until * 60
        times = [(at, clock(at)) for at in range(first, last + 1, HALF_HOUR)]
        self.starts.choices, self.ends.choices = times[:-1], times[1:]


class WaitingForm(OrganizationFields, BaseForm):
    """Who waits, since when, for what."""

    since = DateParts(_l("申し込んだ日"), validators=[DateGiven()])
    wish = TextAreaField(
        _l("希望"),
        description=_l("例：20 m² くらい、来年 4 月から"),
        validators=[Optional(), at_most(1000)],
    )


def country_choices() -> list[tuple[str, str]]:
    """Countries by name in the page's language; Japan first."""
    territories = get_locale().territories if get_locale() else {}
    found = [(code, name) for code, name in territories.items() if len(code) == 2 and code != "JP"]
    home = [("JP", territories.get("JP", "JP"))]
    return home + sorted(found, key=lambda pair: pair[1])
