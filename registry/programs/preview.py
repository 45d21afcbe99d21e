"""What a program says, in words: for its page, and for the preview of one that is not stored."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _

from registry.programs import choices, labels
from registry.programs.kinds import Shape
from registry.programs.writing import ProgramWish
from registry.web.i18n import locale, number, pick

Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Said:
    """The texts of a program's page: what is not said is left out."""

    title: str
    subtitle: str
    summary: str
    content: str
    groups: tuple[tuple[str, str, Pairs], ...]
    keywords: tuple[str, ...]


def preview_of(wish: ProgramWish) -> Said:
    """A program that is not stored."""
    return said(SimpleNamespace(**wish.values))


def said(program: Any) -> Said:
    """A program in the page's language."""
    groups = (
        ("for-whom", _("対象"), _for_whom(program)),
        ("benefit", _("受けられるもの・かかるもの"), _benefit(program)),
        ("apply", _("申し込み方"), _apply(program)),
    )
    return Said(
        title=pick(program.title, program.title_en),
        subtitle=program.subtitle or "",
        summary=pick(program.summary or "", program.summary_en),
        content=pick(program.content or "", program.content_en),
        groups=tuple(
            (id, head, kept)
            for id, head, pairs in groups
            if (kept := [(term, text) for term, text in pairs if text])
        ),
        keywords=tuple(program.keywords or ()),
    )


def _for_whom(program: Any) -> Pairs:
    language = locale()
    return [
        (_("対象者"), program.audience),
        (_("用途・対象物"), program.purpose),
        (_("地域"), _list(choices.area_words(program.areas or (), language))),
        (_("業種"), _list(choices.industry_words(program.industries or (), language))),
        (_("事業の段階"), _list(choices.words_of("stage", program.stages or (), language))),
        (_("お困りごと"), _list(choices.words_of("trouble", program.troubles or (), language))),
        (
            _("サービスの種別"),
            _list(choices.words_of("service", program.service_kinds or (), language)),
        ),
    ]


def _benefit(program: Any) -> Pairs:
    return [
        (_("給付の上限額"), yen(program.benefit_max_yen)),
        (_("最大補助率"), _percent(program.rate_max_percent)),
        (_("借入の限度額"), yen(program.loan_max_yen)),
        (_("最大の金利"), _percent(program.interest_max_percent)),
        (_("償還の期限"), program.repayment),
        (_("利用者の費用"), program.costs),
        (_("予算の枠"), _yes(program.has_budget_limit)),
    ]


def _apply(program: Any) -> Pairs:
    return [
        (_("申請・届出の方法"), program.how_to_apply),
        (_("募集の時期"), program.season),
        (_("手続の書類"), program.documents),
        (_("電子申請"), _yes(program.is_online)),
        (_("お問い合わせ先"), program.contact),
        (_("根拠の法令・要綱"), program.legal_basis),
    ]


def shape_words(program: Any) -> list[str]:
    """What happens in a program, the main thing first."""
    further = [Shape(word) for word in program.further_shapes or ()]
    return [str(labels.SHAPES[shape]) for shape in dict.fromkeys((program.shape, *further))]


def yen(amount: int | None) -> str:
    """An amount in words; empty for none."""
    return "" if amount is None else _("%(amount)s 円", amount=number(amount))


def _percent(share: float | None) -> str:
    return "" if share is None else f"{float(share):g}%"


def _yes(answer: bool | None) -> str:
    return "" if answer is None else _("あり") if answer else _("なし")


def _list(words: list[str]) -> str:
    return ("、" if locale() == "ja" else ", ").join(words)
