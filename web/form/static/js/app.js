/** The page: which part of it is shown, who this machine is, how the line is, and new versions of the page itself. */
import * as change from "./change.js";
import * as clock from "./clock.js";
import * as crossing from "./crossing.js";
import { byId, capital, h, say } from "./dom.js";
import * as gates from "./gates.js";
import * as line from "./line.js";
import * as list from "./list.js";
import * as nil from "./nil.js";
import * as register from "./register.js";
import * as report from "./report.js";
import * as store from "./store.js";

const PARTS = ["ghi-danh", "bao-tin", "khong-co-vu", "luot-qua", "da-lap"];
const UPDATE_MS = 3600_000;

async function start() {
  const key = handedKey();
  takeUpdates();
  window.addEventListener("unhandledrejection", (event) => failed(event.reason));
  await register.load();
  await look();
  await report.start(saved);
  await crossing.start(saved);
  nil.start(saved);
  change.start(saved);
  byId("enrol").addEventListener("submit", (/** @type {Event} */ event) => (event.preventDefault(), enrol(byId("key").value)));
  byId("send-now").addEventListener("click", line.exchange);
  window.addEventListener("hashchange", () => follow(handedKey(), true));
  window.addEventListener("online", line.exchange);
  window.addEventListener("offline", () => ((line.state.online = false), look()));
  window.addEventListener("exchanged", look);
  line.changes.addEventListener("message", look);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && line.exchange());
  await follow(key, false);
  document.documentElement.dataset.ready = "yes";
  await line.exchange();
}

/** The key of a link that the centre gave out, taken out of the address at once. */
function handedKey() {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  if (key !== null) history.replaceState(null, "", location.pathname);
  return key;
}

/** Go where the address leads. `key`: what a link brought. */
async function follow(/** @type {string | null} */ key, /** @type {boolean} */ byHand) {
  if (key) await enrol(key);
  await goTo(location.hash.slice(1), byHand && !key);
}

async function goTo(/** @type {string} */ wanted, /** @type {boolean} */ byHand) {
  const device = await store.device();
  const part = !device ? "ghi-danh" : PARTS.includes(wanted) ? wanted : "bao-tin";
  for (const each of PARTS) byId(each).hidden = each !== part;
  for (const tab of document.querySelectorAll("nav a")) {
    if (tab.getAttribute("href") === `#${part}`) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  byId("errors").hidden = true;
  if (part === "khong-co-vu") nil.show();
  if (part === "luot-qua") await crossing.show();
  if (part === "da-lap") await list.show();
  else if (byHand) say("");
  if (byHand) {
    window.scrollTo(0, 0);
    byId(part).querySelector("h1").focus({ preventScroll: true });
  }
}

/** An event was minted: send it, and show what became of it. */
function saved() {
  if (location.hash === "#da-lap") list.show();
  else location.hash = "#da-lap";
  line.exchange();
}

async function enrol(/** @type {string} */ typed) {
  const key = typed.trim();
  byId("key").value = key;
  if (!/^mgk_[\w-]+$/.test(key)) return say("Khóa bắt đầu bằng mgk_, chép nguyên cả dòng trung tâm đã cấp.");
  say("Đang ghi danh…");
  try {
    const source = await line.enrol(key);
    navigator.storage?.persist?.();
    say(`Máy này là thiết bị ${source}.`);
  } catch (error) {
    if (error instanceof line.Refused) {
      const { code, title, detail } = error.problem;
      return say(code.startsWith("key_") ? `${title}: xem lại mã trung tâm đã cấp, hoặc xin mã mới, rồi bấm Ghi danh.` : detail);
    }
    if (error instanceof line.Away) return say("Chưa nối được với trung tâm. Ghi danh cần mạng: có mạng thì bấm Ghi danh lại.");
    throw error;
  }
  byId("key").value = "";
  await look();
  if (!byId("ghi-danh").hidden) location.hash = "#bao-tin";
  line.exchange();
}

/** Show who this machine is, how the line is, and what stops it. */
async function look() {
  const device = await store.device();
  const slug = device && line.postOf(device.source);
  byId("post").textContent = slug ? `Đồn ${register.border.posts[slug]?.name ?? slug}` : "Chưa ghi danh";
  byId("tabs").hidden = !device;
  byId("line").textContent = line.state.online ? "Có mạng" : "Mất mạng";
  byId("line").className = `chip ${line.state.online ? "good" : "wait"}`;
  gates.list(slug);
  showTrouble(device);
  await list.show();
}

let troubled = "";

function showTrouble(/** @type {store.Device | undefined} */ device) {
  const skew = Math.round(line.state.skewMs / 60_000);
  const now = JSON.stringify([device?.stopped, skew]);
  if (now === troubled) return;
  troubled = now;
  const trouble = byId("trouble");
  if (device?.stopped) {
    const { title, detail } = device.stopped;
    const again = async () => (await store.stop(null), line.exchange());
    trouble.replaceChildren(
      h("p", {}, h("strong", {}, title)),
      h("p", {}, capital(detail)),
      h("p", {}, "Tin chưa gửi vẫn được giữ trên máy này."),
      h("p", {}, h("a", { href: "#ghi-danh" }, "Nhập lại mã thiết bị")),
      h("button", { type: "button", onclick: again }, "Gửi lại"),
    );
  } else if (skew !== 0) {
    trouble.replaceChildren(
      h(
        "p",
        {},
        `Đồng hồ của máy chạy ${skew > 0 ? "nhanh" : "chậm"} ${Math.abs(skew)} phút so với trung tâm (máy: ${clock.shown(Date.now())}). Hãy chỉnh lại giờ.`,
      ),
    );
  }
  trouble.hidden = !device?.stopped && skew === 0;
}

/** A new version of the page waits until the person takes it, or no tab has the old one open. What is being written is kept all along. */
async function takeUpdates() {
  if (!("serviceWorker" in navigator)) return;
  const registration = await ("SyncManager" in window
    ? navigator.serviceWorker.register("/sw-sync.js", { type: "module", updateViaCache: "none" })
    : navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }));
  const offer = () => (byId("update").hidden = !(registration.waiting && navigator.serviceWorker.controller));
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
  offer();
  byId("take-update").addEventListener("click", () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
    registration.waiting?.postMessage("take over");
  });
  setInterval(() => registration.update().catch(() => undefined), UPDATE_MS);
}

/** Something that nobody thought of, or a full disk. */
function failed(/** @type {Error} */ error) {
  const full = "Bộ nhớ của máy đã đầy: chưa lưu được, những gì đã viết vẫn còn trong các ô. Xóa bớt dữ liệu khác của máy rồi lưu lại.";
  const unknown = `Trang gặp lỗi (${error.name}): tải lại trang. Tin đã lưu và tin đang viết dở vẫn còn.`;
  byId("errors").replaceChildren(h("p", {}, error.name === "QuotaExceededError" ? full : unknown));
  byId("errors").hidden = false;
}

start().catch(failed);
