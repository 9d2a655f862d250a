// A new password is shown while its button is pressed; what is sent is hidden again, so that no browser keeps it as a text.

function show(button, on) {
  button.setAttribute("aria-pressed", on);
  document.getElementById(button.dataset.shows).type = on ? "text" : "password";
}
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-shows]");
  if (button) show(button, button.getAttribute("aria-pressed") !== "true");
});
document.addEventListener("submit", ({ target }) => target.querySelectorAll("[data-shows]").forEach((one) => show(one, false)), true);
