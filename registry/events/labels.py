"""Words of the room as a page shows them: kinds, states, figures, results."""

from collections.abc import Mapping
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import npgettext

from registry.events.models import (
    Edition,
    EditionFigure,
    EditionState,
    EventKind,
    FigureKind,
    MeetingResult,
    RegistrationState,
)
from registry.events.sight import ExhibitorCounts
from registry.policy.periods import PeriodProblem, parse_period
from registry.web.i18n import day, locale, number

KINDS: Mapping[EventKind, str] = {
    EventKind.EXHIBITION: _l("展示会"),
    EventKind.MEETING_DAY: _l("商談会"),
    EventKind.SEMINAR: _l("セミナー"),
    EventKind.COURSE: _l("連続講座"),
    EventKind.SALON: _l("サロン"),
    EventKind.FORUM: _l("フォーラム"),
    EventKind.COMPETITION: _l("コンペ"),
    EventKind.FESTIVAL: _l("催事"),
}

STATES: Mapping[EditionState, str] = {
    EditionState.PLANNED: _l("準備中"),
    EditionState.OPEN: _l("申込受付中"),
    EditionState.CLOSED: _l("申込締切"),
    EditionState.HELD: _l("開催済み"),
    EditionState.CANCELLED: _l("開催中止"),
}

STATE_CHIPS: Mapping[EditionState, str] = {
    EditionState.PLANNED: "plain",
    EditionState.OPEN: "live",
    EditionState.CLOSED: "wait",
    EditionState.HELD: "done",
    EditionState.CANCELLED: "off",
}

REGISTRATIONS: Mapping[RegistrationState, str] = {
    RegistrationState.REGISTERED: _l("申込済み"),
    RegistrationState.WAITING: _l("キャンセル待ち"),
    RegistrationState.ATTENDED: _l("参加"),
    RegistrationState.ABSENT: _l("欠席"),
    RegistrationState.CANCELLED: _l("取り消し"),
}

REGISTRATION_CHIPS: Mapping[RegistrationState, str] = {
    RegistrationState.REGISTERED: "live",
    RegistrationState.WAITING: "wait",
    RegistrationState.ATTENDED: "done",
    RegistrationState.ABSENT: "off",
    RegistrationState.CANCELLED: "off",
}

RESULTS: Mapping[MeetingResult, str] = {
    MeetingResult.OPEN: _l("結果待ち"),
    MeetingResult.TALKS: _l("話し合い中"),
    MeetingResult.QUOTE: _l("見積もり"),
    MeetingResult.DEAL: _l("成約"),
    MeetingResult.NONE: _l("見込みなし"),
}

RESULT_CHIPS: Mapping[MeetingResult, str] = {
    MeetingResult.OPEN: "wait",
    MeetingResult.TALKS: "live",
    MeetingResult.QUOTE: "live",
    MeetingResult.DEAL: "done",
    MeetingResult.NONE: "off",
}

FIGURES: Mapping[FigureKind, str] = {
    FigureKind.VISITORS: _l("来場者"),
    FigureKind.ATTENDEES: _l("参加者"),
    FigureKind.EXHIBITORS: _l("出展者（主催者の発表）"),
    FigureKind.BOOTHS: _l("ブース（主催者の発表）"),
    FigureKind.MEETINGS: _l("商談（主催者の発表）"),
    FigureKind.PARADERS: _l("パレードの参加者"),
    FigureKind.TV: _l("テレビでの紹介"),
    FigureKind.WEB: _l("Web での紹介"),
    FigureKind.PRESS: _l("新聞・雑誌での紹介"),
    FigureKind.ADVERTISING_YEN: _l("広告換算金額"),
    FigureKind.SPEAKERS: _l("講師"),
    FigureKind.SESSIONS: _l("開催した回"),
}


def when(edition: Edition) -> str:
    """The days of an edition; where they are not known, the month or year that the source gives."""
    if not edition.days_known:
        try:
            return parse_period(edition.period).label
        except PeriodProblem:
            return edition.period or day(edition.starts_on)
    if edition.ends_on == edition.starts_on:
        return day(edition.starts_on)
    return _span(edition.starts_on, edition.ends_on)


def _span(first: date, last: date) -> str:
    """Both days, what they share told once: 2026年10月15日～17日 / 15 to 17 October 2026."""
    beginning, end = day(first), day(last)
    if locale() == "en":
        if first.year == last.year:
            beginning = beginning.removesuffix(f" {first.year}")
        if (first.year, first.month) == (last.year, last.month):
            beginning = str(first.day)
    elif first.year == last.year:
        end = end.removeprefix(f"{last.year}年")
        if first.month == last.month:
            end = end.removeprefix(f"{last.month}月")
    return _("%(first)s～%(last)s", first=beginning, last=end)


def amount(figure: EditionFigure) -> str:
    """A figure with its unit, about (約) where it is an estimate."""
    words = _with_unit(figure.kind, number(figure.value))
    return _("約 %(amount)s", amount=words) if figure.approximate else words


def as_of(figure: EditionFigure) -> str:
    """The month of an estimate, in words; empty where none is told."""
    if not figure.as_of:
        return ""
    try:
        return parse_period(f"{figure.as_of}-asof").label
    except PeriodProblem:
        return figure.as_of


def _with_unit(kind: FigureKind, n: str) -> str:
    if kind in (
        FigureKind.VISITORS,
        FigureKind.ATTENDEES,
        FigureKind.PARADERS,
        FigureKind.SPEAKERS,
    ):
        return _("%(n)s 人", n=n)
    match kind:
        case FigureKind.ADVERTISING_YEN:
            return _("%(n)s 円", n=n)
        case FigureKind.EXHIBITORS:
            return _("%(n)s 社・団体", n=n)
        case FigureKind.BOOTHS:
            return _("%(n)s ブース", n=n)
        case FigureKind.SESSIONS:
            return _("%(n)s 回", n=n)
        case _:
            return _("%(n)s 件", n=n)


def booth_words(booths: int) -> str:
    """So many booths."""
    return _("%(n)s ブース", n=number(booths))


def exhibitor_words(counts: ExhibitorCounts) -> str:
    """Exhibitors and booths in one line: they are not the same (trap T10)."""
    if not counts.organizations and not counts.booths:
        return ""
    words = _(
        "%(n)s 社・団体、%(booths)s ブース",
        n=number(counts.organizations),
        booths=number(counts.booths),
    )
    if not counts.in_joint_booths:
        return words
    joint = _("うち共同出展 %(n)s 社・団体", n=number(counts.in_joint_booths))
    return _("%(words)s（%(joint)s）", words=words, joint=joint)


def result_rows(counts: Mapping[MeetingResult, int]) -> list[tuple[str, str]]:
    """Meetings by what came of them, as facts."""
    return [(str(RESULTS[result]), _("%(n)s 件", n=number(n))) for result, n in counts.items()]


def result_figures(counts: Mapping[MeetingResult, int]) -> list[dict[str, str]]:
    """The same as big figures."""
    return [
        {
            "label": str(RESULTS[result]),
            "value": number(n),
            "unit": npgettext("unit", "件", "件", n),
        }
        for result, n in counts.items()
    ]
