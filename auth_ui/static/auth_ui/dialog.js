// The sign-in dialog, and what a person reads when the server does not answer as it should.
(() => {
  const dialog = () => document.getElementById("auth-ui-dialog");
  const body = () => document.getElementById("auth-ui-dialog-body");

  // The one adapter for htmx 2 and 4, which name and fill their events differently.

  const isOurs = (element) => element?.matches?.("[data-auth-ui]");
  const source = ({ ctx, requestConfig, elt }) => ctx?.sourceElement ?? requestConfig?.elt ?? elt;
  const status = ({ ctx, xhr }) => ctx?.response?.status ?? xhr?.status ?? 0;

  function on(names, handler) {
    for (const name of names) {
      document.addEventListener(name, (event) => {
        const element = source(event.detail);
        if (isOurs(element)) handler(element, status(event.detail), event);
      });
    }
  }

  // Opening and closing.

  let opener = null;

  function open(element) {
    if (!dialog() || dialog().open) return;
    opener = element;
    dialog().showModal();
  }

  document.addEventListener("click", ({ target }) => {
    const link = target.closest?.('[data-auth-ui="open"]');
    if (link) opener = link;
  });

  for (const name of ["htmx:afterSwap", "htmx:after:swap"]) {
    document.addEventListener(name, () => {
      if (body()?.childElementCount) open(opener);
    });
  }

  document.addEventListener("close", ({ target }) => {
    if (target !== dialog()) return;
    body().replaceChildren();
    opener?.focus();
  }, true);

  // Trouble: a sentence instead of silence, and the form stays as it was typed.

  function tell(element, template) {
    const words = document.getElementById(template)?.content.cloneNode(true).firstElementChild;
    if (!words) return;
    const form = element.closest("#auth-ui-login");
    if (form) {
      form.querySelectorAll(".auth-ui-summary").forEach((summary) => summary.remove());
      element.before(words);
    } else {
      body()?.replaceChildren(words);
      open(element);
    }
    words.focus();
  }

  function fail(element, template) {
    element.dispatchEvent(new CustomEvent("auth-ui:idle", { bubbles: true }));
    tell(element, template);
  }

  on(["htmx:beforeOnLoad", "htmx:before:response"], (element, code, event) => {
    if (code < 400) return;
    event.preventDefault();
    fail(element, code < 500 ? "auth-ui-refused" : "auth-ui-server-error");
  });

  on(["htmx:sendError", "htmx:timeout", "htmx:error"], (element, code) => {
    if (!code) fail(element, "auth-ui-no-answer");
  });
})();
