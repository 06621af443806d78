// The part of the sign-in page that only a browser can do: exchange a ticket for a cookie that scripts cannot read,
// take the cookie back, and tell password managers which field is which.

const COMPLETE = 'autocomplete', CHANNEL = 'crm-sign-in';

export default function ({ data, setTriggerValue }) {
  const ends = [];
  if (data.ticket) exchange(data.ticket, setTriggerValue);
  else if (data.leave) leave();
  else ends.push(nameFields(data.fields ?? {}), waitForOtherTabs());
  return () => ends.forEach((end) => end());
}

async function exchange(ticket, setTriggerValue) {
  const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ticket }) };
  const answer = await fetch('/auth/exchange', options).catch(() => null);
  if (!answer?.ok) {
    setTriggerValue('failed', true);
    return;
  }
  new BroadcastChannel(CHANNEL).postMessage('signed in');
  window.location.reload();
}

// What was typed and not sent goes with the person; see typed.js.
function leave() {
  Object.keys(sessionStorage)
    .filter((key) => key.startsWith('crm:typed:'))
    .forEach((key) => sessionStorage.removeItem(key));
  window.location.assign('/auth/logout');
}

// Whoever signs in again in one tab does not have to do it in each.
function waitForOtherTabs() {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = () => window.location.reload();
  return () => channel.close();
}

// The form is drawn by the server and may come later than this script.
function nameFields(fields) {
  const mark = () => {
    for (const [label, kind] of Object.entries(fields)) {
      const input = document.querySelector(`input[aria-label="${CSS.escape(label)}"]`);
      if (input && input.getAttribute(COMPLETE) !== kind) {
        input.setAttribute(COMPLETE, kind);
        input.setAttribute('name', kind);
        if (kind === 'username' && document.activeElement === document.body) input.focus();
      }
    }
  };
  mark();
  const observer = new MutationObserver(mark);
  observer.observe(document.body, { childList: true, subtree: true });
  return () => observer.disconnect();
}
