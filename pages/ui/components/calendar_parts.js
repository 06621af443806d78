// What every view of the calendar is made of: days, entries and their nodes, the bar on top.

const VIEWS = ['day', 'week', 'month', 'agenda'];

const shownDays = (self) => Array.from({ length: self.data.days }, (_, index) => addDays(self.data.first, index));
const weekday = (self, day) => self.data.labels.weekdays[weekdayOf(day)];
const dayText = (self, day) => `${day.slice(5)} ${weekday(self, day)}`;

function modeOf(self) {
  if (self.data.view === 'month') return 'month';
  return self.data.view === 'agenda' || (self.data.view === 'week' && self.narrow) ? 'list' : 'time';
}

const startOf = (entry) => absolute(entry.start);
const endOf = (entry) => Math.max(absolute(entry.end), startOf(entry) + (entry.all_day ? 0 : 1));
const lengthOf = (entry) => (entry.end > entry.start ? endOf(entry) - startOf(entry) : 30);

// The part of an entry that falls on one day, in minutes of that day, or null.
function partOn(entry, day) {
  const base = dayNumber(day) * DAY;
  const from = startOf(entry) - base;
  const to = entry.all_day ? Math.max(endOf(entry) - base, from + 1) : from + lengthOf(entry);
  if (to <= 0 || from >= DAY) return null;
  return { entry, id: entry.id, from: Math.max(from, 0), to: Math.min(to, DAY) };
}

function partsOn(self, day) {
  const parts = self.data.entries.map((entry) => partOn(entry, day)).filter(Boolean);
  return parts.sort((a, b) => b.entry.all_day - a.entry.all_day || a.from - b.from || b.to - a.to || a.id - b.id);
}

const entryOf = (self, node) => self.data.entries.find((entry) => String(entry.id) === node.dataset.id);

function timesOf(self, part) {
  const { entry } = part;
  if (entry.all_day) return self.data.labels.all_day;
  const start = entry.start.slice(11);
  return entry.end > entry.start ? `${start}–${entry.end.slice(11)}` : start;
}

function makeBlock() {
  const node = el('div', 'block', { role: 'button', tabindex: '0' });
  for (const name of ['glyph', 'when', 'badge', 'title', 'sub', 'grip']) node.append(el('span', name));
  node.firstChild.setAttribute('aria-hidden', 'true');
  return node;
}

function fillBlock(self, node, part, day, kind) {
  const { entry } = part;
  const saving = self.saving.has(entry.id);
  const badge = saving ? self.data.labels.saving : entry.badge;
  const times = timesOf(self, part);
  const when = kind === 'item' ? times : entry.all_day ? '' : clock(part.from);
  setParts(node, { glyph: GLYPHS[entry.tone], when, title: entry.title, badge, sub: entry.sub });
  setAttribute(node, 'class', blockClasses(part, kind, saving));
  const all = [dayText(self, day), times, entry.title, entry.sub, badge].filter(Boolean).join(' · ');
  for (const name of ['title', 'aria-label']) setAttribute(node, name, all);
  setAttribute(node, 'aria-busy', saving);
  setData(node, { id: entry.id, day, from: part.from, focus: `entry ${entry.id}` });
}

function blockClasses({ entry, from, to }, kind, saving) {
  const classes = ['block', kind, `tone-${entry.tone}`];
  if (kind === 'timed') classes.push(roomOf(to - from));
  if (entry.movable) classes.push('movable');
  if (saving) classes.push('saving');
  return classes.join(' ');
}

// How much of an entry can be said in the height of so many minutes.
function roomOf(minutes) {
  if (minutes < 50) return 'tight';
  if (minutes < 75) return 'low';
  return minutes < 120 ? 'middle' : 'tall';
}

function syncBlocks(self, parent, parts, day, kind, place) {
  const items = parts.map((part) => ({ ...part, key: part.id }));
  sync(parent, items, makeBlock, (node, part) => {
    fillBlock(self, node, part, day, kind);
    place?.(node, part);
  });
}

function makeButton(className, act, focus) {
  const node = el('button', className, { type: 'button' });
  if (focus) node.dataset.focus = focus;
  node.addEventListener('click', act);
  return node;
}

function makeBar(self) {
  const step = (direction) => () => showNear(self, direction);
  const parts = {
    before: makeButton('step', step(-1), 'before'),
    today: makeButton('jump', () => show(self, self.at.view, self.data.today), 'today'),
    after: makeButton('step', step(1), 'after'),
    title: el('h2', 'period', { 'aria-live': 'polite' }),
    status: el('span', 'status', { role: 'status' }),
    views: el('div', 'views', { role: 'group' }),
  };
  parts.before.textContent = '‹';
  parts.after.textContent = '›';
  for (const view of VIEWS) {
    parts.views.append(makeButton('view', () => show(self, view, self.at.start), view));
  }
  self.bar = parts;
  const bar = el('div', 'bar');
  bar.append(...Object.values(parts));
  return bar;
}

function drawBar(self) {
  const { labels, view } = self.data;
  setText(self.bar.title, labels.title);
  setText(self.bar.today, labels.today);
  setAttribute(self.bar.before, 'aria-label', labels.previous);
  setAttribute(self.bar.after, 'aria-label', labels.next);
  [...self.bar.views.children].forEach((node, index) => {
    setText(node, labels[VIEWS[index]]);
    setAttribute(node, 'aria-pressed', String(VIEWS[index] === view));
  });
}

// Which period comes `direction` steps before or after; counted from what was asked for last, so quick clicks add up.
function showNear(self, direction) {
  const { view, start } = self.at;
  const steps = { day: 1, week: 7, agenda: 14 };
  if (view !== 'month') return show(self, view, addDays(start, direction * steps[view]));
  const [year, month] = start.split('-').map(Number);
  const count = year * 12 + month - 1 + direction;
  return show(self, view, `${Math.floor(count / 12)}-${two((count % 12) + 1)}-01`);
}

function show(self, view, start) {
  self.at = { view, start };
  send(self, 'show', { view, start });
}

const open = (self, id) => send(self, 'open', { id });
const plan = (self, start, end) => send(self, 'plan', { start: isoOf(start), end: isoOf(end) });

// Asks the server to move an entry; it stays where it is, marked as being saved, until the server has answered.
function shift(self, entry, start, end) {
  const message = send(self, 'move', { id: entry.id, start: isoOf(start), end: isoOf(end), version: entry.version });
  if (!message) return;
  self.saving.set(entry.id, message);
  setTimeout(() => giveUp(self, entry.id, message), 20000);
  self.redraw();
}

function giveUp(self, id, message) {
  if (self.saving.get(id) !== message) return;
  self.saving.delete(id);
  takeBack(self, message);
  self.redraw();
}
