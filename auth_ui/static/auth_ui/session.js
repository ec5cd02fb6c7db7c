// Keeps a living page in step with the session: the sign-in dialog, requests that met an ended
// session, tokens, other tabs, and words where the server does not answer as it should.
(() => {
  const CSRF_FIELD = "csrfmiddlewaretoken";
  const meta = document.querySelector('meta[name="auth-ui"]');
  const { marker: markerName, csrfCookie, csrfHeader, tokenUrl } = meta.dataset;
  const byId = (id) => document.getElementById(`auth-ui-${id}`);
  const words = (name) => byId(name)?.content.cloneNode(true).firstElementChild;

  // The one adapter for htmx 2 and 4, which name and fill their events differently.

  function adapt({ ctx, ...detail }) {
    const config = ctx?.request ?? detail.requestConfig ?? detail;
    return {
      element: ctx?.sourceElement ?? config.elt,
      trigger: ctx?.sourceEvent ?? config.triggeringEvent,
      method: config.method ?? config.verb ?? "GET",
      url: config.action ?? config.path ?? "",
      headers: config.headers ?? {},
      body: config.body ?? config.formData,
      status: ctx?.response?.status ?? detail.xhr?.status ?? 0,
      header: (name) => (ctx ? ctx.response?.headers.get(name) : detail.xhr?.getResponseHeader(name)),
    };
  }

  function on(names, handler) {
    for (const name of names.split(" ")) {
      document.addEventListener(name, (event) => handler(adapt(event.detail), event));
    }
  }

  // Who is at the page, and who is signed in now.

  let person = meta.content;
  const cookie = (name) =>
    document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
  const marker = () => cookie(markerName);
  const signedIn = () => marker().split(".")[1] ?? "";

  // Tokens: current in every unsafe request to our own origin, while the page's person is signed in.

  let token = "";
  const csrfToken = () => (csrfCookie ? cookie(csrfCookie) : token);
  const isHere = (url) => new URL(url, document.baseURI).origin === location.origin;
  const mayRefresh = (url, method) =>
    isHere(url) && !/^(GET|HEAD|OPTIONS|TRACE)$/i.test(method) && signedIn() === person && csrfToken();

  async function fetchToken() {
    if (!tokenUrl) return;
    const response = await fetch(tokenUrl, { headers: { "Auth-UI-Person": person } }).catch(() => null);
    token = response?.ok ? await response.text() : "";
  }

  function refresh({ url, method, headers, body }) {
    if (person && isHere(url)) headers["Auth-UI-Person"] = person;
    if (!mayRefresh(url, method)) return;
    headers[csrfHeader] = csrfToken();
    if (body?.has?.(CSRF_FIELD)) body.set(CSRF_FIELD, csrfToken());
  }

  document.addEventListener("submit", ({ target: form, submitter }) => {
    const attribute = (name) => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name);
    const field = form.querySelector(`input[name="${CSRF_FIELD}"]`);
    if (!field || !mayRefresh(attribute("action") ?? "", attribute("method") ?? "GET")) return;
    field.value = csrfToken();
    if (!person || form.querySelector('input[name="auth_ui_person"]')) return;
    const named = document.createElement("input");
    form.append(Object.assign(named, { type: "hidden", name: "auth_ui_person", value: person }));
  }, true);

  // The dialog.

  const dialog = byId("dialog");
  const dialogBody = byId("dialog-body");
  const isSigningIn = () => dialogBody?.querySelector("[data-auth-ui-busy]");
  let opener = null;

  function open(element) {
    if (!dialog || dialog.open) return;
    opener = element;
    dialog.showModal();
  }

  document.addEventListener("click", ({ target }) => {
    opener = target.closest?.('[data-auth-ui="open"]') ?? opener;
    if (target.closest?.('[data-auth-ui="reload"]')) location.replace(location.pathname + location.search);
  });

  on("htmx:afterSwap htmx:after:swap", () => {
    if (dialogBody?.childElementCount) return open(opener);
    const error = document.querySelector('[data-auth-ui="summary"]')?.dataset.title;
    if (error && !document.title.startsWith(error)) document.title = `${error} ${document.title}`;
  });

  // While the sign-in is under way, neither Esc nor the button may close its dialog.
  function stayOpen(event) {
    if (event.target.method !== "post" && isSigningIn()) event.preventDefault();
  }

  dialog?.addEventListener("submit", stayOpen);
  dialog?.addEventListener("cancel", stayOpen);

  dialog?.addEventListener("close", () => {
    dialogBody.replaceChildren();
    opener?.focus();
    if (asking) decline();
  });

  // Requests that met an ended session wait here, in order, until the same person has signed in.

  const waiting = [];
  const dropped = () => new DOMException("Not sent again", "AbortError");
  let asking = false;
  let declined = false;
  let resuming = false;
  let sent = 0;
  // htmx 2 polls without an event.
  const isPoll = ({ element, trigger }) =>
    trigger ? trigger.type === "every" : /\bevery\b/.test(element?.getAttribute("hx-trigger"));
  const isEnded = ({ status, header }) => status === 401 && header("WWW-Authenticate") === "auth-ui";
  const isStale = ({ status, header }) => status === 403 && header("Auth-UI") === "try_again";

  function ask(request, form) {
    if (asking || (declined && isPoll(request))) return;
    asking = true;
    byId("status").replaceChildren();
    dialogBody.innerHTML = form;
    htmx.process(dialogBody);
    open(request.element);
  }

  function wait(order, send) {
    return new Promise((resolve, reject) => {
      waiting.push({ order, send: () => send().then(resolve, reject), drop: () => reject(dropped()) });
      waiting.sort((one, other) => one.order - other.order);
    });
  }

  function stopAsking() {
    asking = false;
    waiting.splice(0).forEach(({ drop }) => drop());
    dialog?.close();
  }

  function decline() {
    declined = true;
    stopAsking();
    say("not_saved");
  }

  async function resume() {
    asking = declined = false;
    resuming = true;
    dialog?.close();
    await fetchToken();
    while (waiting.length) await waiting.shift().send().catch(() => {});
    resuming = false;
  }

  function goOn() {
    if (person && signedIn() !== person) return cover("someone_else");
    person = signedIn();
    uncover();
    return resume();
  }

  on("htmx:beforeRequest htmx:before:request", (request, event) => {
    if (isPoll(request) && (asking || resuming)) event.preventDefault();
    else if (event.detail.xhr) event.detail.xhr.authUiOrder = ++sent;
  });

  // htmx 4 lets us answer in the place of fetch(), so the request itself waits.
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    if (!ctx) return;
    const fetched = ctx.fetch;
    const order = ++sent;
    const again = (url, options) => {
      refresh({ url, ...options });
      return fetched(url, options);
    };
    ctx.fetch = async (url, options) => {
      const response = await fetched(url, options);
      const request = { ...adapt({ ctx }), status: response.status, header: (name) => response.headers.get(name) };
      if (isStale(request)) return fetchToken().then(() => again(url, options));
      if (!isEnded(request)) return response;
      clearTimeout(ctx.requestTimeout);
      ask(request, await response.text());
      if (isPoll(request)) throw dropped();
      return wait(order, () => again(url, options));
    };
  });

  // htmx 2 cannot wait, so the request is made once more, with the values it had.
  const held = new Map();
  let count = 0;

  function sendAgain({ element, method, url, trigger, body }) {
    const id = String((count += 1));
    held.set(id, [...body.entries()]);
    const headers = { "Auth-UI-Again": id };
    return htmx.ajax(method, url, { source: element, event: trigger, headers }).finally(() => held.delete(id));
  }

  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.etc?.headers?.["Auth-UI-Again"] || !event.detail.question) return;
    event.preventDefault();
    event.detail.issueRequest(true);
  });

  document.addEventListener("htmx:configRequest", ({ detail: { headers, formData } }) => {
    const values = held.get(headers["Auth-UI-Again"]);
    if (!values) return;
    [...formData.keys()].forEach((name) => formData.delete(name));
    values.forEach(([name, value]) => formData.append(name, value));
  });

  on("htmx:configRequest htmx:config:request", refresh);

  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const request = adapt(event.detail);
    if (held.has(request.headers["Auth-UI-Again"])) return;
    if (!isEnded(request) && !isStale(request)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (isStale(request)) fetchToken().then(() => sendAgain(request));
    else {
      ask(request, event.detail.xhr.responseText);
      if (!isPoll(request)) wait(event.detail.xhr.authUiOrder, () => sendAgain(request)).catch(() => {});
    }
  });

  // Answers that are ours, and trouble: a sentence instead of silence, and what was typed stays.

  function say(name) {
    byId("status")?.replaceChildren(words(name) ?? "");
  }

  function tell(element, name) {
    const sentence = words(name);
    if (!sentence) return;
    element.dispatchEvent(new CustomEvent("auth-ui:idle", { bubbles: true }));
    leaving = false;
    const form = element.closest("#auth-ui-login");
    if (form) {
      form.querySelectorAll(".auth-ui-summary").forEach((summary) => summary.remove());
      element.before(sentence);
    } else {
      dialogBody?.replaceChildren(sentence);
      open(element);
    }
    sentence.focus();
  }

  on("htmx:beforeOnLoad htmx:before:response", (request, event) => {
    const { element, status, header } = request;
    const isOurs = element?.matches("[data-auth-ui]");
    const name = header("Auth-UI");
    if (isEnded(request)) {
      event.preventDefault();
      say("not_saved");
    } else if (name === "someone_else" || name === "session_lost") {
      event.preventDefault();
      cover(name);
    } else if (status >= 400 && (isOurs || name)) {
      event.preventDefault();
      if (isOurs) tell(element, status < 500 ? "refused" : "server_error");
      else say(name);
    } else if ((asking || person) && dialogBody?.contains(element) && header("HX-Redirect") && signedIn()) {
      event.preventDefault();
      goOn();
    }
  });

  on("htmx:sendError htmx:timeout htmx:error", ({ element, status }) => {
    if (!status && element?.matches?.("[data-auth-ui]")) tell(element, element.dataset.noAnswer ?? "no_answer");
  });

  // Other tabs, Back and restored sessions: a page of somebody who is not signed in now is covered.

  const coverDialog = byId("cover");
  let leaving = false;
  let seen = marker();

  function cover(name) {
    const { dataset } = document.documentElement;
    // A lost session says more than that one signed out.
    if (!coverDialog || [name, "session_lost"].includes(dataset.authUiCovered)) return;
    stopAsking();
    dataset.authUiCovered = name;
    coverDialog.replaceChildren(words(name));
    if (!coverDialog.open) coverDialog.showModal();
    window.htmx?.process(coverDialog);
    forgetSnapshots();
  }

  function uncover() {
    delete document.documentElement.dataset.authUiCovered;
    coverDialog?.close();
  }

  coverDialog?.addEventListener("cancel", (event) => event.preventDefault());
  coverDialog?.addEventListener("close", () => {
    if ("authUiCovered" in document.documentElement.dataset) coverDialog.showModal();
  });

  function forgetSnapshots() {
    try {
      [sessionStorage, localStorage].forEach((storage) => storage.removeItem("htmx-history-cache"));
    } catch {
      // Storage is switched off, so there is none.
    }
  }

  function check() {
    const isNew = marker() !== seen;
    seen = marker();
    if (isSigningIn() || leaving) return;
    if (asking && isNew && signedIn()) goOn();
    else if (person && signedIn() !== person) cover(signedIn() ? "someone_else" : "signed_out");
    else if (person && isNew) goOn();
  }

  document.addEventListener("submit", ({ target }) => {
    if (!target.matches(".auth-ui-sign-out")) return;
    leaving = true;
    forgetSnapshots();
  });

  window.cookieStore?.addEventListener("change", check);
  window.addEventListener("focus", check);
  window.addEventListener("pageshow", () => {
    leaving = false;
    check();
  });
  document.addEventListener("visibilitychange", check);
  window.addEventListener("load", () => {
    // No check of the server's can see this setting of htmx 2, with which Back shows private pages.
    if (window.htmx?.config.historyCacheSize > 0) console.warn("auth_ui: set htmx.config.historyCacheSize = 0");
  });
  check();
})();
