// Messages to the server, none of which gets lost on the way. Streamlit joins requests that come while the server is at
// work, and of two messages of one component keeps the newer one: so each goes along until its answer is there. What was
// thrown away altogether, on the way there or back, is said again; the server hears each once.

const MOST_UNHEARD = 20;
const AGAIN = 3000, LAST = 12000; // ms without an answer; twice as long each time

// Sends an event and returns its number. `self.data.answered` is the number of the last one that was dealt with.
function tell(self, event, content) {
  self.message = Math.max((self.message ?? 0) + 1, Date.now());
  self.unheard = [...unheard(self), { ...content, event, message: self.message }].slice(-MOST_UNHEARD);
  sayAll(self, AGAIN);
  return self.message;
}

const unheard = (self) => (self.unheard ?? []).filter(({ message }) => message > self.data.answered);

function sayAll(self, wait) {
  self.trigger('said', self.unheard);
  clearTimeout(self.again);
  self.again = setTimeout(() => {
    self.unheard = unheard(self);
    if (self.unheard.length && wait <= LAST) sayAll(self, 2 * wait);
  }, wait);
}

// The person has been shown that this one came to nothing.
function takeBack(self, message) {
  self.unheard = self.unheard.filter((one) => one.message !== message);
}
