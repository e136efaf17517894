/** The page “Không có vụ”: the post says that an interval was quiet. */
import * as clock from "./clock.js";
import { byId, say } from "./dom.js";
import { clockProblem, postOf, state } from "./line.js";
import * as problems from "./problems.js";
import * as store from "./store.js";

/** The id of the next nil report: a second click on the button finds it minted. */
let id = store.uuid7();

export function start(/** @type {() => void} */ saved) {
  const form = byId("nil");
  form.addEventListener("change", look);
  form.addEventListener("submit", async (/** @type {Event} */ event) => {
    event.preventDefault();
    const device = await store.device();
    if (!device) return;
    const interval = read();
    const wrong =
      clockProblem() ||
      (interval === null
        ? "Chọn từ ngày nào đến ngày nào, ngày đầu không sau ngày cuối và không sau hôm nay"
        : await incidentsIn(interval));
    if (interval === null || wrong) return problems.show(form, [{ at: "nil-from", message: wrong }]);
    const waiting = (await store.eventsThat("waiting")).length;
    const data = {
      status: "actual",
      interval: { start: clock.written(interval.start), end: clock.written(interval.end) },
      incidents: 0,
      crossings: await crossingsIn(interval),
      waiting,
      ...(device.sequence > 0 && { last_sequence: String(device.sequence).padStart(8, "0") }),
    };
    const kept = await store.mint({ id, type: "post.reported", subject: postOf(device.source), data });
    if (kept === null) return;
    id = store.uuid7();
    problems.clear(form);
    say(`Đã lưu: không có vụ việc.${state.online ? "" : " Có mạng là máy tự gửi."}`);
    saved();
  });
}

/** When the page is shown: today, as it is by now. */
export function show() {
  byId("nil-from").value = byId("nil-to").value = clock.dateOf(Date.now());
  look();
}

function look() {
  const interval = read();
  byId("nil-span").textContent = interval ? `Từ ${clock.shown(interval.start)} đến ${clock.shown(interval.end)}` : "";
}

/** The days chosen, the last one whole or as far as now. */
function read() {
  const chosen = clock.days(byId("nil-from").value, byId("nil-to").value);
  const end = Math.min(chosen?.end ?? 0, Date.now());
  return chosen && chosen.start < end ? { start: chosen.start, end } : null;
}

/** How many counts at a gate this machine made of days in an interval. */
async function crossingsIn(/** @type {{start: number, end: number}} */ { start, end }) {
  const all = (await store.events()).filter((kept) => kept.event.type.includes("crossing.recorded") && !store.isRefused(kept));
  const begins = all.map((kept) => Date.parse(kept.event.data.interval.start));
  return begins.filter((began) => start <= began && began < end).length;
}

/** Why this interval was not quiet: this machine itself reported something in it. Empty where it did not. */
async function incidentsIn(/** @type {{start: number, end: number}} */ { start, end }) {
  const all = (await store.events()).filter((kept) => !store.isRefused(kept)).map((kept) => kept.event);
  const retracted = new Set(all.filter((event) => event.type.includes("retracted")).map((event) => event.subject));
  const own = all.filter((event) => {
    if (!event.type.includes("incident.reported") || event.data.status !== "actual" || retracted.has(event.subject)) return false;
    const occurred = Date.parse(event.data.occurred.start);
    return start <= occurred && occurred < end;
  });
  return own.length === 0
    ? ""
    : `Máy này đã báo ${own.length} vụ trong những ngày ấy: không thể báo là không có. Báo nhầm thì rút tin trước.`;
}
