/**
 * Keeps the page for when the line is cut. The server writes the version, a hash of all files, and their list into this file, so that a change
 * of any of them is a new worker: it fetches all of them, and waits to take over until the page asks it to or no tab is open.
 */
const VERSION = "__VERSION__";
const FILES = __FILES__;
const PREFIX = "mocgioi-";

self.addEventListener("install", (event) => {
  const fresh = FILES.map((path) => new Request(path, { cache: "reload" }));
  event.waitUntil(caches.open(PREFIX + VERSION).then((cache) => cache.addAll(fresh)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== PREFIX + VERSION).map((name) => caches.delete(name))),
      )
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

// Files of the page come from the cache of this version; all else, events and officers' pages, goes to the centre as if this were not here.
self.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin || !FILES.includes(pathname)) return;
  event.respondWith(
    caches
      .open(PREFIX + VERSION)
      .then((cache) => cache.match(pathname))
      .then((kept) => kept ?? fetch(event.request)),
  );
});
