"""What a program sent, read strictly: query, body, and the headers that make writing safe."""

import hashlib
import re
from typing import TypeVar

from flask import request
from flask_babel import gettext as _
from pydantic import ValidationError

from registry.api.faults import problem_of, sentence
from registry.api.models import Body, Query
from registry.web.problems import Fault, Problem

Model = TypeVar("Model", Body, Query)

_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e]*)"')
_TAGS = re.compile(rf"\*|{_TAG.pattern}(?:\s*,\s*{_TAG.pattern})*")


def read_query(model: type[Query] | None) -> Query | None:
    """The query of this request. Raises Problem (422) for unknown, doubled or wrong parameters."""
    names = set(model.model_fields) if model else set()
    faults = [
        Fault(sentence("extra_forbidden", {}), "extra_forbidden", parameter=name)
        for name in request.args
        if name not in names
    ]
    faults += [
        Fault(sentence("twice", {}), "twice", parameter=name)
        for name in names
        if len(request.args.getlist(name)) > 1
    ]
    if faults:
        raise Problem(422, faults=tuple(sorted(faults, key=lambda fault: fault.parameter)[:50]))
    if model is None:
        return None
    try:
        return model.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise problem_of(error, where="parameter") from error


def read_body(model: type[Body]) -> Body:
    """The body of this request. Raises Problem: 415 other media types, 413 more than 1 MB, 400 no
    JSON, 422 JSON that does not fit."""
    if request.mimetype != "application/json":
        raise Problem(415)
    raw = request.get_data(cache=False)
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise problem_of(error, where="body") from error


def idempotency_key() -> str:
    """The `Idempotency-Key` of this request, or empty. Raises Problem (422) for one that cannot
    be."""
    key = request.headers.get("Idempotency-Key", "")
    if "Idempotency-Key" in request.headers and not _KEY.fullmatch(key):
        detail = _("空白のない ASCII で 200 文字までにしてください。")
        raise Problem(422, faults=(Fault(detail, "key", header="Idempotency-Key"),))
    return key


def digest_of(body: Body) -> str:
    """What was asked, as a short digest: the method, the address and the body's values."""
    asked = f"{request.method} {request.path}\n{body.model_dump_json()}"
    return hashlib.sha256(asked.encode()).hexdigest()[:32]


def tags_in(header: str) -> list[str] | None:
    """The entity tags of an If-Match or If-None-Match header; None for `*`. Raises Problem (422)
    for what is neither."""
    text = request.headers.get(header, "").strip()
    if not _TAGS.fullmatch(text):
        detail = _('"…" の形の ETag か * を送ってください。')
        raise Problem(422, faults=(Fault(detail, "tag", header=header),))
    return None if text == "*" else _TAG.findall(text)


def require_if_match(tag: str) -> bool:
    """Refuse a change of another version than the one that was read: 428 without If-Match, 412
    when it has changed. Returns False for `*`, by which a program says that it does not mind."""
    if not request.headers.get("If-Match"):
        raise Problem(428)
    tags = tags_in("If-Match")
    if tags is not None and tag not in tags:
        raise Problem(412, headers={"ETag": f'"{tag}"'})
    return tags is not None
