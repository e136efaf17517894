"""The page for posts in a real browser: the line there and cut, reloads, second tabs, a phone's width, and a new version of the page."""

import json
import random
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import Engine, select

from border import markers, places
from border.vietnam import HANOI
from schemas.secrecy import marked_secret
from schemas.validation import decode
from sinks.postgres.engine import all_rows, connect
from sinks.postgres.tables import event
from sinks.record import devices
from tests import builders
from tests.support.browser import axe_violations, chromium
from tests.support.door import Enrolled, RunningDoor, door
from tests.support.line import Line
from tests.support.postgres import Databases
from tests.support.workers import wait_until
from tests.unit.test_markers import PARTLY, READ, UNCLEAR
from tests.unit.test_secrecy import WORDS

SENTENCE = "02h30 ngày 26/11/2025, tại mốc 753, phát hiện 09 người Trung Quốc nhập cảnh trái phép"
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=20_000)  # many tests share a machine
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def centre(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    """A door with everything behind it."""
    url = databases.fresh()
    with door(tmp_path_factory.mktemp("door"), MOCGIOI_DATABASE_URL=url) as running:
        yield running
    databases.drop(url)


class Phone:
    """A browser with nothing stored, enrolled as a new device."""

    def __init__(self, context: BrowserContext, url: str, device: Enrolled) -> None:
        self.context = context
        self.errors: list[str] = []
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        self.url = url
        self.device = device
        self.page = self.tab(f"#key={device.key}")

    def tab(self, address: str = "") -> Page:
        """Another tab."""
        page = self.context.new_page()
        page.goto(f"{self.url}/{address}")
        expect(page.locator("html[data-ready]")).to_be_attached()
        return page


NewPhone = Callable[..., Phone]


@pytest.fixture
def new_phone(browser: Browser, centre: RunningDoor) -> Iterator[NewPhone]:
    """Makes phones, of a width and a time zone that are easily forgotten."""
    phones: list[Phone] = []

    def phone(url: str = centre.url, **options: Any) -> Phone:
        context = browser.new_context(viewport=PHONE, locale="vi-VN", timezone_id="Europe/Berlin", **options)
        context.set_default_timeout(20_000)
        phones.append(Phone(context, url, centre.enrol()))
        return phones[-1]

    yield phone
    for each in phones:
        each.context.close()
    assert [each.errors for each in phones if each.errors] == []


@pytest.fixture
def phone(new_phone: NewPhone) -> Phone:
    """One on the line to the door."""
    return new_phone()


@pytest.fixture(scope="module")
def page(browser: Browser, centre: RunningDoor) -> Iterator[Page]:
    """The page as anybody sees it, to call its modules."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(centre.url)
    expect(page.locator("html[data-ready]")).to_be_attached()
    yield page
    context.close()


@pytest.fixture
def line(centre: RunningDoor) -> Iterator[Line]:
    """A line that fails on cue."""
    through = Line(centre.url)
    yield through
    through.close()


@pytest.fixture
def far_phone(new_phone: NewPhone, line: Line) -> Phone:
    """One on that line, and the page is kept for when it is cut."""
    phone = new_phone(line.url)
    phone.page.evaluate("navigator.serviceWorker.ready")
    return phone


EventsOf = Callable[[Phone], list[dict[str, Any]]]


@pytest.fixture
def record(centre: RunningDoor) -> Iterator[Engine]:
    """What the door records in."""
    engine = connect(centre.settings["MOCGIOI_DATABASE_URL"])
    yield engine
    engine.dispose()


@pytest.fixture
def events_of(record: Engine) -> EventsOf:
    """The events of a device as the record has them, in order."""

    def events(phone: Phone) -> list[dict[str, Any]]:
        query = select(event.c.body).where(event.c.source == phone.device.source).order_by(event.c.sequence)
        return [row.body for row in all_rows(record, query)]

    return events


def fill_in(page: Page, *, kind: str = "xay dung", marker: str = "1088/2") -> None:
    """A report by the plain fields."""
    page.get_by_label("Gõ vài chữ").fill(kind)
    page.locator("#kinds").get_by_role("radio").first.click()
    page.get_by_label("Ngày", exact=True).fill("2025-11-26")
    page.get_by_label("Giờ", exact=True).fill("02:30")
    page.get_by_label("Số mốc").fill(marker)
    page.get_by_role("radio", name="Trung Quốc").check()


def save(page: Page) -> None:
    page.locator("#report").get_by_role("button", name="Lưu và gửi").click()


def expect_events(page: Page, *states: str) -> None:
    """Wait for the list of events, the newest first: `good` (recorded), `sent`, `wait` or `bad`."""
    expect(page.locator("#da-lap")).to_be_visible()
    expect(page.locator("#events li")).to_have_count(len(states))
    for number, state in enumerate(states):
        expect(page.locator("#events li").nth(number)).to_have_attribute("data-state", state)


def test_a_sentence_becomes_a_report_with_a_receipt(phone: Phone, events_of: EventsOf) -> None:
    page = phone.page
    assert "mgk_" not in page.url
    expect(page.locator("#post")).to_have_text("Đồn Tân Thanh")
    page.get_by_label("Viết một câu").fill(SENTENCE)
    page.get_by_role("button", name="Điền từ câu này").click()
    expect(page.get_by_text("Đọc từ câu: “mốc 753”")).to_be_visible()
    page.get_by_role("radio", name="chưa xác định").check()
    save(page)
    expect_events(page, "good")
    expect(page.locator("#events li").first).to_contain_text("Kết luận của máy: sự kiện biên giới")
    (event,) = events_of(phone)
    assert (event["sequence"], event["via"]) == ("00000001", "form")
    assert event["data"] == {
        "kind": "crossing",
        "status": "actual",
        "occurred": {"start": "2025-11-26T02:30:00+07:00", "precision": "minute"},
        "place": {"scheme": "marker", "line": "VN-CN", "marker": "753"},
        "side": "undetermined",
        "direction": "CN-VN",
        "facts": {"authorised": False},
        "measures": [{"what": "persons", "n": 9, "nationality": "CN"}],
    }


def test_what_is_saved_with_the_line_cut_is_sent_in_order_when_it_is_back(far_phone: Phone, line: Line, events_of: EventsOf) -> None:
    page = far_phone.page
    line.is_cut = True
    far_phone.context.set_offline(True)
    page.reload()
    expect(page.locator("#line")).to_have_text("Mất mạng")
    for number, marker in enumerate(("1088/2", "1089", "1090"), 1):
        fill_in(page, marker=marker)
        save(page)
        expect_events(page, *["wait"] * number)
        page.get_by_role("link", name="Báo tin").click()
    line.is_cut = False
    far_phone.context.set_offline(False)
    page.get_by_role("link", name="Tin đã lập").click()
    expect_events(page, "good", "good", "good")
    sent = events_of(far_phone)
    assert [(event["sequence"], event["data"]["place"]["marker"]) for event in sent] == [
        ("00000001", "1088/2"), ("00000002", "1089"), ("00000003", "1090"),
    ]  # fmt: skip


def test_a_line_that_is_cut_without_a_word_and_an_answer_that_is_lost_cost_no_event_and_make_no_second(
    far_phone: Phone, line: Line, events_of: EventsOf
) -> None:
    page = far_phone.page
    line.is_cut = True
    fill_in(page)
    save(page)
    expect_events(page, "wait")
    expect(page.locator("#line")).to_have_text("Mất mạng")
    line.is_cut = False
    line.losing = 1
    page.get_by_role("button", name="Gửi ngay").click()
    expect_events(page, "good")
    assert line.losing == 0
    assert [event["sequence"] for event in events_of(far_phone)] == ["00000001"]


def test_a_report_that_is_being_written_outlasts_a_reload(far_phone: Phone, line: Line, events_of: EventsOf) -> None:
    page = far_phone.page
    line.is_cut = True
    fill_in(page)
    page.get_by_text("Kết thúc, nếu việc kéo dài").click()
    page.get_by_label("Giờ kết thúc").fill("04:00")
    page.get_by_label("Khoảng cách").fill("18")
    page.get_by_role("radio", name="kiên cố", exact=True).check()
    page.get_by_text("Số lượng, hướng").click()
    page.get_by_role("button", name="Thêm số lượng").click()
    page.get_by_label("Bao nhiêu").fill("9")
    page.get_by_label("Diễn biến").fill("Nhà hai tầng.")
    page.reload()
    expect(page.locator("#kind-label")).to_have_text("Xây dựng công trình")
    expect(page.get_by_label("Diễn biến")).to_have_value("Nhà hai tầng.")
    line.is_cut = False
    save(page)
    expect_events(page, "good")
    (event,) = events_of(far_phone)
    assert event["data"]["facts"] == {"permanent": True, "distance_m": 18}
    assert event["data"]["measures"] == [{"what": "persons", "n": 9}]
    occurred = {"start": "2025-11-26T02:30:00+07:00", "end": "2025-11-26T04:00:00+07:00", "precision": "minute"}
    assert event["data"]["occurred"] == occurred


def test_a_gate_that_is_chosen_outlasts_a_reload(phone: Phone) -> None:
    page = phone.page
    page.get_by_role("radio", name="Cửa khẩu", exact=True).check()
    page.locator("#gate").select_option("huu-nghi")
    page.reload()
    expect(page.locator("#gate")).to_have_value("huu-nghi")


def test_the_end_that_a_sentence_tells_is_filled_in_and_sent(phone: Phone, events_of: EventsOf) -> None:
    page = phone.page
    sentences = {
        "Từ 22h15 ngày 25/11/2025 đến 02h30 ngày 26/11/2025": ("2025-11-26", "25T22:15", "26T02:30", "minute"),
        "Rạng sáng ngày 26/11/2025": ("2025-11-26", "26T00:00", "26T06:00", "night"),
        "Từ ngày 24/11 đến ngày 25/11/2025": ("2025-11-25", "24T00:00", "26T00:00", "day"),
    }
    for number, (when, (last_day, *_)) in enumerate(sentences.items(), 1):
        page.get_by_role("link", name="Báo tin").click()
        page.get_by_label("Viết một câu").fill(f"{when}, tại mốc 1106, phía Trung Quốc nổ súng")
        page.get_by_role("button", name="Điền từ câu này").click()
        expect(page.get_by_label("Ngày kết thúc")).to_have_value(last_day)
        save(page)
        expect_events(page, *["good"] * number)
    assert [event["data"]["occurred"] for event in events_of(phone)] == [
        {"start": f"2025-11-{start}:00+07:00", "end": f"2025-11-{end}:00+07:00", "precision": precision}
        for _, start, end, precision in sentences.values()
    ]


def test_a_double_click_saves_one_report(phone: Phone, events_of: EventsOf) -> None:
    page = phone.page
    fill_in(page)
    page.evaluate("() => { const form = document.getElementById('report'); form.requestSubmit(); form.requestSubmit(); }")
    expect_events(page, "good")
    page.get_by_role("link", name="Không có vụ").click()
    page.evaluate("document.getElementById('nil-from').value = document.getElementById('nil-to').value = '2025-11-20'")
    page.get_by_role("button", name="Báo: không có vụ việc").dblclick()
    expect_events(page, "good", "good")
    assert [event["sequence"] for event in events_of(phone)] == ["00000001", "00000002"]


def test_two_tabs_write_two_reports_and_their_numbers_have_no_gap(phone: Phone, events_of: EventsOf) -> None:
    first, second = phone.page, phone.tab()
    fill_in(first, marker="1088/2")
    fill_in(second, marker="1089")
    for page in (first, second):
        page.evaluate("setTimeout(() => document.getElementById('report').requestSubmit(), 100)")
    for page in (first, second):
        expect_events(page, "good", "good")
    sent = events_of(phone)
    assert sorted(event["sequence"] for event in sent) == ["00000001", "00000002"]
    assert {event["data"]["place"]["marker"] for event in sent} == {"1088/2", "1089"}


def test_text_that_is_typed_decomposed_is_sent_composed(phone: Phone, events_of: EventsOf) -> None:
    page = phone.page
    decomposed = unicodedata.normalize("NFD", "Nhà ở của hộ dân, giữa mốc 723 và 724")
    fill_in(page, kind=unicodedata.normalize("NFD", "xây dựng"), marker=unicodedata.normalize("NFD", "giữa mốc 723 và 724"))
    expect(page.locator("#marker-reading")).to_contain_text("Mốc 723-724")
    page.get_by_text("Số lượng, hướng").click()
    page.get_by_label("Diễn biến").fill(decomposed)
    page.get_by_role("textbox", name="Công trình").fill(decomposed)
    save(page)
    expect_events(page, "good")
    (event,) = events_of(phone)
    assert unicodedata.is_normalized("NFC", json.dumps(event, ensure_ascii=False))
    assert event["data"]["text"] == unicodedata.normalize("NFC", decomposed)


def test_a_nil_report_is_two_taps_and_is_refused_for_a_day_with_an_incident(phone: Phone, events_of: EventsOf) -> None:
    page = phone.page
    page.get_by_role("link", name="Không có vụ").click()
    page.get_by_role("button", name="Báo: không có vụ việc").click()
    expect_events(page, "good")
    (event,) = events_of(phone)
    assert (event["type"], event["subject"]) == ("vn.mocgioi.post.reported.v1", "tan-thanh")
    assert decode(json.dumps(event).encode()).data.interval.start.astimezone(HANOI).hour == 0
    page.get_by_role("link", name="Báo tin").click()
    fill_in(page)
    page.get_by_role("button", name="Ngay bây giờ").click()
    save(page)
    expect_events(page, "good", "good")
    page.get_by_role("link", name="Không có vụ").click()
    page.get_by_role("button", name="Báo: không có vụ việc").click()
    expect(page.get_by_role("alert").get_by_text("đã báo 1 vụ")).to_be_visible()
    assert len(events_of(phone)) == 2


def count_in(page: Page, persons: str, way: str = "Từ Việt Nam sang Trung Quốc") -> None:
    """Counts of today at the gate that the page proposes."""
    page.get_by_role("link", name="Lượt qua").click()
    page.get_by_role("radio", name=way).check()
    page.get_by_label("Người", exact=True).fill(persons)


def save_count(page: Page) -> None:
    page.locator("#crossing").get_by_role("button", name="Lưu và gửi").click()


def test_counts_at_a_gate_are_kept_offline_and_told_again_they_are_a_correction(far_phone: Phone, line: Line, events_of: EventsOf) -> None:
    page = far_phone.page
    line.is_cut = True
    count_in(page, "1.240")
    page.get_by_label("Hàng hóa", exact=True).fill("18,5")
    page.reload()
    expect(page.get_by_label("Hàng hóa", exact=True)).to_have_value("18,5")
    page.evaluate("() => { const form = document.getElementById('crossing'); form.requestSubmit(); form.requestSubmit(); }")
    expect_events(page, "wait")
    line.is_cut = False
    count_in(page, "1.250")
    save_count(page)
    expect(page.locator("#errors")).to_contain_text("muốn đính chính thì ghi lý do")
    page.get_by_label("Lý do đính chính").fill("đếm sót một đoàn")
    save_count(page)
    expect_events(page, "good", "good")
    expect(page.locator("#events li").last).to_contain_text("1.240 người, 18,5 tấn hàng hóa")
    page.get_by_role("button", name="Đính chính: Lượt qua").click()
    page.get_by_role("radio", name="Từ Trung Quốc sang Việt Nam").check()
    page.get_by_label("Lý do đính chính").fill("ghi nhầm chiều")
    save_count(page)
    expect_events(page, "good", "good", "good")
    recorded, *corrections = events_of(far_phone)
    today = datetime.now(HANOI).date()
    assert (recorded["type"], recorded["subject"], recorded["via"]) == ("vn.mocgioi.crossing.recorded.v1", "tan-thanh", "form")
    assert recorded["data"] == {
        "status": "actual",
        "gate": "tan-thanh",
        "interval": {"start": f"{today}T00:00:00+07:00", "end": f"{today + timedelta(days=1)}T00:00:00+07:00"},
        "direction": "VN-CN",
        "counts": [{"what": "persons", "n": 1240}, {"what": "goods", "n": 18.5, "unit": "tấn"}],
    }
    assert {event["type"] for event in corrections} == {"vn.mocgioi.crossing.corrected.v1"}
    assert [event["data"]["corrects"]["id"] for event in corrections] == [recorded["id"]] * 2
    assert [event["data"]["direction"] for event in corrections] == ["VN-CN", "CN-VN"]
    page.get_by_role("link", name="Không có vụ").click()
    page.get_by_role("button", name="Báo: không có vụ việc").click()
    expect_events(page, *["good"] * 4)
    assert events_of(far_phone)[-1]["data"]["crossings"] == 1


def test_a_count_that_is_missing_or_wrong_is_named(phone: Phone, events_of: EventsOf) -> None:
    page = phone.page
    page.get_by_role("link", name="Lượt qua").click()
    page.locator("#crossing-gate").select_option("")
    page.get_by_label("Phương tiện").fill("1,5")
    save_count(page)
    alert = page.locator("#errors")
    expect(alert.get_by_role("link")).to_have_count(3)
    alert.get_by_role("link", name="Phương tiện: ghi một số nguyên").click()
    expect(page.get_by_label("Phương tiện")).to_be_focused()
    assert axe_violations(page) == []
    assert events_of(phone) == []


def test_what_waits_is_sent_with_the_page_closed(far_phone: Phone, line: Line, events_of: EventsOf) -> None:
    page = far_phone.page
    line.is_cut = True
    fill_in(page)
    save(page)
    expect_events(page, "wait")
    assert page.evaluate("navigator.serviceWorker.ready.then((registration) => registration.sync.getTags())") == ["send"]
    page.close()
    line.is_cut = False
    browser_says_the_line_is_back(far_phone)
    wait_until(lambda: events_of(far_phone), "the service worker has sent it")
    far_phone.page = far_phone.tab("#da-lap")
    expect_events(far_phone.page, "good")
    assert [event["sequence"] for event in events_of(far_phone)] == ["00000001"]


def browser_says_the_line_is_back(phone: Phone) -> None:
    """Chromium calls its service workers, as it does when a network comes up."""
    blank = phone.context.new_page()
    session = phone.context.new_cdp_session(blank)
    workers: list[dict[str, Any]] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda update: workers.extend(update["registrations"]))
    session.send("ServiceWorker.enable")
    wait_until(lambda: blank.title() == "" and workers, "the worker's registration")  # asking for the title lets the event arrive
    (worker,) = [each for each in workers if each["scopeURL"] == f"{phone.url}/"]
    session.send(
        "ServiceWorker.dispatchSyncEvent",
        {"origin": phone.url, "registrationId": worker["registrationId"], "tag": "send", "lastChance": False},
    )
    blank.close()


def test_what_is_missing_or_wrong_is_named_beside_its_field_and_leads_there(phone: Phone, events_of: EventsOf) -> None:
    page = phone.page
    page.get_by_label("Số mốc").fill("1088-89")
    save(page)
    alert = page.locator("#errors")
    expect(alert).to_be_focused()
    expect(alert.get_by_role("link")).to_have_count(4)
    alert.get_by_role("link", name="đoạn mốc phải ghi từ số nhỏ đến số lớn").click()
    expect(page.get_by_label("Số mốc")).to_be_focused()
    expect(page.get_by_label("Số mốc")).to_have_attribute("aria-invalid", "true")
    assert axe_violations(page) == []
    fill_in(page)
    page.get_by_label("Ngày", exact=True).fill("2100-01-01")
    save(page)
    expect(alert.get_by_role("link")).to_have_count(1)
    expect(alert).to_contain_text("02:30 ngày 01/01/2100 chưa đến")
    page.get_by_label("Ngày", exact=True).fill("2025-11-26")
    page.get_by_text("Kết thúc, nếu việc kéo dài").click()
    page.get_by_label("Ngày kết thúc").fill("2025-11-25")
    save(page)
    expect(alert).to_contain_text("Kết thúc: ghi cả giờ")
    page.get_by_label("Giờ kết thúc").fill("23:00")
    save(page)
    expect(alert).to_contain_text("Kết thúc: 23:00 ngày 25/11/2025 trước lúc xảy ra")
    assert events_of(phone) == []


def test_several_acts_at_sea_are_ticked_and_outlast_a_reload(phone: Phone, events_of: EventsOf) -> None:
    page = phone.page
    fill_in(page, kind="ngan can tren bien")
    for act in ("rượt đuổi", "đâm va"):
        page.get_by_role("checkbox", name=act).check()
    page.reload()
    expect(page.get_by_role("checkbox", name="đâm va")).to_be_checked()
    assert axe_violations(page) == []
    save(page)
    expect_events(page, "good")
    (event,) = events_of(phone)
    assert event["data"]["facts"] == {"act": ["rammed", "chased"]}


def test_facts_are_added_and_a_report_is_withdrawn(phone: Phone, events_of: EventsOf) -> None:
    page = phone.page
    fill_in(page)
    save(page)
    expect_events(page, "good")
    expect(page.locator("#events li").first).to_contain_text("Còn thiếu")
    page.get_by_role("button", name="Bổ sung dữ kiện").click()
    page.get_by_role("dialog").get_by_role("radio", name="chưa thỏa thuận").check()
    page.get_by_role("dialog").get_by_role("button", name="Lưu và gửi").click()
    expect_events(page, "good", "good")
    page.get_by_role("button", name="Rút tin").click()
    assert axe_violations(page) == []
    page.get_by_label("Lý do", exact=True).fill("báo nhầm")
    page.keyboard.press("Enter")
    expect_events(page, "good", "good", "good")
    reported, updated, retracted = events_of(phone)
    assert updated["data"] == {"reason": "bổ sung dữ kiện", "kind": "works", "facts": {"agreed": False}}
    assert retracted["data"] == {"reason": "báo nhầm"}
    assert reported["subject"] == updated["subject"] == retracted["subject"]
    assert reported["time"] < updated["time"] < retracted["time"]
    expect(page.get_by_role("button", name="Rút tin")).to_have_count(0)


def test_a_report_is_written_with_the_keyboard_alone(phone: Phone, events_of: EventsOf) -> None:
    page = phone.page

    def tab_to(name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if (
                page.evaluate("document.activeElement.id || document.activeElement.name || document.activeElement.textContent.trim()")
                == name
            ):
                return
        raise AssertionError(f"{name} is not reached")

    tab_to("kind-search")
    page.keyboard.type("no sung")
    tab_to("kind")
    page.keyboard.press("Space")
    expect(page.locator("#kind-change")).to_be_focused()
    tab_to("now")
    page.keyboard.press("Enter")
    tab_to("marker")
    page.keyboard.type("1106")
    tab_to("side")
    page.keyboard.press("ArrowRight")
    tab_to("Lưu và gửi")
    page.keyboard.press("Enter")
    expect_events(page, "good")
    tab_to("Lượt qua")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Lượt qua cửa khẩu")).to_be_focused()
    tab_to("direction")
    page.keyboard.press("Space")
    tab_to("crossing-persons")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect_events(page, "good", "good")
    report, count = events_of(phone)
    assert (report["data"]["kind"], report["data"]["place"]["marker"], report["data"]["side"]) == ("shooting", "1106", "CN")
    assert count["data"]["counts"] == [{"what": "persons", "n": 12}]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_part_fits_a_narrow_phone_and_axe_finds_nothing(new_phone: NewPhone, scheme: str) -> None:
    page = new_phone(color_scheme=scheme).page
    fill_in(page)
    page.get_by_text("Số lượng, hướng").click()
    page.get_by_role("button", name="Thêm số lượng").click()
    page.get_by_text("Kết thúc, nếu việc kéo dài").click()
    for part in ("bao-tin", "khong-co-vu", "luot-qua", "da-lap", "ghi-danh"):
        page.evaluate(f"location.hash = '#{part}'")
        expect(page.locator(f"#{part}")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], part
        assert axe_violations(page) == [], part
        small = page.evaluate(
            "[...document.querySelectorAll('main :is(button, select, input:not([type=radio], [type=checkbox])), nav a')]"
            ".filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 44).map((e) => e.outerHTML)"
        )
        assert small == [], part


def test_a_new_version_of_the_page_is_taken_and_the_report_being_written_stays(far_phone: Phone, line: Line) -> None:
    page = far_phone.page
    fill_in(page)
    line.rewritten = {b'const VERSION = "': b'const VERSION = "new-', "Báo tin vụ việc".encode(): "Báo tin, bản mới".encode()}
    page.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update())")
    expect(page.get_by_text("Trang có bản mới")).to_be_visible()
    assert axe_violations(page) == []
    with page.expect_navigation():
        page.get_by_role("button", name="Dùng bản mới").click()
    line.is_cut = True
    expect(page.get_by_role("heading", name="Báo tin, bản mới")).to_be_visible()
    expect(page.locator("#kind-label")).to_have_text("Xây dựng công trình")
    expect(page.get_by_label("Số mốc")).to_have_value("1088/2")


def test_a_revoked_key_stops_the_sending_and_what_waits_goes_with_the_next_key(
    phone: Phone, centre: RunningDoor, record: Engine, events_of: EventsOf
) -> None:
    page = phone.page
    devices.revoke(record, phone.device.source)
    with centre.client(phone.device) as client:
        wait_until(lambda: client.get("/v1/receipts").status_code == 401, "the key opens no more")
    fill_in(page)
    save(page)
    expect(page.get_by_role("alert").get_by_text("Khóa đã bị thu hồi")).to_be_visible()
    expect_events(page, "wait")
    expect(page.locator("#tally")).to_contain_text("Máy này đang ngừng gửi.")
    assert axe_violations(page) == []
    count_in(page, "1.240")
    save_count(page)
    page.get_by_role("button", name="Đính chính: Lượt qua").click()
    page.get_by_label("Lý do đính chính").fill("đếm sót")
    save_count(page)
    expect_events(page, "wait", "wait", "wait")
    page.get_by_role("link", name="Nhập lại mã thiết bị").click()
    phone.device = centre.enrol()
    page.get_by_label("Mã thiết bị").fill(phone.device.key)
    page.get_by_role("button", name="Ghi danh").click()
    expect(page.get_by_role("heading", name="Báo tin vụ việc")).to_be_visible()
    page.get_by_role("link", name="Tin đã lập").click()
    expect_events(page, "good", "good", "good")
    report, count, correction = events_of(phone)
    assert [event["sequence"] for event in (report, count, correction)] == ["00000001", "00000002", "00000003"]
    assert correction["data"]["corrects"] == {"source": phone.device.source, "id": count["id"]}


def test_a_key_in_use_on_another_machine_is_not_accepted(phone: Phone, new_phone: NewPhone) -> None:
    fill_in(phone.page)
    save(phone.page)
    expect_events(phone.page, "good")
    other = new_phone().page
    other.goto(f"{phone.url}/#key={phone.device.key}")
    expect(other.get_by_text("Khóa này đã dùng ở máy khác")).to_be_visible()
    other.goto(f"{phone.url}/#key=mgk_wrong")
    expect(other.get_by_text("Khóa không đúng")).to_be_visible()
    assert "mgk_" not in other.url


def test_a_machine_whose_numbers_another_one_uses_sends_no_more(phone: Phone, centre: RunningDoor) -> None:
    page = phone.page
    copy = builders.reported(source=phone.device.source, sequence="1")
    with centre.client(phone.device) as client:
        assert client.post("/v1/events", json=copy, headers={"content-type": "application/cloudevents+json"}).status_code == 202
    fill_in(page)
    save(page)
    expect(page.get_by_role("alert").get_by_text("Khóa của máy này đang được dùng ở máy khác")).to_be_visible()


def test_a_report_that_the_centre_refuses_is_written_again(phone: Phone, events_of: EventsOf) -> None:
    page = phone.page
    fill_in(page)
    page.get_by_text("Số lượng, hướng").click()
    page.get_by_label("Diễn biến").fill("Công văn M&#7852;T, nhà hai tầng.")
    save(page)
    expect_events(page, "bad")
    expect(page.locator("#events")).to_contain_text("có dấu chỉ độ mật")
    page.get_by_role("button", name="Sửa và gửi lại").click()
    expect(page.get_by_label("Số mốc")).to_have_value("1088/2")
    page.get_by_label("Diễn biến").fill("Nhà hai tầng.")
    save(page)
    expect_events(page, "good", "bad")
    assert [(event["sequence"], event["data"]["text"]) for event in events_of(phone)] == [("00000002", "Nhà hai tầng.")]


def test_what_is_marked_secret_is_kept_nowhere_on_the_phone(phone: Phone, events_of: EventsOf) -> None:
    page = phone.page
    fill_in(page)
    page.get_by_text("Số lượng, hướng").click()
    page.get_by_label("Diễn biến").fill("Công văn TUYỆT MẬT số 3")
    save(page)
    expect(page.locator("#errors")).to_contain_text("Có dấu chỉ độ mật")
    assert "TUYỆT" not in page.evaluate("JSON.stringify(localStorage)")
    page.get_by_role("link", name="Tin đã lập").click()
    expect_events(page)


def test_a_clock_that_is_wrong_is_said_and_what_it_would_spoil_is_not_saved(phone: Phone) -> None:
    page = phone.page
    page.clock.set_fixed_time(datetime.now(HANOI) + timedelta(days=900))
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("Đồng hồ của máy chạy nhanh 1296000 phút so với trung tâm")
    fill_in(page)
    save(page)
    expect(page.locator("#errors")).to_contain_text("chỉnh lại giờ của máy")
    page.get_by_role("link", name="Không có vụ").click()
    page.get_by_role("button", name="Báo: không có vụ việc").click()
    expect(page.locator("#errors")).to_contain_text("chỉnh lại giờ của máy")
    count_in(page, "12")
    save_count(page)
    expect(page.locator("#errors")).to_contain_text("chỉnh lại giờ của máy")
    page.get_by_role("link", name="Tin đã lập").click()
    expect_events(page)


def test_a_full_disk_is_said_and_loses_nothing(phone: Phone, events_of: EventsOf) -> None:
    page = phone.page
    fill_in(page)
    page.evaluate("""() => {
        const { add } = IDBObjectStore.prototype;
        IDBObjectStore.prototype.add = function () {
            IDBObjectStore.prototype.add = add;
            throw new DOMException("", "QuotaExceededError");
        };
    }""")
    save(page)
    expect(page.locator("#errors")).to_contain_text("Bộ nhớ của máy đã đầy")
    phone.errors.clear()
    save(page)
    expect_events(page, "good")
    assert [event["sequence"] for event in events_of(phone)] == ["00000001"]


def test_the_page_can_be_installed_and_asks_no_other_host(phone: Phone, centre: RunningDoor) -> None:
    session = phone.context.new_cdp_session(phone.page)
    phone.page.evaluate("navigator.serviceWorker.ready")
    errors = session.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [error["errorId"] for error in errors] == ["in-incognito"]  # as all pages of this test are
    asked = phone.page.evaluate("performance.getEntriesByType('resource').map((entry) => new URL(entry.name).origin)")
    assert set(asked) == {centre.url}
    page = httpx.get(centre.url)
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert httpx.get(centre.url, headers={"if-none-match": page.headers["etag"]}).status_code == 304
    assert httpx.get(f"{centre.url}/form/../sw.js.jinja").status_code == httpx.get(f"{centre.url}/form/x.js").status_code == 404


def test_a_sentence_is_read_only_for_a_device(centre: RunningDoor) -> None:
    assert httpx.post(f"{centre.url}/v1/draft", json={"text": SENTENCE}).status_code == 401
    with centre.client(centre.enrol()) as client:
        assert client.post("/v1/draft", json={"text": "Công văn TUYỆT MẬT số 3"}).json()["code"] == "secret"
        assert client.post("/v1/draft", json={"text": 753}).json()["code"] == "json"
        assert client.post("/v1/draft", json={"text": SENTENCE}).json()["event"]["data"]["kind"] == "crossing"


def test_a_marking_that_the_page_sees_is_one_and_it_sees_those_that_are_written_plainly(page: Page) -> None:
    script = "async (texts) => { const { isMarkedSecret } = await import('/form/js/secrecy.js'); return texts.filter(isMarkedSecret); }"
    assert page.evaluate(script, WORDS) == []
    plain = [
        "MẬT",
        "Tài liệu MẬT về biên giới",
        "tối mật",
        "TUYỆT MẬT",
        "Độ mật: Mật",
        "(mật)",
        "“Mật”",
        "TUYET MAT",
        "DO MAT: MAT",
        "M Ậ T",
    ]
    assert all(map(marked_secret, plain))
    for form in ("NFC", "NFD"):
        texts = [unicodedata.normalize(form, text) for text in plain]
        assert page.evaluate(script, texts) == texts


def test_the_marker_field_reads_as_the_centre_does(page: Page) -> None:
    texts = [*_marker_texts()]
    script = "async (texts) => { const { parse } = await import('/form/js/markers.js'); return texts.map((text) => parse(text)); }"
    for text, there in zip(texts, page.evaluate(script, texts), strict=True):
        here = markers.parse(text)
        assert (there["canonical"], there["review"]) == (here.canonical, here.review), text
        assert there["items"] == [{"from": item["from"], "to": item["to"]} for item in markers.as_json(here)["items"]], text


def test_the_marker_field_knows_the_province_of_every_marker_on_its_day(page: Page) -> None:
    numbers = [*map(str, range(1379)), "87-171", "171-172", "1088/2-1089", "79, 87"]
    days = ["2019-06-30", "2025-06-30", "2025-07-01"]
    script = """async ([texts, days]) => {
        const [{ parse }, register] = await Promise.all([import('/form/js/markers.js'), import('/form/js/register.js')]);
        return days.map((day) => texts.map((text) => register.provinceOf(parse(text).items, day)));
    }"""
    for day, there in zip(days, page.evaluate(script, [numbers, days]), strict=True):
        assert there == [places.province_of_marker(markers.parse(text).items, date.fromisoformat(day)) for text in numbers]


PIECES = (
    "mốc ", "Mốc ", "M", "m", "MG ", "m ", "753", "754", "1088/2", "1089", "12", "12/3", "28/12/2025", "09", "1378", "1379", "5", "(1)", "(2)", "(4)",
    " - ", "-", "–", " đến ", " tới mốc ", ", ", " và ", "; ", " & ", "+300", "+ 367m", " - 500m", "-20m", " người", " xe", " tháng 6", " năm 2021",
    "giữa ", " từ ", "khu vực mốc ", "cột mốc số ", " hoặc ", "?", " (Trà Lĩnh)", " xã Tri Phương", " phát hiện ", " 3 vụ", "súng ", "khẩu ",
    " 18h", "ngày ", "\u00a0", ".", " thuộc ", "１２", "\x1c", "、", "😀", "các mốc ", "1,", "/", "Đến ",
)  # fmt: skip


def _marker_texts() -> Iterator[str]:
    """What people write, what is unclear, and pieces of both in any order."""
    for text in (*READ, *UNCLEAR, *PARTLY):
        yield from {text, unicodedata.normalize("NFD", text)}
    chance = random.Random(753)
    for _ in range(5_000):
        yield "".join(chance.choices(PIECES, k=chance.randint(1, 8)))
