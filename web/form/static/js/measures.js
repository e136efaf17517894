/** The quantities of a report: rows of how many, of what, and whose. */
import { byId, h, option } from "./dom.js";
import { toNumber } from "./facts.js";
import { codebook } from "./register.js";

const IN_PARTS = ["goods", "area", "value"];
const NATIONS = { "": "không ghi", VN: "Việt Nam", CN: "Trung Quốc" };

/** Show the rows; `changed` is called after each change of them. */
export function show(/** @type {any[]} */ measures, /** @type {() => void} */ changed) {
  const again = () => {
    show(measures, changed);
    changed();
  };
  byId("measures").replaceChildren(
    ...measures.map((measure, index) => row(measure, index, changed, again, () => (measures.splice(index, 1), again()))),
  );
}

function row(
  /** @type {any} */ measure,
  /** @type {number} */ index,
  /** @type {() => void} */ changed,
  /** @type {() => void} */ again,
  /** @type {() => void} */ remove,
) {
  const set = (/** @type {string} */ part) => (/** @type {any} */ event) => {
    measure[part] = event.target.value;
    part === "what" ? again() : changed();
  };
  const field = (/** @type {string} */ id, /** @type {string} */ label, /** @type {HTMLElement} */ input) =>
    h("div", { class: "field" }, h("label", { for: id }, label), input);
  const select = (/** @type {string} */ part, /** @type {Record<string, string>} */ options) => {
    const input = /** @type {HTMLSelectElement} */ (
      h("select", { id: `${part}-${index}`, onchange: set(part) }, ...Object.entries(options).map(([value, label]) => option(value, label)))
    );
    input.value = measure[part] ?? "";
    return input;
  };
  const text = (/** @type {string} */ part, inputmode = "text") =>
    h("input", { id: `${part}-${index}`, value: measure[part] ?? "", inputmode, maxlength: 200, oninput: set(part) });
  const kinds = Object.fromEntries(Object.entries(codebook.sets.measure).map(([code, { label }]) => [code, label.vi]));
  const parts = measure.of
    ? `trong đó: ${Object.entries(measure.of)
        .map(([part, n]) => `${n} ${codebook.sets.part[part]?.label.vi ?? part}`)
        .join(", ")}`
    : null;
  return h(
    "div",
    { class: "measure", role: "group", "aria-label": `Số lượng ${index + 1}` },
    field(`n-${index}`, "Bao nhiêu", text("n", "decimal")),
    field(`what-${index}`, "Đếm gì", select("what", kinds)),
    IN_PARTS.includes(measure.what) ? field(`unit-${index}`, "Đơn vị", text("unit")) : null,
    measure.what === "persons"
      ? field(
          `nationality-${index}`,
          "Quốc tịch",
          select("nationality", {
            ...NATIONS,
            ...(measure.nationality && {
              [measure.nationality]: NATIONS[/** @type {"VN"} */ (measure.nationality)] ?? measure.nationality,
            }),
          }),
        )
      : null,
    parts && h("p", { class: "hint" }, parts),
    h("button", { type: "button", class: "quiet", onclick: remove }, "Bỏ dòng này"),
  );
}

/** What the rows say; a row without a number says nothing. `fieldOf`: the field for the number of a row, and what it is called. */
export function read(/** @type {any[]} */ measures, fieldOf = (/** @type {number} */ index) => ({ at: `n-${index}`, name: "Số lượng" })) {
  const problems = [];
  const counted = [];
  for (const [index, { what, n, unit, nationality, of }] of measures.entries()) {
    if (String(n ?? "").trim() === "") continue;
    const number = toNumber(String(n));
    const isWhole = number !== null && Number.isInteger(number);
    if (number === null || !(isWhole || IN_PARTS.includes(what))) {
      const { at, name } = fieldOf(index);
      problems.push({ at, message: `${name}: ghi một số${IN_PARTS.includes(what) ? "" : " nguyên"}, như 9` });
      continue;
    }
    counted.push({
      what,
      n: number,
      ...(unit && IN_PARTS.includes(what) && { unit: unit.normalize("NFC") }),
      ...(nationality && what === "persons" && { nationality }),
      ...(of && { of }),
    });
  }
  return { counted, problems };
}
