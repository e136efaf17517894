"""A new rule's page: a module that says what it is about and fails until somebody has said the rest."""

import re
from pathlib import Path

from schemas.codebook import Kind

_CHAPTERS = ((7, "markers"), (13, "waters"), (19, "life"), (21, "works"), (38, "order"), (39, "events39"))
"""The last article of each folder of rules."""
_ID = re.compile(r"\d+(\.\d+)?\.[a-z][a-z0-9_]*")
_PAGE = '''"""Article {clause}: …"""

from agreement.rules.asks import Flag
from agreement.rules.fixture import BEFORE, asking, breach, kept
from agreement.rules.rule import Known, Rule
from agreement.rules.steps import ACCUSED, OPEN, ask
from schemas.codebook import Kind, Label, Outcome


def {name}(f: Known) -> Outcome:
    """{clause}: …"""
    raise NotImplementedError("what {rule_id} decides")


RULE = Rule(
    id="{rule_id}",
    clause="{clause}",
    kinds=(Kind.{kind},),
    title=Label("…", "…"),
    asks={{"agreed": Flag()}},
    decide={name},
    runbook=(OPEN, ask("agreed", "…", "…"), *ACCUSED),
    fixtures=(
        breach(agreed=False),
        kept(agreed=True),
        asking("agreed"),
        BEFORE,
    ),
)
'''


class BadPage(ValueError):
    """Why no page can be written. Names the argument."""


def page(rule_id: str, clause: str, kind: Kind) -> tuple[str, str]:
    """Where the page goes within `agreement/rules`, and its text. Raises `BadPage`."""
    wanted = clause.replace("(", ".").replace(")", "")
    if not _ID.fullmatch(rule_id) or rule_id.rsplit(".", 1)[0] != wanted:
        raise BadPage(f"{rule_id!r}: mã phải là · an id is {wanted}.<tên · name>, a-z 0-9 _")
    article, name = int(wanted.split(".")[0]), rule_id.rsplit(".", 1)[1]
    folder = next((folder for last, folder in _CHAPTERS if article <= last), None)
    if folder is None:
        raise BadPage(f"{clause!r}: không có chương nào của Điều này · no chapter holds this article")
    return f"{folder}/{name}.py", _PAGE.format(rule_id=rule_id, clause=clause, kind=kind.name, name=name)


def write(rules: Path, rule_id: str, clause: str, kind: Kind) -> tuple[Path, str, str]:
    """Write the page into the folder of rules; gives its path, and the two lines the table needs. Raises `BadPage` where one is there."""
    place, text = page(rule_id, clause, kind)
    path = rules / place
    if path.exists():
        raise BadPage(f"{path}: đã có · is there already")
    path.write_text(text, encoding="utf-8")
    folder, name = place.removesuffix(".py").split("/")
    return path, f"from agreement.rules.{folder} import {name}", f"{name}.RULE,"
