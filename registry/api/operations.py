"""What a resource offers: lists, one record, making, changing, steps. A resource is one small file
that says what a record is; everything else about the protocol stands here and is the same for all.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from registry.accounts.scopes import PERMISSION, Scope
from registry.api.answering import many, one, tag_of, window
from registry.api.auth import record_use
from registry.api.faults import pointer_to
from registry.api.listed import Listed, listed
from registry.api.models import Body, Query, Record
from registry.api.reading import (
    digest_of,
    idempotency_key,
    read_body,
    read_query,
    require_if_match,
)
from registry.common.errors import Conflict, DomainError, NotAllowed, NotFound
from registry.common.viewer import Viewer
from registry.db import transaction
from registry.web.access import viewer
from registry.web.addresses import API
from registry.web.idempotency import location_of, remember
from registry.web.problems import Fault, Problem

Ids = dict[str, str]


@dataclass(frozen=True)
class Tag:
    """A group of operations in the documentation."""

    name: str
    description: str


@dataclass(frozen=True)
class Operation:
    """One method of one address, as the app serves it and the document describes it."""

    name: str
    method: str
    path: str
    kind: str
    tag: Tag
    scope: Scope
    permission: str
    summary: str
    description: str
    answer: type[Record]
    act: Callable[[Ids], Response]
    query: type[Query] | None = None
    body: type[Body] | None = None

    @property
    def listed(self) -> type[Listed]:
        """The model of a page of its records."""
        return listed(self.answer)


@dataclass
class Resource:
    """One kind of record: how it is read by id, how it is shown, and what may be done to it.

    `get(viewer, **ids)` gives the row or raises NotFound, `show(row, viewer)` the record;
    `fields` names the body's members for form fields that are called otherwise, `tail` what the
    address has after the id.
    """

    name: str
    path: str
    key: str
    tag: Tag
    words: str
    record: type[Record]
    show: Callable[[Any, Viewer], Record]
    get: Callable[..., Any]
    read: Scope
    write: Scope | None = None
    tail: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    version: Callable[[Any, Viewer], int] = lambda row, _viewer: int(row.version)
    operations: list[Operation] = field(default_factory=list)

    def lists(self, query: type[Query], find: Callable[..., Any]) -> None:
        """Offer GET on the collection: `find(query, viewer, **ids)` gives the statement."""

        def act(ids: Ids) -> Response:
            asked = read_query(query)
            assert asked is not None
            rows, total = window(find(asked, viewer(), **ids), asked)
            model = listed(self.record)
            return many([self.show(row, viewer()) for row in rows], asked, total, model)

        self._add("list", "GET", self.path, act, query=query)

    def gets(self) -> None:
        """Offer GET on one record."""

        def act(ids: Ids) -> Response:
            read_query(None)
            row = self.get(viewer(), **ids)
            return one(self.show(row, viewer()), version=self.version(row, viewer()))

        self._add("get", "GET", self._one, act)

    def creates(self, body: type[Body], make: Callable[..., Any], note: str = "") -> None:
        """Offer POST on the collection: `make(body, viewer, **ids)` gives the new row."""

        def act(ids: Ids) -> Response:
            return self._write(ids, body, lambda sent: make(sent, viewer(), **ids), status=201)

        self._add("create", "POST", self.path, act, body=body, note=note)

    def changes(self, body: type[Body], change: Callable[..., None], note: str = "") -> None:
        """Offer PATCH on one record: `change(row, body, version, viewer)`."""

        def act(ids: Ids) -> Response:
            read_query(None)
            sent = read_body(body)
            with refusals(self.fields), transaction():
                row = self.get(viewer(), **ids)
                held = self.version(row, viewer())
                strict = require_if_match(tag_of(self.show(row, viewer()), held))
                change(row, sent, row.version if strict else None, viewer())
                record_use(request.path)
                return one(self.show(row, viewer()), version=self.version(row, viewer()))

        self._add("change", "PATCH", self._one, act, body=body, note=note)

    def steps(self, verb: str, body: type[Body], step: Callable[..., object], words: str) -> None:
        """Offer POST on a record's step: `step(row, body, viewer)`; answers with the record."""

        def act(ids: Ids) -> Response:
            def run(sent: Body) -> Any:
                row = self.get(viewer(), **ids)
                step(row, sent, viewer())
                return row

            return self._write(ids, body, run, status=200)

        self._add(verb, "POST", f"{self._one}/{verb}", act, body=body, words=words)

    @property
    def _one(self) -> str:
        return f"{self.path}/{{{self.key}}}{self.tail}"

    def _write(
        self, ids: Ids, body: type[Body], run: Callable[[Body], Any], *, status: int
    ) -> Response:
        """Carry a POST out once for its key: a repetition gets the record that the first made."""
        read_query(None)
        sent, key = read_body(body), idempotency_key()
        digest = digest_of(sent)
        try:
            with refusals(self.fields), transaction():
                row = self._repeated(ids, key, digest)
                is_new = row is None
                if row is None:
                    row = run(sent)
                    record_use(request.path)
                    if key:
                        remember(_stored_key(key), viewer().public_id, f"{digest} {row.public_id}")
                return self._answer(row, ids, status, repeated=not is_new)
        except IntegrityError as error:
            if key and (row := self._repeated(ids, key, digest)):
                return self._answer(row, ids, status, repeated=True)
            detail = _("同じときに、ほかの記録と重なりました。もう一度送ってください。")
            raise Problem(409, detail) from error

    def _repeated(self, ids: Ids, key: str, digest: str) -> Any:
        """The row that an earlier request with this key made, or None for a new key."""
        done = location_of(_stored_key(key), viewer().public_id) if key else None
        if done is None:
            return None
        before, _space, public_id = done.partition(" ")
        if before != digest:
            raise Problem(
                409,
                _("この Idempotency-Key は、別の内容で使われました。新しいキーにしてください。"),
                code="key-reused",
            )
        return self.get(viewer(), **{**ids, self.key: public_id})

    def _answer(self, row: Any, ids: Ids, status: int, *, repeated: bool) -> Response:
        address = f"{API}{self._one.format(**{**ids, self.key: row.public_id})}"
        headers = {"Location": address} if status == 201 else {}
        if repeated:
            headers["Idempotent-Replayed"] = "true"
        record = self.show(row, viewer())
        return one(record, version=self.version(row, viewer()), status=status, headers=headers)

    def _add(
        self,
        kind: str,
        method: str,
        path: str,
        act: Callable[[Ids], Response],
        *,
        query: type[Query] | None = None,
        body: type[Body] | None = None,
        words: str = "",
        note: str = "",
    ) -> None:
        writes = method != "GET"
        scope = self.write if writes and self.write else self.read
        summary = words or SUMMARIES[kind].format(*self.words.split(" / "))
        self.operations.append(
            Operation(
                name=f"{self.name}_{kind.replace('-', '_')}",
                method=method,
                path=path,
                kind=kind if kind in SUMMARIES else "step",
                tag=self.tag,
                scope=scope,
                permission=PERMISSION[scope],
                summary=summary,
                description=note,
                answer=self.record,
                act=act,
                query=query,
                body=body,
            )
        )


SUMMARIES = {
    "list": "{0}の一覧 / List {1}",
    "get": "{0}を一つ読む / Read one of the {1}",
    "create": "{0}を作る / Create one of the {1}",
    "change": "{0}を変える / Change one of the {1}",
}


class refusals:  # noqa: N801  a block, read like a word
    """A block in which what a rule refuses becomes a problem with a pointer to the member."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = fields

    def __enter__(self) -> None:
        return

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        if isinstance(error, (Conflict, StaleDataError)):
            raise Problem(412, getattr(error, "message", "")) from error
        if isinstance(error, NotFound):
            raise Problem(404) from error
        if isinstance(error, NotAllowed):
            raise Problem(403, error.message) from error
        if isinstance(error, DomainError):
            name = self.fields.get(error.field or "", error.field or "")
            pointer = pointer_to(*name.split("/")) if name else ""
            faults = (Fault(str(error.message), "rule", pointer=pointer),) if name else ()
            raise Problem(409, error.message, faults=faults) from error


def _stored_key(key: str) -> str:
    """A program's key as it is kept: of fixed length, and apart from those of forms."""
    return "api:" + hashlib.sha256(key.encode()).hexdigest()[:56]
