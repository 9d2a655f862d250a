// Screens that follow along: hx-trigger="every 5s" with data-poll asks with the ETag it has, and rests when nobody looks.

const tags = new Map(); // address -> ETag of what is shown
const failures = new Map();

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
});

document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (!polls(ctx.sourceElement)) {
    if (ctx.request.method !== "GET") tags.clear(); // something was written: look again
    return;
  }
  failures.delete(ctx.sourceElement.id);
  const tag = ctx.response.headers.get("ETag");
  if (ctx.response.status === 200 && tag) tags.set(ctx.request.action, tag);
  if (ctx.response.status === 200 && busy(ctx.sourceElement)) {
    tags.delete(ctx.request.action); // the answer came while something was dragged or typed: leave the screen alone
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
