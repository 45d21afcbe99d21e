"""Finding the records that a row names: organizations, programs, people, policy codes."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from registry.accounts.models import User
from registry.common.folding import fold, fold_name
from registry.common.identifiers import is_corporate_number, parse_corporate_number
from registry.common.viewer import Viewer
from registry.db import db
from registry.exchange.batch import CLEAR, Batch
from registry.organizations.models import Organization
from registry.organizations.queries import visible_to
from registry.policy.models import PolicyCode
from registry.programs.models import Program

CHUNK = 5000


class Organizations:
    """Visible organizations by id, corporate number, name and folded name."""

    def __init__(self, texts: Iterable[str], viewer: Viewer) -> None:
        wanted = sorted(set(texts))
        numbers = [parse_corporate_number(t) for t in wanted if is_corporate_number(t)]
        self.found: dict[str, dict[int, Organization]] = {}
        for column, values in (
            (Organization.public_id, wanted),
            (Organization.corporate_number, numbers),
            (Organization.name, wanted),
            (Organization.name_key, [fold_name(t)[:160] for t in wanted]),
        ):
            for start in range(0, len(values), CHUNK):
                statement = visible_to(viewer).where(column.in_(values[start : start + CHUNK]))
                for row in db.session.scalars(statement):
                    key = f"{column.key}:{getattr(row, column.key)}"
                    self.found.setdefault(key, {})[row.id] = row

    def of(self, text: str) -> list[Organization]:
        """The organizations that a text may mean, by the strongest of its readings."""
        number = parse_corporate_number(text) if is_corporate_number(text) else ""
        for key in (
            f"public_id:{text}",
            f"corporate_number:{number}",
            f"name:{text}",
            f"name_key:{fold_name(text)[:160]}",
        ):
            if rows := self.found.get(key):
                return list(rows.values())
        return []


def resolve_organizations(
    batch: Batch, viewer: Viewer, key: str, *, number_key: str = "", several: bool = False
) -> None:
    """Put the organizations in place of the names in a column; unknown ones are refused.

    `number_key` is a column with corporate numbers that decides where it is filled. With `several`
    names are lists and become lists.
    """
    if not batch.has(key) and not batch.has(number_key):
        return
    names = batch.values.setdefault(key, [None] * len(batch))
    batch.raw.setdefault(key, [""] * len(batch))
    numbers = batch.values.get(number_key, [None] * len(batch))
    texts = {
        text
        for cell, number in zip(names, numbers, strict=True)
        for text in _texts(number if isinstance(number, str) else cell, several)
    }
    known = Organizations(texts, viewer)
    for place, (cell, number) in enumerate(zip(names, numbers, strict=True)):
        rows = []
        for text in _texts(number if isinstance(number, str) else cell, several):
            found = known.of(text)
            if len(found) == 1:
                rows.append(found[0])
            else:
                batch.refuse(place, key, _unclear(text, len(found)))
        if several:
            names[place] = _ordered(rows) if rows else (CLEAR if cell is CLEAR else None)
        else:
            names[place] = rows[0] if rows else (CLEAR if cell is CLEAR else None)


def _ordered(rows: list[Organization]) -> list[Organization]:
    return sorted({row.id: row for row in rows}.values(), key=lambda row: row.number)


def _texts(value: Any, several: bool) -> list[str]:
    if several and isinstance(value, (list, tuple)):
        return [text for text in value if text]
    return [value] if isinstance(value, str) and value else []


def _unclear(text: str, count: int) -> str:
    if count:
        return _("「%(text)s」が複数あります。法人番号か ID を書いてください。", text=text)
    return _(
        "「%(text)s」という企業・団体が登録にありません。先に企業・団体を取り込んでください。",
        text=text,
    )


def resolve_programs(batch: Batch, key: str = "program") -> None:
    """Put the programs in place of their keys, ids or titles; unknown ones are refused."""
    if not batch.has(key):
        return
    known: dict[str, list[Program]] = {}
    for row in db.session.scalars(select(Program).order_by(Program.id)):
        for name in {row.public_id, row.key, fold(row.title), fold(row.title_en)} - {""}:
            known.setdefault(name, []).append(row)
    _replace(
        batch,
        key,
        lambda text: known.get(text) or known.get(fold(text)) or [],
        lambda text: _(
            "「%(text)s」という支援制度がありません。先に支援制度を取り込んでください。", text=text
        ),
    )


def resolve_people(batch: Batch, key: str = "coordinator") -> None:
    """Put the users in place of their names or addresses; an unknown one is told and left out."""
    if not batch.has(key):
        return
    known: dict[str, list[User]] = {}
    for row in db.session.scalars(select(User).order_by(User.id)):
        for name in {row.public_id, row.email.lower(), fold(row.name)}:
            known.setdefault(name, []).append(row)
    values = batch.values[key]
    for place, text in enumerate(values):
        if not isinstance(text, str):
            continue
        found = known.get(text.lower()) or known.get(fold(text)) or []
        values[place] = found[0] if len(found) == 1 else None
        if len(found) != 1:
            batch.tell(place, key, _("担当「%(text)s」が分からないので、入れません。", text=text))


def resolve_policy_codes(batch: Batch, key: str = "policy_code") -> None:
    """Put the nodes of the policy tree in place of their codes; of several plans the newest."""
    if not batch.has(key):
        return
    known: dict[str, list[PolicyCode]] = {}
    for row in db.session.scalars(select(PolicyCode).order_by(PolicyCode.plan, PolicyCode.id)):
        known[f"{row.plan}/{row.code}"] = [row]
        known[row.code] = [row]
    _replace(
        batch,
        key,
        lambda text: known.get(text, []),
        lambda text: _("「%(text)s」という政策コードがありません。例：3-3-1", text=text),
    )


def _replace(batch: Batch, key: str, find: Any, message: Any) -> None:
    values = batch.values[key]
    for place, text in enumerate(values):
        if not isinstance(text, str):
            continue
        found = find(text)
        if len(found) == 1:
            values[place] = found[0]
            continue
        values[place] = None
        several = _("「%(text)s」が複数あります。ID を書いてください。", text=text)
        batch.refuse(place, key, several if found else message(text))
