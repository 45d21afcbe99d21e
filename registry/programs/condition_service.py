"""Adding and taking away the conditions of a program."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from registry.audit.service import record
from registry.common.errors import DomainError
from registry.common.viewer import Viewer
from registry.db import db
from registry.programs.condition_words import rule_words
from registry.programs.kinds import ConditionKind
from registry.programs.models import Condition, Program
from registry.programs.service import refuse_others

MOST = 12


def add_condition(
    program: Program,
    kind: ConditionKind,
    limits: Mapping[str, Any],
    *,
    rule: str = "",
    rule_en: str = "",
    viewer: Viewer,
) -> Condition:
    """Add one; words are made from the limits where none are given. Raises DomainError when the
    same one stands already, or there are too many."""
    refuse_others(program, viewer)
    db.session.refresh(program, with_for_update=True)
    if len(program.conditions) >= MOST:
        raise DomainError(_("条件は %(most)s 個までです。", most=MOST))
    if any(row.kind is kind and row.limits == dict(limits) for row in program.conditions):
        raise DomainError(_("同じ条件が、すでにあります。"))
    words = {}
    for language, given, most in (("ja", rule, 200), ("en", rule_en, 240)):
        with force_locale(language):
            words[language] = (given.strip() or rule_words(kind, limits, language))[:most]
    row = Condition(
        program=program, kind=kind, limits=dict(limits), rule=words["ja"], rule_en=words["en"]
    )
    db.session.add(row)
    db.session.flush()
    record(
        actor=viewer,
        action="program.condition_added",
        subject=f"program:{program.public_id}",
        changes={"condition": (None, row.rule)},
    )
    return row


def remove_condition(program: Program, place: int, *, viewer: Viewer) -> str:
    """Take away the condition at a place (from 0) and return its words. Raises DomainError when
    there is none: somebody else took it away."""
    refuse_others(program, viewer)
    db.session.refresh(program, with_for_update=True)
    if not 0 <= place < len(program.conditions):
        raise DomainError(_("この条件は、もうありません。"))
    row = program.conditions[place]
    words = row.rule
    program.conditions.remove(row)
    db.session.flush()
    record(
        actor=viewer,
        action="program.condition_removed",
        subject=f"program:{program.public_id}",
        changes={"condition": (words, None)},
    )
    return words
