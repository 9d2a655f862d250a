// Forms: sent once, never lost. A key per sending, no double click, what is typed survives refusals and a dead network.

const texts = JSON.parse(document.getElementById("texts").textContent);
const banner = document.getElementById("offline");
const notice = document.getElementById("notice");
const busy = new WeakSet();
const waiting = new Map(); // what could not be sent, in order: element -> { again, edited }
let pause = 2000;
let timer = 0;

const writes = (ctx) => ctx.request.method !== "GET";
const field = (element) => (element instanceof HTMLFormElement ? element.elements.namedItem("_key") : null);

// randomUUID is missing on plain HTTP, which a shop's own network often is.
function freshKey() {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18)))).replace(/\+/g, "-").replace(/\//g, "_");
}

function renewKey(element) {
  delete element.dataset.sendKey;
  if (field(element)) field(element).value = freshKey();
}

// --- one sending at a time, each with its key ---
document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  if (!writes(ctx)) return;
  if (busy.has(ctx.sourceElement)) return event.preventDefault();
  if (!field(ctx.sourceElement)) ctx.request.body.set("_key", (ctx.sourceElement.dataset.sendKey ||= freshKey()));
});
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (!writes(ctx)) return;
  busy.add(ctx.sourceElement);
  for (const scan of document.querySelectorAll("[data-scan][aria-invalid=true]")) if (!ctx.sourceElement.contains(scan)) right(scan);
  ctx.sourceElement.setAttribute("aria-busy", "true");
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  busy.delete(ctx.sourceElement);
  ctx.sourceElement.removeAttribute("aria-busy");
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.matches("[hx-post], [hx-put], [hx-patch], [hx-delete]")) return;
  if (form.dataset.sent) return event.preventDefault();
  if ("keepDrafts" in form.dataset) document.querySelectorAll("form[data-draft]").forEach(keepDraft);
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
  if (form.dataset.draft) sessionStorage.removeItem(draftName(form));
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
    renewKey(form);
  }
});

// --- answers ---
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const { status } = ctx.response;
  const source = ctx.sourceElement;
  if (status < 500) online(source);
  if (writes(ctx) && status < 500) renewKey(source);
  if (status < 400) {
    if (writes(ctx)) settled(source);
  } else if (/^\s*<div class="problems"/.test(ctx.text)) {
    ctx.hx.retarget = source.closest("dialog[open]")?.querySelector("[data-notice]") ?? notice;
    ctx.hx.reswap = "innerHTML";
    if (status >= 500) keep(ctx);
  } else if (status >= 500) {
    ctx.swap = "none";
    keep(ctx);
    say(texts.not_saved);
  }
});

function settled(source) {
  for (const place of document.querySelectorAll("#notice, [data-notice]")) place.replaceChildren();
  allRight(source);
  if (source.dataset?.draft) sessionStorage.removeItem(draftName(source));
}

// A refusal that names its field (by its id where several share a name) stands beside it; others keep the top of the
// page. Either takes the focus.
document.addEventListener("htmx:after:settle", (event) => {
  const found = event.target.matches?.("[data-problems]") ? event.target : event.target.querySelector?.("[data-problems]");
  if (!found) return;
  const source = event.detail.task?.sourceElement;
  const scope = source?.form ?? source?.closest?.("form") ?? source;
  const named = found.dataset.field && CSS.escape(found.dataset.field);
  const wrong = named && (scope?.querySelector?.(`[name="${named}"]:not([type=hidden])`) ?? scope?.querySelector?.(`#${named}`));
  const place = wrong?.id && document.getElementById(`${wrong.id}-error`);
  const folds = wrong?.closest?.("details") ? [] : scope?.querySelectorAll?.("details[data-when-refused]");
  for (const one of folds ?? []) one.open = true;
  allRight(scope); // what was said before of another field is no longer known
  if (place) {
    unfold(wrong);
    place.replaceChildren(...found.querySelector("h2").cloneNode(true).childNodes);
    place.hidden = false;
    wrong.setAttribute("aria-invalid", "true");
    if (event.target.matches("#notice, [data-notice]")) event.target.replaceChildren();
    wrong.focus();
    place.scrollIntoView({ block: "nearest" });
    if (wrong.matches("[data-scan], [type=password]")) wrong.select(); // the next one takes the place of the refused one
  } else {
    found.focus();
    found.scrollIntoView({ block: "nearest" });
  }
});
document.querySelector("[data-problems]")?.focus();

// What is folded away cannot take the focus, nor say what is wrong with it.
function unfold(element) {
  for (let one = element.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
}
document.addEventListener("invalid", (event) => unfold(event.target), true);

function allRight(scope) {
  for (const wrong of scope?.querySelectorAll?.("[aria-invalid=true]") ?? []) right(wrong);
}

function right(wrong) {
  wrong.removeAttribute("aria-invalid");
  const place = document.getElementById(`${wrong.id}-error`);
  if (place) place.hidden = true;
}

// --- the network is gone ---
document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (!ctx || ctx.response) return;
  if (ctx.sourceElement.hasAttribute("data-poll") || !(writes(ctx) || ctx.sourceEvent?.type)) return;
  keep(ctx);
  say(ctx.request.signal.reason === "timeout" ? texts.timed_out : texts.offline);
  clearTimeout(timer);
  timer = setTimeout(() => sendWaiting(true), pause);
  pause = Math.min(pause * 2, 15000);
});

function keep({ sourceElement, sourceEvent, request, target, swap, values }) {
  const type = sourceEvent?.type;
  const again = () => {
    if (sourceElement instanceof HTMLFormElement) sourceElement.requestSubmit(request.submitter ?? null);
    else if (type) sourceElement.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }));
    else htmx.ajax(request.method, request.action, { source: sourceElement, target, swap, values });
  };
  waiting.set(sourceElement, { again, edited: false });
}

function say(text) {
  if (!banner) return;
  banner.querySelector("[data-offline-text]").textContent = text;
  banner.hidden = false;
}

// What was changed after it failed waits for its own button; the rest goes out by itself, one after the other.
function sendWaiting(byItself) {
  for (const [element, { again, edited }] of waiting) {
    if (!element.isConnected) waiting.delete(element);
    else if (!(byItself && edited)) return again();
  }
}

function online(source) {
  const was = waiting.delete(source);
  pause = 2000;
  if (waiting.size) return setTimeout(() => sendWaiting(true), 50);
  if (!banner || banner.hidden) return;
  banner.hidden = true;
  clearTimeout(timer);
  if (was) document.dispatchEvent(new CustomEvent("cheyi:toast", { detail: { text: texts.sent_later } }));
}

addEventListener("online", () => sendWaiting(true));
addEventListener("offline", () => say(texts.offline));
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-retry]")) sendWaiting(false);
});

// --- typing: errors go, drafts stay ---
const draftName = (form) => `draft:${location.pathname}:${form.dataset.draft}`;
const kept = (input) =>
  input.name && !["password", "file", "hidden", "submit", "button"].includes(input.type) && !input.closest("[data-sealed]");

document.addEventListener("input", (event) => {
  const { form } = event.target;
  if (event.target.getAttribute("aria-invalid")) right(event.target);
  if (!form) return;
  if (waiting.has(form)) waiting.get(form).edited = true;
  if (form.dataset.draft) keepDraft(form);
});

function keepDraft(form) {
  const values = [...form.elements].filter(kept).map((one) => [one.name, one.value, one.checked ?? false]);
  sessionStorage.setItem(draftName(form), JSON.stringify(values));
}

function restore(form) {
  form.dataset.restored = "1";
  const draft = sessionStorage.getItem(draftName(form));
  if (!draft) return;
  const inputs = [...form.elements].filter(kept);
  let changed = false;
  JSON.parse(draft).forEach(([name, value, checked], at) => {
    const input = inputs[at]?.name === name ? inputs[at] : inputs.find((one) => one.name === name);
    if (!input) return;
    const tick = ["checkbox", "radio"].includes(input.type);
    changed ||= tick ? input.checked !== checked : input.value !== value;
    if (tick) input.checked = checked;
    else input.value = value;
    if (tick ? checked : value) unfold(input);
  });
  if (changed) document.dispatchEvent(new CustomEvent("cheyi:toast", { detail: { text: texts.restored } }));
}

const restoreAll = () => document.querySelectorAll("form[data-draft]:not([data-restored])").forEach(restore);
document.addEventListener("htmx:after:swap", restoreAll);
restoreAll();
