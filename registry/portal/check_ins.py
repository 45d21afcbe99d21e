"""The desk's groups about check-ins: what parties answered, and whom somebody has to call."""

from flask_babel import gettext as _

from registry.cases.check_in_models import CheckIn, CheckInState
from registry.cases.labels import check_in_label, stage_label
from registry.portal import desk_queries as queries
from registry.portal.desk_parts import (
    Action,
    Group,
    Row,
    case_url,
    first_rows,
    late,
    links,
    posts,
)
from registry.portal.desk_queries import Scope
from registry.portal.links import address
from registry.web.i18n import day as day_words
from registry.web.i18n import pick


def answered(scope: Scope, found: dict[str, int]) -> Group:
    """Answers to check-ins that nobody has read, each one click from what follows from it."""
    rows = [
        Row(
            title=f"{check.case.reference} {check.case.title}",
            url=case_url(check.case),
            text=_(
                "%(name)s：%(months)s か月後の確認 %(state)s",
                name=_name(check),
                months=check.months,
                state=check_in_label(check.state) if check.state else "",
            ),
            meta=tuple(filter(None, (day_words(check.answered_on), check.comment[:80]))),
            actions=(
                *_follows(check),
                *posts(
                    (
                        _("確認済みにする"),
                        address("check_ins.seen", public_id=check.case.public_id),
                    )
                ),
            ),
        )
        for check in first_rows(queries.check_answers(scope))
    ]
    return Group(
        "check-answers",
        _("成果の確認の回答"),
        found["check_answers"],
        rows,
        sub=_("当事者が答えました"),
        lists=_matches(scope),
    )


def calls(scope: Scope, found: dict[str, int]) -> Group:
    """Parties who are to be asked by telephone: without an address, or silent."""
    rows = [
        Row(
            title=f"{check.case.reference} {check.case.title}",
            url=case_url(check.case),
            text=_(
                "%(name)sに聞く：%(number)s か月後の確認", name=_name(check), number=check.months
            ),
            meta=(
                _("予定 %(day)s", day=day_words(check.due)),
                _why(check),
                _("段階：%(stage)s", stage=stage_label(check.case.stage)),
            ),
            marks=late(check.due, scope.today),
            actions=links(
                (
                    _("回答を代わって記録する"),
                    address(
                        "check_ins.record",
                        public_id=check.case.public_id,
                        check_in_id=check.public_id,
                    ),
                ),
                (
                    _("成果を記録する"),
                    address("case_outcomes.choose", public_id=check.case.public_id),
                ),
            ),
        )
        for check in first_rows(queries.check_ins(scope))
    ]
    return Group(
        "checks",
        _("成果の確認"),
        found["check_ins"],
        rows,
        sub=_("電話などで様子を聞きます"),
        lists=_matches(scope),
    )


def _follows(check: CheckIn) -> tuple[Action, ...]:
    """What an answer leads to: a rung, a stage, the next step, or the end."""
    public_id = check.case.public_id
    outcome = (_("成果を記録する"), address("case_outcomes.choose", public_id=public_id))
    stage = (_("段階を進める"), address("case_progress.stage", public_id=public_id))
    step = (_("次の一手を書く"), address("case_steps.write", public_id=public_id))
    end = (_("マッチングを閉じる"), address("case_progress.close", public_id=public_id))
    if not check.case.is_open:
        return links(outcome)
    return {
        CheckInState.RESULT: links(outcome, stage),
        CheckInState.GOING: links(stage, outcome),
        CheckInState.STALLED: links(step, outcome),
        CheckInState.ENDED: links(end, outcome),
    }[check.state or CheckInState.GOING]


def _why(check: CheckIn) -> str:
    if check.asked_on is None:
        return str(_("便りがまだ出ていません"))
    return str(_("回答がありません") if check.mails else _("メールの宛先がありません"))


def _name(check: CheckIn) -> str:
    organization = check.party.organization
    return pick(organization.name, organization.name_en)


def _matches(scope: Scope) -> tuple[Action, ...]:
    whose = {"coordinator": scope.viewer.public_id} if scope.mine else {}
    text = _("担当のマッチング") if scope.mine else _("すべてのマッチング")
    return links((text, address("cases.index", **whose)))
