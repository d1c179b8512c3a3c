//! A browser that keeps cookies, and people who sign in with it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::pages_booking::hidden;
use crate::surfaces::{Reply, Site};

/// One browser with its cookies.
pub(crate) struct Browser<'s> {
    site: &'s Site,
    cookies: BTreeMap<String, String>,
}

impl Site {
    /// A new browser.
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser { site: self, cookies: BTreeMap::new() }
    }

    /// Carries out all jobs that are due.
    pub(crate) async fn work_off(&self) {
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let worker = tokio::spawn(openhour::worker::run(self.desk.clone(), stopped));
        let begun = Instant::now();
        while self.jobs_due().await > 0 {
            assert!(begun.elapsed() < Duration::from_secs(20), "jobs are left");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        stop.send(true).unwrap();
        worker.await.unwrap().unwrap();
    }

    /// The number a query answers.
    async fn jobs_due(&self) -> i64 {
        let sql = "SELECT COUNT(*) FROM jobs WHERE finished IS NULL AND due <= $1";
        let now = openhour::args![self.desk.clock.now()];
        let row: (i64,) = self.desk.db.read().await.unwrap().one(sql, now).await.unwrap();
        row.0
    }

    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        let row: (i64,) = self.desk.db.read().await.unwrap().one(sql, vec![]).await.unwrap();
        row.0
    }

    /// The path of the sign-in link in the newest mail to this address.
    pub(crate) async fn mailed_link(&self, email: &str) -> Option<String> {
        self.work_off().await;
        let row: Option<(Vec<u8>,)> = self
            .desk
            .db
            .read()
            .await
            .unwrap()
            .optional(
                "SELECT bytes FROM mails WHERE recipient = $1 AND subject LIKE '%sign-in%' ORDER BY composed DESC, job DESC",
                openhour::args![email],
            )
            .await
            .unwrap();
        let plain = openhour::mail::parts(&row?.0).plain.unwrap();
        let link = plain.lines().find(|line| line.contains("/sign-in/")).unwrap();
        Some(link.trim()[self.desk.config.public_url.len()..].to_owned())
    }

    /// A browser in which this person is signed in.
    pub(crate) async fn signed_in(&self, email: &str) -> Browser<'_> {
        let mut browser = self.browser();
        assert_eq!(browser.post("/sign-in", &[("email", email)]).await.status, 200);
        let link = self.mailed_link(email).await.expect("a mail");
        assert_eq!(browser.post(&link, &[]).await.status, 303);
        browser
    }
}

impl<'s> Browser<'s> {
    /// Another browser with the same cookies.
    pub(crate) fn twin(&self) -> Browser<'s> {
        Browser { site: self.site, cookies: self.cookies.clone() }
    }
}

impl Browser<'_> {
    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        self.send("GET", path, String::new()).await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", openhour::surface::encode(value))).collect();
        self.send("POST", path, body.join("&")).await
    }

    /// Submits a form that stands on the page at `on`, with its token.
    pub(crate) async fn press(&mut self, on: &str, path: &str, fields: &[(&str, &str)]) -> Reply {
        let form = hidden(&self.get(on).await.body, "form");
        let mut all = vec![("form", form.as_str())];
        all.extend(fields);
        self.post(path, &all).await
    }

    async fn send(&mut self, method: &str, path: &str, body: String) -> Reply {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";
        let mut headers = vec![("sec-fetch-site", "same-origin"), ("user-agent", agent)];
        if !cookies.is_empty() {
            headers.push(("cookie", &cookies));
        }
        if !body.is_empty() {
            headers.push(("content-type", "application/x-www-form-urlencoded"));
        }
        let reply = self.site.send(method, path, &headers, &body).await;
        for cookie in &reply.cookies {
            let (name, value) = cookie.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        reply
    }

    /// Keeps a cookie, wherever it is from.
    pub(crate) fn keep(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    /// Sends a body of another kind than a form.
    pub(crate) async fn upload(&self, path: &str, media_type: &str, body: &[u8]) -> Reply {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let cookies = cookies.join("; ");
        let headers = [("sec-fetch-site", "same-origin"), ("content-type", media_type), ("cookie", &*cookies)];
        self.site.send_bytes(path, &headers, body).await
    }

    /// The value of the session cookie.
    pub(crate) fn session(&self) -> Option<&str> {
        self.cookies.get("openhour").map(String::as_str)
    }
}
