// Before the first paint, so that a page in a chosen theme does not flash in the other one.
try {
  const theme = localStorage.getItem("reward-dial-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage can be switched off; the system's theme is used then.
}
