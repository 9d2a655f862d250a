// The second person is asked for only while the amount is more than one person may decide alone.

document.addEventListener("input", ({ target }) => {
  const fields = target.name === "amount" && target.form?.querySelector("[data-agree-above]");
  if (!fields) return;
  const amount = Number(target.value.replace(/[,，¥]/g, ""));
  const alone = Number.isFinite(amount) && Math.round(amount * 100) <= Number(fields.dataset.agreeAbove);
  fields.hidden = fields.disabled = alone;
});
