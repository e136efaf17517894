"""What an export holds: its columns by name, type and meaning. Other people's programs read these; a new column goes to the end."""

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """What an export can be written as."""

    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"


class Type(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    TEXTS = "text list"
    WHOLE = "integer"
    WHOLES = "integer list"
    NUMBER = "number"
    FLAG = "boolean"
    MOMENT = "moment"
    """When something happened."""
    STAMP = "stamp"
    """A moment of the record's own clock, always to the microsecond: what `--as-of` is given."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column, and how a reader understands it."""

    name: str
    type: Type
    label: str
    """Vietnamese."""
    meaning: str
    """Vietnamese, a sentence."""
    meaning_en: str
    codes: str | None = None
    """The closed set its values are of: a name of `schemas.codebook_entries.codes()`, or `kind`, `province`, `gate`."""


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of export."""

    name: str
    title: str
    """Vietnamese."""
    order: str
    """How its rows are sorted, Vietnamese."""
    notes: tuple[tuple[str, str], ...]
    """What to know before counting: Vietnamese and English."""
    columns: tuple[Column, ...]


_PROTECTED = (
    (
        "Không có dữ liệu cá nhân: lời kể (text), ghi chú và phần tách của số đếm (nạn nhân, người chưa thành niên …) không được xuất; "
        "số người của vụ mua bán người (loại trafficking, hoặc mục 14 Điều 39) để trống."
    ),
    (
        "No personal data: the narrative (text), notes and the parts of a measure (victims, minors …) are not exported; "
        "the number of persons of a trafficking case (kind trafficking, or item 14 of Article 39) is left empty."
    ),
)
_PLACE = "Như tin báo ghi, tên lúc xảy ra; trống: tin báo không ghi."
_PLACE_EN = "As the report says, by its name then; empty: the report does not say."

INCIDENTS = Table(
    name="incidents",
    title="Vụ việc đã ghi",
    order="occurred, subject (vụ chưa rõ thời gian đứng cuối)",
    notes=(
        (
            (
                "Mỗi dòng là một vụ việc, kể cả vụ không được tính. Muốn đếm, chỉ lấy dòng có counts = true; "
                "“vụ vi phạm Hiệp định” là counts = true và outcome = breach."
            ),
            (
                "A row is one incident, those that never count among them. To count, take rows with counts = true; "
                "a breach of the Agreement is counts = true and outcome = breach."
            ),
        ),
        (
            "Số đếm (người, phương tiện …) không bao giờ cộng với số vụ. Ô trống là chưa có số, không phải 0.",
            "Persons, vehicles … are never added to cases. An empty cell is an unknown number, not 0.",
        ),
        _PROTECTED,
    ),
    columns=(
        Column("subject", Type.TEXT, "mã vụ việc", "Mã của vụ việc, không đổi.", "The incident's id, for ever."),
        Column("occurred", Type.MOMENT, "thời gian xảy ra", "Lúc bắt đầu; đọc cùng precision.", "When it began; read it with precision."),
        Column(
            "precision", Type.TEXT, "độ chính xác", "Thời gian biết chính xác đến đâu.", "How exactly the time is known.", codes="precision"
        ),
        Column("kind", Type.TEXT, "loại việc", "Mã loại việc của bảng mã.", "The codebook's kind.", codes="kind"),
        Column("status", Type.TEXT, "trạng thái", "Chỉ actual được tính.", "Only actual ever counts.", codes="status"),
        Column(
            "side",
            Type.TEXT,
            "phía",
            "Hành vi của phía nào; theo kết luận của cán bộ, nếu có.",
            "Whose act it was; by an officer's finding where there is one.",
            codes="side",
        ),
        Column(
            "outcome",
            Type.TEXT,
            "kết luận",
            "Kết luận được tính: của cán bộ, nếu có, nếu không thì của máy.",
            "The outcome that counts: an officer's where there is one, else the machine's.",
            codes="outcome",
        ),
        Column("machine_outcome", Type.TEXT, "kết luận của máy", "Kết luận theo bộ quy tắc.", "What the rules say.", codes="outcome"),
        Column("assessed", Type.FLAG, "cán bộ đã kết luận", "Có kết luận của cán bộ.", "An officer's finding stands over the machine's."),
        Column(
            "clauses",
            Type.TEXTS,
            "điều khoản",
            "Điều khoản Hiệp định mang kết luận, như 21(1).",
            "Clauses of the Agreement that carry the outcome, as 21(1).",
        ),
        Column("article39", Type.WHOLES, "mục Điều 39", "Các mục của Điều 39.", "Items of Article 39."),
        Column("markers", Type.TEXTS, "mốc", "Các mốc, viết thống nhất, như 1088/2.", "Markers in one spelling, as 1088/2."),
        Column(
            "province",
            Type.TEXT,
            "tỉnh",
            "Tỉnh ghi trong tin báo, nếu không thì của mốc, cửa khẩu hoặc đồn lúc xảy ra.",
            "The province stated, else that of the marker, gate or post at the time.",
            codes="province",
        ),
        Column("district", Type.TEXT, "huyện", _PLACE, _PLACE_EN),
        Column("commune", Type.TEXT, "xã", _PLACE, _PLACE_EN),
        Column(
            "scheme",
            Type.TEXT,
            "cách ghi nơi xảy ra",
            "marker: mốc; gate: cửa khẩu; sea: trên biển; area: khu vực.",
            "marker, gate, sea or area: how the place was given.",
        ),
        Column("gate", Type.TEXT, "cửa khẩu", "Khi scheme là gate.", "Where scheme is gate.", codes="gate"),
        Column("sea_area", Type.TEXT, "vùng biển", "Khi scheme là sea.", "Where scheme is sea."),
        Column("direction", Type.TEXT, "hướng", "Hướng qua đường biên giới.", "Which way it went over the line.", codes="direction"),
        Column(
            "persons",
            Type.WHOLE,
            "số người",
            "Tổng các số đếm người; trống với vụ mua bán người.",
            "Sum of its counts of persons; empty for trafficking.",
        ),
        Column("vehicles", Type.WHOLE, "số phương tiện", "Tổng các số đếm phương tiện.", "Sum of its counts of vehicles."),
        Column("boats", Type.WHOLE, "số tàu, thuyền", "Tổng các số đếm tàu, thuyền.", "Sum of its counts of boats."),
        Column("livestock", Type.WHOLE, "số gia súc, gia cầm", "Tổng các số đếm con vật.", "Sum of its counts of livestock."),
        Column("complete", Type.FLAG, "đã có báo cáo", "Báo cáo đầu đã đến.", "Its first report has arrived."),
        Column("retracted", Type.FLAG, "đã rút", "Đồn đã rút lại.", "The post has withdrawn it."),
        Column(
            "rule_pack",
            Type.TEXT,
            "bộ quy tắc",
            "Bộ quy tắc đã xét, theo ngày xảy ra.",
            "The rules it was judged by, those in force on its day.",
        ),
        Column("judge_version", Type.WHOLE, "bản chương trình xét", "Bản của chương trình xét.", "Version of the judging program."),
        Column(
            "version", Type.WHOLE, "bản", "Bản thứ mấy của vụ việc, vào thời điểm as_of.", "Which version of the incident stood at as_of."
        ),
        Column("recorded_at", Type.STAMP, "ghi lúc", "Lúc cơ sở dữ liệu ghi bản này.", "When the record took this version."),
        Column(
            "counts",
            Type.FLAG,
            "được tính",
            "complete, status = actual và không rút: được tính trong báo cáo.",
            "complete, status = actual and not retracted: it counts in reports.",
        ),
        Column(
            "judge_failed",
            Type.FLAG,
            "xét bị lỗi",
            "Máy không xét lại được, kết luận là của lần trước.",
            "A rule failed at the last judging: the outcome is the one before.",
        ),
    ),
)

CROSSINGS = Table(
    name="crossings",
    title="Số liệu qua cửa khẩu, lối mở",
    order="gate, interval_start, source, id, position",
    notes=(
        (
            (
                "Mỗi dòng là một số đếm của một bản ghi, theo bản đính chính mới nhất tính đến as_of. Chỉ cộng những dòng có counts = true và cùng "
                "what, unit."
            ),
            "A row is one count of one record, as last corrected by as_of. Add up only rows with counts = true and the same what and unit.",
        ),
        (
            "Hai khoảng thời gian của cùng cửa khẩu, hướng và what có thể chồng nhau; bản kiểm tra của báo cáo nêu các trường hợp đó.",
            "Two intervals of one gate, direction and what may overlap; a report's checks name them.",
        ),
        (
            "Không có dữ liệu cá nhân: chỉ số đếm; lời kể (text) không được xuất. source là thiết bị của đồn.",
            "No personal data: counts only; the narrative (text) is not exported. source is a post's device.",
        ),
    ),
    columns=(
        Column("gate", Type.TEXT, "cửa khẩu, lối mở", "Mã cặp cửa khẩu, lối mở.", "The gate pair's code.", codes="gate"),
        Column("direction", Type.TEXT, "hướng", "Hướng qua đường biên giới.", "Which way over the line.", codes="direction"),
        Column("interval_start", Type.MOMENT, "từ lúc", "Đầu khoảng thời gian, kể cả lúc ấy.", "Its beginning, included."),
        Column("interval_end", Type.MOMENT, "đến trước lúc", "Cuối khoảng thời gian, không kể lúc ấy.", "Its end, not included."),
        Column("what", Type.TEXT, "đếm gì", "persons là lượt người.", "persons are passages of persons.", codes="measure"),
        Column("n", Type.NUMBER, "số lượng", "Số đếm.", "The count."),
        Column("unit", Type.TEXT, "đơn vị", "Đơn vị của goods, như tấn.", "The unit of goods, as tấn."),
        Column(
            "nationality",
            Type.TEXT,
            "quốc tịch",
            "Mã nước hai chữ cái, nếu đồn tách.",
            "ISO country code, where the post tells them apart.",
        ),
        Column("status", Type.TEXT, "trạng thái", "Chỉ actual được tính.", "Only actual ever counts.", codes="status"),
        Column("source", Type.TEXT, "nguồn", "Thiết bị của đồn đã ghi.", "The post's device that recorded it."),
        Column("id", Type.TEXT, "mã bản ghi", "Mã bản ghi của nguồn.", "The record's id at its source."),
        Column("position", Type.WHOLE, "thứ tự", "Số đếm thứ mấy của bản ghi, từ 0.", "Which count of the record, from 0."),
        Column(
            "stated_source",
            Type.TEXT,
            "nguồn của số này",
            "Nguồn của bản ghi hoặc bản đính chính.",
            "Who stated this number: the record or its correction.",
        ),
        Column(
            "stated_id",
            Type.TEXT,
            "mã bản nêu số này",
            "Khác id khi số đã được đính chính.",
            "Differs from id where the number was corrected.",
        ),
        Column("recorded_at", Type.STAMP, "ghi lúc", "Lúc cơ sở dữ liệu ghi số này.", "When the record took this number."),
        Column("counts", Type.FLAG, "được tính", "status = actual.", "status = actual."),
    ),
)

FIGURES = Table(
    name="figures",
    title="Số liệu báo cáo",
    order="period, rồi thứ tự trong báo cáo",
    notes=(
        (
            "Cùng một số liệu có dòng tổng và các dòng thành phần (breach.total và breach.CN, breach.VN …): không cộng tất cả các dòng.",
            "Totals stand beside their parts (breach.total and breach.CN, breach.VN …): never add up all rows.",
        ),
        (
            "value trống: không công bố, vì là số nạn nhân hoặc người chưa thành niên dưới mức nhỏ nhất được nêu; subjects cũng để trống.",
            "value empty: withheld, being a count of victims or minors below the least size shown; subjects is left empty too.",
        ),
        (
            "Mỗi tháng một dòng khi xuất với --by month; khi ấy không có dòng của cả kỳ.",
            "With --by month there is a row a month, and none of the whole period.",
        ),
    ),
    columns=(
        Column(
            "unit",
            Type.TEXT,
            "đơn vị báo cáo",
            "Mã tỉnh; all: toàn tuyến; none: chưa rõ tỉnh.",
            "Province code; all: the line; none: no province.",
            codes="province",
        ),
        Column(
            "regime", Type.TEXT, "cách cắt kỳ", "nd09: Nghị định 09/2019 (từ ngày 15); calendar: tháng dương lịch.", "How months are cut."
        ),
        Column("period", Type.TEXT, "kỳ", "Như 2019, 2019Q4, 2019-10.", "As 2019, 2019Q4, 2019-10."),
        Column("figure", Type.TEXT, "mã số liệu", "Mã của số liệu, như breach.total.", "The figure's id, as breach.total."),
        Column("label", Type.TEXT, "số liệu", "Tên tiếng Việt.", "Its Vietnamese name."),
        Column("value", Type.NUMBER, "giá trị", "Giá trị; trống: không công bố.", "Its value; empty: withheld."),
        Column("unit_of_value", Type.TEXT, "đơn vị tính", "Đếm gì: vụ, lượt người, tàu ….", "What is counted: cases, persons, boats …."),
        Column(
            "subjects",
            Type.WHOLE,
            "số căn cứ",
            "Bao nhiêu vụ việc, tin hoặc đồn (số qua cửa khẩu: bao nhiêu cặp cửa khẩu và hướng) đứng sau số này.",
            "How many incidents, messages or posts (of crossings: gate pairs and directions) stand behind it.",
        ),
    ),
)
