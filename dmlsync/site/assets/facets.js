// The filters: a group of boxes for each facet, with the number of works that each would leave.

const SHOWN = 10;
const boxes = new Map();

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function buildFacets(form, onToggle) {
  for (const facet of data.facets) {
    if (facet.values.length < (facet.name === "tag" ? 1 : 2)) continue;
    const list = element("ul");
    boxes.set(facet.name, facet.values.map((value, position) => buildBox(facet.name, value, position, list)));
    const group = element("fieldset", {}, element("legend", { textContent: facet.label }), list);
    group.dataset.facet = facet.name;
    if (facet.values.length > SHOWN + 2 && facet.name !== "year") group.append(buildMore(group, facet));
    form.append(group);
  }
  form.addEventListener("change", (event) => {
    const { facet, position } = event.target.dataset;
    if (facet) onToggle(facet, Number(position));
  });
  form.addEventListener("submit", (event) => event.preventDefault());
}

function buildBox(facet, value, position, list) {
  const box = element("input", { type: "checkbox" });
  Object.assign(box.dataset, { facet, position });
  const number = element("span", { className: "number" });
  const label = element("label", {}, box, element("bdi", { textContent: value.label }), number);
  const item = element("li", { className: position >= SHOWN ? "late" : "" }, label);
  item.dataset.depth = Math.min(value.depth, 3);
  list.append(item);
  return { box, number, item, shown: -1 };
}

function buildMore(group, facet) {
  const more = element("button", { type: "button", className: "quiet", ariaExpanded: "false" });
  more.textContent = `All ${facet.values.length}`;
  group.classList.add("short");
  more.addEventListener("click", () => {
    const isShort = group.classList.toggle("short");
    more.textContent = isShort ? `All ${facet.values.length}` : "Fewer";
    more.ariaExpanded = String(!isShort);
  });
  return more;
}

/** Show the numbers; a value that would leave nothing steps back, one that is chosen never does. */
function showFacets(counts) {
  for (const [facet, rows] of boxes) {
    const chosen = state.chosen.get(facet);
    rows.forEach((row, position) => {
      const count = counts.get(facet)[position];
      if (row.shown !== count) {
        row.shown = count;
        row.number.textContent = number(count);
        row.item.classList.toggle("none", count === 0);
      }
      const isChosen = chosen.has(position);
      if (row.box.checked !== isChosen) row.box.checked = isChosen;
      row.item.classList.toggle("chosen", isChosen);
    });
  }
}
