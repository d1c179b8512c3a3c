//! Schedules without an account, as their owners and visitors live through them (PT-1 to PT-7, VB-3).

use openhour::desk::schedules::forget_unused;
use openhour::teams;

use crate::browser::Browser;
use crate::pages_booking::hidden;
use crate::sample::Sample;
use crate::surfaces::{NOW, Reply, Site};
use crate::websocket::Live;

const DAY: i64 = 86_400;
/// Thanksgiving, 14:00 in New York.
const TIME: &str = "20261126T190000Z";

/// A schedule of Mary's in New York.
struct Schedule {
    dashboard: String,
    page: String,
}

impl Schedule {
    async fn new(site: &Site) -> Self {
        let fields = [("owner", "Mary"), ("subject", "Mentoring"), ("timezone", "America/New_York")];
        let made = site.post_form("/new", &fields).await;
        assert_eq!(made.status, 303, "{}", made.body);
        let dashboard = made.header("location").to_owned();
        let shown = site.get(&dashboard).await;
        assert_eq!(shown.status, 200, "{}", shown.body);
        let start = format!("{}/s/", site.desk.config.public_url);
        let page = shown.body.split(&start).nth(1).unwrap().split('"').next().unwrap();
        Self { dashboard, page: format!("/s/{page}") }
    }

    /// One with a slot from 14:00 to 15:00 on as many Thursdays.
    async fn with_slots(site: &Site, weeks: &str) -> Self {
        let schedule = Self::new(site).await;
        let added = schedule.add(site, "14:00", "15:00", &[("weeks", weeks), ("note", "Room 5 <b>")]).await;
        assert_eq!(added.status, 303, "{}", added.body);
        schedule
    }

    async fn add(&self, site: &Site, starts: &str, ends: &str, more: &[(&str, &str)]) -> Reply {
        let mut fields = vec![("date", "2026-11-26"), ("starts", starts), ("ends", ends)];
        fields.extend(more);
        site.post_form(&format!("{}/slots", self.dashboard), &fields).await
    }

    fn slot(&self) -> String {
        format!("{}/{TIME}", self.page)
    }

    async fn shown(&self, site: &Site) -> String {
        site.get(&self.page).await.body
    }
}

impl Browser<'_> {
    /// Takes the slot at this path.
    async fn takes(&mut self, slot: &str, name: &str, email: &str) -> Reply {
        let form = self.get(slot).await;
        let once = if form.status == 200 { hidden(&form.body, "once") } else { String::new() };
        self.post(slot, &[("name", name), ("email", email), ("timezone", "America/Denver"), ("once", &once)]).await
    }
}

#[tokio::test]
async fn two_secret_addresses_without_an_account() {
    let site = Site::with_team().await;
    assert!(site.get("/").await.body.contains("href=\"/new\""));
    let form = site.get("/new").await;
    assert_eq!(form.status, 200);
    assert_eq!(form.body.matches("<h1>").count(), 1);
    assert_eq!(site.count("SELECT COUNT(*) FROM schedules").await, 0, "looking makes nothing");
    let schedule = Schedule::new(&site).await;
    assert!(schedule.dashboard.starts_with("/d/") && schedule.dashboard.len() == 42);
    assert_ne!(schedule.dashboard[3..], schedule.page[3..], "one address does not tell the other");
    for path in [&schedule.dashboard, &schedule.page] {
        let page = site.get(path).await;
        assert_eq!((page.status, page.body.matches("<h1>").count()), (200, 1));
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(page.header("x-robots-tag").contains("noindex"));
    }
    let dashboard = site.get(&schedule.dashboard).await.body;
    assert!(dashboard.contains("<svg") && dashboard.contains("America/New York"), "{dashboard}");
    assert_eq!(site.get(&format!("/d/{}", &schedule.page[3..])).await.status, 404, "not with the other's secret");
    assert_eq!(site.get(&format!("/s/{}", &schedule.dashboard[3..])).await.status, 404);
    assert_eq!(site.get("/s/nothing").await.status, 404);
}

#[tokio::test]
async fn open_pages_of_a_schedule_hear_what_is_taken_and_given_back() {
    let site = Site::start().await;
    let schedule = Schedule::with_slots(&site, "2").await;
    let secret = &schedule.page[3..];
    let path = format!("/live/schedules/{secret}");
    let mut live = Live::try_open(site.address, &path, &[]).await.unwrap_or_else(|status| panic!("{status}"));
    assert_eq!(live.next().await["closed"], serde_json::json!([]));
    let mut tariq = site.browser();
    assert_eq!(tariq.takes(&schedule.slot(), "Tariq", "").await.status, 303);
    let told = live.until("closed", "2026-11-26T19:00:00Z").await;
    assert_eq!(told["closed"][0]["type"], "slot");
    let mine = tariq.get(&schedule.page).await.body;
    let released = tariq.post(&format!("{}/release", schedule.page), &[("booking", &hidden(&mine, "booking"))]).await;
    assert_eq!(released.status, 303);
    live.until("opened", "2026-11-26T19:00:00Z").await;
    for wrong in [&schedule.dashboard[3..], "nothing"] {
        let path = format!("/live/schedules/{wrong}");
        assert_eq!(Live::try_open(site.address, &path, &[]).await.err(), Some(404));
    }
}

#[tokio::test]
async fn slots_are_typed_in_the_owners_zone_and_read_in_the_visitors() {
    let site = Site::start().await;
    let schedule = Schedule::with_slots(&site, "2").await;
    let dashboard = site.get(&schedule.dashboard).await.body;
    assert_eq!(dashboard.matches("14:00 to 15:00</time>").count(), 2, "{dashboard}");
    assert!(dashboard.contains("Room 5 &lt;b&gt;") && dashboard.contains("Thursday, 3 December"), "{dashboard}");
    let page = schedule.shown(&site).await;
    assert!(page.contains("14:00 to 15:00") && page.contains("America/New York") && page.contains(&schedule.slot()));
    let denver = site.get(&format!("{}?tz=America%2FDenver", schedule.page)).await.body;
    assert!(denver.contains("12:00 to 13:00") && denver.contains("America/Denver"), "{denver}");
    let kolkata = site.get(&format!("{}?tz=Asia%2FKolkata", schedule.page)).await.body;
    assert!(kolkata.contains("Friday, 27 November") && kolkata.contains("00:30 to 01:30"), "{kolkata}");
}

#[tokio::test]
async fn wrong_fields_are_named_and_what_was_typed_stays() {
    let site = Site::start().await;
    let made = site.post_form("/new", &[("owner", ""), ("subject", "My \"talks\""), ("timezone", "Mars/Base")]).await;
    assert_eq!(made.status, 422);
    assert!(made.body.contains("id=\"owner-wrong\"") && made.body.contains("id=\"timezone-wrong\""), "{}", made.body);
    assert!(made.body.contains("value=\"My &quot;talks&quot;\""));
    let schedule = Schedule::with_slots(&site, "1").await;
    let wrong = schedule.add(&site, "16:00", "15:00", &[("note", "keep me"), ("weeks", "99")]).await;
    assert_eq!(wrong.status, 422);
    for part in ["id=\"ends-wrong\"", "id=\"weeks-wrong\"", "value=\"keep me\"", "value=\"16:00\"", "aria-invalid"] {
        assert!(wrong.body.contains(part), "{part}: {}", wrong.body);
    }
    let overlap = schedule.add(&site, "14:30", "15:30", &[]).await;
    assert_eq!(overlap.status, 422);
    assert!(overlap.body.contains("You have a slot at that time already: 26 November, 14:30"), "{}", overlap.body);
    let mut visitor = site.browser();
    let nameless = visitor.takes(&schedule.slot(), "", "tariq at home").await;
    assert_eq!(nameless.status, 422);
    assert!(nameless.body.contains("id=\"name-wrong\"") && nameless.body.contains("value=\"tariq at home\""));
    assert_eq!(site.count("SELECT COUNT(*) FROM bookings").await, 0);
}

#[tokio::test]
async fn a_taken_slot_is_taken_for_all_until_it_is_given_back() {
    let site = Site::start().await;
    let schedule = Schedule::with_slots(&site, "2").await;
    let (mut tariq, mut other) = (site.browser(), site.browser());
    let taken = tariq.takes(&schedule.slot(), "Tariq", "").await;
    assert_eq!(taken.status, 303, "{}", taken.body);
    let mine = tariq.get(&schedule.page).await.body;
    assert!(mine.contains("This time is yours") && mine.contains("Give it back"), "{mine}");
    assert!(mine.contains("calendar.google.com/calendar/render?action=TEMPLATE&amp;text=Mentoring%20with%20Mary"));
    assert!(mine.contains("20261126T190000Z%2F20261126T200000Z") && mine.contains("outlook.live.com"), "{mine}");

    let theirs = other.get(&schedule.page).await.body;
    assert!(theirs.contains(">taken<") && !theirs.contains("Tariq") && !theirs.contains(TIME), "{theirs}");
    assert!(!theirs.contains("This time is yours"));
    assert_eq!(other.get(&schedule.slot()).await.status, 410);
    let late = other.takes(&schedule.slot(), "Uma", "uma@example.org").await;
    assert_eq!(late.status, 409);
    assert!(late.body.contains("Somebody was a moment faster") && late.body.contains("value=\"uma@example.org\""));
    assert!(late.body.contains(&format!("formaction=\"{}/20261203T190000Z", schedule.page)), "{}", late.body);

    let owner = site.get(&schedule.dashboard).await.body;
    assert!(owner.contains("taken by Tariq") && owner.contains("cannot be deleted"), "{owner}");
    let token = hidden(&mine, "booking");
    let back = tariq.post(&format!("{}/release", schedule.page), &[("booking", &token)]).await;
    assert_eq!(back.status, 303, "{}", back.body);
    let mine = tariq.get(back.header("location")).await.body;
    assert!(mine.contains("Given back") && !mine.contains("This time is yours"), "{mine}");
    assert!(other.get(&schedule.page).await.body.contains(&schedule.slot()));
    assert_eq!(other.takes(&schedule.slot(), "Uma", "").await.status, 303);
    site.work_off().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM mails").await, 0, "nobody gave an address");
}

#[tokio::test]
async fn the_file_for_a_calendar_says_when_with_whom_and_where() {
    let site = Site::start().await;
    let schedule = Schedule::with_slots(&site, "1").await;
    let mut tariq = site.browser();
    tariq.takes(&schedule.slot(), "Tariq", "").await;
    let mine = tariq.get(&schedule.page).await.body;
    let own = format!("/b/{}", hidden(&mine, "booking"));
    let file = site.get(&format!("{own}/invite.ics")).await;
    assert_eq!(file.header("content-type"), "text/calendar; charset=utf-8");
    for line in ["DTSTART:20261126T190000Z", "DTEND:20261126T200000Z", "SUMMARY:Mentoring with Mary", "Room 5 <b>"] {
        assert!(file.body.contains(line), "{line}: {}", file.body);
    }
    assert!(!file.body.contains(".invalid"), "{}", file.body);
    let page = site.get(&own).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Mentoring with Mary") && page.body.contains(&schedule.page), "{}", page.body);
    assert!(!page.body.contains(".invalid") && page.body.contains("12:00 to 13:00"), "{}", page.body);
    let form = hidden(&page.body, "form");
    assert_eq!(site.post_form(&format!("{own}/cancel"), &[("form", &form)]).await.status, 303);
    assert!(site.get(&own).await.body.contains("This time was cancelled"));
    assert!(schedule.shown(&site).await.contains(&schedule.slot()));
}

#[tokio::test]
async fn an_open_slot_can_be_deleted_and_a_taken_one_not() {
    let site = Site::start().await;
    let schedule = Schedule::with_slots(&site, "1").await;
    let name = hidden(&site.get(&schedule.dashboard).await.body, "slot");
    let withdraw = format!("{}/withdraw", schedule.dashboard);
    site.browser().takes(&schedule.slot(), "Tariq", "").await;
    let kept = site.post_form(&withdraw, &[("slot", &name)]).await;
    assert_eq!(kept.status, 409);
    assert!(kept.body.contains("Somebody has just taken this time"), "{}", kept.body);
    let booking = hidden(&kept.body, "booking");
    let fields = [("booking", booking.as_str()), ("slot", &name), ("again", "yes"), ("reason", "Lunch")];
    assert_eq!(site.post_form(&format!("{}/cancel", schedule.dashboard), &fields).await.status, 303);
    assert!(schedule.shown(&site).await.contains(&schedule.slot()), "offered again");
    assert_eq!(site.post_form(&withdraw, &[("slot", &name)]).await.status, 303);
    assert!(schedule.shown(&site).await.contains("There is no time to take"));
    assert_eq!(site.post_form(&withdraw, &[("slot", &name)]).await.status, 409);
}

#[tokio::test]
async fn the_owner_cancels_with_a_message() {
    let site = Site::start().await;
    let schedule = Schedule::with_slots(&site, "2").await;
    let (mut uma, mut tariq) = (site.browser(), site.browser());
    assert_eq!(uma.takes(&schedule.slot(), "Uma", "uma@example.org").await.status, 303);
    let second = format!("{}/20261203T190000Z", schedule.page);
    assert_eq!(tariq.takes(&second, "Tariq", "").await.status, 303);
    site.work_off().await;
    let invite = mail(&site).await;
    assert!(invite.contains("Room 5") && invite.contains("A note from Mary"), "{invite}");
    assert!(!invite.contains(".invalid") && !invite.contains("link to join"), "{invite}");
    for reason in ["I am ill, sorry.", "The train is late."] {
        let page = site.get(&schedule.dashboard).await.body;
        let (booking, slot) = (hidden(&page, "booking"), hidden(&page, "slot"));
        let fields = [("booking", booking.as_str()), ("slot", &slot), ("reason", reason)];
        let done = site.post_form(&format!("{}/cancel", schedule.dashboard), &fields).await;
        assert_eq!(done.status, 303, "{}", done.body);
    }
    site.work_off().await;
    let cancelled = mail(&site).await;
    assert!(cancelled.contains("I am ill, sorry.") && cancelled.contains("cancelled"), "{cancelled}");
    assert_eq!(site.count("SELECT COUNT(*) FROM mails WHERE recipient <> 'uma@example.org'").await, 0);
    let page = tariq.get(&schedule.page).await.body;
    assert!(page.contains("This time was cancelled") && page.contains("The train is late."), "{page}");
    assert!(page.contains("There is no time to take"), "cancelled times are not offered again: {page}");
}

/// The newest mail's text.
async fn mail(site: &Site) -> String {
    let row: (Vec<u8>,) =
        site.desk.db.read().await.unwrap().one("SELECT bytes FROM mails ORDER BY job DESC", vec![]).await.unwrap();
    openhour::mail::parts(&row.0).plain.unwrap()
}

on_both_databases! {
    async fn many_visitors_at_once_get_a_slot_once(fresh) {
        let target = fresh.target.clone();
        let site = Site::start_with(|config| config.database = target).await;
        let schedule = Schedule::with_slots(&site, "1").await;
        let slot = schedule.slot();
        let wish = |visitor: usize| {
            let (site, slot) = (&site, &slot);
            async move {
                let once = format!("once-{visitor}");
                let fields = [("name", "Visitor"), ("timezone", "UTC"), ("once", once.as_str())];
                site.post_form(slot, &fields).await.status
            }
        };
        let (a, b, c, d) = tokio::join!(wish(1), wish(2), wish(3), wish(4));
        let mut answers = [a, b, c, d];
        answers.sort_unstable();
        assert_eq!(answers, [303, 409, 409, 409]);
        assert_eq!(site.count("SELECT COUNT(*) FROM bookings WHERE seat IS NOT NULL").await, 1);
        let again = wish(answers.len() + 1).await;
        assert_eq!(again, 409);
    }

    async fn an_unused_schedule_is_forgotten_with_everything(fresh) {
        let target = fresh.target.clone();
        let site = Site::start_with(|config| config.database = target).await;
        let (old, loved) = (Schedule::with_slots(&site, "1").await, Schedule::with_slots(&site, "1").await);
        site.browser().takes(&old.slot(), "Tariq", "").await;
        site.browser().takes(&loved.slot(), "Uma", "uma@example.org").await;
        site.work_off().await;
        for (days, forgotten) in [(3, 0), (89, 0)] {
            site.desk.clock.set(NOW + days * DAY);
            assert_eq!(forget_unused(&site.desk).await.unwrap(), forgotten, "after {days} days");
        }
        assert_eq!(site.get(&loved.page).await.status, 200, "somebody looks at it");
        site.desk.clock.set(NOW + 91 * DAY);
        assert_eq!(forget_unused(&site.desk).await.unwrap(), 1);
        assert_eq!(site.get(&old.page).await.status, 404);
        assert_eq!(site.get(&old.dashboard).await.status, 404);
        assert_eq!(site.get(&loved.dashboard).await.status, 200);
        assert_eq!(site.count("SELECT COUNT(*) FROM people").await, 2, "Mary of the other one, and Uma");
        site.desk.clock.set(NOW + 400 * DAY);
        assert_eq!(forget_unused(&site.desk).await.unwrap(), 1);
        let left = "SELECT (SELECT COUNT(*) FROM people) + (SELECT COUNT(*) FROM teams) + (SELECT COUNT(*) FROM objects)
            + (SELECT COUNT(*) FROM sessions) + (SELECT COUNT(*) FROM bookings) + (SELECT COUNT(*) FROM holds)
            + (SELECT COUNT(*) FROM booking_log) + (SELECT COUNT(*) FROM schedules)";
        assert_eq!(site.count(left).await, 0);
    }
}

#[tokio::test]
async fn a_schedule_with_something_ahead_is_kept_however_long_nobody_looks() {
    let site = Site::start().await;
    let schedule = Schedule::with_slots(&site, "52").await;
    site.desk.clock.set(NOW + 200 * DAY);
    assert_eq!(forget_unused(&site.desk).await.unwrap(), 0);
    assert_eq!(site.get(&schedule.page).await.status, 200);
}

#[tokio::test]
async fn there_are_limits() {
    let site = Site::start().await;
    let schedule = Schedule::with_slots(&site, "1").await;
    let many = schedule.add(&site, "16:00", "20:00", &[("minutes", "15"), ("weeks", "32")]).await;
    assert_eq!(many.status, 422);
    assert!(
        many.body.contains("A schedule holds 500 slots; there is room for 499 more. These are 512."),
        "{}",
        many.body
    );
    let long = schedule.add(&site, "16:00", "17:00", &[("note", &"a".repeat(501))]).await;
    assert!(long.status == 422 && long.body.contains("id=\"note-wrong\""));
    let cut = schedule.add(&site, "16:00", "17:00", &[("minutes", "30")]).await;
    assert_eq!(cut.header("location"), format!("{}?done=added-2", schedule.dashboard));
    let fields = [("owner", "Eve"), ("subject", "Spam"), ("timezone", "UTC")];
    for _ in 1..20 {
        assert_eq!(site.post_form("/new", &fields).await.status, 303);
    }
    let one_more = site.post_form("/new", &fields).await;
    assert_eq!(one_more.status, 429);
    assert!(!one_more.header("retry-after").is_empty() && one_more.body.contains("value=\"Eve\""));
}

#[tokio::test]
async fn a_setting_turns_schedules_off() {
    let site = Site::start_with(|config| config.schedules = false).await;
    for path in ["/new", "/d/abc", "/s/abc"] {
        assert_eq!(site.get(path).await.status, 404, "{path}");
    }
    assert_eq!(site.post_form("/new", &[("owner", "Mary"), ("subject", "x"), ("timezone", "UTC")]).await.status, 404);
    assert!(!site.get("/").await.body.contains("/new"));
    assert_eq!(site.count("SELECT COUNT(*) FROM teams").await, 0);
}

#[tokio::test]
async fn nothing_but_its_addresses_leads_to_a_schedule() {
    let site = Site::with_sample(Sample::default()).await;
    let schedule = Schedule::with_slots(&site, "1").await;
    let mut admin = site.signed_in("ana@example.org").await;
    let (slug, email): (String, String) = site
        .desk
        .db
        .read()
        .await
        .unwrap()
        .one(
            "SELECT t.slug, p.email FROM schedules s JOIN teams t ON t.id = s.team JOIN people p ON p.id = s.host",
            vec![],
        )
        .await
        .unwrap();
    let slug = openhour::surface::encode(&slug);
    for path in [
        format!("/book/{slug}"),
        format!("/book/{slug}/slot"),
        format!("/teams/{slug}/open.ics"),
        format!("/api/v1/teams/{slug}/slots"),
    ] {
        schedule.shown(&site).await;
        assert_eq!(site.get(&path).await.status, 404, "{path}");
        assert_eq!(admin.get(&path).await.status, 404, "{path}");
    }
    assert!(!site.get("/").await.body.contains("Mentoring"));
    let listed = teams::public(&mut site.desk.db.read().await.unwrap()).await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(site.mailed_link(&email).await, None);
    assert_eq!(site.post_form("/sign-in", &[("email", &email)]).await.status, 200);
    assert_eq!(site.mailed_link(&email).await, None, "a private address gets no mail");
}

#[tokio::test]
async fn an_owner_may_use_a_calendar_app() {
    let site = Site::start().await;
    let schedule = Schedule::new(&site).await;
    let account = site.post_form(&format!("{}/calendar", schedule.dashboard), &[]).await;
    assert_eq!(account.status, 200, "{}", account.body);
    let codes: Vec<&str> = account.body.split("<code>").skip(1).map(|code| code.split('<').next().unwrap()).collect();
    let (user, password) = (codes[1], codes[2]);
    let path = format!("/dav/calendars/{user}/offers/app.ics");
    let event = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:app\r\nDTSTAMP:20261101T000000Z\r\n\
                 SUMMARY:Available\r\nDESCRIPTION:At the lake\r\nDTSTART:20261126T190000Z\r\nDURATION:PT45M\r\n\
                 RRULE:FREQ=WEEKLY;COUNT=3\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let put = async |password: &str| {
        let basic = data_encoding::BASE64.encode(format!("{user}:{password}").as_bytes());
        let basic = format!("Basic {basic}");
        let headers = [("authorization", basic.as_str()), ("content-type", "text/calendar")];
        site.send("PUT", &path, &headers, event).await.status
    };
    assert_eq!(put(password).await, 201);
    let page = schedule.shown(&site).await;
    assert_eq!(page.matches("14:00 to 14:45").count(), 3, "{page}");
    assert!(page.contains("At the lake"));
    assert!(site.get(&schedule.dashboard).await.body.contains("From your calendar app"));
    assert_eq!(site.browser().takes(&schedule.slot(), "Tariq", "").await.status, 303);
    assert_eq!(schedule.shown(&site).await.matches(">taken<").count(), 1);
    site.post_form(&format!("{}/calendar", schedule.dashboard), &[]).await;
    assert_eq!(put(password).await, 401, "a new password ends the old one");
}
