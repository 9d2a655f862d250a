// Photographs shrink to 1600 px on the device before they are sent; that also drops where they were taken.

const LONGEST = 1600;
const texts = JSON.parse(document.getElementById("texts").textContent);

async function smaller(file) {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
}

async function shrink(input) {
  const box = new DataTransfer();
  for (const file of input.files) {
    try {
      box.items.add(file.type.startsWith("image/") ? await smaller(file) : file);
    } catch {
      box.items.add(file); // the server reads more formats than this browser
      document.dispatchEvent(new CustomEvent("cheyi:toast", { detail: { text: texts.photo_failed } }));
    }
  }
  input.files = box.files;
}

function preview(input) {
  const image = document.getElementById(input.dataset.preview);
  if (!image || !input.files[0]) return;
  image.src = URL.createObjectURL(input.files[0]);
  image.hidden = false;
  image.onload = () => URL.revokeObjectURL(image.src);
}

// The change is held back until the smaller file is in the field, then told again; data-submit sends the form by itself.
document.addEventListener("change", async (event) => {
  const input = event.target;
  if (!input.matches?.("input[type=file][data-photo]")) return;
  if (input.dataset.shrunk) return delete input.dataset.shrunk;
  event.stopImmediatePropagation();
  await shrink(input);
  preview(input);
  input.dataset.shrunk = "1";
  input.dispatchEvent(new Event("change", { bubbles: true }));
  if (input.hasAttribute("data-submit")) input.form?.requestSubmit();
}, { capture: true });
