"""`GET /v1/receipts`: what became of the events of the key's own device."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from sinks.query.receipts import Receipt, receipts
from sinks.query.shown import in_hanoi
from web.api.door import door_of
from web.api.problems import described

router = APIRouter()

_HIGHEST_SEQUENCE = 10**18
_MOST = 1000


@router.get("/v1/receipts")
async def get_receipts(
    request: Request,
    after: Annotated[int, Query(ge=0, le=_HIGHEST_SEQUENCE)] = 0,
    limit: Annotated[int, Query(ge=1, le=_MOST)] = 500,
) -> Response:
    """Biên nhận của từng tin, theo số thứ tự · the receipt of each event, in order of sequence; one that is not there yet is waiting."""
    door = door_of(request)
    device = await door.keys.source_of(request)
    highest, gaps, page = await door.record(lambda engine: receipts(engine, device, after=after, limit=limit))
    document = {"source": device, "highest": highest, "gaps": gaps, "receipts": list(map(_shown, page))}
    return Response(orjson.dumps(document), media_type="application/json")


def _shown(receipt: Receipt) -> dict[str, Any]:
    return {
        "sequence": receipt.sequence,
        "id": receipt.id,
        "status": receipt.status,
        "recorded_at": in_hanoi(receipt.recorded_at),
        "incident": receipt.incident,
        "outcome": receipt.outcome,
        "clauses": list(receipt.clauses),
        "missing": list(receipt.missing),
        "problem": None if receipt.code is None else described(receipt.code, receipt.reason or "", receipt.problems),
    }
