// The inspector's list: A ticks everything, Enter or a tap one line; the pictures stand below before they are sent.

const boxes = [...document.querySelectorAll("#pass input[name=ok]")];

document.querySelector("[data-all-good]")?.addEventListener("click", () => {
  const all = boxes.every((box) => box.checked);
  for (const box of boxes) box.checked = !all;
});

for (const input of document.querySelectorAll("input[type=file][data-photo]")) {
  const previews = input.closest("form").querySelector("[data-previews]");
  input.addEventListener("change", () => {
    previews.replaceChildren(
      ...[...input.files].map((file) => {
        const image = new Image(96, 78);
        image.src = URL.createObjectURL(file);
        image.alt = file.name;
        return image;
      }),
    );
  });
}
