/** The page “Tin đã lập”: every event of this machine, and what became of it. */
import * as clock from "./clock.js";
import * as change from "./change.js";
import * as crossing from "./crossing.js";
import { byId, capital, h } from "./dom.js";
import { state } from "./line.js";
import { border, factsOf, kindLabel, label } from "./register.js";
import * as report from "./report.js";
import * as store from "./store.js";

const SHOWN = 200;

/** What is shown, so that the list is drawn anew only where it differs, and keeps the focus of who is in it. */
let drawn = "";

/** Show what is kept now. */
export async function show() {
  const [all, device] = await Promise.all([store.events(), store.device()]);
  const now = JSON.stringify([all, device, state.online]);
  if (now === drawn) return;
  drawn = now;
  const focused = byId("events").contains(document.activeElement) ? document.activeElement?.getAttribute("aria-label") : null;
  const waiting = all.filter((kept) => kept.state === "waiting");
  byId("count").textContent = String(waiting.length);
  byId("count").hidden = waiting.length === 0;
  byId("count").title = `${waiting.length} tin chờ gửi`;
  byId("tally").textContent = tally(all, waiting, Boolean(device?.stopped));
  byId("send-now").hidden = waiting.length === 0;
  byId("device").textContent = device ? `Thiết bị ${device.source}, đã lập ${device.sequence} tin.` : "";
  const retracted = new Set(all.filter(({ event }) => event.type.includes("retracted")).map(({ event }) => event.subject));
  const titles = new Map(
    all.filter(({ event }) => event.type.includes("incident.reported")).map(({ event }) => [event.subject, title(event)]),
  );
  byId("events").replaceChildren(
    ...all
      .slice(-SHOWN)
      .reverse()
      .map((kept) => item(kept, titles, retracted)),
  );
  if (focused)
    byId("events")
      .querySelector(`[aria-label="${CSS.escape(focused)}"]`)
      ?.focus();
}

function tally(/** @type {store.Kept[]} */ all, /** @type {store.Kept[]} */ waiting, /** @type {boolean} */ isStopped) {
  if (all.length === 0) return "Chưa có tin nào.";
  if (waiting.length === 0) return `${all.length} tin, tất cả đã gửi.`;
  const since = clock.shown(Date.parse(waiting[0].event.time));
  const next = isStopped ? "Máy này đang ngừng gửi." : state.online ? "Đang gửi." : "Có mạng là máy tự gửi.";
  return `${waiting.length} tin chờ gửi, lâu nhất từ ${since}. ${next}`;
}

function title(/** @type {any} */ { data }) {
  const { marker, gate, area, province } = data.place;
  const where = marker ? `mốc ${marker}` : gate ? (border.gates[gate]?.label ?? gate) : (area ?? border.provinces[province]?.name);
  return capital(`${kindLabel(data.kind)}, ${where}`);
}

function item(/** @type {store.Kept} */ kept, /** @type {Map<string, string>} */ titles, /** @type {Set<string>} */ retracted) {
  const { event } = kept;
  const [look, status, ...details] = outcome(kept);
  const type = event.type.split(".").slice(2, 4).join(".");
  const [heading, note] = described(type, event, titles.get(event.subject) ?? "");
  return h(
    "li",
    { "data-id": event.id, "data-state": look },
    h(
      "div",
      { class: "top" },
      h("span", { class: `chip ${look}` }, status),
      h("span", { class: "number" }, `số ${kept.sequence} · lập ${clock.shown(Date.parse(event.time))}`),
    ),
    h("h2", {}, heading),
    h("p", {}, note),
    ...details.map((detail) => h("p", { class: "hint" }, detail)),
    type === "incident.reported" && !retracted.has(event.subject) ? actions(kept, heading) : null,
    type.startsWith("crossing.") ? correction(kept, heading) : null,
  );
}

/** A heading for an event, and a line below it. */
function described(/** @type {string} */ type, /** @type {any} */ { data }, /** @type {string} */ about) {
  const at = (/** @type {string} */ written) => clock.shown(Date.parse(written));
  const exercise = data.status === "exercise" ? ", diễn tập" : "";
  if (type === "incident.reported") {
    const until = data.occurred.end ? ` đến ${at(data.occurred.end)}` : "";
    return [about, `xảy ra ${at(data.occurred.start)}${until}${exercise}`];
  }
  if (type.startsWith("crossing.")) {
    const [first, last] = [Date.parse(data.interval.start), Date.parse(data.interval.end) - 1].map(clock.dateOf).map(clock.shownDate);
    const days = first === last ? `ngày ${first}` : `từ ngày ${first} đến hết ngày ${last}`;
    const heading = `${type === "crossing.corrected" ? "Đính chính lượt qua" : "Lượt qua"} ${border.gates[data.gate]?.label ?? data.gate}`;
    return [heading, `${capital(label("direction", data.direction))}, ${days}: ${data.counts.map(count).join(", ")}${exercise}`];
  }
  if (type === "post.reported") return ["Không có vụ việc", `từ ${at(data.interval.start)} đến ${at(data.interval.end)}`];
  return [`${type === "incident.updated" ? "Bổ sung" : "Rút tin"}: ${about}`, data.reason];
}

const count = (/** @type {{what: string, n: number, unit?: string}} */ { what, n, unit }) =>
  `${n.toLocaleString("vi")} ${[unit, label("measure", what)].filter(Boolean).join(" ")}`;

/** A button of an event; its name says of which. */
function button(
  /** @type {store.Kept} */ { sequence },
  /** @type {string} */ about,
  /** @type {string} */ text,
  /** @type {() => void} */ onclick,
) {
  return h("button", { type: "button", onclick, "aria-label": `${text}: ${about}, số ${sequence}` }, text);
}

/** What can be done about counts at a gate. */
function correction(/** @type {store.Kept} */ kept, /** @type {string} */ about) {
  const isRefused = store.isRefused(kept);
  const again = async () => {
    await crossing.writeAgain(kept.event, isRefused);
    location.hash = "#luot-qua";
  };
  return h("div", { class: "buttons" }, button(kept, about, isRefused ? "Sửa và gửi lại" : "Đính chính", again));
}

/** What can be done about a report. */
function actions(/** @type {store.Kept} */ kept, /** @type {string} */ about) {
  const { event } = kept;
  if (store.isRefused(kept)) {
    const again = async () => {
      await report.writeAgain(event.data);
      location.hash = "#bao-tin";
    };
    return h("div", { class: "buttons" }, button(kept, about, "Sửa và gửi lại", again));
  }
  const hasFacts = Object.keys(factsOf(event.data.kind)).length > 0;
  const missing = kept.receipts.flatMap((receipt) => receipt.missing ?? []);
  return h(
    "div",
    { class: "buttons" },
    hasFacts ? button(kept, about, "Bổ sung dữ kiện", () => change.addFacts(event, missing)) : null,
    button(kept, about, "Rút tin", () => change.retract(event)),
  );
}

/** How it looks, what became of it, and sentences on that. @returns {string[]} */
function outcome(/** @type {store.Kept} */ kept) {
  const { receipts, problem, state: stage, event } = kept;
  const refusal = problem ?? receipts.find((receipt) => receipt.status === "refused")?.problem;
  if (refusal || store.isRefused(kept)) return ["bad", "Bị từ chối", ...reasons(refusal)];
  const conflict = receipts.find((receipt) => receipt.status === "conflict");
  if (conflict)
    return ["bad", "Mâu thuẫn với tin đã ghi", ...reasons(conflict.problem), "Cơ quan ở trung tâm sẽ giải quyết; không cần gửi lại."];
  const [receipt] = receipts;
  if (receipt?.status === "without_effect") return ["wait", "Không có hiệu lực", ...reasons(receipt.problem)];
  if (receipt) {
    const facts = factsOf(event.data.kind);
    const missing = (receipt.missing ?? []).map((/** @type {string} */ fact) => facts[fact]?.label.vi ?? fact);
    const clauses = (receipt.clauses ?? []).map((/** @type {string} */ clause) => `Điều ${clause}`);
    return [
      "good",
      "Đã ghi nhận",
      `Ghi nhận lúc ${clock.shown(Date.parse(receipt.recorded_at))}.`,
      ...(receipt.outcome ? [`Kết luận của máy: ${[label("outcome", receipt.outcome), ...clauses].join(", ")}.`] : []),
      ...(missing.length ? [`Còn thiếu: ${missing.join(", ")}.`] : []),
    ];
  }
  return stage === "sent" ? ["sent", "Đã gửi, chờ ghi nhận"] : ["wait", "Chờ gửi"];
}

/** @returns {string[]} */
function reasons(/** @type {any} */ problem) {
  if (!problem) return [];
  const details = (problem.problems ?? []).map((/** @type {any} */ each) => each.detail);
  return details.length ? details : [problem.detail ?? problem.title];
}
