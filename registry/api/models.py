"""What all models of the API share: strict, nothing unknown, patches made from what they patch."""

from copy import copy
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, create_model
from pydantic_core import PydanticUndefined

from registry.api.texts import MOMENT, whole

MOST_ON_A_PAGE = 100
UTC_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"

Moment = Annotated[
    datetime,
    PlainSerializer(lambda value: value.strftime(UTC_FORMAT), return_type=str),
    Field(json_schema_extra={"format": "date-time"}),
]
"""A moment as it is given out: UTC, to the microsecond, so that it can be asked for again."""
Id = Annotated[
    str, Field(pattern=r"^[0-9A-Za-z-]{1,36}$", examples=["5f0c7a52-6e3c-4a8e-9d43-7b1f6f0a2c11"])
]
"""The public id of a record."""


class Schema(BaseModel):
    """The base: types are not guessed, unknown members are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Body(Schema):
    """What is sent to be written."""

    def given(self) -> dict[str, Any]:
        """The members that were sent, by name."""
        return {name: getattr(self, name) for name in sorted(self.model_fields_set)}


class Record(Schema):
    """One record as a reader may see it."""


class Part(Schema):
    """A part of a record."""


class Query(Schema):
    """What a list is asked for."""

    page: Annotated[int, whole(1, 1_000_000)] = Field(
        1, description="ページ（1 から） / Page, from 1"
    )
    per_page: Annotated[int, whole(1, MOST_ON_A_PAGE)] = Field(
        50, description="1 ページの件数 / Records on a page"
    )


class ChangedQuery(Query):
    """A list that can be asked what changed since a moment."""

    modified_after: Annotated[datetime, MOMENT] | None = Field(
        None,
        description="この時刻より後に変わったものだけ、古い順に（RFC 3339） / "
        "Only what changed after this moment, the oldest first (RFC 3339)",
        examples=["2026-11-01T00:00:00Z"],
    )


class SearchQuery(ChangedQuery):
    """A list that can be searched, too."""

    q: str = Field(
        "",
        max_length=200,
        pattern="^[^\\x00]*$",
        description="探す語 / Words to look for",
        json_schema_extra={"pattern": "^[^\\u0000]*$"},
    )


def patch_of(model: type[Body], name: str) -> type[Body]:
    """A model of the same members, none of which must be sent; what is not sent stays."""
    fields: dict[str, Any] = {}
    for member, info in model.model_fields.items():
        optional = copy(info)
        optional.default_factory = _nothing
        optional.default = PydanticUndefined
        fields[member] = (info.annotation, optional)
    make: Any = create_model
    made: type[Body] = make(name, __base__=Body, __doc__=model.__doc__, **fields)
    return made


def _nothing() -> None:
    return None
