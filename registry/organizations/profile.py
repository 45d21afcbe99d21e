"""What is written about an organization, and the words it gave: the commands of the service."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _

from registry.common.errors import DomainError
from registry.common.problem import ValueProblem
from registry.organizations.models import ConsentWay, OrganizationKind
from registry.organizations.names import clean_kana, clean_line, clean_website, refuse_hidden


@dataclass(frozen=True)
class Profile:
    """What is written about an organization. Capital in yen; codes from the code lists."""

    kind: OrganizationKind
    name: str
    kana: str = ""
    name_en: str = ""
    corporate_number: str | None = None
    industry: str = ""
    capital_yen: int | None = None
    employees: int | None = None
    municipality: str = ""
    address: str = ""
    website: str = ""
    summary: str = ""
    summary_en: str = ""


@dataclass(frozen=True)
class Word:
    """A consent as told: what about, who gave it, how, when, and where the evidence is."""

    about: str
    given_by: str
    way: ConsentWay
    given_on: date
    evidence: str = ""


def tidy(profile: Profile) -> Profile:
    """The profile with clean texts. Raises DomainError at the field that cannot stand."""
    if not profile.name.strip():
        raise DomainError(_("名称を入力してください。"), field="name")
    return replace(
        profile,
        name=checked(clean_line, profile.name, "name"),
        kana=checked(clean_kana, profile.kana, "kana"),
        name_en=checked(clean_line, profile.name_en, "name_en"),
        address=checked(clean_line, profile.address, "address"),
        website=checked(clean_website, profile.website, "website"),
        summary=checked(clean_text, profile.summary, "summary"),
        summary_en=checked(clean_text, profile.summary_en, "summary_en"),
    )


def clean_text(text: str) -> str:
    """A text of several lines without characters that hide or turn others."""
    refuse_hidden(text)
    return text.replace("\r\n", "\n").strip()


def checked(clean: Callable[[str], str], text: str, field: str) -> str:
    """The cleaned text; a refusal becomes a message at the field."""
    try:
        return clean(text)
    except ValueProblem as problem:
        raise DomainError(explain(problem), field=field) from problem


def explain(problem: ValueProblem) -> str:
    """The sentence for a value that cannot stand: names, websites, numbers, amounts."""
    values = problem.values
    sentences: dict[str, str] = {
        "hidden": _(
            "見えない文字か、向きを変える文字（%(character)s）が入っています。消して入力し直してください。",
            character=values.get("character", ""),
        ),
        "scheme": _("http:// か https:// で始まるアドレスを入力してください。"),
        "host": _("ウェブサイトのアドレスとして読めません。例：https://www.example.jp"),
        "empty": _("番号を入力してください。"),
        "length": _(
            "法人番号は 13 桁です（いま %(length)s 桁）。", length=values.get("length", "")
        ),
        "character": _(
            "法人番号の %(position)s 文字目の「%(character)s」は数字ではありません。",
            position=values.get("position", ""),
            character=values.get("character", ""),
        ),
        "check_digit": _(
            "検査数字（先頭の数字）が合いません。ほかの 12 桁が正しければ先頭は %(expected)s です。番号を確かめてください。",
            expected=values.get("expected", ""),
        ),
        "amount": _("金額を読み取れません。円で入力してください。例：10,000,000 または 1000万円"),
        "count": _("人数を読み取れません。0 以上の数で入力してください。例：24"),
        "too_large": _("大きすぎます。単位を確かめてください。"),
    }
    return sentences[problem.code]
