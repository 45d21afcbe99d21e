"""Words of other rooms' enumerations, for pages that gather them."""

from collections.abc import Callable
from typing import Any

from flask_babel import pgettext

from registry.cases.labels import answer_label, close_label, side_label, stage_label
from registry.encounters.labels import kind_label as encounter_label
from registry.events.labels import when
from registry.programs.labels import RESULTS
from registry.suggestions.models import DecisionKind


def words() -> dict[str, Callable[[Any], str]]:
    """Functions from a member of an enumeration to its words."""
    return {
        "stage": stage_label,
        "close": close_label,
        "side": side_label,
        "answer": answer_label,
        "encounter": encounter_label,
        "result": lambda result: RESULTS[result],
        "decision": decision_label,
        "when": when,
    }


def decision_label(kind: DecisionKind) -> str:
    """What was decided about a suggestion."""
    words_of: dict[DecisionKind, str] = {
        DecisionKind.ACCEPTED: pgettext("decided", "採用"),
        DecisionKind.DEFERRED: pgettext("decided", "保留"),
        DecisionKind.DISMISSED: pgettext("decided", "見送り"),
    }
    return words_of[kind]
