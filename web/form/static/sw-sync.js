/**
 * The service worker where the browser has Background Sync: keeps the page as `sw.js` does, and sends what waits when the line is back, also when
 * the page is closed. It is a module, which browsers without Background Sync need not know.
 */
import "./sw.js";
import { exchangeOnce, SYNC } from "./form/js/line.js";

// While the centre does not answer this fails, and the browser calls again later; after its last try, the page does when it is opened.
self.addEventListener("sync", (/** @type {any} */ event) => {
  if (event.tag === SYNC) event.waitUntil(exchangeOnce());
});
