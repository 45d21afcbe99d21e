"""What is asked about an organization, its contacts and the words it gave."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import Email, InputRequired, Optional

from registry.common import codelists
from registry.organizations.contacts import ContactCard
from registry.organizations.fields import (
    CorporateNumberField,
    KanaField,
    LineField,
    PeopleField,
    ProseField,
    WebsiteField,
    YenField,
    longest,
)
from registry.organizations.labels import kind_label, way_label
from registry.organizations.models import ConsentWay, OrganizationKind
from registry.organizations.profile import Profile, Word
from registry.web.forms import BaseForm, DateGiven, DateParts, EditForm
from registry.web.i18n import locale

TOLD = (ConsentWay.TELEPHONE, ConsentWay.PAPER, ConsentWay.IN_PERSON, ConsentWay.MAIL)
"""Ways of a word that somebody else writes down."""

Groups = dict[str, str | dict[str, str]]
"""Value → label, or heading → values and labels under it."""


def industry_groups() -> Groups:
    """The major groups of the industries under their divisions."""
    groups: Groups = {"": _("選んでください")}
    for division in codelists.divisions():
        groups[f"{division.code} {division.label(locale())}"] = {
            group.code: f"{group.code} {group.label(locale())}"
            for group in codelists.industries(division.code)
        }
    return groups


def place_groups(home: codelists.Municipality | None = None) -> Groups:
    """Municipalities and wards by prefecture; the office's own city stands first."""
    groups: Groups = {"": _("選んでください")}
    if home is not None:
        heading = _("%(name)s（地元）", name=home.label(locale()))
        groups[heading] = _places([home])
    for prefecture in codelists.prefectures():
        cities = [city for city in codelists.municipalities(prefecture.prefecture) if city != home]
        if cities:
            groups[prefecture.label(locale())] = _places(cities)
    return groups


def _places(cities: list[codelists.Municipality]) -> dict[str, str]:
    """Each city with its wards after it."""
    found: dict[str, str] = {}
    for city in cities:
        found[city.code] = city.label(locale())
        for ward in codelists.wards(city.code):
            names = ward.label(locale()), city.label(locale())
            found[ward.code] = ", ".join(names) if locale() == "en" else names[1] + names[0]
    return found


class ProfileForm(EditForm):
    """What an organization is: names, number, industry, size, place, words."""

    kind = SelectField(
        _l("種別"),
        [InputRequired(_l("種別を選んでください。"))],
        coerce=OrganizationKind,
        choices=[],
    )
    name = LineField(
        _l("名称"),
        [InputRequired(_l("名称を入力してください。")), longest(120)],
        description=_l("株式会社なども含めて、登記のとおりに入力します。"),
    )
    kana = KanaField(
        _l("フリガナ"), [longest(120)], description=_l("一覧の並び順と、重複の確認に使います。")
    )
    name_en = LineField(_l("英語の名称"), [longest(160)])
    corporate_number = CorporateNumberField(
        _l("法人番号"),
        [longest(60)],
        description=_l("13 桁。個人事業主など、番号がなければ空のままにします。"),
    )
    industry = SelectField(
        _l("業種"), choices=[], description=_l("日本標準産業分類（第14回改定）の中分類です。")
    )
    capital_yen = YenField(
        _l("資本金（円）"), [longest(60)], description=_l("例：10,000,000 または 1000万円")
    )
    employees = PeopleField(
        _l("常時使用する従業員"),
        [longest(60)],
        description=_l("例：24。中小企業かどうかの判定に使います。"),
    )
    municipality = SelectField(_l("市区町村"), choices=[])
    address = LineField(
        _l("所在地"),
        [longest(200)],
        description=_l("市区町村より後ろ。法人番号のない方の所在地は公開しません。"),
    )
    website = WebsiteField(
        _l("ウェブサイト"), [longest(200)], description=_l("例：https://www.example.jp")
    )
    summary = ProseField(
        _l("紹介文"),
        [longest(2000)],
        description=_l("得意なこと、扱う材料や設備、これまでの仕事など。公開されます。"),
    )
    summary_en = ProseField(_l("英語の紹介文"), [longest(4000)])

    def __init__(
        self, *args: Any, home: codelists.Municipality | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = {kind.value: kind_label(kind) for kind in OrganizationKind}
        self.industry.choices = industry_groups()
        self.municipality.choices = place_groups(home)

    def profile(self) -> Profile:
        """The answers as the service takes them."""
        names = Profile.__dataclass_fields__
        return Profile(**{name: self[name].data for name in names})


class NewOrganizationForm(ProfileForm):
    """A new organization; staff say that they looked at similar records."""

    duplicates_checked = BooleanField(_l("似た登録を確かめました。別の企業・団体です。"))


class WordForm(BaseForm):
    """Who gave a word, how, when, and where the evidence is (代行入力の同意)."""

    given_by = LineField(
        _l("同意した人"),
        [InputRequired(_l("同意した人の氏名を入力してください。")), longest(80)],
        description=_l("例：代表取締役 高田さん"),
    )
    way = RadioField(
        _l("同意の方法"),
        [InputRequired(_l("同意の方法を選んでください。"))],
        coerce=lambda value: ConsentWay(value) if value else None,
        choices=[],
    )
    given_on = DateParts(_l("同意の日"), [DateGiven(_l("同意の日を入力してください。"))])
    evidence = LineField(
        _l("証拠の所在"),
        [longest(500)],
        description=_l("例：同意書の綴り番号、電話の記録、メールの日時"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.way.choices = {way.value: way_label(way) for way in TOLD}

    def word(self, about: str) -> Word:
        """The answers as the service takes them."""
        given = {name: self[name].data for name in ("given_by", "way", "given_on", "evidence")}
        return Word(about=about, **given)


class ProxyForm(NewOrganizationForm, WordForm):
    """Staff enter an organization for it, with the word it gave."""


class ReferralForm(WordForm):
    """A partner tells the office of a company, with the company's word."""

    name = LineField(
        _l("企業の名称"), [InputRequired(_l("企業の名称を入力してください。")), longest(120)]
    )
    kana = KanaField(_l("フリガナ"), [longest(120)])
    corporate_number = CorporateNumberField(_l("法人番号"), [longest(60)])
    municipality = SelectField(_l("市区町村"), choices=[])
    address = LineField(_l("所在地"), [longest(200)])
    summary = ProseField(
        _l("紹介のことば"),
        [longest(2000)],
        description=_l("どのような企業か。事務局が確かめてから公開します。"),
    )

    def __init__(
        self, *args: Any, home: codelists.Municipality | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.municipality.choices = place_groups(home)

    def profile(self) -> Profile:
        """The answers as the service takes them."""
        names = ("name", "kana", "corporate_number", "municipality", "address", "summary")
        return Profile(kind=OrganizationKind.COMPANY, **{name: self[name].data for name in names})


class ConsentForm(WordForm):
    """A further word that an organization gave."""

    about = LineField(
        _l("同意の内容"),
        [InputRequired(_l("何についての同意かを入力してください。")), longest(200)],
        description=_l("例：企業情報の登録と公開、ニーズ「洗浄液の代替」の公開"),
    )


class ReasonForm(BaseForm):
    """Why something is refused or ended; the other side reads it."""

    reason = ProseField(
        _l("理由"),
        [InputRequired(_l("理由を入力してください。相手に届きます。")), longest(500)],
    )


class ContactForm(EditForm):
    """A person to reach."""

    name = LineField(_l("氏名"), [InputRequired(_l("氏名を入力してください。")), longest(80)])
    kana = KanaField(_l("フリガナ"), [longest(80)])
    role = LineField(_l("部署・役職"), [longest(80)])
    email = StringField(
        _l("メールアドレス"),
        [
            Optional(),
            longest(254),
            Email(_l("メールアドレスとして読めません。例：taro@example.jp")),
        ],
    )
    phone = LineField(_l("電話"), [longest(40)])

    def card(self) -> ContactCard:
        """The answers as the service takes them."""
        names = ContactCard.__dataclass_fields__
        return ContactCard(**{name: (self[name].data or "").strip() for name in names})
