// SPDX-FileCopyrightText: 2026 The virtio-mmio-msi authors
// SPDX-License-Identifier: Apache-2.0
"use strict";
// Draws only what is in view; a lane with more than a mark every few pixels shows how many there are instead.
const story = JSON.parse(document.getElementById("story").textContent);
const $ = (id) => document.getElementById(id);
const plot = $("timeline"), overview = $("overview"), tip = $("tip");
const LEFT = 168, AXIS = 26, LABEL_ROW = 13, DENSE = 5, CHARACTER = 6.7;
const END = story.end + 1;

// ---------------------------------------------------------------- small things
const escape = (text) => String(text).replace(/[&<>"]/g, (c) => ({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}[c]));
const number = (value) => value.toLocaleString("en");
const hex = (value) => value === null ? "?" : "0x" + value.toString(16);
const plural = (count, word) => `${number(count)} ${word}${count === 1 ? "" : "s"}`;
const nanoseconds = (cycle) => `${(story.first_edge_ns + (cycle - 1) * story.period_ns).toFixed(1)} ns`;
const sourceName = (source) => source === 0 ? "configuration change" : `queue ${source - 1}`;
// First position in an array sorted by `key` whose key is at least `value`.
function lowerBound(items, value, key) {
  let low = 0, high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(items[middle]) < value) low = middle + 1; else high = middle;
  }
  return low;
}
const byCycle = (item) => item.cycle;

const rings = story.rings;
const collections = {access: story.accesses, event: story.events, message: story.messages, kick: [...story.kicks, ...rings.kicks],
                     chain: rings.chains, memory: rings.memory, told: rings.notifications};
collections.kick.sort((a, b) => a.cycle - b.cycle);
for (const [type, items] of Object.entries(collections)) items.forEach((item, i) => { item.type = type; item.i = i; });
const endedBy = new Map();     // index of an access -> events that it ended
for (const event of story.events) if (event.access >= 0) endedBy.set(event.access, [...(endedBy.get(event.access) || []), event.i]);

// ---------------------------------------------------------------- lanes
const filter = {vector: null, queue: null};

function used(items, key) {
  return [...new Set(items.flatMap(key))].sort((a, b) => a - b);
}
const vectors = used([...story.messages.map((m) => m.vectors), story.masks.map((m) => m.vector),
                      story.pendings.map((m) => m.vector), story.events.map((e) => e.vector).filter((v) => v !== null)], (v) => v);
const sources = used(story.events, (event) => [event.source]);
const queues = used([...sources.filter((s) => s > 0).map((s) => s - 1), ...collections.kick.map((k) => k.queue), ...rings.lives.map((l) => l.queue)], (q) => [q]);
const byMessage = new Map(rings.notifications.filter((n) => n.message >= 0).map((n) => [n.message, n.i]));

const concerned = {
  event: (event) => (filter.vector === null || event.vector === filter.vector || (event.vector === null && event.how === "open"))
    && (filter.queue === null || event.source === filter.queue + 1),
  message: (message) => (filter.vector === null || message.vectors.includes(filter.vector))
    && (filter.queue === null || message.events.some((i) => story.events[i].source === filter.queue + 1)
      || (byMessage.has(message.i) && rings.notifications[byMessage.get(message.i)].queue === filter.queue)),
  access: (access) => {
    const everybody = !access.vectors.length && !access.queues.length && access.effect !== null;
    return (filter.vector === null && filter.queue === null) || everybody
      || (filter.vector !== null && access.vectors.includes(filter.vector))
      || (filter.queue !== null && access.queues.includes(filter.queue));
  },
  kick: (kick) => filter.queue === null || kick.queue === filter.queue,
  chain: (chain) => filter.queue === null || chain.queue === filter.queue,
  memory: (access) => filter.queue === null || access.queues.includes(filter.queue),
  told: (told) => (filter.queue === null || told.queue === null || told.queue === filter.queue)
    && (filter.vector === null || told.vector === null || told.vector === filter.vector),
};

// Rows of what overlaps in time: a lane as high as they need, up to a limit.
function rows(name, items, shape, highest, limit, more) {
  const count = 1 + Math.max(...items.map((item) => item.row));
  const pitch = Math.min(highest, limit / count);
  return [name, items, shape, {pitch, height: Math.ceil(count * pitch) + 8, long: true, ...more}];
}
function layOutRings(add, group, marks) {
  for (const queue of used(rings.lives, (life) => [life.queue])) {
    if (filter.queue !== null && queue !== filter.queue) continue;
    const of = (items) => items.filter((item) => item.queue === queue);
    const lives = of(rings.lives), kinds = used(lives, (life) => [`${life.ring}, ${life.size} entries`]);
    group(`Rings: queue ${queue}, ${kinds.join("; ")}`);
    if (lives.length > 1) add({name: "alive", spans: lives, style: () => "alive", height: 14, says: (l) => `queue ${queue} is alive: ${l.ring}, ${l.size} entries`});
    marks("kicks", of(collections.kick), "kick", {height: 18});
    const wishes = (by) => of(rings.wishes).filter((wish) => wish.by === by);
    const wish = (name, by, of) => { if (wishes(by).length) add({name, spans: wishes(by), style: (w) => `wish${w.quiet ? " quiet" : ""}`, height: 19, text: (w) => w.text, says: (w) => `${of}: ${w.text}`}); };
    wish("device wants", "device", "the device wants kicks");
    if (of(rings.chains).length) marks(...rows("chains", of(rings.chains), "chain", 14, 260));
    wish("driver wants", "driver", "the driver wants to hear");
    marks("told by", rings.notifications.filter((n) => n.queue === queue || (n.queue === null && n.chains.some((c) => rings.chains[c].queue === queue))), "told", {height: 24});
  }
  if (!rings.memory.length) return;
  group("Memory port");
  for (const [name, write] of [["reads", false], ["writes", true]]) {
    const items = rings.memory.filter((access) => access.write === write);
    if (items.length) marks(...rows(name, items, "memory", 10, 160, {kind: memoryKind}));
  }
}
const memoryKind = (access) => `m-${access.kinds[0].replace(/\W/g, "-")}`;

let lanes = [], height = 0;
function layOut() {
  lanes = [];
  let y = AXIS;
  const add = (lane) => { lane.y = y; y += lane.height; lanes.push(lane); };
  const group = (name) => { add({group: name, height: 22}); };
  const marks = (name, items, shape, more) => {
    const shown = items.filter(concerned[shape]);
    if (shown.length) add({name, items: shown, shape, height: 24, ...more});
  };
  if (story.modes.length) add({name: "interrupts by", spans: story.modes, style: (s) => `mode-${s.mode}`, height: 20,
       text: (s) => ({off: "nothing: DRIVER_OK is not set", line: "line", message: "message"})[s.mode]});
  group("Driver");
  marks("writes", story.accesses.filter((a) => a.write), "access", {labels: 4, height: 18 + 4 * LABEL_ROW});
  marks("reads", story.accesses.filter((a) => !a.write), "access", {labels: 2, height: 18 + 2 * LABEL_ROW});
  group("Events");
  for (const source of sources) marks(sourceName(source), story.events.filter((e) => e.source === source), "event");
  if (story.shown.length || story.line.length) {
    group("Line");
    for (const [kind, name] of [["USED", "used buffer bit"], ["CONFIG", "configuration bit"]]) {
      const spans = story.shown.filter((s) => s.kind === kind);
      if (spans.length) add({name, spans, style: (s) => `shown${s.certain ? " certain" : ""}`, height: 18, says: (s) => `InterruptStatus shows it${s.certain ? "" : ", or not: it cannot be told"}`});
    }
    if (story.line.length) add({name: "irq", spans: story.line, style: () => "irq", height: 18, says: () => "irq is high"});
  }
  group("Messages");
  for (const vector of vectors) {
    if (filter.vector !== null && vector !== filter.vector) continue;
    const items = story.messages.filter((m) => m.vectors.includes(vector) && concerned.message(m));
    if (filter.queue !== null && !items.length) continue;
    add({name: `vector ${vector}`, items, shape: "message", vector, height: 28,
         masks: story.masks.filter((m) => m.vector === vector), pendings: story.pendings.filter((p) => p.vector === vector)});
  }
  const lost = story.messages.filter((m) => !m.vectors.length && concerned.message(m));
  if (lost.length) add({name: "of no vector", items: lost, shape: "message", vector: -1, height: 28, masks: [], pendings: []});
  if (rings.lives.length) layOutRings(add, group, marks);
  else if (story.kicks.length) { group("Kicks"); for (const queue of queues) marks(`queue ${queue}`, story.kicks.filter((k) => k.queue === queue), "kick", {height: 18}); }
  lanes = lanes.filter((lane, i) => !lane.group || (lanes[i + 1] && !lanes[i + 1].group));
  y = AXIS;
  for (const lane of lanes) { lane.y = y; y += lane.height; }
  height = y + 10;
}

// ---------------------------------------------------------------- view
let view = {from: 0, to: END}, width = 1000;
const scale = () => (width - LEFT) / (view.to - view.from);
const x = (cycle) => LEFT + (cycle - view.from) * scale();
const cycleAt = (px) => view.from + (px - LEFT) / scale();

function show(from, to) {
  const span = Math.min(Math.max(to - from, 12), END * 1.02 + 4);
  from = Math.min(Math.max(from, -span * 0.02), Math.max(END * 1.02 - span, -span * 0.02));
  view = {from, to: from + span};
  schedule();
}
function zoom(factor, around = (view.from + view.to) / 2) {
  show(around - (around - view.from) * factor, around + (view.to - around) * factor);
}
let scheduled = false;
function schedule() {
  if (!scheduled) { scheduled = true; requestAnimationFrame(() => { scheduled = false; draw(); }); }
}

// ---------------------------------------------------------------- what belongs together
let focus = null, pinned = false;
const place = new Map();       // "type:index" -> [x, y] of what is drawn

function related(item) {
  const keys = new Set([`${item.type}:${item.i}`]);
  const message = (i) => { keys.add(`message:${i}`); story.messages[i].events.forEach((e) => keys.add(`event:${e}`)); };
  const told = (i) => { keys.add(`told:${i}`); if (rings.notifications[i].message >= 0) keys.add(`message:${rings.notifications[i].message}`); };
  if (item.type === "message" && byMessage.has(item.i)) item = rings.notifications[byMessage.get(item.i)];
  if (item.type === "chain") {
    item.accesses.forEach((a) => keys.add(`memory:${a}`));
    if (item.notification >= 0) told(item.notification);
  } else if (item.type === "told") { told(item.i); item.chains.forEach((c) => keys.add(`chain:${c}`)); }
  else if (item.type === "memory") item.chains.forEach((c) => keys.add(`chain:${c}`));
  if (item.type === "event") {
    if (item.message >= 0) message(item.message);
    if (item.access >= 0) keys.add(`access:${item.access}`);
  } else if (item.type === "message") message(item.i);
  else if (item.type === "access") (endedBy.get(item.i) || []).forEach((e) => keys.add(`event:${e}`));
  return keys;
}
function chainName(chain) { return `queue ${chain.queue}, buffer ${chain.number}`; }
function some(list, most = 6) { return list.slice(0, most).join("; ") + (list.length > most ? ` and ${number(list.length - most)} more` : ""); }
function toldName(told) {
  if (told.how === "message") return `message of vector ${told.vector}: ${hex(told.data)} to ${hex(told.address)}`;
  return told.how === "line" ? "irq rises" : "the engine's event";
}
function describeChain(chain) {
  const parts = (write) => chain.parts.filter((part) => part[1] === write).map((part) => number(part[0])).join(" + ") || "nothing";
  const lines = [`<b>${chainName(chain)}</b>, position ${number(chain.position)}${chain.tables ? ", in an indirect table" : ""}${chain.whole ? "" : ", <b>malformed</b>"}`,
    `readable ${parts(false)}, writable ${parts(true)} bytes`, `available in cycle ${number(chain.cycle)}, ${nanoseconds(chain.cycle)}`];
  if (chain.issued >= 0) {
    lines.push(`used entry issued in ${number(chain.issued)}, ${chain.visible < 0 ? "never answered" : `answered in ${number(chain.visible)}: <b>${plural(chain.visible - chain.cycle, "cycle")}</b>`}; length ${chain.length === null ? "not said" : number(chain.length)}`);
  }
  if (chain.notification >= 0) {
    const told = rings.notifications[chain.notification], others = told.chains.length - 1;
    lines.push(`<span class="answer">told by ${toldName(told)}, in cycle ${number(told.cycle)}${told.cycle < chain.visible ? ", still high" : `, ${plural(told.cycle - chain.visible, "cycle")} later`}${others ? `; it tells of ${plural(others, "other chain")}, too` : ""}${chain.wanted === "no" ? "; for this one alone the driver wanted none" : ""}</span>`);
  } else lines.push(`<span class="answer">${chain.issued >= 0 ? "no notification: " : ""}${escape(chain.why)}</span>`);
  return lines;
}
function describeMemory(access) {
  const chains = access.chains.map((c) => chainName(rings.chains[c]));
  return [`<b>${access.write ? "write" : "read"}: ${access.kinds.join(", ")}</b>`, `${plural(access.bytes, "byte")} at ${hex(access.address)}`,
    `issued in cycle ${number(access.cycle)}, ${nanoseconds(access.cycle)}; ${access.answered < 0 ? "never answered" : `answered in ${number(access.answered)}`}${access.response > 1 ? ` with ${["", "", "SLVERR", "DECERR"][access.response]}` : ""}`,
    ...(chains.length ? [`<span class="answer">for ${some(chains)}</span>`] : [])];
}
function describeTold(told) {
  return [`<b>${toldName(told)}</b>`, `in cycle ${number(told.cycle)}, ${nanoseconds(told.cycle)}`,
    `<span class="answer">${told.chains.length ? `tells of ${plural(told.chains.length, "chain")}: ${some(told.chains.map((c) => chainName(rings.chains[c])))}` : "tells of no used buffer that was not told of before"}</span>`];
}
function masked(event) {
  return event.vector !== null && story.masks.some((m) => m.vector === event.vector && m.from <= event.cycle && event.cycle < m.to);
}
function ending(event) {
  const access = event.access >= 0 ? story.accesses[event.access].text : "reset";
  const after = event.at - event.cycle;
  switch (event.how) {
    case "delivered": {
      const others = story.messages[event.message] ? story.messages[event.message].events.length - 1 : 0;
      return `message of vector ${event.vector}, presented in cycle ${number(event.at)}: <b>${plural(after, "cycle")}</b> later`
        + (others ? `; it serves ${plural(others, "other event")}, too` : "") + (masked(event) ? "; the vector was masked meanwhile" : "");
    }
    case "line_acknowledged": return `InterruptStatus, ${event.source ? "used buffer" : "configuration"} bit; acknowledged by ${escape(access)} after <b>${plural(after, "cycle")}</b>`;
    case "converted": return `carried over by ${escape(access)} after <b>${plural(after, "cycle")}</b>`;
    case "dropped_queue": return "dropped: its queue is not ready";
    case "dropped_no_vector": return "dropped: it is mapped to no vector";
    case "wiped": return `wiped by ${escape(access)}`;
    default: return story.failure ? "nothing served it until the run failed" : "still pending at the end";
  }
}
function describe(item) {
  const at = (cycle) => `cycle ${number(cycle)}, ${nanoseconds(cycle)}`;
  if (item.type === "chain") return describeChain(item);
  if (item.type === "memory") return describeMemory(item);
  if (item.type === "told") return describeTold(item);
  if (item.type === "event") return [`<b>event: ${sourceName(item.source)}</b>${item.own ? " (DEVICE_NEEDS_RESET)" : ""}`, `accepted in ${at(item.cycle)}`,
    `<span class="answer">${ending(item)}</span>`];
  if (item.type === "message") {
    const vector = item.vectors.length > 1 ? `one of the vectors ${item.vectors.join(", ")}` : item.vectors.length ? `vector ${item.vectors[0]}` : "no vector";
    const told = byMessage.has(item.i) ? rings.notifications[byMessage.get(item.i)].chains : [];
    const served = told.length ? told.map((c) => chainName(rings.chains[c])) : item.events.map((i) => `${sourceName(story.events[i].source)} of cycle ${number(story.events[i].cycle)} (${plural(item.cycle - story.events[i].cycle, "cycle")})`);
    return [`<b>message of ${vector}</b>: ${hex(item.data)} to ${hex(item.address)}`, `presented in ${at(item.cycle)}; taken in ${item.taken < 0 ? "never" : number(item.taken)}, answered ${["OKAY", "EXOKAY", "SLVERR", "DECERR"][item.response]} in ${item.answered < 0 ? "never" : number(item.answered)}`,
      `<span class="answer">${served.length ? (told.length ? "tells of " : "serves ") + some(served) : rings.lives.length ? "tells of no used buffer" : "for a cause that is no event of its own: a bit that ENABLE carried over"}</span>`];
  }
  if (item.type === "access") {
    const ended = (endedBy.get(item.i) || []).length;
    return [`<b>${escape(item.text)}</b>`, `${item.write ? "write" : "read"} of ${at(item.cycle)}; answered in ${item.answered < 0 ? "never" : number(item.answered)}`,
      ...(ended ? [`<span class="answer">ends ${plural(ended, "event")}</span>`] : [])];
  }
  return [`<b>kick of queue ${item.queue}</b>, data ${hex(item.data)}`, `${rings.lives.length ? "written" : "taken"} in ${at(item.cycle)}`];
}

// ---------------------------------------------------------------- drawing
const endOf = (item) => item.type === "chain" ? (item.visible < 0 ? END : item.visible) : (item.answered < 0 ? END : item.answered);
function visible(items, long) {
  if (long) return items.filter((item) => item.cycle <= view.to && endOf(item) >= view.from);
  const from = Math.max(lowerBound(items, view.from - 1, byCycle) - 1, 0);
  return items.slice(from, lowerBound(items, view.to + 1, byCycle) + 1);
}
function spans(list, y, h, style, says, text) {
  const parts = [];
  let lastEnd = -1;
  for (const span of list) {
    if (span.to < view.from || span.from > view.to) continue;
    const a = Math.max(x(span.from), LEFT), b = Math.min(Math.max(x(span.to), a + 0.8), width);
    if (b <= lastEnd) continue;
    lastEnd = Math.max(lastEnd, b - 0.1);
    const length = `${number(span.from)} to ${number(span.to)}, ${plural(span.to - span.from, "cycle")}`;
    parts.push(`<rect class="${style(span)}" x="${a.toFixed(1)}" y="${y}" width="${(b - a).toFixed(1)}" height="${h}"><title>${escape(says ? says(span) : text(span))}\n${length}</title></rect>`);
    const words = text ? [text(span), text(span).split(" = ").pop()].find((each) => b - a > each.length * CHARACTER + 8) : null;
    if (words) parts.push(`<text class="soft" x="${(a + 5).toFixed(1)}" y="${y + h - 4}" pointer-events="none">${escape(words)}</text>`);
  }
  return parts.join("");
}
function density(items, lane, kind) {
  const bin = 3, counts = new Map(), kinds = new Map();
  for (const item of items) {
    const slot = Math.floor((x(item.cycle) - LEFT) / bin);
    if (slot >= 0 && slot * bin < width - LEFT) {
      counts.set(slot, (counts.get(slot) || 0) + 1);
      if (lane.kind) {
        const of = kinds.get(slot) || kinds.set(slot, new Map()).get(slot), name = item.kinds[0];
        of.set(name, (of.get(name) || 0) + 1);
      }
    }
  }
  const most = Math.max(...counts.values(), 1), room = lane.height - 6;
  return [...counts].map(([slot, count]) => {
    const h = Math.max(2, room * Math.sqrt(count / most));
    const [a, b] = [cycleAt(LEFT + slot * bin), cycleAt(LEFT + (slot + 1) * bin)].map(Math.round);
    if (lane.kind) {
      let y = lane.y + lane.height - 3;
      return [...kinds.get(slot)].sort().map(([name, of]) => {
        const part = h * of / count;
        y -= part;
        return `<rect class="m ${memoryKind({kinds: [name]})}" x="${LEFT + slot * bin}" y="${y.toFixed(1)}" width="${bin - 0.6}" height="${part.toFixed(1)}"><title>${number(of)} of ${plural(count, "access")}: ${name}, in cycles ${number(a)} to ${number(b)}: zoom in</title></rect>`;
      }).join("");
    }
    return `<rect class="density ${kind}" x="${LEFT + slot * bin}" y="${(lane.y + lane.height - 3 - h).toFixed(1)}" width="${bin - 0.6}" height="${h.toFixed(1)}"><title>${plural(count, kind)} in cycles ${number(a)} to ${number(b)}: zoom in</title></rect>`;
  }).join("");
}
const isFailing = (access) => story.failure !== null && story.failure.access === access.i;
const SHAPES = {
  event: (item, px, lane) => {
    const y = lane.y + 12;
    place.set(`event:${item.i}`, [px, y]);
    return `<path class="event ${item.how}" d="M${px - 4.5} ${y - 5}h9l-4.5 9z"/>`;
  },
  message: (item, px, lane) => {
    const y = lane.y + 14, taken = item.taken < 0 ? END : item.taken;
    place.set(`message:${item.i}`, [px, y]);
    return `<line class="on-bus" x1="${px}" y1="${y}" x2="${x(taken + 1).toFixed(1)}" y2="${y}"/><circle class="message${item.response > 1 ? " error" : ""}" cx="${px}" cy="${y}" r="4.5"/>`;
  },
  kick: (item, px, lane) => { place.set(`kick:${item.i}`, [px, lane.y + 9]); return `<rect class="kick" x="${px - 1.5}" y="${lane.y + 4}" width="3" height="10"/>`; },
  chain: (item, px, lane) => {
    const y = lane.y + 4 + item.row * lane.pitch, h = Math.max(1, lane.pitch - 1.5), end = item.visible < 0 ? END : item.visible;
    const a = Math.max(px, LEFT), b = Math.max(x(end), a + 1), used = x(item.issued);
    place.set(`chain:${item.i}`, [Math.min(b, width), y + h / 2]);
    const state = item.visible < 0 ? "out" : item.notification >= 0 ? "told" : item.wanted === "no" ? "unwanted" : "untold";
    const text = `${item.number}: ${item.parts.map(([bytes, write]) => (write ? "w" : "r") + bytes).join(" ")}`;
    const room = Math.floor((Math.min(b, width) - a - 8) / CHARACTER);
    const label = lane.pitch >= 12 && room >= 3 ? `<text class="chain-text" x="${(a + 4).toFixed(1)}" y="${(y + h - 2.5).toFixed(1)}" pointer-events="none">${text.length <= room ? text : String(item.number).length <= room ? item.number : ""}</text>` : "";
    return `<rect class="chain ${state}${item.whole ? "" : " malformed"}" x="${a.toFixed(1)}" y="${y.toFixed(1)}" width="${(b - a).toFixed(1)}" height="${h.toFixed(1)}"/>`
      + (item.issued >= 0 && used >= LEFT ? `<rect class="used-mark" x="${(used - 1).toFixed(1)}" y="${y.toFixed(1)}" width="2" height="${h.toFixed(1)}"/>` : "") + label;
  },
  memory: (item, px, lane) => {
    const y = lane.y + 4 + item.row * lane.pitch, h = Math.max(1, lane.pitch - 1), a = Math.max(px, LEFT);
    const b = Math.max(x(item.answered < 0 ? END : item.answered + 1), a + 1.5);
    place.set(`memory:${item.i}`, [a, y + h / 2]);
    return `<rect class="m ${memoryKind(item)}${item.response > 1 ? " error" : ""}" x="${a.toFixed(1)}" y="${y.toFixed(1)}" width="${(b - a).toFixed(1)}" height="${h.toFixed(1)}"/>`;
  },
  told: (item, px, lane) => {
    const y = lane.y + 12;
    place.set(`told:${item.i}`, [px, y]);
    const high = item.how === "line" ? `<line class="on-line" x1="${px}" y1="${y}" x2="${x(item.until).toFixed(1)}" y2="${y}"/>` : "";
    return `${high}<path class="told ${item.how}${item.chains.length ? "" : " of-nothing"}" d="M${px - 5} ${y}l5-5 5 5-5 5z"/>`;
  },
  access: (item, px, lane, rows) => {
    const kind = isFailing(item) ? "failing" : item.write ? "write" : "read", y = lane.y + lane.height - 8;
    place.set(`access:${item.i}`, [px, y]);
    const end = x((item.answered < 0 ? item.cycle : item.answered) + 1);
    let label = "";
    const labelAt = rows.get(item.i);
    if (labelAt !== undefined) {
      const at = lane.y + 11 + labelAt.row * LABEL_ROW;
      label = `<line class="rule" x1="${px}" y1="${at + 2}" x2="${px}" y2="${y - 6}"/><text class="${kind}" x="${labelAt.left.toFixed(1)}" y="${at}">${escape(item.text)}</text>`;
    }
    return `${label}<line class="span-access ${kind}" x1="${px}" y1="${y}" x2="${end.toFixed(1)}" y2="${y}"/><rect class="${kind}" x="${px - 2}" y="${y - 5}" width="4" height="10" rx="1"/>`;
  },
};
// Which labels there is room for, in which row and from where: the failing read and what has an effect go first,
// selectors and values after that. A label that would cross the right edge ends there.
function labelRows(items, count) {
  const taken = Array.from({length: count}, () => []), rows = new Map();
  const order = (item) => isFailing(item) ? 0 : item.effect !== null || !item.write ? 1 : 2;
  for (const turn of [0, 1, 2]) for (const item of items) {
    const px = x(item.cycle), room = item.text.length * CHARACTER + 9;
    if (order(item) !== turn || px < LEFT || px > width) continue;
    const from = Math.max(Math.min(px - 3, width - room), LEFT), to = from + room;
    const row = taken.findIndex((spans) => spans.every(([a, b]) => to <= a || from >= b));
    if (row >= 0) { taken[row].push([from, to]); rows.set(item.i, {row, left: from + 2}); }
  }
  return rows;
}
function drawMarks(lane) {
  const items = visible(lane.items, lane.long);
  if (items.length > (width - LEFT) / DENSE * (lane.long ? 4 : 1)) return density(items, lane, lane.shape);
  const rows = lane.labels ? labelRows(items, lane.labels) : null;
  const hits = focus ? related(focus) : null;
  return items.map((item) => {
    const px = Math.round(x(item.cycle) * 10) / 10;
    if ((px < LEFT && !lane.long) || px > width) return "";
    const key = `${item.type}:${item.i}`;
    return `<g class="item${hits && hits.has(key) ? " hit" : ""}" data-key="${key}">${SHAPES[lane.shape](item, px, lane, rows)}</g>`;
  }).join("");
}
function axis() {
  const wanted = (view.to - view.from) / ((width - LEFT) / 110);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = Math.max(1, [1, 2, 5, 10].map((m) => m * power).find((s) => s >= wanted));
  const parts = [];
  for (let cycle = Math.ceil(Math.max(view.from, 0) / step) * step; cycle <= view.to; cycle += step) {
    const px = x(cycle).toFixed(1);
    parts.push(`<line class="rule" x1="${px}" y1="${AXIS - 6}" x2="${px}" y2="${height}"/><text class="soft" x="${px}" y="${AXIS - 10}" text-anchor="middle">${number(cycle)}</text>`);
  }
  return parts.join("") + `<text class="soft" x="0" y="${AXIS - 10}">cycle</text>`;
}
function links() {
  const parts = [], hits = focus ? related(focus) : null;
  const few = [...place.keys()].filter((key) => key.startsWith("event:")).length < 120;
  for (const key of place.keys()) {
    if (!key.startsWith("event:")) continue;
    const event = story.events[+key.slice(6)];
    const target = event.message >= 0 ? `message:${event.message}` : event.access >= 0 ? `access:${event.access}` : null;
    const hit = hits && hits.has(key) && target && hits.has(target);
    if (!target || !place.has(target) || !(hit || (few && event.message >= 0))) continue;
    const [ax, ay] = place.get(key), [bx, by] = place.get(target), bend = Math.min(Math.abs(bx - ax) / 2 + 6, 60);
    parts.push(`<path class="link${hit ? " hit" : ""}" d="M${ax} ${ay + 4}C${ax + bend} ${(ay + by) / 2} ${bx - bend} ${(ay + by) / 2} ${bx} ${by > ay ? by - 5 : by + 8}"/>`);
  }
  const fewChains = [...place.keys()].filter((key) => key.startsWith("chain:")).length < 60;
  for (const key of place.keys()) {
    if (!key.startsWith("chain:")) continue;
    const chain = rings.chains[+key.slice(6)], target = `told:${chain.notification}`;
    const hit = hits && hits.has(key) && hits.has(target);
    if (chain.notification < 0 || !place.has(target) || !(hit || fewChains)) continue;
    const [ax, ay] = place.get(key), [bx, by] = place.get(target);
    parts.push(`<path class="link${hit ? " hit" : ""}" d="M${ax} ${ay}C${ax + 8} ${(ay + by) / 2} ${bx} ${(ay + by) / 2} ${bx} ${by - 5}"/>`);
  }
  return parts.join("");
}
function draw() {
  width = plot.clientWidth || 1000;
  plot.setAttribute("height", height);
  plot.setAttribute("viewBox", `0 0 ${width} ${height}`);
  plot.classList.toggle("focused", Boolean(focus));
  place.clear();
  const names = [], bands = [], marks = [];
  lanes.forEach((lane, i) => {
    if (lane.group) { names.push(`<text class="group" x="0" y="${lane.y + 17}">${lane.group}</text>`); return; }
    if (i % 2) bands.push(`<rect class="band" x="0" y="${lane.y}" width="${width}" height="${lane.height}"/>`);
    names.push(`<text x="8" y="${lane.y + lane.height / 2 + 4}">${escape(lane.name)}</text>`);
    if (lane.spans) marks.push(spans(lane.spans, lane.y + 2, lane.height - 4, lane.style, lane.says, lane.text));
    if (lane.masks) marks.push(spans(lane.masks, lane.y + 2, lane.height - 4, () => "mask", () => `vector ${lane.vector} is masked`));
    if (lane.pendings) marks.push(spans(lane.pendings, lane.y + lane.height - 7, 5, (s) => `pending${s.certain ? " certain" : ""}`, (s) => `vector ${lane.vector} is${s.certain ? "" : " or may be"} pending`));
    if (lane.items) marks.push(drawMarks(lane));
  });
  const lines = story.resets.filter((r) => r.cycle >= view.from && r.cycle <= view.to).map((r) =>
    `<line class="reset" x1="${x(r.cycle).toFixed(1)}" y1="${AXIS}" x2="${x(r.cycle).toFixed(1)}" y2="${height}"><title>${r.hard ? "aresetn" : "device_reset"}, cycle ${number(r.cycle)}</title></line>`);
  for (const f of story.faults) if (f.cycle >= view.from && f.cycle <= view.to && concerned.message({vectors: [f.vector], events: []})) {
    const lane = lanes.find((l) => l.vector === f.vector);
    if (lane) lines.push(`<text class="fault" x="${x(f.cycle) - 3}" y="${lane.y + 11}">✕<title>message error reported, cycle ${number(f.cycle)}</title></text>`);
  }
  if (story.failure) {
    const px = x(story.failure.cycle);
    if (px >= LEFT && px <= width) lines.push(`<line class="failure" x1="${px}" y1="${AXIS}" x2="${px}" y2="${height}"/><text class="failure-text" x="${px - 6 < LEFT + 120 ? px + 6 : px - 6}" y="${height - 4}" text-anchor="${px - 6 < LEFT + 120 ? "start" : "end"}">${escape(story.failure.rule)} broken</text>`);
  }
  const circles = focus && place.has(`${focus.type}:${focus.i}`) && focus.type !== "chain" && focus.type !== "memory" ? [place.get(`${focus.type}:${focus.i}`)] : [];
  plot.innerHTML = `<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line class="hatch" x1="0" y1="0" x2="0" y2="7"/></pattern>
    <clipPath id="inside"><rect x="${LEFT}" y="0" width="${width - LEFT}" height="${height}"/></clipPath></defs>
    ${bands.join("")}<g clip-path="url(#inside)">${axis()}</g><g clip-path="url(#inside)">${lines.join("")}${marks.join("")}${links()}
    ${circles.map(([px, py]) => `<circle class="ring" cx="${px}" cy="${py}" r="9"/>`).join("")}</g><rect fill="var(--paper)" x="0" y="0" width="${LEFT - 6}" height="${AXIS}"/>${names.join("")}<text class="soft" x="0" y="${AXIS - 10}">cycle</text>`;
  $("where").textContent = `cycles ${number(Math.max(0, Math.round(view.from)))} to ${number(Math.min(END, Math.round(view.to)))}`;
  drawOverview();
}
let overviewBars = "";
function makeOverview() {
  const room = overview.clientWidth || 1000, bin = 3, bars = [];
  for (const [items, kind, base, h] of [[story.accesses.length ? story.accesses : rings.memory, "ov-accesses", 17, 15],
                                       [rings.chains.length ? rings.chains : story.events, "ov-events", 34, 15]]) {
    const counts = Array(Math.ceil(room / bin) + 1).fill(0);
    for (const item of items) counts[Math.floor(item.cycle / END * room / bin)]++;
    const most = Math.max(...counts, 1);
    counts.forEach((count, i) => { if (count) { const tall = Math.max(1.5, h * Math.sqrt(count / most)); bars.push(`<rect class="${kind}" x="${i * bin}" y="${base - tall}" width="${bin - 0.5}" height="${tall}"/>`); } });
  }
  overviewBars = bars.join("");
}
function drawOverview() {
  const room = overview.clientWidth || 1000;
  const a = Math.max(0, view.from / END * room), b = Math.min(room, view.to / END * room);
  overview.innerHTML = `${overviewBars}<rect class="ov-view" x="${a}" y="0.5" width="${Math.max(b - a, 3)}" height="33" rx="3"/>`;
}

// ---------------------------------------------------------------- pointing, moving, choosing
function itemOf(target) {
  const group = target.closest ? target.closest("[data-key]") : null;
  if (!group) return null;
  const [type, i] = group.dataset.key.split(":");
  return collections[type][+i];
}
function setFocus(item) {
  if (item === focus) return;
  focus = item;
  schedule();
}
function say(item, px, py) {
  tip.hidden = !item;
  if (!item) return;
  tip.innerHTML = describe(item).map((line) => `<p>${line}</p>`).join("");
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(6, Math.min(px + 16, innerWidth - box.width - 8))}px`;
  tip.style.top = `${py + 18 + box.height > innerHeight ? Math.max(6, py - box.height - 12) : py + 18}px`;
}
function letGo() { pinned = false; setFocus(null); say(null); }
function pin(item, px, py) { pinned = true; setFocus(item); say(item, px, py); }
let drag = null;
plot.addEventListener("pointerdown", (e) => { drag = {x: e.clientX, view: {...view}, moved: false}; });
addEventListener("pointermove", (e) => {
  if (drag) {
    const moved = e.clientX - drag.x;
    if (Math.abs(moved) > 3) { drag.moved = true; plot.classList.add("dragging"); show(drag.view.from - moved / scale(), drag.view.to - moved / scale()); }
    return;
  }
  if (pinned) return;
  const item = plot.contains(e.target) ? itemOf(e.target) : null;
  setFocus(item);
  say(item, e.clientX, e.clientY);
});
addEventListener("pointerup", (e) => {
  const was = drag;
  drag = null;
  plot.classList.remove("dragging");
  if (!was || was.moved) return;
  // The mark may have been drawn anew since the button went down.
  const item = itemOf(document.elementFromPoint(e.clientX, e.clientY) || plot);
  if (item) pin(item, e.clientX, e.clientY); else letGo();
});
plot.addEventListener("wheel", (e) => {
  e.preventDefault();
  const px = e.clientX - plot.getBoundingClientRect().left;
  if (e.shiftKey) { const by = (e.deltaY || e.deltaX) / scale(); show(view.from + by, view.to + by); }
  else if (px > LEFT) zoom(1.0018 ** e.deltaY, cycleAt(px));
  else scrollBy(0, e.deltaY);
}, {passive: false});
plot.addEventListener("dblclick", (e) => zoom(0.4, cycleAt(e.clientX - plot.getBoundingClientRect().left)));
overview.addEventListener("pointerdown", (e) => {
  const go = (event) => { const box = overview.getBoundingClientRect(), middle = (event.clientX - box.left) / box.width * END, half = (view.to - view.from) / 2; show(middle - half, middle + half); };
  go(e);
  overview.setPointerCapture(e.pointerId);
  overview.onpointermove = go;
  overview.onpointerup = () => { overview.onpointermove = null; };
});
$("in").onclick = () => zoom(0.5);
$("out").onclick = () => zoom(2);
$("all").onclick = () => show(0, END);
addEventListener("keydown", (e) => {
  if (e.target.tagName === "INPUT" || e.target.tagName === "SELECT") return;
  const by = (view.to - view.from) / 5;
  const action = {"+": () => zoom(0.5), "-": () => zoom(2), "0": () => show(0, END), ArrowLeft: () => show(view.from - by, view.to - by),
                  ArrowRight: () => show(view.from + by, view.to + by), Escape: letGo}[e.key];
  if (action) { action(); e.preventDefault(); }
});
for (const [id, values, name] of [["vector", vectors, (v) => v], ["queue", queues, (q) => q]]) {
  for (const value of values) $(id).add(new Option(name(value), value));
  $(id).onchange = () => { filter[id] = $(id).value === "" ? null : +$(id).value; letGo(); layOut(); schedule(); };
}
$("find").addEventListener("keydown", (e) => {
  if (e.key !== "Enter") return;
  const text = $("find").value.toLowerCase(), start = focus && focus.type === "access" ? focus.i + 1 : 0;
  const order = [...story.accesses.slice(start), ...story.accesses.slice(0, start)];
  const found = order.find((access) => access.text.toLowerCase().includes(text));
  if (found) go(found);
});
function go(item, stay) {
  const span = Math.min(view.to - view.from, (width - LEFT) / 8);
  const last = item.type === "chain" ? Math.max(endOf(item), item.notification >= 0 ? rings.notifications[item.notification].cycle : 0) : item.cycle;
  if (!stay && last - item.cycle > span / 2) show(item.cycle - (last - item.cycle) / 10, last + (last - item.cycle) / 10);
  else if (!stay) show(item.cycle - span / 2, item.cycle + span / 2);
  draw();
  // Beside the lowest of what belongs together, so that nothing of it is covered.
  const spots = [...related(item)].map((key) => place.get(key)).filter(Boolean);
  const lowest = spots.reduce((a, b) => (b[1] > a[1] ? b : a), spots[0] || [LEFT, 0]);
  const box = plot.getBoundingClientRect();
  pin(item, box.left + lowest[0], box.top + lowest[1]);
}
if (story.failure && $("to-failure")) {
  $("to-failure").hidden = false;
  $("to-failure").onclick = () => show(story.failure.cycle - 150, story.failure.cycle + 30);
}
addEventListener("resize", () => { makeOverview(); schedule(); });

// #from=100&to=300&pin=event:12: what to show first.
layOut();
makeOverview();
const wish = new URLSearchParams(location.hash.slice(1));
if (story.failure) view = {from: story.failure.cycle - 150, to: story.failure.cycle + 30};
show(+(wish.get("from") ?? view.from), +(wish.get("to") ?? view.to));
draw();
if (wish.has("pin")) {
  const [type, i] = wish.get("pin").split(":");
  const item = collections[type]?.[+i];
  if (item) go(item, wish.has("from"));
}
