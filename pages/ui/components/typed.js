// Text that was typed into a form and not sent: kept in this tab of this browser, for this person alone, until the form
// was sent or the person signs out. After a reload, or when a phone had thrown the tab away, the server gets it back.

const PREFIX = 'crm:typed:';
const FIELD = '[class*="st-key-form-"]';
const LONGEST = 20000; // characters of one field
const MOST = 60; // fields
const KEPT = 12 * 3600 * 1000; // ms

export default function ({ data, setTriggerValue }) {
  const key = PREFIX + data.person;
  if (window.crmTyped?.key !== key) {
    begin(key);
    const found = recent(read(key));
    if (Object.keys(found).length) setTriggerValue('found', found);
  }
  for (const [mark, form] of data.sent) {
    if (window.crmTyped.sent.has(mark)) continue;
    window.crmTyped.sent.add(mark);
    forget(key, form);
  }
}

function begin(key) {
  for (const other of Object.keys(sessionStorage)) {
    if (other.startsWith(PREFIX) && other !== key) sessionStorage.removeItem(other);
  }
  if (!window.crmTyped) {
    document.addEventListener('focusin', (event) => remember(event.target, false), true);
    document.addEventListener('input', (event) => remember(event.target, true), true);
  }
  window.crmTyped = { key, sent: new Set() };
}

// What stood in a field before it was typed into says later whether the text still belongs there.
function remember(input, typed) {
  const field = name(input);
  if (!field || input.value.length > LONGEST) return;
  const kept = read(window.crmTyped.key);
  if (!typed && kept[field]) return;
  const was = kept[field]?.was ?? window.crmTyped[field] ?? input.value;
  if (!typed) {
    window.crmTyped[field] = was;
    return;
  }
  kept[field] = { was, text: input.value, at: Date.now() };
  write(window.crmTyped.key, kept);
}

function name(input) {
  const plain = input instanceof HTMLTextAreaElement || (input instanceof HTMLInputElement && ['text', 'tel', 'email'].includes(input.type));
  const holder = plain && input.closest(FIELD);
  return holder ? [...holder.classList].find((one) => one.startsWith('st-key-form-')) : null;
}

function forget(key, form) {
  const kept = Object.entries(read(key)).filter(([field]) => !field.startsWith(form));
  write(key, Object.fromEntries(kept));
  for (const field of Object.keys(window.crmTyped)) if (field.startsWith(form)) delete window.crmTyped[field];
}

function recent(kept) {
  const fresh = Object.entries(kept).filter(([, one]) => Date.now() - one.at < KEPT);
  return Object.fromEntries(fresh.sort(([, a], [, b]) => b.at - a.at).slice(0, MOST));
}

function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function write(key, kept) {
  try {
    sessionStorage.setItem(key, JSON.stringify(recent(kept)));
  } catch {
    // no room or not allowed: typing goes on
  }
}
