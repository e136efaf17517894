"""`POST /duty/alerts`: Alertmanager, or Grafana for its own alerts, says what it has sent to whom, for the ledger.

Each sends a delivery again where our answer was lost, and a reminder at each `repeat_interval`; both look the same. What comes again within half a
minute is the former and written once. So no route may repeat more often than that, and none that is shipped does.
"""

import hmac
import unicodedata
from datetime import timedelta
from functools import partial
from typing import Annotated, Literal, Self

import structlog
from fastapi import APIRouter, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from starlette.responses import Response

from duty.ledger import Entry, append_delivery, notice_of
from duty.planning import INCIDENT_ALERT
from schemas.fields import Several
from schemas.problems import WrongField, from_pydantic
from web.api.bodies import Form, body_of
from web.api.door import door_of
from web.api.problems import Refused

log = structlog.get_logger(__name__)
router = APIRouter()

_ACTOR = "alertmanager"
_AGAIN_WITHIN = timedelta(seconds=30)
_LONGEST_DETAIL = 500
_MOST_PAIRS = 64


class _Payload(BaseModel):
    """Other fields may come, which nobody here needs."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


def _storable(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\0", ""))


Words = Annotated[str, AfterValidator(_storable)]
Pairs = Annotated[dict[Words, Words], Field(max_length=_MOST_PAIRS)]


class FiredAlert(_Payload):
    """An alert of a notification."""

    status: Literal["firing", "resolved"]
    labels: Pairs
    annotations: Pairs = {}

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        needed = ("alertname", *(("incident", "class") if self.labels.get("alertname") == INCIDENT_ALERT else ()))
        for name in needed:
            if not self.labels.get(name):
                raise WrongField(f"labels.{name}", "thiếu nhãn bắt buộc")
        return self


class Notification(_Payload):
    """What was sent to one receiver: the payload of Alertmanager's webhook, version 4, or of Grafana's, which calls it 1."""

    version: Literal["4", "1"]
    receiver: Words
    alerts: Annotated[Several[FiredAlert], Field(min_length=1)]
    truncated: Annotated[int, Field(alias="truncatedAlerts", ge=0)] = 0


@router.post("/duty/alerts", status_code=204, include_in_schema=False)
async def take_notification(request: Request) -> Response:
    """Ghi vào sổ báo việc · write into the ledger what was sent to whom. 404 where no token is set."""
    door = door_of(request)
    _refuse_strangers(request, door.config.alerts_token)
    try:
        notification = Notification.model_validate_json(await body_of(request, Form.ONE))
    except ValidationError as error:
        problems = from_pydantic(error)
        sentence = "; ".join(problem.message for problem in problems)
        door.audit.note(_ACTOR, problems[0].code, None, _storable(sentence[:_LONGEST_DETAIL]))
        raise Refused(422, problems[0].code, sentence, problems=problems) from None
    if notification.truncated:
        log.warning("notification_truncated", receiver=notification.receiver, alerts=notification.truncated)
    await door.record(partial(append_delivery, entries=_entries(notification), again_within=_AGAIN_WITHIN))
    return Response(status_code=204)


def _refuse_strangers(request: Request, token: str | None) -> None:
    """Raise `Refused` for who does not bear the token."""
    if token is None:
        raise Refused(404, "not_found", "không có gì ở địa chỉ này")
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), token.encode()):
        detail = "cần tiêu đề Authorization: Bearer …, như MOCGIOI_ALERTS_TOKEN của trung tâm"
        raise Refused(401, "key_unknown", detail, headers={"WWW-Authenticate": 'Bearer realm="mocgioi"'})


def _entries(notification: Notification) -> list[Entry]:
    return [
        Entry(notice_of(alert.labels, alert.annotations.get("summary", "")[:_LONGEST_DETAIL]), notification.receiver, alert.status)
        for alert in notification.alerts
    ]
