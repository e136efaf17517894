"""The wheel that `make wheel` built, alone in an empty environment: the post's side, light, and clear about what it has not got."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.commands import Command

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "mocgioi" / "data" / "published.jsonl"
LIGHT_MB = 60
SENTENCE = "02h30 ngày 11/3/2021, tại mốc 753, Đồn CK Trà Lĩnh phát hiện 09 người Trung Quốc nhập cảnh trái phép"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel, what it asks for without any extra, and nothing else: not even pip."""
    (wheel,) = (ROOT / "dist").glob("*.whl")
    folder = tmp_path_factory.mktemp("light") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--python", folder]
    subprocess.run([*pip, "install", "--require-hashes", "--no-deps", "-r", ROOT / "requirements-base.lock"], check=True)
    subprocess.run([*pip, "install", "--no-deps", wheel], check=True)
    subprocess.run([*pip, "check"], check=True)
    return folder


@pytest.fixture
def light(environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command of that environment, far from the checkout."""
    monkeypatch.chdir(tmp_path)
    return Command(tmp_path / "home", program=environment / "bin" / "mocgioi")


def test_it_takes_less_than_sixty_megabytes(environment: Path) -> None:
    files = [path for path in environment.rglob("*") if path.is_file() and not path.is_symlink()]
    size_mb = sum(path.stat().st_blocks * 512 for path in files) / 1e6
    assert 10 < size_mb < LIGHT_MB, f"{size_mb:.1f} MB"


def test_it_judges_events(light: Command) -> None:
    done = light("classify", PUBLISHED)
    assert (done.code, done.err) == (0, "")
    subjects = [json.loads(line)["subject"] for line in PUBLISHED.read_text().splitlines()]
    assert [answer["subject"] for answer in done.lines] == subjects
    assert "exempt" in {answer["outcome"] for answer in done.lines}


def test_it_reads_markers(light: Command) -> None:
    done = light("marker", "parse", "giữa mốc 723 và 724", "--json")
    assert (done.code, done.document["canonical"]) == (0, "723-724")
    assert light("marker", "relate", "1088/2", "1088-1090", "--json").document["relation"] == "within"


@pytest.mark.parametrize(
    "typed",
    [
        ["--version"],
        ["--help"],
        ["ingest", "--help"],
        ["marker", "show", "1088/2"],
        ["gate", "show", "Pò Chài"],
        ["gates"],
        ["province", "show", "lang-son"],
        ["codebook"],
        ["codebook", "--format", "html"],
        ["draft", SENTENCE],
        ["rules", "list"],
        ["rules", "show", "21.1.new_works"],
        ["rules", "test"],
        ["settings"],
        ["spool", "check"],
    ],
    ids=" ".join,
)
def test_what_needs_no_service_works(light: Command, typed: list[str]) -> None:
    done = light(*typed)
    assert (done.code, done.err) == (0, "")
    assert done.out


@pytest.mark.parametrize(
    "typed",
    [
        ["demo"],
        ["ingest", str(PUBLISHED)],
        ["worker", "classify"],
        ["incidents", "list"],
        ["report", "build", "--unit", "lang-son", "--period", "2019"],
        ["report", "due"],
        ["baseline", "list"],
        ["deadletter", "list"],
        ["positions", "show"],
        ["rules", "diff", "2009.1", "2009.1"],
        ["rejudge", "--pack", "2009.1", "--reason", "thử"],
        ["explain", "some-event"],
        ["topics", "create"],
        ["db", "upgrade"],
        ["doctor"],
    ],
    ids=lambda typed: " ".join(typed[:2]),
)
def test_what_needs_a_service_says_which_extra_brings_it(light: Command, typed: list[str]) -> None:
    done = light(*typed, MOCGIOI_KAFKA="localhost:9")
    assert (done.code, done.out) == (2, "")
    ((code, sentence),) = done.problems
    assert code == "extra_missing"
    assert sentence.endswith('pip install "mocgioi[service]"')


def test_a_word_document_needs_the_reports_extra(light: Command, tmp_path: Path) -> None:
    file = tmp_path / "bao-cao.docx"
    with zipfile.ZipFile(file, "w") as parts:
        parts.writestr("word/document.xml", "<document/>")
    done = light("report", "audit", file)
    assert done.code == 2, os.linesep.join((done.out, done.err))
    ((code, sentence),) = done.problems
    assert code == "extra_missing"
    assert sentence.endswith('pip install "mocgioi[reports]"')
