// The owner's answers: the sum counts what is agreed, as it is tapped.

const form = document.getElementById("answers");

function count() {
  let sum = 0;
  let yes = 0;
  let no = 0;
  for (const item of form.querySelectorAll(".item")) {
    const said = item.querySelector("input:checked")?.value;
    if (said === "yes") {
      yes += 1;
      sum += Number(item.querySelector("[data-price]").dataset.price);
    } else if (said === "no") no += 1;
  }
  const words = document.querySelector("[data-count]");
  words.textContent = words.dataset.text.replace("{yes}", yes).replace("{no}", no);
  document.querySelector("[data-sum]").textContent = `¥${(sum / 100).toLocaleString("en", { minimumFractionDigits: 2 })}`;
}

form?.addEventListener("change", () => {
  count();
  document.getElementById("notice").replaceChildren(); // what was wrong is being put right
});
if (form) count();
