// Fields that are changed where they stand: E opens, Enter saves, Esc takes back, Tab saves and goes on; a clash asks which holds.

const cells = () => [...document.querySelectorAll("[data-cell]")].filter((one) => one.getClientRects().length);
const formOf = (element) => element?.closest?.("[data-cell-form]");
const cellOf = (element) => element?.closest?.(".cell");
const composing = (event) => event.isComposing || event.keyCode === 229;
let onward = ""; // the id of the cell to open once the present one is saved
let left = ""; // the id of the cell whose form was open last
const ENDS = ["Tab", "Enter", "Escape"];
let early = null; // the keys pressed while a field is still opening, in their order; null when none is

// --- in and out ---
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-cells-first]")) return;
  const here = cellOf(document.activeElement)?.querySelector("[data-cell]");
  (here ?? cells()[0])?.click();
});

// Who types before the input is there loses no key, and no key means something else meanwhile.
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement.matches?.("[data-cell]")) early ??= [];
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement.matches?.("[data-cell], [data-cell-form]") && ctx.response?.status !== 200) early = null;
});
document.addEventListener("htmx:error", () => (early = null));

document.addEventListener("keydown", (event) => {
  if (early !== null && !composing(event) && !event.ctrlKey && !event.metaKey && !event.altKey) {
    if (event.key.length === 1 || (ENDS.includes(event.key) && !event.shiftKey)) early.push(event.key);
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  const form = formOf(event.target);
  if (!form || composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    form.querySelector("[data-cell-back]").click();
  } else if (event.key === "Enter" && !event.shiftKey && event.target.matches("select, textarea")) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "Tab" && !event.shiftKey && event.target.matches("[data-cell-input]") && goesOn(form)) {
    event.preventDefault();
    early = []; // what follows is meant for the next field
    form.requestSubmit();
  }
}, true);

// Where something is still to be ticked or decided Tab walks through the form as usual.
function goesOn(form) {
  const asked = [...form.querySelectorAll("[data-when]")].some((one) => !one.hidden);
  if (asked || form.querySelector(".clash")) return false;
  const all = [...document.querySelectorAll(".cell")].filter((one) => one.querySelector("[data-cell], [data-cell-form]"));
  const shown = all.filter((one) => one.getClientRects().length);
  onward = shown[shown.indexOf(cellOf(form)) + 1]?.id ?? "";
  return Boolean(onward);
}

// --- where the focus goes after an answer ---
function settle() {
  const input = document.querySelector("[data-cell-input]:not([data-taken])");
  if (input) {
    input.dataset.taken = "1";
    left = cellOf(input).id;
    input.focus();
    if (input.matches("input:not([type=date])")) input.select();
    catchUp(input);
    return;
  }
  const cell = left && document.getElementById(left);
  if (!cell || formOf(cell.querySelector("form"))) return;
  left = "";
  const next = onward && document.getElementById(onward)?.querySelector("[data-cell]");
  onward = "";
  if (next) return next.click();
  early = null;
  if (document.activeElement === document.body || !document.activeElement) cell.querySelector("[data-cell]")?.focus();
}
document.addEventListener("htmx:after:settle", settle);

// The field is here: the keys that came before it do what they would have done.
function catchUp(input) {
  const keys = early ?? [];
  const end = keys.findIndex((key) => ENDS.includes(key));
  const text = (end < 0 ? keys : keys.slice(0, end)).join("");
  const form = formOf(input);
  early = null;
  if (text && input.matches("input:not([type=date]), textarea")) input.setRangeText(text, input.selectionStart, input.selectionEnd, "end");
  if (keys[end] === "Escape") soon(() => form.querySelector("[data-cell-back]").click());
  else if (keys[end] === "Enter") soon(() => form.requestSubmit());
  else if (keys[end] === "Tab" && goesOn(form)) {
    early = keys.slice(end + 1);
    soon(() => form.requestSubmit());
  }
}
const soon = (act) => setTimeout(act); // htmx takes the new form up right after this
settle(); // a field may stand open from the start

// --- refusals: what may be insisted on appears; where somebody was faster both values are asked for ---
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  const form = ctx.sourceElement;
  if (!form.matches?.("[data-cell-form]")) return;
  const code = ctx.response?.headers.get("X-Problem");
  if (!code) return;
  onward = "";
  for (const one of form.querySelectorAll("[data-when]")) {
    if (one.dataset.when.split(" ").includes(code)) one.hidden = false;
  }
  if (code.endsWith(".changed_meanwhile")) ask(form);
});

function ask(form) {
  const version = form.elements.namedItem("version").value;
  const place = form.querySelector("[data-cell-clash]");
  htmx.ajax("GET", `${form.dataset.cellForm}&since=${version}`, { target: place, swap: "innerHTML" }).then(() => mine(form));
}

function mine(form) {
  const place = form.querySelector("[data-mine]");
  const input = form.querySelector("[data-cell-input]");
  if (!place) return;
  const chosen = input.matches("select") ? input.selectedOptions[0]?.textContent : input.value;
  place.textContent = chosen || "–";
  form.querySelector(".field-error").hidden = true; // the question says it better
  input.removeAttribute("aria-invalid");
}
document.addEventListener("input", (event) => {
  const form = formOf(event.target);
  if (form) mine(form);
});
