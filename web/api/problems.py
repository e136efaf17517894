"""Problems as RFC 9457 has them, in Vietnamese."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from starlette.responses import Response

from schemas.problems import InvalidEvent, Problem

MEDIA_TYPE = "application/problem+json"
_MOST_SHOWN = 100

TITLES = {
    "ahead": "Giờ của tin sớm hơn giờ thật",
    "away": "Trung tâm tạm thời không nhận được",
    "body": "Nội dung gửi bị đứt giữa chừng",
    "conflict": "Tin trùng mã hoặc trùng số với tin khác",
    "duplicate_key": "Một trường xuất hiện hai lần",
    "encoding": "Cách nén không được nhận",
    "gzip": "Nội dung nén bị hỏng",
    "internal": "Lỗi của trung tâm",
    "json": "Nội dung không phải JSON",
    "key_missing": "Thiếu khóa của thiết bị",
    "key_revoked": "Khóa đã bị thu hồi",
    "key_unknown": "Khóa không đúng",
    "media_type": "Loại nội dung không được nhận",
    "method": "Không dùng được cách gọi này",
    "missing": "Thiếu trường bắt buộc",
    "naive_time": "Thời điểm thiếu múi giờ",
    "not_found": "Không có địa chỉ này",
    "not_yours": "Tin không phải của thiết bị này",
    "nul": "Có ký tự không được phép",
    "rate": "Gửi quá nhanh",
    "secret": "Có dấu chỉ độ mật",
    "slow": "Gửi quá chậm",
    "surrogate": "Có ký tự không được phép",
    "tls": "Đường truyền không được mã hóa",
    "too_large": "Quá lớn",
    "too_many": "Quá nhiều tin một lần",
    "unknown_field": "Trường lạ",
    "unknown_source": "Đồn không có trong danh bạ",
    "value": "Giá trị không hợp lệ",
    "without_effect": "Tin không có hiệu lực",
}
_OTHER_TITLE = "Tin bị từ chối"


class Refused(Exception):
    """A request is answered with a problem."""

    def __init__(
        self, status: int, code: str, detail: str, *, problems: Iterable[Problem] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.problems = tuple(problems)
        self.headers = headers


def away(part: str, retry_after_s: int = 5) -> Refused:
    """The answer while a part of the centre does not answer: the client's spool keeps its events and sends them again."""
    names = {"broker": "Kafka", "database": "cơ sở dữ liệu", "spool": "ổ đĩa của hộp gửi"}
    detail = f"{names[part]} của trung tâm đang không trả lời: tin vẫn ở máy của đồn, gửi lại sau {retry_after_s} giây, không mất gì"
    return Refused(503, "away", detail, headers={"Retry-After": str(retry_after_s)})


def described(code: str, detail: str, problems: Iterable[Problem] = ()) -> dict[str, Any]:
    """A problem within an answer: of one event of a batch, or of a receipt."""
    return {"code": code, "title": TITLES.get(code, _OTHER_TITLE), "detail": detail, "problems": [_listed(problem) for problem in problems]}


def described_event(refused: InvalidEvent) -> dict[str, Any]:
    """The same of an event that is refused."""
    return described(refused.code, refused.sentence, refused.problems[:_MOST_SHOWN])


def response(status: int, code: str, detail: str, problems: Iterable[Problem] = (), headers: Mapping[str, str] | None = None) -> Response:
    """A whole answer."""
    document = {"type": f"urn:mocgioi:problem:{code}", "status": status} | described(code, detail, problems)
    return Response(orjson.dumps(document), status, headers, MEDIA_TYPE)


def response_to(refused: Refused) -> Response:
    """The answer to a request that is refused."""
    return response(refused.status, refused.code, refused.detail, refused.problems[:_MOST_SHOWN], refused.headers)


def _listed(problem: Problem) -> dict[str, str]:
    return {"code": problem.code, "pointer": problem.pointer, "detail": problem.message}
