"""Passwords are never quoted, and nobody's folder chooses the database."""

from pathlib import Path

import pytest

from mocgioi.service.settings import Settings, masked
from streams.kafka import Cluster
from tests.support.commands import Command

SECRETS = [name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)]


@pytest.fixture
def bare(tmp_path: Path) -> Command:
    """The command with a data folder that nothing needs."""
    (tmp_path / "home").mkdir()
    return Command(tmp_path / "home")


def test_the_settings_that_hold_a_password_are_known() -> None:
    assert SECRETS == ["database_url", "kafka_password", "alerts_token"]


@pytest.mark.parametrize("value", ["83729104", "8372.9104", "[83729104]", '{a = "83729104"}', '["83729104"]', "8372-01-02", '"83729104'])
@pytest.mark.parametrize("name", SECRETS)
def test_a_password_that_is_no_text_is_refused_and_not_quoted(bare: Command, name: str, value: str) -> None:
    (bare.home / "mocgioi.toml").write_text(f"{name} = {value}\n")
    done = bare("settings")
    assert done.code == 2
    ((code, sentence),) = done.problems
    assert code == "settings"
    assert "8372" not in done.err
    assert f"MOCGIOI_{name.upper()}" in sentence or "mocgioi.toml" in sentence


@pytest.mark.parametrize(
    "url",
    [
        *(
            "postgresql://post:hun/ter2@127.0.0.1:1/d",
            "postgresql://post:hun@ter2@127.0.0.1:1/d",
            "postgresql://post:12/ter2@127.0.0.1:1/d",
        ),
        *(
            "postgresql://post:hun?ter2@127.0.0.1:1/d",
            "postgresql://post:hun:ter2@127.0.0.1:x/d",
            "postgresql://127.0.0.1:1/d?password=%hunter2",
        ),
        *("mysql://post:hunter2@127.0.0.1/d", "postgresql://post:hunter%40ter2@127.0.0.1:1/d?passwor%64=hunter2&connect_timeout=2"),
    ],
)
def test_no_part_of_a_password_in_a_url_is_quoted(bare: Command, url: str) -> None:
    for arguments in (["incidents", "list"], ["doctor"], ["settings"], ["db", "upgrade"]):
        done = bare(*arguments, MOCGIOI_DATABASE_URL=url)
        assert not [piece for piece in ("hun", "ter2") if piece in done.out + done.err], done
        assert "Traceback" not in done.err


def test_a_password_is_masked_wherever_postgresql_takes_one() -> None:
    for url in (
        "postgresql://u:hunter2@h/d",
        "postgresql://u:a@hunter2@h/d",
        "postgresql://u:%68unter2@h/d?x=y",
        "postgresql://h/d?password=hunter2&x=y",
        "postgresql://h/d?x=y&PASSWORD=hunter2",
        "postgresql://h/d?p%61ssword=hunter2",
        "postgresql://h/d?sslpassword=hunter2",
        "postgresql://u:a\nhunter2@h/d",
    ):
        assert "unter2" not in masked(url)
        assert "h/d" in masked(url)
    assert masked("postgresql://u@h/d?application_name=x") == "postgresql://u@h/d?application_name=x"


def test_a_password_for_kafka_is_quoted_nowhere(bare: Command) -> None:
    assert "hunter2" not in repr(Cluster(bootstrap="h:1", username="u", password="hunter2"))
    done = bare("doctor", MOCGIOI_KAFKA="u:hunter2@127.0.0.1:1")
    assert (done.code, "hunter2" in done.err + done.out) == (2, False)


def test_a_settings_file_of_the_working_folder_is_read_only_when_it_is_named(
    bare: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever hands over a folder would choose the database."""
    folder = tmp_path / "of somebody else"
    folder.mkdir()
    (folder / "mocgioi.toml").write_text("batch = 7\n")
    monkeypatch.chdir(folder)

    def batch(*options: str, **settings: str) -> tuple[str, str]:
        (row,) = [row for row in bare(*options, "settings", "--json", **settings).document if row["name"] == "MOCGIOI_BATCH"]
        return row["value"], row["origin"]

    named = ("7", str(folder / "mocgioi.toml"))
    assert batch() == ("2000", "default")
    assert "--config" in bare("settings").err
    assert batch("--config", "mocgioi.toml") == named
    assert batch(MOCGIOI_CONFIG="mocgioi.toml") == named
    assert bare("--config", "mocgioi.toml", "settings").err == ""
    (bare.home / "mocgioi.toml").write_text("batch = 8\n")
    assert batch() == ("8", str(bare.home / "mocgioi.toml"))
    assert batch("--config", "mocgioi.toml") == named
    missing = bare("--config", "nothing.toml", "settings")
    assert (missing.code, [code for code, _ in missing.problems]) == (2, ["settings"])
