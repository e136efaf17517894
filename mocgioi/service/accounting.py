"""The account of the events that a command took in: each ends in exactly one way, and none is missing."""

from dataclasses import dataclass, replace
from typing import Self

from mocgioi.views.output import problem
from schemas.failures import Failure


class Unaccounted(Failure):
    """Events that a command took in are missing from the account of it."""

    code = "unaccounted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What became of the events that a command was given, with those that an earlier one had left in the spool."""

    given: int
    accepted: int
    duplicate: int = 0
    conflict: int = 0
    rejected: int = 0
    new_conflicts: int = 0
    """Conflicts that were not kept aside before."""

    def with_refused(self, count: int) -> Self:
        """The same with events that validation refused, which never reached the spool."""
        return replace(self, given=self.given + count, rejected=self.rejected + count)

    @property
    def missing(self) -> int:
        """Events that are not accounted for. Below zero: more were counted than there were."""
        return self.given - self.accepted - self.duplicate - self.conflict - self.rejected

    def insist(self) -> None:
        """Raises `Unaccounted` where one is missing: says how many are, and what to do."""
        if self.missing:
            raise Unaccounted(
                f"vào {self.given} sự kiện ≠ {self.accepted} ghi hoặc gửi + {self.duplicate} đã có + {self.conflict} mâu thuẫn + "
                f"{self.rejected} từ chối: thiếu {self.missing}; không xóa gì mà hồ sơ chưa có: xem `mocgioi spool check` rồi nạp lại · "
                f"{self.given} events in, {self.missing} not accounted for; nothing was given up that is not recorded: take them in again"
            )

    def is_balanced(self) -> bool:
        """Whether none is missing; else it prints what `insist` raises."""
        try:
            self.insist()
        except Unaccounted as error:
            problem(error.code, error.sentence)
            return False
        return True
