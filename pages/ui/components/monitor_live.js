// Listens for pulses of the server: a new number means that something changed and the screen should be read again.
// The server says the number at once and `event: beat` every 10 seconds (comments do not reach scripts), so that silence
// can be told from peace; an open connection alone proves nothing.

const SILENCE = 25000, GRACE = 3000, RETRY = 5000, SPACING = 1000;

function beginLive(self) {
  self.live = { source: null, url: null, seen: null, heard: Date.now(), broken: null, tried: 0, sent: 0, lost: false };
  every(self, 1000, () => watchLive(self));
  self.ends.push(() => hangUp(self));
}

function keepListening(self) {
  if (self.live.url === self.data.pulse_url) return;
  self.live.url = self.data.pulse_url;
  connect(self);
}

function connect(self) {
  const { live } = self;
  live.source?.close();
  live.tried = Date.now();
  const source = new EventSource(live.url);
  live.source = source;
  source.addEventListener('beat', () => heard(self));
  source.onmessage = (event) => { heard(self); onPulse(self, event.data); };
  source.onerror = () => { live.broken ??= Date.now(); };
}

function hangUp(self) {
  clearTimeout(self.live.timer);
  self.live.source?.close();
}

function heard(self) {
  self.live.heard = Date.now();
  self.live.broken = null;
  self.live.heardAt = nowMinutes(self);
  drawLost(self, false);
}

// A short break that the browser mends by itself is not worth a banner.
function watchLive(self) {
  const { live } = self;
  const now = Date.now();
  const silent = now - live.heard > SILENCE;
  if (silent || (live.broken && now - live.broken > GRACE)) drawLost(self, true);
  const closed = live.source?.readyState === EventSource.CLOSED;
  if ((closed && now - live.tried > RETRY) || (silent && now - live.tried > SILENCE)) connect(self);
}

function drawLost(self, lost) {
  if (lost === self.live.lost) return;
  self.live.lost = lost;
  const time = clock((self.live.heardAt ?? nowMinutes(self)) % DAY);
  setText(self.lost, lost ? self.data.labels.lost.replace('{time}', time) : '');
  self.root.classList.toggle('stale', lost);
}

// At most one reading a second, and the last pulse is never dropped.
function onPulse(self, text) {
  const { live } = self;
  const n = numberIn(text);
  if (n === null || n === live.seen) return;
  live.seen = n;
  clearTimeout(live.timer);
  live.timer = setTimeout(() => {
    live.sent = Date.now();
    send(self, 'pulse', { n: live.seen });
  }, Math.max(0, live.sent + SPACING - Date.now()));
}

function numberIn(text) {
  try {
    const { n } = JSON.parse(text);
    return Number.isSafeInteger(n) ? n : null;
  } catch {
    return null;
  }
}
