// Copying BibTeX and \cite, and showing abstracts.

function say(text) {
  document.getElementById("said").textContent = text;
}

async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text); // no permission, or a page that came without TLS
  }
}

function copyTheOldWay(text) {
  const before = document.activeElement;
  const area = element("textarea", { value: text, className: "unseen" });
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  before?.focus();
  return isCopied;
}

/** Copy, and say so on the button and to screen readers; where nothing may be copied, show the text instead. */
async function copy(text, what, button, place) {
  if (!(await toClipboard(text))) {
    showBelow(place, "pre", text);
    say(`${what} could not be copied: it is shown instead`);
    return;
  }
  say(`${what} copied`);
  if (button.dataset.copied) return;
  button.dataset.copied = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => {
    button.textContent = button.dataset.copied;
    delete button.dataset.copied;
  }, 1600);
}

function showBelow(place, name, text) {
  hideBelow(place);
  const shown = element(name, { className: "below", textContent: text, dir: "auto" });
  place.append(shown);
}

function hideBelow(place) {
  place.querySelector(".below")?.remove();
  place.querySelector("[aria-expanded=true]")?.setAttribute("aria-expanded", "false");
}

function toggleAbstract(button, item, text) {
  if (button.ariaExpanded === "true") {
    hideBelow(item);
  } else {
    showBelow(item, "p", text);
    button.ariaExpanded = "true";
  }
}

function buildCopying() {
  const workOf = new Map(rows.map((row) => [row.item, row.work]));
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const item = button.closest("li"), work = workOf.get(item);
    if (button.dataset.do === "cite") copy(`\\cite{${work.key}}`, `\\cite{${work.key}}`, button, item);
    else if (button.dataset.do === "bib") copy(work.bib, `BibTeX of ${work.key}`, button, item);
    else toggleAbstract(button, item, work.abstract);
  });
  document.getElementById("copy-all").addEventListener("click", (event) => {
    const entries = matched.map((row) => row.work.bib).filter(Boolean);
    const said = entries.length === 1 ? "1 entry" : `${entries.length} entries`;
    copy(`${entries.join("\n\n")}\n`, said, event.currentTarget, document.querySelector(".found"));
  });
}
