// Settling: one way takes everything; with several ways each amount names its way, and the rest is shown as one types.
// The button names what it takes: while something is missing that much is taken, and the car stays.

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
  tellTaken();
});

const typed = () => amounts.reduce((sum, input) => sum + fen(input.value), 0);
const left = () => Number(form.dataset.due) - typed();

several?.addEventListener("input", (event) => {
  for (const input of amounts) if (!input.value && input !== event.target) input.placeholder = Math.max(left() / 100, 0).toFixed(2);
  tellRest();
  tellTaken();
});

// What the typed amounts leave to pay; nothing as long as nothing is typed.
const rest = several?.querySelector("[data-rest]");
const yuan = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

function tellRest() {
  rest.hidden = left() <= 0 || amounts.every((input) => !input.value.trim());
  rest.textContent = rest.hidden ? "" : said(rest.dataset.text, left());
}

function said(text, amount) {
  return text.replace("…", `¥${yuan.format(amount / 100)}`);
}

// What the button takes: all that is due and the car leaves, or, while something is missing, what is typed and no more.
const take = form?.querySelector("[data-primary]");
const words = take?.querySelector("span");
const whole = words?.textContent;
const only = form?.querySelector("button[name=act]:not([data-primary])");
const onlyWhole = only?.textContent;
const onCredit = () => !several.open && form.querySelector("[data-single] input:checked")?.value === "credit";

function tellTaken() {
  const partly = several.open && left() > 0;
  only.textContent = onCredit() ? only.dataset.credit : onlyWhole;
  words.textContent = onCredit() ? take.dataset.credit : !partly ? whole : typed() > 0 ? said(take.dataset.part, typed()) : take.dataset.none;
  take.name = partly ? "act" : "";
  take.value = partly ? "pay" : "";
  only.hidden = partly;
}

form?.querySelector("[data-single]")?.addEventListener("change", tellTaken);

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
