"""Page, sort and filter: the same for every list."""

import json
import math
from datetime import date, datetime, timezone
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Query
from sqlalchemy import Date, DateTime, Float, Integer, Select, String, Text, func
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import InstrumentedAttribute

TEXT_OPERATORS = {
    "contains": lambda column, value: column.icontains(value, autoescape=True),
    "ncontains": lambda column, value: ~column.icontains(value, autoescape=True),
    "startswith": lambda column, value: column.istartswith(value, autoescape=True),
    "endswith": lambda column, value: column.iendswith(value, autoescape=True),
}
OPERATORS = {
    "eq": lambda column, value: column == value,
    "ne": lambda column, value: column != value,
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
}


class ListParams:
    def __init__(
        self,
        page: Annotated[int, Query(ge=1)] = 1,
        size: Annotated[int, Query(ge=1, le=10000)] = 25,
        sort: str | None = None,
        order: str | None = None,
        filter: Annotated[list[str] | None, Query()] = None,
    ):
        self.page, self.size, self.sort, self.order, self.filters = page, size, sort, order, filter or []


ListParamsDep = Annotated[ListParams, Depends()]


def column_of(model: type, name: str) -> InstrumentedAttribute | None:
    return getattr(model, name) if name in model.__table__.columns else None


def convert(column: InstrumentedAttribute, value: Any) -> Any:
    kind = column.type
    try:
        if isinstance(kind, (String, Text)):
            return str(value)
        if isinstance(kind, Float):
            return float(value)
        if isinstance(kind, Integer):
            return int(value)
        if isinstance(kind, Date):
            return date.fromisoformat(value)
        if isinstance(kind, DateTime):
            when = datetime.fromisoformat(value)
            return when if when.tzinfo else when.replace(tzinfo=timezone.utc)
    except (TypeError, ValueError):
        raise HTTPException(400, f"Invalid value for field '{column.key}'") from None
    return value


def apply_filter(statement: Select, model: type, text: str) -> Select:
    if not text.strip():
        return statement
    try:
        asked = json.loads(text)
    except ValueError:
        raise HTTPException(400, "Invalid JSON in filter") from None
    missing = [key for key in ("field", "operator", "value") if key not in asked]
    if missing:
        raise HTTPException(422, f"Missing required filter keys: {', '.join(missing)}")
    field, operator, value = asked["field"], asked["operator"], asked["value"]
    column = column_of(model, field)
    if column is None:
        raise HTTPException(400, f"Unknown filter field '{field}' for {model.__name__}")
    if operator == "null":
        return statement.where(column.is_(None))
    if operator == "nnull":
        return statement.where(column.is_not(None))
    if operator == "in":
        if not isinstance(value, list):
            raise HTTPException(400, "Operator in requires an array value")
        return statement.where(column.in_([convert(column, one) for one in value]))
    if operator in TEXT_OPERATORS:
        if not isinstance(column.type, (String, Text)):
            raise HTTPException(400, f"Operator {operator} is not supported for field '{field}'")
        return statement.where(TEXT_OPERATORS[operator](column, str(value)))
    if operator in OPERATORS:
        return statement.where(OPERATORS[operator](column, convert(column, value)))
    raise HTTPException(400, f"Unsupported filter operator '{operator}'")


def apply_sort(statement: Select, model: type, sort: str, order: str | None) -> Select:
    column = column_of(model, sort)
    if column is None:
        raise HTTPException(422, f"Unknown sort column '{sort}' for {model.__name__}")
    key = func.fold(column) if isinstance(column.type, (String, Text)) else column
    if (order or "asc").lower() == "desc":
        return statement.order_by(key.desc().nulls_last(), model.id.desc())
    return statement.order_by(key.asc().nulls_last(), model.id)


def paginate(session: Session, statement: Select, model: type, params: ListParams, options, default_order) -> dict:
    for text in params.filters:
        statement = apply_filter(statement, model, text)
    total = session.scalar(statement.with_only_columns(func.count(model.id)))
    if params.sort:
        statement = apply_sort(statement, model, params.sort, params.order)
    else:
        statement = statement.order_by(*default_order)
    statement = statement.options(*options).limit(params.size).offset((params.page - 1) * params.size)
    return {
        "items": session.scalars(statement).all(),
        "total": total,
        "page": params.page,
        "size": params.size,
        "pages": math.ceil(total / params.size),
    }
