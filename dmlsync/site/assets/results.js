// The list: which works match, in which order, and where their words are marked.
//
// The works stand in the page's HTML; here they are taken out of the document and come back a few at a time, as far as
// the reader scrolls. A browser needs seconds to lay thousands of them out anew, and milliseconds for the first few.

const FIRST = 25, MORE = 50;
const list = document.getElementById("works");
const moreButton = document.getElementById("more");
const rows = [...list.children].map((item, position) => {
  const work = data.works[position];
  const texts = [...item.querySelectorAll("h3, .by")].map((part) => part.textContent);
  return { item, work, year: work.year[0], text: fold([...texts, work.more, work.abstract].join("\n")) };
});
const OTHERS = figure ? figure.querySelectorAll("[data-venue]").length : 0;
const marks = globalThis.Highlight && CSS.highlights ? new Highlight() : null;
let words = [], matched = rows, rendered = 0;

/** Which works match, and how many each value of each facet would leave beside the other facets. */
function search() {
  words = wordsOf(state.query);
  const names = data.facets.map((facet) => facet.name);
  const counts = new Map(data.facets.map((facet) => [facet.name, new Array(facet.values.length).fill(0)]));
  const inChart = new Map(), matching = new Set();
  for (const row of rows) {
    if (!words.every((word) => row.text.includes(word))) continue;
    const missed = names.filter((name) => !passes(row.work, name));
    if (missed.length > 1) continue;
    if (missed.length === 0) matching.add(row);
    for (const name of missed.length ? missed : names) {
      for (const position of row.work[name]) counts.get(name)[position] += 1;
    }
    if (missed.length === 0 || missed[0] === "year") {
      const cell = `${row.year} ${Math.min(row.work.venue[0] ?? OTHERS, OTHERS)}`;
      inChart.set(cell, (inChart.get(cell) ?? 0) + 1);
    }
  }
  return { matching, counts, inChart };
}

function passes(work, facet) {
  const chosen = state.chosen.get(facet);
  return chosen.size === 0 || work[facet].some((position) => chosen.has(position));
}

function inOrder() {
  if (state.sort === "newest") return rows;
  const order = data.orders[state.sort === "latest" ? "listed" : state.sort].map((position) => rows[position]);
  return state.sort === "latest" ? order.reverse() : order;
}

function showRows(matching) {
  matched = inOrder().filter((row) => matching.has(row));
  rendered = 0;
  list.replaceChildren();
  marks?.clear();
  renderMore(FIRST);
}

/** The next works. Under orders by year, the year stands only where it changes. */
function renderMore(number) {
  const isByYear = state.sort === "newest" || state.sort === "oldest";
  const next = matched.slice(rendered, rendered + number);
  next.forEach((row, at) => {
    const isAgain = isByYear && matched[rendered + at - 1]?.year === row.year;
    row.item.classList.toggle("again", isAgain);
  });
  list.append(...next.map((row) => row.item));
  rendered += next.length;
  moreButton.hidden = rendered === matched.length;
  if (marks && words.length) for (const row of next) markItem(row.item);
}

/** Bring a work into the document, as far down as it may be; false where it does not match. */
function renderUpTo(place) {
  if (place >= rendered) renderMore(place - rendered + MORE);
  return place >= 0;
}

/** Mark the words that were searched for. Ranges change nothing in the document, so that links and copies stay whole. */
function markItem(item) {
  const texts = document.createTreeWalker(item, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (text.parentElement.closest("button, .filed, .year")) continue;
    for (const [start, end] of placesOf(text.data, words)) {
      marks.add(new StaticRange({ startContainer: text, startOffset: start, endContainer: text, endOffset: end }));
    }
  }
}

function buildResults() {
  if (marks) CSS.highlights.set("match", marks);
  moreButton.addEventListener("click", () => renderMore(MORE));
  const watcher = new IntersectionObserver((changes) => {
    if (changes.some((change) => change.isIntersecting) && rendered < matched.length) {
      renderMore(MORE);
      watcher.unobserve(moreButton); // observe anew: it may still be in view, and that alone is no change
      watcher.observe(moreButton);
    }
  }, { rootMargin: "1500px" });
  watcher.observe(moreButton);
  addEventListener("beforeprint", () => renderMore(Infinity));
}

/** Go to the work that an address such as `#work-key` names, also where it is not in the document yet. */
function goToWork() {
  const place = matched.findIndex((row) => row.item.id && row.item.id === namedInAddress());
  for (const row of rows) row.item.classList.toggle("named", row === matched[place]);
  if (renderUpTo(place)) matched[place].item.scrollIntoView({ block: "center" });
}
