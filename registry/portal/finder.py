"""The questions by which the front page finds support programs."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from registry.db import db
from registry.policy.models import PolicyCode
from registry.programs.labels import SHAPES
from registry.programs.models import Program, ProgramState
from registry.web.i18n import pick


def questions() -> list[dict[str, Any]]:
    """Policy area, kind of help and state, with the choices that programs really have."""
    shapes = set(db.session.scalars(select(Program.shape).distinct()))
    return [
        {
            "name": "policy",
            "label": _("何をしたいですか"),
            "options": [("", _("すべての分野")), *_areas()],
        },
        {
            "name": "shape",
            "label": _("どんな支援ですか"),
            "options": [
                ("", _("すべての形")),
                *((s.value, text) for s, text in SHAPES.items() if s in shapes),
            ],
        },
        {
            "name": "state",
            "label": _("受付は"),
            "options": [
                ("", _("時期は問わない")),
                (ProgramState.ACTIVE.value, _("いま行われているもの")),
                (ProgramState.CLOSED_TO_NEW.value, _("新規の受付を終えたもの")),
            ],
        },
    ]


def _areas() -> list[tuple[str, str]]:
    """Second-level policy codes that have programs below them: (code, title)."""
    used = set(
        db.session.scalars(
            select(PolicyCode.code)
            .join(Program, Program.policy_code_id == PolicyCode.id)
            .distinct()
        )
    )
    areas = {"-".join(code.split("-")[:2]) for code in used}
    rows = db.session.scalars(
        select(PolicyCode)
        .where(PolicyCode.code.in_(areas))
        .order_by(PolicyCode.code, PolicyCode.id)
    )
    titles = {row.code: pick(row.title, row.title_en) for row in rows}
    return list(titles.items())
