"""A real Chromium, Debian's, and axe-core, which finds what a page keeps from people who do not see it or use no mouse."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.npm import CACHE, npm_file

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
AXE_VERSION = "4.10.3"
AXE_SHA256 = "880970c081707360e64f34cea25ff91892f5bc95675b0776925b9709dd8a68bb"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser. It is installed where it is missing; raises `RuntimeError` with what to do where that is not possible."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_program(), args=ARGUMENTS)
        yield browser
        browser.close()


def axe_violations(page: Page) -> list[dict[str, Any]]:
    """What axe-core finds wrong with a page as it is shown now: the rule, and the elements."""
    axe = npm_file("axe-core", AXE_VERSION, "axe.min.js", AXE_SHA256).decode()
    violations = page.evaluate(f"async () => {{ {axe}; return (await axe.run()).violations; }}")
    return [{"rule": each["id"], "at": [node["html"] for node in each["nodes"]]} for each in violations]


def _program() -> str:
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "chromium.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        program = shutil.which("chromium") or shutil.which("google-chrome")
        if program is None:
            _install()
            program = shutil.which("chromium")
    if program is None:
        raise RuntimeError("apt-get installed chromium, but there is no program of that name")
    return program


def _install() -> None:
    advice = "install Chromium (Debian and Ubuntu: apt-get install chromium) and run again"
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise RuntimeError(f"chromium is not there, and only root may install it by apt-get: {advice}")
    for command in (["apt-get", "-qq", "update"], ["apt-get", "-qq", "install", "--yes", "--no-install-recommends", "chromium"]):
        done = subprocess.run(
            command, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, capture_output=True, text=True, timeout=600, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {advice}\n{done.stdout}{done.stderr}")
