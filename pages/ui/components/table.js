// The list table. table.py sends the data and checks what comes back; texts only ever become text nodes.

// rem; a column is as wide as its longest text, within these bounds: texts give way when there is not room for all
const GIVES_WAY = { text: 5.5, link: 7 };
const NAME = 9; // the first one less than others: it says what the row is
const MOST = 24;
const PROGRESS = 7.5;
const NEARER = 0.65; // by which columns move together, rather than scroll sideways; .tight in table.css
const DOUBLE_CLICK = 700; // ms in which the same row does not open again
const views = new WeakMap();

export default function (component) {
  const view = views.get(component.parentElement) ?? build(component.parentElement);
  view.send = component.setTriggerValue;
  view.keep = component.setStateValue;
  update(view, JSON.parse(new TextDecoder().decode(component.data)));
  return () => { view.stop(); views.delete(component.parentElement); };
}

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function build(parent) {
  const view = { rows: new Map(), selected: new Set(), turn: 0, epoch: null, drawn: '' };
  view.columns = make('colgroup');
  view.head = make('thead', { role: 'rowgroup' });
  view.body = make('tbody', { role: 'rowgroup' });
  view.table = make('table', { role: 'grid' }, view.columns, view.head, view.body);
  view.menu = make('div', { class: 'menu', role: 'menu', popover: 'auto' });
  view.frame = make('div', { class: 'frame' }, view.table);
  view.root = make('div', { class: 'root' }, view.frame, view.menu);
  parent.append(view.root);
  views.set(parent, view);
  listen(view);
  return view;
}

function listen(view) {
  const { table, menu } = view;
  table.addEventListener('pointerdown', event => {
    Object.assign(view, { shift: event.shiftKey, x: event.clientX, y: event.clientY });
    view.dismissed = menu.matches(':popover-open') ? view.menuRow : null;
  });
  table.addEventListener('click', event => onClick(view, event));
  table.addEventListener('change', event => onTick(view, event.target));
  table.addEventListener('keydown', event => onKey(view, event));
  table.addEventListener('focusin', event => rowOf(event) && makeCurrent(view, rowOf(event)));
  table.addEventListener('pointerover', event => explainCut(event.target.closest('.value, .label')));
  menu.addEventListener('click', event => onChosen(view, event.target.closest('button')));
  menu.addEventListener('keydown', event => onMenuKey(view, event));
  const hide = () => menu.matches(':popover-open') && menu.hidePopover();
  const size = new ResizeObserver(() => fit(view));
  size.observe(view.root);
  document.addEventListener('scroll', hide, { capture: true, passive: true });
  view.stop = () => { size.disconnect(); document.removeEventListener('scroll', hide, { capture: true }); };
}

// ---- drawing

function update(view, data) {
  const turnedPage = view.data && view.data.scope !== data.scope;
  const focus = focusedPlace(view);
  view.data = data;
  view.table.setAttribute('aria-label', data.words.table);
  view.table.setAttribute('aria-multiselectable', Boolean(data.selection));
  view.frame.classList.toggle('opens', data.opens);
  drawHead(view);
  drawWidths(view);
  drawBody(view);
  takeSelection(view);
  if (!view.current?.isConnected) makeCurrent(view, view.body.querySelector('tr[data-id]'));
  if (focus) putFocusBack(view, focus);
  if (view.menu.matches(':popover-open') && !view.rows.has(view.menuRow)) view.menu.hidePopover();
  if (turnedPage) showTop(view);
  fit(view);
  showSorted(view.head.firstChild);
}

// above cards the head scrolls sideways: what the rows are sorted by is in sight
function showSorted(row) {
  const cell = row.querySelector('[aria-sort]');
  if (cell) row.scrollLeft = cell.offsetLeft + cell.offsetWidth - row.clientWidth;
}

function showTop({ root, frame }) {
  frame.scrollTop = 0;
  if (root.getBoundingClientRect().top < 0) root.scrollIntoView();
}

function drawHead(view) {
  const { columns, selection, actions, words, sort } = view.data;
  const drawn = JSON.stringify([columns, !selection, actions.length, words]);
  if (drawn !== view.drawn) {
    view.drawn = drawn;
    view.rows.forEach(row => { row.drawn = ''; });
    view.head.replaceChildren(make('tr', { role: 'row' }, ...headCells(view.data)));
  }
  for (const cell of view.head.querySelectorAll('th[data-name]')) {
    const sorted = sort && sort[0] === cell.dataset.name;
    if (sorted) cell.setAttribute('aria-sort', sort[1] ? 'descending' : 'ascending');
    else cell.removeAttribute('aria-sort');
  }
}

function drawWidths(view) {
  const { columns, rows, selection, actions } = view.data;
  const cols = columns.map((column, index) => widthOf(column, rows.map(({ cells }) => cells[index]), index === 0));
  if (selection) cols.unshift({ least: 2.5, want: 2.5, fixed: true });
  if (actions.length) cols.push({ least: 2.75, want: 2.75, fixed: true });
  view.widths = cols;
  view.columns.replaceChildren(...cols.map(() => make('col')));
}

function widthOf({ label, kind, width, sortable }, cells, first) {
  if (width) return { least: width, want: width, fixed: true };
  const texts = cells.map(cell => textWidth(cell.text ?? cell));
  const around = kind === 'badge' ? 2.25 : 1.5;
  const longest = kind === 'progress' ? PROGRESS : Math.max(0, ...texts);
  const want = Math.min(MOST, Math.ceil(2 * Math.max(longest + around, textWidth(label) + (sortable ? 2.5 : 1.5))) / 2);
  return { want, least: Math.min(want, first ? NAME : (GIVES_WAY[kind] ?? want)), flexible: kind in GIVES_WAY };
}

// About how wide a text is in rem: Chinese characters are square, letters about half as wide, digits a little less.
function textWidth(text) {
  const width = letter => (letter > '\u2e7f' ? 0.95 : /[a-z]/i.test(letter) ? 0.53 : 0.48);
  return [...text].reduce((sum, letter) => sum + width(letter), 0);
}

function headCells({ columns, selection, actions, words }) {
  const cells = columns.map((column, index) => make('th',
    { scope: 'col', role: 'columnheader', class: `k-${column.kind}${index ? '' : ' first'}`, 'data-name': column.name, 'data-sortable': column.sortable },
    column.sortable ? make('button', { type: 'button', class: 'sort label' }, column.label) : make('span', { class: 'label' }, column.label)));
  if (selection) {
    const box = make('input', { type: 'checkbox', 'aria-label': words.select_all, title: words.select_all });
    cells.unshift(make('th', { scope: 'col', role: 'columnheader', class: 'pick' }, make('label', {}, box)));
  }
  if (actions.length) cells.push(make('th', { scope: 'col', role: 'columnheader', class: 'act', 'aria-label': words.actions }));
  return cells;
}

function drawBody(view) {
  const before = view.rows;
  view.rows = new Map();
  const nodes = view.data.rows.map(row => {
    const node = before.get(row.id) ?? make('tr', { role: 'row', tabindex: -1, 'data-id': row.id });
    const drawn = JSON.stringify([row, view.data.href]);
    if (node.drawn !== drawn) { node.replaceChildren(...rowCells(view, row)); node.drawn = drawn; }
    node.tabIndex = node === view.current ? 0 : -1;
    view.rows.set(row.id, node);
    return node;
  });
  if (!nodes.length) nodes.push(emptyRow(view.data));
  arrange(view.body, nodes);
}

function arrange(body, nodes) {
  const wanted = new Set(nodes);
  [...body.children].filter(node => !wanted.has(node)).forEach(node => node.remove());
  nodes.forEach((node, index) => { if (body.children[index] !== node) body.insertBefore(node, body.children[index] ?? null); });
}

function emptyRow({ columns, empty }) {
  return make('tr', { role: 'row', class: 'none' }, make('td', { role: 'gridcell', colspan: columns.length + 2 }, empty));
}

function rowCells(view, { id, cells, actions }) {
  const { columns, selection, href, words } = view.data;
  const address = href?.replace('{id}', id);
  const drawn = columns.map((column, index) => cell(column, cells[index], index === 0, address));
  const name = drawn[0].textContent;
  if (selection) {
    const box = make('input', { type: 'checkbox', tabindex: -1, 'aria-label': `${words.select_row} ${name}` });
    drawn.unshift(make('td', { role: 'gridcell', class: 'pick' }, make('label', {}, box)));
  }
  if (view.data.actions.length) {
    const more = { type: 'button', tabindex: -1, 'aria-haspopup': 'menu', 'aria-label': `${words.actions} ${name}` };
    drawn.push(make('td', { role: 'gridcell', class: 'act' }, ...(actions.length ? [make('button', more, '⋮')] : [])));
  }
  return drawn;
}

function cell(column, given, first, address) {
  const value = typeof given === 'string' ? { text: given } : given;
  const kind = `k-${column.kind}${first ? ' first' : ''}${value.text ? '' : ' empty'}${column.card ? '' : ' wide-only'}`;
  const node = first ? make('th', { scope: 'row', role: 'rowheader' }) : make('td', { role: 'gridcell' });
  node.className = kind;
  Object.assign(node.dataset, { label: column.label, name: column.name });
  node.append(content(column.kind, value, first ? address : value.href, first));
  return node;
}

function content(kind, { text, hint, tone, share, href }, address, first) {
  const look = { class: `value${tone ? ` tone-${tone}` : ''}`, title: hint };
  if (!text) return make('span', { class: 'value' }, kind === 'flag' ? '' : '–');
  if (kind === 'badge') look.class += ' badge';
  if (kind === 'flag') Object.assign(look, { role: 'img', 'aria-label': hint ?? text });
  if (address) return make('a', { ...look, class: `${look.class}${first ? ' open' : ''}`, href: address, tabindex: -1 }, text);
  if (kind !== 'progress') return make('span', look, text);
  const bar = make('span', { class: 'bar', 'aria-hidden': true }, make('i'));
  bar.firstChild.style.width = `${Math.round(100 * Math.min(1, Math.max(0, share ?? 0)))}%`;
  return make('span', look, bar, text);
}

function fit(view) {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const room = view.root.clientWidth / rem;
  const tight = room < (view.widths ?? []).reduce((total, col) => total + col.least, 0);
  const cols = (view.widths ?? []).map(col => (tight && !col.fixed ? { ...col, least: col.least - NEARER } : col));
  const sum = name => cols.reduce((total, col) => total + col[name], 0);
  const [least, want] = [sum('least'), sum('want')];
  const given = want > least ? Math.min(1, Math.max(0, (room - least) / (want - least))) : 1;
  const spare = Math.max(0, room - want) / (cols.reduce((total, col) => total + (col.flexible ? col.want : 0), 0) || 1);
  [...view.columns.children].forEach((node, index) => {
    const col = cols[index];
    node.style.width = `${col.least + (col.want - col.least) * given + (col.flexible ? col.want * spare : 0)}rem`;
  });
  view.table.style.setProperty('--least', `${least}rem`);
  view.root.style.setProperty('--above', `${coveredAbove()}px`);
  view.frame.classList.toggle('tight', tight);
  view.frame.classList.toggle('scrolls', room < least);
}

function coveredAbove() {
  const bar = document.querySelector('[data-testid="stHeader"]');
  const clear = !bar || /^(transparent|rgba\(.*, 0\))$/.test(getComputedStyle(bar).backgroundColor);
  return clear ? 0 : bar.offsetHeight;
}

function explainCut(node) {
  if (!node || node.hasAttribute('title') || node.scrollWidth <= node.clientWidth) return;
  node.title = node.textContent;
}
