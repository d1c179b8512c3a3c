// Makes the pages of schedules easier; none of them needs it.
"use strict";
{
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

  // A new schedule begins in the zone of this device.
  const zones = document.querySelector("select[data-detect]");
  if (zones && own) {
    if (![...zones.options].some((option) => option.value === own)) zones.add(new Option(own.replaceAll("_", " "), own), 0);
    zones.value = own;
  }

  // Times are shown in the zone of this device, unless another was asked for.
  const shown = document.currentScript.dataset.zone;
  const here = new URL(location.href);
  if (shown && own && shown !== own && !here.searchParams.has("tz")) {
    here.searchParams.set("tz", own);
    location.replace(here);
  }

  const say = (text) => document.querySelector("[data-said]").textContent = text;
  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    button.hidden = !navigator.clipboard;
    field.addEventListener("focus", () => field.select());
    button.addEventListener("click", () => navigator.clipboard.writeText(field.value).then(
      () => say(button.dataset.done), () => field.focus()));
  }
  for (const button of document.querySelectorAll("[data-share]")) {
    button.hidden = !navigator.share;
    button.addEventListener("click", () => navigator.share({ url: button.dataset.share }).catch(() => {}));
  }
}
