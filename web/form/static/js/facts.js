/** The facts that a kind asks for: one field each, in the words of the codebook. What is left open is unknown, which is not false. */
import { capital, h, option, radio, tick } from "./dom.js";
import { factsOf } from "./register.js";

const UNKNOWN = "chưa biết";

const name = (/** @type {string} */ fact) => `fact.${fact}`;

/** The fields for a kind. `within`: what their ids begin with, where the page has these fields twice. */
export function fields(/** @type {string} */ kind, within = "") {
  return Object.entries(factsOf(kind)).map(([fact, entry]) => field(name(fact), within + name(fact), entry));
}

function field(/** @type {string} */ name, /** @type {string} */ id, /** @type {any} */ { label, definition, form, several, unit, values }) {
  const title = capital(label.vi) + (unit ? ` (${unit.vi})` : "");
  const hint = h("p", { class: "hint", id: `${id}-hint` }, definition.vi);
  if (form === "flag") {
    const choices = [radio(name, "true", values.true.vi), radio(name, "false", values.false.vi), radio(name, "", UNKNOWN, true)];
    return h("fieldset", { class: "fact", id: `${id}-field` }, h("legend", {}, title), hint, h("div", { class: "segments" }, ...choices));
  }
  if (several) {
    const boxes = Object.entries(values).map(([value, each]) => tick(name, value, each.vi));
    return h("fieldset", { class: "fact", id: `${id}-field` }, h("legend", {}, title), hint, h("div", { class: "ticks" }, ...boxes));
  }
  const described = { id, name, "aria-describedby": `${id}-hint` };
  const input =
    form === "code"
      ? h("select", described, option("", UNKNOWN), ...Object.entries(values).map(([value, each]) => option(value, each.vi)))
      : h("input", { ...described, placeholder: UNKNOWN, maxlength: 200, inputmode: form === "number" ? "decimal" : "text" });
  return h("div", { class: "fact" }, h("label", { for: id }, title), hint, input);
}

/** What a form says of the facts of a kind. @returns {{facts: Record<string, any>, problems: import("./problems.js").Problem[]}} */
export function read(/** @type {string} */ kind, /** @type {FormData} */ form) {
  /** @type {Record<string, any>} */
  const facts = {};
  const problems = [];
  for (const [fact, { label, form: type, several, min, max, unit }] of Object.entries(factsOf(kind))) {
    const written = String(form.get(name(fact)) ?? "").trim();
    if (written === "") continue;
    const ticked = form.getAll(name(fact)).map(String);
    if (several && ticked.length > 1) facts[fact] = ticked;
    else if (type === "flag") facts[fact] = written === "true";
    else if (type === "number") {
      const number = toNumber(written);
      if (number === null || number < min || number > max) {
        problems.push({ at: name(fact), message: `${capital(label.vi)}: ghi một số từ ${min} đến ${max} ${unit.vi}, như 18 hoặc 2,5` });
      } else facts[fact] = number;
    } else facts[fact] = written.normalize("NFC");
  }
  return { facts, problems };
}

/** A number as people write it here: `1.200`, `2,5`. Null for anything else. */
export function toNumber(/** @type {string} */ text) {
  const written = text.trim();
  if (!/^([0-9]+|[0-9]{1,3}(\.[0-9]{3})+)(,[0-9]+)?$/.test(written)) return null;
  return Number(written.replaceAll(".", "").replace(",", "."));
}

/** A fact as its field shows it. */
export const shown = (/** @type {any} */ value) => (typeof value === "number" ? String(value).replace(".", ",") : String(value));
