// Light or dark: as the system has it until the reader chooses; the choice is kept on this device.

const THEMES = { "": "as the system", light: "light", dark: "dark" };

function buildTheme() {
  const button = document.getElementById("theme"), root = document.documentElement;
  const show = () => { button.ariaLabel = button.title = `Colours: ${THEMES[root.dataset.theme ?? ""]}`; };
  button.addEventListener("click", () => {
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = isDark ? "light" : "dark";
    try {
      localStorage.setItem("dmlsync-theme", root.dataset.theme);
    } catch { /* storage may be forbidden */ }
    show();
  });
  show();
}
