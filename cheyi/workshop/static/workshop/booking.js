// Booking: the car is looked for, its wishes are chosen, each change asks for the cheapest slots.

const heard = { headers: { "HX-Request": "true" }, credentials: "same-origin" };
const form = document.querySelector("form[data-booking]");
const chosen = new Map(); // code -> name

async function piece(address, signal) {
  const answer = await fetch(address, { ...heard, signal });
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  return answer.ok ? holder.content : null;
}

// A box whose text is looked up; what came last wins.
function looking(box, address, place) {
  let running = null;
  let timer = 0;
  const state = { ready: Promise.resolve() };
  async function ask() {
    running?.abort();
    running = new AbortController();
    const text = box.value.trim();
    if (!text) return place.replaceChildren();
    try {
      const content = await piece(`${address}?${new URLSearchParams({ q: text })}`, running.signal);
      if (content && box.value.trim() === text) place.replaceChildren(content);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
    return undefined;
  }
  box.addEventListener("input", () => {
    clearTimeout(timer);
    state.ready = new Promise((done) => {
      timer = setTimeout(() => ask().then(done, done), 80);
    });
  });
  return state;
}

const car = document.getElementById("booking-car");
if (car) {
  const place = document.getElementById("booking-cars");
  const cars = looking(car, car.dataset.search, place);
  car.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    cars.ready.then(() => {
      const first = place.querySelector("a");
      if (first) location.assign(first.href);
    });
  });
}

function draw() {
  document.getElementById("chosen-jobs").replaceChildren(
    ...[...chosen.keys()].map((code) => Object.assign(document.createElement("input"), { type: "hidden", name: "job", value: code })),
  );
  const place = document.getElementById("wanted");
  if (chosen.size) {
    place.replaceChildren(
      ...[...chosen].map(([code, name]) => {
        const chip = Object.assign(document.createElement("button"), { type: "button", className: "chip", textContent: name });
        chip.setAttribute("aria-pressed", "true");
        chip.dataset.drop = code;
        return chip;
      }),
    );
  } else {
    place.replaceChildren();
  }
  slots(form);
}

// The slots of a form, near the time that is typed in it; a dialog answers whole, of which they are a part.
let turn = 0;
async function slots(of, near = of.elements.wanted_at.value) {
  const mine = ++turn;
  const query = new URLSearchParams([...chosen.keys()].map((code) => ["job", code]));
  if (near) query.set("near", near);
  const content = await piece(`${of.dataset.slots}?${query}`);
  if (content && mine === turn) document.getElementById("slots")?.replaceChildren(...(content.getElementById("slots") ?? content).childNodes);
}

document.addEventListener("change", ({ target }) => {
  if (target.matches("form[data-slots] [name=wanted_at]")) slots(target.form);
});

// What was refused may be full by now: what is free near it is offered instead.
document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
  if (ctx.response.status !== 422 || !ctx.sourceElement.matches("form[data-slots]")) return;
  slots(ctx.sourceElement, ctx.request.body.get("slot") || undefined);
});

if (form) {
  const box = document.getElementById("job-search");
  const hits = document.getElementById("job-hits");
  const jobs = looking(box, form.dataset.jobs, hits);
  const take = (option) => {
    if (!option) return;
    chosen.set(option.dataset.take.split("|")[0], option.querySelector("b").textContent);
    hits.replaceChildren();
    box.value = "";
    draw();
  };
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.ctrlKey) return;
    event.preventDefault();
    jobs.ready.then(() => take(hits.querySelector("[role=option]")));
  });
  form.addEventListener("click", (event) => {
    const hit = event.target.closest("[data-take]");
    if (hit) take(hit);
    const drop = event.target.closest("[data-drop]");
    if (drop && chosen.delete(drop.dataset.drop)) draw();
  });
  slots(form);
}
