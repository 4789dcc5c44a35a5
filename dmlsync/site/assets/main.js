// Everything together.

const counted = document.getElementById("count");
const sorting = document.getElementById("sort");

function number(count) {
  return count.toLocaleString("en");
}

/** Bring the page in line with the state. */
function show() {
  const focused = document.activeElement;
  const { matching, counts, inChart } = search();
  showRows(matching);
  showFacets(counts);
  showChart(inChart);
  showChosen();
  const all = `${number(rows.length)} ${rows.length === 1 ? "work" : "works"}`;
  const said = matching.size === rows.length ? all : `${number(matching.size)} of ${all}`;
  if (counted.textContent !== said) counted.textContent = said;
  document.getElementById("nothing").hidden = matching.size > 0;
  document.getElementById("copy-all").hidden = matching.size === 0;
  if (query.value !== state.query) query.value = state.query;
  sorting.value = state.sort;
  if (focused !== document.activeElement) (focused.isConnected ? focused : counted).focus({ preventScroll: true });
}

/** The chosen values as buttons that take them back. */
function showChosen() {
  const chips = [];
  for (const { name, values } of data.facets) {
    for (const position of state.chosen.get(name)) {
      const label = values[position].label;
      const chip = element("button", { type: "button", className: "chip", ariaLabel: `Remove filter ${label}` });
      chip.append(element("bdi", { textContent: label }), " ×");
      chip.addEventListener("click", () => choose(name, position));
      chips.push(chip);
    }
  }
  if (isFiltered()) {
    const clear = element("button", { type: "button", className: "quiet", textContent: "Clear all" });
    clear.dataset.clear = "";
    chips.push(clear);
  }
  document.getElementById("chosen").replaceChildren(...chips);
}

function choose(facet, position) {
  toggle(facet, position);
  writeAddress({ step: true });
  show();
}

function clear({ onlyQuery }) {
  if (onlyQuery) state.query = "";
  else clearState();
  writeAddress({ step: true });
  show();
}

let saving = 0;
query.addEventListener("input", () => {
  state.query = query.value;
  show();
  clearTimeout(saving);
  saving = setTimeout(() => writeAddress({ step: false }), 250); // browsers refuse too many changes
});
sorting.addEventListener("change", () => {
  state.sort = sorting.value;
  writeAddress({ step: true });
  show();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-clear]")) clear({ onlyQuery: false });
});
addEventListener("popstate", () => {
  if (readAddress()) show();
  else goToWork();
});

const filters = document.getElementById("filters");
const isWide = matchMedia("(min-width: 62rem)");
filters.open = isWide.matches;
isWide.addEventListener("change", () => { filters.open = isWide.matches; });

buildFacets(document.getElementById("facets"), choose);
buildChart(choose);
buildCopying();
buildTheme();
buildKeyboard({ onClear: clear });
buildResults();
readAddress();
show();
goToWork();
