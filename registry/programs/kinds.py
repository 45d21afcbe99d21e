"""The enumerations of the room: shapes and lives of programs, results and states of enrolments."""

from enum import StrEnum


class Shape(StrEnum):
    """What happens in a program (architecture: the six shapes)."""

    CASE = "case"
    ENCOUNTER = "encounter"
    ENROLMENT = "enrolment"
    OCCUPANCY = "occupancy"
    EVENT = "event"
    READING = "reading"


class ProgramState(StrEnum):
    """Life of a program; one closed to new applications may still serve those inside (T16)."""

    DRAFT = "draft"
    ACTIVE = "active"
    CLOSED_TO_NEW = "closed_to_new"
    ENDED = "ended"


class ChangeKind(StrEnum):
    """How a program came out of an earlier one (GIF DS-451-4, 制度変更区分)."""

    NEW = "new"
    REVISED = "revised"
    SUCCESSOR = "successor"
    DERIVED = "derived"


class ConditionKind(StrEnum):
    """What a typed condition of eligibility asks about."""

    SIZE = "size"
    CAPITAL = "capital"
    EMPLOYEES = "employees"
    SECTOR = "sector"
    PLACE = "place"
    FOUNDED = "founded"
    STAGE = "stage"
    NEED = "need"


class CallState(StrEnum):
    """Life of a call (公募): shown when open, decided when its results stand."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    DECIDED = "decided"


class EnrolmentState(StrEnum):
    """Life of an enrolment: 申込 → 採択・不採択 → 実施中 → 完了・辞退.

    A draft is the applicant's own until it is handed in.
    """

    DRAFT = "draft"
    APPLIED = "applied"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ACTIVE = "active"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


COUNTED = (EnrolmentState.ACCEPTED, EnrolmentState.ACTIVE, EnrolmentState.COMPLETED)
"""States in which an organization has something in a program; applied and declined ones count only
when a filter asks for them."""


class EnrolmentResult(StrEnum):
    """What an organization has in a program."""

    AWARDED = "awarded"
    CERTIFIED = "certified"
    SELECTED = "selected"
    PRIZE = "prize"
    MEMBER = "member"
    JOINT_PROJECT = "joint_project"


class MemberClass(StrEnum):
    """Class of a member of a network (trap T11: 53 社、７団体、２大学、９協力団体)."""

    COMPANY = "company"
    GROUP = "group"
    UNIVERSITY = "university"
    COOPERATING = "cooperating"


class QuestionType(StrEnum):
    """What an answer to a question of a call is; nothing is ever computed from it."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    YEN = "yen"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"


class CallStatus(StrEnum):
    """Where a call stands on a day: its state, and for a published one its window."""

    DRAFT = "draft"
    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"
    DECIDED = "decided"
