"""A report as data: figures with what is behind them, comparisons, sentences, checks. Everything printed comes from this and nothing else.

Frozen pydantic models, so that an issued report is stored as JSON and read back the same.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

import orjson
from pydantic import BaseModel, ConfigDict, PlainSerializer

from agreement.periods import Period, Regime


def _plain(number: float) -> float:
    """A whole number without a point, as far as JSON writers have room for it."""
    return int(number) if float(number).is_integer() and abs(number) < 2**53 else float(number)


Number = Annotated[float, PlainSerializer(_plain, return_type=Any)]


class ReportPart(BaseModel):
    """Base of all that a report holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Subtotal(ReportPart):
    """What one gate pair adds to a crossing figure. Its rows: `mocgioi report trace`."""

    gate: str
    direction: str
    rows: int
    """How many counted measures were added up."""
    n: Number


class Heard(ReportPart):
    """How many of a unit's posts were heard on what a figure counts: for all of the period, or for a part of it."""

    whole: int
    part: int
    expected: int

    @property
    def everybody(self) -> bool:
        """Whether silence is zero: every post was heard for all of it. Never of a unit without posts."""
        return 0 < self.expected == self.whole

    @property
    def nobody(self) -> bool:
        """Whether no post was heard for any of it."""
        return not (self.whole or self.part)


class Figure(ReportPart):
    """A number, and what it counts."""

    id: str
    """`breach.total`, `breach.CN`, `article39.6.persons`, `crossing.VN-CN.persons`, …"""
    label: str
    """Vietnamese, with what it counts: `Vi phạm Hiệp định do phía Trung Quốc`."""
    unit: str
    """Vietnamese word of what is counted: `vụ`, `lượt người`, `tàu`, `đồn`, `thư`, …"""
    value: Number | None
    """None: nobody was heard on it (then `coverage` says so), or suppressed, being a count of victims or minors below the least size shown."""
    subjects: tuple[str, ...] | tuple[Subtotal, ...] = ()
    """Incidents (or dead letters, conflicts, posts) counted, sorted; of crossings a subtotal a gate pair and direction."""
    coverage: Heard | None = None
    """Whom the figure speaks for. None: it does not hang on what posts report."""

    @property
    def unheard(self) -> bool:
        """Whether it has no value because nobody was heard on it. Else a figure without a value is suppressed."""
        return self.value is None and self.coverage is not None and self.coverage.nobody


class Origin(StrEnum):
    """Where the figure of the earlier period comes from."""

    RECORD = "record"
    BASELINE = "baseline"
    """A published total, loaded by hand."""


class Comparison(ReportPart):
    """A figure beside the same period of the year before."""

    figure: str
    period: str
    """The earlier period's id."""
    before: Number | None
    """None: nothing to compare with. Never read as 0."""
    origin: Origin | None
    source: str | None = None
    """Document and page of a baseline."""
    coverage: Heard | None = None
    """Of a figure of the record: whom the earlier figure speaks for."""


class Published(ReportPart):
    """A published total of the report's own period, with the one of the period compared with."""

    figure: str
    value: Number
    source: str
    """Document and page."""
    before: Number | None = None
    before_source: str | None = None


class Severity(StrEnum):
    """How much a check weighs."""

    ERROR = "error"
    """The report does not add up: it is not released."""
    REVIEW = "review"
    """A person has to look, and decide."""
    NOTE = "note"
    """Printed on the report's face."""


class Check(ReportPart):
    """One finding of the self-audit."""

    code: str
    severity: Severity
    message: str
    """Vietnamese, a whole sentence, numbers written out: `524 + 162 + 45 = 731 ≠ 583`."""
    subjects: tuple[str, ...] = ()


class Row(ReportPart):
    """One incident behind the figures, as the event lists print it. No narrative: a report's lists hold no free text of posts."""

    subject: str
    occurred: datetime
    precision: str
    kind: str
    outcome: str
    side: str
    clauses: tuple[str, ...]
    article39: tuple[int, ...]
    markers: tuple[str, ...]
    province: str | None
    district: str | None
    commune: str | None
    version: int
    finding: str | None
    """The sentence of the finding that carries the outcome, Vietnamese."""

    @property
    def content(self) -> dict[str, Any]:
        """All its fields but `version`, which counts how often the incident changed."""
        return self.model_dump(mode="json", exclude={"version"})


class Month(ReportPart):
    """Breaches of one report month, by side (all columns): the chart's bar."""

    id: str
    sides: dict[str, int]


class PostsHeard(ReportPart):
    """The posts of a unit that were heard on one matter, by how much of the period they were heard for. Slugs, sorted."""

    whole: tuple[str, ...] = ()
    part: tuple[str, ...] = ()
    expected: tuple[str, ...] = ()
    """Empty where the register has no post of the unit then, whoever was heard."""

    @property
    def heard(self) -> Heard:
        """How many they are."""
        return Heard(whole=len(self.whole), part=len(self.part), expected=len(self.expected))

    @property
    def silent(self) -> tuple[str, ...]:
        """The posts that were heard for no part of it."""
        return tuple(slug for slug in self.expected if slug not in self.whole and slug not in self.part)


class Coverage(ReportPart):
    """Posts that were heard out of posts expected."""

    reported: tuple[str, ...]
    """Slugs. Heard on anything, for all of the period or a part of it."""
    expected: tuple[str, ...]
    """The posts of the register in this unit that existed then, and those that reported from it without being in the register."""
    incidents: PostsHeard = PostsHeard()
    crossings: PostsHeard = PostsHeard()


class Mapped(ReportPart):
    """A merger that the figures reach across."""

    before: str
    after: str
    on: str
    """ISO date."""


class Estimate(ReportPart):
    """An expected figure ("ước"). Never added to an actual one."""

    figure: str
    period: str
    """The period it is for, e.g. `2019`."""
    value: Number
    method: str
    """Vietnamese: how it was estimated."""


class Missed(ReportPart):
    """How far an earlier estimate was off, once the actual figure is known."""

    estimate: Estimate
    report: str
    """Which issued report gave it: `2019H1, bản 1`."""
    actual: Number


class Moved(ReportPart):
    """A figure that differs from the version issued before, and what moved it."""

    figure: str
    before: Number | None
    after: Number | None
    added: tuple[str, ...] = ()
    """Subjects that count now and did not."""
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    """Subjects in both whose version differs (or gate pairs whose subtotal does)."""
    events: tuple[str, ...] = ()
    """The events, `source id`, recorded since, of those subjects."""


class PublishedOnly(Published):
    """A published total of what no event counts: `delegations.out`, `trade.export`, … (`agreement.published_families`)."""

    label: str
    unit: str


class Letter(ReportPart):
    """What an office adds to a report when it issues it: Decree 30/2020/NĐ-CP, Article 8."""

    superior: str
    """`UBND tỉnh Lạng Sơn`; empty where there is none above the office. Printed in capitals, as the office is."""
    office: str
    """`Sở Ngoại vụ`."""
    number: str
    """`215/BC-SNgV`; `/BC-SNgV` where a clerk writes the number before it."""
    place: str
    """`Lạng Sơn`."""
    dated: date
    recipients: tuple[str, ...]
    """Lines of "Nơi nhận", without their closing marks."""
    signer: tuple[str, ...]
    """Lines above the signature: `("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")`."""
    signed_by: str | None = None
    """The name under the signature; None where it is left to be written."""
    answers: str | None = None
    """The dispatch that asked for the report: `Công văn số 123/BNG-UBBG ngày 02/12/2019 của Ủy ban Biên giới quốc gia`."""


class Accepted(ReportPart):
    """A warning that the office accepted when it issued the report, with its reason: printed in the annex of checks."""

    code: str
    """The check's code."""
    reason: str


class Report(ReportPart):
    """All there is to print."""

    unit: str
    """Province slug; `all`: the whole line; `none`: no province known."""
    unit_name: str
    regime: Regime
    period: str
    start: datetime
    end: datetime
    as_of: datetime
    figures: tuple[Figure, ...]
    comparisons: tuple[Comparison, ...]
    published: tuple[Published, ...] = ()
    """The published totals of this very period."""
    sentences: dict[str, str]
    checks: tuple[Check, ...]
    coverage: Coverage
    mapping: tuple[Mapped, ...]
    months: tuple[Month, ...]
    """Empty where nobody was heard on breaches."""
    rows: tuple[Row, ...]
    """Every incident behind a figure, sorted by (occurred, subject)."""
    rule_packs: tuple[str, ...]
    """Packs, with the judge's version, that the counted incidents were judged by: `2009.1/2`."""
    program: str
    """Version of this program."""
    version: int | None = None
    """Of an issued report: 1, 2, …"""
    issued_by: str | None = None
    """The office that issued it; never a person."""
    letter: Letter | None = None
    """None: a draft."""
    accepted: tuple[Accepted, ...] = ()
    published_only: tuple[PublishedOnly, ...] = ()
    """Never among the figures."""
    estimates: tuple[Estimate, ...] = ()
    missed: tuple[Missed, ...] = ()
    moved: tuple[Moved, ...] = ()
    """Of version 2 and later: the annex "số liệu điều chỉnh so với báo cáo trước"."""
    data_sha256: str = ""
    """Of what was counted: the same where nothing counted has changed, whenever it was built."""

    @property
    def span(self) -> Period:
        """Its period."""
        return Period.parse(self.period, self.regime)

    def figure(self, figure_id: str) -> Figure | None:
        """The figure of that id, if the report has it."""
        return next((figure for figure in self.figures if figure.id == figure_id), None)

    def value(self, figure_id: str) -> float:
        """The value of a figure; 0 where the report has no such figure, as of a side without a breach."""
        figure = self.figure(figure_id)
        return 0 if figure is None or figure.value is None else figure.value

    def before(self, figure_id: str) -> Comparison | None:
        """What a figure is compared with."""
        return next((comparison for comparison in self.comparisons if comparison.figure == figure_id), None)


def canonical(part: ReportPart) -> bytes:
    """The same bytes for the same report: keys sorted, indented, UTF-8, a newline at the end."""
    return canonical_json(part)


def canonical_json(value: Any) -> bytes:
    """Canonical JSON of parts, and of lists and mappings of them."""
    options = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(value, option=options, default=lambda part: part.model_dump(mode="json"))
