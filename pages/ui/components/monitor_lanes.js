// Draws the lanes: the rep, what has no time, and the blocks over the hours of a day or the days of a week.

const SHORTEST = 40; // minutes a block needs at least beside others, so that its words find room

// Blocks by lane: {untimed, timed}; times in minutes since the first day began. What lies outside the period (left
// over from earlier days) stands with those without a time, so that nothing is missing.
function lanesOf(self) {
  const base = dayNumber(self.data.first) * DAY;
  const lanes = new Map(self.data.lanes.map((lane) => [lane.id, { untimed: [], timed: [] }]));
  for (const block of self.data.blocks) {
    const lane = lanes.get(block.lane_id);
    if (!lane) continue;
    const timed = block.start && timedPart(block, base, self.data.days * DAY);
    if (timed) lane.timed.push(timed);
    else lane.untimed.push(block);
  }
  for (const lane of lanes.values()) lane.timed.sort((a, b) => a.from - b.from || a.id - b.id);
  return lanes;
}

function timedPart(block, base, length) {
  const start = absolute(block.start) - base;
  const from = Math.max(start, 0);
  const to = Math.min(Math.max(absolute(block.end) - base, start + 15), length);
  return to > 0 && from < length ? { ...block, from, to } : null;
}

// The hours shown: those asked for, and more where a block needs it.
function shownHours(self, lanes) {
  let [from, to] = self.data.hours.map((hour) => hour * 60);
  if (self.data.days > 1) return { from: 0, to: DAY };
  for (const { timed } of lanes.values()) {
    for (const block of timed) {
      from = Math.min(from, Math.floor(block.from / 60) * 60);
      to = Math.max(to, Math.ceil(block.to / 60) * 60);
    }
  }
  return { from, to };
}

function drawLanes(self) {
  const lanes = lanesOf(self);
  self.minutes = shownHours(self, lanes);
  setStyle(self.grid, '--units', String(unitsOf(self).length));
  const rows = [{ key: 'top' }, ...self.data.lanes.map((lane) => ({ key: lane.id, lane, ...lanes.get(lane.id) }))];
  sync(self.grid, rows, (item) => (item.lane ? makeLane(self, item.lane) : makeTop()), (node, item) => {
    if (item.lane) drawLane(self, node, item);
    else drawTop(self, node);
  });
  setText(self.none, self.data.lanes.length ? '' : self.data.labels.empty);
  keepTabStop(self);
}

// What the scale is divided into: hours of the day or days of the week.
function unitsOf(self) {
  const { data, minutes } = self;
  if (data.days === 1) {
    const hours = (minutes.to - minutes.from) / 60;
    return Array.from({ length: hours }, (_, index) => ({ key: index, text: two(minutes.from / 60 + index) }));
  }
  return Array.from({ length: data.days }, (_, index) => {
    const day = addDays(data.first, index);
    return { key: index, day, text: `${day.slice(5)} ${data.labels.weekdays[weekdayOf(day)]}` };
  });
}

function makeTop() {
  const node = el('div', 'top', { role: 'row' });
  for (const name of ['who', 'untimed', 'scale']) node.append(el('div', name, { role: 'columnheader' }));
  return node;
}

function drawTop(self, node) {
  const [who, untimed, scale] = node.children;
  setText(who, self.data.labels.rep);
  setText(untimed, self.data.labels.no_time);
  sync(scale, unitsOf(self), () => el('span', 'unit'), (unit, item) => {
    setText(unit, item.text);
    setAttribute(unit, 'class', item.day && item.day === self.nowText?.slice(0, 10) ? 'unit today' : 'unit');
  });
}

function makeLane(self, lane) {
  const node = el('div', 'lane', { role: 'row' });
  const who = el('div', 'who', { role: 'rowheader' });
  for (const name of ['name', 'sub', 'counts']) who.append(el('span', name));
  const add = el('button', 'add', { type: 'button' });
  add.textContent = '+';
  add.dataset.focus = `add ${lane.id}`;
  add.addEventListener('click', () => assignNext(self, lane.id));
  who.append(add);
  node.append(who, el('div', 'untimed', { role: 'gridcell' }), el('div', 'track', { role: 'gridcell' }));
  node.dataset.lane = lane.id;
  return node;
}

function drawLane(self, node, { lane, untimed, timed }) {
  const [who, chips, track] = node.children;
  for (const name of ['name', 'sub', 'counts']) setText(who.querySelector(`.${name}`), lane[name]);
  who.querySelector('.add').hidden = !self.data.assigns;
  setAttribute(who.querySelector('.add'), 'aria-label', `${self.data.labels.assign}: ${lane.name}`);
  syncLane(self, chips, untimed, lane);
  setAttribute(track, 'class', self.data.days === 1 ? 'track hours' : 'track days');
  if (self.data.days === 1) drawHours(self, track, timed, lane);
  else drawDays(self, track, timed, lane);
}

function drawHours(self, track, timed, lane) {
  const places = pack(timed.map((block) => ({ ...block, to: Math.max(block.to, block.from + SHORTEST) })));
  const rows = Math.max(1, ...[...places.values()].map((place) => place.row + 1));
  setStyle(track, '--rows', String(rows));
  syncLane(self, track, timed, lane, (node, block) => placeInHours(self, node, block, places.get(block.id).row));
}

function placeInHours(self, node, block, row) {
  const length = self.minutes.to - self.minutes.from;
  setStyle(node, 'left', `${(100 * (block.from - self.minutes.from)) / length}%`);
  setStyle(node, 'width', `calc(${(100 * Math.max(block.to - block.from, 30)) / length}% - 2px)`);
  setStyle(node, 'top', `calc(var(--row) * ${row} + 2px)`);
}

function drawDays(self, track, timed, lane) {
  const on = (index) => timed.filter((block) => Math.floor(block.from / DAY) === index);
  const days = unitsOf(self).map((unit) => ({ ...unit, blocks: on(unit.key) }));
  sync(track, days, () => el('div', 'cell'), (cell, item) => {
    setData(cell, { day: item.day, label: item.text });
    setAttribute(cell, 'class', item.day === self.nowText?.slice(0, 10) ? 'cell today' : 'cell');
    syncLane(self, cell, item.blocks, lane);
  });
}

function syncLane(self, parent, blocks, lane, place) {
  sync(parent, blocks.map((block) => ({ ...block, key: block.id })), makeLaneBlock, (node, block) => {
    fillLaneBlock(self, node, block, lane);
    place?.(node, block);
  });
}

function makeLaneBlock() {
  const node = el('div', 'block', { role: 'button', tabindex: '-1' });
  for (const name of ['glyph', 'title', 'when', 'badge', 'sub']) node.append(el('span', name));
  node.firstChild.setAttribute('aria-hidden', 'true');
  return node;
}

// Time of the day; the day alone for what is left over from another one.
function whenOf(block) {
  if (block.from === undefined) return block.start?.slice(5, 10) ?? '';
  const start = block.start.slice(11);
  return block.end > block.start ? `${start}–${block.end.slice(11)}` : start;
}

function fillLaneBlock(self, node, block, lane) {
  const when = whenOf(block);
  setParts(node, { glyph: GLYPHS[block.tone], title: block.title, when, badge: block.badge, sub: block.sub });
  const classes = ['block', `tone-${block.tone}`];
  if (block.id === self.data.selected) classes.push('selected');
  if (self.changed.has(block.id)) classes.push('changed');
  setAttribute(node, 'class', classes.join(' '));
  setAttribute(node, 'aria-current', block.id === self.data.selected ? 'true' : null);
  const all = [lane.name, when, block.title, block.sub, block.badge].filter(Boolean).join(' · ');
  for (const name of ['title', 'aria-label']) setAttribute(node, name, all);
  setData(node, { id: block.id, from: block.from ?? -1, focus: `block ${block.id}` });
}

function drawLaneNow(self) {
  const now = nowMinutes(self) - dayNumber(self.data.first) * DAY;
  const share = (now - self.minutes.from) / (self.minutes.to - self.minutes.from);
  const shown = self.data.days === 1 && share >= 0 && share <= 1;
  setStyle(self.grid, '--now', shown ? `${100 * share}%` : '-10px');
}
