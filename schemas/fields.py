"""The types of field that all data uses: moments, identifiers, texts, counts."""

import re
import unicodedata
from datetime import datetime
from typing import Annotated, Self, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from schemas.codebook import Measure
from schemas.problems import WrongField, shown

T = TypeVar("T")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def _key(text: str) -> str:
    if text.isascii() and text.isprintable():  # nearly all are, and this is quick
        return text
    if CONTROL.search(text) or not unicodedata.is_normalized("NFC", text):
        raise ValueError("phải là chuỗi NFC không có ký tự điều khiển")
    return text


def _nfc(value: object) -> object:
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def _written(value: object) -> object:
    """Accept a moment of our age as people write it. pydantic alone would also accept a bare date or a number of seconds."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and value[10:11] in ("T", "t"):
        # Outside these years a change of time zone may leave the calendar of Python or PostgreSQL.
        if not "1900" <= value[:4] <= "2200" and value[:4].isdecimal():
            raise ValueError(f"năm {value[:4]} không hợp lệ, cần từ 1900 đến 2200")
        return value
    raise ValueError(f"{shown(value)} không hợp lệ, cần thời điểm như 2025-12-28T18:20:00+07:00")


Instant = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_written)]
"""A moment with its offset from UTC, written as RFC 3339."""
Key = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_key)]
"""An identifier. It is compared as it stands, so it must be normalised already."""
Text = Annotated[str, BeforeValidator(_nfc), Field(min_length=1, max_length=20_000)]
"""Text for people, in NFC."""
Name = Annotated[str, BeforeValidator(_nfc), Field(min_length=1, max_length=200)]
LONGEST_SOURCE = 255
SOURCE = r"^/(posts|offices)/[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)?$"
# Validation limits the length, and the model does not: the record may hold longer ones.
Source = Annotated[str, Field(pattern=SOURCE, json_schema_extra={"maxLength": LONGEST_SOURCE})]
"""One enrolled device of a post (`/posts/tan-thanh/d3`) or an office (`/offices/so-ngoai-vu-lang-son`)."""
Several = Annotated[tuple[T, ...], Field(strict=False)]
"""A JSON list."""
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Count = Annotated[int, Field(ge=0, le=10**12)]


class Strict(BaseModel):
    """Base of all data: no unknown fields, no coercion, no infinities, immutable."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Interval(Strict):
    """A half-open interval of time."""

    start: Instant
    end: Instant

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.end < self.start:
            raise WrongField("end", f"{self.end.isoformat()} phải sau start ({self.start.isoformat()})")
        return self


_IN_PARTS = (Measure.GOODS, Measure.AREA, Measure.VALUE)


def refuse_parts(what: Measure, n: float) -> None:
    """Refuse a fraction of a person, vehicle, boat or animal. Raises `ValueError`."""
    if not n.is_integer() and what not in _IN_PARTS:
        raise WrongField("n", f"{n:g} không hợp lệ, {what} phải là số nguyên")
