"""`mocgioi users`: who may watch and act, added and changed at the centre."""

import pytest

from tests.support.commands import Command, Ended

PASSWORD = "mật khẩu đủ dài"


def added(command: Command, *options: str, password: str | bytes = PASSWORD) -> Ended:
    typed = password if isinstance(password, bytes) else password.encode()
    return command("users", "add", *options, "--password-stdin", stdin=typed + b"\n")


def test_users_are_added_listed_changed_and_disabled(command: Command) -> None:
    assert added(command, "an", "--role", "duty", "--province", "Lạng Sơn", "--json").document == {
        "login": "an",
        "role": "duty",
        "province": "lang-son",
        "office": "so-ngoai-vu-lang-son",
    }
    assert added(command, "binh", "--role", "admin").code == 0
    assert command("users", "passwd", "an", "--password-stdin", "--json", stdin=b"another password\n").document == {
        "login": "an",
        "changed": True,
    }
    assert command("users", "disable", "binh", "--json").document == {"login": "binh", "disabled": True}
    an, binh = command("users", "list", "--json").document
    assert (an["login"], an["province"], an["disabled_at"], an["locked_until"]) == ("an", "lang-son", None, None)
    assert (binh["login"], binh["role"], binh["office"], binh["disabled_at"] is None) == ("binh", "admin", "uy-ban-bien-gioi", False)
    assert "password" not in command("users", "list", "--json").out
    assert "an" in command("users", "list").out


@pytest.mark.parametrize(
    ("options", "password", "exit_code", "code", "names"),
    [
        (["an", "--role", "boss"], PASSWORD, 2, "usage", "--role"),
        (["an", "--role", "duty", "--province", "hà nội"], PASSWORD, 2, "usage", "--province"),
        (["an", "--role", "duty"], "ngắn", 1, "value", "password"),
        (["an", "--role", "duty"], "mật khẩu đủ dài".encode("utf-16"), 1, "value", "UTF-8"),
        (["An", "--role", "duty"], PASSWORD, 1, "value", "login"),
        (["an", "--role", "duty", "--office", "so-ngoai-vu-khong-co"], PASSWORD, 1, "value", "office"),
    ],
)
def test_a_bad_user_is_refused_by_the_field_and_nobody_is_added(
    command: Command, options: list[str], password: str | bytes, exit_code: int, code: str, names: str
) -> None:
    done = added(command, *options, password=password)
    ((problem, sentence),) = done.problems
    assert (done.code, problem) == (exit_code, code)
    assert names in sentence
    assert str(password) not in done.err
    assert command("users", "list", "--json").document == []


def test_a_login_is_given_once_and_a_password_is_never_an_argument(command: Command) -> None:
    assert added(command, "an", "--role", "duty").code == 0
    again = added(command, "an", "--role", "viewer")
    assert (again.code, again.problems[0][0]) == (1, "exists")
    unasked = command("users", "passwd", "an", stdin=b"another password\n")
    assert (unasked.code, unasked.problems[0][0]) == (2, "usage")
    unknown = command("users", "disable", "khongai")
    assert (unknown.code, unknown.problems[0][0]) == (1, "not_found")
