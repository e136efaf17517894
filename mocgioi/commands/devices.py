"""`mocgioi devices`: which machines may report to the door, and their keys."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sinks.record.devices import Issued

devices = typer.Typer(help="Thiết bị của đồn và khóa của chúng · the devices of posts, and their keys.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="JSON")]
Server = Annotated[str, typer.Option("--server", metavar="URL", help="địa chỉ cửa, để in đường dẫn · the door's address, for the link")]
Source = Annotated[str, typer.Argument(metavar="SOURCE", help="thiết bị, như · a device such as /posts/tan-thanh/d1")]
_SERVER = "https://TRUNG-TAM"
"""Stands for an address that the command does not know."""
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST = 200


def add_to(app: typer.Typer) -> None:
    """Hang the commands under the program."""
    app.add_typer(devices, name="devices")


@devices.command(short_help="Thêm thiết bị cho một đồn · enrol a device of a post")
def add(
    post: Annotated[str, typer.Option("--post", metavar="POST", help="mã đồn, như · the post's slug, such as tan-thanh")],
    server: Server = _SERVER,
    as_json: AsJson = False,
) -> None:
    """Thêm thiết bị cho một đồn; khóa chỉ hiện một lần · enrol a device of a post; its key is shown this once."""
    from border.places import posts
    from mocgioi.service.database import record_engine
    from mocgioi.service.settings import load
    from mocgioi.service.spooling import unknown_source
    from mocgioi.views.output import USAGE, fail
    from schemas.problems import nearest
    from sinks.record.devices import add as enrol

    if not _SLUG.fullmatch(post) or len(post) > _LONGEST:
        fail("usage", f"--post {post!r}: cần mã đồn như · needs a slug like tan-thanh{nearest(post, posts())}", USAGE)
    if post not in posts():
        unknown_source(f"/posts/{post}")
    with record_engine(load()) as engine:
        _show(enrol(engine, post), server, as_json=as_json)


@devices.command("list", short_help="Các thiết bị · the devices")
def list_(as_json: AsJson = False) -> None:
    """Các thiết bị đã thêm · all devices, and since when each has its key."""
    from mocgioi.service.database import record_engine
    from mocgioi.service.settings import load
    from mocgioi.views.output import document, table
    from sinks.query.shown import in_hanoi
    from sinks.record import devices as record

    with record_engine(load()) as engine:
        rows = [
            {
                "source": device.source,
                "enrolled_at": in_hanoi(device.enrolled_at),
                "key_issued_at": in_hanoi(device.issued_at),
                "revoked_at": in_hanoi(device.revoked_at),
            }
            for device in record.devices(engine)
        ]
    if as_json:
        document(rows)
    else:
        table(["Thiết bị", "Ghi danh", "Khóa từ", "Thu hồi"], [tuple(row.values()) for row in rows], title="Thiết bị · devices")


@devices.command(short_help="Thay khóa · give a device another key")
def rotate(source: Source, server: Server = _SERVER, as_json: AsJson = False) -> None:
    """Thay khóa của một thiết bị; khóa cũ hết hiệu lực trong 10 giây · another key for a device; the old one ends within 10 s."""
    from mocgioi.service.database import record_engine
    from mocgioi.service.settings import load
    from sinks.record import devices as record

    with record_engine(load()) as engine:
        _show(record.rotate(engine, source), server, as_json=as_json)


@devices.command(short_help="Thu hồi khóa · take a device's key away")
def revoke(source: Source, as_json: AsJson = False) -> None:
    """Thu hồi khóa của một thiết bị, trong 10 giây · a device may no longer report, within 10 s."""
    from mocgioi.service.database import record_engine
    from mocgioi.service.settings import load
    from mocgioi.views.output import document, say
    from sinks.record import devices as record

    with record_engine(load()) as engine:
        record.revoke(engine, source)
    if as_json:
        document({"source": source, "revoked": True})
    else:
        say(f"{source}: đã thu hồi khóa · its key is revoked")


def _show(issued: "Issued", server: str, *, as_json: bool) -> None:
    from mocgioi.views.output import document, say

    if as_json:
        document({"source": issued.source, "key": issued.key})
        return
    address = server.rstrip("/")
    say(f"{issued.source}: {issued.key}")
    say("Khóa chỉ hiện lần này · the key is shown this once")
    say(f"trên điện thoại, máy tính, mở đường dẫn · on a phone or computer, open: {address}/#key={issued.key}")
    say(f"trên máy có lệnh · on a machine with the command: mocgioi post enrol --server {address} --key {issued.key}")
