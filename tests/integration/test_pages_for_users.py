"""The pages for users, `docs/vi/`: what they tell people to type works, and what they name is there."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from tests.integration.test_commands import COMMANDS
from tests.support.documents import ROOT, checkout, commands, run_commands

PAGES = sorted((ROOT / "docs" / "vi").glob("*.md"))
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)


@pytest.mark.timeout(600)  # a dozen commands, most of which start a PostgreSQL
@every_page
def test_every_command_of_a_page_works(page: Path) -> None:
    document = page.read_text()
    assert len(commands(document)) >= 8
    with checkout() as folder:
        run_commands(document, folder)


@every_page
def test_a_page_names_only_commands_that_are_there(page: Path) -> None:
    groups = "|".join({name.split()[0] for name in COMMANDS if " " in name})
    code = "\n".join(re.findall(r"`([^`]+)`", page.read_text().replace("```", "`")))
    named = set(re.findall(rf"\bmocgioi ((?:{groups}) [a-z][a-z-]*|[a-z]+)\b", code))
    assert named
    assert sorted(named - set(COMMANDS)) == []


@every_page
def test_every_file_that_a_page_leads_to_is_there(page: Path) -> None:
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", page.read_text()) if not link.startswith("https:")]
    assert links
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_docker_commands_name_services_and_commands_that_are_there() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    typed = [command for page in PAGES for command in commands(page.read_text()) if command.startswith("docker ")]
    assert typed
    for command in typed:
        named = re.match(r"docker compose (?:run --rm|exec(?: -T)?) (\w+) (.+)", command)
        if named is None:
            words = shlex.split(command)
            copied = [word.partition(":")[0] for word in words if ":" in word]
            scaled = [word.partition("=")[0] for word in words if "=" in word]
            assert set(copied + scaled) <= set(services), command
            continue
        service, run = named.groups()
        assert service in services, command
        if "run --rm" in command:
            assert any(f"{run} ".startswith(f"{name} ") for name in COMMANDS), command
