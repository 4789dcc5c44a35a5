// Keys: / to search, Escape to clear, arrows through the works.

const query = document.getElementById("query");

function buildKeyboard({ onClear }) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const isTyping = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (event.key === "/" && !isTyping) {
      event.preventDefault();
      query.focus();
      query.select();
    } else if (event.key === "Escape" && event.target.tagName !== "SELECT") {
      escape(event, onClear);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      walk(event, event.key === "ArrowDown" ? 1 : -1);
    }
  });
}

/** In the search field, first the words go, then the filters, then the focus. */
function escape(event, onClear) {
  if (event.target === query && query.value) {
    event.preventDefault();
    onClear({ onlyQuery: true });
  } else if (isFiltered()) {
    onClear({ onlyQuery: false });
  } else if (event.target === query) {
    query.blur();
  }
}

/** From the search field to the first work, from a work to the next one or back; anywhere else arrows scroll. */
function walk(event, step) {
  const here = event.target.closest("#works > li");
  if (!here && !(event.target === query && step > 0)) return;
  const place = here ? matched.findIndex((row) => row.item === here) + step : 0;
  event.preventDefault();
  if (place < 0) query.focus();
  else if (place < matched.length && renderUpTo(place)) matched[place].item.querySelector("h3 a, a, button")?.focus();
}
