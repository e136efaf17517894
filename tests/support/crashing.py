"""The command `mocgioi` in which the rules about burning crash on every fact."""

from collections.abc import Mapping
from typing import Any

import agreement.judge
from mocgioi.cli import main
from schemas.codebook import Kind
from schemas.facts import Fact

_say = agreement.judge._say


def _crashing(rule: Any, kind: Kind, natural: bool, stated: Mapping[str, Fact]) -> Any:
    if kind is Kind.BURNING:
        raise ZeroDivisionError("on cue")
    return _say(rule, kind, natural, stated)


if __name__ == "__main__":
    agreement.judge._say = _crashing
    main()
