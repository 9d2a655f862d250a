// Settling: one way takes everything; with several ways each amount names its way, and the rest is shown as one types.

const form = document.querySelector("form[data-settle]");
const several = form?.querySelector("[data-several]");
const amounts = form ? [...form.querySelectorAll("input[name=amount]")] : [];

function fen(text) {
  const number = Number(text.replace(/,/g, ""));
  return Number.isFinite(number) ? Math.round(number * 100) : 0;
}

several?.addEventListener("toggle", () => {
  for (const input of amounts) input.disabled = !several.open;
  for (const input of form.querySelectorAll("[data-single] input")) input.disabled = several.open;
  if (several.open) amounts[0].focus();
});

several?.addEventListener("input", (event) => {
  const left = Number(form.dataset.due) - amounts.reduce((sum, input) => sum + fen(input.value), 0);
  for (const input of amounts) if (!input.value && input !== event.target) input.placeholder = Math.max(left / 100, 0).toFixed(2);
  tellRest(left);
});

// What the typed amounts leave to pay; nothing as long as nothing is typed.
const rest = several?.querySelector("[data-rest]");
const yuan = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

function tellRest(left) {
  rest.hidden = left <= 0 || amounts.every((input) => !input.value.trim());
  rest.textContent = rest.hidden ? "" : rest.dataset.text.replace("…", `¥${yuan.format(left / 100)}`);
}

// Each typed amount goes with its way; the hidden inputs are written just before the form is sent.
form?.addEventListener(
  "submit",
  () => {
    form.querySelectorAll("[data-made]").forEach((one) => one.remove());
    if (!several?.open) return;
    for (const input of amounts) {
      for (const [name, value] of [["way", input.dataset.way], ["deposit", input.dataset.deposit ?? ""], ["number", ""]]) {
        const hidden = document.createElement("input");
        Object.assign(hidden, { type: "hidden", name, value });
        hidden.dataset.made = "";
        form.append(hidden);
      }
    }
  },
  true,
);
