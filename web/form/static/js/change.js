/** Later words on a report of this machine: facts that were missing, or that it was reported by mistake. */
import { byId, h, say } from "./dom.js";
import * as facts from "./facts.js";
import { clockProblem } from "./line.js";
import { isMarkedSecret } from "./secrecy.js";
import * as store from "./store.js";

/** @type {(() => {data: any, wrong: string}) | undefined} */
let collect;
/** @type {{id: string, type: string, subject: string}} */
let next;
/** @type {() => void} */
let afterSaving;

export function start(/** @type {() => void} */ saved) {
  afterSaving = saved;
  byId("change-form").addEventListener("submit", submit);
  byId("change-cancel").addEventListener("click", () => byId("change").close());
}

/** Ask for the facts of a report, those that the verdict misses first. */
export function addFacts(/** @type {any} */ event, /** @type {string[]} */ missing) {
  const { kind } = event.data;
  const fields = facts.fields(kind, "change.");
  const isMissing = (/** @type {HTMLElement} */ field) => Number(missing.some((fact) => field.querySelector(`[name="fact.${fact}"]`)));
  open(
    "incident.updated",
    event,
    "Bổ sung dữ kiện",
    fields.sort((a, b) => isMissing(b) - isMissing(a)),
    () => {
      const { facts: added, problems } = facts.read(kind, new FormData(byId("change-form")));
      const wrong = problems[0]?.message ?? (Object.keys(added).length === 0 ? "Ghi ít nhất một dữ kiện" : "");
      return { data: { kind, facts: added }, wrong };
    },
  );
  byId("reason").value = "bổ sung dữ kiện";
}

/** Ask why a report is withdrawn. */
export function retract(/** @type {any} */ event) {
  const warning = h("p", {}, "Vụ đã rút không được tính nữa, và chỉ cơ quan ở trung tâm lấy lại được.");
  open("incident.retracted", event, "Rút tin", [warning], () => ({ data: {}, wrong: "" }));
}

function open(
  /** @type {string} */ type,
  /** @type {any} */ event,
  /** @type {string} */ title,
  /** @type {HTMLElement[]} */ fields,
  /** @type {typeof collect} */ read,
) {
  next = { id: store.uuid7(), type, subject: event.subject };
  collect = read;
  byId("change-title").textContent = title;
  byId("change-fields").replaceChildren(...fields);
  byId("reason").value = "";
  byId("change-problem").textContent = "";
  byId("change").showModal();
}

async function submit(/** @type {Event} */ event) {
  event.preventDefault();
  if (!collect) return;
  const { data, wrong } = collect();
  const reason = byId("reason").value.normalize("NFC").trim();
  const isSecret = [...new FormData(byId("change-form")).values()].some((value) => isMarkedSecret(String(value)));
  const problem =
    clockProblem() || wrong || (reason ? "" : "Ghi lý do") || (isSecret ? "Có dấu chỉ độ mật: không được ghi, không được gửi ở đây" : "");
  byId("change-problem").textContent = problem;
  if (problem) return;
  if ((await store.mint({ ...next, data: { reason, ...data } })) === null) return;
  byId("change").close();
  say("Đã lưu.");
  afterSaving();
}
