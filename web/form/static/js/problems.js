/** What is wrong with a form: a list on top that leads to each field, and the sentence beside it. */
import { byId, h } from "./dom.js";

/** @typedef {{at: string, message: string}} Problem `at`: the id of the field or fieldset. */

export function clear(/** @type {HTMLElement} */ form) {
  for (const sentence of form.querySelectorAll(".problem")) sentence.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.setAttribute("aria-describedby", (field.getAttribute("aria-describedby") ?? "").replace(/ ?\S+-problem$/, ""));
  }
  byId("errors").hidden = true;
}

export function show(/** @type {HTMLElement} */ form, /** @type {Problem[]} */ problems) {
  clear(form);
  const items = problems.map(({ at, message }) => {
    const place = byId(at);
    const field = place.matches("input, select, textarea") ? place : (place.querySelector("input:not([disabled])") ?? place);
    const id = `${at}-problem`;
    place.tagName === "FIELDSET"
      ? place.append(h("p", { class: "problem", id }, message))
      : place.after(h("p", { class: "problem", id }, message));
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
    const go = (/** @type {Event} */ event) => {
      event.preventDefault();
      field.focus();
      place.scrollIntoView({ block: "center" });
    };
    return h("li", {}, h("a", { href: `#${at}`, onclick: go }, message));
  });
  const errors = byId("errors");
  errors.replaceChildren(h("p", {}, h("strong", {}, "Chưa lưu được, còn thiếu hoặc sai:")), h("ul", {}, ...items));
  errors.hidden = false;
  errors.focus();
}
