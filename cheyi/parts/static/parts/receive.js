// The list of what has come: a part that is scanned again counts one up, Enter goes back to the scan field, a row can go.

const rows = document.getElementById("receive-rows");
const scanField = () => document.getElementById("receive-q");
const value = (row, name) => row.querySelector(`[name=${name}]`).value.trim();

function again(row) {
  const same = [...rows.children].find((other) => other !== row && value(other, "part") === value(row, "part") && !value(other, "batch"));
  if (!same) return;
  const quantity = same.querySelector("[name=quantity]");
  quantity.value = (Number(quantity.value) || 0) + 1;
  row.remove();
  quantity.focus();
  quantity.select();
}

new MutationObserver((changes) => {
  for (const row of changes.flatMap((change) => [...change.addedNodes])) if (row.isConnected && row.matches?.("tr")) again(row);
}).observe(rows, { childList: true });

rows.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey || !event.target.matches("input")) return;
  event.preventDefault();
  scanField().focus();
});

rows.addEventListener("click", (event) => {
  if (!event.target.closest("[data-remove]")) return;
  event.target.closest("tr").remove();
  scanField().focus();
});
