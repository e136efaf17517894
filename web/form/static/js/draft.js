/**
 * The report that is being written in this tab. It is kept at every key stroke, and a reload goes on with it.
 *
 * Drafts lie in `localStorage`, which has written before the next key stroke, whatever happens to the page then; IndexedDB has not. A tab holds
 * a lock on its draft, so that a second tab begins another report instead of writing into the same one.
 *
 * @typedef {{id: string, savedAt: number, values: [string, string][], kind: string | null, measures: any[], readings: Record<string, string[]>, place: any}} Draft
 */
import * as store from "./store.js";

const PREFIX = "draft-";
const OF_THIS_TAB = "draft";

/** @type {(() => void) | undefined} */
let release;

/** The draft this tab had, else one that no other tab holds, else a new one. @returns {Promise<Draft>} */
export async function resume() {
  const own = sessionStorage.getItem(OF_THIS_TAB);
  const minted = new Set((await store.events()).map((kept) => kept.id));
  /** @type {Draft[]} */
  const drafts = Object.keys(localStorage)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => JSON.parse(localStorage[name]));
  for (const draft of drafts.sort((a, b) => Number(b.id === own) - Number(a.id === own) || b.savedAt - a.savedAt)) {
    if (minted.has(draft.id)) drop(draft.id);
    else if (await hold(draft.id)) return draft;
  }
  return fresh();
}

/** A new, empty draft. Its id will be the event's. @returns {Promise<Draft>} */
export async function fresh() {
  const draft = { id: store.uuid7(), savedAt: Date.now(), values: [], kind: null, measures: [], readings: {}, place: null };
  await hold(draft.id);
  return draft;
}

/** Keep a draft as it is now. Throws where the browser's storage is full. */
export const keep = (/** @type {Draft} */ draft) =>
  localStorage.setItem(PREFIX + draft.id, JSON.stringify({ ...draft, savedAt: Date.now() }));

export const drop = (/** @type {string} */ id) => localStorage.removeItem(PREFIX + id);

/** Hold a draft for this tab, instead of the one it held. @returns {Promise<boolean>} */
function hold(/** @type {string} */ id) {
  return new Promise((resolve) => {
    navigator.locks.request(`mocgioi-draft-${id}`, { ifAvailable: true }, (lock) => {
      if (lock === null) return resolve(false);
      release?.();
      sessionStorage.setItem(OF_THIS_TAB, id);
      resolve(true);
      return new Promise((done) => (release = () => done(undefined)));
    });
  });
}
