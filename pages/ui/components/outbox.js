// Messages to the server, none of which gets lost on the way. Streamlit joins requests that come while the server is at
// work, and of two messages of one component keeps the newer one: so each goes along until its answer is there.

const MOST_UNHEARD = 20;

// Sends an event and returns its number. `self.data.answered` is the number of the last one that was dealt with.
function tell(self, event, content) {
  self.message = Math.max((self.message ?? 0) + 1, Date.now());
  const waiting = (self.unheard ?? []).filter(({ message }) => message > self.data.answered);
  self.unheard = [...waiting, { ...content, event, message: self.message }].slice(-MOST_UNHEARD);
  self.trigger('said', self.unheard);
  return self.message;
}

// The person has been shown that this one came to nothing.
function takeBack(self, message) {
  self.unheard = self.unheard.filter((one) => one.message !== message);
}
