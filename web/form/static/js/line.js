/**
 * The line to the centre: sends what waits, in order, and fetches the receipts. One tab, or the service worker, does it at a time, for all.
 *
 * A failure of the line is waited out, each wait longer than the last and of random length, so that a whole border does not come back at once.
 * A refusal of the key or the device stops the sending until a person has acted; what waits stays.
 */
import * as store from "./store.js";

const BATCH = 100;
const PATIENCE_MS = 20_000;
const SHORTEST_MS = 2_000;
/** The first receipts are asked for so soon, and then ever later. */
const FIRST_RECEIPT_MS = 400;
const LONGEST_MS = 5 * 60_000;
const SKEW_MS = 5 * 60_000;
const RECEIPTS = 500;
const COPIED = {
  code: "copied",
  title: "Khóa của máy này đang được dùng ở máy khác",
  detail: "Trung tâm có tin mang số thứ tự của máy này mà máy này không lập. Xin trung tâm cấp khóa mới rồi ghi danh lại.",
};
const TOO_FAST_MS = 15 * 60_000;

/** The centre has answered that it will not take this. */
export class Refused extends Error {
  constructor(/** @type {store.Problem} */ { code, title, detail }) {
    super(detail);
    this.problem = { code, title, detail };
  }
}

/** No answer now: the line is cut, or the centre is busy. */
export class Away extends Error {
  constructor(waitMs = 0) {
    super("no answer");
    this.waitMs = waitMs;
  }
}

/** What the last exchange showed. */
export const state = { online: navigator.onLine, skewMs: 0 };

/** Why nothing can be minted now: the centre would refuse an event so far ahead of it. Empty where it can. */
export const clockProblem = () => (state.skewMs > TOO_FAST_MS ? "Đồng hồ của máy chạy nhanh: chỉnh lại giờ của máy rồi lưu" : "");

/** What the service worker is called for: to send, also when the page is closed. */
export const SYNC = "send";

/** Tells every tab that something has changed. */
export const changes = new BroadcastChannel("mocgioi");

/** Ask the centre. Throws `Away` or `Refused`. */
export async function ask(/** @type {string} */ path, /** @type {string} */ key, /** @type {RequestInit} */ options = {}) {
  const headers = { ...options.headers, authorization: `Bearer ${key}` };
  let response;
  try {
    response = await fetch(path, { ...options, headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    state.online = false;
    throw new Away();
  }
  state.online = true;
  const centre = Date.parse(response.headers.get("date") ?? "");
  if (!Number.isNaN(centre)) state.skewMs = Math.abs(Date.now() - centre) > SKEW_MS ? Date.now() - centre : 0;
  // What is no JSON of ours comes from something between here and the centre: a hotel's log-in page, say.
  const body = await response.json().catch(() => null);
  if (response.ok && body !== null) return body;
  if (body?.code === undefined || response.status === 429 || response.status >= 500)
    throw new Away(1000 * Number(response.headers.get("retry-after") ?? 0));
  throw new Refused(body);
}

let failures = 0;
let quiet = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Exchange with the centre now, and go on by itself. */
export async function exchange() {
  clearTimeout(timer);
  let wait = LONGEST_MS;
  try {
    await askForSync();
    const left = await exchangeOnce();
    failures = 0;
    quiet = left === 0 ? 0 : quiet + 1;
    if (left > 0) wait = Math.min(FIRST_RECEIPT_MS * 2 ** (quiet - 1), 60_000);
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    wait = Math.max(error.waitMs, Math.min(SHORTEST_MS * 2 ** failures, LONGEST_MS) * (0.5 + Math.random() / 2));
    failures += 1;
  } finally {
    clearTimeout(timer);
    timer = setTimeout(exchange, wait);
    window.dispatchEvent(new Event("exchanged"));
  }
}

/** Exchange once everybody else has. Returns how many events have no receipt yet; throws `Away`. */
export async function exchangeOnce() {
  try {
    return await navigator.locks.request("mocgioi-line", sendAndFetch);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    await store.stop(error.problem);
    return 0;
  } finally {
    changes.postMessage("exchanged");
  }
}

/** Where the browser has it, let it wake the service worker once the line is there, for what waits until then. */
async function askForSync() {
  if ((await store.eventsThat("waiting")).length === 0) return;
  const registration = /** @type {any} */ (await navigator.serviceWorker?.getRegistration());
  // A person may have forbidden it, and then the page alone sends.
  await registration?.sync?.register(SYNC).catch(() => undefined);
}

/** Send all that waits, then fetch receipts. Returns how many events have no receipt yet. */
async function sendAndFetch() {
  const device = await store.device();
  if (!device || device.stopped) return 0;
  for (let waiting = await store.eventsThat("waiting"); waiting.length > 0; waiting = await store.eventsThat("waiting")) {
    await send(device.key, waiting.slice(0, BATCH));
  }
  // Asked with nothing to send, too: the answer says whether the key still opens, and how the clock stands.
  const [first] = await ownSent(device);
  await fetchReceipts(device, first ? first.sequence - 1 : device.sequence);
  return (await ownSent(device)).length;
}

const ownSent = async (/** @type {store.Device} */ { source }) =>
  (await store.eventsThat("sent")).filter((kept) => kept.event.source === source);

async function send(/** @type {string} */ key, /** @type {store.Kept[]} */ batch) {
  const answer = await ask("/v1/events", key, {
    method: "POST",
    headers: { "content-type": "application/cloudevents-batch+json" },
    body: JSON.stringify(batch.map((kept) => kept.event)),
  });
  quiet = 0;
  for (const row of answer.events) {
    const { id } = batch[row.index];
    if (row.status === "accepted") await store.changeEvents([id], (kept) => (kept.state === "waiting" ? { ...kept, state: "sent" } : kept));
    else await store.changeEvents([id], (kept) => ({ ...kept, state: "settled", problem: row.problem }));
  }
}

async function fetchReceipts(/** @type {store.Device} */ { key, source }, /** @type {number} */ after) {
  for (let more = true; more;) {
    const page = await ask(`/v1/receipts?after=${after}&limit=${RECEIPTS}`, key);
    // Read behind the answer, which may know what was minted meanwhile.
    const own = (await store.events()).filter((kept) => kept.event.source === source);
    // The centre names no id where it could not read one.
    const idOf = (/** @type {any} */ receipt) =>
      own.find((kept) => (receipt.id === null ? kept.sequence === receipt.sequence : kept.id === receipt.id))?.id;
    if (page.highest > (own.at(-1)?.sequence ?? 0) || !page.receipts.every(idOf)) return store.stop(COPIED);
    for (const receipt of page.receipts) {
      await store.changeEvents([/** @type {string} */ (idOf(receipt))], (kept) => {
        const others = kept.receipts.filter((other) => other.status !== receipt.status);
        return { ...kept, state: "settled", receipts: [...others, receipt] };
      });
      after = receipt.sequence;
    }
    more = page.receipts.length === RECEIPTS;
  }
}

/** Make this browser the device that a key belongs to. Returns its source; throws `Refused` with what to do instead, or `Away`. */
export async function enrol(/** @type {string} */ key) {
  const { source, highest } = await ask("/v1/receipts?limit=1", key);
  const before = await store.device();
  if (highest > (before && before.source === source ? before.sequence : 0)) {
    throw refusal(
      "used",
      `Khóa này đã dùng ở máy khác, hoặc ở chính máy này trước khi dữ liệu bị xóa (đã gửi ${highest} tin). Xin trung tâm cấp khóa mới.`,
    );
  }
  const others = (await store.eventsThat("waiting")).filter((kept) => postOf(kept.event.source) !== postOf(source));
  if (others.length > 0) {
    throw refusal(
      "busy",
      `Máy này còn ${others.length} tin chưa gửi của đồn ${postOf(others[0].event.source)}. Xin khóa của đồn ấy để gửi hết đã.`,
    );
  }
  await store.enrol(source, key);
  return source;
}

/** The post of a device: `tan-thanh` of `/posts/tan-thanh/d1`. */
export const postOf = (/** @type {string} */ source) => source.split("/")[2];

const refusal = (/** @type {string} */ code, /** @type {string} */ detail) => new Refused({ code, title: "Không ghi danh được", detail });
