// The order page: the job input, the strip of a line, the history that is read when it is opened. No sums are made here.

const root = () => document.getElementById("order");
const heard = { headers: { "HX-Request": "true" }, credentials: "same-origin" };

async function piece(address, signal) {
  const answer = await fetch(address, { ...heard, signal });
  const away = answer.headers.get("HX-Redirect");
  if (away) return location.assign(away);
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  return answer.ok ? holder.content : undefined;
}

// --- a line's strip: everything that can be done with it, as a row below ---
function closeStrip({ back = true } = {}) {
  const strip = document.querySelector("tr.strip");
  if (!strip) return false;
  const row = document.querySelector(`[data-line="${strip.dataset.stripOf}"]`);
  strip.remove();
  if (back) row?.querySelector("[data-strip]:last-child, button")?.focus();
  return true;
}

async function openStrip(row, price) {
  const was = document.querySelector("tr.strip")?.dataset.stripOf;
  closeStrip({ back: false });
  if (was === row.dataset.line) return row.querySelector("[data-strip]")?.focus();
  const content = await piece(`${row.closest("[data-lines]").dataset.lines}${row.dataset.line}/strip`);
  const strip = content?.querySelector("tr.strip");
  if (!strip || !row.isConnected) return undefined;
  row.after(strip);
  htmx.process(strip);
  const first = (price && strip.querySelector("input[name=price]")) || strip.querySelector("input:not([type=hidden]), select, button");
  first?.focus();
  first?.select?.();
  return undefined;
}

// --- the job input: initials, words, part numbers ---
let searching = null;
let typed = 0;
let found = Promise.resolve();

const search = () => document.getElementById("job-search");
const hits = () => document.getElementById("job-hits");

function closeHits() {
  hits()?.replaceChildren();
  if (!search()) return;
  search().value = "";
  search().setAttribute("aria-expanded", "false");
}

async function find() {
  searching?.abort();
  searching = new AbortController();
  const text = search().value.trim();
  if (!text) return closeHits();
  try {
    const content = await piece(`${hits().dataset.search}?${new URLSearchParams({ q: text })}`, searching.signal);
    if (!content || search().value.trim() !== text) return undefined;
    hits().replaceChildren(content);
    search().setAttribute("aria-expanded", String(Boolean(hits().querySelector("[role=option]"))));
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
  return undefined;
}

function take(option) {
  if (!option) return;
  htmx.ajax("POST", hits().dataset.add, { source: hits(), swap: "none", values: { take: option.dataset.take } });
  closeHits();
}

document.addEventListener("input", (event) => {
  if (event.target.id !== "job-search") return;
  clearTimeout(typed);
  found = new Promise((done) => {
    typed = setTimeout(() => find().then(done, done), 80);
  });
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  if (event.key === "Escape" && event.target.closest?.("tr.strip") && closeStrip()) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  if (event.target.id !== "job-search") return;
  const options = [...hits().querySelectorAll("[role=option]")];
  const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    found.then(() => take(hits().querySelector("[aria-selected=true]")));
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const next = options[Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), options.length - 1)];
    options.forEach((one) => one.setAttribute("aria-selected", String(one === next)));
  } else if (event.key === "Escape" && search().value) {
    event.preventDefault();
    event.stopPropagation();
    closeHits();
  }
}, true);

document.addEventListener("click", (event) => {
  const { target } = event;
  if (!(target instanceof Element)) return;
  const opener = target.closest("[data-strip]");
  if (opener) return openStrip(opener.closest("[data-line]"), opener.classList.contains("edit-cell"));
  if (target.closest("[data-strip-close]")) return closeStrip();
  const hit = target.closest("#job-hits [data-take]");
  if (hit) return take(hit);
  const jump = target.closest("[data-jump]");
  if (jump?.hash === "#job-search") {
    event.preventDefault();
    return search()?.focus();
  }
  const fill = target.closest("[data-fill]");
  if (fill) document.getElementById(fill.dataset.fill).value = fill.dataset.value;
  const menu = target.closest(".menu-list button");
  if (menu) menu.closest("details").open = false;
  return undefined;
});

// --- history: read when it is opened, and again after each change ---
async function read(details) {
  const content = await piece(details.dataset.history);
  const place = details.querySelector("[data-history-rows]");
  if (!content || !place) return;
  place.replaceChildren(content);
  htmx.process(place);
}

document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("[data-history]") && event.target.open) read(event.target);
}, true);

document.addEventListener("htmx:after:swap", () => {
  const details = root()?.querySelector("[data-history][open]");
  if (details && !details.querySelector("[data-history-rows]").childElementCount) read(details);
});
