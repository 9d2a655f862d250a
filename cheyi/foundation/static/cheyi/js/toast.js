// What just happened, for eight seconds, with its undo: from the header X-Toast, from the page, or from another module.

const SECONDS = 8;
const region = document.getElementById("toast");
const pattern = document.getElementById("toast-template");

function build(text, undo) {
  const toast = pattern.content.firstElementChild.cloneNode(true);
  toast.querySelector("span").textContent = text;
  const form = toast.querySelector("form");
  if (undo) form.setAttribute("hx-post", pattern.dataset.undoUrl + undo);
  else form.remove();
  return toast;
}

function show(text, undo = "") {
  const toast = build(text, undo);
  region.replaceChildren(toast);
  window.htmx?.process(toast); // a light page has only whole forms
}

// Each toast that appears leaves after its time, unless the pointer, which passes through it, or the focus rests on it.
function start(toast) {
  let left = SECONDS * 1000;
  let since = Date.now();
  let rests = false;
  let timer = setTimeout(() => toast.remove(), left);
  const hold = () => {
    clearTimeout(timer);
    left -= Date.now() - since;
  };
  const go = () => {
    since = Date.now();
    timer = setTimeout(() => toast.remove(), Math.max(left, 1500));
  };
  document.addEventListener("pointermove", function moved({ x, y }) {
    if (!toast.isConnected) return document.removeEventListener("pointermove", moved);
    if (rests === covers({ left: x, right: x, top: y, bottom: y })) return;
    rests = !rests;
    (rests ? hold : go)();
  });
  toast.addEventListener("focusin", hold);
  toast.addEventListener("focusout", go);
  place(toast);
}

// --- where it is said: over the least that a person may want to press ---
const BARS = ".decision, .phone-act, .phone-tabs, .rail";
const CONTROLS = "a[href], button, label, input:not([type=hidden]), select, textarea, summary";

function covers({ left, right, top, bottom }) {
  const at = region.getBoundingClientRect(); // what is said moves as it appears, its place does not
  return left <= at.right && at.left <= right && top <= at.bottom && at.top <= bottom;
}

function covered() {
  let sum = 0;
  for (const one of document.querySelectorAll(CONTROLS)) {
    if (one.closest(".toasts, dialog") || !one.checkVisibility() || !covers(one.getBoundingClientRect())) continue;
    sum += one.matches(".btn-primary, .btn-large, [data-primary]") ? 100 : one.matches(".btn, button") ? 5 : 1;
  }
  return sum;
}

// Above the bars at the bottom, else below the top; what scrolls gets room for it at its end, and keeps it.
function place(toast) {
  const { style } = document.documentElement;
  const tops = [...document.querySelectorAll(BARS)].map((one) => one.getBoundingClientRect().top).filter((top) => top > innerHeight / 2);
  style.setProperty("--toast-up", `${innerHeight - Math.min(innerHeight, ...tops)}px`);
  style.setProperty("--toast-room", `${Math.max(toast.offsetHeight + 16, parseInt(style.getPropertyValue("--toast-room")) || 0)}px`);
  region.classList.remove("high");
  const low = covered();
  region.classList.add("high");
  if (low <= covered()) region.classList.remove("high");
}

new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) if (node.matches?.("[data-toast]")) start(node);
  }
}).observe(region, { childList: true });
region.querySelectorAll("[data-toast]").forEach(start);

// An answer that comes with it may put an act of the page under it.
document.addEventListener("htmx:after:settle", () => {
  const toast = region.querySelector("[data-toast]");
  if (toast && covered() >= 100) place(toast);
});

document.addEventListener("htmx:after:request", (event) => {
  const packed = event.detail.ctx.response?.headers.get("X-Toast");
  if (!packed) return;
  for (const { text, undo } of [].concat(JSON.parse(decodeURIComponent(packed)))) show(text, undo);
});
document.addEventListener("cheyi:toast", (event) => show(event.detail.text, event.detail.undo));

// An undo that was pressed is gone at once: it can only be pressed once.
region.addEventListener("submit", (event) => event.target.closest("[data-toast]").classList.add("leaving"));
