// The page: reads the workspace, draws it, follows what changes.

import { drawConversation } from "./conversation.js";
import { focusComposer } from "./composer.js";
import { $ } from "./dom.js";
import { leftHome, openHome } from "./home.js";
import { startInspector } from "./inspector.js";
import { drawModals } from "./modal.js";
import { drawPanel } from "./panel.js";
import { closePopover } from "./popover.js";
import { onRedraw, redraw } from "./redraw.js";
import { go, here, me, onGo, onHome, read, ui } from "./route.js";
import { drawSidebar } from "./sidebar.js";
import { displayName, follow, load, onChange, world } from "./store.js";
import { startTheme } from "./theme.js";
import { drawTopbar } from "./topbar.js";
import { drawTour, startTour } from "./tour.js";
import { startReading } from "./unread.js";
import { placeName } from "./controls.js";

function draw() {
  if (!world.loaded || !me()) return;
  drawTopbar();
  drawSidebar();
  drawConversation();
  drawPanel();
  drawModals();
  drawTour();
  const where = onHome() ? "Home" : here() ? placeName(here()) : ui.place;
  document.title = `${where} · ${displayName(me()).split(" ")[0]} · ${world.team.name}`;
}

// A DM that was only a handle until now becomes the conversation once there is one.
function settle() {
  if (ui.place?.startsWith("@") && here()) go({ place: here().id });
}

function moved(before) {
  closePopover();
  if (onHome()) openHome();
  else leftHome();
  if (ui.panel === "inspector" && before.panel !== "inspector") startInspector();
  draw();
  if (before.place !== ui.place || before.as !== ui.as) focusComposer();
}

async function start() {
  startTheme(new URLSearchParams(location.hash.slice(1)).get("theme"));
  await load();
  if (!world.people.length) {
    $("main").textContent = "This workspace has no people yet. Add some through POST /control/people.";
    return;
  }
  startReading();
  onRedraw(draw);
  const at = read();
  onGo(moved);
  onChange(() => (settle(), redraw()));
  addEventListener("popstate", () => {
    const before = { ...ui };
    read();
    moved(before);
  });
  follow();
  go({});
  if (ui.panel === "inspector") startInspector();
  await startTour(at.get("tour"));
  focusComposer();
}

start().catch((error) => {
  $("main").textContent = `This page could not start: ${error.message}`;
});
