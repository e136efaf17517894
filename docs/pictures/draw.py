"""Draw the pictures of `docs/` from what the real commands print: `make pictures`.

Needs LibreOffice Writer, poppler's `pdftoppm`, Chromium and the fonts Liberation and Droid Fallback; on Debian:
`apt-get install --no-install-recommends libreoffice-writer-nogui poppler-utils chromium fonts-liberation2 fonts-droid-fallback`.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from rich.text import Text

PICTURES = Path(__file__).parent
EXAMPLE = PICTURES.parent / "vi" / "vi-du.jsonl"
PUBLISHED = PICTURES.parents[1] / "mocgioi" / "data" / "published.jsonl"
CODEBOOK = PICTURES.parent / "codebook.html"
MOCGIOI = Path(sys.executable).with_name("mocgioi")
COLUMNS = 120
LARGEST = 150_000
"""Bytes of a picture."""
TERMINAL = """<!doctype html><meta charset="utf-8"><style>{stylesheet} body {{ margin: 12px 16px; background: {background}; color: {foreground}; }}
pre {{ margin: 0; font: 14px/1.35 "Liberation Mono", monospace; }}</style><pre>{code}</pre>"""
WORKS = "09h00 ngày 26/11/2026, tại mốc 1088/2, phía Trung Quốc xây mới nhà kiên cố cách đường biên giới 18 m"
SENTENCE = "02h30 ngày 11/3/2021, tại mốc 753, Đồn CK Trà Lĩnh phát hiện 09 người Trung Quốc nhập cảnh trái phép"


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(folder, "ingest", str(EXAMPLE))
        form(folder)
        officers(folder)
        terminal(folder, "draft", "draft", SENTENCE)
        terminal(folder, "incident", "incidents", "show", "inc-vi-du-1")
        terminal(folder, "doctor", "doctor")
        report(folder)
        save("codebook", browse(folder, CODEBOOK, width=1200, height=900))


def run(folder: Path, *arguments: str) -> str:
    """What a command prints on a terminal of `COLUMNS` columns, with the data in `folder`."""
    environment = os.environ | {"MOCGIOI_HOME": str(folder / "data"), "FORCE_COLOR": "1", "COLUMNS": str(COLUMNS)}
    return subprocess.run([MOCGIOI, *arguments], env=environment, stdout=subprocess.PIPE, text=True, timeout=120, check=True).stdout


def terminal(folder: Path, name: str, *arguments: str) -> None:
    """A picture of a command and what it prints."""
    typed = " ".join(f'"{argument}"' if " " in argument else argument for argument in arguments)
    console = Console(record=True, file=io.StringIO(), width=COLUMNS)
    console.print(Text.assemble(("$ ", "dim"), (f"mocgioi {typed}\n", "bold")))
    console.print(Text.from_ansi(run(folder, *arguments).replace(str(folder), "~")))
    page = folder / f"{name}.html"
    page.write_text(console.export_html(theme=DEFAULT_TERMINAL_THEME, code_format=TERMINAL), encoding="utf-8")
    save(name, trimmed(browse(folder, page, width=1090, height=1600)))


def form(folder: Path) -> None:
    """The page for posts on a phone: the sentence and what it fills in, and the receipt."""
    pictures = []
    with served(folder / "door") as url, sync_playwright() as playwright:
        added = subprocess.run(
            [MOCGIOI, "devices", "add", "--post", "tan-thanh", "--json"], env=settings(folder / "door"), stdout=subprocess.PIPE, check=True
        )
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(
            viewport={"width": 390, "height": 780}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", color_scheme="light"
        )
        page.goto(f"{url}/#key={json.loads(added.stdout)['key']}")
        page.get_by_role("heading", name="Báo tin vụ việc").wait_for()
        page.get_by_label("Viết một câu").fill(WORKS)
        page.get_by_role("button", name="Điền từ câu này").click()
        page.get_by_text("Đọc từ câu").first.wait_for()
        page.evaluate("document.getElementById('message').textContent = ''")
        for id_ in ("report-title", "where"):
            page.evaluate(f"scrollTo(0, document.getElementById('{id_}').getBoundingClientRect().top + scrollY - 130)")
            pictures.append(Image.open(io.BytesIO(page.screenshot())))
        page.locator("#report").get_by_role("button", name="Lưu và gửi").click()
        page.get_by_text("Đã ghi nhận").wait_for()
        page.evaluate("scrollTo(0, 0)")
        pictures.append(Image.open(io.BytesIO(page.screenshot())))
        browser.close()
    whole = Image.new("RGB", (3 * 390 + 2 * 20, 780), "white")
    for number, picture in enumerate(pictures):
        whole.paste(picture, (number * 410, 0))
    save("form", whole)


def officers(folder: Path) -> None:
    """The officers' pages: the line with the published incidents and the example's, and one of these."""
    home, password = folder / "officers", "mat-khau-cua-an"
    for events in (PUBLISHED, EXAMPLE):
        subprocess.run([MOCGIOI, "ingest", events], env=settings(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    add = [MOCGIOI, "users", "add", "an", "--role", "duty", "--password-stdin"]
    subprocess.run(add, env=settings(home), input=password, text=True, stdout=subprocess.DEVNULL, check=True)
    with served(home) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="vi-VN", color_scheme="light")
        page.goto(f"{url}/duty/login")
        page.get_by_label("Tên đăng nhập").fill("an")
        page.get_by_label("Mật khẩu").fill(password)
        page.keyboard.press("Enter")
        page.locator(".incidents").wait_for()
        for name, address in (("duong-bien", "/duty"), ("truc-ban", "/duty/incidents/inc-vi-du-1")):
            page.goto(url + address)
            save(name, Image.open(io.BytesIO(page.screenshot())), colours=128)
        browser.close()


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of a door whose data lie in `home`."""
    process = subprocess.Popen([MOCGIOI, "serve", "--port", "0"], env=settings(home), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    lines = process.stdout or []
    yield next(f"http://127.0.0.1:{json.loads(line)['port']}" for line in lines if b'"listening"' in line)
    process.terminate()
    process.communicate(timeout=60)


def settings(home: Path) -> dict[str, str]:
    """The environment of a command that has its data in `home`."""
    return os.environ | {"MOCGIOI_HOME": str(home), "MOCGIOI_LOG": "json"}


def report(folder: Path) -> None:
    """A picture of a report's first page."""
    document = folder / "report.docx"
    run(folder, "report", "build", "--unit", "lang-son", "--period", "2026-01", "--format", "docx", "-o", str(document))
    office = ["soffice", f"-env:UserInstallation={(folder / 'office').as_uri()}", "--headless", "--norestore"]
    subprocess.run([*office, "--convert-to", "pdf", "--outdir", folder, document], stdout=subprocess.DEVNULL, timeout=120, check=True)
    pages = ["pdftoppm", "-r", "80", "-singlefile", "-png", document.with_suffix(".pdf"), document.with_suffix("")]
    subprocess.run(pages, timeout=60, check=True)
    save("report", Image.open(document.with_suffix(".png")))


def browse(folder: Path, page: Path, *, width: int, height: int) -> Image.Image:
    """A page as Chromium shows it."""
    picture = folder / f"{page.stem}.png"
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={folder / 'browser'}"]
    command += [f"--window-size={width},{height}", f"--screenshot={picture}", page.as_uri()]
    subprocess.run(command, stderr=subprocess.DEVNULL, timeout=60, check=True)
    return Image.open(picture)


def trimmed(picture: Image.Image) -> Image.Image:
    """Without the empty rows below, but for a margin."""
    picture = picture.convert("RGB")
    empty = Image.new("RGB", picture.size, picture.getpixel((0, 0)))
    _, _, _, bottom = ImageChops.difference(picture, empty).getbbox() or (0, 0, *picture.size)
    return picture.crop((0, 0, picture.width, min(bottom + 12, picture.height)))


def save(name: str, picture: Image.Image, *, colours: int = 32) -> None:
    """Into `docs/pictures`, with few colours, so that a checkout stays small."""
    file = PICTURES / f"{name}.png"
    picture.convert("RGB").quantize(colours).save(file, optimize=True)
    if file.stat().st_size > LARGEST:
        raise SystemExit(f"{file.name}: {file.stat().st_size} bytes, more than {LARGEST}")


if __name__ == "__main__":
    main()
