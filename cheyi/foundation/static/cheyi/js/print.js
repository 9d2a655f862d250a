// The print page: its button, and printing by itself when the address asks for it (?now).

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
if (new URLSearchParams(location.search).has("now")) addEventListener("load", () => window.print());
