//! The table of rights, walked with everybody who is the wrong one.

use openhour::desk::conduct::{self, Measure};
use openhour::desk::people::SavePerson;
use openhour::desk::teams::SaveTeam;
use openhour::people::{self, Profile};
use openhour::server::rights::{TABLE, Who};
use openhour::teams::{NewTeam, Role};

use crate::api_tokens::bearer;
use crate::browser::Browser;
use crate::sample::{OFFER, Sample};
use crate::surfaces::{NOW, Site};

const ANA: &str = "ana@example.org";
const MIA: &str = "mia@example.org";

impl Site {
    /// Makes somebody what they are in teams.
    pub(crate) async fn with_roles(&self, email: &str, admin: bool, roles: &[(&str, Role)]) -> i64 {
        let memberships = roles.iter().map(|(team, role)| ((*team).to_owned(), *role)).collect();
        let profile = Profile { admin: admin.then_some(true), ..Profile::default() };
        let save = SavePerson { email: email.into(), profile, memberships, now: NOW };
        self.desk.db.run(save).await.unwrap().id
    }

    async fn id_of(&self, email: &str) -> i64 {
        people::by_email(&mut self.desk.db.read().await.unwrap(), email).await.unwrap().unwrap().id
    }
}

/// An address of this pattern that leads to something, where one knows no secret.
fn address(pattern: &str, booking: i64, person: i64) -> String {
    pattern
        .replace("{team}", "coaches")
        .replace("{booking}", &booking.to_string())
        .replace("{person}", &person.to_string())
        .replace("{type}", "talk")
        .replace("{date}", "2026-11-26")
        .replace("{id}", "1")
        .replace("{name}", "style.css")
        .replace("{code}", "invalid")
        .replace("{language}", "en")
        .replace("{provider}", "nobody")
        .replace("{offer}", "1")
        .replace("{job}", "1")
        .replace("{vacation}", "1")
        .replace("{use}", "1")
        .replace("{device}", "iphone")
        .replace("{secret}", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
        .replace("{token}", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
        .replace("{time}", "20261126T170000Z")
        .replace("{*}", "calendars/ana@example.org/offers/")
}

/// API tokens of a team's lead, host and guest, of another team's lead, and one of somebody banned.
struct Tokens {
    lead: String,
    host: String,
    guest: String,
    foreign: String,
    banned: String,
}

impl Tokens {
    async fn of(site: &Site) -> Self {
        let banned = site.with_roles("xaver@example.org", false, &[("coaches", Role::Lead)]).await;
        let tokens = Self {
            lead: site.token("lea@example.org").await,
            host: site.token(ANA).await,
            guest: site.token("gina@example.org").await,
            foreign: site.token("otto@example.org").await,
            banned: site.token("xaver@example.org").await,
        };
        conduct::take(&site.desk, Measure::Ban, banned, None, "").await.unwrap();
        tokens
    }

    /// Everybody at one route of the API that wants to know who calls.
    async fn walk(&self, site: &Site, (method, path): (&str, &str), who: Who, cookie: &str) {
        let wrong = format!("openhour_{}", "a".repeat(52));
        // Wrong tokens are counted, and this is no test of how many.
        site.desk.clock.set(site.desk.clock.now() + 600);
        for headers in [&[][..], &[("cookie", cookie)], &bearer(&wrong), &bearer(&self.banned)] {
            let reply = site.send(method, path, headers, "").await;
            assert_eq!(reply.status, 401, "{method} {path} {headers:?}");
            assert!(reply.header("www-authenticate").starts_with("Bearer"), "{method} {path}");
            assert_eq!(reply.header("content-type"), "application/problem+json");
        }
        let expected =
            |own: Option<u16>, foreign: Option<u16>| [(&self.host, own), (&self.guest, own), (&self.foreign, foreign)];
        let expected = match who {
            Who::Lead => expected(Some(403), Some(404)),
            Who::Admin => expected(Some(404), Some(404)),
            _ => return,
        };
        for (token, status) in expected {
            assert_eq!(Some(site.send(method, path, &bearer(token), "").await.status), status, "{method} {path}");
        }
        let lead = site.send(method, path, &bearer(&self.lead), "").await.status;
        match who {
            Who::Lead => assert!(!matches!(lead, 401 | 403), "{method} {path}: {lead}"),
            _ => assert_eq!(lead, 404, "{method} {path}"),
        }
    }
}

async fn status(browser: &mut Browser<'_>, method: &str, path: &str) -> u16 {
    match method {
        "GET" => browser.get(path).await.status,
        _ => browser.post(path, &[("measure", "ban"), ("sure", "yes"), ("reason", "x")]).await.status,
    }
}

#[tokio::test]
async fn nobody_gets_past_the_table() {
    // More wrong tokens than anybody may try.
    let site = Site::start_with(|config| (config.demo, config.rate_limits) = (true, false)).await;
    site.desk.db.run(Sample::default()).await.unwrap();
    let other = NewTeam { slug: "cooks".into(), name: "Cooks".into(), ..NewTeam::default() };
    site.desk.db.run(SaveTeam { team: other, now: NOW }).await.unwrap();
    site.with_roles("root@example.org", true, &[]).await;
    site.with_roles("lea@example.org", false, &[("coaches", Role::Lead)]).await;
    site.with_roles("otto@example.org", false, &[("cooks", Role::Lead)]).await;
    site.with_roles("olga@example.org", false, &[("cooks", Role::Host)]).await;
    site.with_roles("bela@example.org", false, &[("coaches", Role::Guest)]).await;
    site.book(MIA, OFFER).await;
    let booking = site.count("SELECT id FROM bookings").await;
    let ana = site.id_of(ANA).await;
    let mut banned = site.signed_in("bela@example.org").await;
    let bela = site.id_of("bela@example.org").await;
    assert_eq!(banned.get("/guest").await.status, 200);
    conduct::take(&site.desk, Measure::Ban, bela, None, "").await.unwrap();
    site.with_roles("gina@example.org", false, &[("coaches", Role::Guest)]).await;
    let mut anonymous = site.browser();
    let mut guest = site.signed_in("gina@example.org").await;
    let mut host = site.signed_in(ANA).await;
    let mut other_host = site.signed_in("olga@example.org").await;
    let mut other_lead = site.signed_in("otto@example.org").await;
    let mut lead = site.signed_in("lea@example.org").await;
    let tokens = Tokens::of(&site).await;
    let mut walked = 0;
    for (pattern, method, who) in TABLE {
        let path = address(pattern, booking, ana);
        assert!(!path.contains('{'), "{path}: say here what leads there");
        if pattern.starts_with("/api/") && !matches!(who, Who::Anyone | Who::Bearer) {
            let cookie = format!("openhour={}", host.session().unwrap());
            tokens.walk(&site, (method, &path), *who, &cookie).await;
            walked += 1;
            continue;
        }
        match who {
            // Nothing of a team that is not public, for whoever is not in it.
            Who::Anyone if pattern.contains("{team}") => {
                let theirs = path.replace("coaches", "cooks");
                for stranger in [&mut anonymous, &mut banned, &mut host, &mut guest] {
                    let status = status(stranger, method, &theirs).await;
                    assert!(matches!(status, 404 | 426), "{method} {theirs}: {status}");
                }
            }
            Who::Anyone => {}
            Who::Bearer => {
                // An expired or made-up secret, for whoever is signed in and whoever is not.
                for browser in [&mut anonymous, &mut host, &mut banned] {
                    let status = status(browser, method, &path).await;
                    assert!(matches!(status, 404 | 410 | 426), "{method} {path}: {status}");
                }
            }
            Who::SignedIn => {
                assert_eq!(status(&mut anonymous, method, &path).await, 403, "{method} {path}");
                assert_eq!(status(&mut banned, method, &path).await, 403, "{method} {path}");
                if *method == "POST" {
                    assert_eq!(status(&mut host, method, &path).await, 422, "{path} without the form's token");
                }
            }
            Who::Lead => {
                for stranger in [&mut anonymous, &mut banned] {
                    assert_eq!(status(stranger, method, &path).await, 403, "{method} {path}");
                }
                for own in [&mut guest, &mut host] {
                    assert_eq!(status(own, method, &path).await, 403, "{method} {path}: of the team, but no lead");
                }
                for foreign in [&mut other_host, &mut other_lead] {
                    assert_eq!(status(foreign, method, &path).await, 404, "{method} {path}");
                }
                let theirs = path.replace("coaches", "cooks");
                if pattern.contains("{booking}") && *method == "GET" {
                    assert_eq!(
                        status(&mut other_lead, method, &theirs).await,
                        404,
                        "{theirs}: not their team's booking"
                    );
                }
                assert!(matches!(status(&mut lead, method, &path).await, 200 | 422), "{method} {path}");
            }
            Who::Admin => {
                for stranger in [&mut anonymous, &mut banned] {
                    assert_eq!(status(stranger, method, &path).await, 403, "{method} {path}");
                }
                for person in [&mut guest, &mut host, &mut other_host, &mut other_lead, &mut lead] {
                    assert_eq!(status(person, method, &path).await, 404, "{method} {path}");
                }
            }
            Who::AppPassword => {
                for dav in ["PROPFIND", "REPORT", "GET", "PUT", "DELETE", "MKCALENDAR", "MKCOL", "PROPPATCH"] {
                    assert_eq!(site.send(dav, &path, &[], "").await.status, 401, "{dav} {path}");
                }
            }
        }
        walked += 1;
    }
    assert!(walked > 40, "{walked}");
    assert_eq!(site.count("SELECT COUNT(*) FROM people WHERE banned").await, 2, "and nothing was done");
    let mut root = site.signed_in("root@example.org").await;
    for (pattern, method, who) in TABLE {
        if matches!(who, Who::Admin | Who::Lead) && *method == "GET" && !pattern.starts_with("/api/") {
            let path = address(pattern, booking, ana);
            let page = root.get(&path).await;
            assert_eq!((page.status, page.body.matches("<h1").count()), (200, 1), "{path}");
        }
    }
}
