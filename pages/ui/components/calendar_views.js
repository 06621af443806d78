// The three ways a period is drawn: columns with hours (day, week), a list by day (agenda, week on a phone), a month.

const STEP = 30; // minutes of one slot

// The hours shown: the working hours, and more where an entry needs it.
function shownMinutes(self) {
  let [from, to] = self.data.hours.map((hour) => hour * 60);
  for (const day of shownDays(self)) {
    for (const part of partsOn(self, day)) {
      if (part.entry.all_day) continue;
      from = Math.min(from, Math.floor(part.from / 60) * 60);
      to = Math.max(to, Math.ceil(part.to / 60) * 60);
    }
  }
  return { from, to };
}

function dayClasses(self, name, day) {
  const classes = [name];
  if (day === self.data.today) classes.push('today');
  if (weekdayOf(day) > 4) classes.push('weekend');
  if (modeOf(self) === 'month' && day.slice(0, 7) !== self.data.start.slice(0, 7)) classes.push('outside');
  return classes.join(' ');
}

function drawTime(self) {
  self.minutes = shownMinutes(self);
  const days = shownDays(self);
  const hours = (self.minutes.to - self.minutes.from) / 60;
  setStyle(self.box, '--days', String(days.length));
  setStyle(self.box, '--hours', String(hours));
  const columns = [{ key: 'gutter' }, ...days.map((day) => ({ key: day, day }))];
  sync(self.box, columns, (item) => (item.day ? makeDay(self, item.day) : makeGutter()), (node, item) => {
    if (item.day) drawDay(self, node, item.day);
    else drawGutter(self, node, hours);
  });
}

function makeGutter() {
  const node = el('div', 'gutter', { 'aria-hidden': 'true' });
  node.append(el('div', 'whole'), el('div', 'hours'));
  return node;
}

function drawGutter(self, node, hours) {
  setText(node.firstChild, self.data.entries.some((entry) => entry.all_day) ? self.data.labels.all_day : '');
  const items = Array.from({ length: hours }, (_, index) => ({ key: self.minutes.from / 60 + index }));
  sync(node.lastChild, items, () => el('div', 'hour'), (label, item) => setText(label, two(item.key) + ':00'));
}

function makeDay(self, day) {
  const node = el('div', 'day', { role: 'row' });
  const track = el('div', 'track', { role: 'gridcell' });
  track.append(el('div', 'slots'), el('div', 'blocks'), el('div', 'now'));
  node.append(makeHead(self, day), el('div', 'whole', { role: 'gridcell' }), track);
  track.dataset.day = day;
  return node;
}

function makeHead(self, day) {
  const head = makeButton('head', () => show(self, 'day', day), `day ${day}`);
  head.setAttribute('role', 'rowheader');
  head.append(el('span', 'name'), el('span', 'number'));
  return head;
}

function drawHead(self, head, day) {
  setText(head.querySelector('.name'), weekday(self, day));
  setText(head.querySelector('.number'), String(Number(day.slice(8))));
  setAttribute(head, 'aria-label', dayText(self, day));
}

function drawDay(self, node, day) {
  setAttribute(node, 'class', dayClasses(self, 'day', day));
  setAttribute(node, 'aria-label', dayText(self, day));
  drawHead(self, node.querySelector('.head'), day);
  const parts = partsOn(self, day);
  syncBlocks(self, node.querySelector('.whole'), parts.filter((part) => part.entry.all_day), day, 'chip');
  drawSlots(self, node.querySelector('.slots'), day);
  const timed = parts.filter((part) => !part.entry.all_day);
  const places = pack(timed.map((part) => ({ ...part, to: Math.max(part.to, part.from + STEP) })));
  const place = (block, part) => placeBlock(self, block, part, places.get(part.id));
  syncBlocks(self, node.querySelector('.blocks'), timed, day, 'timed', place);
}

function placeBlock(self, block, part, { row, rows, wide }) {
  setStyle(block, 'top', atMinute(self, part.from));
  setStyle(block, 'height', `calc(var(--hour) * ${Math.max(part.to - part.from, STEP - 5) / 60} - 2px)`);
  setStyle(block, 'left', `${(100 * row) / rows}%`);
  setStyle(block, 'width', `calc(${(100 * wide) / rows}% - 2px)`);
}

const atMinute = (self, minute) => `calc(var(--hour) * ${(minute - self.minutes.from) / 60})`;

function drawSlots(self, parent, day) {
  const count = (self.minutes.to - self.minutes.from) / STEP;
  const items = Array.from({ length: count }, (_, index) => ({ key: self.minutes.from + index * STEP }));
  sync(parent, items, () => el('div', 'slot', { role: 'button', tabindex: '-1' }), (slot, item) => {
    const minute = item.key;
    const free = minute < self.data.hours[0] * 60 || minute >= self.data.hours[1] * 60;
    setAttribute(slot, 'class', free ? 'slot free' : 'slot');
    setAttribute(slot, 'aria-label', `${self.data.labels.plan} ${dayText(self, day)} ${clock(minute)}`);
    setData(slot, { day, minute, focus: `slot ${day} ${minute}` });
  });
}

function drawNow(self) {
  const now = nowMinutes(self);
  for (const track of self.box.querySelectorAll('.track')) {
    const minute = now === null ? -1 : now - dayNumber(track.dataset.day) * DAY;
    const line = track.querySelector('.now');
    line.hidden = !(minute >= self.minutes.from && minute <= self.minutes.to);
    if (!line.hidden) setStyle(line, 'top', atMinute(self, minute));
  }
}

// Agenda: days with entries and today; a week on a phone: every day, so that each can be planned.
function drawList(self) {
  const everyDay = self.data.view === 'week';
  const days = shownDays(self).map((day) => ({ key: day, parts: partsOn(self, day) }));
  const shown = days.filter((day) => everyDay || day.parts.length || day.key === self.data.today);
  sync(self.box, shown, (item) => makeListDay(self, item.key), (node, item) => drawListDay(self, node, item));
}

function makeListDay(self, day) {
  const node = el('section', 'group');
  const head = el('div', 'line');
  const name = makeButton('date', () => show(self, 'day', day), `day ${day}`);
  const add = makeButton('add', () => planDay(self, day), `plan ${day}`);
  add.textContent = '+';
  head.append(name, add);
  node.append(head, el('div', 'blocks'), el('p', 'none'));
  return node;
}

function drawListDay(self, node, { key: day, parts }) {
  setAttribute(node, 'class', dayClasses(self, 'group', day));
  setText(node.querySelector('.date'), dayText(self, day));
  setAttribute(node.querySelector('.add'), 'aria-label', `${self.data.labels.plan} ${dayText(self, day)}`);
  setText(node.querySelector('.none'), parts.length ? '' : self.data.labels.empty);
  syncBlocks(self, node.querySelector('.blocks'), parts, day, 'item');
}

function drawMonth(self) {
  const heads = self.data.labels.weekdays.map((text, index) => ({ key: `head${index}`, text }));
  const cells = shownDays(self).map((day) => ({ key: day, day }));
  const create = (item) => (item.day ? makeCell(self, item.day) : el('div', 'weekday', { role: 'columnheader' }));
  sync(self.box, [...heads, ...cells], create, (node, item) => {
    if (item.day) drawCell(self, node, item.day);
    else setText(node, item.text);
  });
}

function makeCell(self, day) {
  const node = el('div', 'cell', { role: 'gridcell', tabindex: '-1' });
  const more = makeButton('more', () => show(self, 'day', day), `more ${day}`);
  node.append(makeHead(self, day), el('div', 'blocks'), more);
  setData(node, { day, minute: Math.max(self.data.hours[0], 9) * 60, focus: `slot ${day}` });
  return node;
}

function drawCell(self, node, day) {
  const parts = partsOn(self, day);
  const shown = self.narrow ? 0 : 3;
  const left = parts.length - shown;
  setAttribute(node, 'class', `${dayClasses(self, 'cell', day)} slot`);
  setAttribute(node, 'aria-label', `${dayText(self, day)} (${parts.length})`);
  drawHead(self, node.querySelector('.head'), day);
  syncBlocks(self, node.querySelector('.blocks'), parts.slice(0, shown), day, 'chip');
  const text = self.narrow ? String(left) : self.data.labels.more.replace('{count}', left);
  setText(node.querySelector('.more'), left > 0 ? text : '');
  node.querySelector('.more').hidden = left <= 0;
}
