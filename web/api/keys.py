"""Who speaks: the key of a request, known from a list that is read anew every few seconds and outlasts an outage of the database."""

import asyncio
import math
from collections.abc import Callable, Mapping

import structlog
from starlette.requests import Request

from schemas.records import Unavailable
from sinks.record import devices
from sinks.record.devices import Key, digest
from web.api.problems import Refused, away
from web.api.rates import Rate
from web.api.record import Record

log = structlog.get_logger(__name__)

_REFRESH_S = 4.0
"""A revoked key opens for so long at most, and the time of one question."""
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="mocgioi"'}
_ENROL_AGAIN = "trên trang báo tin bấm “Nhập lại mã thiết bị”, trên máy có lệnh thì ghi danh lại bằng mocgioi post enrol"
"""What to do at the post: a phone has the page only, whose link has this name."""
_LONGEST_KEY = 200
_LOOKUP_S = 3.0
_MOST_FAILED_A_MINUTE = 20
_REQUESTS_A_SECOND = 50


class KeyRing:
    """The keys that open, those that did, and how often each may knock."""

    def __init__(self, record: Record, clock: Callable[[], float]) -> None:
        self._record = record
        self._keys: Mapping[str, Key] = {}
        self._failed = Rate(per_second=_MOST_FAILED_A_MINUTE / 60, burst=_MOST_FAILED_A_MINUTE, clock=clock)
        self._requests = Rate(per_second=_REQUESTS_A_SECOND, burst=_REQUESTS_A_SECOND, clock=clock)

    async def source_of(self, request: Request) -> str:
        """The device whose key a request bears. Raises `Refused`."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not given.strip():
            detail = "cần tiêu đề Authorization: Bearer mgk_…, khóa do trung tâm cấp: " + _ENROL_AGAIN
            raise Refused(401, "key_missing", detail, headers=_CHALLENGE)
        key = await self._key(given.strip(), request.client.host if request.client else "")
        if key.is_revoked:
            detail = f"khóa này đã bị thu hồi hoặc thay: hỏi trung tâm khóa mới; {_ENROL_AGAIN}; tin vẫn ở máy"
            raise Refused(401, "key_revoked", detail, headers=_CHALLENGE)
        if wait := self._requests.wait_s(key.source):
            raise too_fast(wait, f"mỗi thiết bị nhiều nhất {_REQUESTS_A_SECOND} yêu cầu một giây")
        return key.source

    def while_away(self) -> str:
        """What the door does while the database does not answer."""
        if self._keys:
            return (
                f"tin vẫn được nhận bằng {len(self._keys)} khóa đã biết; biên nhận, khóa mới và việc thu hồi phải chờ · events are taken still, "
                "receipts, new keys and revocations wait"
            )
        return (
            "cửa khởi động lúc cơ sở dữ liệu vắng nên chưa biết khóa nào, mọi tin được trả lời 503 và chờ ở máy của đồn · "
            "started without the database the door knows no key: all is answered 503 and waits at the posts"
        )

    async def refresh_for_ever(self) -> None:
        """Read the list again every few seconds."""
        while True:
            try:
                self._keys = await self._record(devices.keys)
            except Exception as error:  # noqa: BLE001  # whatever it is, the keys at hand stay good, and the next try may succeed
                log.warning("keys_not_refreshed", error=str(error), keys=len(self._keys), meanwhile=self.while_away())
            await asyncio.sleep(_REFRESH_S)

    async def _key(self, given: str, address: str) -> Key:
        sha256 = digest(given[: _LONGEST_KEY + 1])
        if key := self._keys.get(sha256):
            return key
        if wait := self._failed.missing_s(address):
            raise too_fast(wait, f"quá {_MOST_FAILED_A_MINUTE} khóa sai một phút từ máy này")
        try:
            key = await self._record(lambda engine: devices.find(engine, sha256), timeout_s=_LOOKUP_S)
        except Unavailable as error:
            raise away(error.part) from error
        if key is not None:
            self._keys = {**self._keys, sha256: key}
            return key
        self._failed.wait_s(address)
        detail = f"trung tâm không có khóa này: xem lại khóa đã được cấp; {_ENROL_AGAIN}; tin vẫn ở máy"
        raise Refused(401, "key_unknown", detail, headers=_CHALLENGE)


def too_fast(wait_s: float, detail: str) -> Refused:
    """The answer to who does something too often."""
    after = max(1, math.ceil(wait_s))
    return Refused(429, "rate", f"{detail}: gửi lại sau {after} giây, không mất gì", headers={"Retry-After": str(after)})
