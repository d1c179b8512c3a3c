//! Failed sign-ins are limited at every door, and what clients are told then.

use data_encoding::BASE64;
use openhour::desk::people::SavePerson;
use openhour::keys;
use openhour::people::Profile;
use openhour::people::app_passwords::CreateAppPassword;

use crate::surfaces::{NOW, Reply, Site};

const MOST: usize = 20;

/// A server behind a proxy, and Mary, whose app password is `secret`.
async fn site() -> Site {
    let site = Site::start_with(|config| config.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()]).await;
    let (email, profile) = ("mary@example.org".to_owned(), Profile::default());
    let mary = site.desk.db.run(SavePerson { email, profile, memberships: vec![], now: NOW }).await.unwrap();
    let digest = keys::digest("secret");
    site.desk
        .db
        .run(CreateAppPassword { person: mary.id, label: "x".into(), digest, by: None, with: None, now: NOW })
        .await
        .unwrap();
    site
}

async fn calendars(site: &Site, from: &str, secret: Option<&str>) -> Reply {
    let secret =
        secret.map(|secret| format!("Basic {}", BASE64.encode(format!("mary@example.org:{secret}").as_bytes())));
    let mut headers = vec![("depth", "0"), ("x-forwarded-for", from)];
    headers.extend(secret.as_deref().map(|secret| ("authorization", secret)));
    site.send("PROPFIND", "/dav/", &headers, "").await
}

#[tokio::test]
async fn calendar_apps_are_told_to_wait_and_keep_their_password() {
    let site = site().await;
    for _ in 0..MOST {
        let wrong = calendars(&site, "192.0.2.1", Some("guess")).await;
        assert_eq!((wrong.status, wrong.header("www-authenticate").is_empty()), (401, false));
    }
    for secret in ["guess", "secret"] {
        let limited = calendars(&site, "192.0.2.1", Some(secret)).await;
        assert_eq!((limited.status, limited.header("retry-after")), (429, "600"), "{secret}");
        assert_eq!(limited.header("www-authenticate"), "");
    }
    assert_eq!(calendars(&site, "192.0.2.2", Some("secret")).await.status, 207, "the owner at another place");
    for _ in 0..=MOST {
        assert_eq!(calendars(&site, "192.0.2.3", None).await.status, 401, "to ask without a password is no failure");
    }
    assert_eq!(calendars(&site, "192.0.2.3", Some("secret")).await.status, 207);
}

#[tokio::test]
async fn guessing_sign_in_links_ends() {
    let site = site().await;
    for number in 0..MOST {
        let path = format!("/sign-in/guess-{number}");
        let reply = if number % 2 == 0 { site.get(&path).await } else { site.post_form(&path, &[]).await };
        assert_eq!(reply.status, 404);
    }
    let limited = site.post_form("/sign-in/guess", &[]).await;
    assert_eq!((limited.status, limited.header("retry-after")), (429, "600"));
    assert_eq!(site.get("/sign-in/guess").await.status, 429);
}
