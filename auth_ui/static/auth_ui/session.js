// Keeps a living page in step with the session: the sign-in dialog, requests that met an ended
// session, tokens, other tabs, and words where the server does not answer as it should.
// Elements are looked up when they are needed: a boosted link replaces the body under this script.
(() => {
  const CSRF_FIELD = "csrfmiddlewaretoken";
  const REFUSED = "sign_in_refused";
  const root = document.documentElement.dataset;
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

  // The page's person travels with its body, since a boosted link leaves the head as it was.
  const page = () => (document.querySelector("#auth-ui-dialog[data-person]") ?? meta).dataset;
  const cookie = (name) =>
    document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
  const marker = () => cookie(markerName);
  const signedIn = () => marker().split(".")[1] ?? "";

  // Tokens: current in every unsafe request to our own origin, while the page's person is signed in.

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
    // What is sent again names whom it was made for, whatever page is here by then.
    const person = headers["Auth-UI-Person"] || page().person;
    if (person) headers["Auth-UI-Person"] = person;
    if (!isUnsafe(method) || !tokenFor(person)) return;
    headers[csrfHeader] = csrfToken();
    if (body?.has?.(CSRF_FIELD)) body.set(CSRF_FIELD, csrfToken());
  }

  document.addEventListener("submit", ({ target: form, submitter }) => {
    const attribute = (name) => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name);
    const field = form.querySelector(`input[name="${CSRF_FIELD}"]`);
    if (!field || !isHere(attribute("action") ?? "") || !isUnsafe(attribute("method") ?? "GET")) return;
    const { person } = page();
    if (tokenFor(person)) field.value = csrfToken();
    if (!person || form.querySelector('input[name="auth_ui_person"]')) return;
    const named = document.createElement("input");
    form.append(Object.assign(named, { type: "hidden", name: "auth_ui_person", value: person }));
  }, true);

  // The dialog.

  let opener = null;
  const isSigningIn = () => byId("dialog-body")?.querySelector("[data-auth-ui-busy]");
  const isHeld = ({ id }) => (id === "auth-ui-dialog" && isSigningIn()) || (id === "auth-ui-cover" && root.authUiCovered);

  function open(element) {
    const dialog = byId("dialog");
    if (!dialog || dialog.open) return;
    opener = element;
    dialog.showModal();
  }

  function close() {
    byId("dialog-body")?.replaceChildren();
    byId("dialog")?.close();
  }

  document.addEventListener("click", ({ target }) => {
    opener = target.closest?.('[data-auth-ui="open"]') ?? opener;
    if (target.closest?.('[data-auth-ui="reload"]')) location.replace(location.pathname + location.search);
  });

  document.addEventListener("cancel", (event) => {
    if (isHeld(event.target)) event.preventDefault();
  }, true);

  document.addEventListener("close", ({ target }) => {
    if (target.open) return;
    if (isHeld(target)) return target.showModal();
    if (target.id !== "auth-ui-dialog") return;
    close();
    opener?.focus();
    if (asking) decline();
  }, true);

  on("htmx:afterSwap htmx:after:swap", () => {
    if (asking && !byId("dialog")?.open) stopAsking();
    if (root.authUiCovered && !byId("cover")?.open) delete root.authUiCovered;
    check();
    if (byId("dialog-body")?.childElementCount) return open(opener);
    const error = document.querySelector("[data-title]")?.dataset.title;
    if (error && !document.title.startsWith(error)) document.title = `${error} ${document.title}`;
  });

  // Requests that met an ended session wait here, in the order in which they were sent, until the
  // same person has signed in.

  const waiting = [];
  const dropped = () => new DOMException("Not sent again", "AbortError");
  let asking = false;
  let declined = false;
  let resuming = false;
  let sent = 0;
  // htmx 2 polls without an event.
  const isPoll = ({ element, trigger }) =>
    trigger ? trigger.type === "every" : /\bevery\b/.test(element?.getAttribute("hx-trigger"));
  // Without a dialog htmx goes to the sign-in page by itself.
  const isEnded = ({ status, header }) => status === 401 && header("WWW-Authenticate") === "auth-ui" && byId("dialog");
  const isStale = ({ status, header }) => status === 403 && header("Auth-UI") === "try_again";

  function ask(request, form) {
    const isOpen = byId("dialog").open;
    if (asking || resuming || (isPoll(request) && (declined || isOpen))) return;
    asking = true;
    say();
    if (byId("login")?.closest("dialog")) return;
    byId("dialog-body").innerHTML = form;
    htmx.process(byId("dialog-body"));
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
    close();
  }

  function decline() {
    declined = true;
    stopAsking();
    say("not_saved");
  }

  async function resume() {
    asking = declined = false;
    close();
    uncover();
    if (resuming) return;
    resuming = true;
    await fetchToken();
    while (waiting.length) await waiting.shift().send().catch(() => {});
    resuming = false;
  }

  function goOn() {
    seen = marker();
    if (page().person && signedIn() !== page().person) return cover("someone_else");
    page().person = signedIn();
    return resume();
  }

  on("htmx:beforeRequest htmx:before:request", (request, event) => {
    if (isPoll(request) && (asking || resuming)) event.preventDefault();
  });

  // htmx 4 lets us answer in the place of fetch(), so the request itself waits.
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    if (!ctx) return;
    const fetched = ctx.fetch;
    const order = ++sent;
    ctx.fetch = async (url, options) => {
      const response = await fetched(url, options);
      const request = adapt({ ctx: { ...ctx, response } });
      const again = () => {
        refresh({ url, ...options });
        return fetched(url, options);
      };
      if (isStale(request)) return fetchToken().then(again);
      if (!isEnded(request)) return response;
      clearTimeout(ctx.requestTimeout);
      ask(request, await response.text());
      if (isPoll(request)) throw dropped();
      return wait(order, again);
    };
  });

  // htmx 2 cannot wait, so the request is made once more, with the values it had, and confirmed.
  let again = null;

  async function sendAgain({ element, method, url, trigger, headers, body }) {
    again = { values: [...body.entries()] };
    // Where an answer before this one has replaced the element, there is nothing to swap.
    const place = element.isConnected ? { source: element } : { source: document.body, swap: "none" };
    htmx.ajax(method, url, { ...place, event: trigger, headers });
    const { answer } = again;
    again = null;
    return answer;
  }

  document.addEventListener("htmx:confirm", (event) => {
    if (!again) return;
    event.preventDefault();
    again.answer = event.detail.issueRequest(true);
  });

  document.addEventListener("htmx:configRequest", ({ detail: config }) => {
    config.authUiOrder = ++sent;
    if (!again) return;
    config.authUiAgain = true;
    [...config.formData.keys()].forEach((name) => config.formData.delete(name));
    again.values.forEach(([name, value]) => config.formData.append(name, value));
  });

  on("htmx:configRequest htmx:config:request", refresh);

  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { requestConfig, xhr } = event.detail;
    const request = adapt(event.detail);
    if (requestConfig.authUiAgain || (!isEnded(request) && !isStale(request))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (isStale(request)) return fetchToken().then(() => sendAgain(request));
    ask(request, xhr.responseText);
    if (!isPoll(request)) wait(requestConfig.authUiOrder, () => sendAgain(request)).catch(() => {});
  });

  // Answers that are ours, and trouble: a sentence instead of silence, and what was typed stays.

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
    } else if (status >= 400 && (isOurs || name) && !(isOurs && name === REFUSED)) {
      event.preventDefault();
      if (isOurs) tell(element, status < 500 ? "refused" : "server_error");
      else say(name);
    } else if ((asking || page().person) && byId("dialog-body")?.contains(element) && header("HX-Redirect") && signedIn()) {
      event.preventDefault();
      goOn();
    }
  });

  // A refused sign-in holds its form again. htmx 2 swaps no 4xx by itself.
  on("htmx:beforeSwap", ({ header }, { detail }) => {
    if (header("Auth-UI") === REFUSED) Object.assign(detail, { shouldSwap: true, isError: false });
  });

  on("htmx:sendError htmx:timeout htmx:error", ({ element, status }) => {
    if (!status && element?.matches?.("[data-auth-ui]")) tell(element, element.dataset.noAnswer ?? "no_answer");
  });

  // Other tabs, Back and restored sessions: a page of somebody who is not signed in now is covered.

  let leaving = false;
  let seen = marker();

  function cover(name) {
    const element = byId("cover");
    const shown = element?.open && root.authUiCovered;
    // A lost session says more than that one signed out.
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

  function forgetSnapshots() {
    try {
      [sessionStorage, localStorage].forEach((storage) => storage.removeItem("htmx-history-cache"));
    } catch {
      // Storage is switched off, so there is none.
    }
  }

  function check() {
    if (isSigningIn() || leaving) return;
    const { person } = page();
    const isNew = marker() !== seen;
    seen = marker();
    if (person && signedIn() !== person) cover(signedIn() ? "someone_else" : "signed_out");
    else if (isNew && signedIn() && (person || asking)) goOn();
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
