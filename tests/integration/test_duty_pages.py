"""The officers' pages: who gets in, what each sees, what is done and what is refused; and the same in a real browser."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, text

from border.provinces import Province
from duty import sessions, users
from duty.users import MOST_FAILURES, Role
from sinks.postgres.engine import connect
from sinks.postgres.scope import scoped
from sinks.query.duty_incidents import Filters
from sinks.record.database import Database
from tests import builders
from tests.support.browser import axe_violations, chromium
from tests.support.classified_batches import Log
from tests.support.door import RunningDoor, door
from tests.support.door_in_process import door_in_process
from tests.support.postgres import Databases
from tests.support.rows import one, rows
from tests.support.workers import wait_until
from web.duty.filters import View
from web.duty.line import Line, line_of

PASSWORD = "mật khẩu đủ dài"
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "color_scheme": "light"}
WALL: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}, "color_scheme": "dark"}


@pytest.fixture(scope="module")
def centre(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    """A door with everything behind it, and a user of each sort."""
    url = databases.fresh()
    engine = connect(url)
    for login, role, province in (
        ("an", Role.DUTY, None), ("binh", Role.DUTY, None), ("xem", Role.VIEWER, None), ("cao-bang", Role.DUTY, Province.CAO_BANG),
    ):  # fmt: skip
        users.add(engine, login, role, PASSWORD, province=province)
    engine.dispose()
    with door(tmp_path_factory.mktemp("door"), MOCGIOI_DATABASE_URL=url) as running:
        yield running
    databases.drop(url)


@pytest.fixture(scope="module")
def record(centre: RunningDoor) -> Iterator[Engine]:
    engine = connect(centre.settings["MOCGIOI_DATABASE_URL"])
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def log(record: Engine) -> Log:
    return Log(Database(record))


Report = Callable[..., str]


@pytest.fixture
def report(record: Engine, log: Log) -> Report:
    """Records an incident, as workers beside the door would, and gives its subject."""

    def record_one(**changes: Any) -> str:
        event = builders.reported(builders.incident(**changes))
        Database(record).record(log.batch([event]))
        subject: str = event["subject"]
        return subject

    return record_one


class Officer:
    """A user at a client that follows no redirects."""

    def __init__(self, client: httpx.Client, login: str, password: str = PASSWORD) -> None:
        self.client = client
        self.answer = self.client.post(
            "/duty/login", data={"csrf": token(self.client.get("/duty/login")), "login": login, "password": password}
        )

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def act(self, subject: str, act: str, *, page: httpx.Response | None = None, **fields: str) -> httpx.Response:
        """Send a form of an incident's page: of `page`, which may be an old one, or of the page as it is now."""
        page = page or self.get(f"/duty/incidents/{subject}")
        seen = re.search(r'name="seen" value="(\d+)"', page.text)
        seen_as = re.search(r'name="seen_as" value="(\w+)"', page.text)
        hidden = {"csrf": token(page), "seen": seen[1] if seen else "", "seen_as": seen_as[1] if seen_as else ""}
        return self.client.post(f"/duty/incidents/{subject}/{act}", data=hidden | fields)


def token(page: httpx.Response) -> str:
    match = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert match is not None, page.text
    return match[1]


def alert(page: httpx.Response) -> str:
    return " ".join(re.findall(r'role="alert">([^<]+)', page.text))


def acts(engine: Engine, subject: str) -> list[str]:
    events = rows(
        engine, "SELECT type FROM event WHERE subject = :subject AND type LIKE 'vn.mocgioi.duty.%' ORDER BY sequence", subject=subject
    )
    return [row.type.split(".")[3] for row in events]


def audited(engine: Engine, actor: str, action: str) -> bool:
    return bool(one(engine, "SELECT count(*) FROM audit WHERE actor = :actor AND action = :action", actor=actor, action=action))


@pytest.fixture(scope="module")
def new_client(centre: RunningDoor) -> Iterator[Callable[[], httpx.Client]]:
    """Makes clients with no cookie."""
    with ExitStack() as clients:
        yield lambda: clients.enter_context(httpx.Client(base_url=centre.url, timeout=60))


LogIn = Callable[..., Officer]


@pytest.fixture(scope="module")
def log_in(new_client: Callable[[], httpx.Client]) -> LogIn:
    return lambda *who: Officer(new_client(), *who)


@pytest.fixture(scope="module")
def an(log_in: LogIn) -> Officer:
    return log_in("an")


@pytest.fixture(scope="module")
def binh(log_in: LogIn) -> Officer:
    return log_in("binh")


def test_a_stranger_is_asked_to_log_in_and_comes_back_to_what_was_asked(centre: RunningDoor) -> None:
    for path in ("/duty", "/duty/list", "/duty/stream", "/duty/incidents/inc-1"):
        assert httpx.get(centre.url + path).headers["location"].startswith("/duty/login")
    assert httpx.get(f"{centre.url}/duty?side=CN").headers["location"] == "/duty/login?next=%2Fduty%3Fside%3DCN"


@pytest.mark.parametrize(
    ("after", "to"),
    [("/duty?side=CN", "/duty?side=CN"), ("https://example.org/duty", "/duty"), ("//example.org", "/duty"), ("/duty/..\\x", "/duty")],
)
def test_a_login_leads_to_these_pages_only(new_client: Callable[[], httpx.Client], after: str, to: str) -> None:
    client = new_client()
    form = {"csrf": token(client.get("/duty/login")), "login": "xem", "password": PASSWORD, "next": after}
    assert client.post("/duty/login", data=form).headers["location"] == to


def test_a_cookie_is_for_this_site_and_not_for_scripts(an: Officer) -> None:
    (cookie,) = (header for header in an.answer.headers.get_list("set-cookie") if header.startswith("mocgioi_duty="))
    assert {"HttpOnly", "SameSite=strict", "Path=/duty"} <= set(cookie.split("; "))


def test_over_tls_a_cookie_is_secure(engine: Engine, tmp_path: Path) -> None:
    with door_in_process(engine, tmp_path) as behind_tls:
        assert "Secure" in behind_tls.ask("GET", "https://door/duty/login").headers["set-cookie"]


def test_five_wrong_passwords_lock_an_account_even_for_the_right_one(log_in: LogIn, record: Engine) -> None:
    users.add(record, "khoa", Role.VIEWER, PASSWORD)
    for _ in range(MOST_FAILURES):
        assert log_in("khoa", "sai").answer.status_code == 401
    refused = log_in("khoa").answer
    assert refused.status_code == 401
    assert "đã bị khóa" in alert(refused)
    assert audited(record, "khoa", "login_refused")


def test_a_login_without_its_forms_token_is_refused(centre: RunningDoor) -> None:
    refused = httpx.post(f"{centre.url}/duty/login", data={"csrf": "x", "login": "an", "password": PASSWORD})
    assert refused.status_code == 403
    assert "mocgioi_duty=" not in str(refused.headers)


def test_a_session_ends_when_idle_when_old_and_when_closed(engine: Engine) -> None:
    user = users.add(engine, "an", Role.DUTY, PASSWORD)
    now = datetime(2026, 11, 27, 20, tzinfo=UTC)
    key, csrf = sessions.open_session(engine, user, now)
    assert sessions.session_of(engine, key, now + sessions.IDLE - timedelta(seconds=1)) == (user, csrf)
    assert sessions.session_of(engine, key, now + 2 * sessions.IDLE - timedelta(seconds=2)) == (user, csrf)
    assert sessions.session_of(engine, key, now + 4 * sessions.IDLE) is None
    for hour in range(13):  # however busy
        alive = sessions.session_of(engine, key, now + timedelta(hours=hour)) is not None
    other, _ = sessions.open_session(engine, user, now)
    sessions.close_session(engine, other, now)
    assert sessions.session_of(engine, other, now) is None
    assert not alive
    assert one(engine, "SELECT count(*) FROM duty_session WHERE token_sha256 = :key", key=key) == 0


def test_a_disabled_user_is_out_at_once(log_in: LogIn, record: Engine) -> None:
    users.add(record, "roi", Role.DUTY, PASSWORD)
    officer = log_in("roi")
    assert officer.get("/duty").status_code == 200
    users.disable(record, "roi")
    assert officer.get("/duty").status_code == 303


def test_logging_out_ends_the_session(centre: RunningDoor, log_in: LogIn) -> None:
    officer = log_in("xem")
    cookies = dict(officer.client.cookies)
    assert officer.client.post("/duty/logout", data={"csrf": token(officer.get("/duty"))}).status_code == 303
    assert httpx.get(f"{centre.url}/duty", cookies=cookies).status_code == 303


def test_an_incident_is_acknowledged_once_and_the_second_is_told_of_the_first(
    an: Officer, binh: Officer, record: Engine, report: Report
) -> None:
    subject = report(kind="shooting", facts={})
    old = binh.get(f"/duty/incidents/{subject}")
    assert an.act(subject, "ack").headers["location"].endswith("?done=ack")
    late = binh.act(subject, "ack", page=old)
    assert late.status_code == 409
    assert "được an tiếp nhận" in alert(late)
    assert acts(record, subject) == ["acknowledged"]


def test_an_incident_is_assigned_with_a_deadline_and_noted(an: Officer, report: Report, record: Engine) -> None:
    subject = report()
    assert an.act(subject, "assign", to="binh", due="2100-01-01T08:00").status_code == 303
    assert an.act(subject, "note", note="Đã gọi đồn Tân Thanh").status_code == 303
    page = an.get(f"/duty/incidents/{subject}").text
    assert "hạn 08:00 01/01/2100" in page
    assert "Đã gọi đồn Tân Thanh" in page
    assert acts(record, subject) == ["assigned", "noted"]


def test_a_form_older_than_the_incident_changes_nothing(an: Officer, binh: Officer, report: Report, record: Engine) -> None:
    subject = report()
    old = binh.get(f"/duty/incidents/{subject}")
    an.act(subject, "assign", to="an")
    late = binh.act(subject, "assign", page=old, to="binh")
    assert late.status_code == 409
    assert "chưa giao cho ai" in alert(late)
    assert acts(record, subject) == ["assigned"]


def test_nothing_is_done_about_what_was_retracted_meanwhile(an: Officer, report: Report, record: Engine, log: Log) -> None:
    subject = report()
    old = an.get(f"/duty/incidents/{subject}")
    Database(record).record(log.batch([builders.retracted(subject)]))
    late = an.act(subject, "ack", page=old)
    assert late.status_code == 409
    assert "đã rút" in alert(late)
    assert "<form" not in late.text.split('id="t-acts"')[1]
    assert acts(record, subject) == []


@pytest.mark.parametrize(
    ("act", "fields", "named"),
    [("assign", {"to": "nobody"}, "nobody"), ("assign", {"to": "an", "due": "mai"}, "due"), ("note", {"note": " "}, "note")],
)
def test_a_field_that_cannot_be_is_named_and_nothing_is_done(
    an: Officer, report: Report, record: Engine, act: str, fields: dict[str, str], named: str
) -> None:
    subject = report()
    refused = an.act(subject, act, **fields)
    assert refused.status_code in (404, 422)
    assert named in alert(refused)
    assert acts(record, subject) == []


def test_a_form_without_the_sessions_token_does_nothing(an: Officer, report: Report, record: Engine) -> None:
    subject = report()
    for fields in ({}, {"csrf": "x"}, {"csrf": token(an.get("/duty"))[:-1]}):
        assert an.client.post(f"/duty/incidents/{subject}/ack", data=fields).status_code == 403
    assert acts(record, subject) == []
    wait_until(lambda: audited(record, "an", "csrf"), "the audit has it")


def test_a_viewer_sees_and_does_nothing(log_in: LogIn, report: Report, record: Engine) -> None:
    viewer, subject = log_in("xem"), report()
    page = viewer.get(f"/duty/incidents/{subject}")
    assert f"/duty/incidents/{subject}/ack" not in page.text
    assert viewer.act(subject, "ack", page=page).status_code == 403
    assert acts(record, subject) == []
    assert audited(record, "xem", "out_of_scope")


def test_a_provinces_user_sees_its_incidents_and_no_trace_of_others(log_in: LogIn, report: Report, record: Engine) -> None:
    own = report(kind="shooting", facts={}, place={"scheme": "marker", "line": "VN-CN", "marker": "753"})
    other = report(kind="shooting", facts={})
    officer = log_in("cao-bang")
    listed = officer.get("/duty").text
    assert own in listed
    assert other not in listed
    assert officer.get(f"/duty/incidents/{own}").status_code == 200
    missing = officer.get(f"/duty/incidents/{other}")
    assert (missing.status_code, missing.text) == (404, officer.get("/duty/incidents/inc-none").text)
    assert officer.client.post(f"/duty/incidents/{other}/ack", data={"csrf": token(officer.get("/duty"))}).status_code == 404
    assert acts(record, other) == []
    wait_until(lambda: audited(record, "cao-bang", "not_found"), "the audit has it")


def test_an_address_that_names_no_incident_is_answered_and_noted_whatever_it_holds(an: Officer, record: Engine) -> None:
    for subject in ("inc-none", "inc-%00", "đ\u1eb7c".encode(), "e\u0301" * 300):
        assert an.get(f"/duty/incidents/{quote(subject, safe='%')}").status_code == 404
    wait_until(lambda: one(record, "SELECT count(*) FROM audit WHERE actor = 'an' AND detail = 'page'") == 4, "the audit has them")


def test_filters_choose_and_what_cannot_be_read_is_named(an: Officer, report: Report) -> None:
    shot, built = report(kind="shooting", facts={}), report()
    page = an.get("/duty?class=flash&from=1080&to=1090&side=nobody").text
    assert shot in page
    assert built not in page
    assert "Side: cần một trong" in page


def test_a_runbook_is_open_to_all_and_has_an_anchor_for_each_alert(centre: RunningDoor) -> None:
    page = httpx.get(f"{centre.url}/runbooks/reports")
    assert page.status_code == 200
    assert 'id="reportsnotrun"' in page.text
    assert 'id="ReportsNotRun"' in page.text
    assert "<table>" in page.text
    assert "/runbooks/reports" in httpx.get(f"{centre.url}/runbooks").text
    for name in ("none", "..%2FREADME", "reports.md"):
        assert httpx.get(f"{centre.url}/runbooks/{name}").status_code == 404


MANY = 20_000
_EVENTS = """
INSERT INTO event
SELECT '/posts/tan-thanh/d9', 'many-' || n, 'many-' || n, type, time, n, occurred_start, body, log, topic, partition, n, received_at, recorded_at
FROM generate_series(1, :many) AS n, (SELECT * FROM event LIMIT 1) AS pattern
"""
_STATES = """
INSERT INTO incident_state SELECT many.*
FROM generate_series(1, :many) AS n
JOIN (SELECT subject, row_number() OVER (ORDER BY subject) AS number FROM incident_state) AS pattern ON number = n % 10 + 1
JOIN incident_state AS state USING (subject)
CROSS JOIN LATERAL json_populate_record(state, json_build_object(
    'subject', 'many-' || n, 'side', (ARRAY['CN', 'VN', 'undetermined'])[n % 3 + 1], 'markers', ARRAY[(n % 1379)::text],
    'occurred_start', state.occurred_start - n * interval '1 hour'
)) AS many
"""


def test_the_list_of_20_000_incidents_takes_a_few_times_as_long_as_counting_them(engine: Engine) -> None:
    patterns = [builders.reported(builders.incident(kind="shooting", facts={}))]
    patterns += [builders.reported() for _ in range(5)]
    patterns += [builders.reported(builders.incident(kind="patrol", facts={})) for _ in range(4)]
    database = Database(engine)
    database.record(Log(database).batch(patterns))
    with engine.begin() as connection:
        for statement in (_EVENTS, _STATES):
            connection.execute(text(statement), {"many": MANY})
        connection.execute(text("ANALYZE"))

    def quickest(work: Callable[[], object]) -> float:
        seconds = []
        for _ in range(5):
            began = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - began)
        return min(seconds)

    def count() -> None:
        with scoped(engine, None) as connection:
            assert connection.execute(text("SELECT count(*) FROM duty.incident WHERE kind LIKE '%'")).scalar_one() == MANY + len(patterns)

    def line() -> Line:
        return line_of(engine, province=None, view=View(Filters()), known=timedelta(days=1000))  # all of them are news

    assert (line().total, line().urgent, len(line().incidents)) == (MANY + 10, MANY // 10 + 1, 50)
    assert quickest(line) < 20 * quickest(count)


def test_history_is_listed_and_is_no_alarm(engine: Engine) -> None:
    database, nobody_took = (
        Database(engine),
        builders.incident(kind="shooting", facts={}, known_at=(builders.NOON - timedelta(days=6)).isoformat()),
    )
    events = [
        builders.reported(nobody_took),
        builders.reported(nobody_took | {"known_at": (builders.NOON - timedelta(days=8)).isoformat()}),
        builders.reported(nobody_took, via="import"),
    ]
    database.record(Log(database).batch(events))
    line = line_of(engine, province=None, view=View(Filters()), known=timedelta(days=7))
    assert (line.total, line.urgent, line.incidents[0].subject) == (3, 1, events[0]["subject"])


def test_a_page_that_shows_less_than_the_record_has_acknowledges_no_more_than_it_shows(
    an: Officer, record: Engine, report: Report, log: Log
) -> None:
    subject = report(kind="marker_damage", facts={})
    old = an.get(f"/duty/incidents/{subject}")
    Database(record).record(log.batch([builders.updated(subject, {"facts": {"state": "destroyed"}})]))
    assert an.act(subject, "ack", page=old).status_code == 303
    worse = an.get(f"/duty/incidents/{subject}")
    assert "Vụ nặng thêm sau khi an tiếp nhận: cần tiếp nhận lại." in worse.text
    assert an.act(subject, "ack").status_code == 303
    assert "tiếp nhận lại" not in an.get(f"/duty/incidents/{subject}").text
    assert acts(record, subject) == ["acknowledged", "acknowledged"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=20_000)  # many tests share a machine
    with chromium() as running:
        yield running


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser, centre: RunningDoor) -> Iterator[Page]:
    """A page of a logged-in officer: on a phone by day or, unless a test asks for it, on a wall at night. No script of it fails."""
    screen: dict[str, Any] = getattr(request, "param", WALL)
    context = browser.new_context(locale="vi-VN", timezone_id="Europe/Berlin", **screen)
    context.set_default_timeout(20_000)
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    opened = context.new_page()
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)  # what the policy forbids, too
    opened.goto(f"{centre.url}/duty")
    opened.get_by_label("Tên đăng nhập").fill("an")
    opened.get_by_label("Mật khẩu").fill(PASSWORD)
    opened.keyboard.press("Enter")
    expect(opened.locator("html[data-live]")).to_be_attached()
    yield opened
    context.close()
    assert errors == []


def is_fit(page: Page) -> bool:
    """Whether nothing of a page is wider than the screen, and axe-core finds nothing."""
    assert axe_violations(page) == []
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("page", [PHONE, WALL], ids=["phone", "wall"], indirect=True)
def test_every_page_is_for_all_eyes_hands_and_screens(page: Page, centre: RunningDoor, report: Report) -> None:
    subject = report(kind="shooting", facts={}, text="Nghe hai tiếng súng.", measures=[{"what": "persons", "n": 2}])
    for path in ("/duty", "/duty?from=1080&to=1120&class=flash", f"/duty/incidents/{subject}", "/runbooks/reports", "/duty/login"):
        page.goto(centre.url + path)
        assert is_fit(page), path


def test_the_list_comes_alive_with_what_is_recorded_the_flash_class_first(page: Page, report: Report) -> None:
    report(
        occurred={"start": builders.NOON.isoformat(), "precision": "minute"}, place={"scheme": "marker", "line": "VN-CN", "marker": "1126"}
    )
    first = page.locator(".incidents li").first
    subject = report(kind="shooting", facts={}, side="VN", occurred={"start": "2025-12-28T11:59:00+07:00", "precision": "minute"})
    link = page.locator(f'.incidents a[href$="/{subject}"]')
    expect(link).to_be_visible()
    expect(page.locator("#announcement")).to_contain_text("khẩn chưa ai tiếp nhận")
    expect(first).to_have_class(re.compile("flash open"))
    expect(first).to_contain_text("Chưa tiếp nhận")


def test_an_open_incident_says_that_it_changed(page: Page, centre: RunningDoor, report: Report, record: Engine, log: Log) -> None:
    subject, other = report(), report()
    page.goto(f"{centre.url}/duty/incidents/{subject}")
    expect(page.locator("html[data-live]")).to_be_attached()
    Database(record).record(log.batch([builders.updated(other, {"text": "khác"})]))
    expect(page.locator("#changed")).to_be_hidden()
    Database(record).record(log.batch([builders.updated(subject, {"text": "thêm"})]))
    expect(page.locator("#changed")).to_be_visible()


def test_an_officer_acts_with_the_keyboard_alone(page: Page, centre: RunningDoor, report: Report, record: Engine) -> None:
    subject = report(kind="shooting", facts={})
    page.goto(f"{centre.url}/duty/incidents/{subject}")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Tiếp nhận":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text("vụ việc đã được tiếp nhận")).to_be_visible()
    assert acts(record, subject) == ["acknowledged"]


def test_a_province_on_the_strip_leads_to_its_stretch(page: Page) -> None:
    page.get_by_role("link", name="Lạng Sơn: mốc 962–1223").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("from=962&to=1223"))
    expect(page.get_by_role("link", name="Toàn tuyến")).to_be_visible()


def test_a_link_from_elsewhere_reaches_the_incident(page: Page, centre: RunningDoor, report: Report) -> None:
    subject = report()
    page.goto(f'data:text/html,<a href="{centre.url}/duty/incidents/{subject}">cảnh báo</a>')
    page.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Xây dựng công trình")).to_be_visible()


def test_light_and_dark_are_chosen_by_a_button_and_remembered(page: Page) -> None:
    colour = "getComputedStyle(document.documentElement).backgroundColor"
    before = page.evaluate(colour)
    page.get_by_role("button", name="Sáng / tối").click()
    after = page.evaluate(colour)
    page.reload()
    assert page.evaluate(colour) == after != before


def test_a_stopped_server_does_not_wait_for_open_pages(browser: Browser, databases: Databases, tmp_path: Path) -> None:
    url = databases.fresh()
    engine = connect(url)
    users.add(engine, "an", Role.DUTY, PASSWORD)
    engine.dispose()
    with door(tmp_path, MOCGIOI_DATABASE_URL=url) as running, httpx.Client(base_url=running.url, timeout=60) as client:
        officer = Officer(client, "an")
        with officer.client.stream("GET", "/duty/stream") as stream:
            lines = stream.iter_lines()
            assert next(lines) == "retry: 3000"
            began = time.monotonic()
            assert running.stop() == 0
            assert time.monotonic() - began < 9  # uvicorn would cut the stream after ten
    databases.drop(url)
