// Whole forms of a light page, sent beside the page (data-send): a dead network loses nothing, it is sent when it is back.
// The server's answer is a way to go on, or a refusal that lands where the form stands.

const texts = JSON.parse(document.getElementById("texts").textContent);
const banner = document.getElementById("offline");
const notice = document.getElementById("notice");
const waiting = []; // forms that could not be sent, in order, each with the button that was pressed
let pause = 2000;
let timer = 0;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-send]") || event.defaultPrevented) return;
  event.preventDefault();
  send(form, event.submitter);
});

async function send(form, button) {
  const body = new FormData(form, button ?? undefined);
  let answer;
  try {
    answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" }, credentials: "same-origin" });
  } catch {
    return keep(form, button);
  }
  const away = answer.headers.get("HX-Redirect");
  if (answer.ok && away) return goTo(away);
  free(form);
  if (answer.status >= 500) return keep(form, button);
  renewKey(form);
  const refusal = await answer.text();
  form.dispatchEvent(new CustomEvent("cheyi:refused", { bubbles: true, detail: refusal }));
  refuse(form, refusal);
}

// The same address with another place in it would not load anew.
function goTo(address) {
  online();
  if (waiting.length) return flush();
  const there = new URL(address, location.href);
  if (there.pathname === location.pathname && there.search === location.search) {
    history.replaceState(null, "", there.pathname + there.search);
    location.reload();
  } else location.assign(there);
}

function free(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}

function renewKey(form) {
  const key = form.elements.namedItem("_key");
  if (key) key.value = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18)))).replace(/\+/g, "-").replace(/\//g, "_");
}

function refuse(form, html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const problem = page.querySelector("[data-problems]");
  if (!problem) return notice.replaceChildren(texts.not_saved);
  const field = problem.dataset.field && form.querySelector(`[name="${CSS.escape(problem.dataset.field)}"]:not([type=hidden])`);
  const place = field?.id && document.getElementById(`${field.id}-error`);
  if (place) {
    place.textContent = problem.querySelector("[data-problem-text]").textContent;
    place.hidden = false;
    field.setAttribute("aria-invalid", "true");
    return field.focus();
  }
  notice.replaceChildren(problem);
  problem.focus();
  problem.scrollIntoView({ block: "center" });
}

function keep(form, button) {
  free(form);
  form.querySelector("button")?.dispatchEvent(new Event("input", { bubbles: true })); // the draft again
  if (!waiting.some(([one]) => one === form)) waiting.push([form, button]);
  banner.querySelector("[data-offline-text]").textContent = texts.offline;
  banner.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(flush, pause);
  pause = Math.min(pause * 2, 15000);
}

function online() {
  clearTimeout(timer);
  pause = 2000;
  banner.hidden = true;
}

function flush() {
  const next = waiting.shift();
  if (next) send(...next);
}

addEventListener("online", flush);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-retry]") && waiting.length) flush();
});
