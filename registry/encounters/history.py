"""What changed in a record since it was written, read from the audit log, in words."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from registry.accounts.models import User
from registry.audit.queries import entries_of
from registry.audit.words import verbs
from registry.db import db
from registry.encounters.models import Encounter


@dataclass(frozen=True)
class HistoryLine:
    """One change: when, by whom, what, and the fields with their texts before and after."""

    at: datetime
    who: str
    what: str
    fields: tuple[tuple[str, str, str], ...]


def history_of(encounter: Encounter) -> list[HistoryLine]:
    """The changes of a record, newest first. What it was written with stands on the page."""
    entries = entries_of(f"encounter:{encounter.public_id}")
    actors = {entry.actor for entry in entries}
    names = {
        user.public_id: user.name
        for user in db.session.scalars(select(User).where(User.public_id.in_(actors)))
    }
    words, labels = verbs(), field_labels()
    return [
        HistoryLine(
            at=entry.at,
            who=names.get(entry.actor, _("システム")),
            what=words.get(entry.action.partition(".")[2], entry.action),
            fields=tuple(
                (labels[value.field], value.before or "", value.after or "")
                for value in entry.values
                if value.field in labels and entry.action != "encounter.recorded"
            ),
        )
        for entry in entries
    ]


def field_labels() -> dict[str, str]:
    """What the fields of a record are called."""
    return {
        "kind": _("種類"),
        "held_on": _("日付"),
        "subject": _("用件"),
        "organizations": _("企業・団体"),
        "supporters": _("同行した支援機関"),
        "result": _("内容と結果"),
        "hours": _("かかった時間"),
        "desk": _("場所・窓口"),
        "channel": _("経路"),
        "topics": _("相談の項目"),
        "expert": _("専門家"),
        "country": _("相手国・地域"),
        "step": _("段階"),
        "next_step": _("次の一手"),
        "next_due": _("次の一手の期限"),
        "reason": _("消す理由"),
    }
