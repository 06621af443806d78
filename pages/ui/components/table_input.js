// What people do with the list table: open, sort, select, choose from the menu of a row. Follows table.js in one module.

// ---- opening, sorting

const rowOf = event => event.target.closest('tr[data-id]');
const idOf = row => Number(row.dataset.id);

function onClick(view, event) {
  const { target } = event;
  const row = rowOf(event);
  const button = target.closest('button');
  if (target.closest('.sort')) return view.send('sort', target.closest('th').dataset.name);
  if (button && row) return openMenu(view, row, button);
  if (row && view.data.follows && target.closest('a:not(.open)')) return follow(view, row, event);
  const other = target.closest('.pick, .act, a:not(.open)');
  const dragged = event.detail && Math.hypot(event.clientX - view.x, event.clientY - view.y) > 5;
  if (row && !other && !dragged) open(view, row, event);
}

function follow(view, row, event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  view.send('follow', { id: idOf(row), column: event.target.closest('[data-name]').dataset.name });
}

function open(view, row, event) {
  const link = row.querySelector('a.open');
  const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
  if (elsewhere && link && !event.target.closest('a')) window.open(link.href, '_blank', 'noopener');
  if (elsewhere || !view.data.opens) return;
  event.preventDefault();
  if (row.classList.contains('opening')) return;
  row.classList.add('opening');
  setTimeout(() => row.classList.remove('opening'), DOUBLE_CLICK);
  view.send('open', idOf(row));
}

// ---- selecting

function takeSelection(view) {
  const given = view.data.selection;
  if (!given) return;
  const older = given.epoch === view.epoch && given.turn < view.turn; // the server has not seen the latest tick yet
  if (!older) Object.assign(view, { selected: new Set(given.ids), turn: given.turn });
  if (given.epoch !== view.epoch) Object.assign(view, { epoch: given.epoch, anchor: null });
  view.selected.forEach(id => view.rows.has(id) || view.selected.delete(id));
  showSelection(view);
}

function onTick(view, box) {
  const row = box.closest('tr[data-id]');
  const ids = [...view.rows.keys()];
  let range = ids;
  if (row) {
    const [from, to] = [ids.indexOf(view.shift ? view.anchor : -1), ids.indexOf(idOf(row))].sort((a, b) => a - b);
    range = from < 0 ? [idOf(row)] : ids.slice(from, to + 1);
    view.anchor = idOf(row);
  }
  range.forEach(id => (box.checked ? view.selected.add(id) : view.selected.delete(id)));
  showSelection(view);
  view.turn += 1;
  view.keep('selected', { epoch: view.epoch, turn: view.turn, ids: [...view.selected] });
}

function showSelection(view) {
  const { rows, selected } = view;
  for (const [id, row] of rows) {
    row.setAttribute('aria-selected', selected.has(id));
    row.querySelector('.pick input').checked = selected.has(id);
  }
  const all = view.head.querySelector('.pick input');
  all.checked = rows.size > 0 && selected.size === rows.size;
  all.indeterminate = selected.size > 0 && !all.checked;
}

// ---- keyboard

function onKey(view, event) {
  const row = rowOf(event);
  view.shift = event.shiftKey;
  if (!row || event.altKey) return;
  const rows = [...view.rows.values()];
  const at = rows.indexOf(row);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + 10, PageUp: at - 10, Home: 0, End: rows.length - 1 }[event.key];
  const menuKey = event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey);
  if (to !== undefined) makeCurrent(view, rows[Math.max(0, Math.min(rows.length - 1, to))]).focus();
  else if (menuKey && row.querySelector('.act button')) openMenu(view, row, row.querySelector('.act button'));
  else if (event.target !== row) return;
  else if (event.key === 'Enter') open(view, row, event);
  else if (event.key === ' ') row.querySelector('.pick input')?.click();
  else return;
  event.preventDefault();
}

function makeCurrent(view, row) {
  const stops = (node, index) => node?.querySelectorAll('a, input, button').forEach(inner => { inner.tabIndex = index; });
  if (view.current && view.current !== row) { view.current.tabIndex = -1; stops(view.current, -1); }
  if (row) { row.tabIndex = 0; stops(row, 0); }
  view.current = row;
  return row;
}

function focusedPlace(view) {
  const node = view.root.getRootNode().activeElement;
  const row = node?.closest('tr[data-id]');
  if (!row || !view.root.contains(node)) return null;
  const inner = node === row ? null : ['.open', '.pick input', '.act button'].find(one => node.matches(one));
  return { node, id: idOf(row), inner, index: [...view.rows.keys()].indexOf(idOf(row)) };
}

function putFocusBack(view, { node, id, inner, index }) {
  if (node.isConnected && view.root.getRootNode().activeElement === node) return;
  const rows = [...view.rows.values()];
  const row = view.rows.get(id) ?? rows[Math.min(index, rows.length - 1)];
  ((inner && row?.querySelector(inner)) || row)?.focus({ preventScroll: true });
}

// ---- the menu of a row

function openMenu(view, row, button) {
  if (view.dismissed === idOf(row)) return; // this very click closed it
  const offered = view.data.rows.find(one => one.id === idOf(row)).actions;
  const items = view.data.actions.filter(([name]) => offered.includes(name));
  view.menu.replaceChildren(...items.map(([name, label]) =>
    make('button', { type: 'button', role: 'menuitem', 'data-name': name }, label)));
  Object.assign(view, { menuRow: idOf(row), menuButton: button });
  view.menu.showPopover();
  const { top, bottom, right } = button.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = view.menu;
  const below = bottom + offsetHeight < window.innerHeight;
  view.menu.style.left = `${Math.max(8, right - offsetWidth)}px`;
  view.menu.style.top = `${below ? bottom : Math.max(8, top - offsetHeight)}px`;
  view.menu.firstChild.focus({ preventScroll: true });
}

function onChosen(view, item) {
  if (!item) return;
  view.menu.hidePopover();
  view.send('act', { action: item.dataset.name, id: view.menuRow });
}

function onMenuKey(view, event) {
  const items = [...view.menu.children];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === 'Tab' || event.key === 'Escape') { view.menu.hidePopover(); view.menuButton.focus(); }
  if (step) items[(items.indexOf(event.target) + step + items.length) % items.length].focus();
  if (step || event.key === 'Escape') event.preventDefault();
}
