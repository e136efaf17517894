/**
 * What is being written in this tab. It is kept at every key stroke, and a reload goes on with it.
 *
 * Drafts lie in `localStorage`, which has written before the next key stroke, whatever happens to the page then; IndexedDB has not. A tab holds
 * a lock on its draft, so that a second tab begins another one instead of writing into the same.
 *
 * @typedef {{id: string, savedAt: number, values: [string, string][]}} Draft `id`: the event's.
 */
import { say } from "./dom.js";
import { isMarkedSecret, SECRET } from "./secrecy.js";
import * as store from "./store.js";

/**
 * The drafts of one page, under a name of its own. `parts`: what an empty one has besides the values of the fields.
 *
 * @template {object} Parts
 * @param {string} name
 * @param {() => Parts} parts
 */
export function draftsOf(name, parts) {
  const prefix = `${name}-`;
  /** @type {(() => void) | undefined} */
  let release;

  /** The draft this tab had, else one that no other tab holds, else a new one. @returns {Promise<Draft & Parts>} */
  async function resume() {
    const own = sessionStorage.getItem(name);
    const minted = new Set((await store.events()).map((kept) => kept.id));
    /** @type {(Draft & Parts)[]} */
    const drafts = Object.keys(localStorage)
      .filter((key) => key.startsWith(prefix))
      .map((key) => JSON.parse(localStorage[key]));
    for (const draft of drafts.sort((a, b) => Number(b.id === own) - Number(a.id === own) || b.savedAt - a.savedAt)) {
      if (minted.has(draft.id)) drop(draft.id);
      else if (await hold(draft.id)) return draft;
    }
    return fresh();
  }

  /** A new, empty draft. @returns {Promise<Draft & Parts>} */
  async function fresh() {
    const draft = Object.assign({ id: store.uuid7(), savedAt: Date.now(), values: [] }, parts());
    await hold(draft.id);
    return draft;
  }

  /** Keep a draft with what the fields hold now, and say where that is not possible. What is marked secret is not kept. */
  function keep(/** @type {Draft & Parts} */ draft, /** @type {[string, any][]} */ values) {
    if (values.some(([, value]) => isMarkedSecret(value))) {
      drop(draft.id);
      return say(SECRET);
    }
    draft.values = values;
    try {
      localStorage.setItem(prefix + draft.id, JSON.stringify({ ...draft, savedAt: Date.now() }));
    } catch {
      say("Không giữ được bản nháp: bộ nhớ của trình duyệt đã đầy. Lưu tin này trước khi rời trang.");
    }
  }

  const drop = (/** @type {string} */ id) => localStorage.removeItem(prefix + id);

  /** Hold a draft for this tab, instead of the one it held. @returns {Promise<boolean>} */
  function hold(/** @type {string} */ id) {
    return new Promise((resolve) => {
      navigator.locks.request(`mocgioi-draft-${id}`, { ifAvailable: true }, (lock) => {
        if (lock === null) return resolve(false);
        release?.();
        sessionStorage.setItem(name, id);
        resolve(true);
        return new Promise((done) => (release = () => done(undefined)));
      });
    });
  }

  return { resume, fresh, keep, drop };
}
