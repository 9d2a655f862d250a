// The technician's phone: the running clock, finding a job or a part while speaking or typing.

const WAIT = 150;
const shown = performance.now();

function told(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return (hours ? `${hours}:${two(minutes)}` : `${minutes}`) + `:${two(seconds % 60)}`;
}

// The server's count goes on from when the page came: the phone's own time of day may be wrong.
const clocks = document.querySelectorAll("[data-seconds]");
function tick() {
  const passed = Math.floor((performance.now() - shown) / 1000);
  for (const clock of clocks) clock.textContent = told(Number(clock.dataset.seconds) + passed);
}
if (clocks.length) setInterval(tick, 1000);
addEventListener("pageshow", (event) => event.persisted && location.reload());

// What was looked up is chosen, so that the next scan takes its place.
document.querySelector("[data-again]")?.select();

for (const input of document.querySelectorAll("[data-find]")) {
  const list = document.getElementById(input.dataset.hits);
  const target = input.dataset.into && document.getElementById(input.dataset.into);
  let timer = 0;
  let running = null;
  const ask = async () => {
    running?.abort();
    const mine = (running = new AbortController());
    const text = input.value.trim();
    try {
      const answer = await fetch(`${input.dataset.find}?${new URLSearchParams({ q: text })}`, { signal: mine.signal, headers: { "HX-Request": "true" } });
      if (answer.ok) show(list, await answer.text());
    } catch {
      // no network: the words are sent without a proposal
    }
  };
  input.addEventListener("input", (event) => {
    if (target) target.value = "";
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("compositionend", () => (timer = setTimeout(ask, WAIT)));
  list.addEventListener("click", (event) => {
    const pick = event.target.closest("[data-take]");
    if (!pick) return;
    target.value = pick.dataset.take;
    input.value = pick.dataset.name;
    list.replaceChildren(pick.cloneNode(true));
  });
}

// What was chosen stays chosen while the words go on, also where an answer comes late and names other jobs.
function show(list, html) {
  const chosen = list.querySelector("label:has(input:checked)");
  const page = new DOMParser().parseFromString(html, "text/html");
  list.replaceChildren(...page.body.childNodes);
  if (!chosen) return;
  const again = list.querySelector(`input[value="${CSS.escape(chosen.querySelector("input").value)}"]`);
  if (again) again.checked = true;
  else list.prepend(chosen);
}

document.addEventListener("click", (event) => {
  const step = event.target.closest("[data-step]");
  if (!step) return;
  const input = step.parentElement.querySelector("input");
  input.value = Math.max((Number(input.value) || 0) + Number(step.dataset.step), 1);
});
