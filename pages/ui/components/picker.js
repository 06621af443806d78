// The record picker. picker.py sends the data and checks what comes back; texts only ever become text nodes.

const PAUSE = 200; // ms without a letter before a search is sent
const CREATE = 'create'; // the key of the entry that makes a new record
const views = new WeakMap();

// Streamlit may call the clean-up of an overtaken run late: only the newest run's clean-up ends the picker.
export default function (component) {
  const view = views.get(component.parentElement) ?? build(component.parentElement);
  const run = view.run += 1;
  view.trigger = component.setTriggerValue;
  update(view, JSON.parse(new TextDecoder().decode(component.data)));
  return () => { if (view.run === run) { view.stop(); views.delete(component.parentElement); } };
}

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  set(node, attributes);
  node.append(...children);
  return node;
}

function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false || value === '') node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
  }
}

function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function build(parent) {
  const view = { run: 0, chosen: [], entries: new Map(), active: null, moved: false, pending: null, asked: null };
  view.name = make('label', { for: 'words' }, make('span'), make('span', { 'aria-hidden': true }));
  view.tip = make('div', { id: 'tip', class: 'pop', role: 'tooltip', popover: 'manual' });
  view.help = make('button', { type: 'button', class: 'help', 'aria-describedby': 'tip' }, '?');
  view.chips = make('span', { id: 'chips', class: 'chips', role: 'list' });
  view.input = make('input', {
    id: 'words', role: 'combobox', type: 'text', autocomplete: 'off', autocapitalize: 'off', autocorrect: 'off', spellcheck: 'false',
    enterkeyhint: 'done', 'aria-autocomplete': 'list', 'aria-controls': 'list', 'aria-describedby': 'chips note', 'aria-expanded': 'false',
  });
  view.box = make('div', { class: 'box' }, view.chips, view.input, make('span', { class: 'arrow', 'aria-hidden': true }));
  view.list = make('div', { id: 'list', role: 'listbox' });
  view.line = make('div', { class: 'line' });
  view.popup = make('div', { class: 'pop list', popover: 'manual' }, view.line, view.list);
  view.note = make('div', { id: 'note', class: 'note' });
  view.status = make('div', { class: 'heard', role: 'status' });
  view.root = make('div', { class: 'root' }, make('div', { class: 'head' }, view.name, view.help), view.box, view.note, view.status, view.popup, view.tip);
  parent.append(view.root);
  views.set(parent, view);
  listen(view);
  return view;
}

function listen(view) {
  const { root, box, input, list, popup, help, tip } = view;
  input.addEventListener('input', event => event.isComposing || onType(view));
  input.addEventListener('compositionend', () => onType(view));
  input.addEventListener('keydown', event => onKey(view, event));
  box.addEventListener('mousedown', event => event.target === input || event.preventDefault());
  box.addEventListener('click', event => onBox(view, event));
  popup.addEventListener('mousedown', event => event.preventDefault()); // the focus stays in the input
  list.addEventListener('click', event => take(view, event.target.closest('[role=option]')?.dataset.key));
  list.addEventListener('pointermove', event => event.pointerType === 'mouse' && point(view, event.target.closest('[role=option]')?.dataset.key));
  root.addEventListener('focusout', event => root.contains(event.relatedTarget) || onLeave(view));
  root.addEventListener('focusin', () => setNote(view, false));
  for (const name of ['pointerenter', 'focus', 'click']) help.addEventListener(name, () => showTip(view));
  for (const name of ['pointerleave', 'blur']) help.addEventListener(name, () => tip.matches(':popover-open') && tip.hidePopover());
  const follow = () => { if (isOpen(view)) place(popup, box); };
  const elsewhere = event => event.composedPath().includes(root) || close(view); // a tap there need not take the focus away
  const size = new ResizeObserver(follow);
  size.observe(box);
  const moves = [[document, 'scroll'], [window, 'resize'], [window.visualViewport, 'resize'], [window.visualViewport, 'scroll']];
  const ways = [[document, 'pointerdown', elsewhere], ...moves.map(([target, name]) => [target, name, follow])];
  ways.forEach(([target, name, act]) => target.addEventListener(name, act, { capture: true, passive: true }));
  view.stop = () => {
    clearTimeout(view.timer);
    clearTimeout(view.again);
    size.disconnect();
    ways.forEach(([target, name, act]) => target.removeEventListener(name, act, { capture: true }));
  };
}

// ---- drawing

function update(view, data) {
  const first = !view.data;
  view.data = data;
  if (first) view.input.value = data.words ?? '';
  takeChosen(view);
  hearAnswer(view);
  say(view.name.firstChild, data.label);
  say(view.name.lastChild, data.required ? ' *' : '');
  set(view.help, { hidden: data.hint ? null : 'hidden', 'aria-label': `${data.label}: ${data.says.help}` });
  say(view.tip, data.hint);
  set(view.input, { 'aria-required': data.required || null, maxlength: data.longest });
  set(view.list, { 'aria-label': data.label, 'aria-multiselectable': data.multiple || null });
  draw(view);
}

// What was chosen a moment ago stands until the server has answered, or says something new by itself.
function takeChosen(view) {
  const { chosen, answered } = view.data;
  const said = JSON.stringify(chosen);
  const waits = view.pending && answered < view.pending && said === view.said;
  if (!waits) {
    const changed = view.said !== undefined && view.said !== said && !view.pending;
    Object.assign(view, { chosen, pending: null });
    if (changed) view.input.value = '';
  }
  view.said = said;
}

function hearAnswer(view) {
  const { words, answered } = view.data;
  if (view.asked === null || answered < view.asked) return;
  view.asked = null;
  if (words === null && isOpen(view)) search(view);
}

function draw(view) {
  drawChips(view);
  drawList(view);
  const { placeholder } = view.data;
  set(view.input, { placeholder: view.chosen.length ? null : placeholder, 'aria-expanded': String(isOpen(view)) });
  view.root.classList.toggle('filled', view.chosen.length > 0);
  view.root.classList.toggle('single', !view.data.multiple);
  view.root.classList.toggle('typed', view.input.value !== '');
  view.root.classList.toggle('open', isOpen(view));
  view.root.classList.toggle('busy', isOpen(view) && busy(view));
  set(view.root, { 'aria-busy': view.pending !== null || busy(view) });
  if (isOpen(view)) place(view.popup, view.box);
}

function drawChips(view) {
  const before = new Map([...view.chips.children].map(node => [node.dataset.key, node]));
  arrange(view.chips, view.chosen.map(option => {
    const node = before.get(String(option.id)) ?? chip(view, option.id);
    const [text, remove] = node.children;
    say(text.firstChild, option.text);
    say(text.lastChild, view.data.multiple ? '' : option.sub);
    set(text, { title: [option.text, option.sub].filter(Boolean).join(' · ') });
    set(remove, { 'aria-label': `${view.data.says.remove} ${option.text}` });
    return node;
  }));
}

function chip(view, id) {
  const remove = make('button', { type: 'button' }, '×');
  remove.addEventListener('click', event => { event.stopPropagation(); drop(view, id); });
  remove.addEventListener('keydown', event => onChipKey(view, event, id));
  const text = make('span', { class: 'text' }, make('span', { class: 'main' }), make('span', { class: 'sub' }));
  return make('span', { class: 'chip', role: 'listitem', 'data-key': id }, text, remove);
}

const busy = view => view.asked !== null || view.timer !== undefined;

function drawList(view) {
  const { data, input } = view;
  const typed = input.value.trim();
  const taken = new Set(view.chosen.map(option => option.id));
  const options = data.options.filter(option => !taken.has(option.id));
  const before = view.entries;
  view.entries = new Map();
  for (const option of options) enter(view, before, String(option.id), option.text, option.sub);
  if (data.create && typed) enter(view, before, CREATE, data.create.replace('{words}', () => typed), '');
  arrange(view.list, [...view.entries.values()]);
  sayState(view, options.length, typed);
  point(view, view.entries.has(view.active) ? view.active : typed && options.length && !busy(view) ? String(options[0].id) : null);
}

function enter(view, before, key, text, sub) {
  const node = before.get(key) ?? make('div', { id: `entry-${key}`, role: 'option', 'data-key': key }, make('span', { class: 'main' }), make('span', { class: 'sub' }));
  say(node.firstChild, text);
  say(node.lastChild, sub);
  view.entries.set(key, node);
}

function sayState(view, count, typed) {
  const { says } = view.data;
  const waits = busy(view);
  const empty = count ? '' : typed ? says.nothing.replace('{words}', () => typed) : says.none;
  const line = count || !waits ? empty : says.searching;
  say(view.line, line);
  set(view.line, { hidden: line ? null : 'hidden' });
  if (!isOpen(view)) say(view.status, '');
  else if (waits) say(view.status, says.searching);
  else say(view.status, line || says.found.replace('{count}', count));
}

function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  [...parent.children].filter(node => !wanted.has(node)).forEach(node => node.remove());
  nodes.forEach((node, index) => { if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null); });
}

// ---- the list: opening, pointing, placing

const isOpen = view => view.popup.matches(':popover-open');

function open(view) {
  if (isOpen(view)) return;
  view.popup.showPopover();
  if (view.data.words !== view.input.value) search(view);
  draw(view);
}

function close(view) {
  if (!isOpen(view)) return;
  view.popup.hidePopover();
  point(view, null);
  draw(view);
}

function point(view, key, scroll = false) {
  const node = key ? view.entries.get(key) : undefined;
  if (view.active !== key) view.moved = false;
  view.active = node ? key : null;
  view.entries.forEach((entry, name) => set(entry, { 'aria-selected': name === view.active ? 'true' : 'false' }));
  set(view.input, { 'aria-activedescendant': node?.id });
  if (scroll) node?.scrollIntoView({ block: 'nearest' });
}

// Below the box if there is room, else above; what the keyboard of a phone leaves free counts.
function place(popup, box) {
  const { left, top, bottom, width } = box.getBoundingClientRect();
  const seen = window.visualViewport;
  const below = seen.offsetTop + seen.height - bottom - 12;
  const above = top - seen.offsetTop - 12;
  const down = below >= Math.min(240, above);
  popup.style.width = `${width}px`;
  popup.style.left = `${left}px`;
  popup.style.maxHeight = `${Math.max(96, Math.min(352, down ? below : above))}px`;
  popup.style.top = `${down ? bottom + 4 : top - 4 - popup.offsetHeight}px`;
}

function showTip({ help, tip }) {
  if (tip.matches(':popover-open')) return;
  tip.showPopover();
  const { right, top, bottom } = help.getBoundingClientRect();
  const above = top - tip.offsetHeight - 6;
  tip.style.left = `${Math.max(8, right - tip.offsetWidth)}px`;
  tip.style.top = `${above > 8 ? above : bottom + 6}px`;
}

// ---- what people do

function search(view) {
  clearTimeout(view.timer);
  view.timer = undefined;
  view.asked = tell(view, 'search', { words: view.input.value });
}

function onType(view) {
  clearTimeout(view.timer);
  view.timer = setTimeout(() => { search(view); draw(view); }, PAUSE);
  view.active = null;
  if (isOpen(view)) draw(view);
  else { view.popup.showPopover(); draw(view); }
}

function onBox(view, event) {
  if (event.target.closest('.arrow') && isOpen(view)) return close(view);
  view.input.focus();
  open(view);
}

function onKey(view, event) {
  if (event.isComposing || event.keyCode === 229) return;
  if (!event.ctrlKey && !event.metaKey && event.key.length === 1) event.stopPropagation(); // no shortcut of the page while typing
  const act = KEYS[event.key];
  if (act && !event.altKey && act(view)) { event.preventDefault(); event.stopPropagation(); }
}

// Each says whether it used the key up.
const KEYS = {
  ArrowDown: view => step(view, 1),
  ArrowUp: view => step(view, -1),
  PageDown: view => isOpen(view) && step(view, 5, true),
  PageUp: view => isOpen(view) && step(view, -5, true),
  Enter: view => (isOpen(view) ? take(view, view.active) : open(view), true),
  Tab: view => { if (isOpen(view) && view.moved) take(view, view.active); return false; },
  Escape: view => leaveList(view),
  Backspace: view => Boolean(!view.input.value && view.chosen.length && drop(view, view.chosen.at(-1).id)),
  ArrowLeft: view => Boolean(!view.input.value && view.chips.lastChild && focusOn(view.chips.lastChild.lastChild)),
};

function step(view, by, stop = false) {
  if (!isOpen(view)) { open(view); return true; }
  const keys = [...view.entries.keys()];
  const at = keys.indexOf(view.active);
  const next = at < 0 ? (by > 0 ? 0 : keys.length - 1) : at + by;
  const last = Math.max(0, keys.length - 1);
  point(view, keys[stop ? Math.max(0, Math.min(last, next)) : (next + keys.length) % keys.length], true);
  view.moved = true;
  return true;
}

function leaveList(view) {
  const used = isOpen(view) || view.input.value !== '';
  if (isOpen(view)) close(view);
  else if (used) { view.input.value = ''; search(view); draw(view); }
  return used;
}

function focusOn(node) {
  node.focus();
  return true;
}

function onChipKey(view, event, id) {
  const at = event.target.closest('.chip');
  const to = { ArrowLeft: at.previousSibling?.lastChild ?? event.target, ArrowRight: at.nextSibling?.lastChild ?? view.input }[event.key];
  if (to) to.focus();
  else if (event.key === 'Backspace' || event.key === 'Delete') drop(view, id);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function take(view, key) {
  if (!key || !view.entries.has(key)) return;
  if (key === CREATE) {
    finish(view);
    tell(view, 'create', { words: view.input.value.trim() });
    return;
  }
  const option = view.data.options.find(one => String(one.id) === key);
  const { multiple, most } = view.data;
  if (multiple && view.chosen.length >= most) return;
  view.input.value = '';
  choose(view, multiple ? [...view.chosen, option] : [option]);
  if (!multiple) finish(view);
  else if (view.data.words !== '') search(view);
  draw(view);
}

function finish(view) {
  clearTimeout(view.timer);
  Object.assign(view, { asked: null, timer: undefined });
  close(view);
  if (matchMedia('(pointer: coarse)').matches) view.input.blur(); // the keyboard makes room again
}

function drop(view, id) {
  choose(view, view.chosen.filter(option => option.id !== id));
  draw(view);
  view.input.focus();
  return true;
}

function choose(view, options) {
  view.chosen = options;
  view.pending = tell(view, 'choose', { ids: options.map(option => option.id) });
}

function onLeave(view) {
  close(view);
  if (view.chosen.length && view.input.value) { view.input.value = ''; draw(view); }
  setNote(view, view.input.value.trim() !== '');
}

function setNote(view, shown) {
  say(view.note, shown ? view.data.says.unchosen : '');
}
