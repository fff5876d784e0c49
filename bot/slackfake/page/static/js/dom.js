// Everything on the page is built by h(): children that are strings become text nodes. No HTML is ever parsed, so what people write
// cannot become markup.

const svgTags = new Set(["svg", "path", "circle", "rect", "g", "line", "polyline", "text", "title", "ellipse"]);

/** h builds an element. Props: class, on<event> (listener), style (object), value/checked/… (properties), anything else an attribute. */
export function h(tag, props, ...children) {
  const node = svgTags.has(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) set(node, name, value);
  append(node, children);
  return node;
}

const properties = new Set(["value", "checked", "disabled", "hidden", "selected", "readOnly", "required", "indeterminate"]);

function set(node, name, value) {
  if (value === undefined || value === null || value === false) {
    if (properties.has(name) && value === false) node[name] = false;
    return;
  }
  if (name.startsWith("on")) listen(node, name.slice(2), value);
  else if (name === "class") node.setAttribute("class", Array.isArray(value) ? value.filter(Boolean).join(" ") : value);
  else if (name === "style") for (const [k, v] of Object.entries(value)) node.style.setProperty(k, v);
  else if (properties.has(name)) node[name] = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

// Listeners live in a table on the node so that morph can replace them without removing anything.
function listen(node, type, handler) {
  node.handlers ||= {};
  if (!node.handlers[type]) node.addEventListener(type, dispatch);
  node.handlers[type] = handler;
}

function dispatch(event) {
  return event.currentTarget.handlers?.[event.type]?.(event);
}

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false || child === "") continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** show makes parent's children equal to nodes while keeping what is already there: focus, scroll positions, what is being typed. */
export function show(parent, ...nodes) {
  const focused = document.activeElement;
  const next = document.createElement("div");
  append(next, nodes);
  morphChildren(parent, next);
  if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true }); // it was only moved
}

const keyOf = (node) => (node.nodeType === 1 ? node.getAttribute("data-key") : null);

function morphChildren(parent, next) {
  const keyed = new Map();
  const wanted = new Set([...next.childNodes].map(keyOf));
  for (const child of [...parent.childNodes]) {
    const key = keyOf(child);
    if (key && !wanted.has(key)) child.remove(); // what goes makes room first, so that what stays need not move
    else if (key) keyed.set(key, child);
  }
  let at = parent.firstChild;
  for (const want of [...next.childNodes]) {
    const key = keyOf(want);
    let have = key ? keyed.get(key) : null;
    if (have) {
      keyed.delete(key);
      if (have !== at) parent.insertBefore(have, at);
      else at = at.nextSibling;
      morph(have, want);
      continue;
    }
    if (at && !keyOf(at) && !key && alike(at, want)) {
      have = at;
      at = at.nextSibling;
      morph(have, want);
    } else {
      parent.insertBefore(want, at);
    }
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

function alike(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && a.getAttribute?.("id") === b.getAttribute?.("id") && a.type === b.type;
}

function morph(have, want) {
  if (have.nodeType !== 1) {
    if (have.nodeValue !== want.nodeValue) have.nodeValue = want.nodeValue;
    return;
  }
  if (!alike(have, want)) {
    have.replaceWith(want);
    return;
  }
  for (const { name } of [...have.attributes]) {
    if (!want.hasAttribute(name) && name !== "style") have.removeAttribute(name);
  }
  for (const { name, value } of want.attributes) {
    if (name !== "style" && have.getAttribute(name) !== value) have.setAttribute(name, value);
  }
  // The page's policy forbids style attributes in markup; the object model is allowed.
  if (have.style.cssText !== want.style.cssText) have.style.cssText = want.style.cssText;
  for (const type of Object.keys(want.handlers || {})) listen(have, type, want.handlers[type]);
  for (const type of Object.keys(have.handlers || {})) if (!want.handlers?.[type]) delete have.handlers[type];
  syncField(have, want);
  if (have.nodeName !== "TEXTAREA") morphChildren(have, want);
}

function syncField(have, want) {
  if (!("value" in have) || have.nodeName === "LI" || have.nodeName === "BUTTON") return;
  if (have.type === "checkbox" || have.type === "radio") {
    if (have.checked !== want.checked) have.checked = want.checked;
  } else if (have.value !== want.value && have !== document.activeElement) {
    have.value = want.value;
  }
  have.disabled = want.disabled;
}

export const $ = (id) => document.getElementById(id);

let unique = 0;
/** uid makes an id for aria references. */
export const uid = (prefix) => `${prefix}-${++unique}`;

/** announce says something to a screen reader without showing it. */
export function announce(text) {
  $("announce").textContent = text;
}
