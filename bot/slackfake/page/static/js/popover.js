// Small windows that hang on a button: menus, pickers. One is open at a time; Esc, Tab and a click elsewhere close it.

import { $, h, show, uid } from "./dom.js";
import { icon } from "./icons.js";

let open = null;

/** closePopover closes what is open; refocus gives the focus back to the button that it hung on. */
export function closePopover(refocus = false) {
  if (!open) return;
  const { box, anchor, onClose } = open;
  open = null;
  box.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (refocus && anchor.isConnected) anchor.focus();
  onClose?.();
}

/** popover hangs content on anchor. */
export function popover(anchor, content, { onClose, className = "", testid = "popover" } = {}) {
  const again = open?.anchor === anchor;
  closePopover();
  if (again) return null;
  const box = h("div", { class: ["popover", className], "data-testid": testid, onkeydown: (e) => keys(e) }, content);
  $("overlay").append(box);
  anchor.setAttribute("aria-expanded", "true");
  open = { box, anchor, onClose };
  position(box, anchor);
  return box;
}

function keys(event) {
  if (event.key !== "Escape" && event.key !== "Tab") return;
  event.preventDefault();
  event.stopPropagation();
  closePopover(true);
}

function position(box, anchor) {
  if (innerWidth <= 520) {
    box.classList.add("sheet");
    return;
  }
  const at = anchor.getBoundingClientRect();
  const [w, tall] = [box.offsetWidth, box.offsetHeight];
  const left = Math.max(8, Math.min(at.left, innerWidth - w - 8));
  const below = at.bottom + 4 + tall <= innerHeight - 8;
  box.style.left = `${left}px`;
  box.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - tall - 4)}px`;
}

addEventListener("pointerdown", (e) => {
  if (open && !open.box.contains(e.target) && !open.anchor.contains(e.target)) closePopover();
}, true);
addEventListener("resize", () => closePopover());

/** menu hangs a list of choices on anchor: {label, icon, danger, description, run}; "-" draws a line. */
export function menu(anchor, items, testid = "menu") {
  const buttons = items.map((item) =>
    item === "-"
      ? h("hr")
      : h(
          "button",
          { type: "button", role: "menuitem", tabindex: "-1", class: ["menu-item", item.danger && "danger"], "data-testid": item.testid, onclick: () => (closePopover(true), item.run()) },
          item.icon && icon(item.icon),
          h("span", null, item.label, item.description && h("span", { class: "faint block" }, item.description)),
        ),
  );
  const list = h("div", { role: "menu", onkeydown: (e) => rove(e, list) }, buttons);
  if (popover(anchor, list, { className: "menu", testid })) list.querySelector("[role=menuitem]")?.focus();
}

function rove(event, list) {
  const items = [...list.querySelectorAll("[role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  items.at(to % items.length)?.focus();
}

const limit = 60;

/**
 * pick hangs a searchable list on anchor. find(text) returns options {value, label, node, description, group}; selected is a Set for
 * many, a value for one. onPick gets the value, or with multi the new list whenever it changes.
 */
export function pick(anchor, { find, selected, multi = false, label = "Choose", search = true, onPick, onClose }) {
  const chosen = new Set(multi ? selected : [selected]);
  const listID = uid("list");
  let options = [];
  let active = 0;
  const input = h("input", {
    type: "text", class: "input", placeholder: "Search", role: "combobox", "aria-label": label, "aria-expanded": "true", "aria-controls": listID,
    "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", "data-testid": "picker-search",
    oninput: () => draw(0), onkeydown: (e) => key(e),
  });
  const list = h("ul", { id: listID, role: "listbox", "aria-label": label, "aria-multiselectable": multi ? "true" : null });
  const box = popover(anchor, [h("div", { class: search ? "picker-search" : "sr-only" }, input), list], { className: "picker", onClose, testid: "picker" });
  if (!box) return;

  function draw(to = active) {
    options = find(input.value.trim().toLowerCase()).slice(0, limit);
    active = Math.max(0, Math.min(to, options.length - 1));
    let group = "";
    const rows = options.flatMap((o, i) => {
      const head = o.group && o.group !== group ? h("li", { role: "presentation", class: "picker-group" }, (group = o.group)) : null;
      return [head, row(o, i)];
    });
    show(list, rows.length ? rows : h("li", { role: "presentation", class: "picker-none" }, "Nothing matches."));
    input.setAttribute("aria-activedescendant", options.length ? `${listID}-${active}` : "");
    list.querySelector(".active")?.scrollIntoView({ block: "nearest" });
  }

  function row(o, i) {
    return h(
      "li",
      {
        id: `${listID}-${i}`, role: "option", "aria-selected": String(chosen.has(o.value)), class: i === active ? "active" : null, "data-value": o.value,
        onclick: () => take(i), onpointermove: () => i !== active && draw(i),
      },
      multi && h("span", { class: "tick" }, chosen.has(o.value) && icon("check")),
      h("span", { class: "picker-label" }, o.node || o.label, o.description && h("span", { class: "faint block" }, o.description)),
    );
  }

  function take(i) {
    const o = options[i];
    if (!o) return;
    if (!multi) {
      closePopover(true);
      onPick(o.value);
      return;
    }
    if (!chosen.delete(o.value)) chosen.add(o.value);
    onPick([...chosen]);
    draw(i);
  }

  function key(event) {
    const to = { ArrowDown: active + 1, ArrowUp: active - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      draw((to + options.length) % (options.length || 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      take(active);
    }
  }

  draw(Math.max(0, find("").slice(0, limit).findIndex((o) => chosen.has(o.value))));
  position(box, anchor);
  input.focus();
}
