//! `/profile` with everything on it, as everybody may meet it.

use crate::db::fresh::Fresh;
use crate::installation::Installation;
use crate::python::{axe, script};

/// The path of the link in the mail to this address, once the worker has written it.
fn mailed_path(installation: &Installation, address: &str) -> String {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for _ in 0..600 {
        let found: Option<(Vec<u8>,)> = runtime.block_on(async {
            let db = openhour::db::Db::open(&installation.database().target).await.unwrap();
            let sql = "SELECT bytes FROM mails WHERE recipient = $1";
            let found = db.read().await.unwrap().optional(sql, vec![address.into()]).await.unwrap();
            db.close().await;
            found
        });
        if let Some((bytes,)) = found {
            let text = openhour::mail::parts(&bytes).plain.unwrap();
            let secret = text.split("/profile/address/").nth(1).unwrap().split_whitespace().next().unwrap();
            return format!("/profile/address/{secret}");
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("nothing was mailed to {address}");
}

#[test]
fn everybody_can_use_their_profile() {
    let installation = Installation::on(Fresh::sqlite());
    installation.team("mentoring", 1);
    installation.host("ana@example.org", "mentoring");
    let server = installation.serve();
    let url = format!("http://{}", server.address);
    let sign_in = || {
        let link = installation.run(&["sign-in-link", "ana@example.org"]);
        format!("{url}/sign-in/{}", link.trim().rsplit_once('/').unwrap().1)
    };
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("profile-pages");
    std::fs::create_dir_all(&folder).unwrap();
    let folder = folder.display().to_string();
    print!("{}", script("profile_pages.py", &[&url, &sign_in(), &axe(), &folder]));
    let path = mailed_path(&installation, "ana.silva@example.net");
    print!("{}", script("profile_pages.py", &[&url, &sign_in(), &axe(), &folder, &path]));
}
