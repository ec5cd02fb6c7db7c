// What a developer should know of a page. It is on pages while DEBUG is on, and on no others.
window.addEventListener("load", () => {
  "use strict";

  const { htmx } = window;
  const warn = (sentence) => console.warn(`auth_ui: ${sentence}`);
  const hasDialog = document.getElementById("auth-ui-dialog");
  if (!hasDialog) warn('this page has no {% include "auth_ui/dialog.html" %}, so it is not covered.');
  if (parseFloat(htmx?.version) < 2) warn(`htmx ${htmx.version} is too old, use htmx 2 or 4.`);
  // No check of the server's sees this.
  else if (htmx?.config.historyCacheSize > 0) warn("set htmx.config.historyCacheSize = 0");
});
