//! A person's picture: sent, seen where their name is, and gone.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use openhour::desk::conduct::{self, Measure};
use openhour::desk::teams::{Actor, EditTeam};
use openhour::own_data;
use openhour::people;
use openhour::teams::{Role, TeamChange};

use crate::browser::Browser;
use crate::sample::OFFER;
use crate::surfaces::{NOW, Reply, Site};

const ANA: &str = "ana@example.org";

/// A picture as a camera makes it, but small: JPEG that tells where it was taken.
fn photo() -> Vec<u8> {
    let picture = DynamicImage::from(RgbImage::from_pixel(400, 300, Rgb([20, 120, 200])));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    let mut bytes = bytes.into_inner();
    let comment = b"taken at 47.07 N 15.44 E";
    let mut segment = vec![0xff, 0xfe, 0, u8::try_from(comment.len() + 2).unwrap()];
    segment.extend(comment);
    bytes.splice(2..2, segment);
    bytes
}

impl Browser<'_> {
    /// Sends a file from `/profile`.
    async fn send_picture(&mut self, file: &[u8]) -> Reply {
        let token = crate::pages_booking::hidden(&self.get("/profile").await.body, "form");
        let mut body = format!(
            "--xyz\r\nContent-Disposition: form-data; name=\"form\"\r\n\r\n{token}\r\n--xyz\r\n\
             Content-Disposition: form-data; name=\"picture\"; filename=\"me.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
        )
        .into_bytes();
        body.extend(file);
        body.extend(b"\r\n--xyz--\r\n");
        self.upload("/profile/picture", "multipart/form-data; boundary=xyz", &body).await
    }

    async fn remove_picture(&mut self) -> Reply {
        let token = crate::pages_booking::hidden(&self.get("/profile").await.body, "form");
        let body = format!(
            "--xyz\r\nContent-Disposition: form-data; name=\"form\"\r\n\r\n{token}\r\n--xyz\r\n\
             Content-Disposition: form-data; name=\"do\"\r\n\r\nremove\r\n--xyz--\r\n"
        );
        self.upload("/profile/picture", "multipart/form-data; boundary=xyz", body.as_bytes()).await
    }
}

/// Where the page shows a picture.
fn shown(page: &str) -> Option<String> {
    let (_, after) = page.split_once("<img class=\"face\" src=\"")?;
    Some(after.split('"').next().unwrap().to_owned())
}

async fn show_hosts(site: &Site, show: bool) {
    let change = TeamChange { show_hosts: Some(show), ..TeamChange::default() };
    let edit = EditTeam { known: Some("coaches".into()), change, actor: Actor::COMMAND_LINE, now: NOW };
    site.desk.db.run(edit).await.unwrap();
}

async fn id_of(site: &Site, email: &str) -> i64 {
    people::by_email(&mut site.desk.db.read().await.unwrap(), email).await.unwrap().unwrap().id
}

#[tokio::test]
async fn a_picture_stands_beside_the_name_wherever_that_may_be_seen() {
    let site = Site::with_team().await;
    let host = id_of(&site, ANA).await;
    let mut ana = site.signed_in(ANA).await;
    let before = site.get("/book/coaches/talk").await.body;
    assert_eq!(ana.send_picture(&photo()).await.header("location"), "/profile?picture=saved");
    let address = shown(&ana.get("/profile?picture=saved").await.body).expect("their own");
    let picture = site.get(&address).await;
    assert_eq!((picture.status, picture.header("content-type")), (200, "image/jpeg"));
    assert_eq!(picture.header("cache-control"), "private, max-age=31536000, immutable");
    assert!(!picture.body.contains("taken at"), "nothing but the picture is kept");

    // The team does not say who hosts before a booking: nothing on the page is another than without a picture.
    let hidden =
        [site.get("/book/coaches/talk").await.body, site.get(&format!("/book/coaches/talk?host={host}")).await.body];
    assert!(hidden.iter().all(|page| shown(page).is_none() && !page.contains("/pictures/")), "{hidden:?}");
    assert!(before.contains("data-since"), "a page of open times");
    let booking = site.book("mia@example.org", OFFER).await;
    assert_eq!(shown(&site.get(&booking).await.body).as_deref(), Some(&*address), "confirmed: with whom is no secret");

    show_hosts(&site, true).await;
    let list = site.get(&format!("/book/coaches/talk?host={host}")).await.body;
    assert_eq!(shown(&list).as_deref(), Some(&*address), "{list}");
    let form = site.get(&format!("/book/coaches/talk/2026-11-26/20261126T180000Z?host={host}")).await.body;
    assert_eq!(shown(&form).as_deref(), Some(&*address), "{form}");
    site.with_roles("lea@example.org", false, &[("coaches", Role::Lead)]).await;
    let mut lea = site.signed_in("lea@example.org").await;
    assert_eq!(shown(&lea.get("/lead/coaches/members").await.body).as_deref(), Some(&*address));

    // Another picture has another address, and the page that is kept in memory shows it at once.
    ana.send_picture(&photo()).await;
    let other = shown(&site.get(&format!("/book/coaches/talk?host={host}")).await.body).expect("the new one");
    assert_ne!(other, address);
    assert_eq!(site.get(&address).await.status, 404);
}

#[tokio::test]
async fn a_picture_goes_by_ones_own_wish_and_with_its_person() {
    let site = Site::with_team().await;
    let host = id_of(&site, ANA).await;
    let mut ana = site.signed_in(ANA).await;
    ana.send_picture(&photo()).await;
    let copy = own_data::as_json(&site.desk, host, host).await.unwrap();
    assert!(copy["account"]["picture"]["base64"].as_str().is_some_and(|text| text.len() > 100), "{copy}");
    let person = people::by_id(&mut site.desk.db.read().await.unwrap(), host).await.unwrap().unwrap();
    let archive = own_data::copy(&site.desk, &person, None).await.unwrap();
    assert!(archive.windows(11).any(|window| window == b"picture.jpg"));

    assert_eq!(ana.remove_picture().await.header("location"), "/profile?picture=removed");
    assert_eq!(shown(&ana.get("/profile").await.body), None);
    assert_eq!(site.count("SELECT COUNT(*) FROM pictures").await, 0);
    ana.send_picture(&photo()).await;
    let address = shown(&ana.get("/profile").await.body).unwrap();
    conduct::take(&site.desk, Measure::Remove, host, None, "").await.unwrap();
    assert_eq!((site.get(&address).await.status, site.count("SELECT COUNT(*) FROM pictures").await), (404, 0));
    let told = "SELECT COUNT(*) FROM audit_log WHERE action IN ('picture changed', 'picture removed')";
    assert_eq!(site.count(told).await, 3);
}

#[tokio::test]
async fn what_is_no_picture_is_refused_at_its_field_and_the_old_one_stays() {
    let site = Site::with_team().await;
    let mut ana = site.signed_in(ANA).await;
    ana.send_picture(&photo()).await;
    let kept = shown(&ana.get("/profile").await.body);
    let large = vec![0; 1024 * 1024 + 1];
    for (file, words) in [
        (&b""[..], "Please choose a file first"),
        (b"<svg onload='alert(1)'/>", "cannot be read as a picture"),
        (&photo()[..200], "cannot be read as a picture"),
        (&large, "too large"),
    ] {
        let refused = ana.send_picture(file).await;
        assert_eq!(refused.status, 422, "{words}");
        assert!(refused.body.contains("id=\"picture-wrong\"") && refused.body.contains(words), "{}", refused.body);
    }
    assert_eq!(shown(&ana.get("/profile").await.body), kept);
    let foreign = ana.upload("/profile/picture", "multipart/form-data; boundary=xyz", b"--xyz--").await;
    assert_eq!(foreign.status, 422, "a form without this sign-in's token");
    assert_eq!(site.browser().send_picture_unsigned().await.status, 403);
}

impl Browser<'_> {
    async fn send_picture_unsigned(&mut self) -> Reply {
        self.upload("/profile/picture", "multipart/form-data; boundary=xyz", b"--xyz--").await
    }
}
