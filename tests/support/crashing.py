"""The command `mocgioi` in which the rules about burning crash on every fact."""

from typing import Any

import agreement.judge
from agreement.rules.rule import Rule
from mocgioi.cli import main
from schemas.codebook import Kind

_statement = agreement.judge._statement


def _crashing(rule: Rule, *rest: Any) -> Any:
    if Kind.BURNING in rule.kinds:
        raise ZeroDivisionError("on cue")
    return _statement(rule, *rest)


if __name__ == "__main__":
    agreement.judge._statement = _crashing  # type: ignore[assignment]
    main()
