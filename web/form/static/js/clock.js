/** Vietnam's time: UTC+7 without summer time, whatever zone the phone is set to. */

const OFFSET_MS = 7 * 3600_000;

/** A moment as events write it: `2026-11-27T02:30:00.000+07:00`. */
export const written = (/** @type {number} */ ms) => new Date(ms + OFFSET_MS).toISOString().replace("Z", "+07:00");

/** The same of a whole second: `2026-11-27T02:30:00+07:00`. */
export const writtenWhole = (/** @type {number} */ ms) => written(ms).replace(".000", "");

/** The date of a moment, `2026-11-27`. */
export const dateOf = (/** @type {number} */ ms) => written(ms).slice(0, 10);

/** The time of day of a moment, `02:30`. */
export const timeOf = (/** @type {number} */ ms) => written(ms).slice(11, 16);

/** The moment of a date and a time of day; NaN where they are none. */
export const moment = (/** @type {string} */ date, time = "00:00") => Date.parse(`${date}T${time}:00+07:00`);

/** The day after a date. */
export const dayAfter = (/** @type {string} */ date) => dateOf(moment(date) + 24 * 3600_000);

/** Whole days from one date to another, the last one whole too; null where they are none. */
export function days(/** @type {string} */ from, /** @type {string} */ to) {
  const start = moment(from);
  return start <= moment(to) ? { start, end: moment(dayAfter(to)) } : null;
}

/** A moment for people: `02:30 ngày 27/11/2026`. */
export const shown = (/** @type {number} */ ms) => `${timeOf(ms)} ngày ${shownDate(dateOf(ms))}`;

export const shownDate = (/** @type {string} */ date) => date.split("-").reverse().join("/");
