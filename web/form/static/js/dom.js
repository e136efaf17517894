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

/** Say something in the page's live region, which screen readers speak. */
export function say(/** @type {string} */ sentence) {
  byId("message").textContent = sentence;
}

export const capital = (/** @type {string} */ words) => words.charAt(0).toUpperCase() + words.slice(1);
