"""Words of the room as a page shows them: shapes, states, results."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from registry.programs.models import EnrolmentResult, ProgramState, Shape

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
