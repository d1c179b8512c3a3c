// Keeps the times on an open page true. Without it, or without a connection, the page works as well: the server checks.
(() => {
  const region = document.querySelector("[data-live]");
  if (!region || !window.WebSocket) return;
  const words = region.dataset, form = document.querySelector("form[data-slot]"), lost = document.querySelector("[data-lost]");
  const all = () => [...document.querySelectorAll("[data-slot]")];
  const found = slot => all().filter(one => one.dataset.slot === slot);
  const list = document.querySelector("[data-refresh]");
  const news = new Set(), stale = new Set();
  let since = words.since, tries = 0, sent = false, socket, retry, rest, speaking, freshening;

  // One sentence of each kind and a moment to gather them, however much changes at once.
  function say(text) {
    news.add(text);
    speaking ??= setTimeout(() => {
      speaking = undefined;
      region.firstElementChild.textContent = [...news].join(" ");
      news.clear();
    }, 400);
  }

  function close(slot, why) {
    for (const one of found(slot).filter(one => !one.dataset.gone)) {
      one.dataset.gone = why;
      if (one === form) return instead();
      one.setAttribute("aria-disabled", "true");
      const note = document.createElement("small");
      note.textContent = words[why];
      one.append(note);
      one.dataset.label = one.getAttribute("aria-label") ?? "";
      if (one.dataset.label) one.setAttribute("aria-label", one.dataset.label + ", " + words[why]);
      say(words[why + "Said"]);
    }
  }

  function open(slot) {
    const here = found(slot), gone = here.filter(one => one.dataset.gone);
    // Known and never gone: it has another number of places, or was gone when the page was made.
    if (here.length && !gone.length && !form) freshen(slot);
    for (const one of gone) {
      delete one.dataset.gone;
      if (one === form) show(false);
      else {
        one.lastElementChild.remove();
        one.removeAttribute("aria-disabled");
        if (one.dataset.label) one.setAttribute("aria-label", one.dataset.label);
      }
      say(words.again);
    }
    // New times push nothing away under somebody's finger: they wait for a press.
    if (!here.length && !form && slot.startsWith(words.type + "/")) {
      region.querySelector("a").hidden = false;
      say(words.more);
    }
  }

  const read = async () => new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");

  // Each such time as the page shows it now, in its old place; many changes are one question.
  function freshen(slot) {
    stale.add(slot);
    freshening ??= setTimeout(async () => {
      freshening = undefined;
      const slots = [...stale], page = await read();
      stale.clear();
      for (const slot of slots) {
        const fresh = [...page.querySelectorAll("[data-slot]")].find(one => one.dataset.slot === slot);
        const [old] = found(slot);
        if (!fresh || !old || old.dataset.gone) continue;
        const focused = document.activeElement === old;
        if (old.localName !== fresh.localName) say(words.again);
        old.replaceWith(fresh);
        if (focused) fresh.focus();
      }
    }, Math.random() * 500);
  }

  // A list in which nobody is busy is shown as it is now; else a press shows it.
  async function refresh() {
    if (list.contains(document.activeElement) || list.querySelector("details[open]")) {
      region.querySelector("a").hidden = false;
      say(words.more);
    } else {
      const page = await read();
      since = page.querySelector("[data-live]")?.dataset.since ?? since;
      list.replaceChildren(...page.querySelector("[data-refresh]").childNodes);
      say(words.changed);
    }
  }

  // Either what was asked for can be had, or others.
  function show(isLost) {
    lost.hidden = !isLost;
    form.querySelector("[type=submit]").hidden = isLost;
  }

  // The time in the form is gone: others to press in the same form, so that everything typed stays.
  async function instead() {
    show(true);
    say(lost.firstElementChild.textContent);
    const others = [...(await read()).querySelectorAll("a[data-slot]")].slice(0, 3);
    lost.lastElementChild.replaceChildren(...others.map(link => {
      const button = document.createElement("button");
      button.formAction = link.getAttribute("href");
      button.textContent = link.querySelector("time").textContent;
      return button;
    }));
  }

  // Away for too long to be told what happened: compare with the page as it is now.
  async function compare() {
    if (list) return refresh();
    const page = await read();
    since = page.querySelector("[data-live]")?.dataset.since;
    const slots = new Set([...page.querySelectorAll(form ? "form[data-slot]" : "[data-slot]")].map(one => one.dataset.slot));
    all().forEach(one => slots.has(one.dataset.slot) || close(one.dataset.slot, "closed"));
    [...slots].filter(slot => !found(slot).some(one => !one.dataset.gone)).forEach(open);
  }

  function hear(event) {
    if (sent) return;
    const message = JSON.parse(event.data);
    tries = 0;
    if (message.reload) return setTimeout(() => compare().catch(() => {}), Math.random() * 2000);
    // The clock closes times without a new version.
    const why = message.version === since?.split(".")[0] ? "closed" : "taken";
    since = message.version;
    message.closed.forEach(one => close(one.type + "/" + one.start, why));
    message.opened.forEach(one => open(one.type + "/" + one.start));
    if (list && message.closed.length + message.opened.length) refresh();
  }

  function connect() {
    clearTimeout(retry);
    if (socket || tries > 12) return;
    const address = new URL(words.live, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    if (since) address.searchParams.set("since", since);
    socket = new WebSocket(address);
    socket.onmessage = hear;
    socket.onclose = () => {
      socket = undefined;
      if (!document.hidden) retry = setTimeout(connect, Math.min(30, 2 ** tries++) * (500 + Math.random() * 1000));
    };
  }

  // Whoever takes a time is not told that somebody did. If no answer comes, the page asks what it did not hear.
  form?.addEventListener("submit", () => {
    sent = true;
    setTimeout(() => {
      sent = false;
      socket?.close();
    }, 20000);
  });
  // A page that nobody looks at for five minutes rests.
  document.addEventListener("visibilitychange", () => {
    clearTimeout(rest);
    if (document.hidden) rest = setTimeout(() => socket?.close(), 300000);
    else tries = 0, connect();
  });
  document.addEventListener("click", event => {
    if (event.target.closest("a[aria-disabled]")) event.preventDefault();
  });
  connect();
})();
