/** The page “Báo tin”: a report is read from a sentence or filled in, kept at every key stroke, checked and minted. */
import * as clock from "./clock.js";
import { byId, capital, h, option, put, radio, say, textsOf, tick } from "./dom.js";
import { draftsOf } from "./draft.js";
import * as facts from "./facts.js";
import * as line from "./line.js";
import * as markers from "./markers.js";
import * as measures from "./measures.js";
import * as problems from "./problems.js";
import * as register from "./register.js";
import { codebook, label } from "./register.js";
import { isMarkedSecret, SECRET } from "./secrecy.js";
import * as store from "./store.js";

const NOT_IN_FORM = ["month", "quarter", "half", "year"];
/** Where the parts of a sentence are filled in. */
const FILLED = {
  kind: "kind-chosen",
  occurred: "when",
  place: "where",
  side: "whose",
  facts: "facts-field",
  measures: "measures-field",
  handling: "handling-field",
};
/** The fields of a place, by its scheme. */
const PLACE_FIELDS = { marker: ["marker"], gate: ["gate"], area: ["area", "province"], sea: ["area"] };

/** @typedef {{kind: string | null, measures: any[], readings: Record<string, string[]>, place: any, occurred: any}} Parts */
const drafts = draftsOf("draft", () => /** @type {Parts} */ ({ kind: null, measures: [], readings: {}, place: null, occurred: null }));

/** @type {import("./draft.js").Draft & Parts} */
let draft;
/** @type {HTMLFormElement} */
let form;
/** @type {() => void} */
let afterSaving;

/** Prepare the page once. `saved` is called after a report was minted. */
export async function start(/** @type {() => void} */ saved) {
  form = byId("report");
  afterSaving = saved;
  byId("sides").replaceChildren(...Object.keys(codebook.sets.side).map((side) => radio("side", side, label("side", side))));
  byId("direction").replaceChildren(
    option("", "không ghi"),
    ...Object.keys(codebook.sets.direction).map((way) => option(way, label("direction", way))),
  );
  byId("handling").replaceChildren(
    ...Object.keys(codebook.sets.action).map((action) => tick("handling", action, label("action", action))),
  );
  byId("province").replaceChildren(
    option("", "chọn tỉnh"),
    ...Object.keys(register.border.provinces)
      .filter((each) => register.provinceOn(each, clock.dateOf(Date.now())) === each)
      .map((each) => option(each, register.provinceName(each))),
  );
  form.addEventListener("input", (event) => (forget(/** @type {Node} */ (event.target)), changed()));
  form.addEventListener("change", changed);
  form.addEventListener("submit", submit);
  byId("kind-search").addEventListener("input", listKinds);
  byId("kinds").addEventListener("change", (/** @type {any} */ event) => (event.stopPropagation(), setKind(event.target.value, true)));
  byId("kind-change").addEventListener("click", () => setKind(null, true));
  byId("now").addEventListener("click", setNow);
  byId("read").addEventListener("click", readSentence);
  byId("clear").addEventListener("click", clear);
  byId("add-measure").addEventListener("click", addMeasure);
  show(await drafts.resume());
}

/** Write a refused report again: another event, with what it said. */
export async function writeAgain(/** @type {any} */ data) {
  show(await drafts.fresh());
  fill(data);
  keep();
}

function show(/** @type {typeof draft} */ shown) {
  draft = shown;
  form.reset();
  problems.clear(form);
  byId("sentence-state").textContent = "";
  setKind(draft.kind !== null && draft.kind in codebook.kinds ? draft.kind : null, false);
  for (const [name, value] of draft.values) put(form, name, value);
  measures.show(draft.measures, changed);
  byId("until").open = Boolean(byId("end-date").value || byId("end-time").value);
  byId("more").open =
    draft.measures.length > 0 || draft.values.some(([name, value]) => ["handling", "text", "direction"].includes(name) && value !== "");
  if (!byId("date").value) byId("date").value = clock.dateOf(Date.now());
  showReadings();
  look();
}

function changed() {
  keep();
  look();
}

const keep = () =>
  drafts.keep(
    draft,
    [...new FormData(form)].filter(([name]) => name !== "kind"),
  );

/** Show what hangs on what was entered: the fields of the place, the reading of the marker, the summary. */
function look() {
  const scheme = String(new FormData(form).get("scheme"));
  for (const field of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-scheme]"))) {
    field.hidden = !field.dataset.scheme?.split(" ").includes(scheme);
  }
  byId("time").disabled = ["night", "day"].includes(byId("precision").value);
  byId("end-time").disabled = byId("precision").value === "day";
  showMarker();
  const where = {
    marker: `mốc ${byId("marker").value}`,
    gate: byId("gate").selectedOptions[0]?.label,
    area: byId("area").value,
    sea: byId("area").value,
  }[scheme];
  byId("summary").textContent = draft.kind ? capital([register.kindLabel(draft.kind), where, whenShown()].filter(Boolean).join(" · ")) : "";
}

function whenShown() {
  const date = byId("date").value;
  if (!date) return "";
  const start = { minute: byId("time").value, hour: `khoảng ${byId("time").value.slice(0, 2)} giờ`, night: "đêm", day: "" }[
    /** @type {"day"} */ (byId("precision").value)
  ];
  const end = [byId("end-time").disabled ? "" : byId("end-time").value, clock.shownDate(byId("end-date").value)].filter(Boolean);
  return `${start} ${clock.shownDate(date)}${end.length ? ` đến ${end.join(" ")}` : ""}`;
}

function showMarker() {
  const reading = byId("marker-reading");
  const text = byId("marker").value;
  const parsed = markers.parse(text);
  reading.className = parsed.review ? "reading unclear" : "reading";
  if (text.trim() === "") reading.textContent = "";
  else if (parsed.review) reading.textContent = capital(parsed.review);
  else {
    const province = register.provinceOf(parsed.items, byId("date").value);
    const gates = register.gatesAt(parsed.items);
    const parts = [
      `Mốc ${parsed.canonical}`,
      province ? register.provinceName(province) : "chưa rõ tỉnh",
      gates.length ? `cửa khẩu ${gates.join("; ")}` : null,
    ];
    reading.textContent = parts.filter(Boolean).join(" · ");
  }
}

function listKinds() {
  const query = byId("kind-search").value;
  const kinds = query.trim() === "" ? Object.keys(codebook.kinds) : register.kindsFor(query);
  byId("kinds").replaceChildren(...kinds.map((kind) => radio("kind", kind, capital(register.kindLabel(kind)))));
  byId("kinds").hidden = kinds.length === 0;
  byId("no-kinds").textContent = kinds.length === 0 ? "Không thấy việc nào như thế. Thử chữ khác, hoặc chọn “việc khác”." : "";
}

function setKind(/** @type {string | null} */ kind, /** @type {boolean} */ byHand) {
  const focused = byId("kind-field").contains(document.activeElement);
  draft.kind = kind;
  byId("kind-chosen").hidden = kind === null;
  byId("kind-picker").hidden = kind !== null;
  byId("facts-field").hidden = kind === null || Object.keys(register.factsOf(kind)).length === 0;
  byId("facts").replaceChildren(...(kind === null ? [] : facts.fields(kind)));
  if (kind === null) {
    byId("kind-search").value = "";
    listKinds();
  } else {
    byId("kind-label").textContent = capital(register.kindLabel(kind));
    byId("kind-definition").textContent = codebook.kinds[kind].definition.vi;
  }
  if (byHand) {
    delete draft.readings.kind;
    showReadings();
    if (focused) byId(kind === null ? "kind-search" : "kind-change").focus();
    changed();
  }
}

function setNow() {
  put(form, "date", clock.dateOf(Date.now()));
  put(form, "time", clock.timeOf(Date.now()));
  put(form, "precision", "minute");
  changed();
}

function addMeasure() {
  draft.measures.push({ what: "persons", n: "", unit: "", nationality: "" });
  measures.show(draft.measures, changed);
  byId(`n-${draft.measures.length - 1}`).focus();
}

async function clear() {
  if (!confirm("Xóa những gì đang viết?")) return;
  drafts.drop(draft.id);
  show(await drafts.fresh());
  byId("report-title").focus();
}

/** Let the centre read the sentence, and fill in what it says. */
async function readSentence() {
  const text = byId("sentence").value.normalize("NFC").trim();
  const state = byId("sentence-state");
  if (text === "") return byId("sentence").focus();
  if (isMarkedSecret(text)) return (state.textContent = SECRET);
  const device = await store.device();
  state.textContent = "Đang đọc…";
  try {
    const reading = await line.ask("/v1/draft", device?.key ?? "", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text }),
    });
    const ofData = (/** @type {{field: string}} */ { field }) => field.startsWith("data.");
    const read = reading.fields.filter(ofData);
    draft.readings = {};
    for (const { field, words } of read) (draft.readings[field.split(".")[1]] ??= []).push(words.trim());
    const left = fill(reading.event.data);
    const asked = reading.missing.filter(ofData).map((/** @type {{ask: string}} */ gap) => gap.ask);
    state.textContent = [`Đã điền ${read.length} điều. Hãy xem lại từng mục.`, ...left, ...asked].join(" ");
    showReadings();
    changed();
  } catch (error) {
    if (!(error instanceof line.Refused || error instanceof line.Away)) throw error;
    state.textContent =
      error instanceof line.Refused ? error.problem.detail : "Chưa nối được với trung tâm: câu vẫn được giữ, hoặc điền các ô dưới đây.";
  }
}

/** Fill in what event data say, and nothing else. Returns sentences on what has no field here. */
function fill(/** @type {any} */ data) {
  const left = [];
  if (data.kind && data.kind !== draft.kind) setKind(data.kind, false);
  if (data.occurred) {
    const fields = fieldsOf(data.occurred);
    if (NOT_IN_FORM.includes(data.occurred.precision)) {
      put(form, "date", fields.date);
      left.push("Câu không ghi rõ ngày: hãy chọn ngày.");
    } else {
      draft.occurred = data.occurred;
      for (const [name, value] of Object.entries(fields)) put(form, name, value);
      byId("until").open = Boolean(data.occurred.end);
    }
  }
  if (data.place) {
    draft.place = data.place;
    for (const name of ["scheme", "marker", "gate", "area", "province"]) if (data.place[name]) put(form, name, data.place[name]);
  }
  for (const name of ["side", "direction", "text"]) if (data[name]) put(form, name, data[name]);
  for (const [fact, value] of Object.entries(data.facts ?? {})) {
    for (const each of [value].flat()) put(form, `fact.${fact}`, facts.shown(each));
  }
  for (const { action } of data.handling ?? []) put(form, "handling", action);
  if (data.status === "exercise") put(form, "exercise", "yes");
  if (data.measures) {
    draft.measures = data.measures.map((/** @type {any} */ measure) => ({ ...measure, n: facts.shown(measure.n) }));
    measures.show(draft.measures, changed);
  }
  if (data.measures || data.handling || data.direction || data.text) byId("more").open = true;
  return left;
}

/** What the fields show of an occurrence; a day ends with its last moment. */
function fieldsOf(/** @type {{start: string, end?: string, precision: string}} */ { start, end, precision }) {
  const [began, ended] = [Date.parse(start), Date.parse(end ?? start)];
  return {
    date: clock.dateOf(began),
    time: ["minute", "hour"].includes(precision) ? clock.timeOf(began) : "",
    precision,
    "end-date": end ? clock.dateOf(precision === "day" ? ended - 1 : ended) : "",
    "end-time": end && precision !== "day" ? clock.timeOf(ended) : "",
  };
}

/** Beside each part that the sentence filled, the words it rests on. */
function showReadings() {
  for (const shown of form.querySelectorAll(".from")) shown.remove();
  for (const [part, id] of Object.entries(FILLED)) {
    const words = draft.readings[part];
    if (words) byId(id).append(h("p", { class: "from" }, `Đọc từ câu: “${words.join("”, “")}”`));
  }
}

/** A part that is changed by hand rests on the sentence no more. */
function forget(/** @type {Node} */ field) {
  for (const [part, id] of Object.entries(FILLED)) if (byId(id).contains(field)) delete draft.readings[part];
  showReadings();
}

/** The data of the report, or what is wrong with it. */
function collect() {
  const values = new FormData(form);
  const text = textsOf(values);
  /** @type {import("./problems.js").Problem[]} */
  const wrong = [];
  if (draft.kind === null) wrong.push({ at: "kind-search", message: "Việc gì: chọn một việc" });
  const occurred = readOccurred(text, wrong);
  const place = readPlace(text, wrong);
  if (!text("side")) wrong.push({ at: "whose", message: "Phía nào: chọn một, chưa rõ thì chọn “chưa xác định”" });
  const ofKind = draft.kind === null ? { facts: {}, problems: [] } : facts.read(draft.kind, values);
  const { counted, problems: miscounted } = measures.read(draft.measures);
  wrong.push(...ofKind.problems, ...miscounted);
  if (draft.kind === "other" && !text("text")) wrong.push({ at: "text", message: "Diễn biến: “việc khác” cần ghi là việc gì" });
  for (const [name, value] of values) if (isMarkedSecret(String(value))) wrong.push({ at: name, message: SECRET });
  const handling = values.getAll("handling").map((action) => ({ action }));
  const data = {
    kind: draft.kind,
    status: text("exercise") ? "exercise" : "actual",
    occurred,
    place,
    side: text("side"),
    ...(text("direction") && { direction: text("direction") }),
    ...(Object.keys(ofKind.facts).length && { facts: ofKind.facts }),
    ...(counted.length && { measures: counted }),
    ...(handling.length && { handling }),
    ...(text("text") && { text: text("text") }),
  };
  return { data, wrong };
}

function readOccurred(/** @type {(name: string) => string} */ text, /** @type {import("./problems.js").Problem[]} */ wrong) {
  const precision = text("precision");
  const time = { minute: text("time"), hour: `${text("time").slice(0, 2)}:00`, night: "18:00", day: "00:00" }[
    /** @type {"day"} */ (precision)
  ];
  // What the sentence says besides, that a night began at midnight say, goes along unless a field was changed by hand.
  const isUnchanged = draft.occurred && Object.entries(fieldsOf(draft.occurred)).every(([name, value]) => text(name) === value);
  const start = isUnchanged ? Date.parse(draft.occurred.start) : clock.moment(text("date"), time);
  if (Number.isNaN(clock.moment(text("date")))) wrong.push({ at: "date", message: "Lúc nào: chọn ngày xảy ra" });
  else if (Number.isNaN(start)) wrong.push({ at: "time", message: "Lúc nào: ghi giờ, hoặc chọn “chỉ biết ngày”" });
  else if (start > Date.now())
    wrong.push({ at: "date", message: `Lúc nào: ${clock.shown(start)} chưa đến, bây giờ là ${clock.shown(Date.now())}` });
  if (Number.isNaN(start) || isUnchanged) return draft.occurred;
  const end = readEnd(text, precision);
  if (Number.isNaN(end)) wrong.push({ at: "end-time", message: "Kết thúc: ghi cả giờ" });
  else if (end !== null && end < start)
    wrong.push({ at: "end-date", message: `Kết thúc: ${clock.shown(end)} trước lúc xảy ra, ${clock.shown(start)}` });
  return { start: clock.writtenWhole(start), ...(end && { end: clock.writtenWhole(end) }), precision };
}

/** When it ended: null where that is left open, NaN without the time of day. A night ends in the morning. */
function readEnd(/** @type {(name: string) => string} */ text, /** @type {string} */ precision) {
  if (!text("end-date") && !text("end-time")) return null;
  const date = text("end-date") || text("date");
  if (precision === "day") return clock.moment(clock.dayAfter(date));
  return clock.moment(date, text("end-time") || (precision === "night" ? "06:00" : ""));
}

function readPlace(/** @type {(name: string) => string} */ text, /** @type {import("./problems.js").Problem[]} */ wrong) {
  const scheme = /** @type {"marker" | "gate" | "area" | "sea"} */ (text("scheme"));
  const fields = PLACE_FIELDS[scheme];
  const { review } = markers.parse(text("marker"));
  if (scheme === "marker" && review) wrong.push({ at: "marker", message: `Số mốc: ${review}` });
  if (scheme === "gate" && !text("gate")) wrong.push({ at: "gate", message: "Ở đâu: chọn cửa khẩu, lối mở" });
  if (scheme === "sea" && !text("area")) wrong.push({ at: "area", message: "Ở đâu: ghi tên vùng biển" });
  if (scheme === "area" && !text("area") && !text("province"))
    wrong.push({ at: "province", message: "Ở đâu: chọn tỉnh, hoặc ghi tên khu vực" });
  // What the sentence says besides, a commune say, goes along unless the place was changed by hand.
  if (draft.place?.scheme === scheme && fields.every((name) => (draft.place[name] ?? "") === text(name))) return draft.place;
  return {
    scheme,
    ...(scheme === "marker" && { line: "VN-CN" }),
    ...Object.fromEntries(fields.filter(text).map((name) => [name, text(name)])),
  };
}

async function submit(/** @type {Event} */ event) {
  event.preventDefault();
  const { data, wrong } = collect();
  if (line.clockProblem()) wrong.push({ at: "date", message: line.clockProblem() });
  if (wrong.length > 0) return problems.show(form, wrong);
  const { id } = draft;
  const kept = await store.mint({ id, type: "incident.reported", subject: `inc-${id}`, data });
  if (kept === null) return;
  drafts.drop(id);
  show(await drafts.fresh());
  say(`Đã lưu tin số ${kept.sequence}.${line.state.online ? "" : " Có mạng là máy tự gửi."}`);
  afterSaving();
}
