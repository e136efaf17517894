// Keeps a page up to date: the server says when the record changed. The list is then asked for again; the page of an incident says that it changed.
"use strict";

const live = document.getElementById("live");
const stale = document.getElementById("stale");
const changed = document.getElementById("changed");
const AT_MOST_EVERY_MS = 1500;
let asking = false;
let again = false;

async function refresh() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    const answer = await fetch(live.dataset.list, { headers: { Accept: "text/html" }, redirect: "manual" });
    if (answer.type === "opaqueredirect") location.reload();
    if (answer.ok) put(await answer.text());
  } catch {
    // The line is down: the stream notices it too, and its next word after that brings the list up to date.
  }
  setTimeout(() => {
    asking = false;
    if (again) {
      again = false;
      refresh();
    }
  }, AT_MOST_EVERY_MS);
}

function put(html) {
  const before = urgent();
  const focused = document.activeElement?.closest("#live a")?.getAttribute("href");
  const scrolled = live.querySelector(".scroll")?.scrollLeft ?? 0;
  live.innerHTML = html;
  live.querySelector(".scroll").scrollLeft = scrolled;
  if (focused) live.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  if (urgent() > before) document.getElementById("announcement").textContent = live.querySelector("[data-urgent]").textContent;
  live.dataset.updates = Number(live.dataset.updates ?? 0) + 1;
}

function urgent() {
  return Number(live.querySelector("[data-urgent]")?.dataset.urgent ?? 0);
}

async function look() {
  const answer = await fetch(location.pathname, { redirect: "manual" }).catch(() => null);
  if (!answer?.ok) return;
  const there = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("changed");
  changed.hidden = there?.dataset.seen === changed.dataset.seen;
}

const stream = new EventSource((live ?? changed).dataset.stream);
stream.addEventListener("open", () => {
  stale.hidden = true;
  document.documentElement.dataset.live = "";
});
stream.addEventListener("error", () => {
  stale.hidden = false;
});
stream.addEventListener("changed", () => (live ? refresh() : look()));
stream.addEventListener("ended", () => location.reload());
