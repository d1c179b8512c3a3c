// Keeps "Starts in ..." true, and shows the way in when it is time. The server's clock counts, not this device's.
(() => {
  for (const one of document.querySelectorAll("[data-starts]")) {
    const { starts, ends, now, left, begun, over } = one.dataset;
    const ahead = Date.parse(now) - Date.now();
    const text = one.querySelector("time"), join = one.querySelector("a");
    const units = one.dataset.units.split(" ");

    // The two largest units: "2 d 4 h", "4 h 10 min", "9 min 30 s".
    function span(seconds) {
      const parts = [Math.floor(seconds / 86400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
      const first = Math.max(0, parts.findIndex(part => part > 0));
      return parts.map((part, at) => part + "\u00a0" + units[at]).slice(first, first + 2).join(" ");
    }

    function tell() {
      const at = Date.now() + ahead, seconds = Math.ceil((Date.parse(starts) - at) / 1000);
      const ended = at >= Date.parse(ends);
      const words = ended ? over : seconds > 0 ? left.replace("{}", span(seconds)) : begun;
      if (text.textContent !== words) text.textContent = words;
      if (join) join.hidden = ended || seconds > 600;
      if (!ended) setTimeout(tell, seconds > 7200 ? 30000 : 1000);
    }
    tell();
  }
})();
