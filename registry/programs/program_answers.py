"""From the form of a program to what is stored, and back."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from registry.accounts.models import User
from registry.common.dates import parse_date
from registry.common.errors import DomainError
from registry.common.problem import ValueProblem
from registry.common.roles import Role
from registry.common.viewer import Viewer
from registry.db import db
from registry.matching import split_keywords
from registry.organizations.names import clean_website
from registry.organizations.queries import home_city
from registry.policy.models import CrossTag, PolicyCode
from registry.programs import choices
from registry.programs.applicants import fitting
from registry.programs.fields import as_bool
from registry.programs.models import Program, ProgramOperator
from registry.programs.program_forms import ProgramForm, change_of
from registry.programs.queries import visible_to
from registry.programs.writing import ProgramWish
from registry.web.i18n import pick

LINES = (
    "title",
    "title_en",
    "subtitle",
    "summary",
    "summary_en",
    "content",
    "content_en",
    "audience",
    "purpose",
    "repayment",
    "costs",
    "how_to_apply",
    "season",
    "documents",
    "contact",
    "legal_basis",
    "number",
    "source",
)
PLAIN = (
    "shape",
    "benefit_max_yen",
    "rate_max_percent",
    "loan_max_yen",
    "interest_max_percent",
    "published_from",
    "published_to",
)
LISTS = ("further_shapes", "industries", "stages", "troubles", "service_kinds")
DAYS = ("started", "ended")
BOOLS = ("has_budget_limit", "is_online")


def offer(form: ProgramForm, program: Program | None, viewer: Viewer) -> None:
    """Put the choices that come from the database into the form; only staff choose operators."""
    form.policy_code.choices = [("", _("番号なし")), *_codes()]
    form.tags.choices = [
        (str(tag.id), f"{pick(tag.title, tag.title_en)} ({tag.plan})")
        for tag in db.session.scalars(select(CrossTag).order_by(CrossTag.id))
    ]
    form.origin.choices = [
        ("", _("なし（新しい制度）")),
        *(
            (row.public_id, pick(row.title, row.title_en))
            for row in db.session.scalars(visible_to(viewer))
            if program is None or row.id != program.id
        ),
    ]
    if viewer.is_staff:
        form.operators.choices = [(user.public_id, user.name) for user in _operators()]
    else:
        del form.operators


def stored(program: Program) -> dict[str, Any]:
    """A program as the form shows it."""
    code, owner = program.policy_code, program.operator_organization
    return {
        **{name: getattr(program, name) for name in (*LINES, *PLAIN, *LISTS, "version", "website")},
        **{name: _day(getattr(program, name)) for name in DAYS},
        **{
            name: {None: "unsaid", True: "yes", False: "no"}[getattr(program, name)]
            for name in BOOLS
        },
        "keywords": "、".join(program.keywords),
        "areas": "、".join(choices.area_words(program.areas, "ja")),
        "policy_code": f"{code.plan}/{code.code}" if code else "",
        "tags": [str(tag.id) for tag in program.tags],
        "origin": program.origin.public_id if program.origin else "",
        "change_kind": program.change_kind.value if program.change_kind else "",
        "operator_name": owner.name if owner else "",
        "operators": [row.user.public_id for row in _operating(program)],
        "stage_names": [
            {"key": key, "ja": words.get("ja", ""), "en": words.get("en", "")}
            for key, words in program.stage_names.items()
        ]
        + [{}],
    }


def wish_of(form: ProgramForm, viewer: Viewer) -> ProgramWish:
    """What the form says. Raises DomainError at the field that cannot be understood."""
    values: dict[str, Any] = {name: _clean(form[name].data) for name in LINES}
    values |= {name: form[name].data for name in PLAIN}
    values |= {name: list(form[name].data or ()) for name in LISTS}
    values |= {name: _iso(form[name].data) for name in DAYS}
    values |= {name: as_bool(form[name].data) for name in BOOLS}
    values["further_shapes"] = [
        word for word in values["further_shapes"] if word != values["shape"].value
    ]
    values["change_kind"] = change_of(form.change_kind.data)
    values["keywords"] = list(split_keywords(form.keywords.data or ""))
    values["areas"] = _areas(form.areas.data or "")
    values["website"] = _website(form.website.data or "")
    values["policy_code_id"] = _code_id(form.policy_code.data or "")
    values["origin_id"] = _origin_id(form.origin.data or "", viewer)
    values["operator_organization_id"] = _owner_id(form.operator_name.data or "", viewer)
    values["stage_names"] = stage_names(form.stage_names.data)
    tags = db.session.scalars(
        select(CrossTag).where(CrossTag.id.in_([int(number) for number in form.tags.data or ()]))
    )
    chosen = None
    if "operators" in form:
        wanted = set(form.operators.data or ())
        chosen = tuple(user for user in _operators() if user.public_id in wanted)
    return ProgramWish(values, tuple(sorted(tags, key=lambda tag: tag.id)), chosen)


def stage_names(rows: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    """Steps by key, in their order; a row without a Japanese name is none. Keys never change."""
    kept = [row for row in rows if (row.get("ja") or "").strip()]
    used = {row.get("key") or "" for row in kept}
    free = (f"s{number}" for number in range(1, 99) if f"s{number}" not in used)
    return {
        (row.get("key") or next(free))[:40]: {
            "ja": row["ja"].strip(),
            "en": (row.get("en") or "").strip(),
        }
        for row in kept
    }


def _codes() -> list[tuple[str, str]]:
    rows = db.session.scalars(select(PolicyCode).order_by(PolicyCode.plan, PolicyCode.id))
    return [
        (f"{row.plan}/{row.code}", f"{row.code} {pick(row.title, row.title_en)} ({row.plan})")
        for row in rows
    ]


def _operators() -> list[User]:
    return list(
        db.session.scalars(
            select(User).where(User.role == Role.OPERATOR, User.active).order_by(User.name, User.id)
        )
    )


def _operating(program: Program) -> list[ProgramOperator]:
    rows = select(ProgramOperator).where(ProgramOperator.program_id == program.id)
    return list(db.session.scalars(rows))


def _clean(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


def _day(text: str) -> date | None:
    return parse_date(text) if text else None


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _areas(text: str) -> list[str]:
    home = home_city()
    found = []
    for name in filter(None, (part.strip() for part in text.replace(",", "、").split("、"))):
        code = choices.find_area(name, home.code if home else "")
        if code is None:
            raise DomainError(
                _("「%(name)s」という市区町村を 1 つに決められません。", name=name), field="areas"
            )
        found.append(code)
    return list(dict.fromkeys(found))


def _website(text: str) -> str:
    try:
        return clean_website(text)
    except ValueProblem:
        raise DomainError(
            _("http:// か https:// で始まるアドレスを入力してください。"), field="website"
        ) from None


def _code_id(value: str) -> int | None:
    plan, _slash, code = value.rpartition("/")
    statement = select(PolicyCode.id).where(PolicyCode.plan == plan, PolicyCode.code == code)
    return db.session.scalar(statement) if value else None


def _origin_id(public_id: str, viewer: Viewer) -> int | None:
    if not public_id:
        return None
    row = db.session.scalar(visible_to(viewer).where(Program.public_id == public_id))
    return row.id if row else None


def _owner_id(name: str, viewer: Viewer) -> int | None:
    if not name.strip():
        return None
    found = fitting(name, viewer)
    if len(found) != 1:
        message = (
            _("「%(name)s」に当てはまる団体が複数あります。名前を全部書いてください。", name=name)
            if found
            else _("「%(name)s」に当てはまる団体がありません。", name=name)
        )
        raise DomainError(message, field="operator_name")
    return found[0].id
