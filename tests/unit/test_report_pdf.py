"""A report as PDF: made by LibreOffice where it is installed, refused in one sentence where it is not."""

import errno
import os
import re
import shutil
from pathlib import Path

import pytest

from reports.documents import render
from reports.documents.pdf import NoLibreOffice, NotConverted, pdf
from tests.support.reports import breaches_2019


def a_program(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a `soffice` of ours before any other."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_a_report_is_a_pdf_of_its_pages_or_says_what_to_install() -> None:
    if not any(map(shutil.which, ("soffice", "libreoffice"))):
        with pytest.raises(NoLibreOffice):
            render(breaches_2019(), "pdf")
        return
    made = render(breaches_2019(), "pdf")
    assert made.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", made)) >= 5, "the text, the tables and an annex a page"


def test_where_libreoffice_is_missing_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoLibreOffice, match=r"apt-get install \S+ libreoffice-writer-nogui") as refused:
        pdf(b"")
    assert "\n" not in refused.value.sentence


def test_a_libreoffice_that_hangs_is_killed_with_its_children(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    held = tmp_path / "held"
    os.mkfifo(held)
    a_program(tmp_path, f"cat {held} & wait", monkeypatch)
    with pytest.raises(NotConverted, match=r"quá 0.3 giây"):
        pdf(b"", timeout_s=0.3)
    while is_read(held):
        os.sched_yield()


def is_read(pipe: Path) -> bool:
    """Whether a process holds its end for reading."""
    try:
        os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
    except OSError as error:
        if error.errno == errno.ENXIO:
            return False
        raise
    return True


def test_a_libreoffice_that_makes_nothing_is_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    a_program(tmp_path, "echo 'Error: source file could not be loaded'", monkeypatch)
    with pytest.raises(NotConverted, match="could not be loaded"):
        pdf(b"")


def test_each_run_has_a_profile_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    a_program(tmp_path, f'echo "$@" >> {tmp_path}/runs', monkeypatch)
    for _ in range(2):
        with pytest.raises(NotConverted):
            pdf(b"")
    profiles = re.findall(r"-env:UserInstallation=file:///\S+", (tmp_path / "runs").read_text())
    assert len(set(profiles)) == 2
