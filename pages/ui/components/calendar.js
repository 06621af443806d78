// Puts the calendar together: makes it once, draws it again for new data.

const DRAW = { time: drawTime, list: drawList, month: drawMonth };

function beginCalendar(self) {
  self.saving = new Map();
  self.box = el('div', 'box', { role: 'grid' });
  self.root.append(makeBar(self), self.box);
  self.redraw = () => drawCalendar(self);
  self.box.addEventListener('click', (event) => onClick(self, event));
  listenDrag(self);
  listenKeys(self);
  const escape = (event) => event.key === 'Escape' && cancelDrag(self);
  window.addEventListener('keydown', escape);
  self.ends.push(() => window.removeEventListener('keydown', escape));
  watchWidth(self, self.redraw);
  every(self, 30000, () => modeOf(self) === 'time' && drawNow(self));
}

// New data from the server answers what was sent before it.
function hearData(self) {
  const { data } = self;
  self.at = { view: data.view, start: data.start };
  hearNow(self, data.now);
  for (const [id, message] of self.saving) if (message <= data.answered) self.saving.delete(id);
  drawCalendar(self);
}

function drawCalendar(self) {
  if (self.drag?.active) return;
  keepFocus(self, () => {
    drawBar(self);
    const mode = modeOf(self);
    if (self.mode !== mode) self.box.replaceChildren();
    self.mode = mode;
    setAttribute(self.box, 'class', `box ${mode} ${self.data.view}`);
    setAttribute(self.box, 'aria-label', self.data.labels.title);
    setAttribute(self.box, 'aria-description', self.data.labels.keys);
    DRAW[mode](self);
    if (mode === 'time') drawNow(self);
    keepTabStop(self);
  });
}

function onClick(self, event) {
  if (self.dragged) return;
  const block = event.target.closest('.block');
  const slot = event.target.closest('.slot');
  if (block) open(self, entryOf(self, block).id);
  else if (!slot || event.target.closest('button')) return;
  else if (self.mode === 'month' && self.narrow) show(self, 'day', slot.dataset.day);
  else planSlot(self, slot);
}

export default function calendar(component) {
  return attend(component, 'calendar', beginCalendar, hearData);
}
