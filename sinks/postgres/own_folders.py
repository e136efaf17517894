"""Folders and lock files of ours where others may write too. No symlink is followed, so root never changes a file that is somebody else's."""

import os
from pathlib import Path
from typing import IO

from sinks.postgres.binaries import OtherUser, Runner, ServerProblem

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def own_folder(folder: Path, runner: Runner) -> Path:
    """Make a folder that only its runner may use, where there is none. Raises `ServerProblem` for a symlink or somebody else's folder.

    All of this goes through handles, so a folder that is put in its place meanwhile stays untouched.
    """
    privileged = isinstance(runner, OtherUser)
    parent = os.open(folder.parent, _FOLDER if privileged else os.O_RDONLY | os.O_DIRECTORY)
    try:
        is_new = _make(folder.name, parent)
        handle = _open(folder, parent)
        try:
            if is_new and privileged:
                os.fchown(handle, runner.uid, runner.gid)
            if os.fstat(handle).st_uid != runner.uid:
                raise ServerProblem(
                    f"{folder} thuộc về người dùng khác: xóa đi hoặc đặt MOCGIOI_HOME / "
                    f"{folder} is another user's: remove it or set MOCGIOI_HOME"
                )
            os.fchmod(handle, 0o700)
        finally:
            os.close(handle)
    finally:
        os.close(parent)
    return folder


def refuse_symlink(path: Path) -> None:
    """Raise `ServerProblem` for a symlink."""
    if path.is_symlink():
        raise ServerProblem(
            f"{path} là symlink, không đi theo: xóa đi hoặc đặt MOCGIOI_HOME / {path} is a symlink: remove it or set MOCGIOI_HOME"
        )


def lock_file(path: Path) -> IO[bytes]:
    """Open a file to lock, and make it where there is none. Raises `ServerProblem`."""
    try:
        return open(path, "ab", opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW, 0o666))  # a `Path` opens without one
    except OSError as error:
        raise ServerProblem(f"không mở được {path}: đặt MOCGIOI_HOME / cannot open {path}, set MOCGIOI_HOME: {error}") from error


def _make(name: str, parent: int) -> bool:
    try:
        os.mkdir(name, mode=0o700, dir_fd=parent)
    except FileExistsError:
        return False
    return True


def _open(folder: Path, parent: int) -> int:
    try:
        return os.open(folder.name, _FOLDER, dir_fd=parent)
    except OSError as error:
        refuse_symlink(folder)
        raise ServerProblem(f"không mở được {folder} / cannot open {folder}: {error}") from error
