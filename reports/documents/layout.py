"""The document a report becomes: chapters in the order and manner of a department's periodic report. Pure; `reports.documents` renders it."""

from datetime import timedelta

from agreement.periods import CUTS, Regime
from border.places import posts
from border.vietnam import HANOI
from reports.documents.annexes import CHECKED, PUBLISHED, SEVERITIES, annexes
from reports.documents.document_model import Align, Block, Column, Drawing, Layout, Picture, Section, Table, amount, clean, plain, stopped
from reports.documents.heads import addressee, area, author, head, of_province
from reports.documents.strip import dots, has_strip
from reports.documents.tables import (
    AREA,
    ARTICLE39,
    CLAUSE,
    CROSSING,
    KIND,
    LOOKED_AT,
    MATTER,
    OPEN,
    OVERALL,
    REST,
    SEA,
    SIDE,
    STRETCH,
    Place,
    counted_table,
    figure_table,
    gate_table,
    label_text,
    months_table,
    placed,
    value_cell,
)  # fmt: skip
from reports.model import Figure, Origin, Report
from texts.wording import NOTHING_TO_COMPARE, counted, number

_CHAPTERS = {
    "breach": ("breach", "needs_facts"),
    "article39": ("article39", "border_event"),
    "matter": ("not_breach", "matter", "sea", "exempt", "no_breach"),
    "crossing": ("crossing",),
    "open": ("open", "coverage", "mapping", "cutoff"),
    "estimate": ("estimate", "missed"),
}
"""First words of the sentences each chapter says, in their order. What no chapter says stands in the one on open matters: none is dropped."""
_NOTHING = "Không có số liệu trong kỳ."
_NUMERALS = ("I", "II", "III", "IV", "V", "VI")


def layout(report: Report) -> Layout:
    """What stands on paper, in order. The same report gives the same layout."""
    found = placed(report.figures)
    chapters = [
        ("TÌNH HÌNH CHẤP HÀNH HIỆP ĐỊNH VỀ QUY CHẾ QUẢN LÝ BIÊN GIỚI", _breaches(report, found)),
        ("SỰ VIỆC THUỘC ĐIỀU 39 HIỆP ĐỊNH", _article39(report, found)),
        ("CÔNG TÁC QUẢN LÝ BIÊN GIỚI KHÁC", _matters(report, found)),
        ("XUẤT NHẬP CẢNH, PHƯƠNG TIỆN, HÀNG HÓA QUA CỬA KHẨU", _crossings(report, found)),
        ("VIỆC CÒN MỞ VÀ KIỂM TRA SỐ LIỆU", _open(report, found)),
    ]
    if report.estimates or report.missed or _sentences(report, "estimate"):
        chapters.append(("SỐ LIỆU ƯỚC", _estimates(report)))
    top = head(report)
    return Layout(
        head=top,
        subject=f"Tình hình quản lý biên giới đất liền Việt Nam - Trung Quốc {area(report)} {report.span.name}",
        face=_face(report, found),
        intro=_intro(report),
        sections=tuple(Section(numeral, heading, tuple(blocks)) for numeral, (heading, blocks) in zip(_NUMERALS, chapters, strict=False)),
        closing=f"Trên đây là số liệu và tình hình quản lý biên giới {report.span.name}, {author(report)} kính báo cáo {addressee(report)}./.",
        annexes=annexes(report),
        attached=f"(Kèm theo Báo cáo số      {top.number.removeprefix('Số:').strip()} {top.place_and_date.partition(', ')[2]}"
        f"{' của Sở Ngoại vụ' if of_province(report) else ''})",
        as_of=report.as_of,
    )


def _breaches(report: Report, found: dict[Place, list[Figure]]) -> list[Block]:
    by_side = [*figure_table(report, SIDE, found[SIDE]), *((months_table(report.months),) if report.months else ())]
    months = Picture(
        Drawing.MONTHS,
        "Vụ vi phạm Hiệp định theo tháng báo cáo và phía vi phạm",
        "Biểu đồ cột chồng: số vụ vi phạm mỗi tháng báo cáo, chia theo phía; số liệu ở bảng theo tháng.",
    )
    unplaced = report.value("breach.total") - len(dots(report))
    apart = f" (không có {counted(unplaced, 'vụ')} không gắn với mốc)" if unplaced > 0 else ""
    strip = Picture(
        Drawing.STRIP,
        f"Vị trí các vụ vi phạm Hiệp định trên tuyến, theo số hiệu mốc{apart}",
        "Dải mốc: mỗi chấm là một vụ vi phạm, đặt theo số hiệu mốc, mỗi phía một hàng; danh sách ở phụ lục.",
    )
    return _said(
        Block(paragraphs=_sentences(report, "breach")),
        Block("Theo phía vi phạm và theo tháng", tables=tuple(by_side), pictures=(months,) if report.months else ()),
        Block(
            "Theo loại việc và điều khoản", tables=(*figure_table(report, KIND, found[KIND]), *figure_table(report, CLAUSE, found[CLAUSE]))
        ),
        Block(
            "Theo đoạn mốc và địa bàn",
            tables=(*figure_table(report, STRETCH, found[STRETCH]), *figure_table(report, AREA, found[AREA])),
            pictures=(strip,) if has_strip(report) else (),
        ),
    )


def _article39(report: Report, found: dict[Place, list[Figure]]) -> list[Block]:
    """An item's cases, then what was counted in them."""
    order = {key: place for place, key in enumerate(dict.fromkeys(_item(figure) for figure in found[ARTICLE39]))}
    figures = sorted(found[ARTICLE39], key=lambda figure: order[_item(figure)])
    return _said(Block(paragraphs=_sentences(report, "article39"), tables=figure_table(report, ARTICLE39, figures)))


def _matters(report: Report, found: dict[Place, list[Figure]]) -> list[Block]:
    return _said(
        Block(paragraphs=_sentences(report, "matter")),
        Block("Công trình, duy tu, khảo sát, tuần tra, thư trao đổi", tables=counted_table(report, MATTER, found[MATTER])),
        Block("Trên biển", tables=counted_table(report, SEA, found[SEA])),
        Block("Việc đã xét và không phải vi phạm", tables=counted_table(report, LOOKED_AT, found[LOOKED_AT])),
    )


def _crossings(report: Report, found: dict[Place, list[Figure]]) -> list[Block]:
    tables = (*counted_table(report, CROSSING, found[CROSSING]), *gate_table(found[CROSSING]))
    return _said(Block(paragraphs=_sentences(report, "crossing"), tables=tables))


def _open(report: Report, found: dict[Place, list[Figure]]) -> list[Block]:
    said = (*_sentences(report, "open"), *_sentences(report, None))
    silent = [_post_name(post) for post in report.coverage.expected if post not in report.coverage.reported]
    named = any(all(name in sentence for name in silent) for sentence in said)
    missing = (f"Đồn chưa có báo cáo trong kỳ: {', '.join(silent)}.",) if silent and not named else ()
    return _said(
        Block(paragraphs=(*said, *missing, *_compared_with(report))),
        Block("Việc còn mở", tables=figure_table(report, OPEN, found[OPEN])),
        Block("Tổng hợp", tables=(*figure_table(report, OVERALL, found[OVERALL]), *figure_table(report, REST, found[REST]))),
        Block("Kết quả tự kiểm tra", paragraphs=(_checked(report),)),
        Block("Địa giới hành chính thay đổi trong thời gian so sánh", tables=_mapping(report)),
    )


def _checked(report: Report) -> str:
    """What the self-audit found, in a line: its points are an annex, for who signs and not for who is reported to."""
    if not report.checks:
        return "Không có điểm nào phải xem xét."
    return f"Tự kiểm tra số liệu: {_severities(report)}; từng điểm ở phụ lục “{CHECKED}”."


def _severities(report: Report) -> str:
    return ", ".join(f"{sum(one.severity is severity for one in report.checks)} {name}" for severity, name in SEVERITIES.items())


def _compared_with(report: Report) -> tuple[str, ...]:
    """Where the figures of the year before are from."""
    known = [one for one in report.comparisons if one.before is not None]
    if not known:
        return (f"Với cùng kỳ năm trước: {NOTHING_TO_COMPARE}.",) if report.comparisons else ()
    ours = [f"từ dữ liệu của hệ thống, kỳ {known[0].period}"] if any(one.origin is Origin.RECORD for one in known) else []
    theirs = [f"từ số đã công bố, nêu ở phụ lục “{PUBLISHED}”"] if any(one.origin is Origin.BASELINE for one in known) else []
    return (f"Số cùng kỳ lấy {' và '.join([*ours, *theirs])}.",)


def _estimates(report: Report) -> list[Block]:
    """Apart from what happened, and each marked "ước"."""
    labels = {figure.id: figure for figure in report.figures}
    columns = (
        Column("Chỉ tiêu (ước)", 34),
        Column("Kỳ ước", 10, Align.CENTER),
        Column("Số ước", 16, Align.RIGHT),
        Column("Cách ước", 40),
    )
    rows = tuple(
        (plain(f"Ước: {_label(labels, one.figure)}"), plain(one.period), amount(one.value), plain(one.method)) for one in report.estimates
    )
    before = (
        Column("Chỉ tiêu (đã ước)", 25),
        Column("Kỳ ước", 10, Align.CENTER),
        Column("Số ước", 16, Align.RIGHT),
        Column("Thực tế", 16, Align.RIGHT),
        Column("Chênh lệch", 17, Align.RIGHT),
        Column("Báo cáo đã ước", 16),
    )
    missed = tuple(
        (
            plain(f"Ước: {_label(labels, one.estimate.figure)}"),
            plain(one.estimate.period),
            amount(one.estimate.value),
            amount(one.actual),
            amount(one.actual - one.estimate.value),
            plain(one.report),
        )
        for one in report.missed
    )
    tables = (
        *((Table("Số ước", "Số liệu ước, không cộng vào số liệu thực tế", columns, rows),) if rows else ()),
        *((Table("Sai số ước", "Số liệu ước của báo cáo trước so với thực tế", before, missed),) if missed else ()),
    )
    return _said(Block(paragraphs=_sentences(report, "estimate"), tables=tables))


def _face(report: Report, found: dict[Place, list[Figure]]) -> tuple[tuple[str, str], ...]:
    last = (report.end - timedelta(days=1)).astimezone(HANOI)
    rule = CUTS[report.regime][0].source
    as_of = report.as_of.astimezone(HANOI)
    # By kind they are in their table: told twice here, two would read as four.
    left = [figure for figure in found[OPEN] if figure.value != 0 and figure.id.startswith("open.")]
    matters = "; ".join(f"{figure.label}: {value_cell(figure.value).text} {figure.unit}" for figure in left)
    issued = "dự thảo, chưa phát hành" if report.version is None else f"bản {report.version}"
    issued += f", thay bản {report.version - 1}" if report.version is not None and report.version > 1 else ""
    by = f" ({clean(report.issued_by)})" if report.issued_by else ""
    packs, data = ", ".join(report.rule_packs) or "chưa dùng", report.data_sha256[:12] or "chưa tính"
    covered, expected = len(report.coverage.reported), len(report.coverage.expected)
    return (
        ("Kỳ báo cáo", f"{report.span.name}, {report.span.days} ({rule})"),
        (
            "Thời gian chốt số liệu",
            f"từ 00:00 ngày {report.start.astimezone(HANOI):%d/%m/%Y} đến 24:00 ngày {last:%d/%m/%Y}, giờ Việt Nam (UTC+7)",
        ),
        ("Dữ liệu ghi nhận đến", f"{as_of:%H:%M:%S} ngày {as_of:%d/%m/%Y}, giờ Việt Nam (UTC+7)"),
        ("Đồn báo cáo", f"{number(covered)}/{number(expected)} đồn có báo cáo trong kỳ"),
        ("Việc còn mở", clean(matters) or "không có"),
        ("Tự kiểm tra", _severities(report)),
        ("Phiên bản", f"báo cáo: {issued}{by}; bộ quy tắc: {packs}; chương trình: {report.program}; dữ liệu: {data}"),
    )


def _intro(report: Report) -> str:
    """Which duty to report it follows; a decree is named only where it cuts the period."""
    duty = "chế độ báo cáo định kỳ"
    if report.regime is Regime.ND09:
        duty += " theo Nghị định số 09/2019/NĐ-CP của Chính phủ"
    return f"Thực hiện {duty}, {author(report)} báo cáo tình hình quản lý biên giới {area(report)} {report.span.name} như sau:"


def _mapping(report: Report) -> tuple[Table, ...]:
    columns = (Column("Tên trước", 35), Column("Tên sau", 35), Column("Từ ngày", 30, Align.CENTER))
    rows = tuple((plain(one.before), plain(one.after), plain("/".join(reversed(one.on.split("-"))))) for one in report.mapping)
    return (Table("Địa giới", "Số liệu của tỉnh trước được tính vào tỉnh sau", columns, rows),) if rows else ()


def _sentences(report: Report, chapter: str | None) -> tuple[str, ...]:
    """What this chapter says; None: all that no chapter does. Never in the order they are stored in: a report read back has another."""
    claimed = {word: (name, place) for name, words in _CHAPTERS.items() for place, word in enumerate(words)}
    ids = {one: claimed.get(one.partition(".")[0], (None, 0)) for one in report.sentences}
    ordered = sorted((one for one, (name, _) in ids.items() if name == chapter), key=lambda one: (ids[one][1], _natural(one)))
    return tuple(stopped(report.sentences[one]) for one in ordered)


def _natural(sentence_id: str) -> list[tuple[int, str]]:
    """`article39.2` before `article39.10`."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in sentence_id.split(".")]


def _said(*blocks: Block) -> list[Block]:
    """Those that say something; a chapter with none says so."""
    return [block for block in blocks if not block.is_empty] or [Block(paragraphs=(_NOTHING,))]


def _item(figure: Figure) -> str:
    return ".".join(figure.id.split(".")[:2])


def _label(figures: dict[str, Figure], figure_id: str) -> str:
    found = figures.get(figure_id)
    return f"{label_text(found)} ({found.unit})" if found else figure_id


def _post_name(slug: str) -> str:
    known = posts().get(slug)
    return known.name if known else slug
