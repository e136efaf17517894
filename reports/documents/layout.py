"""The document a report becomes: chapters in the order and manner of a department's periodic report. Pure; `reports.documents` renders it."""

from collections.abc import Iterator
from datetime import timedelta

from agreement.periods import CUTS
from border.vietnam import HANOI
from reports.documents.annexes import CHECKED, PUBLISHED, SEVERITIES, annexes
from reports.documents.cells import value_cell
from reports.documents.document_model import Block, Chapter, Drawing, Layout, Picture, Table, clean, printed, stopped, table
from reports.documents.heads import attached, closing, head, opening, subject
from reports.documents.published_table import published_only_table
from reports.documents.strip import dots
from reports.documents.tables import FigureTables, Place, gate_table, label_text, months_table
from reports.model import Figure, Origin, Report
from reports.names import office_name, post_name
from texts.wording import NOTHING_TO_COMPARE, counted, posts_reporting

_SENTENCES = {
    "breach": ("breach", "needs_facts"),
    "article39": ("article39", "border_event"),
    "matter": ("not_breach", "matter", "sea", "exempt", "no_breach"),
    "crossing": ("crossing",),
    "preface": ("cutoff", "coverage"),
    "open": ("open", "mapping"),
    "published_only": ("published_only",),
    "estimate": ("estimate", "missed"),
}
"""First words of the sentences each chapter prints, in their order. The chapter on open matters prints all others: none is dropped."""
_NOTHING = Block(paragraphs=("Không có số liệu trong kỳ.",))
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")


def layout(report: Report) -> Layout:
    """The document of a report. The same report gives the same layout."""
    tables = FigureTables(report)
    chapters = [
        ("TÌNH HÌNH CHẤP HÀNH HIỆP ĐỊNH VỀ QUY CHẾ QUẢN LÝ BIÊN GIỚI", _breaches(report, tables)),
        ("SỰ VIỆC THUỘC ĐIỀU 39 HIỆP ĐỊNH", _article39(report, tables)),
        ("CÔNG TÁC QUẢN LÝ BIÊN GIỚI KHÁC", _matters(report, tables)),
        ("XUẤT NHẬP CẢNH, PHƯƠNG TIỆN, HÀNG HÓA QUA CỬA KHẨU", _crossings(report, tables)),
        ("VIỆC CÒN MỞ VÀ KIỂM TRA SỐ LIỆU", _open(report, tables)),
    ]
    if report.published_only:
        chapters.append(("SỐ LIỆU ĐÃ CÔNG BỐ, KHÔNG ĐẾM TỪ TIN BÁO", _published_only(report)))
    if report.estimates or report.missed or _sentences(report, "estimate"):
        chapters.append(("SỐ LIỆU ƯỚC", _estimates(report)))
    origin = _origin(report, tables.figures[Place.OPEN])
    return Layout(
        head=head(report),
        is_draft=report.letter is None or report.version is None,
        subject=subject(report),
        preface=(opening(report), *_sentences(report, "preface")),
        chapters=tuple(
            Chapter(numeral, heading, printed(blocks) or (_NOTHING,))
            for numeral, (heading, blocks) in zip(_NUMERALS, chapters, strict=False)
        ),
        closing=closing(report),
        annexes=annexes(report, origin),
        attached=attached(report),
        origin=origin,
        as_of=report.as_of,
    )


def _breaches(report: Report, tables: FigureTables) -> list[Block]:
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
    by_month = months_table(report)
    return [
        Block(paragraphs=_sentences(report, "breach")),
        Block("Theo phía vi phạm và theo tháng", tables=(tables.of(Place.SIDE), by_month), pictures=(months,) if by_month.rows else ()),
        Block("Theo loại việc và điều khoản", tables=(tables.of(Place.KIND), tables.of(Place.CLAUSE))),
        Block(
            "Theo đoạn mốc và địa bàn",
            tables=(tables.of(Place.STRETCH), tables.of(Place.AREA)),
            pictures=(strip,) if dots(report) else (),
        ),
    ]


def _article39(report: Report, tables: FigureTables) -> list[Block]:
    """Each item's cases, followed by what was counted in them."""
    items = list(dict.fromkeys(map(_item, tables.figures[Place.ARTICLE39])))
    tables.figures[Place.ARTICLE39].sort(key=lambda figure: items.index(_item(figure)))
    return [Block(paragraphs=_sentences(report, "article39"), tables=(tables.of(Place.ARTICLE39),))]


def _item(figure: Figure) -> str:
    return ".".join(figure.id.split(".")[:2])


def _matters(report: Report, tables: FigureTables) -> list[Block]:
    return [
        Block(paragraphs=_sentences(report, "matter")),
        Block("Công trình, duy tu, khảo sát, tuần tra, thư trao đổi", tables=(tables.of(Place.MATTER),)),
        Block("Trên biển", tables=(tables.of(Place.SEA),)),
        Block("Việc đã xét và không phải vi phạm", tables=(tables.of(Place.LOOKED_AT),)),
    ]


def _crossings(report: Report, tables: FigureTables) -> list[Block]:
    both = (tables.of(Place.CROSSING), gate_table(tables.figures[Place.CROSSING]))
    return [Block(paragraphs=_sentences(report, "crossing"), tables=both)]


def _open(report: Report, tables: FigureTables) -> list[Block]:
    sentences = (*_sentences(report, "open"), *_sentences(report, None))
    silent = [post_name(post) for post in report.coverage.expected if post not in report.coverage.reported]
    named = any(all(name in sentence for name in silent) for sentence in (*_sentences(report, "preface"), *sentences))
    missing = (f"Đồn chưa có báo cáo trong kỳ: {', '.join(silent)}.",) if silent and not named else ()
    checked = f"Tự kiểm tra số liệu: {_severities(report)}; từng điểm ở phụ lục “{CHECKED}”."
    return [
        Block(paragraphs=(*sentences, *missing, *_compared_with(report))),
        Block("Việc còn mở", tables=(tables.of(Place.OPEN),)),
        Block("Tổng hợp", tables=(tables.of(Place.OVERALL), tables.of(Place.REST))),
        # In a line: its points are an annex, for who signs and not for who is reported to.
        Block("Kết quả tự kiểm tra", paragraphs=(checked if report.checks else "Không có điểm nào phải xem xét.",)),
        Block("Địa giới hành chính thay đổi trong thời gian so sánh", tables=(_mapping(report),)),
    ]


def _severities(report: Report) -> str:
    return ", ".join(f"{sum(check.severity is severity for check in report.checks)} {name}" for severity, name in SEVERITIES.items())


def _compared_with(report: Report) -> tuple[str, ...]:
    """Where the figures of the year before are from."""
    compared = [comparison for comparison in report.comparisons if comparison.before is not None]
    if not compared:
        return (f"Với cùng kỳ năm trước: {NOTHING_TO_COMPARE}.",) if report.comparisons else ()
    origins = {comparison.origin for comparison in compared}
    ours = [f"từ dữ liệu của hệ thống, kỳ {compared[0].period}"] if Origin.RECORD in origins else []
    theirs = [f"từ số đã công bố, nêu ở phụ lục “{PUBLISHED}”"] if Origin.BASELINE in origins else []
    return (f"Số cùng kỳ lấy {' và '.join([*ours, *theirs])}.",)


def _published_only(report: Report) -> list[Block]:
    return [Block(paragraphs=_sentences(report, "published_only"), tables=(published_only_table(report),))]


def _estimates(report: Report) -> list[Block]:
    """Expected figures stand apart from actual ones, and each is marked "ước"."""
    figures = {figure.id: figure for figure in report.figures}

    def label(figure_id: str) -> str:
        figure = figures.get(figure_id)
        return f"Ước: {label_text(figure)} ({figure.unit})" if figure else f"Ước: {figure_id}"

    expected = table(
        "Số ước",
        "Số liệu ước, không cộng vào số liệu thực tế",
        "Chỉ tiêu (ước):<33 | Kỳ ước:^10 | Số ước:>17 | Cách ước:<40",
        [(label(each.figure), each.period, each.value, each.method) for each in report.estimates],
    )
    missed = table(
        "Sai số ước",
        "Số liệu ước của báo cáo trước so với thực tế",
        "Chỉ tiêu (đã ước):<24 | Kỳ ước:^9 | Số ước:>17 | Thực tế:>17 | Chênh lệch:>17 | Báo cáo đã ước:<16",
        [
            (label(given.figure), given.period, given.value, each.actual, each.actual - given.value, each.report)
            for each in report.missed
            for given in [each.estimate]
        ],
    )
    return [Block(paragraphs=_sentences(report, "estimate"), tables=(expected, missed))]


def _origin(report: Report, open_figures: list[Figure]) -> tuple[tuple[str, str], ...]:
    """What a person needs to build the same report again, and what may still change it."""
    last = (report.end - timedelta(days=1)).astimezone(HANOI)
    rule = CUTS[report.regime][0].source
    as_of = report.as_of.astimezone(HANOI)
    # By kind they are in their table: told twice here, two would read as four.
    left = [figure for figure in open_figures if figure.value != 0 and figure.id.startswith("open.")]
    matters = "; ".join(f"{figure.label}: {value_cell(figure).text} {figure.unit}" for figure in left)
    issued = "dự thảo, chưa phát hành" if report.version is None else f"bản {report.version}"
    issued += f", thay bản {report.version - 1}" if report.version is not None and report.version > 1 else ""
    by = f" ({clean(office_name(report.issued_by))})" if report.issued_by else ""
    packs, data = ", ".join(report.rule_packs) or "chưa dùng", report.data_sha256[:12] or "chưa tính"
    return (
        ("Kỳ báo cáo", f"{report.span.name}, {report.span.days} ({rule})"),
        (
            "Thời gian chốt số liệu",
            f"từ 00:00 ngày {report.start.astimezone(HANOI):%d/%m/%Y} đến 24:00 ngày {last:%d/%m/%Y}, giờ Việt Nam (UTC+7)",
        ),
        ("Dữ liệu ghi nhận đến", f"{as_of:%H:%M:%S} ngày {as_of:%d/%m/%Y}, giờ Việt Nam (UTC+7)"),
        *_heard(report),
        ("Việc còn mở", clean(matters) or "không có"),
        ("Tự kiểm tra", _severities(report)),
        ("Phiên bản", f"báo cáo: {issued}{by}; bộ quy tắc: {packs}; chương trình: {report.program}; dữ liệu: {data}"),
    )


def _heard(report: Report) -> Iterator[tuple[str, str]]:
    """How many posts reported; nothing where all did. What holds of incidents and crossings alike is said once."""
    matters = {"vụ việc: ": report.coverage.incidents.heard, "lượt qua cửa khẩu: ": report.coverage.crossings.heard}
    if len(set(matters.values())) == 1:
        matters = {"": report.coverage.incidents.heard}
    texts = [f"{matter}{posts_reporting(each.whole, each.part, each.expected)}" for matter, each in matters.items() if not each.everybody]
    if texts:
        yield "Đồn báo cáo", "; ".join(texts)


def _mapping(report: Report) -> Table:
    rows = [(merger.before, merger.after, "/".join(reversed(merger.on.split("-")))) for merger in report.mapping]
    columns = "Tên trước:<35 | Tên sau:<35 | Từ ngày:^30"
    return table("Địa giới", "Số liệu của tỉnh trước được tính vào tỉnh sau", columns, rows)


def _sentences(report: Report, chapter: str | None) -> tuple[str, ...]:
    """The sentences of a chapter; None: those of no chapter. Their order never depends on how they are stored: a report read back has another."""
    claimed = {word: (name, place) for name, words in _SENTENCES.items() for place, word in enumerate(words)}
    places = {sentence_id: claimed.get(sentence_id.partition(".")[0], (None, 0)) for sentence_id in report.sentences}
    ids = [sentence_id for sentence_id, (name, _) in places.items() if name == chapter]
    ids.sort(key=lambda sentence_id: (places[sentence_id][1], _natural(sentence_id)))
    return tuple(stopped(report.sentences[sentence_id]) for sentence_id in ids)


def _natural(sentence_id: str) -> list[tuple[int, str]]:
    """`article39.2` before `article39.10`."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in sentence_id.split(".")]
