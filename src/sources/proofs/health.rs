//! When it is read again, and what its host is told.

use super::*;
use crate::jobs::{self, Job};
use crate::sources::proofs::server::Says;
use crate::sources::{Checked, check_now, is_told_for_nothing};

fn good() -> String {
    calendar(&[event("b", 19, 20, "")])
}

async fn leased(desk: &Desk) -> Vec<Job> {
    desk.db.run(jobs::Lease { limit: 10, now: desk.clock.now() }).await.unwrap()
}

on_both_databases! {

async fn it_is_read_every_quarter_of_an_hour_and_ever_less_often_while_it_fails(fresh) {
    let scene = Scene::new(fresh).await;
    scene.server.say(Says::Calendar(good()));
    let id = scene.added(true).await;
    let source = scene.read(id).await;
    assert!((NOW + 900..=NOW + 1_080).contains(&source.due), "{}", source.due - NOW);
    scene.server.answer("500 Oh", "", b"");
    let mut pauses = Vec::new();
    for _ in 0..8 {
        let source = scene.read(id).await;
        pauses.push((source.due - NOW) / 900);
    }
    assert!(pauses[..6].is_sorted() && pauses[0] == 1 && (24..=28).contains(&pauses[7]), "{pauses:?}");
    scene.server.answer("429 Slow down", "Retry-After: 40000\r\n", b"");
    let source = scene.read(id).await;
    assert_eq!((source.due, source.not_before), (NOW + 40_000, NOW + 40_000));
    scene.desk.clock.set(NOW + 100);
    assert_eq!(check_now(&scene.desk, 3, id).await.unwrap(), Checked::NotBefore(NOW + 40_000));
    assert_eq!(check_now(&scene.desk, 4, id).await.unwrap(), Checked::Missing, "nobody else's");
    scene.server.say(Says::Calendar(good()));
    let source = scene.read(id).await;
    assert_eq!((source.problem(), source.failing_since, source.not_before), (None, None, 0));
    assert_eq!(check_now(&scene.desk, 3, id).await.unwrap(), Checked::Already);
    scene.desk.clock.set(NOW + 200);
    assert_eq!(check_now(&scene.desk, 3, id).await.unwrap(), Checked::Due);
    assert_eq!(scene.source().await.due, NOW + 200);
}

async fn its_host_is_mailed_once_after_a_day_and_told_when_it_is_well_again(fresh) {
    let scene = Scene::new(fresh).await;
    let id = scene.added(true).await;
    scene.server.answer("404 Not Found", "", b"");
    scene.read(id).await;
    scene.desk.clock.set(NOW + DAY - 1);
    scene.read(id).await;
    assert!(leased(&scene.desk).await.is_empty());
    for seconds in [DAY, DAY + 900, 2 * DAY] {
        scene.desk.clock.set(NOW + seconds);
        scene.read(id).await;
    }
    let mut jobs = leased(&scene.desk).await;
    assert_eq!(jobs.len(), 1, "{jobs:?}");
    let job = jobs.remove(0);
    assert_eq!((job.kind.as_str(), job.payload["host"].as_str()), ("calendar-unreachable", Some("127.0.0.1")));
    assert!(!is_told_for_nothing(&scene.desk, &job).await.unwrap());
    scene.server.say(Says::Calendar(good()));
    let source = scene.read(id).await;
    assert_eq!((source.problem(), source.well_again), (None, Some(NOW + 2 * DAY)));
    assert!(is_told_for_nothing(&scene.desk, &job).await.unwrap(), "a late mail is not sent any more");
    scene.server.answer("404 Not Found", "", b"");
    scene.read(id).await;
    assert!(leased(&scene.desk).await.is_empty(), "the next failure has a day of its own");
    assert_eq!(scene.wrong().await, Vec::<String>::new());
}

async fn another_key_says_so_and_the_check_finds_it(fresh) {
    let mut scene = Scene::new(fresh).await;
    let id = scene.added(true).await;
    scene.desk.keys = crate::keys::Keys::new([9; 32]);
    let source = scene.read(id).await;
    assert_eq!(source.problem().map(|problem| problem.word()), Some("sealed"));
    assert!(scene.server.heard().is_empty());
    assert!(scene.wrong().await.iter().any(|wrong| wrong.contains("cannot be decrypted")));
}

}
