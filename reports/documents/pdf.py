"""A Word document as PDF, by the LibreOffice of this machine.

No PDF is kept: LibreOffice stamps the clock into each, so the Word document is what stays the same, and a PDF is made from it when asked for.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from schemas.failures import USAGE, Failure

_PROGRAMS = ("soffice", "libreoffice")
_SHOWN = 200
"""Characters of what LibreOffice says, in an error."""


class NoLibreOffice(Failure):
    """There is no LibreOffice on this machine."""

    code = "libreoffice_missing"
    exit_code = USAGE

    def __init__(self) -> None:
        super().__init__(
            "PDF cần LibreOffice, máy này chưa có; trên Debian, Ubuntu hãy chạy · a PDF needs LibreOffice, which is not installed; run: "
            "apt-get install --no-install-recommends libreoffice-writer-nogui fonts-liberation2"
        )


class NotConverted(Failure):
    """LibreOffice made no PDF."""

    code = "libreoffice_failed"

    def __init__(self, why: str) -> None:
        super().__init__(f"LibreOffice không tạo được PDF · made no PDF: {why}")


def pdf(word: bytes, timeout_s: float = 120) -> bytes:
    """The PDF of a Word document. Raises `NoLibreOffice` and `NotConverted`."""
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise NoLibreOffice
    with tempfile.TemporaryDirectory(prefix="mocgioi-pdf-") as name:
        folder = Path(name)
        source, made = folder / "report.docx", folder / "report.pdf"
        source.write_bytes(word)
        # Two that share a profile would wait for each other, or quietly do nothing.
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        convert = ("--convert-to", "pdf", "--outdir", name, str(source))
        output = _run([program, "--headless", "--nologo", "--norestore", profile, *convert], timeout_s)
        if not made.exists():
            raise NotConverted(output or "không nói vì sao · it does not say why")
        return made.read_bytes()


def _run(command: list[str], timeout_s: float) -> str:
    """Run to the end, and kill it with its children where it does not end in time. The beginning of what it says, in one line."""
    with subprocess.Popen(  # noqa: S603  # found on the path, no shell
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    ) as process:
        try:
            output, _ = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            raise NotConverted(f"quá {timeout_s:g} giây · not within {timeout_s:g} s") from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)  # the program is a script, and its child does the work
    return " ".join(output.decode(errors="replace").split())[:_SHOWN]
