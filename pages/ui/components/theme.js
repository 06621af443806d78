// Streamlit keeps the chosen theme per address and reads it when the page loads.
export default function ({ data }) {
  const key = (path) => `stActiveTheme-${path}-v2`;
  const chosen = JSON.stringify(data.theme);
  if (localStorage.getItem(key(location.pathname)) === chosen) return;
  for (const path of data.paths) localStorage.setItem(key(path), chosen);
  location.reload();
}
