// Giving back: the button says the amount, and the second person is asked for only above what one may decide alone.

document.addEventListener("input", ({ target }) => {
  if (target.name !== "amount" || !target.form) return;
  const amount = Number(target.value.replace(/[,，¥]/g, ""));
  const said = target.form.querySelector("[data-amount]");
  if (said) said.textContent = amount > 0 ? `¥${amount.toLocaleString("en", { minimumFractionDigits: 2 })}` : "";
  for (const part of target.form.querySelectorAll("[data-agree-above]")) {
    part.hidden = part.disabled = Math.round(amount * 100) <= Number(part.dataset.agreeAbove);
  }
});
