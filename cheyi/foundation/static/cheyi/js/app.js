// Boot: htmx without eval and with the forgery token, dialogs, menus. Modules talk through events, never imports.

const refuse = function () {
  throw new Error("code in attributes is switched off");
};

// A fold that was opened on a screen that follows along stays open: the answer does not know of it.
const keepFold = (element, { attrName, newValue }) => attrName !== "open" || newValue !== null || !element.closest("[data-poll]");

htmx.registerExtension("cheyi", { init: (api) => api.initSecurity(null, refuse, refuse), htmx_before_morph_attr: keepFold });

document.addEventListener("htmx:config:request", (event) => {
  const { request } = event.detail.ctx;
  if (request.method !== "GET") {
    request.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
  }
});

// Whatever lands in #layer-body opens as a dialog; an empty answer closes it.
const layer = document.getElementById("layer");
document.addEventListener("htmx:after:settle", (event) => {
  if (event.target.id !== "layer-body") return;
  if (!event.target.childElementCount) return layer.close();
  if (!layer.open) layer.showModal();
});

document.addEventListener("click", (event) => {
  const target = event.target;
  const opener = target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open)?.showModal();
  if (target.closest("[data-close]")) target.closest("dialog")?.close();
  if (target.matches?.("dialog")) target.close(); // the backdrop
  if (target.closest("[data-print]")) window.print();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
});

// A list in a dialog that is narrowed by typing; Enter takes the first that is left.
document.addEventListener("input", (event) => {
  const list = event.target.dataset?.filters && document.getElementById(event.target.dataset.filters);
  if (!list) return;
  const wanted = event.target.value.trim().toLowerCase();
  for (const item of list.querySelectorAll("[data-words]")) {
    item.hidden = !item.dataset.words.toLowerCase().includes(wanted);
  }
});
document.addEventListener("keydown", (event) => {
  const list = event.key === "Enter" && !event.isComposing && event.target.dataset?.filters;
  if (!list) return;
  event.preventDefault();
  document.getElementById(list)?.querySelector("[data-words]:not([hidden]) :is(button, a), :is(button, a)[data-words]:not([hidden])")?.click();
});
