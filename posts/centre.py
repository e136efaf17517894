"""The centre's door as a post sees it: events go in, receipts come out, over HTTPS with the key of the device."""

import gzip
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx
import msgspec
import stamina

from posts.receipts import Receipt, ReceiptPage
from schemas.failures import UNREACHABLE, Failure

T = TypeVar("T")

PAGE = 500
"""Receipts asked for at once."""
_COMPRESSION = 6
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_AGAIN = {
    401: "xin khóa mới ở trung tâm rồi ghi danh lại · ask the centre for a new key and enrol: `mocgioi post enrol`",
    403: "khóa này không phải của thiết bị này: ghi danh lại · the key is another device's: `mocgioi post enrol`",
}


class Unreachable(Failure):
    """The centre does not answer now. What was to be sent is kept."""

    code = "unreachable"
    exit_code = UNREACHABLE

    def __init__(self, sentence: str, retry_after_s: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class DoorRefused(Failure):
    """The centre answers, and refuses the whole request. What was to be sent is kept."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long a request is tried before the centre counts as unreachable."""

    attempts: int | None
    timeout_s: float | None
    wait_max_s: float = 30.0


AT_ONCE = Patience(attempts=1, timeout_s=None)
"""Somebody waits at the prompt, and what they reported is safe already."""
SENDING = Patience(attempts=4, timeout_s=60.0)


class Answer(msgspec.Struct, frozen=True):
    """What the door says of one event of a batch."""

    index: int
    status: str
    id: str | None = None
    problem: dict[str, Any] | None = None


class _Answers(msgspec.Struct, frozen=True):
    events: list[Answer]


class _Problem(msgspec.Struct, frozen=True):
    code: str = "refused"
    title: str = ""
    detail: str = ""


class Centre:
    """A connection to the door. `skew_s` is how far this machine's clock is ahead of the centre's, as its last answer said."""

    def __init__(self, server: str, key: str, patience: Patience, *, on_waiting: Callable[[], None] = lambda: None) -> None:
        self.skew_s: float | None = None
        self._patience = patience
        self._on_waiting = on_waiting
        self._http = httpx.Client(base_url=server, headers={"Authorization": f"Bearer {key}"}, timeout=httpx.Timeout(30, connect=5))

    def receipts(self, *, after: int, limit: int = PAGE) -> ReceiptPage:
        """The receipts of this device's events above a sequence. Raises `Unreachable` and `DoorRefused`, as everything here."""
        return self._asked("GET", "/v1/receipts", ReceiptPage, params={"after": str(after), "limit": str(limit)})

    def send(self, events: Sequence[bytes]) -> list[Answer]:
        """Give events to the door; they are safe there when this returns."""
        packed = gzip.compress(b"\n".join(events), _COMPRESSION)
        headers = {"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"}
        answers = self._asked("POST", "/v1/events", _Answers, content=packed, headers=headers).events
        if [answer.index for answer in answers] != list(range(len(events))):
            raise DoorRefused("answer", "trung tâm trả lời thiếu: không rõ tin nào đã được nhận · the answer does not fit what was sent")
        return answers

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _asked(self, method: str, path: str, expected: type[T], **request: Any) -> T:
        patience = self._patience
        for attempt in stamina.retry_context(
            on=backoff, attempts=patience.attempts, timeout=patience.timeout_s, wait_max=patience.wait_max_s, wait_initial=0.5
        ):
            with attempt:
                if attempt.num > 1:
                    self._on_waiting()
                return self._answer(method, path, expected, request)
        raise AssertionError("stamina returns or raises")

    def _answer(self, method: str, path: str, expected: type[T], request: dict[str, Any]) -> T:
        began = time.time()
        try:
            response = self._http.request(method, path, **request)
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise Unreachable(
                f"không liên lạc được với trung tâm · the centre cannot be reached: {error or type(error).__name__}"
            ) from error
        self._see_clock(response, (began + time.time()) / 2)
        if response.status_code in _TRANSIENT:
            raise Unreachable(
                f"trung tâm đang bận hoặc tạm ngừng ({response.status_code}) · the centre is busy or away", _retry_after_s(response)
            )
        try:
            if response.is_success:
                return msgspec.json.decode(response.content, type=expected)
            problem = msgspec.json.decode(response.content, type=_Problem)
        except msgspec.DecodeError:
            raise DoorRefused(
                "not_the_centre",
                f"{self._http.base_url}: máy trả lời ở đó không phải trung tâm ({response.status_code}); kiểm tra địa chỉ, mạng · "
                "what answers there is not the centre",
            ) from None
        advice = _AGAIN.get(response.status_code)
        raise DoorRefused(problem.code, ": ".join(filter(None, [problem.title, problem.detail, advice])))

    def _see_clock(self, response: httpx.Response, now: float) -> None:
        try:
            self.skew_s = round(now - parsedate_to_datetime(response.headers["date"]).timestamp(), 1)
        except (KeyError, ValueError):
            return


def refusal(event_id: str, sequence: int, answer: Answer) -> Receipt:
    """The receipt of an event that the door refused at once."""
    return Receipt(sequence=sequence, id=event_id, status="refused", problem=answer.problem)


def backoff(error: Exception) -> bool | float:
    """Whether to try again, or in how many seconds."""
    if not isinstance(error, Unreachable):
        return False
    return True if error.retry_after_s is None else error.retry_after_s


def _retry_after_s(response: httpx.Response) -> float | None:
    """The header where it holds seconds, five minutes at most; None where it holds a date or nothing."""
    text = response.headers.get("retry-after", "")
    return min(float(text), 300.0) if text.isdecimal() else None
