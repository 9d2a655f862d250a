// The keyboard: [data-key="N"] on a button, link or field makes N work; [data-primary] is Ctrl+Enter; ? lists them all.

const TEXT = "textarea, select, [contenteditable=''], [contenteditable=true], " +
  "input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=reset], [type=file], [type=range])";
let going = 0; // when G was pressed

const composing = (event) => event.isComposing || event.keyCode === 229;
const typing = (element) => Boolean(element?.closest?.(TEXT));
const singleKeys = () => document.body.dataset.keys !== "off";
const shown = (element) =>
  (element.getClientRects().length > 0 || element.closest("label")?.getClientRects().length > 0) &&
  !element.disabled && element.getAttribute("aria-disabled") !== "true";

function layer() {
  const open = document.querySelectorAll("dialog[open]");
  return open[open.length - 1] ?? document;
}

function find(key) {
  const wanted = key.toUpperCase();
  return [...layer().querySelectorAll("[data-key]")].find((one) => one.dataset.key.toUpperCase() === wanted && shown(one));
}

function use(element) {
  if (typing(element)) {
    element.focus();
    element.select?.();
  } else {
    press(element);
  }
}

// A click made while Ctrl or Shift is down would open another window.
function press(element) {
  if (element.matches("a[href]:not([hx-get], [hx-post], [target], [download])")) location.assign(element.href);
  else element.click();
}

function named(event) {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  return event.shiftKey && /^[A-Z]$/.test(key) ? `Shift+${key}` : key;
}

function closeTop(event) {
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (typing(event.target) && !event.target.closest("dialog")) {
    event.target.blur();
  } else {
    return; // a dialog closes itself
  }
  event.preventDefault();
}

// Rows that J and K walk through: everything marked data-row, in the order of the page.
const rows = () => [...layer().querySelectorAll("[data-row]")].filter(shown);

function chosen() {
  return document.activeElement?.closest?.("[data-row]") ?? layer().querySelector("[data-row][aria-selected=true]");
}

function choose(row) {
  for (const one of layer().querySelectorAll("[data-row][aria-selected=true]")) one.setAttribute("aria-selected", "false");
  row.setAttribute("aria-selected", "true");
  if (row.tabIndex < 0 && !row.hasAttribute("tabindex")) row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  row.dispatchEvent(new CustomEvent("cheyi:row", { bubbles: true }));
}

function walk(step) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(chosen());
  choose(all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)]);
  return true;
}

function openRow(event) {
  if (event.target.closest("a, button, summary, [role=button]")) return false;
  const row = chosen();
  const inside = row?.querySelector("[data-open-row]") ?? row?.querySelector("a[href], button");
  if (!row || row.matches("a")) return false;
  inside?.click();
  return Boolean(inside);
}

function list() {
  const place = document.querySelector("[data-keys-here]");
  const items = [...document.querySelectorAll("[data-key], [data-go]")].filter((one) => shown(one) && !one.closest("dialog"));
  place.replaceChildren(...items.map((one) => {
    const item = document.createElement("li");
    const words = one.cloneNode(true);
    for (const cap of words.querySelectorAll("kbd, .badge")) cap.remove();
    const field = one.closest("label")?.textContent ?? "";
    item.append(one.dataset.keyLabel || one.getAttribute("aria-label") || words.textContent.trim() || field.replace(/\d+\s*$/, "").trim());
    const line = document.createElement("span");
    line.className = "gap";
    const cap = document.createElement("kbd");
    cap.textContent = one.dataset.go ? `G ${one.dataset.go}` : one.dataset.key.replace("Shift+", "⇧");
    item.append(line, cap);
    return item;
  }));
}

function plain(event) {
  const key = named(event);
  if (going && Date.now() - going < 1500) {
    going = 0;
    const place = document.querySelector(`[data-go="${CSS.escape(key)}" i]`);
    if (place) return press(place), true;
  }
  const element = find(key);
  if (key === "?" && element) list();
  if (element && !(event.repeat && !typing(element))) return use(element), true;
  if (key === "G") return (going = Date.now()), true;
  if (key === "J" || key === "K") return walk(key === "J" ? 1 : -1);
  if (key === "Enter") return openRow(event);
  if (key === "P" && layer() === document) return window.print(), true;
  return false;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || composing(event)) return;
  const chord = event.ctrlKey || event.metaKey;
  if (event.key === "Escape") return closeTop(event);
  if (chord && !event.altKey && event.key === "Enter") {
    const primary = [...layer().querySelectorAll("[data-primary]")].find(shown);
    if (!primary || event.repeat) return;
    event.preventDefault();
    return press(primary);
  }
  if (chord && !event.altKey && event.key.toLowerCase() === "k") {
    const box = document.getElementById("omni");
    if (!box) return;
    event.preventDefault();
    return box.dispatchEvent(new CustomEvent("cheyi:commands"));
  }
  if (chord || event.altKey || typing(event.target) || !singleKeys()) return;
  if (plain(event)) event.preventDefault();
});

document.querySelector("[data-open=keys-dialog]")?.addEventListener("click", list);
