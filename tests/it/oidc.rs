//! Signing in with OpenID Connect: through a real provider, and against one that misbehaves.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, ChildStdin, Command, Stdio};

use data_encoding::BASE64URL_NOPAD;
use serde_json::json;

use crate::browser::Browser;
use crate::db::fresh::Fresh;
use crate::installation::Installation;
use crate::oidc_standin::{Said, Standin};
use crate::python::{axe, script};
use crate::sample::Sample;
use crate::surfaces::{NOW, Reply, Site};

const ANA: &str = "ana@example.org";

async fn site(standin: &Standin, create_people: bool) -> Site {
    let site = Site::start_with(|config| {
        config.demo = true;
        config.oidc = vec![standin.provider(create_people)];
    })
    .await;
    site.desk.db.run(Sample::default()).await.unwrap();
    site
}

fn parameter(address: &str, name: &str) -> String {
    let found = address.split(['?', '&']).find_map(|part| part.strip_prefix(&format!("{name}=")[..]));
    found.unwrap_or_else(|| panic!("no {name} in {address}")).to_owned()
}

/// Goes to the provider: state and nonce that were sent along.
async fn go(browser: &mut Browser<'_>) -> (String, String) {
    let gone = browser.get("/sign-in/with/school-account").await;
    assert_eq!(gone.status, 303, "{}", gone.body);
    let address = gone.header("location");
    assert_eq!(parameter(address, "response_type"), "code");
    assert_eq!(parameter(address, "code_challenge_method"), "S256");
    (parameter(address, "state"), parameter(address, "nonce"))
}

async fn back(browser: &mut Browser<'_>, state: &str) -> Reply {
    browser.get(&format!("/sign-in/from/school-account?code=c0de&state={state}")).await
}

#[tokio::test]
async fn a_verified_address_signs_its_owner_in() {
    let standin = Standin::start();
    let site = site(&standin, false).await;
    let page = site.get("/sign-in").await.body;
    assert!(page.contains("href=\"/sign-in/with/school-account\"") && page.contains("Sign in with School account"));
    let mut browser = site.browser();
    let (state, nonce) = go(&mut browser).await;
    standin.change(|said| said.claims = standin.honest(&nonce));
    let entered = back(&mut browser, &state).await;
    assert_eq!((entered.status, entered.header("location")), (303, "/host"), "{}", entered.body);
    assert_eq!(browser.get("/host").await.status, 200);
    let form = standin.said.lock().unwrap().form.clone();
    let verifier = parameter(&format!("?{form}"), "code_verifier");
    assert!(verifier.len() >= 43 && form.contains("grant_type=authorization%5Fcode"), "{form}");
    let log = "SELECT COUNT(*) FROM audit_log WHERE action = 'signed in' AND detail = 'by OpenID Connect'";
    assert_eq!(site.count(log).await, 1);
}

#[tokio::test]
async fn the_address_may_come_from_user_info_about_the_same_person_only() {
    let standin = Standin::start();
    let site = site(&standin, false).await;
    for (subject, status) in [("42", 303), ("43", 403)] {
        let mut browser = site.browser();
        let (state, nonce) = go(&mut browser).await;
        standin.change(|said| {
            said.claims = standin.honest(&nonce);
            said.claims.as_object_mut().unwrap().remove("email");
            said.user_info = json!({"sub": subject, "email": ANA, "email_verified": true});
        });
        assert_eq!(back(&mut browser, &state).await.status, status, "{subject}");
    }
}

#[tokio::test]
async fn a_statement_that_is_wrong_in_any_respect_signs_nobody_in() {
    let standin = Standin::start();
    let site = Site::start_with(|config| {
        config.oidc = vec![standin.provider(true)];
        config.rate_limits = false;
    })
    .await;
    site.desk.db.run(Sample::default()).await.unwrap();
    let shared = BASE64URL_NOPAD.encode(b"anything");
    type Bend = Box<dyn Fn(&mut Said)>;
    let cases: Vec<(&str, Bend)> = vec![
        ("another nonce", Box::new(|said| said.claims["nonce"] = json!("other"))),
        ("no nonce", Box::new(|said| drop(said.claims.as_object_mut().unwrap().remove("nonce")))),
        ("another audience", Box::new(|said| said.claims["aud"] = json!("somebody-else"))),
        ("many audiences", Box::new(|said| said.claims["aud"] = json!(["openhour", "somebody-else"]))),
        ("another party", Box::new(|said| said.claims["azp"] = json!("somebody-else"))),
        ("another issuer", Box::new(|said| said.claims["iss"] = json!("https://id.example.org"))),
        ("expired", Box::new(|said| said.claims["exp"] = json!(NOW - 61))),
        ("no end", Box::new(|said| drop(said.claims.as_object_mut().unwrap().remove("exp")))),
        ("made tomorrow", Box::new(|said| said.claims["iat"] = json!(NOW + 3_600))),
        ("about nobody", Box::new(|said| said.claims["sub"] = json!(""))),
        ("a foreign signature", Box::new(|said| said.foreign = true)),
        ("alg none", Box::new(|said| (said.header["alg"], said.unsigned) = (json!("none"), true))),
        ("no signature", Box::new(|said| said.unsigned = true)),
        ("a shared secret", Box::new(|said| said.header["alg"] = json!("HS256"))),
        ("another algorithm", Box::new(|said| said.header["alg"] = json!("RS256"))),
        ("an unknown key", Box::new(|said| said.header["kid"] = json!("two"))),
        ("its own key", Box::new(move |said| said.header["jwk"] = json!({"kty": "oct", "k": shared}))),
    ];
    let last = cases.len() - 1;
    for (number, (what, spoil)) in cases.iter().enumerate() {
        let mut browser = site.browser();
        let (state, nonce) = go(&mut browser).await;
        standin.change(|said| {
            *said = Said {
                claims: standin.honest(&nonce),
                header: json!({"alg": "ES256", "kid": "one"}),
                foreign: false,
                unsigned: false,
                ..said.clone()
            };
            spoil(said);
        });
        let reply = back(&mut browser, &state).await;
        if number == last {
            assert_eq!(reply.status, 303, "a key it brings along is no key: the shown one signs");
            continue;
        }
        assert_eq!(reply.status, 403, "{what}: {}", reply.body);
        assert!(browser.session().is_none() && reply.body.contains("could not be verified"), "{what}");
    }
}

#[tokio::test]
async fn only_the_browser_that_went_comes_back_and_once() {
    let standin = Standin::start();
    let site = site(&standin, false).await;
    let mut browser = site.browser();
    let (state, nonce) = go(&mut browser).await;
    standin.change(|said| said.claims = standin.honest(&nonce));
    assert_eq!(back(&mut site.browser(), &state).await.status, 422, "another browser");
    let mut other = site.browser();
    go(&mut other).await;
    assert_eq!(back(&mut other, &state).await.status, 422, "a state of somebody else");
    assert_eq!(standin.said.lock().unwrap().exchanged, 0, "and nothing was asked");
    let mut twin = browser.twin();
    assert_eq!(back(&mut browser, &state).await.status, 303);
    assert_eq!(back(&mut twin, &state).await.status, 422, "replayed, with the cookie");
    assert_eq!(standin.said.lock().unwrap().exchanged, 1);
    let mut late = site.browser();
    let (state, _) = go(&mut late).await;
    site.desk.clock.set(NOW + 600);
    assert_eq!(back(&mut late, &state).await.status, 422, "ten minutes later");
}

#[tokio::test]
async fn what_the_provider_refuses_or_does_not_vouch_for_is_told_in_words() {
    let standin = Standin::start();
    let site = site(&standin, false).await;
    let come = async |change: &dyn Fn(&mut Said), more: &str| {
        let mut browser = site.browser();
        let (state, nonce) = go(&mut browser).await;
        standin.change(|said| {
            said.claims = standin.honest(&nonce);
            change(said);
        });
        let reply = browser.get(&format!("/sign-in/from/school-account?code=c&state={state}{more}")).await;
        assert!(reply.status >= 400 && browser.session().is_none(), "{}", reply.body);
        reply.body
    };
    let said = come(&|said| said.claims["email_verified"] = json!(false), "").await;
    assert!(said.contains("has not verified your mail address"), "{said}");
    let said = come(&|said| said.claims["email"] = json!("eve@example.org"), "").await;
    assert!(said.contains("Nobody here is known as eve@example.org"), "{said}");
    let said = come(&|_| {}, "&error=access_denied").await;
    assert!(said.contains("did not sign you in"), "{said}");
    let said = come(&|_| {}, "&iss=https%3A%2F%2Fid.example.org").await;
    assert!(said.contains("could not be verified"), "{said}");
    let said = come(&|said| said.token_error = Some("invalid_grant"), "").await;
    assert!(said.contains("did not sign you in"), "{said}");
    assert_eq!(site.count("SELECT COUNT(*) FROM people WHERE email = 'eve@example.org'").await, 0);
    assert_eq!(site.get("/sign-in/with/nowhere").await.status, 404);
}

#[tokio::test]
async fn strangers_become_people_only_where_a_setting_says_so_and_never_when_banned() {
    let standin = Standin::start();
    let site = site(&standin, true).await;
    for (email, status) in [("eve@example.org", 303), ("mallory@example.org", 403)] {
        if status == 403 {
            use openhour::desk::conduct::{Measure, take};
            let person = openhour::desk::people::SavePerson {
                email: email.into(),
                profile: openhour::people::Profile::default(),
                memberships: vec![],
                now: NOW,
            };
            let person = site.desk.db.run(person).await.unwrap().id;
            for measure in [Measure::Ban, Measure::Remove] {
                take(&site.desk, measure, person, None, "").await.unwrap();
            }
        }
        let mut browser = site.browser();
        let (state, nonce) = go(&mut browser).await;
        standin.change(|said| {
            said.claims = standin.honest(&nonce);
            said.claims["email"] = json!(email);
        });
        assert_eq!(back(&mut browser, &state).await.status, status, "{email}");
    }
    assert_eq!(site.count("SELECT COUNT(*) FROM people WHERE email = 'mallory@example.org'").await, 0);
}

#[tokio::test]
async fn a_provider_that_is_away_is_told_of_and_links_still_work() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let standin = Standin { issuer: format!("http://{gone}"), said: Standin::start().said };
    let site = site(&standin, false).await;
    let reply = site.get("/sign-in/with/school-account").await;
    assert_eq!(reply.status, 502);
    assert!(reply.body.contains("cannot be reached right now"), "{}", reply.body);
    site.signed_in(ANA).await;
}

/// The certified provider in Node.
struct RealProvider {
    child: Child,
    stdin: Option<ChildStdin>,
    issuer: String,
}

impl RealProvider {
    fn start(redirect: &str) -> Self {
        let folder = std::env::var("OPENHOUR_TEST_OIDC").unwrap_or_else(|_| {
            panic!("OPENHOUR_TEST_OIDC is not set. Run `scripts/test`, or `source scripts/install` in your shell first")
        });
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/compat/oidc_provider.mjs");
        let mut child = Command::new("node")
            .args([file, &folder, redirect])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut issuer = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut issuer).unwrap();
        let issuer = issuer.trim().to_owned();
        assert!(issuer.starts_with("http://127.0.0.1:"), "the provider did not start: {issuer:?}");
        let stdin = child.stdin.take();
        Self { child, stdin, issuer }
    }
}

impl Drop for RealProvider {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn chromium_signs_in_through_a_real_provider() {
    let address: SocketAddr = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{address}");
    let provider = RealProvider::start(&format!("{url}/sign-in/from/school-account"));
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "test-only client secret / +\n").unwrap();
    let settings = folder.path().join("openhour.toml");
    let text = format!(
        "[[oidc]]\nname = \"School account\"\nissuer = \"{}\"\nclient_id = \"openhour\"\nclient_secret_file = \"{}\"\n\
         allow_http = true\n",
        provider.issuer,
        secret.display()
    );
    std::fs::write(&settings, text).unwrap();
    let installation = Installation::on(Fresh::sqlite()).with("OPENHOUR_CONFIG", &settings.display().to_string());
    installation.team("mentoring", 1);
    installation.host(ANA, "mentoring");
    let _server = installation.serve_at(address);
    let pictures = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("oidc");
    std::fs::create_dir_all(&pictures).unwrap();
    let pictures = pictures.display().to_string();
    print!(
        "{}",
        script("oidc_sign_in.py", &[&url, ANA, "eve@example.org", "unverified@example.org", &axe(), &pictures])
    );
}
