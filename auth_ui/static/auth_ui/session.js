// Keeps a page in step with the session.
//
// The server decides what may be done. This script tells it whose page a request comes from, covers
// a page whose user is not signed in any more, and lets work go on after a new sign-in. What it is
// not sure of goes as the host made it.
(() => {
  "use strict";

  const CSRF_FIELD = "csrfmiddlewaretoken";
  const USER_FIELD = "auth_ui_person";
  const USER_HEADER = "Auth-UI-Person";
  const SOMEONE_ELSE = "someone_else";
  const root = document.documentElement.dataset;
  const meta = document.querySelector('meta[name="auth-ui"]');
  const { marker: markerName, csrfCookie, csrfHeader, tokenUrl } = meta.dataset;

  // == The page ==

  // Return one of our elements. It is looked up each time: a boosted link replaces the body.
  function part(name) {
    return document.getElementById(`auth-ui-${name}`);
  }

  // Return the facts of the page that is shown, which a boosted link brings with its dialog.
  function page() {
    return (document.querySelector("#auth-ui-dialog[data-person]") ?? meta).dataset;
  }

  // Return a cookie's value. Of two with one name, Django takes the last.
  function cookie(name) {
    const isNamed = (pair) => pair.startsWith(`${name}=`);
    return document.cookie.split("; ").findLast(isNamed)?.slice(name.length + 1) ?? "";
  }

  // Return the mark of the sign-in of now. It stays when the session ends, until a sign-out.
  function signIn() {
    return cookie(markerName);
  }

  // Return the tag of the user who is signed in, "" for nobody.
  function signedInUser() {
    return signIn().split(".")[1] ?? "";
  }

  // Return true if a URL is one of this origin.
  function isHere(url) {
    try {
      return new URL(url, document.baseURI).origin === location.origin;
    } catch {
      return false;
    }
  }

  // Return true if a method may change something (RFC 9110 9.2.1).
  function isUnsafe(method) {
    return !/^(GET|HEAD|OPTIONS|TRACE)$/i.test(method);
  }

  // Return true if two header names are one. Header names have no case.
  function isSameName(name, other) {
    return String(name).toLowerCase() === other.toLowerCase();
  }

  // Call a handler for each of these events, before anybody else is told of it.
  function on(names, handler, isFirst = true) {
    names.split(" ").forEach((name) => window.addEventListener(name, handler, isFirst));
  }

  // Keep an event from everybody else.
  function stop(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  // == Naming the user ==
  //
  // An unsafe request to this origin names the user of its page, where it is sent: in `fetch` and in
  // XMLHttpRequest, whichever library calls them. A safe one goes as it is, since a header of ours
  // would follow a redirect to another origin; its answer says for whom it was made, and one that
  // was made for another user is kept from the page: it would be seen when the cover goes.
  //
  // What cannot be named: `navigator.sendBeacon`, `form.submit()`, "no-cors", workers, an <img>, an
  // EventSource, a WebSocket, and a `fetch` that somebody kept before this script ran.

  const HELD_BACK = "auth_ui: someone else is signed in now, so this page sends nothing.";
  const WITHHELD = "auth_ui: someone else is signed in now, so this page gets no answer.";
  const NOWHERE = "auth-ui:someone-else-is-signed-in";

  // Return true while the page is covered because someone else is signed in.
  function isHeldBack() {
    return root.authUiCovered === SOMEONE_ELSE;
  }

  // Return true if an answer was made for another user than the page.
  function isForSomeoneElse({ method, header }) {
    const user = !isUnsafe(method) && page().person && header(USER_HEADER);
    return header("Auth-UI") === SOMEONE_ELSE || Boolean(user && user !== page().person);
  }

  // Cover the page if an answer was made for another user; return true if it must not be seen. A
  // refusal may: it says nothing of that user.
  function isWithheld(answer) {
    if (!isHere(answer.url) || !isForSomeoneElse(answer)) return false;
    cover(SOMEONE_ELSE);
    return !isUnsafe(answer.method);
  }

  // Return headers with the user's name, in the shape in which they came: some wrappers know one only.
  function withName(user, headers = {}) {
    const isList = headers[Symbol.iterator];
    const pairs = isList ? [...headers] : Object.entries(headers);
    if (!pairs.some(([name]) => isSameName(name, USER_HEADER))) pairs.push([USER_HEADER, user]);
    if (headers instanceof Headers) return new Headers(pairs);
    return isList ? pairs : Object.fromEntries(pairs);
  }

  // Return the arguments of a `fetch`, with the page's user in their headers.
  function nameInArguments(sent) {
    const [resource, init, ...rest] = sent;
    const { person: user } = page();
    if (!user) return sent;
    if (init?.headers === undefined && resource?.headers) {
      // In place: beside an `init` the browser would drop the Request's referrer policy.
      if (!resource.headers.has(USER_HEADER)) resource.headers.set(USER_HEADER, user);
      return sent;
    }
    const named = {};
    for (const key in init) named[key] = init[key];
    // An object with getters of a class of its own cannot be copied.
    if (named.method !== init?.method) return sent;
    return [resource, { ...named, headers: withName(user, init?.headers) }, ...rest];
  }

  // Return what decides how a `fetch` is treated.
  function readFetch([resource, init]) {
    return {
      isHere: isHere(resource?.url ?? resource),
      method: String(init?.method ?? resource?.method ?? "GET"),
    };
  }

  // Name the user in each unsafe `fetch`, and look at each answer before its sender does.
  function nameInFetch() {
    const found = window.fetch;
    window.fetch = function (...sent) {
      let args = sent;
      let request = {};
      try {
        request = readFetch(sent);
        if (request.isHere && isUnsafe(request.method)) args = nameInArguments(sent);
      } catch {
        // The browser has its own words for arguments that are wrong.
      }
      if (!request.isHere) return found.apply(this, sent);
      if (isUnsafe(request.method) && isHeldBack()) return Promise.reject(new TypeError(HELD_BACK));
      return found.apply(this, args).then((response) => {
        const { method } = request;
        const header = (name) => response?.headers?.get(name);
        if (isWithheld({ method, url: response?.url, header })) throw new TypeError(WITHHELD);
        return response;
      });
    };
  }

  // Do the same for each XMLHttpRequest.
  function nameInXhr() {
    const { prototype } = XMLHttpRequest;
    const { open, send, setRequestHeader } = prototype;
    const requests = new WeakMap();

    // Look at an answer as soon as its headers are there.
    function look({ target: xhr }) {
      const { method, isHere: isOurs } = requests.get(xhr);
      if (!isOurs || xhr.readyState === 3) return;
      const header = (name) => xhr.getResponseHeader(name);
      if (isWithheld({ method, url: xhr.responseURL, header })) xhr.abort();
    }

    prototype.open = function (...sent) {
      const result = open.apply(this, sent);
      const [method, url, ...rest] = sent;
      requests.set(this, { method, rest, isHere: isHere(url) });
      this.addEventListener("readystatechange", look);
      return result;
    };

    prototype.setRequestHeader = function (...sent) {
      const result = setRequestHeader.apply(this, sent);
      const request = requests.get(this);
      if (request && isSameName(sent[0], USER_HEADER)) request.isNamed = true;
      return result;
    };

    prototype.send = function (...sent) {
      const request = requests.get(this);
      if (request?.isHere && isUnsafe(request.method)) prepare(this, request);
      return send.apply(this, sent);
    };

    // Name the user, or lead the request to where it fails as in a network that is down.
    function prepare(xhr, { method, rest, isNamed }) {
      const { person: user } = page();
      if (isHeldBack()) open.call(xhr, method, NOWHERE, ...rest);
      else if (user && !isNamed) setRequestHeader.call(xhr, USER_HEADER, user);
    }
  }

  // Return true if a form is posted to this origin.
  function isPostedHere({ target: form, submitter }) {
    const attribute = (name) => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name);
    return isHere(attribute("action") ?? "") && /^post$/i.test(attribute("method"));
  }

  // Name the user in a form that the browser itself sends: after all those who may send it instead.
  on("submit", (event) => {
    const { target: form, defaultPrevented: isTaken } = event;
    const { person: user } = page();
    if (isTaken || !user || !isPostedHere(event) || form.querySelector(`[name="${USER_FIELD}"]`)) return;
    const field = document.createElement("input");
    form.append(Object.assign(field, { type: "hidden", name: USER_FIELD, value: user }));
  }, false);

  // == Tokens ==
  //
  // A new sign-in makes the tokens of every older page stale. They are replaced only where that is
  // known, and only while the page's user is signed in.

  let hiddenToken = "";

  // Return the CSRF token of now for the page's user, "" where it is not known.
  function csrfToken() {
    if (signedInUser() !== page().person) return "";
    return csrfCookie ? cookie(csrfCookie) : hiddenToken;
  }

  // Ask for the token, where it is in a session or a cookie that scripts cannot read.
  async function fetchHiddenToken() {
    if (!tokenUrl) return;
    const response = await fetch(tokenUrl).catch(() => null);
    hiddenToken = response?.ok ? await response.text() : "";
  }

  // Note which sign-in the page's tokens are of, once for each page that is shown.
  function noteSignIn() {
    page().signIn ??= signIn();
  }

  // Return true if the page's tokens are of another sign-in than that of now.
  function isPageStale() {
    return page().signIn !== signIn();
  }

  // Give a request of htmx the token of now, under the name that the host's own has, if it has one.
  function refreshRequest({ url, method, headers, body }, isRefused) {
    const token = isHere(url) && isUnsafe(method) && csrfToken();
    if (!token) return;
    const ownName = Object.keys(headers).find((name) => isSameName(name, csrfHeader));
    const isWrong = isRefused || isPageStale();
    if (isWrong || !ownName) headers[ownName ?? csrfHeader] = token;
    if (isWrong && body?.has?.(CSRF_FIELD)) body.set(CSRF_FIELD, token);
  }

  // Give a form the token of now, in the fields that it has.
  function refreshForm(form) {
    const token = isPageStale() && csrfToken();
    if (!token) return;
    form.querySelectorAll(`input[name="${CSRF_FIELD}"]`).forEach((field) => { field.value = token; });
  }

  on("submit", (event) => {
    if (!isPostedHere(event)) return;
    if (isHeldBack()) return stop(event);
    refreshForm(event.target);
  });

  // == htmx 2 and 4 ==

  // Return what the detail of an htmx event says, alike for both.
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

  // Call a handler for an event of htmx, which has two names.
  function onHtmx(names, handler, isFirst) {
    on(names, (event) => handler(adapt(event.detail), event), isFirst);
  }

  // == Words ==

  // Return a copy of what the page's templates say under a name.
  function words(name) {
    return part(name)?.content.cloneNode(true).firstElementChild;
  }

  // Say something beside the page, or nothing any more.
  function say(name) {
    part("status")?.replaceChildren(words(name) ?? "");
  }

  // Say at one of our own forms or links what went wrong with it.
  function sayAt(element, name) {
    const sentence = words(name);
    const form = element.closest("#auth-ui-login");
    isLeaving = false;
    element.dispatchEvent(new CustomEvent("auth-ui:idle", { bubbles: true }));
    if (!sentence) return;
    if (form) {
      form.querySelectorAll(".auth-ui-summary").forEach((summary) => summary.remove());
      element.before(sentence);
    } else {
      part("dialog-body")?.replaceChildren(sentence);
      openDialog(element);
    }
    sentence.focus();
  }

  // Begin the page's title with "Error:" where a form came back with one.
  function sayInTitle() {
    const error = document.querySelector("[data-title]")?.dataset.title;
    if (error && !document.title.startsWith(error)) document.title = error + " " + document.title;
  }

  // == The dialog ==

  let opener = null;

  // Return true while the dialog's sign-in is on its way.
  function isSigningIn() {
    return Boolean(part("dialog-body")?.querySelector("[data-auth-ui-busy]"));
  }

  // Return true if a dialog or cover must not be closed now.
  function isKeptOpen(element) {
    return (element === part("dialog") && isSigningIn()) || (element === part("cover") && root.authUiCovered);
  }

  // Open the dialog, and note what gets the focus back.
  function openDialog(element) {
    const dialog = part("dialog");
    if (!dialog || dialog.open) return;
    opener = element;
    dialog.showModal();
  }

  // Close the dialog. An answer that is still to come would lead away.
  function closeDialog() {
    const form = part("dialog-body")?.querySelector("form");
    if (form) htmx.trigger(form, "htmx:abort");
    part("dialog-body")?.replaceChildren();
    part("dialog")?.close();
  }

  on("click", (event) => {
    const closest = (name) => event.target.closest?.(`[data-auth-ui="${name}"]`);
    const link = closest("open");
    // A link in a new tab is the browser's.
    if (link && (event.ctrlKey || event.metaKey || event.shiftKey)) return event.stopImmediatePropagation();
    opener = link ?? opener;
    if (closest("reload")) location.replace(location.pathname + location.search);
  });

  on("cancel", (event) => {
    if (isKeptOpen(event.target)) event.preventDefault();
  });

  on("close", ({ target }) => {
    if (target.open) return;
    if (isKeptOpen(target)) return target.showModal();
    if (target !== part("dialog")) return;
    closeDialog();
    opener?.focus();
    if (isAsking) decline();
  });

  on("htmx:afterSwap htmx:after:swap", () => {
    noteSignIn();
    // With the body, all that lay over it went too.
    if (isAsking && !part("dialog")?.open) stopAsking();
    if (!part("cover")?.open) delete root.authUiCovered;
    check();
    if (part("dialog-body")?.childElementCount) return openDialog(opener);
    sayInTitle();
  });

  // == Interrupted requests ==
  //
  // Requests that met an ended session wait for their user, and are sent once more in their order.

  const waiting = [];
  let isAsking = false;
  let isDeclined = false;
  let isResuming = false;
  let sentCount = 0;
  // Milliseconds without a key after which a word is at its end.
  const PAUSE = 3000;
  let lastTyped = -PAUSE;
  // What is sent once more just now.
  let again = null;

  // Return true for what asks by itself, again and again. htmx 2 does so with no event.
  function isPoll({ element, trigger }) {
    return trigger ? trigger.type === "every" : /\bevery\b/.test(element?.getAttribute("hx-trigger"));
  }

  // Return true if somebody has typed just now: a dialog would take the rest of the word.
  function isTyping() {
    return performance.now() - lastTyped < PAUSE;
  }

  on("input", () => { lastTyped = performance.now(); });

  // Return true if a request met an ended session. Without a dialog, htmx goes to sign in.
  function isEnded({ status, header }) {
    return status === 401 && header("WWW-Authenticate") === "auth-ui" && part("dialog");
  }

  // Open the dialog with the sign-in form of an answer, unless it is open or not wanted.
  async function ask(request) {
    const form = await request.text();
    const isQuiet = isDeclined || root.authUiCovered || isTyping();
    const isWanted = isPoll(request) ? !isQuiet : waiting.includes(request);
    if (isAsking || isResuming || !isWanted) return;
    isAsking = true;
    say();
    if (part("login")?.closest("dialog")) return;
    part("dialog-body").replaceChildren(new Range().createContextualFragment(form));
    htmx.process(part("dialog-body"));
    openDialog(request.element);
  }

  // Keep a request until its user has signed in, behind those that were sent before it.
  function wait(request) {
    waiting.push(request);
    waiting.sort((one, other) => one.config.authUiOrder - other.config.authUiOrder);
  }

  // Forget what waits.
  function stopAsking() {
    isAsking = false;
    waiting.length = 0;
    closeDialog();
  }

  // Respect that nobody wants to sign in.
  function decline() {
    isDeclined = true;
    stopAsking();
    say("not_saved");
  }

  // Go on with the page after a sign-in, if it was its user's.
  async function goOn() {
    seenSignIn = signIn();
    if (page().person && signedInUser() !== page().person) return cover(SOMEONE_ELSE);
    page().person = signedInUser();
    isAsking = isDeclined = false;
    closeDialog();
    uncover();
    if (isResuming) return;
    isResuming = true;
    await fetchHiddenToken();
    while (waiting.length) await sendAgain(waiting.shift()).catch(() => {});
    isResuming = false;
  }

  // Send a request once more from its element, with the values that it had.
  async function sendAgain({ config, element, method, url, trigger, headers, isRefused }) {
    again = { values: config.authUiValues, isRefused };
    // An answer may have replaced the element.
    const place = element.isConnected ? { source: element } : { source: document.body, swap: "none" };
    try {
      const answer = htmx.ajax(method, url, { ...place, event: trigger, headers });
      return again.answer ?? answer;
    } finally {
      again = null;
    }
  }

  onHtmx("htmx:confirm", (request, event) => {
    if (!again) return;
    stop(event);
    again.answer = event.detail.issueRequest(true);
  });

  // After a host's own listener, which may set a token too.
  onHtmx("htmx:configRequest htmx:config:request", (request) => {
    const { config, body } = request;
    if (again) {
      config.authUiAgain = true;
      [...body.keys()].forEach((name) => body.delete(name));
      again.values.forEach(([name, value]) => body.append(name, value));
    }
    config.authUiOrder = ++sentCount;
    config.authUiSignIn = signIn();
    config.authUiValues = [...body.entries()];
    refreshRequest(request, again?.isRefused);
  }, false);

  onHtmx("htmx:beforeRequest htmx:before:request", (request, event) => {
    if (!isPoll(request)) say();
    else if (isAsking || isResuming) event.preventDefault();
  });

  // == Answers ==

  // Return true if the server refused a sign-in. The answer holds the form again.
  function isSignInRefused({ header }) {
    return header("Auth-UI") === "sign_in_refused";
  }

  // Return true if a request asks for its page's user to send it once more, which is for us to do.
  function isTokenRefused({ config, status, header }) {
    return !config.authUiAgain && status === 403 && header("Auth-UI") === "try_again";
  }

  // Return true if the dialog's sign-in has succeeded, and there is a page to go on with.
  function isSignedIn({ element, header }) {
    const isForPage = isAsking || page().person;
    return isForPage && part("dialog-body")?.contains(element) && header("HX-Redirect") && signedInUser();
  }

  // Send a request once more with the token of now, when htmx is done with its first answer.
  async function sendWithNewToken(request) {
    await fetchHiddenToken();
    await new Promise((resolve) => setTimeout(resolve));
    await sendAgain({ ...request, isRefused: true });
  }

  // Return true if the page's user has signed in since a request was sent: its answer comes late.
  function isLate({ config }) {
    return config.authUiSignIn !== signIn() && page().person && signedInUser() === page().person;
  }

  // Ask for a sign-in, and let what a user did wait for it.
  function meetEnd(request) {
    if (request.config.authUiAgain) return say("not_saved");
    if (isPoll(request) && isLate(request)) return;
    if (!isPoll(request)) wait(request);
    ask(request);
  }

  // Act on an answer that is ours, or on trouble with what is ours; return false for all others.
  function act(request) {
    const { element, status, header } = request;
    const notice = header("Auth-UI");
    const isOurs = element.matches("[data-auth-ui]");
    if (isForSomeoneElse(request)) cover(SOMEONE_ELSE);
    else if (isTokenRefused(request)) sendWithNewToken(request);
    else if (isEnded(request)) meetEnd(request);
    else if (notice === "session_lost") cover(notice);
    else if (isSignInRefused(request) && isOurs) return false;
    else if (status >= 400 && isOurs) sayAt(element, status < 500 ? "refused" : "server_error");
    else if (status >= 400 && notice) say(notice);
    else if (isSignedIn(request)) goOn();
    else return false;
    return true;
  }

  onHtmx("htmx:beforeOnLoad htmx:before:response", (request, event) => {
    if (act(request)) stop(event);
  });

  // htmx 2 swaps no 4xx by itself.
  onHtmx("htmx:beforeSwap", (request, { detail }) => {
    if (isSignInRefused(request)) Object.assign(detail, { shouldSwap: true, isError: false });
  });

  onHtmx("htmx:sendError htmx:timeout htmx:error", ({ element, method, status }) => {
    if (status || !method || isHeldBack()) return;
    if (element.matches("[data-auth-ui]")) sayAt(element, element.dataset.noAnswer ?? "no_answer");
    else if (isUnsafe(method)) say("not_sent");
  });

  // == What was typed ==
  //
  // A browser fills its forms again on Reload, Back and Forward, even if the page is another user's
  // by now. Each place in its history notes whose page it was.

  // Return true if this place in the history was another user's page.
  function wasSomeoneElses() {
    const before = history.state?.authUiUser;
    return Boolean(before) && before !== page().person;
  }

  // Note whose page this place in the history is.
  function noteUser() {
    const { person: user } = page();
    if (user) history.replaceState({ ...history.state, authUiUser: user }, "");
  }

  // Empty the forms that the browser has filled with what another user typed.
  function emptyForms() {
    document.querySelectorAll("form").forEach((form) => form.reset());
  }

  // The browser may fill them at any time until the page is shown.
  if (wasSomeoneElses()) {
    emptyForms();
    ["load", "pageshow"].forEach((name) => window.addEventListener(name, emptyForms, { once: true }));
  }
  noteUser();

  // htmx writes a state of its own.
  on("pagehide", () => { if (!root.authUiCovered) noteUser(); });

  // == Covers, and other tabs ==

  // True while a sign-out is on its way.
  let isLeaving = false;
  let seenSignIn = signIn();

  // Cover the page, and say why. A lost session says more than a sign-out.
  function cover(name) {
    const element = part("cover");
    const shown = element?.open && root.authUiCovered;
    isLeaving = false;
    if (!element || shown === name || (shown === "session_lost" && name === "signed_out")) return;
    stopAsking();
    root.authUiCovered = name;
    element.replaceChildren(words(name));
    if (!element.open) element.showModal();
    window.htmx?.process(element);
    element.querySelector("a, button")?.focus();
  }

  // Give the page back.
  function uncover() {
    delete root.authUiCovered;
    part("cover")?.close();
  }

  // Compare the page's user with who is signed in, which another tab may have changed.
  function check() {
    if (isSigningIn() || isLeaving) return;
    const { person: user } = page();
    const isNew = signIn() !== seenSignIn;
    seenSignIn = signIn();
    if (user && signedInUser() !== user) cover(signedInUser() ? SOMEONE_ELSE : "signed_out");
    else if (isNew && signedInUser() && (user || isAsking)) goOn();
  }

  on("submit", ({ target }) => {
    if (!target.matches(".auth-ui-sign-out")) return;
    isLeaving = true;
    // This throws where storage is off.
    [sessionStorage, localStorage].forEach((storage) => storage.removeItem("htmx-history-cache"));
  });

  on("pageshow", () => { isLeaving = false; });
  on("focus visibilitychange pageshow", check);
  window.cookieStore?.addEventListener("change", check);

  on("load", () => {
    // No check of the server's sees this.
    if (window.htmx?.config.historyCacheSize > 0) console.warn("auth_ui: set htmx.config.historyCacheSize = 0");
  });

  noteSignIn();
  check();
  nameInFetch();
  nameInXhr();
})();
