/** Small helpers for the page. Text goes in as text only: nothing here reads HTML. */

/** The element of an id, which the page has. @returns {any} */
export const byId = (/** @type {string} */ id) => document.getElementById(id);

/** An element with attributes and children; a null child is left out. */
export function h(
  /** @type {string} */ tag,
  /** @type {Record<string, any>} */ attributes = {},
  /** @type {(Node | string | null)[]} */ ...children
) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

export function option(/** @type {string} */ value, /** @type {string} */ label) {
  return h("option", { value }, label);
}

/** A radio button that looks like a button, or a row of a list. */
export function radio(/** @type {string} */ name, /** @type {string} */ value, /** @type {string} */ label, checked = false) {
  return h("label", {}, h("input", { type: "radio", name, value, checked }), h("span", {}, label));
}

export function tick(/** @type {string} */ name, /** @type {string} */ value, /** @type {string} */ label) {
  return h("label", {}, h("input", { type: "checkbox", name, value }), label);
}

/** Put a value into a field of a form, tick the box or choose the button that bears it. */
export function put(/** @type {HTMLFormElement} */ form, /** @type {string} */ name, /** @type {string} */ value) {
  for (const field of /** @type {NodeListOf<any>} */ (form.querySelectorAll(`[name="${CSS.escape(name)}"]`))) {
    if (["radio", "checkbox"].includes(field.type)) field.checked = field.value === value || (field.type === "checkbox" && field.checked);
    else field.value = value;
  }
}

/** What a form says in a field, composed and without blanks around it; empty where it says nothing. */
export const textsOf = (/** @type {FormData} */ values) => (/** @type {string} */ name) =>
  String(values.get(name) ?? "")
    .normalize("NFC")
    .trim();

/** Say something in the page's live region, which screen readers speak. */
export function say(/** @type {string} */ sentence) {
  byId("message").textContent = sentence;
}

export const capital = (/** @type {string} */ words) => words.charAt(0).toUpperCase() + words.slice(1);
