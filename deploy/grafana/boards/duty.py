"""*Trực ban*: the screen of the night. Whatever waits for a person is red, and a click opens its page."""

from grafana_foundation_sdk.builders import table
from grafana_foundation_sdk.builders.dashboard import Dashboard, Panel

from deploy.grafana.boards.names import NAMES, name, place
from deploy.grafana.boards.parts import (
    CLASS_COLORS,
    OF_CHOICE,
    WAITING,
    Step,
    board,
    chosen,
    incidents,
    lines,
    number,
    placed,
    prometheus_table,
    rows,
)
from deploy.grafana.boards.queries import Sql, instant

_IN_TIME = f"$__timeFilter(received_at) AND {OF_CHOICE}"
_CLASS = ("Lớp", CLASS_COLORS)
_UNACKNOWLEDGED = "acknowledged_at IS NULL AND NOT imported"
_TAKEN_STEPS: tuple[Step, ...] = ((None, "green"), (300, "semi-dark-yellow"), (900, "semi-dark-red"))
"""From five minutes on it is slow; after fifteen the next in the roster is called."""


def duty_board() -> Dashboard:
    """The board."""
    about = "Vụ việc cần người trực ban: chưa ai nhận, đang có người giữ, quá hạn; cảnh báo; đồn im lặng. Bỏ qua số liệu nhập từ sổ cũ."
    new = board("truc-ban", "Trực ban", about, since="now-7d", refresh="10s")
    for column, label in {"province": "Tỉnh", "side": "Phía", "kind": "Loại việc"}.items():
        new = new.with_variable(chosen(column, label))
    for title, condition, about in _COUNTS:
        count = Sql(f"SELECT count(*) AS n FROM attention WHERE {condition} AND {_IN_TIME}")
        new = new.with_panel(number(title, count, steps=WAITING, about=about))
    new = new.with_panel(
        number("Đã có người nhận", Sql(f"SELECT count(*) AS n FROM attention WHERE acknowledged_at IS NOT NULL AND {_IN_TIME}"))
    )
    median = Sql(
        f"SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY {_TAKEN}) AS n FROM attention WHERE acknowledged_at IS NOT NULL AND {_IN_TIME}"
    )
    taken = "Trung vị từ lúc trung tâm nhận tin đến lúc có người nhận việc."
    new = new.with_panel(
        number("Thời gian nhận việc", median, steps=_TAKEN_STEPS, unit="dtdurations", about=taken, empty="chưa ai nhận việc")
    )
    new = new.with_panel(
        incidents("Chưa ai nhận", Sql(_WAITING_INCIDENTS), painted=_CLASS, width=16, height=11, empty="không có vụ nào đang chờ")
    )
    new = new.with_panel(_alerts())
    new = new.with_panel(incidents("Đang có người giữ", Sql(_HELD), painted=_CLASS, width=16, height=11, empty="không ai đang giữ vụ nào"))
    new = new.with_panel(_silent_posts())
    by_day = lines("Thời gian nhận việc theo ngày", Sql(_TAKEN_BY_DAY, "time_series"), width=12, unit="dtdurations")
    new = new.with_panel(by_day.no_value("chưa ai nhận việc"))
    return new.with_panel(rows("Đã báo cho ai", Sql(_NOTIFICATIONS), width=12, height=8, empty="chưa gửi thông báo nào"))


_COUNTS = (
    (
        "Khẩn, chưa ai nhận",
        f"class = 'flash' AND {_UNACKNOWLEDGED}",
        "Nổ súng, bạo lực, mốc bị phá hoặc dịch chuyển, bị bắt giữ trên biển.",
    ),
    ("Vi phạm, chưa ai nhận", f"class = 'breach' AND {_UNACKNOWLEDGED}", ""),
    (
        "Thiếu dữ kiện quá một ngày",
        "class = 'needs_facts' AND NOT imported AND received_at < now() - interval '1 day'",
        "Đồn cần bổ sung dữ kiện thì mới kết luận được.",
    ),
    ("Quá hạn giải quyết", "due < now()", "Hạn do cơ quan đặt khi giao việc."),
)
_TAKEN = "extract(epoch FROM acknowledged_at - received_at)"
_COLUMNS = f"""
{name("class")} AS "Lớp", {name("kind")} AS "Loại việc", {place()} AS "Nơi xảy ra", {name("province")} AS "Tỉnh",
{name("side")} AS "Phía", {name("post")} AS "Đồn báo"
"""
_URGENCY = "array_position(ARRAY['flash', 'breach', 'needs_facts'], class)"
_WAITING_INCIDENTS = f"""
SELECT received_at AS "Nhận tin", {_COLUMNS}, page
FROM attention WHERE {_UNACKNOWLEDGED} AND {_IN_TIME} ORDER BY {_URGENCY}, received_at DESC LIMIT 100
"""
_HELD = f"""
SELECT acknowledged_at AS "Nhận việc", {_COLUMNS}, coalesce(assigned_to, acknowledged_by) AS "Người giữ", due AS "Hạn", page
FROM attention WHERE acknowledged_at IS NOT NULL AND {_IN_TIME} ORDER BY due NULLS LAST, {_URGENCY}, acknowledged_at DESC LIMIT 100
"""
_TAKEN_BY_DAY = f"""
SELECT date_trunc('day', received_at, 'Asia/Ho_Chi_Minh') AS time, percentile_cont(0.5) WITHIN GROUP (ORDER BY {_TAKEN}) AS "trung vị",
percentile_cont(0.9) WITHIN GROUP (ORDER BY {_TAKEN}) AS "chín phần mười"
FROM attention WHERE acknowledged_at IS NOT NULL AND {_IN_TIME} GROUP BY 1 ORDER BY 1
"""
_NOTIFICATIONS = f"""
SELECT at AS "Lúc", {name("alert")} AS "Cảnh báo", receiver AS "Gửi đến",
CASE status WHEN 'firing' THEN 'đã báo' WHEN 'resolved' THEN 'báo đã hết' WHEN 'posted' THEN 'đã chuyển' WHEN 'failed' THEN 'gửi không được' END AS "Kết quả",
subject AS "Mã vụ"
FROM notification WHERE $__timeFilter(at) ORDER BY at DESC LIMIT 100
"""


def _alerts() -> Panel:
    """What fires: Grafana's own rules, and those of Prometheus."""
    states = {"firing": True, "pending": True, "error": True, "noData": False, "normal": False}
    options = {"viewMode": "list", "groupMode": "default", "maxItems": 50, "sortOrder": 3, "dashboardAlerts": False, "stateFilter": states}
    return placed(Panel(), "Cảnh báo đang kêu", width=8, height=11, empty="không có cảnh báo").type("alertlist").options(options)


def _silent_posts() -> table.Panel:
    """Posts by how long nothing was heard of them; the alert comes after 26 hours."""
    heard = "time() - (max by (post) (border_post_last_seen_timestamp_seconds) > 0)"
    panel = rows("Đồn lâu chưa nghe thấy", instant(heard), width=8, height=11, empty="chưa đồn nào báo về")
    steps: tuple[Step, ...] = ((None, "green"), (20 * 3600, "semi-dark-yellow"), (26 * 3600, "semi-dark-red"))
    return prometheus_table(panel, label=("post", "Đồn"), names=NAMES["post"], value="Im lặng", unit="dtdurations", steps=steps)
