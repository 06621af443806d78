// The keyboard: arrows move among slots and entries, Enter opens, N plans, Alt+arrows shift an entry.

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

function listenKeys(self) {
  self.box.addEventListener('keydown', (event) => onKey(self, event));
  self.box.addEventListener('keyup', (event) => event.key === 'Alt' && commitShift(self));
  self.box.addEventListener('focusout', () => commitShift(self));
  self.box.addEventListener('focusin', (event) => {
    if (event.target.matches('.slot')) tabStop(self, event.target);
  });
}

function onKey(self, event) {
  const node = event.target.closest('.block, .slot');
  if (!node || node !== event.target || event.ctrlKey || event.metaKey) return;
  const handled = node.matches('.block') ? entryKey(self, node, event) : slotKey(self, node, event);
  if (handled) event.preventDefault();
}

function entryKey(self, node, event) {
  const arrow = ARROWS[event.key];
  if (event.key === 'Enter' || event.key === ' ') open(self, entryOf(self, node).id);
  else if (event.key === 'Escape') return dropShift(self);
  else if (arrow && event.altKey) growShift(self, entryOf(self, node), arrow);
  else if (arrow) stepEntry(self, node, arrow);
  else return false;
  return true;
}

// Up and down follow time; left and right go to the nearest time on another day that has entries.
function stepEntry(self, node, [days, steps]) {
  const nodes = [...self.box.querySelectorAll('.block')];
  if (steps) return nodes[nodes.indexOf(node) + steps]?.focus();
  const there = nodes.filter((other) => Math.sign(dayNumber(other.dataset.day) - dayNumber(node.dataset.day)) === days);
  const day = there.map((other) => other.dataset.day).sort((a, b) => days * a.localeCompare(b))[0];
  const far = (other) => Math.abs(other.dataset.from - node.dataset.from);
  return there.filter((other) => other.dataset.day === day).sort((a, b) => far(a) - far(b))[0]?.focus();
}

// Several Alt+arrows make one move; it is sent when Alt is let go or the focus leaves.
function growShift(self, entry, [days, steps]) {
  if (!entry.movable || self.saving.has(entry.id)) return;
  const minutes = days * DAY + (entry.all_day || modeOf(self) === 'month' ? steps * 7 * DAY : steps * 15);
  if (self.shifting?.entry.id !== entry.id) self.shifting = { entry, by: 0 };
  self.shifting.by += minutes;
  const start = startOf(entry) + self.shifting.by;
  drawTarget(self, { start, end: start + lengthOf(entry) });
}

function commitShift(self) {
  const { shifting } = self;
  dropShift(self);
  if (!shifting?.by) return;
  const start = startOf(shifting.entry) + shifting.by;
  shift(self, shifting.entry, start, start + lengthOf(shifting.entry));
}

function dropShift(self) {
  if (!self.shifting) return false;
  self.shifting = null;
  drawTarget(self, null);
  return true;
}

function slotKey(self, node, event) {
  const arrow = ARROWS[event.key];
  const month = modeOf(self) === 'month';
  if (arrow && !event.altKey) stepSlot(self, node, month, arrow);
  else if (event.key === 'Enter' && month) show(self, 'day', node.dataset.day);
  else if (event.key === 'Enter' || event.key === ' ' || event.key.toLowerCase() === 'n') planSlot(self, node);
  else return false;
  return true;
}

function stepSlot(self, node, month, [days, steps]) {
  const day = addDays(node.dataset.day, month ? days + steps * 7 : days);
  const minute = month ? node.dataset.minute : Number(node.dataset.minute) + steps * STEP;
  self.box.querySelector(`.slot[data-day="${day}"][data-minute="${minute}"]`)?.focus();
}

function planSlot(self, node) {
  const start = dayNumber(node.dataset.day) * DAY + Number(node.dataset.minute);
  plan(self, start, start + 60);
}

function planDay(self, day) {
  const start = dayNumber(day) * DAY + Math.max(self.data.hours[0], 9) * 60;
  plan(self, start, start + 60);
}

// One slot at a time can be reached with Tab: the last one used, at first today's (or the first day's) morning.
function tabStop(self, slot) {
  const old = self.box.querySelector('.slot[tabindex="0"]');
  if (old && old !== slot) old.tabIndex = -1;
  if (slot) slot.tabIndex = 0;
}

function keepTabStop(self) {
  if (self.box.querySelector('.slot[tabindex="0"]')) return;
  const minute = Math.max(self.data.hours[0], 9) * 60;
  const on = (day) => self.box.querySelector(`.slot[data-day="${day}"][data-minute="${minute}"]`);
  tabStop(self, on(self.data.today) ?? on(self.data.first));
}
