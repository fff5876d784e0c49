// Light or dark: what the system says, until the switch is used.

import { redraw } from "./redraw.js";

const dark = matchMedia("(prefers-color-scheme: dark)");

/** theme is "light" or "dark". */
export const theme = () => document.documentElement.dataset.theme;

/** startTheme applies the URL's wish, the remembered choice or the system's. */
export function startTheme(wish) {
  const apply = () => (document.documentElement.dataset.theme = wish || remembered() || (dark.matches ? "dark" : "light"));
  apply();
  dark.addEventListener("change", () => (apply(), redraw()));
}

function remembered() {
  try {
    return localStorage.getItem("theme");
  } catch {
    return null; // storage may be forbidden; the system's choice is fine
  }
}

/** toggleTheme switches and remembers. */
export function toggleTheme() {
  const next = theme() === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem("theme", next);
  } catch {
    // not remembered, then
  }
  redraw();
}
