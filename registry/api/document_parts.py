"""The parts of the OpenAPI document that are the same for every operation."""

from typing import Any

from registry.web.problems import MEDIA_TYPE

Json = dict[str, Any]

TAG = '^(\\*|"[!#-~]*")$'

DESCRIPTION = (
    "企業・団体、案件、支援制度、相談・訪問、マッチングの記録を、画面と同じ権限で読み書きする API です。 / "
    "Reads and writes the registry's records under the same permissions as its pages.\n\n"
    "文字は UTF-8 の NFC、日付は YYYY-MM-DD、時刻は UTC です。文字が分からないときは空文字、"
    "数や日付が分からないときは null です。知らない項目は受け付けません。 / "
    "Texts are UTF-8 in NFC, days YYYY-MM-DD, moments UTC. An unknown text is empty, an unknown "
    "number or day null. Unknown members are refused.\n\n"
    "見えない記録は、ない記録と同じく 404 です。 / "
    "What one may not see is answered like what does not exist: 404.\n\n"
    "422 は形の合わない要求、409 は形は合うが決まりや状態が許さない要求です。 / "
    "422 is a request that does not fit the schema; 409 one that fits, but which a rule or the "
    "state of the records refuses."
)

ERRORS: dict[str, tuple[str, tuple[str, ...]]] = {
    "E400": ("JSON として読めない / Not JSON", ()),
    "E401": (
        "トークンがないか、使えない / No token, or one that opens nothing",
        ("WWW-Authenticate",),
    ),
    "E403": ("役割か範囲が足りない / Role or scope does not suffice", ()),
    "E404": ("ないか、見えない / Absent or hidden", ()),
    "E409": ("決まりか状態が許さない / A rule or the state refuses", ()),
    "E412": ("古い版にもとづく変更 / Change of an old version", ()),
    "E413": ("大きすぎる / Too large", ()),
    "E415": ("application/json ではない / Not application/json", ()),
    "E422": ("形が合わない / Does not fit the schema", ()),
    "E428": ("If-Match がない / If-Match is missing", ()),
    "E429": ("回数が多すぎる / Too many requests", ("Retry-After",)),
    "E500": ("こちらの側の問題 / A fault of ours", ()),
    "E503": ("混み合っている / Busy", ("Retry-After",)),
}

PROBLEM: Json = {
    "type": "object",
    "description": "問題の説明（RFC 9457） / Problem details (RFC 9457)",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "incident": {
            "type": "string",
            "description": "問い合わせのときに伝える番号 / Number to tell when asking",
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail", "code"],
                "properties": {
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                    "pointer": {
                        "type": "string",
                        "description": "本文の中の場所 / Place in the body (RFC 6901)",
                    },
                    "parameter": {"type": "string"},
                    "header": {"type": "string"},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
    "example": {
        "type": "/api#problem-invalid",
        "title": "直すところがあります",
        "status": 422,
        "detail": "errors にある箇所を直して、もう一度送ってください。",
        "errors": [
            {"detail": "この項目は必要です。", "code": "missing", "pointer": "#/title"},
        ],
    },
}

PARAMETERS: Json = {
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "required": True,
        "description": "読んだときの ETag / The ETag that was read",
        "schema": {"type": "string", "pattern": TAG},
        "example": '"3-0f1e2d3c4b5a6978"',
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "持っている ETag。変わっていなければ 304 / The ETag held; 304 if unchanged",
        "schema": {"type": "string", "pattern": TAG},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "同じキーと同じ本文は、一度だけ実行される / "
        "The same key with the same body is carried out once",
        "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
        "example": "8f0c1c2e-1c1b-4b7a-9a53-0d6b7f6f9f10",
    },
}

RESPONSE_HEADERS: Json = {
    "ETag": {
        "description": "この記録の版 / Version of the record as shown",
        "required": True,
        "schema": {"type": "string"},
    },
    "Link": {
        "description": "ほかのページ（RFC 8288） / Other pages (RFC 8288)",
        "required": True,
        "schema": {"type": "string"},
    },
    "Location": {
        "description": "できた記録のアドレス / Address of the new record",
        "required": True,
        "schema": {"type": "string"},
    },
    "ContentLanguage": {
        "description": "答えの言語 / Language of the answer",
        "schema": {"type": "string", "enum": ["ja", "en"]},
    },
    "IdempotentReplayed": {
        "description": "前に実行した要求のくり返し / Repetition of a request carried out before",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "WWW-Authenticate": {"required": True, "schema": {"type": "string"}},
    "Retry-After": {
        "description": "待つ秒数 / Seconds to wait",
        "required": True,
        "schema": {"type": "string"},
    },
}


def error_response(description: str, headers: tuple[str, ...]) -> Json:
    """The response of an error: a problem in the reader's language."""
    found: Json = {
        "description": description,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if headers:
        found["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    return found


SPECIAL_IDS = {
    "month": ("月 / Month", "^[0-9]{4}-[0-9]{2}$"),
    "year": ("年度（4 月から） / Fiscal year, from April", "^[0-9]{4}$"),
    "code": ("施策の番号 / Policy code", "^[0-9]{1,2}(-[0-9]{1,2}){0,2}$"),
}
"""What an address names that has no public id: its words and its pattern."""
