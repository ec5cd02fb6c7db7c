// What our forms do by themselves.
(() => {
  document.documentElement.dataset.authUiScript = "";

  const marked = (element, name) => element.closest?.(`[data-auth-ui="${name}"]`);
  const passwords = (root) => root.querySelectorAll('[data-auth-ui="reveal"]');

  // Busy: a second click does nothing.

  let timer;

  function setBusy(form, busy) {
    const button = form.querySelector("[data-busy]");
    const status = form.querySelector('[data-auth-ui="status"]');
    if (form.hasAttribute("data-auth-ui-busy") === busy) return;
    form.toggleAttribute("data-auth-ui-busy", busy);
    if (!button) return;
    button.setAttribute("aria-disabled", busy);
    [button.textContent, button.dataset.busy] = [button.dataset.busy, button.textContent];
    if (status) status.textContent = busy ? button.textContent : "";
    clearTimeout(timer);
    // A download may have come. Other forms may act twice.
    if (busy && form.matches("[hx-post]")) timer = setTimeout(setBusy, 10000, form, false);
  }

  document.addEventListener("submit", (event) => {
    const form = marked(event.target, "form");
    if (!form) return;
    if (form.matches("[data-auth-ui-busy], [data-auth-ui-wait]")) {
      event.preventDefault();
      return event.stopImmediatePropagation();
    }
    passwords(form).forEach((button) => reveal(button, false));
    setBusy(form, true);
  }, true);

  document.addEventListener("auth-ui:idle", ({ target }) => setBusy(target, false));

  // Password: hidden again on submit and when the page comes back.

  function reveal(button, shown) {
    const input = document.getElementById(button.getAttribute("aria-controls"));
    const isShown = input?.type === "text";
    if (!input || isShown === shown) return;
    input.type = isShown ? "password" : "text";
    [button.textContent, button.dataset.hide] = [button.dataset.hide, button.textContent];
  }

  document.addEventListener("click", ({ target }) => {
    const button = marked(target, "reveal");
    if (button) reveal(button);
  });

  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    passwords(document).forEach((button) => reveal(button, false));
    document.querySelectorAll('[data-auth-ui="form"]').forEach((form) => setBusy(form, false));
  });

  ["keydown", "keyup"].forEach((name) => document.addEventListener(name, (event) => {
    const hint = event.target.closest?.(".auth-ui-field")?.querySelector('[data-auth-ui="caps"]');
    if (!hint || !event.getModifierState) return;
    hint.textContent = event.getModifierState("CapsLock") ? hint.dataset.words : "";
  }));

  // Refused: the wait is shown, and said at times.

  function inWords(seconds) {
    const [count, unit] = seconds > 90 ? [Math.ceil(seconds / 60), "minute"] : [seconds, "second"];
    return count.toLocaleString(document.documentElement.lang || [], { style: "unit", unit, unitDisplay: "long" });
  }

  function countDown() {
    const refusal = document.querySelector("[data-seconds]");
    const form = refusal?.parentElement.querySelector('[data-auth-ui="form"]');
    if (!form || form.hasAttribute("data-auth-ui-wait")) return;
    const end = Date.now() + refusal.dataset.seconds * 1000;
    const name = () => form.elements.username?.value;
    const refused = name();

    function tick() {
      const left = Math.ceil((end - Date.now()) / 1000);
      const waits = left > 0 && name() === refused;
      const sentence = waits ? inWords(left) : refusal.dataset.over;
      form.toggleAttribute("data-auth-ui-wait", waits);
      form.querySelector("[data-busy]").setAttribute("aria-disabled", waits);
      (waits ? refusal.querySelector("[aria-hidden]") : refusal).textContent = sentence;
      if (!waits || left % 60 === 0 || left === 10) form.querySelector('[data-auth-ui="status"]').textContent = sentence;
      if (waits && form.isConnected) setTimeout(tick, 1000);
    }

    tick();
  }

  ["htmx:afterSwap", "htmx:after:swap"].forEach((name) => document.addEventListener(name, countDown));
  countDown();

  // Errors: a corrected field loses its own.

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('[data-auth-ui="summary"] a');
    if (!link) return;
    event.preventDefault();
    const field = document.getElementById(link.hash.slice(1));
    (field?.querySelector("input, select") ?? field)?.focus();
  });

  // A description that is gone describes nothing.
  function clearError(id) {
    const summary = document.querySelector('[data-auth-ui="summary"]');
    const links = summary?.querySelectorAll(`[href="#${id.replace("_error", "")}"]`);
    document.getElementById(id)?.remove();
    document.querySelectorAll(`[aria-describedby~="${id}"]`)
      .forEach((field) => field.removeAttribute("aria-invalid"));
    links?.forEach((link) => link.closest("li").remove());
    if (!summary?.querySelector("li")) summary?.remove();
  }

  document.addEventListener("input", ({ target }) => {
    if (!marked(target, "form") || target.value === "") return;
    target.getAttribute("aria-describedby")?.match(/\S+_error\b/g)?.forEach(clearError);
  });
})();
