// The inspector's list: A ticks everything but what is done away from it, Enter or a tap one line.

const boxes = [...document.querySelectorAll("#pass input[name=ok]")];
const listed = boxes.filter((box) => !box.hasAttribute("data-by-hand"));
const byHand = boxes.filter((box) => box.hasAttribute("data-by-hand"));
const toNext = () => byHand.find((box) => !box.checked)?.focus();

document.querySelector("[data-all-good]")?.addEventListener("click", () => {
  const all = listed.every((box) => box.checked);
  for (const box of listed) box.checked = !all;
  if (!all) toNext();
});
for (const box of byHand) box.addEventListener("change", () => box.checked && listed.every((one) => one.checked) && toNext());
