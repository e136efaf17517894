/**
 * Regular expressions that mean what those of Python mean. JavaScript's `\w` knows no Vietnamese letter, its `\s` not all of Python's blanks, and
 * older browsers have no `(?i: )` for a part of a pattern.
 */

export const LETTERS = String.raw`\p{L}\p{N}_`;
export const BLANKS = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

/** The source of a pattern: `\w`, `\W` and `\s` as Python means them, blanks of the layout gone. */
export function source(/** @type {TemplateStringsArray} */ strings, /** @type {string[]} */ ...values) {
  return String.raw(strings, ...values)
    .replace(/\s+/g, "")
    .replaceAll(String.raw`\w`, `[${LETTERS}]`)
    .replaceAll(String.raw`\W`, `[^${LETTERS}]`)
    .replaceAll(String.raw`\s`, `[${BLANKS}]`);
}

/** The source of a pattern that reads capitals too, within one that does not. A pattern holds words, blanks and groups only. */
export function anyCase(/** @type {string} */ words) {
  return words.replace(/\[[^\]]*\]|\\.|\p{L}/gu, (part) =>
    part.startsWith("[") || part.startsWith("\\") ? part : `[${part.toLowerCase()}${part.toUpperCase()}]`,
  );
}
