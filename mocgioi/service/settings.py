"""Settings: `MOCGIOI_*` variables, else the file named by `MOCGIOI_CONFIG` or `--config`, else `mocgioi.toml` of the data folder, else defaults.

A file of the working folder is never read unasked: whoever hands over a folder would choose the database. No value of a secret is quoted.
"""

import os
import re
import ssl
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote

from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from agreement.figures import ALL, NO_UNIT
from border.provinces import Province
from schemas.failures import USAGE, Failure
from schemas.problems import Problem, from_pydantic

_WORDS = {"True": "yes", "False": "no"}
CONFIG = "MOCGIOI_CONFIG"
"""The variable that names the settings file."""


class SettingsProblem(Failure):
    """A setting has a value it cannot have. Names the setting."""

    code = "settings"
    exit_code = USAGE


def _text(value: Any) -> Any:
    """Of a secret: what is no text is refused here, since pydantic would quote it."""
    if not isinstance(value, str | SecretStr | None):
        raise ValueError('cần chuỗi ký tự trong "…" · needs a text in "…"')  # noqa: TRY004  # the validator's protocol
    return value


Secret = Annotated[SecretStr, BeforeValidator(_text)]


def _a_url(value: SecretStr | None) -> SecretStr | None:
    if value is not None and not value.get_secret_value().startswith(("postgresql://", "postgres://")):
        raise ValueError("cần địa chỉ dạng · needs the form postgresql://user:password@host:5432/database")
    return value


def _a_file(value: Path | None) -> Path | None:
    if value is not None and not value.is_file():
        raise ValueError(f"không có tệp · no such file: {value}")
    return value


def _certificates(value: Path | None) -> Path | None:
    if _a_file(value) is not None:
        try:
            ssl.create_default_context(cafile=value)
        except ssl.SSLError:
            raise ValueError(f"không phải chứng chỉ PEM · holds no PEM certificate: {value}") from None
    return value


def _brokers(value: str | None) -> str | None:
    for broker in [] if value is None else value.split(","):
        _, _, port = broker.rpartition("]")[2].partition(":")  # an IPv6 address stands in brackets
        if not broker.strip() or "@" in broker or (port and not (port.strip().isdecimal() and 0 < int(port) < 65536)):
            shown = "…" if "@" in broker else repr(broker)  # before an @ may stand a password
            raise ValueError(f"{shown}: cần dạng · needs the form host:port,host:port")
    return value


def _web_address(value: str | None) -> str | None:
    if value is not None and re.fullmatch(r"https?://[^@\s?#]+", value) is None:
        shown = "…" if "@" in value else repr(value)  # before an @ may stand a password
        raise ValueError(f"{shown}: cần dạng · needs the form http://host:port")
    return value and value.rstrip("/")


def _token(value: SecretStr | None) -> SecretStr | None:
    if value is not None and re.fullmatch(r"[\x21-\x7e]{16,200}", value.get_secret_value()) is None:
        raise ValueError("cần 16 đến 200 ký tự ASCII không có dấu cách · needs 16 to 200 characters of ASCII without spaces")
    return value


def _separated(value: Any) -> Any:
    """A list as a variable gives it: `lang-son,cao-bang`."""
    return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value


def _lines(value: Any) -> Any:
    """Lines as a variable gives them, separated by semicolons: a line of recipients holds commas."""
    return tuple(part.strip() for part in value.split(";") if part.strip()) if isinstance(value, str) else value


def _units(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if value not in (ALL, NO_UNIT, *Province):
            raise ValueError(f"{value!r}: cần một trong · needs one of {', '.join(Province)}, {ALL}, {NO_UNIT}")
    if not values:
        raise ValueError("cần ít nhất một đơn vị · needs one at least")
    return tuple(dict.fromkeys(values))


class Settings(BaseSettings):
    """Everything that can be set. Times in seconds."""

    model_config = SettingsConfigDict(env_prefix="MOCGIOI_", env_ignore_empty=True, extra="forbid", frozen=True)

    home: Annotated[Path, Field(description="data folder: embedded database and spool")] = user_data_path("mocgioi")
    database_url: Annotated[
        Secret | None, AfterValidator(_a_url), Field(description="postgresql://…; none: an embedded server in the data folder")
    ] = None
    kafka: Annotated[str | None, AfterValidator(_brokers), Field(description="bootstrap servers, host:port,…")] = None
    kafka_ca_file: Annotated[Path | None, AfterValidator(_certificates), Field(description="CA certificate: the connection is TLS")] = None
    kafka_username: Annotated[str | None, Field(description="SASL/SCRAM-SHA-256 user")] = None
    kafka_password: Annotated[Secret | None, Field(description="and its password")] = None
    postgres_bin: Annotated[Path | None, Field(description="folder of PostgreSQL programs for the embedded server")] = None
    metrics_port: Annotated[int, Field(ge=0, le=65535, description="a worker's /metrics, /healthz and /readyz; 0: any free one")] = 9464
    metrics_host: Annotated[str, Field(min_length=1, description="the address of that page; 0.0.0.0: every one of this machine's")] = (
        "127.0.0.1"
    )
    door_proxies: Annotated[
        str, Field(min_length=1, description="addresses or networks, separated by commas, whose word on client and TLS the door takes")
    ] = "127.0.0.1,::1"
    log: Annotated[Literal["auto", "json", "console"], Field(description="auto: readable on a terminal, JSON lines elsewhere")] = "auto"
    log_level: Annotated[Literal["debug", "info", "warning", "error"], Field(description="least level logged")] = "info"
    topics_replicated: Annotated[bool, Field(description="make topics with 3 copies, 2 in sync; no: 1, for development")] = True
    static_membership: Annotated[
        bool, Field(description="group instance id from the host name: a restart within the session keeps its partitions")
    ] = False
    batch: Annotated[int, Field(ge=1, le=10_000, description="records a poll takes at most")] = 2000
    poll_interval: Annotated[float, Field(gt=0, description="the group takes partitions away after so long without a poll")] = 300.0
    deadletter_days: Annotated[int, Field(ge=0, le=36_500, description="dead letters lose their payload after so long; 0: never")] = 90
    report_min_cell: Annotated[int, Field(ge=0, description="counts of victims and minors below this are not printed")] = 5
    session_timeout: Annotated[float, Field(gt=0, description="the group takes a dead worker's partitions away after so long")] = 10.0
    report_units: Annotated[
        tuple[str, ...],
        NoDecode,
        BeforeValidator(_separated),
        AfterValidator(_units),
        Field(description="whose reports are due: provinces, separated by commas; all: the whole line, none: no province known"),
    ] = (ALL,)
    report_folder: Annotated[Path | None, Field(description="where report run-due puts drafts; none: reports in the data folder")] = None
    office: Annotated[str | None, Field(description="the office that issues reports here: so-ngoai-vu-lang-son")] = None
    office_superior: Annotated[str | None, Field(description="the body above it, as its letters name it: UBND tỉnh Lạng Sơn")] = None
    office_name: Annotated[str | None, Field(description="its name, as it stands in a sentence: Sở Ngoại vụ")] = None
    office_symbol: Annotated[str | None, Field(description="what follows the number of its reports: BC-SNgV")] = None
    office_place: Annotated[str | None, Field(description="where its letters are dated: Lạng Sơn")] = None
    office_recipients: Annotated[
        tuple[str, ...] | None,
        NoDecode,
        BeforeValidator(_lines),
        Field(description="whom its reports go to, separated by semicolons: UBND tỉnh (báo cáo); Công an tỉnh"),
    ] = None
    office_signer: Annotated[
        str | None, Field(description="who signs, lines separated by a slash: GIÁM ĐỐC, or KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC")
    ] = None
    alertmanager: Annotated[
        str | None,
        AfterValidator(_web_address),
        Field(description="http://host:9093 of Alertmanager: incidents that need a person are posted there"),
    ] = None
    alerts_token: Annotated[
        Secret | None,
        AfterValidator(_token),
        Field(description="bearer token with which Alertmanager reports to /duty/alerts what it sent; none: nothing is there"),
    ] = None
    public_url: Annotated[
        str | None, AfterValidator(_web_address), Field(description="https://… of the officers' pages, for the links in alerts")
    ] = None
    duty_roster: Annotated[Path | None, AfterValidator(_a_file), Field(description="TOML file of who is on duty when, and who is next")] = (
        None
    )
    duty_escalate: Annotated[
        float, Field(gt=0, description="minutes without an acknowledgement until the alert goes to the next on duty")
    ] = 15.0
    duty_wake_hours: Annotated[float, Field(gt=0, description="incidents first received longer ago wake nobody")] = 24.0
    duty_known_days: Annotated[
        float, Field(gt=0, description="incidents that their post had known for longer when it reported them wake nobody")
    ] = 7.0
    backup_folder: Annotated[Path | None, Field(description="where backups are written: the age of the newest file is watched")] = None

    @property
    def drafts(self) -> Path:
        """The folder of built reports."""
        return self.report_folder or self.home / "reports"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Variables before the file, nothing else."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=settings_file())


def settings_file() -> Path | None:
    """The settings file in force, if there is one. Raises `SettingsProblem` where the named one is none."""
    if named := os.environ.get(CONFIG):
        if not Path(named).is_file():
            raise SettingsProblem(f"{CONFIG}: không có tệp · no such file: {named}")
        return Path(named).absolute()
    file = Path(os.environ.get("MOCGIOI_HOME") or user_data_path("mocgioi")) / "mocgioi.toml"
    return file if file.is_file() else None


def load() -> Settings:
    """The settings in force. Raises `SettingsProblem`."""
    variables = {CONFIG, *(f"MOCGIOI_{name.upper()}" for name in Settings.model_fields)}
    strangers = sorted(name for name in os.environ if name.startswith("MOCGIOI_") and name not in variables)
    if strangers:
        raise SettingsProblem(
            f"{', '.join(strangers)}: không có thiết lập này · no such setting; có · there are: {', '.join(sorted(variables))}"
        )
    try:
        return Settings()
    except ValidationError as error:
        problems = from_pydantic(error)
        raise SettingsProblem("; ".join(_named(problem) for problem in problems)) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsProblem(f"{settings_file()}: {error}") from None


def explained(settings: Settings) -> list[dict[str, Any]]:
    """Each setting with its value (secrets masked), where it comes from and what it means."""
    file = settings_file()
    in_file = tomllib.loads(file.read_text()) if file else {}
    rows = []
    for name, field in Settings.model_fields.items():
        variable = f"MOCGIOI_{name.upper()}"
        origin = variable if os.environ.get(variable) else str(file) if name in in_file else "default"
        value = getattr(settings, name)
        text = ("; " if name == "office_recipients" else ",").join(value) if isinstance(value, tuple) else str(value)
        shown = None if value is None else _WORDS.get(text, text)  # a secret's text is its mask
        if name == "database_url" and isinstance(value, SecretStr):
            shown = masked(value.get_secret_value())
        rows.append({"name": variable, "value": shown, "origin": origin, "meaning": field.description})
    return rows


def masked(url: str) -> str:
    """A database URL without its passwords: PostgreSQL takes them before the host and among the options, whose names may be encoded too."""
    address, mark, options = re.sub(r"(//[^:@/?]*):.*@", r"\1:***@", url, flags=re.DOTALL).partition("?")
    pairs = (option.partition("=") for option in options.split("&"))
    return address + mark + "&".join(f"{name}=***" if _is_secret(name) else f"{name}{sign}{value}" for name, sign, value in pairs)


def _is_secret(option: str) -> bool:
    return any(word in unquote(option).casefold() for word in ("password", "secret"))


def _named(problem: Problem) -> str:
    """A problem under the name that people set."""
    field = problem.field or ""
    return f"MOCGIOI_{field.upper()}: {problem.message.removeprefix(f'{field}: ')}"
