"""Draw the pictures of `docs/` from what the real commands print: `make pictures`.

Needs LibreOffice Writer, poppler's `pdftoppm`, Chromium and the fonts Liberation and Droid Fallback; on Debian:
`apt-get install --no-install-recommends libreoffice-writer-nogui poppler-utils chromium fonts-liberation2 fonts-droid-fallback`.
"""

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops
from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME
from rich.text import Text

PICTURES = Path(__file__).parent
EXAMPLE = PICTURES.parent / "vi" / "vi-du.jsonl"
CODEBOOK = PICTURES.parent / "codebook.html"
MOCGIOI = Path(sys.executable).with_name("mocgioi")
COLUMNS = 120
LARGEST = 150_000
"""Bytes of a picture."""
TERMINAL = """<!doctype html><meta charset="utf-8"><style>{stylesheet} body {{ margin: 12px 16px; background: {background}; color: {foreground}; }}
pre {{ margin: 0; font: 14px/1.35 "Liberation Mono", monospace; }}</style><pre>{code}</pre>"""
SENTENCE = "02h30 ngày 11/3/2021, tại mốc 753, Đồn CK Trà Lĩnh phát hiện 09 người Trung Quốc nhập cảnh trái phép"


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(folder, "ingest", str(EXAMPLE))
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


def save(name: str, picture: Image.Image) -> None:
    """Into `docs/pictures`, with few colours, so that a checkout stays small."""
    file = PICTURES / f"{name}.png"
    picture.convert("RGB").quantize(32).save(file, optimize=True)
    if file.stat().st_size > LARGEST:
        raise SystemExit(f"{file.name}: {file.stat().st_size} bytes, more than {LARGEST}")


if __name__ == "__main__":
    main()
