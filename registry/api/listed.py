"""The model of a page of records, made once for each kind."""

from functools import cache
from typing import Any

from pydantic import Field, create_model

from registry.api.models import Record, Schema


class Listed(Schema):
    """A page of records in a total order, with the number of all."""

    items: Any
    page: int = Field(description="このページ / This page", ge=1)
    per_page: int = Field(description="1 ページの件数 / Records on a page", ge=1)
    total: int = Field(description="全部の件数 / How many there are in all", ge=0)


@cache
def listed(record: type[Record]) -> type[Listed]:
    """The model of a page of that kind of record."""
    items: Any = (list[record], Field(description="記録 / The records"))  # type: ignore[valid-type]
    made: type[Listed] = create_model(f"{record.__name__}List", __base__=Listed, items=items)  # type: ignore[assignment]
    return made
