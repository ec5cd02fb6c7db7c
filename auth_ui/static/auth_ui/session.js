// Keeps a page in step with the session. Elements are looked up each time: a boosted link replaces the body.
(() => {
  const CSRF_FIELD = "csrfmiddlewaretoken";
  const root = document.documentElement.dataset;
  const meta = document.querySelector('meta[name="auth-ui"]');
  const { marker: markerName, csrfCookie, csrfHeader, tokenUrl } = meta.dataset;
  const byId = (id) => document.getElementById(`auth-ui-${id}`);
  const words = (name) => byId(name)?.content.cloneNode(true).firstElementChild;

  // The one adapter for htmx 2 and 4.

  function adapt(detail) {
    const { ctx, xhr } = detail;
    const config = ctx?.request ?? detail.requestConfig ?? detail;
    return {
      config,
      element: ctx?.sourceElement ?? config.elt,
      trigger: ctx?.sourceEvent ?? config.triggeringEvent,
      method: config.method ?? config.verb,
      url: config.action ?? config.path,
      headers: config.headers,
      body: config.body ?? config.formData,
      status: ctx?.response?.status ?? xhr?.status,
      text: async () => (ctx ? ctx.response.raw.text() : xhr.responseText),
      header: (name) => (ctx ? ctx.response?.headers.get(name) : xhr?.getResponseHeader(name)),
    };
  }

  function on(names, handler, isFirst = true) {
    for (const name of names.split(" ")) {
      window.addEventListener(name, (event) => handler(event, adapt(event.detail ?? {})), isFirst);
    }
  }

  function stop(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  // Whom the page is for, and who is signed in.

  const page = () => (document.querySelector("#auth-ui-dialog[data-person]") ?? meta).dataset;
  const cookie = (name) =>
    document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
  const marker = () => cookie(markerName);
  const signedIn = () => marker().split(".")[1] ?? "";

  // Tokens: current while the person is signed in.

  let token = "";
  const csrfToken = () => (csrfCookie ? cookie(csrfCookie) : token);
  const isHere = (url) => new URL(url, document.baseURI).origin === location.origin;
  const isUnsafe = (method) => !/^(GET|HEAD|OPTIONS|TRACE)$/i.test(method);
  const tokenFor = (person) => signedIn() === person && csrfToken();

  async function fetchToken() {
    if (!tokenUrl) return;
    const response = await fetch(tokenUrl, { headers: { "Auth-UI-Person": page().person } }).catch(() => null);
    token = response?.ok ? await response.text() : "";
  }

  function refresh({ url, method, headers, body }) {
    if (!isHere(url)) return;
    // Sent again, it still names whom it was made for.
    const person = headers["Auth-UI-Person"] || page().person;
    if (person) headers["Auth-UI-Person"] = person;
    if (!isUnsafe(method) || !tokenFor(person)) return;
    headers[csrfHeader] = csrfToken();
    if (body?.has?.(CSRF_FIELD)) body.set(CSRF_FIELD, csrfToken());
  }

  on("submit", ({ target: form, submitter }) => {
    const attribute = (name) => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name) ?? "";
    const field = form.querySelector(`input[name="${CSRF_FIELD}"]`);
    if (!field || !isHere(attribute("action")) || !isUnsafe(attribute("method") || "GET")) return;
    const { person } = page();
    if (tokenFor(person)) field.value = csrfToken();
    if (!person || form.querySelector('input[name="auth_ui_person"]')) return;
    form.append(Object.assign(field.cloneNode(), { name: "auth_ui_person", value: person }));
  });

  // The dialog. While its sign-in is on the way it stays open.

  let opener = null;
  const isSigningIn = () => byId("dialog-body")?.querySelector("[data-auth-ui-busy]");
  const stays = (element) =>
    (element === byId("dialog") && isSigningIn()) || (element === byId("cover") && root.authUiCovered);

  function open(element) {
    const dialog = byId("dialog");
    if (!dialog || dialog.open) return;
    opener = element;
    dialog.showModal();
  }

  function close() {
    const form = byId("dialog-body")?.querySelector("form");
    // Its answer would lead away.
    if (form) htmx.trigger(form, "htmx:abort");
    byId("dialog-body")?.replaceChildren();
    byId("dialog")?.close();
  }

  on("click", (event) => {
    const closest = (name) => event.target.closest?.(`[data-auth-ui="${name}"]`);
    const link = closest("open");
    // htmx would prevent a new tab.
    if (link && (event.ctrlKey || event.metaKey || event.shiftKey)) return event.stopImmediatePropagation();
    opener = link ?? opener;
    if (closest("reload")) location.replace(location.pathname + location.search);
  });

  on("cancel", (event) => {
    if (stays(event.target)) event.preventDefault();
  });

  on("close", ({ target }) => {
    if (target.open) return;
    if (stays(target)) return target.showModal();
    if (target !== byId("dialog")) return;
    close();
    opener?.focus();
    if (asking) decline();
  });

  on("htmx:afterSwap htmx:after:swap", () => {
    // With the body, all over it went too.
    if (asking && !byId("dialog")?.open) stopAsking();
    if (!byId("cover")?.open) delete root.authUiCovered;
    check();
    if (byId("dialog-body")?.childElementCount) return open(opener);
    const error = document.querySelector("[data-title]")?.dataset.title;
    if (error && !document.title.startsWith(error)) document.title = error + " " + document.title;
  });

  // Requests that met an ended session wait for their person.

  const waiting = [];
  let asking = false;
  let declined = false;
  let resuming = false;
  let sent = 0;
  // htmx 2 polls with no event.
  const isPoll = ({ element, trigger }) =>
    trigger ? trigger.type === "every" : /\bevery\b/.test(element?.getAttribute("hx-trigger"));
  // Without a dialog htmx goes to sign in.
  const isEnded = ({ status, header }) => status === 401 && header("WWW-Authenticate") === "auth-ui" && byId("dialog");
  const isRefused = ({ header }) => header("Auth-UI") === "sign_in_refused";
  const isStale = ({ status, header }) => tokenUrl && status === 403 && header("Auth-UI") === "try_again";

  async function ask(request) {
    const form = await request.text();
    const isNeeded = isPoll(request) ? !declined && !root.authUiCovered : waiting.includes(request);
    if (asking || resuming || !isNeeded) return;
    asking = true;
    say();
    if (byId("login")?.closest("dialog")) return;
    byId("dialog-body").replaceChildren(new Range().createContextualFragment(form));
    htmx.process(byId("dialog-body"));
    open(request.element);
  }

  function wait(request) {
    waiting.push(request);
    waiting.sort((one, other) => one.config.authUiOrder - other.config.authUiOrder);
  }

  function stopAsking() {
    asking = false;
    waiting.length = 0;
    close();
  }

  function decline() {
    declined = true;
    stopAsking();
    say("not_saved");
  }

  async function goOn() {
    seen = marker();
    if (page().person && signedIn() !== page().person) return cover("someone_else");
    page().person = signedIn();
    asking = declined = false;
    close();
    uncover();
    if (resuming) return;
    resuming = true;
    await fetchToken();
    while (waiting.length) await sendAgain(waiting.shift()).catch(() => {});
    resuming = false;
  }

  on("htmx:beforeRequest htmx:before:request", (event, request) => {
    if (!isPoll(request)) say();
    else if (asking || resuming) event.preventDefault();
  });

  // Sent again by its element, with the values it had.
  let again = null;

  async function sendAgain({ config, element, method, url, trigger, headers }) {
    again = { values: config.authUiValues };
    // An answer may have replaced it.
    const place = element.isConnected ? { source: element } : { source: document.body, swap: "none" };
    try {
      const answer = htmx.ajax(method, url, { ...place, event: trigger, headers });
      return again.answer ?? answer;
    } finally {
      again = null;
    }
  }

  on("htmx:confirm", (event) => {
    if (!again) return;
    stop(event);
    again.answer = event.detail.issueRequest(true);
  });

  on("htmx:configRequest htmx:config:request", (event, request) => {
    const { config, body } = request;
    if (again) {
      config.authUiAgain = true;
      [...body.keys()].forEach((name) => body.delete(name));
      again.values.forEach(([name, value]) => body.append(name, value));
    }
    config.authUiOrder = ++sent;
    config.authUiValues = [...body.entries()];
    refresh(request);
  }, false); // after a host's own listener, which may set a token too

  // Answers that are ours, and trouble.

  on("htmx:beforeOnLoad htmx:before:response", (event, request) => {
    if (take(request)) stop(event);
  });

  function take(request) {
    const { config, element, status, header } = request;
    const name = header("Auth-UI");
    if (isStale(request) && !config.authUiAgain) {
      fetchToken().then(() => sendAgain(request));
    } else if (isEnded(request) && !config.authUiAgain) {
      if (!isPoll(request)) wait(request);
      ask(request);
    } else if (isEnded(request)) {
      say("not_saved");
    } else if (name === "someone_else" || name === "session_lost") {
      cover(name);
    } else if (isRefused(request) && element.matches("[data-auth-ui]")) {
      return false; // it holds the form again
    } else if (status >= 400 && element.matches("[data-auth-ui]")) {
      tell(element, status < 500 ? "refused" : "server_error");
    } else if (status >= 400 && name) {
      say(name);
    } else if ((asking || page().person) && byId("dialog-body")?.contains(element) && header("HX-Redirect") && signedIn()) {
      goOn();
    } else return false;
    return true;
  }

  function say(name) {
    byId("status")?.replaceChildren(words(name) ?? "");
  }

  function tell(element, name) {
    const sentence = words(name);
    const form = element.closest("#auth-ui-login");
    leaving = false;
    element.dispatchEvent(new CustomEvent("auth-ui:idle", { bubbles: true }));
    if (!sentence) return;
    if (form) {
      form.querySelectorAll(".auth-ui-summary").forEach((summary) => summary.remove());
      element.before(sentence);
    } else {
      byId("dialog-body")?.replaceChildren(sentence);
      open(element);
    }
    sentence.focus();
  }

  // htmx 2 swaps no 4xx by itself.
  on("htmx:beforeSwap", ({ detail }, request) => {
    if (isRefused(request)) Object.assign(detail, { shouldSwap: true, isError: false });
  });

  on("htmx:sendError htmx:timeout htmx:error", (event, { element, method, status }) => {
    if (status || !method) return;
    if (element.matches("[data-auth-ui]")) tell(element, element.dataset.noAnswer ?? "no_answer");
    else if (isUnsafe(method)) say("not_sent");
  });

  // A page of somebody not signed in is covered.

  let leaving = false;
  let seen = marker();

  function cover(name) {
    const element = byId("cover");
    const shown = element?.open && root.authUiCovered;
    // A lost session says more.
    if (!element || shown === name || (shown === "session_lost" && name === "signed_out")) return;
    stopAsking();
    root.authUiCovered = name;
    element.replaceChildren(words(name));
    if (!element.open) element.showModal();
    window.htmx?.process(element);
    element.querySelector("a, button")?.focus();
  }

  function uncover() {
    delete root.authUiCovered;
    byId("cover")?.close();
  }

  function check() {
    if (isSigningIn() || leaving) return;
    const { person } = page();
    const isNew = marker() !== seen;
    seen = marker();
    if (person && signedIn() !== person) cover(signedIn() ? "someone_else" : "signed_out");
    else if (isNew && signedIn() && (person || asking)) goOn();
  }

  on("submit", ({ target }) => {
    if (!target.matches(".auth-ui-sign-out")) return;
    leaving = true;
    // This throws where storage is off.
    [sessionStorage, localStorage].forEach((storage) => storage.removeItem("htmx-history-cache"));
  });

  window.cookieStore?.addEventListener("change", check);
  on("pageshow", () => { leaving = false; });
  on("focus visibilitychange pageshow", check);

  on("load", () => {
    // No check of the server's sees this.
    if (window.htmx?.config.historyCacheSize > 0) console.warn("auth_ui: set htmx.config.historyCacheSize = 0");
  });

  check();
})();
