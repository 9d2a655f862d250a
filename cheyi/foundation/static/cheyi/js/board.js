// The board: drag with the mouse, arrows and M by keyboard, a list of places by tap. The server decides; this only asks.
// Contract: [data-board] > [data-start="08:00"] > [data-lane] lanes; blocks carry data-move, data-places, data-at (steps).

const STEP = 5; // minutes
const SNAP = 3; // steps: a quarter of an hour
const NUDGE_WAIT = 600;

const boardOf = () => document.querySelector("[data-board]");
const slotsOf = (lane) => Number(getComputedStyle(lane).getPropertyValue("--slots")) || 120;

function timeOf(board, slot) {
  const [hours, minutes] = (board.querySelector("[data-start]") ?? board).dataset.start.split(":").map(Number);
  const total = hours * 60 + minutes + slot * STEP;
  return `${String(Math.floor(total / 60)).padStart(2, "0")}:${String(total % 60).padStart(2, "0")}`;
}

function place(block, slot) {
  for (const name of [...block.classList]) if (/^at-\d+$/.test(name)) block.classList.remove(name);
  block.classList.add(`at-${slot}`);
  block.dataset.at = slot;
}

// Paint the move at once; if the answer is no, put the block back.
async function send(block, lane, slot) {
  const board = boardOf();
  const before = { lane: block.closest(".lane"), slot: block.dataset.at };
  const url = block.dataset.move;
  if (before.lane) {
    lane.append(block);
    place(block, slot);
  }
  block.classList.add("saving");
  board.setAttribute("data-busy", "");
  let refused = true;
  const watch = ({ detail: { ctx } }) => {
    if (ctx.sourceElement === block) refused = (ctx.response?.status ?? 500) >= 400;
  };
  document.addEventListener("htmx:finally:request", watch);
  const values = { to: lane.dataset.lane || block.dataset.who, bay: lane.dataset.bay ?? "", at: timeOf(board, slot) };
  try {
    await htmx.ajax("POST", url, { source: block, target: `#${board.id}`, swap: board.dataset.swap || "outerMorph", values });
  } finally {
    document.removeEventListener("htmx:finally:request", watch);
    boardOf()?.removeAttribute("data-busy");
    block.classList.remove("saving");
    if (refused && before.lane && block.isConnected) {
      before.lane.append(block);
      place(block, before.slot);
    }
  }
}

// --- mouse and pen ---
let drag = null;

function ghostOf(block, event) {
  const box = block.getBoundingClientRect();
  const ghost = block.cloneNode(true);
  ghost.removeAttribute("id");
  ghost.className = `${block.className} dragged`;
  Object.assign(ghost.style, { position: "fixed", margin: 0, width: `${box.width}px`, height: `${box.height}px`, left: `${box.left}px`, top: `${box.top}px` });
  const sign = document.createElement("output");
  sign.className = "drag-sign";
  ghost.append(sign);
  document.body.append(ghost);
  return { ghost, sign, grip: event.clientX - box.left };
}

function slotAt(lane, x, length) {
  const box = lane.getBoundingClientRect();
  const slots = slotsOf(lane);
  const slot = Math.round(((x - box.left) / box.width) * slots / SNAP) * SNAP;
  return Math.min(Math.max(slot, 0), Math.max(slots - length, 0));
}

function over(event) {
  for (const one of document.querySelectorAll(".lane.over")) one.classList.remove("over");
  const lane = document.elementFromPoint(event.clientX, event.clientY)?.closest(".lane[data-lane]");
  if (!lane) return { lane: null, slot: 0 };
  lane.classList.add("over");
  const left = event.clientX - (drag.block.closest(".lane") ? drag.grip : 0);
  return { lane, slot: slotAt(lane, left, Number(drag.block.dataset.for) || SNAP) };
}

function finish() {
  drag?.ghost?.remove();
  drag?.block.classList.remove("dragging");
  for (const one of document.querySelectorAll(".lane.over")) one.classList.remove("over");
  boardOf()?.removeAttribute("data-busy");
  drag = null;
}

document.addEventListener("pointerdown", (event) => {
  const block = event.target.closest("[data-move]");
  if (!block || event.button !== 0 || event.pointerType === "touch" || event.target.closest("a, button:not([data-move]), input")) return;
  drag = { block, x: event.clientX, y: event.clientY };
});

document.addEventListener("selectstart", (event) => {
  if (drag) event.preventDefault();
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const far = Math.hypot(event.clientX - drag.x, event.clientY - drag.y);
  if (!drag.ghost) {
    if (far < 5) return;
    Object.assign(drag, ghostOf(drag.block, event));
    drag.block.classList.add("dragging");
    boardOf().setAttribute("data-busy", "");
  }
  drag.ghost.style.translate = `${event.clientX - drag.x}px ${event.clientY - drag.y}px`;
  const { lane, slot } = over(event);
  drag.sign.textContent = lane ? `${lane.dataset.name ?? ""} ${timeOf(boardOf(), slot)}` : "";
  event.preventDefault();
});

document.addEventListener("pointerup", (event) => {
  if (!drag?.ghost) return (drag = null);
  const { block } = drag;
  const { lane, slot } = over(event);
  finish();
  const swallow = (click) => click.stopPropagation();
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }));
  const moved = lane && (lane !== block.closest(".lane") || slot !== Number(block.dataset.at));
  if (moved) send(block, lane, slot);
});
document.addEventListener("pointercancel", finish);

// --- tap and keyboard ---
function choosePlace(block) {
  if (!block?.dataset.places) return false;
  htmx.ajax("GET", block.dataset.places, { source: block, target: "#layer-body", swap: "innerHTML" });
  return true;
}

// The head of a block's lane: whether its technician is here.
function askAway(block) {
  const head = block.closest(".board-row").querySelector("[data-away]");
  head?.click();
  return Boolean(head);
}

document.addEventListener("click", (event) => {
  const block = event.target.closest(".block");
  if (!block || event.target.closest("a")) return;
  if (!choosePlace(block)) open(block);
});

function open(block) {
  if (!block.dataset.href || document.body.classList.contains("wall")) return false;
  location.assign(block.dataset.href);
  return true;
}

let nudge = 0;
function shift(block, steps) {
  const lane = block.closest(".lane");
  const first = (block.dataset.from ??= block.dataset.at);
  const slot = Math.min(Math.max(Number(block.dataset.at) + steps, 0), slotsOf(lane) - (Number(block.dataset.for) || SNAP));
  place(block, slot);
  boardOf().setAttribute("data-busy", "");
  clearTimeout(nudge);
  nudge = setTimeout(() => {
    delete block.dataset.from;
    block.dataset.at = first;
    if (slot === Number(first)) return boardOf().removeAttribute("data-busy");
    send(block, lane, slot);
  }, NUDGE_WAIT);
}

function neighbour(block, step) {
  const lanes = [...document.querySelectorAll("[data-board] .lane[data-lane]")];
  const left = block.getBoundingClientRect().left;
  for (let at = lanes.indexOf(block.closest(".lane")) + step; lanes[at]; at += step) {
    const blocks = [...lanes[at].querySelectorAll(".block")];
    const near = (one) => Math.abs(one.getBoundingClientRect().left - left);
    if (blocks.length) return blocks.sort((one, other) => near(one) - near(other))[0].focus();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && drag) return finish();
  const block = document.activeElement?.closest(".block, [data-move]");
  const movable = block?.hasAttribute("data-move");
  const row = block ?? document.querySelector("[data-row][aria-selected=true][data-move]");
  const single = document.body.dataset.keys !== "off";
  let done = true;
  if (event.key.toLowerCase() === "m" && single && row && !event.target.closest("input, textarea, select")) done = choosePlace(row);
  else if (event.key === "a" && single && block?.closest(".board-row")) done = askAway(block);
  else if (!block?.matches(".block")) done = false;
  else if (event.key === "Enter") done = open(block);
  else if (event.key === " ") done = choosePlace(block);
  else if (event.key === "ArrowLeft" && movable) shift(block, -SNAP);
  else if (event.key === "ArrowRight" && movable) shift(block, SNAP);
  else if (event.key === "ArrowUp") neighbour(block, -1);
  else if (event.key === "ArrowDown") neighbour(block, 1);
  else done = false;
  if (done) event.preventDefault();
});
