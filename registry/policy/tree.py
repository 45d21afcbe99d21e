"""Changing the policy tree: titles, aliases, viewpoints and priorities, and new plan periods."""

import zlib
from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from registry.audit.service import Change, apply, record
from registry.common.errors import Conflict, ConflictField, DomainError
from registry.common.viewer import Viewer
from registry.db import db
from registry.policy.codes import CodeProblem, parse_code
from registry.policy.models import CrossTag, PlanPeriod, PolicyCode, TagKind
from registry.policy.queries import codes_of, cross_tags, get_period


def seen(row: PolicyCode | CrossTag) -> int:
    """A number that changes with the row's words: it tells whether somebody changed them since."""
    words = [row.title, row.title_en, *getattr(row, "aliases", ())]
    return zlib.crc32("\n".join(words).encode())


def edit_code(
    row: PolicyCode,
    *,
    title: str,
    title_en: str,
    aliases: Sequence[str],
    version: int,
    viewer: Viewer,
) -> PolicyCode:
    """Change how a plan calls a code. Raises Conflict when the words are not those once seen."""
    _same(row, version)
    values = {"title": title, "title_en": title_en, "aliases": _others(title, aliases)}
    changes = apply(row, values)
    if changes:
        record(actor=viewer, action="policy.changed", subject=_name(row), changes=changes)
    return row


def add_code(
    plan: str,
    *,
    code: str,
    title: str,
    title_en: str,
    aliases: Sequence[str],
    viewer: Viewer,
) -> PolicyCode:
    """Put a code into the tree of a plan. Refused when it is there, or nothing stands above it."""
    period = get_period(plan)
    try:
        wanted = parse_code(code)
    except CodeProblem:
        raise DomainError(
            _("番号は 3、3-3、3-3-1 のように入力してください。"), field="code"
        ) from None
    known = {parse_code(row.code): row for row in codes_of(plan)}
    if wanted in known:
        raise DomainError(_("%(code)s は、この計画期間にもうあります。", code=wanted), field="code")
    if wanted.parent is not None and wanted.parent not in known:
        raise DomainError(
            _(
                "上の番号 %(code)s が、この計画期間にありません。先に加えてください。",
                code=wanted.parent,
            ),
            field="code",
        )
    row = PolicyCode(
        plan=period.key,
        code=str(wanted),
        parent_id=known[wanted.parent].id if wanted.parent else None,
        title=title,
        title_en=title_en,
        aliases=_others(title, aliases),
    )
    db.session.add(row)
    db.session.flush()
    changes: dict[str, Change] = {"title": (None, title), "title_en": (None, title_en)}
    record(actor=viewer, action="policy.added", subject=_name(row), changes=changes)
    return row


def remove_code(row: PolicyCode, *, viewer: Viewer) -> None:
    """Take a code out of its plan. Refused while anything stands below it or points to it."""
    name, title = _name(row), row.title
    try:
        with db.session.begin_nested():
            db.session.delete(row)
            db.session.flush()
    except IntegrityError:
        raise DomainError(
            _("下の番号か、制度・指標・意見がこの番号を使っています。先に移してください。")
        ) from None
    record(actor=viewer, action="policy.removed", subject=name, changes={"title": (title, None)})


def edit_tag(
    tag: CrossTag, *, title: str, title_en: str, source: str, version: int, viewer: Viewer
) -> CrossTag:
    """Change the words of a viewpoint or priority."""
    _same(tag, version)
    changes = apply(tag, {"title": title, "title_en": title_en, "source": source})
    if changes:
        record(actor=viewer, action="cross_tag.changed", subject=_tag_name(tag), changes=changes)
    return tag


def add_tag(
    plan: str, kind: TagKind, *, title: str, title_en: str, source: str, viewer: Viewer
) -> CrossTag:
    """Add a viewpoint or priority to a plan, numbered after the last."""
    period = get_period(plan)
    numbers = [tag.number for tag in cross_tags() if (tag.plan, tag.kind) == (period.key, kind)]
    tag = CrossTag(
        plan=period.key,
        kind=kind,
        number=max(numbers, default=0) + 1,
        title=title,
        title_en=title_en,
        source=source,
    )
    db.session.add(tag)
    db.session.flush()
    changes: dict[str, Change] = {"title": (None, title)}
    record(actor=viewer, action="cross_tag.added", subject=_tag_name(tag), changes=changes)
    return tag


def copy_period(
    origin: str,
    *,
    title: str,
    title_en: str,
    first_year: int,
    last_year: int,
    source: str,
    viewer: Viewer,
) -> PlanPeriod:
    """Begin a plan period with the tree and the cross tags of an older one; its key is its years.

    Refused when its years run backwards or there is a period of the same years.
    """
    if last_year < first_year:
        raise DomainError(
            _("終わりの年度は、始まりの年度より後にしてください。"), field="last_year"
        )
    key = f"FY{first_year}-{last_year}"
    if db.session.scalar(select(PlanPeriod.id).where(PlanPeriod.key == key)):
        raise DomainError(_("同じ年度の計画期間がもうあります。"), field="first_year")
    older = get_period(origin)
    period = PlanPeriod(
        key=key,
        title=title,
        title_en=title_en,
        first_year=first_year,
        last_year=last_year,
        source=source,
    )
    db.session.add(period)
    _copy_tree(older.key, key)
    _copy_tags(older.key, key)
    db.session.flush()
    changes: dict[str, Change] = {"title": (None, title), "origin": (None, older.key)}
    record(actor=viewer, action="plan_period.begun", subject=f"plan:{key}", changes=changes)
    return period


def _copy_tree(origin: str, plan: str) -> None:
    copies: dict[int, PolicyCode] = {}
    for row in codes_of(origin):
        above = copies.get(row.parent_id or 0)
        copy = PolicyCode(
            plan=plan,
            code=row.code,
            parent_id=above.id if above else None,
            title=row.title,
            title_en=row.title_en,
            aliases=list(row.aliases),
        )
        db.session.add(copy)
        db.session.flush()
        copies[row.id] = copy


def _copy_tags(origin: str, plan: str) -> None:
    for tag in cross_tags():
        if tag.plan == origin:
            db.session.add(
                CrossTag(
                    plan=plan,
                    kind=tag.kind,
                    number=tag.number,
                    title=tag.title,
                    title_en=tag.title_en,
                    source=tag.source,
                )
            )


def _others(title: str, aliases: Sequence[str]) -> list[str]:
    clean = (alias.strip() for alias in aliases)
    return [alias for alias in dict.fromkeys(clean) if alias and alias != title]


def _same(row: PolicyCode | CrossTag, version: int) -> None:
    if version == seen(row):
        return
    fields = [
        ConflictField("title", _("名前"), row.title),
        ConflictField("title_en", _("名前（英語）"), row.title_en),
    ]
    if isinstance(row, PolicyCode):
        fields.append(ConflictField("aliases", _("ほかの書き方"), "\n".join(row.aliases)))
    raise Conflict(
        _("この記録は、開いてからの間に、ほかの人が変更しました。"),
        version=seen(row),
        fields=tuple(fields),
    )


def _name(row: PolicyCode) -> str:
    return f"policy:{row.plan}/{row.code}"


def _tag_name(tag: CrossTag) -> str:
    return f"tag:{tag.plan}/{tag.kind.value}-{tag.number}"
