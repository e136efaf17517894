"""Users of the centre: who gets in, who is kept out and for how long, and what an administrator may make of them."""

import re
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY
from sqlalchemy import Engine

from border.provinces import Province
from duty import users
from duty.users import LOCKED_FOR, MOST_FAILURES, BadUser, LoginRefused, NoSuchUser, Role, User, UserExists
from tests.builders import NOON
from tests.support.rows import one, rows

PASSWORD = "mật khẩu đủ dài"
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What makes guessing slow would make the tests slow; one test holds the shipped cost."""
    monkeypatch.setattr(users, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    users._nobodys_hash.cache_clear()
    yield
    users._nobodys_hash.cache_clear()


def test_a_hash_costs_what_rfc_9106_asks_of_a_machine_with_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    hasher = users._hasher
    asked = RFC_9106_LOW_MEMORY
    assert hasher.time_cost >= asked.time_cost
    assert hasher.memory_cost >= asked.memory_cost
    assert hasher.type is asked.type


@pytest.fixture
def an(worker: Engine) -> User:
    return users.add(worker, "an.trucban", Role.DUTY, PASSWORD, province=Province.LANG_SON)


def is_let_in(worker: Engine, password: str = PASSWORD, *, login: str = "an.trucban", now: datetime = NOON) -> bool:
    try:
        users.authenticate(worker, login, password, now)
    except LoginRefused:
        return False
    return True


def test_a_user_gets_in_with_the_password_however_its_letters_are_composed(worker: Engine, an: User) -> None:
    assert users.authenticate(worker, an.login, PASSWORD, NOON) == users.user(worker, an.login) == an
    assert is_let_in(worker, unicodedata.normalize("NFD", PASSWORD))
    assert not is_let_in(worker, "\ud800\0" * 500)
    assert PASSWORD not in one(worker, "SELECT duty_user::text FROM duty_user")


def test_who_is_refused_reads_the_same_whatever_the_reason_and_the_audit_keeps_it(worker: Engine, an: User) -> None:
    users.add(worker, "cu", Role.VIEWER, PASSWORD)
    users.disable(worker, "cu")
    sentences = set()
    for login, password in ((an.login, "sai mật khẩu"), ("khongai", PASSWORD), ("cu", PASSWORD), (f"{an.login}' --", PASSWORD)):
        with pytest.raises(LoginRefused) as refused:
            users.authenticate(worker, login, password, NOON)
        sentences.add(refused.value.sentence)
    assert len(sentences) == 1
    # Who types the password as the login must not find it in the audit.
    assert rows(worker, "SELECT actor, action FROM audit ORDER BY number") == [
        (actor, "login_refused") for actor in (an.login, users.UNKNOWN, "cu", users.UNKNOWN)
    ]


def test_the_fifth_wrong_password_locks_the_account_for_a_quarter_of_an_hour(worker: Engine, an: User) -> None:
    for _ in range(MOST_FAILURES - 1):
        assert not is_let_in(worker, "sai mật khẩu")
    assert is_let_in(worker), "the right one makes all forgotten"
    for _ in range(MOST_FAILURES):
        assert not is_let_in(worker, "sai mật khẩu")
    assert not is_let_in(worker, now=NOON + LOCKED_FOR - SECOND)
    assert not is_let_in(worker, "sai mật khẩu", now=NOON + LOCKED_FOR), "one wrong password after it locks nothing"
    assert is_let_in(worker, now=NOON + LOCKED_FOR)


def test_guesses_at_the_same_time_are_counted_each(worker: Engine, an: User) -> None:
    guesses = ["sai mật khẩu"] * (MOST_FAILURES + 1)
    with ThreadPoolExecutor(3) as pool:
        assert not any(pool.map(lambda guess: is_let_in(worker, guess), guesses))
    assert not is_let_in(worker)


def test_another_password_opens_a_locked_account(worker: Engine, an: User) -> None:
    for _ in range(MOST_FAILURES):
        assert not is_let_in(worker, "sai mật khẩu")
    users.set_password(worker, an.login, "một mật khẩu khác")
    assert not is_let_in(worker)
    assert is_let_in(worker, "một mật khẩu khác")


def test_an_unknown_login_costs_as_much_as_a_wrong_password(worker: Engine, an: User, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []
    is_password = users._is_password
    monkeypatch.setattr(users, "_is_password", lambda hashed, password: compared.append(hashed) or is_password(hashed, password))
    assert not is_let_in(worker, login="khongai")
    assert not is_let_in(worker, "sai mật khẩu")
    parameters = {hashed.rsplit("$", 2)[0] for hashed in compared}
    assert (len(compared), len(parameters)) == (2, 1)


def test_a_disabled_user_is_none_and_keeps_the_login(worker: Engine, an: User) -> None:
    users.disable(worker, an.login)
    assert users.user(worker, an.login) is None
    assert not is_let_in(worker)
    with pytest.raises(UserExists, match=re.escape("an.trucban")):
        users.add(worker, an.login, Role.ADMIN, PASSWORD)
    for change in (lambda: users.disable(worker, an.login), lambda: users.set_password(worker, "khongai", PASSWORD)):
        with pytest.raises(NoSuchUser):
            change()
    (account,) = users.users(worker)
    assert (account.user, account.disabled_at is None) == (an, False)


def test_the_office_is_that_of_the_province_unless_another_is_named(worker: Engine) -> None:
    def office(login: str, province: Province | None, named: str | None = None) -> str:
        return users.add(worker, login, Role.DUTY, PASSWORD, province=province, office=named).office

    assert office("a", Province.CAO_BANG) == "so-ngoai-vu-cao-bang"
    assert office("b", None) == "uy-ban-bien-gioi"
    assert office("c", Province.CAO_BANG, "ubnd-tinh-cao-bang") == "ubnd-tinh-cao-bang"
    assert office("d", Province.CAO_BANG, "uy-ban-bien-gioi") == "uy-ban-bien-gioi"


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"login": "An"}, "login"),
        ({"login": "nguyễn.an"}, "login"),
        ({"login": ""}, "login"),
        ({"login": "a" * 65}, "login"),
        ({"password": "123456789"}, "password"),
        ({"password": "x" * 201}, "password"),
        ({"office": "so-ngoai-vu-lang-sơn"}, "gần nhất: so-ngoai-vu-lang-son"),
        ({"province": Province.HA_GIANG}, "so-ngoai-vu-ha-giang"),
        ({"office": "so-ngoai-vu-cao-bang"}, "cao-bang"),
        ({"office": "so-ngoai-vu-lang-son", "province": None}, "lang-son"),
    ],
)
def test_a_bad_user_is_refused_by_the_field(worker: Engine, changes: dict[str, Any], names: str) -> None:
    user: dict[str, Any] = {"login": "an", "role": Role.DUTY, "password": PASSWORD, "province": Province.LANG_SON} | changes
    with pytest.raises(BadUser, match=names):
        users.add(worker, **user)
    assert users.users(worker) == []


@pytest.mark.parametrize(
    ("own", "incident", "seen"),
    [
        (None, None, True),
        (None, "cao-bang", True),
        (Province.LANG_SON, "lang-son", True),
        (Province.LANG_SON, "cao-bang", False),
        (Province.LANG_SON, None, False),
        (Province.TUYEN_QUANG, "ha-giang", True),
    ],
)
def test_a_user_of_a_province_sees_it_and_those_it_succeeds(own: Province | None, incident: str | None, seen: bool) -> None:
    assert User("an", Role.VIEWER, own, "uy-ban-bien-gioi").sees(incident) is seen
