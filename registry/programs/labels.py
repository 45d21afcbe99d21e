"""Words of the room as a page shows them: shapes, states, results."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from registry.programs.kinds import (
    CallStatus,
    ChangeKind,
    ConditionKind,
    EnrolmentResult,
    EnrolmentState,
    MemberClass,
    ProgramState,
    QuestionType,
    Shape,
)

SHAPES: Mapping[Shape, str] = {
    Shape.CASE: _l("引き合わせ"),
    Shape.ENCOUNTER: _l("相談・派遣"),
    Shape.ENROLMENT: _l("補助・認定・参加"),
    Shape.EVENT: _l("催し"),
    Shape.OCCUPANCY: _l("施設"),
    Shape.READING: _l("その他の施策"),
}
"""What happens in a program, in words that a firm understands."""

STATES: Mapping[ProgramState, str] = {
    ProgramState.DRAFT: _l("公開前"),
    ProgramState.ACTIVE: _l("実施中"),
    ProgramState.CLOSED_TO_NEW: _l("新規の受付は終了"),
    ProgramState.ENDED: _l("終了"),
}

STATE_CHIPS: Mapping[ProgramState, str] = {
    ProgramState.DRAFT: "wait",
    ProgramState.ACTIVE: "live",
    ProgramState.CLOSED_TO_NEW: "wait",
    ProgramState.ENDED: "off",
}

RESULTS: Mapping[EnrolmentResult, str] = {
    EnrolmentResult.AWARDED: _l("採択"),
    EnrolmentResult.CERTIFIED: _l("認定"),
    EnrolmentResult.SELECTED: _l("選定"),
    EnrolmentResult.PRIZE: _l("受賞"),
    EnrolmentResult.JOINT_PROJECT: _l("共同の取組"),
    EnrolmentResult.MEMBER: _l("参加"),
}

CHANGES: Mapping[ChangeKind, str] = {
    ChangeKind.NEW: _l("新設"),
    ChangeKind.REVISED: _l("改正"),
    ChangeKind.SUCCESSOR: _l("後継"),
    ChangeKind.DERIVED: _l("派生"),
}
"""How a program came out of an earlier one (制度変更区分)."""

CONDITIONS: Mapping[ConditionKind, str] = {
    ConditionKind.SIZE: _l("企業の規模"),
    ConditionKind.CAPITAL: _l("資本金"),
    ConditionKind.EMPLOYEES: _l("従業員"),
    ConditionKind.SECTOR: _l("業種"),
    ConditionKind.PLACE: _l("所在地"),
    ConditionKind.FOUNDED: _l("創業からの年数"),
    ConditionKind.STAGE: _l("事業の段階"),
    ConditionKind.NEED: _l("困りごと"),
}

ENROLMENT_STATES: Mapping[EnrolmentState, str] = {
    EnrolmentState.DRAFT: lazy_pgettext("application", "下書き"),
    EnrolmentState.APPLIED: lazy_pgettext("application", "申込中"),
    EnrolmentState.ACCEPTED: lazy_pgettext("application", "採択"),
    EnrolmentState.DECLINED: lazy_pgettext("application", "不採択"),
    EnrolmentState.ACTIVE: lazy_pgettext("application", "実施中"),
    EnrolmentState.COMPLETED: lazy_pgettext("application", "完了"),
    EnrolmentState.WITHDRAWN: lazy_pgettext("application", "辞退"),
}

ENROLMENT_CHIPS: Mapping[EnrolmentState, str] = {
    EnrolmentState.DRAFT: "plain",
    EnrolmentState.APPLIED: "wait",
    EnrolmentState.ACCEPTED: "done",
    EnrolmentState.DECLINED: "off",
    EnrolmentState.ACTIVE: "live",
    EnrolmentState.COMPLETED: "done",
    EnrolmentState.WITHDRAWN: "off",
}

MEMBER_CLASSES: Mapping[MemberClass, str] = {
    MemberClass.COMPANY: _l("企業"),
    MemberClass.GROUP: lazy_pgettext("class", "団体"),
    MemberClass.UNIVERSITY: lazy_pgettext("class", "大学"),
    MemberClass.COOPERATING: _l("協力団体"),
}

QUESTIONS: Mapping[QuestionType, str] = {
    QuestionType.TEXT: _l("短い文"),
    QuestionType.LONG_TEXT: _l("長い文"),
    QuestionType.NUMBER: _l("数"),
    QuestionType.YEN: _l("金額（円）"),
    QuestionType.DATE: _l("日付"),
    QuestionType.CHOICE: _l("1 つ選ぶ"),
    QuestionType.CHOICES: _l("いくつでも選ぶ"),
    QuestionType.YES_NO: _l("はい・いいえ"),
}

CALLS: Mapping[CallStatus, str] = {
    CallStatus.DRAFT: lazy_pgettext("call", "公開前"),
    CallStatus.UPCOMING: _l("募集前"),
    CallStatus.OPEN: _l("募集中"),
    CallStatus.CLOSED: _l("募集終了"),
    CallStatus.DECIDED: _l("結果発表済み"),
}

CALL_CHIPS: Mapping[CallStatus, str] = {
    CallStatus.DRAFT: "plain",
    CallStatus.UPCOMING: "wait",
    CallStatus.OPEN: "live",
    CallStatus.CLOSED: "off",
    CallStatus.DECIDED: "done",
}
