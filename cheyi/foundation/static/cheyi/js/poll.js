// Screens that follow along: hx-trigger="every 5s" with data-poll asks with the ETag it has, and rests when nobody looks.

const tags = new Map(); // address -> ETag of what is shown
const failures = new Map();
let writes = 0; // answered here so far: what was asked before the last one may show what was before it

const polls = (element) => element?.hasAttribute?.("data-poll");
const busy = (element) =>
  document.hidden || element.closest("[data-busy]") || element.querySelector("[data-busy]") ||
  element.contains(document.activeElement?.closest("input, textarea, select"));

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  const element = ctx.sourceElement;
  if (!polls(element) || ctx.sourceEvent?.type !== "every") return;
  const missed = failures.get(element.id) ?? 0;
  if (busy(element) || (missed > 1 && Math.random() > 2 / missed)) return event.preventDefault();
  const tag = tags.get(ctx.request.action);
  if (tag) ctx.request.headers["If-None-Match"] = tag;
  ctx.askedAfter = writes;
});

document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (!polls(ctx.sourceElement)) {
    if (ctx.request.method === "GET") return;
    writes += 1;
    tags.clear(); // something was written: look again
    return;
  }
  failures.delete(ctx.sourceElement.id);
  if (ctx.response.status !== 200) return;
  const tag = ctx.response.headers.get("ETag");
  if (tag) tags.set(ctx.request.action, tag);
  if ((ctx.askedAfter ?? writes) !== writes || busy(ctx.sourceElement)) {
    tags.delete(ctx.request.action); // overtaken by a write, or come while something was dragged or typed: leave the screen alone
    ctx.response.status = 204;
    ctx.swap = "none";
  }
});

document.addEventListener("htmx:error", (event) => {
  const element = event.detail.ctx?.sourceElement;
  if (polls(element)) failures.set(element.id, (failures.get(element.id) ?? 0) + 1);
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  for (const element of document.querySelectorAll("[data-poll]")) htmx.trigger(element, "every", {}, false);
});
