"""`/duty`: the line as a strip and the incidents on it, kept up to date while the page is open."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from border.places import Province, province_on, provinces
from border.vietnam import HANOI
from schemas.codebook import KIND_LABELS, OUTCOME_LABELS, SIDE_LABELS, Side
from sinks.postgres.engine import Engine
from sinks.postgres.scope import scoped
from sinks.query.duty_incidents import Acknowledged, Counted, DutyClass, ListedIncident, counted, listed, urgent
from web.api.reference import tagged
from web.duty.access import visitor_of
from web.duty.desk import Desk, desk_of
from web.duty.filters import View, read
from web.duty.refusals import LoginNeeded, PageRefused, PageRoute
from web.duty.rendering import ATTENTION, page, static_files
from web.duty.strip import Spot, Strip, Weight, strip

router = APIRouter(route_class=PageRoute, include_in_schema=False)

PAGE = 50
_WEIGHTS = {None: Weight.OTHER, DutyClass.NEEDS_FACTS: Weight.NEEDS_FACTS, DutyClass.BREACH: Weight.BREACH, DutyClass.FLASH: Weight.FLASH}


@dataclass(frozen=True, slots=True)
class Line:
    """What the page shows of the line and its incidents."""

    view: View
    strip: Strip
    incidents: list[ListedIncident]
    total: int
    off_the_line: int
    """Incidents that name no marker."""
    urgent: int
    """News of the flash class that nobody has acknowledged, whatever the filters."""

    @property
    def pages(self) -> int:
        """How many pages the list has, at least one."""
        return max(1, -(-self.total // PAGE))


@router.get("/duty")
async def show(request: Request) -> Response:
    """The whole page."""
    visitor, (view, problems), desk = await visitor_of(request), read(request.query_params), desk_of(request)
    change = desk.changes.number
    line = await desk.record(partial(line_of, province=visitor.user.province, view=view, known=desk.config.known))
    return page("line.html", visitor=visitor, line=line, change=change, problems=problems, choices=_choices(visitor.user.province))


@router.get("/duty/list")
async def show_list(request: Request) -> Response:
    """Its changing part, which an open page asks for when the record has changed."""
    visitor, (view, _) = await visitor_of(request), read(request.query_params)
    desk = desk_of(request)
    return page("list.html", line=await desk.record(partial(line_of, province=visitor.user.province, view=view, known=desk.config.known)))


@router.get("/duty/stream")
async def stream(request: Request, since: int = 0) -> Response:
    """A word, as server-sent events, whenever the record has changed."""
    await visitor_of(request)
    return StreamingResponse(_ticks(request, desk_of(request), since), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@router.get("/duty/static/{name}")
async def static(request: Request, name: str) -> Response:
    """A style or a script."""
    if name not in static_files():
        raise PageRefused(404, "Không có tệp này", name)
    return tagged(request, *static_files()[name])


def line_of(engine: Engine, *, province: Province | None, view: View, known: timedelta) -> Line:
    """The line as a user of a province, or of the whole line (None), may see it. Raises `Unavailable`."""
    with scoped(engine, province) as connection:
        first = urgent(connection, known)
        incidents = listed(connection, view.filters, first=first, limit=PAGE, offset=(view.page - 1) * PAGE)
        counts = counted(connection, view.filters, origin=view.stretch.first, wide=view.stretch.slot)
    drawn = strip(view.stretch, datetime.now(HANOI).date(), map(_spot, (row for row in counts if row.main is not None)))
    off_the_line = sum(row.incidents for row in counts if row.main is None)
    return Line(view, drawn, incidents, sum(row.incidents for row in counts), off_the_line, len(first))


def _spot(row: Counted) -> Spot:
    return Spot(row.main or 0, Side(row.side) if row.side else None, _WEIGHTS[row.attention], row.incidents, row.subject)


async def _ticks(request: Request, desk: Desk, since: int) -> AsyncIterator[bytes]:
    """An event for each change, and a comment now and then, for as long as the session lasts. It ends with a word where the session has."""
    yield b"retry: 3000\n\n"
    async with aclosing(desk.changes.stream(since)) as numbers:
        async for number in numbers:
            if number is not None:
                yield b"event: changed\ndata: %d\n\n" % number
                continue
            try:
                await visitor_of(request)
            except LoginNeeded:
                yield b"event: ended\ndata:\n\n"
                return
            yield b": \n\n"


def _choices(province: Province | None) -> Mapping[str, Sequence[tuple[str, str]]]:
    """What each filter may be, with its words."""
    return {
        "province": _visible(province),
        "side": [(code, SIDE_LABELS[code].vi) for code in SIDE_LABELS],
        "kind": [(code, KIND_LABELS[code].vi) for code in KIND_LABELS],
        "class": [(code, ATTENTION[code]) for code in DutyClass],
        "outcome": [(code, OUTCOME_LABELS[code].vi) for code in OUTCOME_LABELS],
        "acknowledged": [(Acknowledged.NO, "chưa tiếp nhận"), (Acknowledged.YES, "đã tiếp nhận")],
    }


def _visible(province: Province | None) -> list[tuple[Province, str]]:
    """The provinces that a user may filter by, by name: those of the line, former ones too, since incidents keep the province of their day."""
    today = datetime.now(HANOI).date()
    return [
        (code, row.name)
        for code, row in provinces().items()
        if province is None or province_on(code, today) is province_on(province, today)
    ]
