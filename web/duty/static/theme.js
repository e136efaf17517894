// Light or dark: as the device says, unless the button said otherwise on this device. Runs before the page is drawn.
"use strict";

const THEMES = ["light", "dark"];
const root = document.documentElement;

function show(theme) {
  if (THEMES.includes(theme)) root.dataset.theme = theme;
}

show(localStorage.getItem("theme"));

document.addEventListener("DOMContentLoaded", () => {
  const button = document.getElementById("theme");
  button.hidden = false;
  button.addEventListener("click", () => {
    const now = root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    const next = THEMES.find((theme) => theme !== now);
    localStorage.setItem("theme", next);
    show(next);
  });
});
