"""`mocgioi users`: who may watch the officers' pages and act as a duty officer."""

import sys
from typing import Annotated

import typer

from border.provinces import Province
from mocgioi.commands.code_options import parser_of
from mocgioi.commands.options import AsJson

users = typer.Typer(help="Người dùng của trung tâm · the users of the centre.", no_args_is_help=True)

ROLES = ("viewer", "duty", "admin")
Login = Annotated[str, typer.Argument(metavar="LOGIN", help="tên đăng nhập, không phải tên người · a login, no person's name")]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="đọc mật khẩu từ stdin, một dòng · read the password from stdin, one line")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(users, name="users")


@users.command(short_help="Thêm người dùng · add a user")
def add(
    login: Login,
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help=f"vai trò · what the user may do: {', '.join(ROLES)}")],
    province: Annotated[
        Province | None,
        typer.Option(
            parser=parser_of(Province),
            metavar="PROVINCE",
            help="chỉ thấy tỉnh này; không ghi là cả tuyến · sees only it, else the whole line",
        ),
    ] = None,
    office: Annotated[
        str | None,
        typer.Option("--office", metavar="OFFICE", help="cơ quan, mặc định so-ngoai-vu-<tỉnh> hoặc uy-ban-bien-gioi · the user's office"),
    ] = None,
    password_stdin: PasswordStdin = False,
    as_json: AsJson = False,
) -> None:
    """Thêm người dùng; mật khẩu ít nhất 10 ký tự · add a user; the password has at least 10 characters."""
    from duty import users as record
    from mocgioi.service.database import record_engine
    from mocgioi.views.output import USAGE, document, fail, say

    if role not in ROLES:
        fail("usage", f"--role {role!r}: cần một trong · needs one of {', '.join(ROLES)}", USAGE)
    password = _password(from_stdin=password_stdin)
    with record_engine() as engine:
        user = record.add(engine, login, record.Role(role), password, province=province, office=office)
    if as_json:
        document({"login": user.login, "role": user.role, "province": user.province, "office": user.office})
    else:
        say(f"{user.login}: đã thêm · added, {user.role}, {user.office}")


@users.command("list", short_help="Các người dùng · the users")
def list_(as_json: AsJson = False) -> None:
    """Các người dùng, kể cả đã khóa · all users, the disabled too."""
    from duty.users import users as all_users
    from mocgioi.service.database import record_engine
    from mocgioi.views.output import document, table
    from sinks.query.shown import in_hanoi

    with record_engine() as engine:
        rows = [
            {
                "login": account.user.login,
                "role": account.user.role,
                "province": account.user.province,
                "office": account.user.office,
                "created_at": in_hanoi(account.created_at),
                "disabled_at": in_hanoi(account.disabled_at),
                "locked_until": in_hanoi(account.locked_until),
            }
            for account in all_users(engine)
        ]
    if as_json:
        document(rows)
        return
    columns = [
        "Người dùng\nlogin",
        "Vai trò\nrole",
        "Tỉnh\nprovince",
        "Cơ quan\noffice",
        "Từ\nsince",
        "Đã khóa\ndisabled",
        "Tạm khóa\nlocked",
    ]
    table(columns, [tuple(row.values()) for row in rows], title=f"{len(rows)} người dùng · users")


@users.command(short_help="Đổi mật khẩu · another password")
def passwd(login: Login, password_stdin: PasswordStdin = False, as_json: AsJson = False) -> None:
    """Đổi mật khẩu của một người dùng, mở tạm khóa · give a user another password, and end a lockout."""
    from duty.users import set_password
    from mocgioi.service.database import record_engine
    from mocgioi.views.output import document, say

    password = _password(from_stdin=password_stdin)
    with record_engine() as engine:
        set_password(engine, login, password)
    if as_json:
        document({"login": login, "changed": True})
    else:
        say(f"{login}: đã đổi mật khẩu · the password is changed")


@users.command(short_help="Khóa người dùng · disable a user")
def disable(login: Login, as_json: AsJson = False) -> None:
    """Khóa một người dùng; tên không dùng lại · a user gets in no more; the login is not given again."""
    from duty.users import disable as disable_user
    from mocgioi.service.database import record_engine
    from mocgioi.views.output import document, say

    with record_engine() as engine:
        disable_user(engine, login)
    if as_json:
        document({"login": login, "disabled": True})
    else:
        say(f"{login}: đã khóa · disabled")


def _password(*, from_stdin: bool) -> str:
    """The password: a line of stdin, or asked for twice on a terminal. Never an argument, which other users of the machine may read."""
    from mocgioi.views.output import USAGE, fail

    if from_stdin:
        try:
            return sys.stdin.readline().rstrip("\r\n")
        except UnicodeDecodeError:
            fail("value", "password: cần UTF-8 · must be UTF-8")
    if not sys.stdin.isatty():
        fail("usage", "mật khẩu: thêm --password-stdin · the password is read from stdin with that option", USAGE)
    password: str = typer.prompt("Mật khẩu · password", hide_input=True, confirmation_prompt=True, err=True)
    return password
