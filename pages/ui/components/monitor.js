// Puts the monitor together and turns clicks and keys into wishes.

const HALF = 30; // minutes a click on free time is rounded down to

function beginMonitor(self) {
  self.changed = new Set();
  self.lost = el('p', 'lost', { role: 'alert' });
  self.grid = el('div', 'grid', { role: 'grid' });
  self.none = el('p', 'none');
  self.spot = el('div', 'spot', { 'aria-hidden': 'true' });
  self.root.append(self.lost, self.grid, self.none);
  self.grid.addEventListener('click', (event) => onLaneClick(self, event));
  self.grid.addEventListener('keydown', (event) => onLaneKey(self, event));
  self.grid.addEventListener('focusin', (event) => event.target.matches('.block') && tabStop(self, event.target));
  self.grid.addEventListener('pointermove', (event) => drawSpot(self, event));
  self.grid.addEventListener('pointerleave', () => self.spot.remove());
  watchWidth(self, () => drawMonitor(self));
  every(self, 30000, () => drawLaneNow(self));
  beginLive(self);
}

function hearMonitor(self) {
  hearNow(self, self.data.now);
  markChanges(self);
  drawMonitor(self);
  keepListening(self);
}

function drawMonitor(self) {
  self.spot.remove();
  keepFocus(self, () => {
    setAttribute(self.grid, 'aria-label', self.data.labels.title);
    drawLanes(self);
    drawLaneNow(self);
  });
}

// What is new or different since the last reading is marked for a moment; the first reading marks nothing.
function markChanges(self) {
  const before = self.states;
  self.states = new Map(self.data.blocks.map((block) => [block.id, JSON.stringify(block)]));
  if (!before) return;
  const fresh = [...self.states].filter(([id, state]) => before.get(id) !== state).map(([id]) => id);
  if (!fresh.length) return;
  for (const id of fresh) self.changed.add(id);
  setTimeout(() => {
    for (const id of fresh) self.changed.delete(id);
    if (self.root.isConnected) drawMonitor(self);
  }, 2500);
}

function onLaneClick(self, event) {
  const block = event.target.closest('.block');
  if (block) send(self, 'open', { id: Number(block.dataset.id) });
  else if (event.target.closest('.track')) assignAt(self, event);
}

// The free moment under the pointer: {lane, place, minute since the first day began}.
function spotAt(self, event) {
  const place = event.target.closest('.cell, .track');
  if (!place || !self.data.assigns || event.target.closest('.block') || self.narrow) return null;
  const lane = Number(place.closest('.lane').dataset.lane);
  if (place.matches('.cell')) {
    const day = dayNumber(place.dataset.day) - dayNumber(self.data.first);
    return { lane, place, minute: day * DAY + morning(self) };
  }
  const area = place.getBoundingClientRect();
  const length = self.minutes.to - self.minutes.from;
  const minute = self.minutes.from + (length * (event.clientX - area.left)) / area.width;
  return { lane, place, minute: Math.min(Math.floor(minute / HALF) * HALF, self.minutes.to - HALF) };
}

const morning = (self) => Math.max(self.data.hours[0], 9) * 60;

function assignAt(self, event) {
  const spot = spotAt(self, event);
  if (spot) assign(self, spot.lane, spot.minute);
}

function assign(self, lane, minute) {
  if (self.data.assigns) send(self, 'assign', { lane, start: isoOf(dayNumber(self.data.first) * DAY + minute) });
}

// From now on in the period shown, else its first morning.
function assignNext(self, lane) {
  const now = nowMinutes(self) - dayNumber(self.data.first) * DAY;
  const inside = now >= 0 && now < self.data.days * DAY - HALF;
  assign(self, lane, inside ? Math.ceil((now + 1) / HALF) * HALF : morning(self));
}

// Shows before the click which moment it would take.
function drawSpot(self, event) {
  const spot = event.pointerType === 'touch' ? null : spotAt(self, event);
  if (!spot) return self.spot.remove();
  const hours = self.data.days === 1;
  const share = (minutes) => `${(100 * minutes) / (self.minutes.to - self.minutes.from)}%`;
  setText(self.spot, hours ? clock(spot.minute) : `+ ${self.data.labels.assign}`);
  setStyle(self.spot, 'left', hours ? share(spot.minute - self.minutes.from) : '0');
  setStyle(self.spot, 'width', hours ? share(HALF) : '100%');
  if (self.spot.parentNode !== spot.place) spot.place.append(self.spot);
  return undefined;
}

const LANE_KEYS = {
  Enter: (self, node) => send(self, 'open', { id: Number(node.dataset.id) }),
  n: (self, node, lane) => assignNext(self, Number(lane.dataset.lane)),
  ArrowLeft: (self, node, lane) => stepInLane(node, lane, -1),
  ArrowRight: (self, node, lane) => stepInLane(node, lane, 1),
  ArrowUp: (self, node, lane) => stepToLane(self, node, lane, -1),
  ArrowDown: (self, node, lane) => stepToLane(self, node, lane, 1),
};
LANE_KEYS[' '] = LANE_KEYS.Enter;
LANE_KEYS.N = LANE_KEYS.n;

function onLaneKey(self, event) {
  const act = LANE_KEYS[event.key];
  if (!act || !event.target.matches('.block') || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act(self, event.target, event.target.closest('.lane'));
}

const blocksIn = (lane) => [...lane.querySelectorAll('.block')].sort((a, b) => a.dataset.from - b.dataset.from);

function stepInLane(node, lane, step) {
  const blocks = blocksIn(lane);
  blocks[blocks.indexOf(node) + step]?.focus();
}

function stepToLane(self, node, lane, step) {
  const lanes = [...self.grid.querySelectorAll('.lane')].filter((other) => other.querySelector('.block'));
  const next = lanes[lanes.indexOf(lane) + step];
  if (!next) return;
  const far = (other) => Math.abs(other.dataset.from - node.dataset.from);
  blocksIn(next).sort((a, b) => far(a) - far(b))[0].focus();
}

// One block at a time can be reached with Tab: the last one used, else the first.
function tabStop(self, node) {
  const old = self.grid.querySelector('.block[tabindex="0"]');
  if (old && old !== node) old.tabIndex = -1;
  if (node) node.tabIndex = 0;
}

function keepTabStop(self) {
  if (!self.grid.querySelector('.block[tabindex="0"]')) tabStop(self, self.grid.querySelector('.block'));
}

export default function monitor(component) {
  return attend(component, 'monitor', beginMonitor, hearMonitor);
}
