// The app's Home tab as it was published for a person.

import { act } from "./api.js";
import { blocks } from "./blocks.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { ui } from "./route.js";
import { homeOf, world } from "./store.js";

let opened = "";

/** openHome tells the app that a person opened Home. */
export function openHome() {
  if (opened === ui.as) return;
  opened = ui.as;
  act("home", { user: ui.as, tab: "home" });
}

/** leftHome makes the next opening count again. */
export const leftHome = () => (opened = "");

/** homeTab draws it. */
export function homeTab() {
  const view = homeOf(ui.as);
  const list = view?.view?.blocks;
  return h(
    "div",
    { class: "log home", id: "log", tabindex: "0", "data-testid": "home", "data-key": `home-${ui.as}` },
    list?.length
      ? h("div", { class: "home-body blocks" }, blocks(list, { view }))
      : h("div", { class: "empty" }, icon("home"), h("p", null, `${world.app.name} has not shown anything here yet.`), h("p", { class: "faint" }, world.app.connections ? "It is told when you open this tab." : "No app is connected.")),
  );
}
