"""The figures of reports as a table and as a page: a definition once, beside the first figure it is of."""

import re
from collections.abc import Iterable, Iterator

from reports.figures.listed import Listed

COLUMNS = ("mã · id", "tên · label", "đơn vị · unit", "cộng vào · adds up to", "tính gì · what it counts")
_PAGE = """\
# Số liệu của báo cáo

*The figures of a report, and what each counts*

<!-- Viết bởi `mocgioi report figures`: sửa agreement/figure_families.py, published_families.py rồi chạy `make schemas`. -->

Mã dùng cho `mocgioi report trace MÃ` và trong tệp của `mocgioi baseline load`. Dấu `*`: một ví dụ của nhiều số liệu cùng loại, chỉ có trong báo
cáo khi khác 0. Dấu `†`: không tin nào đếm, chỉ lấy từ văn bản đã công bố (`mocgioi baseline load`); báo cáo in ở chương riêng, không trộn với số
đếm được. Các số liệu khác luôn có, kể cả khi bằng 0. Vụ (việc) và lượt (người) không bao giờ cộng với nhau; số nạn nhân, người chưa
thành niên nhỏ hơn `MOCGIOI_REPORT_MIN_CELL` thì không in ra. Cách tính: [reports.md](reports.md).

*Ids are for `mocgioi report trace ID` and for baseline files. `*` marks an example of many figures, printed where they are not 0; `†` a figure that no event
counts: it is only published, and printed in a chapter of its own. All others are always printed. The parts named in the fourth column add up
to it, in every report; published parts may be fewer, never more.*
"""


def cells(figures: Iterable[Listed]) -> Iterator[tuple[str, ...]]:
    """A row a figure."""
    last_definition = ""
    for figure in figures:
        yield (
            figure.id + (" †" if figure.published else "" if figure.always else " *"),
            figure.label,
            figure.unit,
            figure.adds_up_to or "",
            "" if figure.definition == last_definition else figure.definition,
        )
        last_definition = figure.definition


def page(figures: Iterable[Listed]) -> str:
    """The whole page, Markdown."""
    # An id may hold blanks, but no mark.
    rows = ((re.sub("[^*†]+(?<! )", r"`\g<0>`", name, count=1), *rest) for name, *rest in cells(figures))
    table = (f"| {' | '.join(row)} |" for row in (COLUMNS, ("---",) * len(COLUMNS), *rows))
    return "\n".join((_PAGE, *table)) + "\n"
