"""The files of the page, and the service worker that keeps them: its version is a hash of all it keeps."""

import functools
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

import orjson

from web.form.border_json import border_json

_AT_THE_ROOT = {"index.html": "/", "manifest.webmanifest": "/manifest.webmanifest", "sw-sync.js": "/sw-sync.js"}
_TYPES = {".js": "text/javascript; charset=utf-8", ".webmanifest": "application/manifest+json", ".css": "text/css; charset=utf-8"}
WORKER = "sw.js"


@dataclass(frozen=True, slots=True)
class File:
    """A file of the page."""

    body: bytes
    media_type: str


@functools.cache
def page(codebook: bytes) -> Mapping[str, File]:
    """Every file by its path, the worker last. `codebook`: what `/v1/codebook` serves, which the worker keeps too."""
    folder = resources.files("web.form").joinpath("static")
    files = {
        _AT_THE_ROOT.get(name, f"/form/{name}"): File(file.read_bytes(), _media_type(name))
        for name, file in sorted(_walk(folder))
        if name != WORKER
    }
    files["/form/border.json"] = File(border_json(), "application/json")
    kept = {path: file.body for path, file in files.items()} | {"/v1/codebook": codebook}
    worker = folder.joinpath(WORKER).read_text(encoding="utf-8")
    version = hashlib.sha256(b"\0".join([worker.encode(), *(part for path, body in kept.items() for part in (path.encode(), body))]))
    text = worker.replace("__VERSION__", version.hexdigest()[:16]).replace("__FILES__", orjson.dumps(list(kept)).decode())
    return files | {f"/{WORKER}": File(text.encode(), _media_type(WORKER))}


def _walk(folder: Traversable, before: str = "") -> list[tuple[str, Traversable]]:
    files: list[tuple[str, Traversable]] = []
    for entry in folder.iterdir():
        name = f"{before}{entry.name}"
        files += _walk(entry, f"{name}/") if entry.is_dir() else [(name, entry)]
    return files


def _media_type(name: str) -> str:
    suffix = name[name.rindex(".") :]
    return _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
