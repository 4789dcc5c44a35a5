// The chart follows the filters: bars shrink to what matches, and a click on a year or a venue filters by it.

const figure = document.getElementById("chart");
const names = figure ? [...figure.querySelectorAll(".legend li")].map((item) => item.textContent) : [];
const columns = figure ? [...figure.querySelectorAll("a[data-year]")] : [];

function buildChart(onToggle) {
  if (!figure) return;
  columns.forEach((column, at) => column.setAttribute("tabindex", at === columns.length - 1 ? 0 : -1));
  figure.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    const facet = link.dataset.year ? "year" : "venue";
    onToggle(facet, positionOf(facet, link.dataset[facet]));
  });
  figure.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const next = columns[columns.indexOf(document.activeElement) + step];
    if (!step || !columns.includes(document.activeElement) || !next) return;
    event.preventDefault();
    document.activeElement.setAttribute("tabindex", -1);
    next.setAttribute("tabindex", 0);
    next.focus();
  });
}

/** `counts` has a number for each year and series, both by position; the scale stays that of the whole library. */
function showChart(counts) {
  if (!figure) return;
  const { floor, unit } = figure.querySelector("svg").dataset;
  const years = state.chosen.get("year"), venues = state.chosen.get("venue");
  for (const column of columns) {
    const year = positionOf("year", column.dataset.year);
    const parts = [];
    let top = Number(floor), total = 0;
    for (const bar of column.querySelectorAll(".bar")) {
      const count = counts.get(`${year} ${bar.dataset.series}`) ?? 0;
      top -= count * unit;
      total += count;
      if (count) parts.push(`${count} ${names[bar.dataset.series]}`);
      bar.setAttribute("y", top);
      bar.setAttribute("height", count * unit);
    }
    const all = `${column.dataset.year}: ${total} ${total === 1 ? "work" : "works"}`;
    const said = total ? `${all}: ${parts.join(", ")}` : all;
    column.setAttribute("aria-label", said);
    column.querySelector("title").textContent = said;
    column.setAttribute("aria-current", years.has(year));
    column.classList.toggle("aside", years.size > 0 && !years.has(year));
  }
  for (const link of figure.querySelectorAll("[data-venue]")) {
    const isChosen = venues.has(positionOf("venue", link.dataset.venue));
    link.setAttribute("aria-current", isChosen);
    link.classList.toggle("aside", venues.size > 0 && !isChosen);
  }
}
