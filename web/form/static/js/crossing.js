/** The page “Lượt qua”: how many passed a gate in one direction in some days, or a correction of what this machine counted before. */
import * as clock from "./clock.js";
import { byId, capital, put, radio, say, textsOf } from "./dom.js";
import { draftsOf } from "./draft.js";
import { shown } from "./facts.js";
import { clockProblem, postOf, state } from "./line.js";
import * as measures from "./measures.js";
import * as problems from "./problems.js";
import { border, label } from "./register.js";
import { isMarkedSecret, SECRET } from "./secrecy.js";
import * as store from "./store.js";

const WAYS = ["VN-CN", "CN-VN"];
const COUNTED = ["persons", "vehicles", "goods"];
/** A later count of which these are the same is a correction. */
const SAME = ["status", "gate", "interval", "direction"];

/** `corrects`: the id of the record that this is a correction of, where that was chosen. */
const drafts = draftsOf("crossing-draft", () => /** @type {{corrects: string | null}} */ ({ corrects: null }));

/** @type {Awaited<ReturnType<typeof drafts.fresh>>} */
let draft;
/** @type {HTMLFormElement} */
let form;
/** @type {() => void} */
let afterSaving;

export async function start(/** @type {() => void} */ saved) {
  form = byId("crossing");
  afterSaving = saved;
  byId("ways").replaceChildren(...WAYS.map((way) => radio("direction", way, capital(label("direction", way)))));
  form.addEventListener("input", keep);
  form.addEventListener("submit", submit);
  byId("crossing-clear").addEventListener("click", clear);
  draft = await drafts.resume();
  await show();
}

/** Show what is being written; else the gate of the last count, and today. */
export async function show() {
  const gate = await usualGate();
  form.reset();
  put(form, "gate", gate);
  for (const name of ["from", "to"]) put(form, name, clock.dateOf(Date.now()));
  for (const [name, value] of draft.values) put(form, name, value);
  byId("correction").hidden = draft.corrects === null && byId("crossing-reason").value === "";
}

/** Write a count anew: a refused one as another event, any other one as its correction. */
export async function writeAgain(/** @type {any} */ { id, data }, /** @type {boolean} */ refused) {
  draft = await drafts.fresh();
  draft.corrects = data.corrects?.id ?? (refused ? null : id);
  await show();
  put(form, "from", clock.dateOf(Date.parse(data.interval.start)));
  put(form, "to", clock.dateOf(Date.parse(data.interval.end) - 1));
  for (const name of ["gate", "direction", "text", "reason"]) put(form, name, data[name] ?? "");
  if (data.status === "exercise") put(form, "exercise", "yes");
  for (const { what, n, unit } of data.counts) {
    put(form, what, shown(n));
    if (what === "goods") put(form, "unit", unit ?? "");
  }
  keep();
}

async function usualGate() {
  const last = (await store.events()).findLast(({ event }) => event.type.includes("crossing."));
  const post = postOf((await store.device())?.source ?? "");
  return last?.event.data.gate ?? (post in border.gates ? post : "");
}

const keep = () => drafts.keep(draft, [...new FormData(form)]);

async function clear() {
  if (!confirm("Xóa những gì đang viết?")) return;
  await another();
  byId("crossing-title").focus();
}

async function another() {
  drafts.drop(draft.id);
  draft = await drafts.fresh();
  problems.clear(form);
  await show();
}

async function submit(/** @type {Event} */ event) {
  event.preventDefault();
  const { id, corrects } = draft;
  const { data, reason, wrong } = collect();
  const corrected = wrong.length === 0 ? await recordOf(data, id, corrects) : undefined;
  if (corrected && !reason) {
    byId("correction").hidden = false;
    wrong.push({ at: "crossing-reason", message: "Máy này đã báo lượt qua ấy: muốn đính chính thì ghi lý do" });
  }
  if (wrong.length > 0) return problems.show(form, wrong);
  const kept = await store.mint(
    corrected
      ? {
          id,
          type: "crossing.corrected",
          subject: data.gate,
          data: { ...data, corrects: { source: corrected.source, id: corrected.id }, reason },
        }
      : { id, type: "crossing.recorded", subject: data.gate, data },
  );
  if (kept === null) return;
  await another();
  say(`Đã lưu tin số ${kept.sequence}.${state.online ? "" : " Có mạng là máy tự gửi."}`);
  afterSaving();
}

/** The record that a count corrects: the chosen one, or one of the same gate, direction and days. `id`: of the count, minted by a first click maybe. */
async function recordOf(/** @type {any} */ data, /** @type {string} */ id, /** @type {string | null} */ corrects) {
  const events = (await store.events()).filter((kept) => !store.isRefused(kept)).map((kept) => kept.event);
  const records = events.filter((event) => event.type.includes("crossing.recorded") && event.id !== id);
  const what = (/** @type {any} */ of) => JSON.stringify(SAME.map((name) => of[name]));
  return records.find((event) => event.id === corrects) ?? records.find((event) => what(event.data) === what(data));
}

/** The data of the count, or what is wrong with it. */
function collect() {
  const values = new FormData(form);
  const text = textsOf(values);
  const rows = COUNTED.map((what) => ({ what, n: text(what), ...(what === "goods" && { unit: text("unit") }) }));
  const { counted, problems: miscounted } = measures.read(rows, (index) => ({
    at: `crossing-${COUNTED[index]}`,
    name: capital(label("measure", COUNTED[index])),
  }));
  const days = clock.days(text("from"), text("to"));
  /** @type {import("./problems.js").Problem[]} */
  const wrong = [];
  if (!text("gate")) wrong.push({ at: "crossing-gate", message: "Cửa khẩu, lối mở: chọn một" });
  if (!text("direction")) wrong.push({ at: "way", message: "Chiều nào: chọn một" });
  if (days === null || days.start > Date.now())
    wrong.push({ at: "crossing-from", message: "Chọn từ ngày nào đến ngày nào, ngày đầu không sau ngày cuối và không sau hôm nay" });
  if (counted.length + miscounted.length === 0) wrong.push({ at: "crossing-persons", message: "Bao nhiêu: ghi ít nhất một số" });
  wrong.push(...miscounted);
  if (clockProblem()) wrong.push({ at: "crossing-from", message: clockProblem() });
  for (const name of ["unit", "text", "reason"]) if (isMarkedSecret(text(name))) wrong.push({ at: `crossing-${name}`, message: SECRET });
  const data = {
    status: text("exercise") ? "exercise" : "actual",
    gate: text("gate"),
    interval: days && { start: clock.writtenWhole(days.start), end: clock.writtenWhole(days.end) },
    direction: text("direction"),
    counts: counted,
    ...(text("text") && { text: text("text") }),
  };
  return { data, reason: text("reason"), wrong };
}
