// Shows the page in the zone of this device, unless the address already names one. Without scripts the team's zone stays.
(function () {
  "use strict";
  var shown = document.currentScript.dataset.zone, address = new URL(location.href), own;
  try { own = Intl.DateTimeFormat().resolvedOptions().timeZone; } catch (error) { return; }
  if (!own || own === shown || address.searchParams.has("tz")) return;
  address.searchParams.set("tz", own);
  location.replace(address.href);
})();
