// Reception: chosen jobs live in the form; each change asks the server for price, promise and technician.

const form = document.querySelector("form[data-reception]");
const box = document.getElementById("chosen-jobs");
const search = document.getElementById("job-search");
const hits = document.getElementById("job-hits");
const chosen = new Map(); // code -> [payer, advice]
let pending = null;
let asking = 0;
let searching = null;

function draw() {
  box.replaceChildren(
    ...[...chosen].map(([code, [payer, advice]]) => {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: "job", value: `${code}|${payer}|${advice}` });
      return input;
    }),
  );
  for (const chip of form.querySelectorAll("[data-chip]")) {
    chip.setAttribute("aria-pressed", String(chosen.has(chip.dataset.take.split("|")[0])));
  }
  if (chosen.size) form.querySelector("[data-tip]")?.classList.add("folded");
  ask();
}

function toggle(row, { keep = false } = {}) {
  const [code, payer, advice] = row.split("|");
  if (chosen.has(code) && !keep) chosen.delete(code);
  else chosen.set(code, [payer || "customer", advice || ""]);
  draw();
}

function ask() {
  const turn = ++asking;
  const query = new URLSearchParams([...chosen].map(([code, [payer, advice]]) => ["job", `${code}|${payer}|${advice}`]));
  pending = fetch(`${form.dataset.quote}?${query}`, { headers: { "HX-Request": "true" } })
    .then((answer) => answer.text().then((text) => ({ ok: answer.ok, text })))
    .then(({ ok, text }) => {
      if (turn !== asking) return pending;
      const page = new DOMParser().parseFromString(text, "text/html");
      if (!ok) {
        document.getElementById("notice").replaceChildren(...page.body.childNodes);
        return undefined;
      }
      document.getElementById("notice").replaceChildren();
      for (const piece of page.querySelectorAll("[data-piece]")) {
        document.getElementById(piece.dataset.piece).replaceChildren(...piece.childNodes);
      }
      return undefined;
    })
    .catch(() => undefined)
    .finally(() => {
      if (turn === asking) pending = null;
    });
}

form.addEventListener("click", (event) => {
  const take = event.target.closest("[data-take]");
  if (take) {
    toggle(take.dataset.take, { keep: !take.hasAttribute("data-chip") });
    if (hits.contains(take)) closeHits();
  }
  const said = event.target.closest("[data-said]");
  if (said) {
    htmx.ajax("POST", form.dataset.saidTo, { source: said, swap: "none", values: JSON.parse(said.dataset.said) });
    const row = said.closest("li");
    row.classList.add("said");
    said.disabled = true;
  }
  const drop = event.target.closest("[data-drop]");
  if (drop) {
    chosen.delete(drop.dataset.drop);
    draw();
  }
});

form.addEventListener("change", (event) => {
  const { payer } = event.target.dataset;
  if (payer && chosen.has(payer)) {
    chosen.get(payer)[0] = event.target.value;
    draw();
  }
});

// What was booked is chosen already.
for (const row of (form.dataset.booked || "").split(" ").filter(Boolean)) {
  const [code, payer, advice] = row.split("|");
  chosen.set(code, [payer, advice]);
}

// The form goes with what the last answer says; Ctrl+Enter before it has come waits for it.
form.addEventListener(
  "submit",
  (event) => {
    if (!pending) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    pending.finally(() => setTimeout(() => form.requestSubmit(submitter?.isConnected ? submitter : null)));
  },
  true,
);

// --- finding a job by initials or words ---
function closeHits() {
  hits.replaceChildren();
  search.value = "";
  search.setAttribute("aria-expanded", "false");
}

async function find() {
  searching?.abort();
  searching = new AbortController();
  const text = search.value.trim();
  if (!text) return closeHits();
  try {
    const answer = await fetch(`${form.dataset.jobs}?${new URLSearchParams({ q: text })}`, { signal: searching.signal, headers: { "HX-Request": "true" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (search.value.trim() !== text) return undefined;
    hits.replaceChildren(...page.body.childNodes);
    search.setAttribute("aria-expanded", String(Boolean(hits.querySelector("[role=option]"))));
  } catch (error) {
    if (error.name !== "AbortError") throw error;
  }
  return undefined;
}

let typed = 0;
let found = Promise.resolve();
search.addEventListener("input", () => {
  clearTimeout(typed);
  found = new Promise((done) => {
    typed = setTimeout(() => find().then(done, done), 80);
  });
});
search.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  const options = [...hits.querySelectorAll("[role=option]")];
  const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    found.then(() => {
      const pick = hits.querySelector("[aria-selected=true]");
      if (pick) toggle(pick.dataset.take, { keep: true });
      if (pick) closeHits();
    });
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const next = options[Math.min(Math.max(at + (event.key === "ArrowDown" ? 1 : -1), 0), options.length - 1)];
    options.forEach((one) => one.setAttribute("aria-selected", String(one === next)));
  } else if (event.key === "Escape" && search.value) {
    event.stopPropagation();
    closeHits();
    search.blur();
  }
});

// A lower reading asks why, as soon as the server has said so.
new MutationObserver(() => {
  const wrong = form.elements.mileage?.getAttribute("aria-invalid") === "true" || /id_mileage/.test(document.getElementById("notice")?.innerHTML);
  if (wrong) form.querySelector("[data-when=mileage]").hidden = false;
  // A colleague was quicker: the way to his order, and the reason for a second one.
  const second = form.querySelector("[data-when=second_order]");
  const taken = document.querySelector("[data-problems][data-field=second_order_reason]") || second.querySelector("[aria-invalid=true]");
  if (taken && second.hidden) {
    second.hidden = false;
    form.elements.second_order_reason.focus();
  }
}).observe(document.body, { subtree: true, attributes: true, attributeFilter: ["aria-invalid"], childList: true });
