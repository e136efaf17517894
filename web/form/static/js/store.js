/**
 * What this browser keeps, in IndexedDB: its device, and every event it ever minted.
 *
 * A number is taken and its event written in one transaction, which the browser runs alone among all tabs: so numbers have no gaps, and no
 * two events have the same one, whatever is closed, killed or clicked twice.
 *
 * @typedef {{source: string, key: string, sequence: number, stopped: Problem | null}} Device `sequence`: the last number taken.
 * @typedef {{code: string, title: string, detail: string}} Problem
 * @typedef {{id: string, sequence: number, state: "waiting" | "sent" | "settled", event: any, receipts: any[], problem: Problem | null}} Kept
 */
import { written } from "./clock.js";

const DEVICE = "this";

/** @type {Promise<IDBDatabase> | undefined} */
let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("mocgioi", 1);
    request.onupgradeneeded = () => {
      const database = request.result;
      database.createObjectStore("device");
      database.createObjectStore("events", { keyPath: "id" }).createIndex("state", "state");
      database.createObjectStore("latest"); // the latest time of an event, by subject
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

/** Run `work` in one transaction over some stores; what it returns is returned once all of it is on the disk. */
async function transact(
  /** @type {string[]} */ names,
  /** @type {IDBTransactionMode} */ mode,
  /** @type {(...stores: IDBObjectStore[]) => any} */ work,
) {
  const transaction = (await open()).transaction(names, mode, { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  try {
    const result = await work(...names.map((name) => transaction.objectStore(name)));
    await done;
    return result;
  } catch (error) {
    done.catch(() => undefined);
    try {
      transaction.abort();
    } catch {
      // It has been aborted already: the disk is full, say.
    }
    throw error;
  }
}

/** @returns {Promise<any>} */
function answer(/** @type {IDBRequest} */ request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @returns {Promise<Device | undefined>} */
export const device = () => transact(["device"], "readonly", (devices) => answer(devices.get(DEVICE)));

/**
 * Make this browser a device, or give the device it is another key.
 *
 * What still waits of a device before it, a revoked one say, is numbered anew. Ids and subjects stay, so that nothing counts twice.
 */
export const enrol = (/** @type {string} */ source, /** @type {string} */ key) =>
  transact(["device", "events"], "readwrite", async (devices, kept) => {
    const before = await answer(devices.get(DEVICE));
    let sequence = before?.source === source ? before.sequence : 0;
    /** @type {Kept[]} */
    const waiting = await answer(kept.index("state").getAll("waiting"));
    const moved = waiting.filter((entry) => entry.event.source !== source).sort(byNumber);
    const ids = new Set(moved.map((entry) => entry.id));
    for (const entry of moved) {
      sequence += 1;
      const event = { ...entry.event, source, sequence: numbered(sequence) };
      // A correction follows the record that it names.
      if (ids.has(event.data.corrects?.id)) event.data = { ...event.data, corrects: { ...event.data.corrects, source } };
      await answer(kept.put({ ...entry, sequence, event }));
    }
    await answer(devices.put({ source, key, sequence, stopped: null }, DEVICE));
  });

/** Keep why this device sends no more, or null once it may again. */
export const stop = (/** @type {Problem | null} */ problem) =>
  transact(["device"], "readwrite", async (devices) => {
    const before = await answer(devices.get(DEVICE));
    await answer(devices.put({ ...before, stopped: problem }, DEVICE));
  });

const byNumber = (/** @type {Kept} */ a, /** @type {Kept} */ b) => a.sequence - b.sequence;
const numbered = (/** @type {number} */ sequence) => String(sequence).padStart(8, "0");

/** Every event of this browser, in the order of its numbers. @returns {Promise<Kept[]>} */
export async function events() {
  const all = await transact(["events"], "readonly", (store) => answer(store.getAll()));
  return all.sort(byNumber);
}

/** @returns {Promise<Kept[]>} */
export async function eventsThat(/** @type {"waiting" | "sent"} */ are) {
  const some = await transact(["events"], "readonly", (store) => answer(store.index("state").getAll(are)));
  return some.sort(byNumber);
}

/** Whether the centre has refused it. */
export const isRefused = (/** @type {Kept} */ { problem, receipts }) =>
  problem !== null || receipts.some((receipt) => receipt.status === "refused");

/** Change some events; `change` gets what is kept now and returns what to keep. */
export const changeEvents = (/** @type {string[]} */ ids, /** @type {(kept: Kept) => Kept} */ change) =>
  transact(["events"], "readwrite", async (store) => {
    for (const id of ids) {
      const kept = await answer(store.get(id));
      if (kept) await answer(store.put(change(kept)));
    }
  });

/**
 * Mint an event and put it among those that wait. Null where it is minted already: by the first of two clicks.
 *
 * @param {{id: string, type: string, subject: string, data: any}} what
 * @returns {Promise<Kept | null>}
 */
export const mint = ({ id, type, subject, data }) =>
  transact(["device", "events", "latest"], "readwrite", async (devices, kept, latest) => {
    if ((await answer(kept.getKey(id))) !== undefined) return null;
    const own = await answer(devices.get(DEVICE));
    const sequence = own.sequence + 1;
    const time = Math.max(Date.now(), ((await answer(latest.get(subject))) ?? 0) + 1);
    const event = {
      specversion: "1.0",
      id,
      type: `vn.mocgioi.${type}.v1`,
      source: own.source,
      subject,
      time: written(time),
      sequence: numbered(sequence),
      datacontenttype: "application/json",
      via: "form",
      data,
    };
    const entry = { id, sequence, state: "waiting", event, receipts: [], problem: null };
    await answer(devices.put({ ...own, sequence }, DEVICE));
    await answer(latest.put(time, subject));
    await answer(kept.add(entry));
    return entry;
  });

/** A UUID of version 7 (RFC 9562): milliseconds since the epoch, then random bits. */
export function uuid7() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  new DataView(bytes.buffer).setUint16(0, Math.floor(Date.now() / 2 ** 32));
  new DataView(bytes.buffer).setUint32(2, Date.now() % 2 ** 32);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}
