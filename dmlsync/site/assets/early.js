// Before anything is painted: scripts run here, and the colours that the reader chose last time.
document.documentElement.classList.add("js");
addEventListener("load", () => document.documentElement.classList.add("ready"));
try {
  const chosen = localStorage.getItem("dmlsync-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch { /* storage may be forbidden */ }
