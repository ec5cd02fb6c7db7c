// Keeps a page in step with the session.
//
// The server decides what may be done. This script tells it whose page a request comes from, asks it
// who is signed in before it covers or uncovers a page, and lets work go on after a new sign-in.
// What it is not sure of goes as the host made it.
(() => {
  "use strict";

  const CSRF_FIELD = "csrfmiddlewaretoken";
  const USER_FIELD = "auth_ui_person";
  const USER_HEADER = "Auth-UI-Person";
  const SOMEONE_ELSE = "someone_else";
  const root = document.documentElement.dataset;
  const meta = document.querySelector('meta[name="auth-ui"]');
  // Names are told where a project has others.
  const { csrfCookie = "csrftoken", csrfHeader = "X-Csrftoken", tokenUrl, words: wordsUrl } = meta.dataset;
  const markerName = meta.dataset.marker ?? "auth_ui_user";
  // As it was found: what we send ourselves is not watched.
  const plainFetch = window.fetch.bind(window);

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
    return document.cookie.split("; ").filter(isNamed).pop()?.slice(name.length + 1) ?? "";
  }

  // Return the mark of the sign-in of now. It stays when the session ends, until a sign-out.
  function signIn() {
    return cookie(markerName);
  }

  // Return the tag of the user of whom the marker tells, "" for nobody. It is a hint.
  function markedUser() {
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

  // Return the value of a header in a list of pairs.
  function valueIn(pairs, wanted) {
    return pairs.find(([name]) => isSameName(name, wanted))?.[1];
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

  // Tell others on the page of something.
  function tell(element, name, detail) {
    element.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }

  // == Tokens ==
  //
  // A new sign-in makes the tokens of every older page stale. They are replaced only where that is
  // known, and only while the page's user is signed in.

  // The token that the server gave last, and the sign-in that it is of.
  let given = {};

  // Return the CSRF token of now for the page's user, "" where it is not known.
  function csrfToken() {
    if (given.signIn === signIn()) return given.token;
    return csrfCookie && markedUser() === page().person ? cookie(csrfCookie) : "";
  }

  // Note which sign-in the page's tokens are of, once for each page that is shown.
  function noteSignIn() {
    page().signIn ??= signIn();
  }

  // Return true if the page's tokens are of another sign-in than that of now.
  function isPageStale() {
    return page().signIn !== signIn();
  }

  // Return a body with the token of now in the field that it has.
  function withToken(body, token) {
    if (typeof body === "string") {
      return body.replace(new RegExp(`(^|&)${CSRF_FIELD}=[^&]*`), `$1${CSRF_FIELD}=${token}`);
    }
    const Kind = [FormData, URLSearchParams].find((kind) => body instanceof kind);
    if (!Kind || !body.has(CSRF_FIELD)) return body;
    const copy = new Kind();
    body.forEach((value, name) => copy.append(name, name === CSRF_FIELD ? token : value));
    return copy;
  }

  // Return what a request of this page has to say of its user, and with which token: `isWrong` where
  // the token that it brings is known to be none of now.
  function credentials(isRefused) {
    return { user: page().person, token: csrfToken(), isWrong: isRefused || isPageStale() };
  }

  // Return the headers of an unsafe request, as pairs, with what it has to say.
  function dressed(pairs, { user, token, isWrong }) {
    const has = (name) => valueIn(pairs, name) !== undefined;
    const added = [];
    if (user && !has(USER_HEADER)) added.push([USER_HEADER, user]);
    // htmx sends no token by itself.
    if (token && !has(csrfHeader) && has("HX-Request")) added.push([csrfHeader, token]);
    const isStale = ([name]) => token && isWrong && isSameName(name, csrfHeader);
    return [...pairs.map((pair) => (isStale(pair) ? [pair[0], token] : pair)), ...added];
  }

  // Return true if a form is posted to this origin.
  function isPostedHere({ target: form, submitter }) {
    const attribute = (name) => submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name);
    return isHere(attribute("action") ?? "") && /^post$/i.test(attribute("method"));
  }

  on("submit", (event) => {
    if (!isPostedHere(event)) return;
    if (isHeldBack()) return stop(event);
    const { token, isWrong } = credentials();
    if (!token || !isWrong) return;
    const fields = event.target.querySelectorAll(`input[name="${CSRF_FIELD}"]`);
    fields.forEach((field) => { field.value = token; });
  });

  // Name the user in a form that the browser itself sends: after all those who may send it instead.
  on("submit", (event) => {
    const { target: form, defaultPrevented: isTaken } = event;
    const { person: user } = page();
    if (isTaken || !user || !isPostedHere(event) || form.querySelector(`[name="${USER_FIELD}"]`)) return;
    const field = document.createElement("input");
    form.append(Object.assign(field, { type: "hidden", name: USER_FIELD, value: user }));
  }, false);

  // == Requests ==
  //
  // Each unsafe request to this origin names the user of its page, where it is sent: in `fetch` and
  // in XMLHttpRequest, whichever library calls them. A safe one goes as it is, since a header of
  // ours would follow a redirect to another origin; its answer says for whom it was made, and one
  // that was made for another user is kept from the page: it would be seen when the cover goes.
  //
  // A request whose answer says that the session ended is held, and sent once more as it was after
  // the sign-in: its sender gets the second answer only.
  //
  // What cannot be watched: `navigator.sendBeacon`, `form.submit()`, "no-cors", workers, an <img>,
  // an EventSource, a WebSocket, and a `fetch` that somebody kept before this script ran.

  const REFUSED = "auth_ui: someone else is signed in now, so this page gets no answer.";
  const NOWHERE = "auth-ui:someone-else-is-signed-in";
  const FIELD = ":read-write, select";
  // Milliseconds in which a script may still be about to send what a press has asked for.
  const PRESS = 1000;
  let sentCount = 0;
  let isActing = false;
  let isPointing = false;
  let pressed = -PRESS;

  // Note that a user does something, until the browser has done with it.
  function act(event) {
    if (!event?.isTrusted) return;
    isActing = true;
    isPointing = false;
    setTimeout(() => { isActing = false; });
  }

  // Note that a user presses something, and is at the end of a word. To come into a field, or to
  // close what is ours, asks for nothing.
  function press({ type, key, isTrusted, target }) {
    const isPress = type !== "keydown" || key === "Enter";
    if (!isTrusted || !isPress || target.matches?.(FIELD) || target.closest?.(".auth-ui-dialog")) return;
    pressed = performance.now();
    lastTyped = -PAUSE;
  }

  // Forget that a user does something: what is sent next is not for that.
  function rest() {
    isActing = false;
    pressed = -PRESS;
  }

  on("click submit change input keydown keyup pointerup drop", act);
  on("click submit keydown", press);

  // What is fetched ahead is asked for when the pointer comes.
  on("mouseover mousedown touchstart", ({ isTrusted }) => {
    isPointing = isTrusted;
    setTimeout(() => { isPointing = false; });
  });

  // Return true while the page is covered because someone else is signed in.
  function isHeldBack() {
    return root.authUiCovered === SOMEONE_ELSE;
  }

  // Return true if an answer was made for another user than the page.
  function isForSomeoneElse({ method, header }) {
    const user = !isUnsafe(method) && page().person && header(USER_HEADER);
    return header("Auth-UI") === SOMEONE_ELSE || Boolean(user && user !== page().person);
  }

  // Cover the page if an answer was made for another user, or met a lost session; return true if it
  // must not be seen. A refusal may: it says nothing of that user.
  function isWithheld(answer) {
    if (!isHere(answer.url)) return false;
    if (answer.header("Auth-UI") === "session_lost") cover("session_lost");
    if (!isForSomeoneElse(answer)) return false;
    cover(SOMEONE_ELSE);
    return !isUnsafe(answer.method);
  }

  // Return true if an answer is of ours, or for another user, and its sender may never read it.
  function isOurs(answer) {
    return answer.header("Auth-UI") || answer.header("WWW-Authenticate") === "auth-ui" || isForSomeoneElse(answer);
  }

  // Return true if a request met an ended session. Without a dialog, htmx goes to sign in.
  function isEnded({ status, header }) {
    return status === 401 && header("WWW-Authenticate") === "auth-ui" && part("dialog")?.showModal;
  }

  // Return true if a request asks for its page's user to send it once more, which is for us to do.
  function isTokenRefused({ status, header }) {
    return status === 403 && header("Auth-UI") === "try_again";
  }

  // Return true if an answer is one for us to meet, by sending its request once more.
  function isToMeet(request, answer) {
    if (request.isAgain) {
      if (isEnded(answer)) say("not_saved");
      return false;
    }
    return isHere(answer.url) && (isEnded(answer) || isTokenRefused(answer));
  }

  // Meet an answer: `repeat` sends its request once more, `giveUp` lets its sender have the answer.
  async function meet(request, answer) {
    if (isEnded(answer)) return wait(request);
    const { user } = await ask();
    return user ? request.repeat() : request.giveUp();
  }

  // Note what decides later how a request is met.
  function begin(request) {
    request.order = ++sentCount;
    request.sentAt = performance.now();
    request.isAwaited = request.sentAt - pressed < PRESS;
    request.isByUser = isActing || request.isAwaited;
    request.isAhead = Boolean(valueIn(request.headers, "HX-Preloaded")) || (isPointing && !isUnsafe(request.method));
    if (isActing) say();
    return request;
  }

  // Return headers in the shape in which they came, since some wrappers know one only.
  function inShapeOf(headers, pairs) {
    if (headers instanceof Headers) return new Headers(pairs);
    return headers[Symbol.iterator] ? pairs : Object.fromEntries(pairs);
  }

  // Return the arguments of an unsafe `fetch` with what it has to say.
  function dressedFetch(sent, isRefused) {
    const [resource, init, ...rest] = sent;
    const said = credentials(isRefused);
    if (init?.headers === undefined && resource?.headers) {
      // In place: beside an `init` the browser would drop the Request's referrer policy.
      dressed([...resource.headers], said).forEach(([name, value]) => resource.headers.set(name, value));
      return sent;
    }
    if (!said.user && !said.token) return sent;
    const named = {};
    for (const key in init) named[key] = init[key];
    // An object with getters of a class of its own cannot be copied.
    if (named.method !== init?.method) return sent;
    const { headers = {} } = init ?? {};
    const pairs = dressed(headers[Symbol.iterator] ? [...headers] : Object.entries(headers), said);
    if (said.token && said.isWrong && "body" in named) named.body = withToken(named.body, said.token);
    // Its sender's patience was for the first time.
    if (isRefused) delete named.signal;
    return [resource, { ...named, headers: inShapeOf(headers, pairs) }, ...rest];
  }

  // Return what decides how a `fetch` is treated.
  function readFetch([resource, init]) {
    return {
      isHere: isHere(resource?.url ?? resource),
      url: String(resource?.url ?? resource),
      method: String(init?.method ?? resource?.method ?? "GET"),
      isOnce: init?.body instanceof ReadableStream,
      headers: [],
      body: init?.body instanceof URLSearchParams ? String(init.body) : init?.body ?? resource,
      isByHtmx: Boolean(init?.headers?.["HX-Request"]),
    };
  }

  // Return a copy of what a `fetch` is given, since a Request can be sent once.
  function copied(sent) {
    const [resource, ...rest] = sent;
    return resource instanceof Request ? [resource.clone(), ...rest] : sent;
  }

  // Watch each `fetch`.
  function watchFetch() {
    const found = window.fetch;
    window.fetch = function (...sent) {
      let args = sent;
      let request = {};
      let again = null;
      try {
        request = readFetch(sent);
        if (request.isHere && isUnsafe(request.method)) args = dressedFetch(sent);
        if (request.isHere && !request.isOnce) again = copied(args);
      } catch {
        // The browser has its own words for arguments that are wrong.
      }
      if (!request.isHere) return found.apply(this, sent);
      if (isUnsafe(request.method) && isHeldBack()) return Promise.reject(new TypeError(REFUSED));
      begin(request);

      // Look at an answer before its sender does.
      const look = (response) => {
        const header = (name) => response?.headers?.get(name);
        const answer = { method: request.method, url: response?.url, status: response?.status, header };
        // Nobody may ever read it, and until then it would keep one of the browser's few connections.
        if (isOurs(answer)) response.clone().arrayBuffer().catch(() => {});
        if (isWithheld(answer)) throw new TypeError(REFUSED);
        if (!again || !isToMeet(request, answer)) return response;
        return new Promise((resolve, reject) => {
          request.giveUp = () => resolve(response);
          // The time that a user takes to sign in is nobody's to limit; htmx 4 aborts after a minute.
          const { signal } = again[1] ?? again[0];
          signal?.addEventListener("abort", ({ target: { reason } }) => {
            if (reason?.name === "TimeoutError" || request.isByHtmx) return;
            drop(request);
            reject(reason);
          });
          request.repeat = () => {
            request.isAgain = true;
            const repeated = isUnsafe(request.method) ? dressedFetch(again, true) : again;
            return found.apply(this, repeated).then(look).then(resolve, reject);
          };
          meet(request, answer);
        });
      };
      return found.apply(this, args).then(look);
    };
  }

  // Watch each XMLHttpRequest.
  function watchXhr() {
    const { prototype } = XMLHttpRequest;
    const { abort, open, send, setRequestHeader } = prototype;
    const requests = new WeakMap();

    // Look at an answer as soon as its headers are there, and keep one that we meet from its sender.
    function look(event) {
      const xhr = event.target;
      const request = requests.get(xhr);
      if (!request?.isHere || request.isLetGo) return;
      const isNew = event.type === "readystatechange" && (xhr.readyState === 2 || !request.isAsync);
      const header = (name) => xhr.getResponseHeader(name);
      const answer = { method: request.method, url: xhr.responseURL, status: xhr.status, header };
      if (isNew && isWithheld(answer)) {
        event.stopImmediatePropagation();
        return xhr.abort();
      }
      if (isNew) request.isHeld = request.isAsync && isToMeet(request, answer);
      const isOpenedAgain = request.isAgain && xhr.readyState === 1;
      if (request.isHeld || isOpenedAgain) event.stopImmediatePropagation();
      if (event.type !== "loadend") return;
      if (request.isHeld) meet(request, answer);
      else request.end?.();
    }

    // Let a sender have the answer that was kept from it, or its own abort.
    function letGo(xhr, request, end = "load") {
      request.isLetGo = true;
      xhr.dispatchEvent(new Event("readystatechange"));
      [end, "loadend"].forEach((name) => xhr.dispatchEvent(new ProgressEvent(name)));
    }

    // Set the headers of a request and send it, with what it has to say.
    function dispatch(xhr, request, isRefused) {
      const said = credentials(isRefused);
      const isChange = isUnsafe(request.method);
      const pairs = isChange ? dressed(request.headers, said) : request.headers;
      pairs.forEach((pair, place) => {
        if (isRefused || place >= request.headers.length) setRequestHeader.apply(xhr, pair);
      });
      // Whose page it is of stays with it, whatever page is shown when it is sent again.
      request.headers = pairs;
      const isStale = isChange && said.token && said.isWrong;
      return send.call(xhr, isStale ? withToken(request.body, said.token) : request.body);
    }

    window.XMLHttpRequest = new Proxy(XMLHttpRequest, {
      construct(...given) {
        const xhr = Reflect.construct(...given);
        // Before the sender's own listeners.
        const names = ["loadstart", "readystatechange", "progress", "load", "loadend"];
        names.forEach((name) => xhr.addEventListener(name, look));
        return xhr;
      },
    });

    prototype.open = function (...sent) {
      const result = open.apply(this, sent);
      const [method, url, isAsync = true] = sent;
      const request = { method, url: String(url), isHere: isHere(url), isAsync, headers: [] };
      request.giveUp = () => letGo(this, request);
      request.repeat = () => new Promise((resolve) => {
        Object.assign(request, { isAgain: true, isHeld: false, end: resolve });
        open.apply(this, sent);
        dispatch(this, request, true);
      });
      requests.set(this, Object.assign(request, { sent }));
      return result;
    };

    prototype.setRequestHeader = function (...sent) {
      const request = requests.get(this);
      const { token, isWrong } = credentials();
      const isOurs = request?.isHere && isUnsafe(request.method);
      if (isOurs && token && isWrong && isSameName(sent[0], csrfHeader)) sent[1] = token;
      const result = setRequestHeader.apply(this, sent);
      request?.headers.push(sent);
      return result;
    };

    prototype.abort = function () {
      const request = requests.get(this);
      if (!drop(request)) return abort.call(this);
      letGo(this, request, "abort");
      abort.call(this);
    };

    prototype.send = function (...sent) {
      const request = requests.get(this);
      if (!request?.isHere || this.readyState !== 1) return send.apply(this, sent);
      if (isUnsafe(request.method) && isHeldBack()) {
        // It fails as in a network that is down.
        const [method, , ...rest] = request.sent;
        open.call(this, method, NOWHERE, ...rest);
        return send.apply(this, sent);
      }
      [request.body] = sent;
      return dispatch(this, begin(request));
    };
  }

  // == htmx 2 and 4 ==

  // Return what the detail of an htmx event says, alike for both.
  function adapt(detail) {
    const { ctx, xhr } = detail;
    const config = ctx?.request ?? detail.requestConfig ?? detail;
    return {
      method: config.method ?? config.verb,
      trigger: ctx?.sourceEvent ?? config.triggeringEvent,
      status: ctx?.response?.status ?? xhr?.status,
      header: (name) => (ctx ? ctx.response?.headers.get(name) : xhr?.getResponseHeader(name)),
    };
  }

  // Call a handler for an event of htmx, which has two names.
  function onHtmx(names, handler) {
    on(names, (event) => handler(adapt(event.detail), event));
  }

  // A trigger may have been delayed.
  onHtmx("htmx:configRequest htmx:config:request", ({ trigger }) => act(trigger));

  // An answer that was fetched ahead may be of an ended session: it is asked for again.
  on("htmx:before:request", ({ detail: { ctx } }) => {
    const found = ctx.fetch;
    ctx.fetch = async (...sent) => {
      const count = sentCount;
      const answer = found(...sent);
      const isNew = sentCount > count;
      const { status, headers } = await answer;
      const isOld = !isNew && isEnded({ status, header: (name) => headers.get(name) });
      return isOld ? window.fetch(...sent) : answer;
    };
  }, false);

  // htmx 2 tells its sender of an answer that is ours, who may then empty the form.
  let isKept = false;

  on("htmx:afterRequest", ({ detail: { xhr } }) => {
    isKept = isEnded({ status: xhr.status, header: (name) => xhr.getResponseHeader(name) });
    setTimeout(() => { isKept = false; });
  });

  on("reset", (event) => { if (isKept) event.preventDefault(); });

  // An answer of ours that says why nothing was done is swapped in nowhere, and leads nowhere.
  onHtmx("htmx:beforeOnLoad htmx:before:response", (answer, event) => {
    const notice = answer.status >= 400 && answer.header("Auth-UI");
    if (notice && !root.authUiCovered) say(notice);
    if (notice || isEnded(answer)) stop(event);
  });

  onHtmx("htmx:sendError htmx:timeout htmx:error", ({ method, status }) => {
    if (!status && method && isUnsafe(method) && !isHeldBack()) say("not_sent");
  });

  on("htmx:afterSwap htmx:after:swap", () => {
    // With the body, all that lay over it went too, and what waits is of the page before.
    if ((isAsking || page().signIn === undefined) && !part("dialog")?.open) stopAsking();
    noteSignIn();
    if (root.authUiCovered && !part("cover")?.open) {
      delete root.authUiCovered;
      settled = "";
    }
    check();
  });

  // == Words ==

  //
  // They are fetched once the page is there, so that they can be said when no server answers.

  let templates = null;
  let said = "";

  // Fetch the words, if they are not here yet. They are nobody's, so no cookie is needed, unless
  // something in front of the server asks for one.
  async function fetchWords() {
    for (const credentials of ["omit", "include"]) {
      if (templates || !wordsUrl) return;
      const response = await plainFetch(wordsUrl, { credentials }).catch(() => null);
      const html = await response?.text().catch(() => "");
      // What stands in front may answer with a page of its own.
      if (response?.ok && /<template/.test(html)) templates = new Range().createContextualFragment(html);
    }
  }

  on("load", fetchWords);

  // Return a copy of the words under a name; their link leads back to this page.
  function words(name) {
    const template = part(name) ?? templates?.getElementById(`auth-ui-${name}`);
    const copy = template && document.importNode(template.content, true).firstElementChild;
    const link = copy?.querySelector("a");
    const here = encodeURIComponent(location.pathname + location.search);
    if (link) link.search = link.search.replace("next=/", `next=${here}`);
    return copy;
  }

  // Say something beside the page, or nothing any more.
  async function say(name) {
    said = name;
    if (name) await fetchWords();
    if (said === name) part("status")?.replaceChildren(words(name) ?? "");
  }

  // Say at one of our own forms or links what went wrong with it.
  async function sayAt(element, name) {
    isLeaving = false;
    await fetchWords();
    const sentence = words(name) ?? words("not_accepted");
    const form = element.closest("#auth-ui-login");
    tell(element, "auth-ui:idle");
    if (!sentence) return element.matches("a") && location.assign(element.href);
    if (form) {
      form.querySelectorAll(".auth-ui-summary").forEach((summary) => summary.remove());
      element.before(sentence);
    } else {
      part("dialog-body")?.replaceChildren(sentence);
      openDialog(element);
    }
    sentence.focus();
  }

  // Return the name of the words for an answer that is not what was asked for.
  function cause(status, notice) {
    if (status >= 500) return "server_error";
    return notice ?? (status === 429 ? "too_many_requests" : "not_accepted");
  }

  // == The dialog ==

  let opener = null;
  // What the dialog has asked the server: by which element, and how to stop it.
  let exchange = null;

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
    exchange?.control.abort();
    part("dialog-body")?.replaceChildren();
    part("dialog")?.close?.();
  }

  // Put a fragment of the server's into the page, where it takes the focus.
  function show(html, put) {
    const content = new Range().createContextualFragment(html);
    const card = content.firstElementChild;
    put(content);
    window.htmx?.process(card);
    card.querySelector("[autofocus]")?.focus();
    // A form that came back with an error says so in the page's title.
    const error = card.closest("dialog") ? "" : card.querySelector("[data-title]")?.dataset.title;
    if (error && !document.title.startsWith(error)) document.title = `${error} ${document.title}`;
    tell(card, "auth-ui:shown");
  }

  // Show the sign-in form in the dialog.
  function showInDialog(html, element) {
    show(html, (content) => part("dialog-body").replaceChildren(content));
    openDialog(element);
  }

  on("cancel", (event) => {
    if (isKeptOpen(event.target)) event.preventDefault();
  });

  on("close", ({ target }) => {
    if (target.open) return;
    if (isKeptOpen(target)) return target.showModal();
    if (target !== part("dialog")) return;
    closeDialog();
    // Chromium takes no keys in a field that had the focus again before the form went.
    if (document.activeElement === opener) opener?.blur();
    opener?.focus();
    if (isAsking) decline();
  });

  // == Our own links and forms ==
  //
  // They are pages, and become parts of this one here, when all that they need is there. We send
  // them ourselves: nothing that a page tells htmx, or that its elements inherit, changes them.

  // Return true if the dialog can be shown: it is on the page, the style sheet came, and the browser
  // knows dialogs.
  function hasDialog() {
    const style = getComputedStyle(document.documentElement);
    return Boolean(part("dialog")?.showModal && style.getPropertyValue("--auth-ui-accent"));
  }

  // Fire the events that the server names, as htmx does.
  function trigger(element, events) {
    if (!events) return;
    if (!events.startsWith("{")) return events.split(",").forEach((name) => tell(element, name.trim()));
    Object.entries(JSON.parse(events)).forEach(([name, detail]) => tell(element, name, detail));
  }

  // Return the headers of a request of our own: the server answers it as it answers htmx.
  function ownHeaders() {
    const { person: user } = page();
    return { "HX-Request": "true", "HX-Current-URL": location.href, ...(user && { [USER_HEADER]: user }) };
  }

  // Send what one of ours asks for, and act on the answer.
  async function send(element, url, init) {
    const control = new AbortController();
    const { signal } = control;
    const isSignOut = element.matches(".auth-ui-sign-out");
    if (!isSignOut) exchange = { element, control };
    const response = await plainFetch(url, { ...init, headers: ownHeaders(), signal }).catch(() => null);
    const html = await response?.text().catch(() => null);
    if (exchange?.control === control) exchange = null;
    if (typeof html === "string") receive(element, response, html);
    else if (!signal.aborted) sayAt(element, isSignOut ? "still_signed_in" : "no_answer");
  }

  // Act on an answer to one of ours.
  function receive(element, response, html) {
    const { status } = response;
    const header = (name) => response.headers.get(name);
    const notice = header("Auth-UI");
    const goal = header("HX-Redirect") ?? (response.redirected ? response.url : "");
    const isInDialog = part("dialog-body")?.contains(element);
    trigger(element, header("HX-Trigger"));
    if (notice === SOMEONE_ELSE) cover(notice);
    else if (status >= 400 && notice !== "sign_in_refused") sayAt(element, cause(status, notice));
    else if (goal && isInDialog && (waiting.length || isAsking || page().person)) settleNow();
    else if (goal) follow(goal, isInDialog);
    // A file that somebody has uploaded is no part of a page, whatever is in it.
    else if (header("Content-Disposition") || !/html/.test(header("Content-Type"))) sayAt(element, "not_accepted");
    else if (!html.includes('id="auth-ui-login"')) sayAt(element, "not_accepted");
    else if (element.matches("form")) showForm(element, html, header("Retry-After"));
    else showInDialog(html, element);
  }

  // Go to a page, at the part of it that the user was at or came for. No server is told of that.
  function follow(goal, isInDialog) {
    const url = new URL(goal, location.href);
    const isThisPage = url.pathname + url.search === location.pathname + location.search;
    if (location.hash && isThisPage) return location.reload();
    if (!url.hash && !isInDialog && isHere(url)) url.hash = part("login") ? location.hash : "";
    location.assign(url);
  }

  on("click", (event) => {
    const closest = (name) => event.target.closest?.(`[data-auth-ui="${name}"]`);
    const link = closest("open");
    if (closest("reload")) location.replace(location.pathname + location.search);
    if (closest("retry")) settleNow();
    // HTML of users may have our attributes too: what leads elsewhere is a link like any other.
    if (!link || !isHere(link.href)) return;
    link.hash ||= location.hash;
    // A link in a new tab is the browser's.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return event.stopImmediatePropagation();
    // From the sign-in page a page follows.
    if (!hasDialog() || link.closest(".auth-ui-page #auth-ui-login")) return;
    stop(event);
    if (link !== exchange?.element) send(link, link.href);
  });

  // After our other script, which lets a second click do nothing.
  document.addEventListener("submit", (event) => {
    const { target: form } = event;
    const url = form.getAttribute("action") ?? location.href;
    if (!form.matches("[data-auth-ui-inline]") || !isHere(url)) return;
    if (!form.closest("#auth-ui-login") && !hasDialog()) return;
    stop(event);
    submitter = event.submitter;
    const data = new FormData(form, submitter);
    const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
    send(form, url, { method: "POST", body });
  }, true);

  // == Many people are signing in ==
  //
  // A form whose password had no turn to be checked is sent again, as it stands then, until its user
  // does anything, or somebody signs in.

  const MOST_TRIES = 3;
  let tries = 0;
  // The button that was pressed: a host's form may have several.
  let submitter;
  let endTries = () => {};

  // Show a form that came back, or send the one on the page again after some seconds.
  function showForm(form, html, seconds) {
    const refusal = new Range().createContextualFragment(html).querySelector("[data-again]");
    if (!refusal) return show(html, (content) => part("login").replaceWith(content));
    tell(form, "auth-ui:idle");
    if (tries === MOST_TRIES) {
      part("login").querySelector(".auth-ui-summary")?.remove();
      form.before(refusal);
      return refusal.focus();
    }
    const status = form.querySelector('[data-auth-ui="status"]');
    const before = claim();
    const timer = setTimeout(() => {
      const count = tries + 1;
      endTries();
      if (before === claim()) form.requestSubmit(submitter);
      tries = count;
    }, seconds * 1000);
    endTries = () => {
      clearTimeout(timer);
      tries = 0;
      status.textContent = "";
    };
    status.textContent = refusal.dataset.again;
    status.className = "";
  }

  // Of keys, Escape alone.
  on("submit input close pagehide keydown", ({ key = "Escape" }) => { if (key === "Escape") endTries(); });

  // == An ended session ==

  const waiting = [];
  let isAsking = false;
  let isDeclined = false;
  let isResuming = false;
  // Milliseconds without a key after which a word is at its end.
  const PAUSE = 3000;
  // Of requests that no user has asked for.
  const MOST = 50;
  let lastTyped = -PAUSE;

  // Whoever types waits for nothing that a press has asked for.
  on("input", ({ target }) => {
    if (target.closest?.(".auth-ui-dialog")) return;
    lastTyped = performance.now();
    pressed = -PRESS;
  });

  // Return true if somebody has typed just now: a dialog would take the rest of the word.
  function isTyping() {
    return performance.now() - lastTyped < PAUSE;
  }

  // Return true if a request may open the dialog. After Cancel, and on a page for nobody, only what
  // the user does may.
  function mayAsk({ isByUser, isAhead }) {
    const isQuiet = isDeclined || !page().person || root.authUiCovered;
    return !isAhead && (isByUser || !isQuiet);
  }

  // Return true if the last of two requests stands for both: what a timer sends it sends again. But
  // another body is another change.
  function isSentAgain(one, other) {
    const isSame = !one.isByUser && !other.isByUser && one.url === other.url && one.method === other.method;
    return isSame && (!isUnsafe(one.method) || one.body === other.body);
  }

  // Open the dialog for a request, at the end of the word that is being typed.
  function askInTime(request) {
    if (isAsking || !waiting.includes(request)) return;
    const isFirst = request.isAwaited && lastTyped < request.sentAt;
    if (isFirst || !isTyping()) askForSignIn();
    else setTimeout(askInTime, PAUSE, request);
  }

  // Take a request out of what waits; return true if it was there.
  function drop(request) {
    const place = waiting.indexOf(request);
    if (place >= 0) waiting.splice(place, 1);
    return place >= 0;
  }

  // Hold a request until its user has signed in, behind those that were sent before it.
  function wait(request) {
    if (!isAsking && !mayAsk(request)) return request.giveUp();
    const others = waiting.filter(({ isByUser }) => !isByUser);
    const isFull = others.length >= MOST && !request.isByUser;
    const older = waiting.find((other) => isSentAgain(other, request)) ?? (isFull ? others[0] : null);
    if (drop(older)) older.giveUp();
    waiting.push(request);
    waiting.sort((one, other) => one.order - other.order);
    askInTime(request);
  }

  // Open the dialog with the sign-in form, unless the server says that nobody need sign in.
  async function askForSignIn() {
    const { activeElement } = document;
    isAsking = true;
    say();
    const answer = await ask();
    if (!isAsking || part("login")?.closest("dialog")) return;
    if (answer.form) showInDialog(answer.form, activeElement);
    else settle(answer);
  }

  // Let the senders of what waits have their answers.
  function stopAsking() {
    isAsking = false;
    // What is sent in its place is not sent by the user.
    rest();
    waiting.splice(0).forEach((request) => request.giveUp());
    closeDialog();
  }

  // Respect that nobody wants to sign in.
  function decline() {
    isDeclined = true;
    giveUp();
  }

  // Let nothing wait any longer, and say so.
  function giveUp() {
    stopAsking();
    say("not_saved");
  }

  // Go on with the page: its user is signed in.
  async function goOn(user) {
    page().person = user;
    isAsking = isDeclined = false;
    closeDialog();
    uncover();
    tabs?.postMessage("");
    if (isResuming) return;
    isResuming = true;
    while (waiting.length) await waiting.shift().repeat().catch(() => {});
    isResuming = false;
  }

  // == Who is signed in ==
  //
  // The marker changes with each sign-in and sign-out, in whatever tab. That is a hint; the server
  // knows. While it is asked, the page of another user than the marker's is out of sight.

  const ASKING = "asking";
  const SLOW = 1000;
  let settled = "";

  // Ask the server who is signed in. Return the user's tag, or "" with the sign-in form or with the
  // name of the cover that says why.
  async function ask() {
    const response = await plainFetch(tokenUrl, { headers: ownHeaders() }).catch(() => null);
    const header = (name) => response?.headers.get(name);
    const text = await response?.text().catch(() => "");
    const user = response?.ok ? header(USER_HEADER) : "";
    if (user) {
      given = { signIn: signIn(), token: text };
      return { user };
    }
    if (header("Auth-UI") === SOMEONE_ELSE) return { cover: SOMEONE_ELSE };
    return response?.status === 401 ? { form: text } : { cover: "unknown" };
  }

  // Return what the page and the marker say, which is settled once.
  function claim() {
    return `${page().person} ${signIn()}`;
  }

  // Bring the page in step with what the server said.
  function settle(answer) {
    settled = claim();
    if (answer.cover === "unknown") settled = "";
    if (answer.user) goOn(answer.user);
    else if (answer.cover && page().person) cover(answer.cover);
    else if (answer.cover) giveUp();
    else if (answer.form && page().person && markedUser() !== page().person) cover("signed_out");
    else if (answer.form) uncover();
  }

  // Ask now, and bring the page in step. An answer counts for the sign-in that was asked about:
  // it may come after that of the next one.
  async function settleNow() {
    const now = claim();
    const answer = await ask();
    if (now === claim()) settle(answer);
    else settleNow();
  }

  // Look whether another tab has signed somebody in or out.
  function check() {
    const now = claim();
    if (isSigningIn() || isLeaving || now === settled) return;
    settled = now;
    const { person: user } = page();
    const isTheirs = markedUser() === user;
    const isInStep = isTheirs && !root.authUiCovered && !(isPageStale() && !csrfToken());
    if (!isAsking && (!user || isInStep)) return;
    if (!isTheirs) veil();
    settleNow();
  }

  // == Covers ==

  // True while a sign-out is on its way.
  let isLeaving = false;
  let veiled = null;

  // Take the page out of sight, without words unless the server is slow.
  function veil() {
    if (!page().person || root.authUiCovered || !part("cover")) return;
    veiled = document.activeElement;
    root.authUiCovered = ASKING;
    setTimeout(() => { if (root.authUiCovered === ASKING) cover("unknown"); }, SLOW);
  }

  // Cover the page, and say why. A lost session says more than a sign-out.
  async function cover(name) {
    const element = part("cover");
    const shown = element?.open && root.authUiCovered;
    isLeaving = false;
    if (!element || shown === name || (shown === "session_lost" && name === "signed_out")) return;
    // What waits can wait on while nothing is known.
    if (name !== "unknown") stopAsking();
    root.authUiCovered = name;
    if (!element.open) element.showModal?.();
    await fetchWords();
    const sentence = root.authUiCovered === name && words(name);
    if (!sentence) return;
    element.replaceChildren(sentence);
    element.querySelector("a, button")?.focus();
  }

  // Give the page back, and the focus.
  function uncover() {
    if (!root.authUiCovered) return;
    delete root.authUiCovered;
    part("cover")?.close?.();
    veiled?.focus();
    veiled = null;
  }

  on("submit", ({ target }) => {
    if (!target.matches(".auth-ui-sign-out")) return;
    isLeaving = true;
    // This throws where storage is off.
    [sessionStorage, localStorage].forEach((storage) => storage.removeItem("htmx-history-cache"));
  });

  // == Other tabs ==

  let tabs = null;

  // Tell other tabs that this one may know something new, and hear of them. Some browsers keep no
  // page with an open channel for Back.
  function openChannel() {
    tabs ??= window.BroadcastChannel ? new BroadcastChannel(markerName) : null;
    tabs?.addEventListener("message", check);
    tabs?.postMessage("");
  }

  function closeChannel() {
    tabs?.close();
    tabs = null;
  }

  on("pageshow", () => {
    isLeaving = false;
    openChannel();
  });
  on("pagehide", closeChannel);
  on("focus visibilitychange pageshow online", check);
  window.cookieStore?.addEventListener("change", check);

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

  // Empty the forms that the browser has filled with what another user typed. A field that is
  // called "reset" hides the form's own.
  function emptyForms() {
    document.querySelectorAll("form").forEach((form) => HTMLFormElement.prototype.reset.call(form));
  }

  // The browser may fill them at any time until the page is shown.
  if (wasSomeoneElses()) {
    emptyForms();
    ["load", "pageshow"].forEach((name) => window.addEventListener(name, emptyForms, { once: true }));
  }
  noteUser();

  // htmx writes a state of its own.
  on("pagehide", () => { if (!root.authUiCovered) noteUser(); });

  noteSignIn();
  check();
  watchFetch();
  watchXhr();
})();
