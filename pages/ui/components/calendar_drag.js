// Dragging with mouse or pen: an entry to another time or day, its lower edge, or over empty slots to plan.
// Touch keeps its meaning of scrolling; a tap opens or plans.

function listenDrag(self) {
  const { box } = self;
  box.addEventListener('pointerdown', (event) => grab(self, event));
  box.addEventListener('pointermove', (event) => self.drag && drag(self, event));
  box.addEventListener('pointerup', (event) => self.drag && drop(self, event));
  box.addEventListener('pointercancel', () => cancelDrag(self));
}

function grab(self, event) {
  if (event.button !== 0 || event.pointerType === 'touch' || modeOf(self) === 'list') return;
  const node = event.target.closest('.block');
  const entry = node && entryOf(self, node);
  const kind = !node ? 'range' : event.target.closest('.grip') ? 'resize' : 'move';
  if (!mayDrag(self, event, entry, kind)) return;
  self.drag = { kind, entry, node, x: event.clientX, y: event.clientY, from: pointAt(self, event), active: false };
}

function mayDrag(self, event, entry, kind) {
  const month = modeOf(self) === 'month';
  if (kind === 'range') return !month && event.target.closest('.slot') !== null;
  return entry.movable && !self.saving.has(entry.id) && (month || !entry.all_day);
}

// The moment under the pointer, in absolute minutes; in a month only the day counts.
function pointAt(self, event) {
  if (modeOf(self) === 'month') {
    const cell = self.parent.elementFromPoint(event.clientX, event.clientY)?.closest('.cell');
    return cell ? dayNumber(cell.dataset.day) * DAY : null;
  }
  const tracks = [...self.box.querySelectorAll('.track')];
  const track = tracks.find((node) => event.clientX < node.getBoundingClientRect().right) ?? tracks.at(-1);
  const area = track.getBoundingClientRect();
  const share = Math.min(Math.max((event.clientY - area.top) / area.height, 0), 1);
  const minute = self.minutes.from + share * (self.minutes.to - self.minutes.from);
  return dayNumber(track.dataset.day) * DAY + minute;
}

function drag(self, event) {
  const { drag: state } = self;
  if (!(event.buttons & 1)) return cancelDrag(self); // let go outside
  if (!state.active) {
    if (Math.hypot(event.clientX - state.x, event.clientY - state.y) < 5) return undefined;
    state.active = true;
    self.box.setPointerCapture(event.pointerId);
    self.root.classList.add('dragging');
  }
  const point = pointAt(self, event);
  state.to = point === null ? null : targetOf(self, state, point);
  return drawTarget(self, state.to);
}

function targetOf(self, { kind, entry, from }, point) {
  if (kind === 'range') return rangeOf(from, point);
  const start = startOf(entry);
  if (kind === 'resize') return { start, end: Math.max(snap(point, 15), start + 15) };
  const moved = modeOf(self) === 'month' ? start + point - from : movedStart(self, start, point, from);
  return { start: moved, end: moved + lengthOf(entry) };
}

function rangeOf(from, point) {
  const first = Math.floor(Math.min(from, point) / 15) * 15;
  return { start: first, end: Math.max(Math.ceil(Math.max(from, point) / 15) * 15, first + 15) };
}

function movedStart(self, start, point, from) {
  const base = Math.floor(point / DAY) * DAY;
  const wished = snap(start + point - from, 15);
  return Math.min(Math.max(wished, base + self.minutes.from), base + DAY - 15);
}

// Shows where it would go: a frame in the column, and the same in words for those who cannot see it.
function drawTarget(self, to) {
  self.ghost ??= el('div', 'ghost');
  const day = to && dayIso(Math.floor(to.start / DAY));
  setText(self.bar.status, to ? `→ ${dayText(self, day)} ${clock(to.start % DAY)}–${clock(to.end % DAY)}` : '');
  const [name, at] = modeOf(self) === 'time' ? ['track', '.track'] : ['cell', '.cell'];
  const place = to && [...self.box.querySelectorAll(at)].find((node) => node.dataset.day === day);
  if (!place) return self.ghost.remove();
  setAttribute(self.ghost, 'class', `ghost in-${name}`);
  if (name === 'track') placeGhost(self, to);
  if (self.ghost.parentNode !== place) place.append(self.ghost);
  return undefined;
}

function placeGhost(self, { start, end }) {
  setStyle(self.ghost, 'top', atMinute(self, start % DAY));
  setStyle(self.ghost, 'height', `calc(var(--hour) * ${(end - start) / 60})`);
  setText(self.ghost, `${clock(start % DAY)}–${clock(end % DAY)}`);
}

function drop(self) {
  const { kind, entry, to, active } = self.drag;
  self.dragged = active; // the click that follows a drag means nothing
  setTimeout(() => { self.dragged = false; }, 50);
  cancelDrag(self);
  if (!active || !to) return;
  if (kind === 'range') plan(self, to.start, to.end);
  else if (isElsewhere(entry, to)) shift(self, entry, to.start, to.end);
}

const isElsewhere = (entry, to) => to.start !== startOf(entry) || to.end !== startOf(entry) + lengthOf(entry);

// Ends a drag without effect; data that came in the meantime is drawn now.
function cancelDrag(self) {
  if (!self.drag) return;
  self.drag = null;
  self.root.classList.remove('dragging');
  drawTarget(self, null);
  self.redraw();
}
