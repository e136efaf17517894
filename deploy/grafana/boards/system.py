"""*Hệ thống*: whether what posts send arrives and is recorded, and whether notifications reach people. Every number is a metric; none is official."""

from grafana_foundation_sdk.builders.dashboard import Dashboard, Row

from deploy.grafana.boards.names import NAMES
from deploy.grafana.boards.parts import WAITING, Step, board, lines, number, prometheus_table, renamed, rows
from deploy.grafana.boards.queries import instant, series

_EMPTY = "không đo được"


def system_board() -> Dashboard:
    """The board."""
    about = "Đường đi của tin từ đồn đến cơ sở dữ liệu và đến người trực ban. Số liệu để vận hành, không phải số liệu báo cáo."
    new = board("he-thong", "Hệ thống", about, since="now-6h", refresh="30s")
    for title, expression, unit, steps, about in _NOW:
        new = new.with_panel(number(title, instant(expression), width=3, unit=unit, steps=steps, about=about, empty=_EMPTY))
    new = new.with_row(Row("Tin đi qua"))
    recorded = lines("Tin đến hồ sơ, mỗi giây", series(_rate("border_events_total", "disposition"), "{{disposition}}"), unit="cps")
    new = new.with_panel(renamed(recorded, {"recorded": "ghi mới", "duplicate": "đã có", "conflict": "mâu thuẫn"}))
    verdicts = lines("Kết luận, mỗi giờ", series(f"3600 * {_rate('border_verdicts_total', 'outcome')}", "{{outcome}}"))
    new = new.with_panel(renamed(verdicts, NAMES["outcome"]))
    age = (series(_quantile(q, "border_event_age_seconds"), legend, ref) for q, legend, ref in ((0.5, "một nửa", "A"), (0.95, "95 %", "B")))
    new = new.with_panel(
        lines("Tuổi của tin khi được ghi", *age, unit="s", about="Từ lúc máy của đồn lập tin đến lúc ghi vào cơ sở dữ liệu.")
    )
    new = new.with_panel(lines("Chưa đọc, theo luồng", series("sum by (topic) (border_lag)", "{{topic}}")))
    batch = lines("Thời gian một lô (95 %)", series(_quantile(0.95, "border_batch_seconds", "stage"), "{{stage}}"), unit="s")
    new = new.with_panel(renamed(batch, {"classify": "xét", "record": "ghi"}))
    dead = lines("Thư chết, mỗi giờ", series(f"3600 * {_rate('border_dead_letters_total', 'code')} > 0", "{{code}}"))
    new = new.with_panel(dead.no_value("không có thư chết nào"))
    new = new.with_row(Row("Từ đồn đến cửa nhận tin"))
    new = new.with_panel(
        lines("Cửa nhận tin trả lời, mỗi giây", series(_rate("border_door_requests_total", "status"), "{{status}}"), unit="reqps")
    )
    new = new.with_panel(lines("Cửa nhận tin trả lời trong (95 %)", series(_quantile(0.95, "border_door_seconds"), "95 %"), unit="s"))
    spool = rows("Tin còn nằm ở đồn", instant("max by (post) (border_spool_waiting)"), width=8, height=8, empty="chưa đồn nào báo")
    new = new.with_panel(
        prometheus_table(spool, label=("post", "Đồn"), names=NAMES["post"], value="Tin chờ gửi", unit="none", steps=_SPOOL)
    )
    new = new.with_row(Row("Người và máy"))
    notifications = lines("Thông báo, mỗi giờ", series(f"3600 * {_rate('border_notifications_total', 'result')}", "{{result}}"))
    new = new.with_panel(renamed(notifications, {"posted": "gửi được", "failed": "không gửi được"}))
    up = lines("Các phần đang chạy", series("sum by (job) (up)", "{{job}}"), about="Số tiến trình mà Prometheus hỏi được.")
    new = new.with_panel(renamed(up, _JOBS))
    memory = lines("Bộ nhớ", series("sum by (job) (process_resident_memory_bytes)", "{{job}}"), unit="bytes")
    return new.with_panel(renamed(memory, _JOBS))


def _rate(metric: str, label: str) -> str:
    return f"sum by ({label}) (rate({metric}[$__rate_interval]))"


def _quantile(q: float, metric: str, *labels: str) -> str:
    return f"histogram_quantile({q}, sum by ({', '.join(('le', *labels))}) (rate({metric}_bucket[$__rate_interval])))"


def _since(metric: str) -> str:
    """The seconds since a moment that a gauge holds; nothing where it was never set."""
    return f"time() - (max({metric}) > 0)"


_DAY = 86_400.0
_JOBS = {"workers": "bộ xử lý", "door": "cửa nhận tin", "notifier": "người báo"}
_SPOOL: tuple[Step, ...] = ((None, "green"), (50, "semi-dark-yellow"), (500, "semi-dark-red"))


def _late(seconds: float) -> tuple[Step, ...]:
    """Red from so many seconds on."""
    return ((None, "green"), (seconds, "semi-dark-red"))


def _short(value: float) -> tuple[Step, ...]:
    """Red below a value."""
    return ((None, "semi-dark-red"), (value, "green"))


_NOW: tuple[tuple[str, str, str, tuple[Step, ...], str], ...] = (
    (
        "Tin thăm dò cuối",
        _since("border_probe_recorded_timestamp_seconds"),
        "dtdurations",
        _late(180),
        "Mỗi phút một tin thăm dò đi hết đường đi của tin.",
    ),
    ("Tin thăm dò đi mất", "max(border_probe_delay_seconds)", "s", _late(10), "Từ lúc lập đến lúc ghi."),
    ("Bộ xử lý đã dừng", "sum(border_stopped)", "none", WAITING, "Dừng và chờ người: mocgioi deadletter resume."),
    ("Đang chờ phần khác", "sum(border_waiting)", "none", WAITING, "Kafka hoặc cơ sở dữ liệu không trả lời."),
    ("Thư chết chưa xử lý", "max(border_dead_letters_waiting)", "none", WAITING, "mocgioi deadletter list"),
    ("Mâu thuẫn chưa giải quyết", "max(border_conflicts_waiting)", "none", WAITING, "mocgioi posts; cơ quan quyết định."),
    ("Tin thiếu số thứ tự", "max(border_sequence_missing)", "none", WAITING, "Đồn đang gửi bù thì tự hết."),
    ("Đồn im lặng", "max(border_posts_silent)", "none", WAITING, ""),
    (
        "Người báo đang làm việc",
        "sum(border_notifier_active)",
        "none",
        _short(1),
        "Tiến trình báo cho người trực ban; đúng một tiến trình làm việc.",
    ),
    ("Báo thành công cuối", _since("border_notifier_last_success_timestamp_seconds"), "dtdurations", _late(120), ""),
    (
        "Vụ khẩn chờ lâu nhất",
        _since("border_flash_oldest_timestamp_seconds"),
        "dtdurations",
        _late(900),
        "Không có vụ nào thì không đo được gì.",
    ),
    ("Lệch khi đếm lại", "max(border_recount_difference)", "none", WAITING, "Số đo trừ số trong cơ sở dữ liệu, mỗi đêm một lần."),
    ("Báo cáo lập cuối", _since("border_reports_last_success_timestamp_seconds"), "dtdurations", _late(26 * 3600), ""),
    ("Bản sao lưu cuối", _since("border_backup_timestamp_seconds"), "dtdurations", _late(26 * 3600), ""),
    ("Đĩa còn trống", "min(border_disk_free_ratio > 0)", "percentunit", _short(0.15), ""),
    ("Chứng chỉ còn hạn", "min(border_certificate_expiry_timestamp_seconds > 0) - time()", "dtdurations", _short(14 * _DAY), ""),
)
