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

// Each toast that appears leaves after its time, unless the pointer or the focus rests on it.
function start(toast) {
  let left = SECONDS * 1000;
  let since = Date.now();
  let timer = setTimeout(() => toast.remove(), left);
  const hold = () => {
    clearTimeout(timer);
    left -= Date.now() - since;
  };
  const go = () => {
    since = Date.now();
    timer = setTimeout(() => toast.remove(), Math.max(left, 1500));
  };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("pointerleave", go);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("focusout", go);
}

new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) if (node.matches?.("[data-toast]")) start(node);
  }
}).observe(region, { childList: true });
region.querySelectorAll("[data-toast]").forEach(start);

document.addEventListener("htmx:after:request", (event) => {
  const packed = event.detail.ctx.response?.headers.get("X-Toast");
  if (!packed) return;
  for (const { text, undo } of [].concat(JSON.parse(decodeURIComponent(packed)))) show(text, undo);
});
document.addEventListener("cheyi:toast", (event) => show(event.detail.text, event.detail.undo));

// An undo that was pressed is gone at once: it can only be pressed once.
region.addEventListener("submit", (event) => event.target.closest("[data-toast]").classList.add("leaving"));
