// Pictures of a form: shown before they are sent; those that cannot be kept leave the field, the others stay in it.

document.addEventListener("change", ({ target: input }) => {
  if (!input.matches?.("input[type=file][data-photo]")) return;
  const images = [...input.files].map((file) => {
    const image = new Image();
    image.src = URL.createObjectURL(file);
    image.alt = file.name;
    return image;
  });
  input.form?.querySelector("[data-previews]")?.replaceChildren(...images);
});

function leaveOut(form, answer) {
  const problem = new DOMParser().parseFromString(answer, "text/html").querySelector("[data-left-out]");
  const input = problem && form.querySelector?.(`input[type=file][name="${CSS.escape(problem.dataset.field)}"]`);
  if (!input) return;
  const out = problem.dataset.leftOut.split(" ").map(Number);
  const box = new DataTransfer();
  [...input.files].forEach((file, place) => out.includes(place) || box.items.add(file));
  input.files = box.files;
  input.dataset.shrunk = "1"; // they are small already
  input.dispatchEvent(new Event("change", { bubbles: true }));
}
document.addEventListener("cheyi:refused", ({ target, detail }) => leaveOut(target, detail));
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => leaveOut(ctx.sourceElement, ctx.text ?? ""));
