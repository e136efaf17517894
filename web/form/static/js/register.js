/**
 * The codebook and the places of the line, as the centre serves them; kept by the service worker for when the line is cut.
 *
 * @typedef {{marker: number[][], label: string, province: string}} Gate
 */
import { compare, span } from "./markers.js";

/** @type {any} */
export let codebook;
/** @type {any} */
export let border;

export async function load() {
  const fetched = await Promise.all(["/v1/codebook", "/form/border.json"].map(async (path) => (await fetch(path)).json()));
  [codebook, border] = fetched;
}

/** The label of a code of one of the closed sets. */
export const label = (/** @type {string} */ set, /** @type {string} */ code) => codebook.sets[set]?.[code]?.label.vi ?? code;

/** The label of a kind. */
export const kindLabel = (/** @type {string} */ kind) => codebook.kinds[kind]?.label.vi ?? kind;

/** The facts that a kind asks for; none of a kind that a newer codebook has no more. */
export const factsOf = (/** @type {string} */ kind) => codebook.kinds[kind]?.facts ?? {};

/** A province's name, and the province that has a province's territory on a day. */
export const provinceName = (/** @type {string} */ province) => border.provinces[province].name;

export function provinceOn(/** @type {string} */ province, /** @type {string} */ date) {
  const { until, successor } = border.provinces[province];
  return successor && until && date >= until ? successor : province;
}

/** The one province all of these lie in on a day; null where it is not known, or where they lie in several. */
export function provinceOf(/** @type {import("./markers.js").Item[]} */ items, /** @type {string} */ date) {
  const provinces = new Set(items.map((item) => provinceOfOne(item, date)));
  return provinces.size === 1 ? [...provinces][0] : null;
}

function provinceOfOne(/** @type {import("./markers.js").Item} */ item, /** @type {string} */ date) {
  const [start, end] = span(item);
  const stretch = border.stretches.find(
    (/** @type {any} */ { first, last, from, until }) =>
      (!from || from <= date) && (!until || date < until) && compare(first, start) <= 0 && compare(end, last) <= 0,
  );
  return stretch ? provinceOn(stretch.province, date) : null;
}

/** The gates whose markers meet some place. @returns {string[]} */
export function gatesAt(/** @type {import("./markers.js").Item[]} */ items) {
  const meets = (/** @type {number[][]} */ [first, last]) =>
    items.map(span).some(([start, end]) => compare(first, end) <= 0 && compare(start, last) <= 0);
  return Object.values(border.gates)
    .filter((gate) => gate.markers.some(meets))
    .map((gate) => gate.label);
}

/** The words of a text without diacritics, in small letters. */
export function plainWords(/** @type {string} */ text) {
  const bare = text.toLowerCase().replaceAll("đ", "d").normalize("NFKD").replace(/\p{M}/gu, "");
  return bare.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The kinds that plain words mean, the likeliest first: each word must begin a word of its label, definition or examples. @returns {string[]} */
export function kindsFor(/** @type {string} */ query) {
  const wanted = plainWords(query);
  const points = (/** @type {string} */ text, /** @type {string} */ word) =>
    plainWords(text).some((each) => each.startsWith(word)) ? 1 : 0;
  const scored = Object.entries(codebook.kinds).map(([kind, { label, definition, examples }]) => {
    const inside = examples.inside.map((/** @type {any} */ example) => example.text).join(" ");
    const scores = wanted.map((word) => 9 * points(label.vi, word) + 3 * points(definition.vi, word) + points(inside, word));
    return { kind, score: scores.includes(0) ? 0 : scores.reduce((sum, score) => sum + score, 1) };
  });
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ kind }) => kind);
}
