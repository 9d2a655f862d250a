// New car: a likely VIN is taken by one click, and checked again as if it had been typed.

document.addEventListener("click", (event) => {
  const fill = event.target.closest("[data-fill]");
  if (!fill) return;
  const field = document.getElementById(fill.dataset.fill);
  field.value = fill.dataset.value;
  field.focus();
  field.dispatchEvent(new Event("change", { bubbles: true }));
});
