"""The session, the base of all rows, and the one block that commits."""

import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Integer,
    MetaData,
    String,
    Text,
    event,
    func,
    select,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, declared_attr, mapped_column
from sqlalchemy.orm import registry as mapper_registry
from sqlalchemy.types import TypeDecorator

from registry.common.folding import fold

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with its zone. Stored as UTC; SQLite would drop the zone silently."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def word(enum: type) -> Enum:
    """Column type of an enumeration: its values as words, checked by the database on both engines."""
    return Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=32,
        name=enum.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)


_make_id: ContextVar[Callable[[], str] | None] = ContextVar("make_id", default=None)


def new_public_id() -> str:
    """A random id for addresses (uuid4); deterministic inside `public_ids_from`."""
    make = _make_id.get()
    return make() if make else str(uuid.uuid4())


@contextmanager
def public_ids_from(make: Callable[[], str]) -> Iterator[None]:
    """Take new public ids from `make`: the demo gives the same ids at every loading."""
    token = _make_id.set(make)
    try:
        yield
    finally:
        _make_id.reset(token)


class Base(DeclarativeBase):
    """Base of all rows."""

    registry = mapper_registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: UtcDateTime()},
    )


class Public:
    """Columns of a row that has a page: random public id, moment of creation, version.

    The version rises with every change; two people who edit the same version are told.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(36), unique=True, default=new_public_id)
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    version: Mapped[int] = mapped_column(Integer, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Searched:
    """A row that search finds in any spelling: `search_text` keeps its words folded, one a line.

    `search_words()` names them; the text is written anew before each save.
    """

    search_text: Mapped[str] = mapped_column(Text, default="")

    def search_words(self) -> Iterable[str]:
        """The words to find the row by."""
        raise NotImplementedError


@event.listens_for(Searched, "before_insert", propagate=True)
@event.listens_for(Searched, "before_update", propagate=True)
def _fold_words(_mapper: object, _connection: object, row: Searched) -> None:
    row.search_text = "\n".join(filter(None, (fold(word or "") for word in row.search_words())))


BigInt = BigInteger().with_variant(Integer(), "sqlite")

db = SQLAlchemy(model_class=Base, disable_autonaming=True)
migrate = Migrate()

_writing: ContextVar[bool] = ContextVar("writing", default=False)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    """SQLite: durable commits, foreign keys, readers beside one writer; we say BEGIN ourselves."""
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Any) -> None:
    """A writer takes SQLite's lock at once: a read that turns into a write would fail as busy."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@contextmanager
def transaction() -> Iterator[None]:
    """The block that commits: all of it, or nothing when an exception leaves it.

    Rows read before the block are read anew inside it, so that a decision never rests on a
    stale snapshot. Blocks do not nest: an inner one joins the outer.
    """
    if _writing.get():
        yield
        return
    db.session.rollback()
    token = _writing.set(True)
    try:
        yield
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _writing.reset(token)


def next_number(column: Any, *where: Any) -> int:
    """The number after the highest one in use; two at once meet the unique constraint.

    `where` narrows it: numbers of seeds and of needs run apart.
    """
    return (db.session.scalar(select(func.max(column)).where(*where)) or 0) + 1


@contextmanager
def own_transaction() -> Iterator[Session]:
    """A short write of its own beside the request's session: visits, limits. Never inside
    `transaction()`, whose lock it would wait for."""
    token = _writing.set(True)
    try:
        with Session(db.engine) as own, own.begin():
            yield own
    finally:
        _writing.reset(token)
