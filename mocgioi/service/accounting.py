"""The account of the events that a command took in: each ends in exactly one way, and none is missing."""

from dataclasses import dataclass, replace
from typing import Self

from mocgioi.views.output import problem


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

    def is_balanced(self) -> bool:
        """Whether none is missing; else it prints how many are, and what to do."""
        if self.missing:
            problem(
                "unaccounted",
                f"vào {self.given} sự kiện ≠ {self.accepted} ghi hoặc gửi + {self.duplicate} đã có + {self.conflict} mâu thuẫn + "
                f"{self.rejected} từ chối: thiếu {self.missing}; không xóa gì mà hồ sơ chưa có: xem `mocgioi spool check` rồi nạp lại · "
                f"{self.given} events in, {self.missing} not accounted for; nothing was given up that is not recorded: take them in again",
            )
        return not self.missing
