"""The desk's groups about matches: answers, next steps, what stands still, check-ins."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from registry.cases.labels import answer_label, stage_label
from registry.cases.models import Answer, Case, Party
from registry.encounters.models import Encounter
from registry.events.models import Meeting
from registry.portal import desk_queries as queries
from registry.portal.desk_parts import (
    SHOWN,
    Action,
    Group,
    Row,
    case_url,
    first_rows,
    late,
    links,
    names_of,
    posts,
)
from registry.portal.desk_queries import Scope
from registry.portal.links import address
from registry.web.i18n import day as day_words
from registry.web.i18n import listed, pick


def answers(scope: Scope, found: dict[str, int]) -> Group:
    """Answers that nobody has seen."""
    rows = [
        Row(
            title=f"{party.case.reference} {party.case.title}",
            url=case_url(party.case),
            text=_answer_words(party),
            meta=tuple(filter(None, (day_words(party.answered_on), party.reason))),
            actions=(
                *links((_("返事を確かめる"), case_url(party.case))),
                *posts(
                    (
                        _("確認済みにする"),
                        address("introductions.seen", public_id=party.case.public_id),
                    )
                ),
            ),
        )
        for party in first_rows(queries.answers(scope))
    ]
    oldest = rows[0].meta[0] if rows and rows[0].meta else ""
    return Group(
        "answers",
        _("回答あり"),
        found["answers"],
        rows,
        sub=_("最も古いもの %(day)s", day=oldest) if oldest else "",
        lists=_matches(scope),
    )


def _answer_words(party: Party) -> str:
    name = pick(party.organization.name, party.organization.name_en)
    if party.answer is Answer.YES:
        return str(_("%(name)sが承諾しました", name=name))
    return str(_("%(name)sの返事：%(answer)s", name=name, answer=answer_label(party.answer)))


def unanswered(scope: Scope, found: dict[str, int]) -> Group:
    """Parties whose day to answer has passed."""
    rows = [
        Row(
            title=f"{party.case.reference} {party.case.title}",
            url=case_url(party.case),
            text=_(
                "%(name)sの返事がありません",
                name=pick(party.organization.name, party.organization.name_en),
            ),
            meta=(
                _("返事の期限 %(day)s", day=day_words(party.answer_until)),
                *((_("期限切れになりました"),) if party.expired_on else ()),
            ),
            marks=late(party.answer_until, scope.today),
            actions=links((_("返事をたずねる"), case_url(party.case))),
        )
        for party in first_rows(queries.unanswered(scope))
    ]
    return Group(
        "unanswered", _("返事待ち"), found["unanswered"], rows, sub=_("返事の期限を過ぎました"),
        lists=_matches(scope),
    )  # fmt: skip


def steps(scope: Scope, found: dict[str, int]) -> Group:
    """Next steps of cases and of encounters that are due."""
    due: list[tuple[date, Row]] = [
        *(_case_step(case, scope) for case in first_rows(queries.steps_of_cases(scope))),
        *(_encounter_step(met, scope) for met in first_rows(queries.steps_of_encounters(scope))),
        *(_meeting_step(met, scope) for met in first_rows(queries.steps_of_meetings(scope))),
    ]
    due.sort(key=lambda pair: pair[0])
    overdue = any(on < scope.today for on, _row in due)
    return Group(
        "steps",
        _("予定"),
        found["case_steps"] + found["encounter_steps"] + found["meeting_steps"],
        [row for _on, row in due[:SHOWN]],
        sub=_("期限を過ぎたものから") if overdue else _("今日が期限です"),
        lists=_matches(scope),
    )


def _meeting_step(meeting: Meeting, scope: Scope) -> tuple[date, Row]:
    due = meeting.follow_up_due or scope.today
    url = address("meetings.index", public_id=meeting.edition.public_id) or ""
    both = listed(pick(o.name, o.name_en) for o in (meeting.host, meeting.guest))
    return due, Row(
        title=_("商談のその後：%(names)s", names=both),
        url=url,
        text=meeting.follow_up,
        meta=(
            _("期限 %(day)s", day=day_words(due)),
            pick(meeting.edition.title, meeting.edition.title_en),
        ),
        marks=late(due, scope.today),
        actions=(
            *posts((_("済みにする"), address("meetings.followed_up", public_id=meeting.public_id))),
            *links((_("記録を見る"), address("meetings.edit", public_id=meeting.public_id))),
        ),
    )


def _case_step(case: Case, scope: Scope) -> tuple[date, Row]:
    due = case.next_due or scope.today
    url = case_url(case)
    return due, Row(
        title=f"{case.reference} {case.title}",
        url=url,
        text=case.next_step,
        meta=(_("期限 %(day)s", day=day_words(due)), names_of(case)),
        marks=late(due, scope.today),
        actions=(
            *posts((_("済みにする"), address("case_steps.done", public_id=case.public_id))),
            *links((_("延ばす・書き直す"), address("case_steps.write", public_id=case.public_id))),
        ),
    )


def _encounter_step(met: Encounter, scope: Scope) -> tuple[date, Row]:
    due = met.next_due or scope.today
    url = address("encounters.show", public_id=met.public_id) or ""
    return due, Row(
        title=met.subject,
        url=url,
        text=met.next_step,
        meta=(
            _("期限 %(day)s", day=day_words(due)),
            listed(pick(o.name, o.name_en) for o in met.organizations),
        ),
        marks=late(due, scope.today),
        actions=(
            *posts((_("済みにする"), address("encounters.step_done", public_id=met.public_id))),
            *links((_("記録を見る"), url)),
        ),
    )


def stale(scope: Scope, found: dict[str, int]) -> Group:
    """Cases that have not moved for long."""
    rows = [
        Row(
            title=f"{case.reference} {case.title}",
            url=case_url(case),
            meta=(
                _("段階：%(stage)s", stage=stage_label(case.stage)),
                case.next_step or _("次の一手が書かれていません"),
                names_of(case),
            ),
            marks=(
                (
                    "late",
                    ngettext(
                        "%(num)s 日",
                        "%(num)s 日",
                        (scope.today - case.moved_on).days,
                    ),
                ),
            ),
            actions=links(
                (
                    _("次の一手を書く"),
                    address("case_steps.write", "cases.show", public_id=case.public_id),
                )
            ),
        )
        for case in first_rows(queries.stale(scope))
    ]
    return Group(
        "stale",
        _("停滞"),
        found["stale"],
        rows,
        sub=ngettext("%(num)s 日以上動きなし", "%(num)s 日以上動きなし", scope.office.stale_days),
        lists=links((_("停滞の一覧"), address("cases.index", stale=1, **_whose(scope)))),
    )


def _matches(scope: Scope) -> tuple[Action, ...]:
    """The list of the open cases in which the work lies."""
    text = _("担当のマッチング") if scope.mine else _("すべてのマッチング")
    return links((text, address("cases.index", **_whose(scope))))


def _whose(scope: Scope) -> dict[str, str]:
    return {"coordinator": scope.viewer.public_id} if scope.mine else {}
