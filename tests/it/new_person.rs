//! An administrator adds people on a page.

use openhour::desk::conduct::{self, Measure};
use openhour::people;

use crate::surfaces::Site;

const PAGE: &str = "/admin/people";

async fn id_of(site: &Site, email: &str) -> Option<i64> {
    let mut conn = site.desk.db.read().await.unwrap();
    people::by_email(&mut conn, email).await.unwrap().map(|person| person.id)
}

#[tokio::test]
async fn somebody_new_comes_into_a_team_and_is_mailed_what_to_do_next() {
    let site = Site::with_team().await;
    site.with_roles("root@example.org", true, &[]).await;
    let mut root = site.signed_in("root@example.org").await;
    let fields = [
        ("email", " Nora@Example.org"),
        ("name", "Nora Lind"),
        ("timezone", "Europe/Oslo"),
        ("team", "coaches"),
        ("role", "host"),
    ];
    let added = root.press(PAGE, PAGE, &fields).await;
    let nora = id_of(&site, "nora@example.org").await.expect("somebody");
    assert_eq!((added.status, added.header("location")), (303, &*format!("/admin/people/{nora}?done=added")));
    let page = root.get(added.header("location")).await.body;
    assert!(page.contains("They are here") && page.contains("Nora Lind") && page.contains("Coaches, Graz"), "{page}");
    assert_eq!(site.count("SELECT COUNT(*) FROM jobs WHERE kind = 'welcome-mail'").await, 1);
    let told = "SELECT COUNT(*) FROM audit_log WHERE action = 'person added' AND detail = 'coaches: host'";
    assert_eq!(site.count(told).await, 1);
    let zone = "SELECT COUNT(*) FROM people WHERE email = 'nora@example.org' AND timezone = 'Europe/Oslo'";
    assert_eq!(site.count(zone).await, 1);
    assert!(site.signed_in("nora@example.org").await.session().is_some());

    let again = root.press(PAGE, PAGE, &[("email", "nora@example.org"), ("name", "Other")]).await;
    assert_eq!(again.status, 422);
    assert!(again.body.contains("This is taken already") && again.body.contains("value=\"Other\""), "{}", again.body);
    let alone = root.press(PAGE, PAGE, &[("email", "piet@example.org")]).await;
    assert_eq!(alone.status, 303);
    assert_eq!(site.count("SELECT COUNT(*) FROM people WHERE name = 'piet' AND timezone IS NULL").await, 1);
}

#[tokio::test]
async fn what_cannot_be_is_told_at_its_field_and_nobody_is_added() {
    let site = Site::with_team().await;
    site.with_roles("root@example.org", true, &[]).await;
    let mut root = site.signed_in("root@example.org").await;
    let before = site.count("SELECT COUNT(*) FROM people").await;
    let fields = [("email", "nora at example"), ("name", "Nora"), ("timezone", "Oslo"), ("team", ""), ("role", "host")];
    let wrong = root.press(PAGE, PAGE, &fields).await;
    assert_eq!(wrong.status, 422);
    for field in ["email", "timezone"] {
        assert!(wrong.body.contains(&format!("id=\"{field}-wrong\"")), "{field}: {}", wrong.body);
    }
    assert!(wrong.body.contains("value=\"nora at example\""));
    let fields = [("email", "nora@example.org"), ("team", "nobody"), ("role", "host")];
    let wrong = root.press(PAGE, PAGE, &fields).await;
    assert!(wrong.status == 422 && wrong.body.contains("id=\"team-wrong\""), "{}", wrong.body);
    assert_eq!(site.count("SELECT COUNT(*) FROM people").await, before);

    let xaver = site.with_roles("xaver@example.org", false, &[]).await;
    for measure in [Measure::Ban, Measure::Remove] {
        conduct::take(&site.desk, measure, xaver, None, "").await.unwrap();
    }
    let banned = root.press(PAGE, PAGE, &[("email", "xaver@example.org")]).await;
    assert!(banned.status == 422 && banned.body.contains("is banned"), "{}", banned.body);
    let mut ana = site.signed_in("ana@example.org").await;
    let form = crate::pages_booking::hidden(&ana.get("/profile").await.body, "form");
    let refused = ana.post(PAGE, &[("form", &form), ("email", "eve@example.org")]).await;
    assert_eq!((refused.status, id_of(&site, "eve@example.org").await), (404, None));
}
