// Shared by the calendar and the monitor: wall-clock arithmetic, DOM that is changed only where data changed, sending.
// Times are wall-clock texts of the organisation ("2026-11-23T14:30"). The browser's own zone plays no part: days are
// counted through UTC, where every day has 24 hours.

const DAY = 1440;
// Colour is never the only sign: green done, blue in progress, amber due, red overdue, grey cancelled, slate planned.
const GLYPHS = { green: '✓', blue: '►', amber: '◷', red: '!', grey: '✕', slate: '○' };

const two = (number) => String(number).padStart(2, '0');
const clock = (minute) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

function dayNumber(iso) {
  const [year, month, day] = iso.slice(0, 10).split('-').map(Number);
  return Date.UTC(year, month - 1, day) / 86400000;
}

const dayIso = (number) => new Date(number * 86400000).toISOString().slice(0, 10);
const addDays = (iso, count) => dayIso(dayNumber(iso) + count);
const weekdayOf = (iso) => (dayNumber(iso) + 3) % 7; // Monday is 0; 1970-01-01 was a Thursday

// Minutes since 1970 on the wall clock, and back.
function absolute(iso) {
  return dayNumber(iso) * DAY + Number(iso.slice(11, 13)) * 60 + Number(iso.slice(14, 16));
}

function isoOf(minutes) {
  const day = Math.floor(minutes / DAY);
  return `${dayIso(day)}T${clock(minutes - day * DAY)}`;
}

const snap = (minutes, step) => Math.round(minutes / step) * step;

// The wall clock goes on from what the server said; only the time passed since is taken from the browser.
function hearNow(self, now) {
  if (now === self.nowText) return;
  self.nowText = now;
  self.nowAt = now ? absolute(now) : null;
  self.nowSince = Date.now();
}

function nowMinutes(self) {
  return self.nowAt === null ? null : self.nowAt + Math.floor((Date.now() - self.nowSince) / 60000);
}

function el(tag, className, attributes) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  for (const [name, value] of Object.entries(attributes ?? {})) node.setAttribute(name, value);
  return node;
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function setAttribute(node, name, value) {
  if (value === null || value === false) node.removeAttribute(name);
  else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
}

function setData(node, values) {
  for (const [name, value] of Object.entries(values)) {
    if (node.dataset[name] !== String(value)) node.dataset[name] = value;
  }
}

// Texts of a node's parts, by their class.
function setParts(node, texts) {
  for (const [name, text] of Object.entries(texts)) setText(node.querySelector(`.${name}`), text);
}

function setStyle(node, name, value) {
  if (node.style.getPropertyValue(name) !== value) node.style.setProperty(name, value);
}

// Children become one per item, in order; an item keeps its node as long as its key stays.
function sync(parent, items, create, update) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  const keys = new Set(items.map((item) => String(item.key)));
  for (const [key, node] of old) if (!keys.has(key)) node.remove();
  items.forEach((item, index) => {
    const node = old.get(String(item.key)) ?? create(item);
    setData(node, { key: item.key });
    update(node, item);
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
}

// Focus stays with the thing it was on, even where the change put that thing into another column.
function keepFocus(self, change) {
  const before = self.parent.activeElement;
  const name = before?.dataset.focus;
  change();
  if (!before || self.parent.activeElement === before) return;
  const after = before.isConnected ? before : name && self.root.querySelector(`[data-focus="${CSS.escape(name)}"]`);
  after?.focus({ preventScroll: true });
}

// Puts spans {id, from, to} that overlap beside each other: id -> {row, rows, wide}; wide counts the rows it may fill.
function pack(spans) {
  const places = new Map();
  let group = [], ends = [];
  const close = () => {
    const rows = ends.length;
    for (const span of group) Object.assign(places.get(span.id), { rows, wide: widthIn(group, places, span, rows) });
    group = [];
    ends = [];
  };
  for (const span of [...spans].sort((a, b) => a.from - b.from || b.to - a.to || a.id - b.id)) {
    if (span.from >= Math.max(...ends)) close();
    const free = ends.findIndex((end) => end <= span.from);
    const row = free < 0 ? ends.length : free;
    ends[row] = span.to;
    group.push(span);
    places.set(span.id, { row });
  }
  close();
  return places;
}

function widthIn(group, places, span, rows) {
  const { row } = places.get(span.id);
  const beside = group.filter((other) => other.from < span.to && span.from < other.to);
  return Math.min(...beside.map((other) => places.get(other.id).row).filter((other) => other > row), rows) - row;
}

// Sends an event to the server and returns its number; a double click is one wish, not two.
function send(self, event, content) {
  const text = event + JSON.stringify(content);
  const now = Date.now();
  if (text === self.sentText && now - self.sentAt < 600) return 0;
  self.sentText = text;
  self.sentAt = now;
  return tell(self, event, content);
}

// Calls redraw when the component becomes narrower or wider than a phone.
function watchWidth(self, redraw) {
  const look = () => {
    const narrow = self.root.getBoundingClientRect().width < 640;
    if (narrow === self.narrow) return;
    self.narrow = narrow;
    self.root.classList.toggle('narrow', narrow);
    redraw();
  };
  const observer = new ResizeObserver(look);
  observer.observe(self.root);
  self.ends.push(() => observer.disconnect());
  self.narrow = self.root.getBoundingClientRect().width < 640;
  self.root.classList.toggle('narrow', self.narrow);
}

function every(self, milliseconds, act) {
  const timer = setInterval(act, milliseconds);
  self.ends.push(() => clearInterval(timer));
}

const instances = new WeakMap();

// One instance per mounted component, made by `begin` and drawn anew by `draw` for each new data. Streamlit may call
// the clean-up of an overtaken run late: only the clean-up of the newest run ends the instance.
function attend(component, className, begin, draw) {
  const { parentElement: parent, data, setTriggerValue } = component;
  let self = instances.get(parent);
  if (!self) {
    self = { parent, root: el('div', className), ends: [], run: 0, data };
    instances.set(parent, self);
    parent.appendChild(self.root);
    begin(self);
  }
  const run = ++self.run;
  self.data = data;
  self.trigger = setTriggerValue;
  draw(self);
  return () => { if (self.run === run) leave(self); };
}

function leave(self) {
  clearTimeout(self.again);
  for (const end of self.ends) end();
  self.root.remove();
  instances.delete(self.parent);
}
