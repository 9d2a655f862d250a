// The search box: a combobox over GET /search, quick enough to be faster than asking.

const box = document.getElementById("omni");
const panel = document.getElementById("omni-panel");
const form = box.form;
const texts = JSON.parse(document.getElementById("texts").textContent);
const WAIT = 80;
let timer = 0;
let running = null; // the request under way
let asked = null; // the text it is for
let shown = null; // the text whose answer stands in the panel
let then = null; // what was asked for before the answer was there: "main", "new" or the number of a hit
let commands = false;
let picking = false; // an arrow key has gone into the list

const options = () => [...panel.querySelectorAll("[role=option]")];
const current = () => panel.querySelector("[role=option][aria-selected=true]");
const wanted = () => (commands ? "commands:" : "") + box.value.trim();

function address() {
  const url = new URL(form.action);
  url.searchParams.set("q", box.value.trim());
  if (commands) url.searchParams.set("commands", "1");
  return url;
}

function close() {
  clearTimeout(timer);
  running?.abort();
  running = shown = then = null;
  picking = commands = false;
  panel.hidden = true;
  panel.replaceChildren();
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
}

async function ask() {
  clearTimeout(timer);
  running?.abort();
  const text = wanted();
  if (!text) return close();
  const mine = (running = new AbortController());
  asked = text;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address(), { signal: mine.signal, headers: { "HX-Request": "true" }, credentials: "same-origin" });
    const away = answer.headers.get("HX-Redirect");
    if (away) return location.assign(away);
    if (!answer.ok) throw new Error(`search answered ${answer.status}`);
    const html = await answer.text();
    if (running === mine) running = null;
    show(html, text);
  } catch (error) {
    if (error.name === "AbortError") return;
    then = null;
    if (running !== mine) return;
    close();
    document.dispatchEvent(new CustomEvent("cheyi:toast", { detail: { text: texts.search_failed } }));
  } finally {
    if (running === mine) running = null;
    if (!running) form.removeAttribute("aria-busy");
  }
}

function show(html, text) {
  const picked = picking && identity(current());
  panel.innerHTML = html;
  panel.hidden = false;
  shown = text;
  htmx.process(panel);
  box.setAttribute("aria-expanded", "true");
  const again = picked && options().find((one) => identity(one) === picked);
  if (picked && !again) then = picking = null; // what was picked is gone: nothing else is taken in its place
  choose(again || current() || options()[0]);
  if (then && text === wanted()) act(then);
}

const identity = (option) => option && (option.dataset.file || option.querySelector("[data-main]")?.getAttribute("href"));

function choose(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  if (!option) return box.removeAttribute("aria-activedescendant");
  box.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
  preview(option);
}

const previews = new Map();
async function preview(option) {
  const place = document.getElementById("omni-preview");
  const url = option.dataset.preview;
  if (!place) return;
  place.hidden = !url;
  if (!url) return;
  if (!previews.has(url)) {
    previews.set(url, fetch(url, { headers: { "HX-Request": "true" } }).then((answer) => (answer.ok ? answer.text() : "")));
  }
  const html = await previews.get(url).catch(() => "");
  if (current() === option && place.isConnected) place.innerHTML = html;
}

// Enter may come before the answer (a hand scanner types and ends with it): then it waits for the present text's answer.
function act(what) {
  if (shown !== wanted() || running) {
    then = what;
    if (!running || asked !== wanted()) ask();
    return;
  }
  then = null;
  const option = what === "new" ? panel.querySelector("[data-kind=actions]") : what === "main" ? current() : options()[what - 1];
  const main = option?.querySelector("[data-main]");
  if (main) press(main);
}

// A click made while Shift or Alt is down would open another window or a download.
function press(element) {
  if (element.matches("a[href]:not([hx-get], [hx-post])")) location.assign(element.href);
  else element.click();
}

function move(step) {
  const all = options();
  if (!all.length) return;
  picking = true;
  const at = all.indexOf(current()) + step;
  choose(all[(at + all.length) % all.length]);
}

box.addEventListener("input", (event) => {
  then = null;
  picking = false;
  if (event.isComposing) return;
  clearTimeout(timer);
  running?.abort();
  running = null;
  if (!wanted()) return close();
  timer = setTimeout(ask, WAIT);
});
box.addEventListener("compositionend", () => box.dispatchEvent(new InputEvent("input")));
form.addEventListener("submit", (event) => event.preventDefault());

const keys = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  Enter: (event) => act(event.shiftKey ? "new" : "main"),
  Escape: () => (panel.hidden ? box.blur() : close()),
  Tab: (event) => {
    const file = !event.shiftKey && !panel.hidden && current()?.dataset.file;
    if (!file) return false;
    location.assign(file);
  },
};

box.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey) return;
  const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
  // Digits are text while one types; with Alt, or after an arrow key, they choose.
  if (digit && (event.altKey || picking) && !event.shiftKey && !panel.hidden) {
    event.preventDefault();
    return act(Number(digit));
  }
  if (event.altKey || !keys[event.key] || (event.key === "Enter" && !box.value.trim() && !commands)) return;
  if (keys[event.key](event) !== false) event.preventDefault();
});

box.addEventListener("cheyi:commands", () => {
  box.focus();
  box.select();
  commands = true;
  ask();
});

panel.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
panel.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (!option || event.target.closest("a, button")) return;
  choose(option);
  act("main");
});
panel.addEventListener("pointermove", (event) => {
  const option = event.target.closest("[role=option]");
  if (option && option !== current()) choose(option);
});
document.addEventListener("click", (event) => {
  if (!panel.hidden && !event.target.closest(".omni-wrap")) close();
});

// A photographed plate or code: the answer is a panel like any other.
form.querySelector("[data-scan]")?.addEventListener("change", async (event) => {
  const [photo] = event.target.files;
  if (!photo || event.defaultPrevented) return;
  const body = new FormData();
  body.set("photo", photo);
  const headers = { "HX-Request": "true", "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content };
  const answer = await fetch(event.target.dataset.scan, { method: "POST", body, headers });
  event.target.value = "";
  if (!answer.ok) return;
  box.value = answer.headers.get("X-Scanned") ? decodeURIComponent(answer.headers.get("X-Scanned")) : "";
  show(await answer.text(), wanted());
  box.focus();
});
