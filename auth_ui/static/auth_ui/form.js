// What our forms do by themselves.
(() => {
  "use strict";

  document.documentElement.dataset.authUiScript = "";

  // Return the element of ours that an element is, or lies in.
  function closest(element, name) {
    return element.closest?.(`[data-auth-ui="${name}"]`);
  }

  // Return the first element of ours in another one.
  function find(root, name) {
    return root.querySelector(`[data-auth-ui="${name}"]`);
  }

  // Return all of our elements of a name.
  function findAll(root, name) {
    return root.querySelectorAll(`[data-auth-ui="${name}"]`);
  }

  // == Busy: a second click does nothing ==

  let timer;

  // Make a form busy or idle, and say so on its button and to a screen reader.
  function setBusy(form, isBusy) {
    const button = form.querySelector("[data-busy]");
    const status = find(form, "status");
    if (form.hasAttribute("data-auth-ui-busy") === isBusy) return;
    form.toggleAttribute("data-auth-ui-busy", isBusy);
    if (!button) return;
    button.setAttribute("aria-disabled", isBusy);
    [button.textContent, button.dataset.busy] = [button.dataset.busy, button.textContent];
    if (status) status.textContent = isBusy ? button.textContent : "";
    clearTimeout(timer);
    // A download may have come. Other forms may act twice.
    if (isBusy && form.matches("[data-auth-ui-inline]")) timer = setTimeout(setBusy, 10000, form, false);
  }

  document.addEventListener("submit", (event) => {
    const form = closest(event.target, "form");
    if (!form) return;
    if (form.matches("[data-auth-ui-busy], [data-auth-ui-wait]")) {
      event.preventDefault();
      return event.stopImmediatePropagation();
    }
    hidePasswords(form);
    setBusy(form, true);
  }, true);

  document.addEventListener("auth-ui:idle", ({ target }) => setBusy(target, false));

  // == Password: shown on request, hidden again on submit and when the page comes back ==

  // Show or hide the password that a button is for, or change what it is now.
  function reveal(button, isShown) {
    const input = document.getElementById(button.getAttribute("aria-controls"));
    const wasShown = input?.type === "text";
    if (!input || wasShown === isShown) return;
    input.type = wasShown ? "password" : "text";
    [button.textContent, button.dataset.hide] = [button.dataset.hide, button.textContent];
  }

  // Hide each password in a form or page.
  function hidePasswords(root) {
    findAll(root, "reveal").forEach((button) => reveal(button, false));
  }

  document.addEventListener("click", ({ target }) => {
    const button = closest(target, "reveal");
    if (button) reveal(button);
  });

  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    hidePasswords(document);
    findAll(document, "form").forEach((form) => setBusy(form, false));
  });

  // Say at a password field that Caps Lock is on.
  function hintAtCapsLock(event) {
    const field = event.target.closest?.(".auth-ui-field");
    const hint = field && find(field, "caps");
    if (!hint || !event.getModifierState) return;
    hint.textContent = event.getModifierState("CapsLock") ? hint.dataset.words : "";
  }

  document.addEventListener("keydown", hintAtCapsLock);
  document.addEventListener("keyup", hintAtCapsLock);

  // == Refused: the wait is shown, and said at times ==

  // Return a time to wait as people say it.
  function inWords(seconds) {
    const [count, unit] = seconds > 90 ? [Math.ceil(seconds / 60), "minute"] : [seconds, "second"];
    return count.toLocaleString(document.documentElement.lang || [], { style: "unit", unit, unitDisplay: "long" });
  }

  // Keep a refused form from being sent until its wait is over, or another name is typed.
  function countDown() {
    const refusal = document.querySelector("[data-seconds]");
    const form = refusal && find(refusal.parentElement, "form");
    if (!form || form.hasAttribute("data-auth-ui-wait")) return;
    const end = Date.now() + refusal.dataset.seconds * 1000;
    const name = () => form.elements.username?.value;
    const refused = name();

    // Show what is left of it, each second.
    function tick() {
      const left = Math.ceil((end - Date.now()) / 1000);
      const waits = left > 0 && name() === refused;
      const sentence = waits ? inWords(left) : refusal.dataset.over;
      form.toggleAttribute("data-auth-ui-wait", waits);
      form.querySelector("[data-busy]").setAttribute("aria-disabled", waits);
      (waits ? refusal.querySelector("[aria-hidden]") : refusal).textContent = sentence;
      if (!waits || left % 60 === 0 || left === 10) find(form, "status").textContent = sentence;
      if (waits && form.isConnected) setTimeout(tick, 1000);
    }

    tick();
  }

  document.addEventListener("auth-ui:shown", countDown);
  countDown();

  // == Errors: a corrected field loses its own ==

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('[data-auth-ui="summary"] a');
    if (!link) return;
    event.preventDefault();
    const field = document.getElementById(link.hash.slice(1));
    (field?.querySelector("input, select") ?? field)?.focus();
  });

  // Remove an error from its field, and from the summary.
  function clearError(id) {
    const summary = find(document, "summary");
    const links = summary?.querySelectorAll(`[href="#${id.replace("_error", "")}"]`);
    document.getElementById(id)?.remove();
    // A description that is gone describes nothing.
    document.querySelectorAll(`[aria-describedby~="${id}"]`)
      .forEach((field) => field.removeAttribute("aria-invalid"));
    links?.forEach((link) => link.closest("li").remove());
    if (!summary?.querySelector("li")) summary?.remove();
  }

  document.addEventListener("input", ({ target }) => {
    if (!closest(target, "form") || target.value === "") return;
    target.getAttribute("aria-describedby")?.match(/\S+_error\b/g)?.forEach(clearError);
  });
})();
