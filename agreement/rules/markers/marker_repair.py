"""Article 5(2): repair or rebuilding of a marker. Painting and cleaning are upkeep, and no rule's matter."""

from agreement.phrases import SHORT, because, phrase
from agreement.rules.asks import AtLeast, Flag
from agreement.rules.fixture import BEFORE, asking, breach, kept, silent, term
from agreement.rules.rule import Known, Rule
from agreement.rules.steps import ACCUSED, OPEN, ask
from schemas.codebook import Kind, Label, Outcome, Side

NOTICE_DAYS = 10
"""Days between the notice and the work."""


def marker_repaired(f: Known) -> Outcome:
    """5(2): ten days' notice, and in place."""
    return Outcome.NO_BREACH if f["notice_days"] >= NOTICE_DAYS and f["in_place"] else Outcome.BREACH


RULE = Rule(
    id="5.2.marker_repair",
    clause="5(2)",
    kinds=(Kind.MARKER_REPAIR,),
    title=Label("sửa chữa, khôi phục mốc giới", "repair or rebuilding of a marker"),
    asks={"notice_days": AtLeast(NOTICE_DAYS), "in_place": Flag()},
    decide=marker_repaired,
    limit="notice_days >= 10",
    scene=(
        phrase("sửa chữa, khôi phục mốc giới", "repair or rebuilding of a marker"),
        phrase(" {in_place}", " {in_place}"),
        phrase(", báo trước cho bên kia {notice_days}", ", {notice_days} of notice given"),
    ),
    ends={
        Outcome.BREACH: (
            phrase("vi phạm", "a breach"),
            because(
                phrase("báo trước chưa đủ thời hạn", "the notice was too short", notice_days=SHORT),
                phrase("mốc không được khôi phục tại chỗ", "the marker was not restored in place", in_place=False),
            ),
        ),
        Outcome.NO_BREACH: phrase("đúng quy định", "as the clause requires"),
    },
    exceptions=(
        Label(
            "Điều 5: không thể khôi phục tại chỗ thì lập biên bản nêu lý do, Ủy ban liên hợp chọn vị trí khác: ghi bằng kết luận của cán bộ",
            "Article 5: where it cannot be put back in place, minutes with the reason go to the Joint Committee, which picks another spot: an "
            "officer's assessment records it",
        ),
    ),
    runbook=(
        OPEN,
        ask(
            "notice_days",
            "tìm thư thông báo của bên sửa chữa, tính số ngày tới lúc khởi công",
            "find the letter of notice; count days to the start",
        ),
        ask("in_place", "so tọa độ, độ cao sau sửa chữa với hồ sơ mốc", "compare coordinates and elevation with the marker's file"),
        Label(
            "Cử đại diện có mặt khi thi công tại {place}; biên bản 02 bản, tiếng Việt và tiếng Trung, cơ quan có thẩm quyền hai bên ký.",
            "Have a representative present at the work at {place}; minutes in two copies, Vietnamese and Chinese, signed by both bodies.",
        ),
        *ACCUSED,
    ),
    fixtures=(
        breach(notice_days=3, in_place=True),
        breach(notice_days=10, in_place=False),
        breach(in_place=False),
        kept(notice_days=10, in_place=True),
        asking("in_place", notice_days=30),
        asking("notice_days", "in_place"),
        *term("notice_days", {"in_place": True}, inside=11, at=10, outside=9),
        silent(side=Side.NATURAL),
        BEFORE,
    ),
)
