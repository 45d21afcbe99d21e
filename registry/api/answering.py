"""Answers: one record with its ETag, a page of a list with its links."""

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from pydantic import BaseModel
from sqlalchemy import Select, func, select

from registry.api.models import Query
from registry.api.reading import tags_in
from registry.db import db
from registry.web.i18n import locale


def tag_of(record: BaseModel, version: int) -> str:
    """The entity tag of a record as this reader sees it: its version and a digest of what is said.

    The digest makes it strong: it changes with what is shown of other records, too.
    """
    digest = hashlib.sha256(record.model_dump_json().encode()).hexdigest()[:16]
    return f"{version}-{digest}"


def one(
    record: BaseModel, *, version: int, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """One record; 304 when the reader holds it already."""
    tag = tag_of(record, version)
    answer = Response(
        record.model_dump_json(),
        status,
        {"ETag": f'"{tag}"', "Content-Language": locale(), **(headers or {})},
        mimetype="application/json",
    )
    if request.method in {"GET", "HEAD"} and "If-None-Match" in request.headers:
        tags = tags_in("If-None-Match")
        if tags is None or tag in tags:
            answer.status_code = 304
            answer.set_data(b"")
    return answer


def window(statement: Select[Any] | list[Any], query: Query) -> tuple[list[Any], int]:
    """The rows of the page asked for, and how many there are in all."""
    if isinstance(statement, list):
        first = (query.page - 1) * query.per_page
        return statement[first : first + query.per_page], len(statement)
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    total = db.session.scalar(counted) or 0
    start = (query.page - 1) * query.per_page
    rows = db.session.scalars(statement.limit(query.per_page).offset(start)).unique()
    return list(rows), total


def many(records: list[BaseModel], query: Query, total: int, listed: type[BaseModel]) -> Response:
    """A page of a list, with links to the others (RFC 8288)."""
    page = listed.model_construct(
        items=records, page=query.page, per_page=query.per_page, total=total
    )
    headers = {"Link": links(query, total), "Content-Language": locale()}
    return Response(page.model_dump_json(), 200, headers, mimetype="application/json")


def links(query: Query, total: int) -> str:
    """first, prev, next and last of a list, with what it was narrowed to."""
    last = max(1, -(-total // query.per_page))
    found = [("first", 1)]
    if query.page > 1:
        found.append(("prev", min(query.page - 1, last)))
    if query.page < last:
        found.append(("next", query.page + 1))
    found.append(("last", last))
    return ", ".join(f'<{_address(number)}>; rel="{name}"' for name, number in found)


def _address(page: int) -> str:
    asked = request.args.to_dict() | {"page": str(page)}
    return f"{request.path}?{urlencode(asked)}"
