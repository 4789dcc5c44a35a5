// What the reader asks for, and how it stands in the page's address, so that a view can be linked.

const data = JSON.parse(document.getElementById("data").textContent);

/** `chosen` holds, by facet, the positions of the values that were ticked. */
const state = { query: "", sort: "newest", chosen: new Map(data.facets.map((facet) => [facet.name, new Set()])) };

function isFiltered() {
  return state.query !== "" || [...state.chosen.values()].some((chosen) => chosen.size > 0);
}

function clearState() {
  state.query = "";
  for (const chosen of state.chosen.values()) chosen.clear();
}

function toggle(facet, position) {
  const chosen = state.chosen.get(facet);
  if (!chosen.delete(position)) chosen.add(position);
}

function positionOf(facet, id) {
  return data.facets.find((one) => one.name === facet).values.findIndex((value) => value.id === id);
}

function stateInAddress() {
  const parts = new URLSearchParams();
  if (state.query) parts.set("q", state.query);
  for (const { name, values } of data.facets) {
    for (const position of state.chosen.get(name)) parts.append(name, values[position].id);
  }
  if (state.sort !== "newest") parts.set("sort", state.sort);
  return parts.toString();
}

/** Take the state from the address. An address of a single work, which has no `=`, says nothing of it. */
function readAddress() {
  const hash = location.hash.slice(1);
  if (hash && !hash.includes("=")) return false;
  const parts = new URLSearchParams(hash);
  clearState();
  state.query = parts.get("q") ?? "";
  const sort = parts.get("sort") ?? "";
  state.sort = sort === "latest" || Object.hasOwn(data.orders, sort) ? sort : "newest";
  for (const [name, chosen] of state.chosen) {
    for (const id of parts.getAll(name)) {
      const position = positionOf(name, id);
      if (position >= 0) chosen.add(position);
    }
  }
  return true;
}

/** A step that the back button undoes, or (while typing) none. */
function writeAddress({ step }) {
  const hash = stateInAddress();
  if (hash === location.hash.slice(1)) return;
  const address = hash ? `#${hash}` : location.pathname + location.search;
  history[step ? "pushState" : "replaceState"](null, "", address);
}

/** The id in an address of a single work. */
function namedInAddress() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return ""; // a stray percent sign
  }
}
