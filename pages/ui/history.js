// What no table draws, such as cards, shows its next page from the top.
//
// Streamlit opens a record in two steps, each an entry of the browser's history: first the new query at the old address,
// then the new address. The first would be a screen where nobody was, so that "back" led there: the second replaces it.

const SOON = 3000; // ms between the two steps

let turned = 0;

export default function ({ data }) {
  if (data.turned !== turned) document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  turned = data.turned;
  if (history.pushState.joined) return;
  const push = history.pushState.bind(history);
  let query = null;
  const join = (state, title, url) => {
    const to = new URL(url, location.href);
    const second = to.pathname !== location.pathname && query?.search === to.search && Date.now() - query.at < SOON;
    query = to.pathname === location.pathname ? { search: to.search, at: Date.now() } : null;
    if (second) history.replaceState(state, title, url);
    else push(state, title, url);
  };
  join.joined = true;
  history.pushState = join;
}
