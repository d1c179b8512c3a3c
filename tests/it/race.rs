//! 400 people want 30 places in the same moment: exactly 30 get one, on either database and with two server processes.

use std::sync::{Barrier, mpsc};

use openhour::db::Db;

use crate::db::fresh::Fresh;
use crate::installation::{Installation, Server, available, midnight_in};

const TRIES: usize = 400;
const PLACES: usize = 30;

on_both_databases! {
    fn four_hundred_tries_on_thirty_single_places_sell_thirty(fresh) {
        single_places(fresh, 1);
    }
}

#[test]
fn two_server_processes_sell_thirty_single_places_once() {
    single_places(Fresh::postgres(), 2);
}

on_both_databases! {
    fn four_hundred_tries_on_one_meeting_of_thirty_seats_sell_thirty(fresh) {
        one_meeting(fresh, 1);
    }
}

#[test]
fn two_server_processes_sell_thirty_seats_of_one_meeting_once() {
    one_meeting(Fresh::postgres(), 2);
}

/// Two hosts, fifteen hours each.
fn single_places(fresh: Fresh, processes: usize) {
    let installation = Installation::on(fresh);
    installation.team("mentoring", 1);
    let hosts = [installation.host("ana@example.org", "mentoring"), installation.host("ben@example.org", "mentoring")];
    let servers: Vec<_> = (0..processes).map(|_| installation.serve()).collect();
    for host in &hosts {
        servers[0].put_offer(host, "hours", &available(&format!("hours-{}", host.email), midnight_in(7), 15));
    }
    race(&installation, &servers);
}

/// One host, one hour, thirty seats.
fn one_meeting(fresh: Fresh, processes: usize) {
    let installation = Installation::on(fresh);
    installation.team("mentoring", 30);
    let host = installation.host("ana@example.org", "mentoring");
    let servers: Vec<_> = (0..processes).map(|_| installation.serve()).collect();
    servers[0].put_offer(&host, "hours", &available("hours", midnight_in(7), 1));
    race(&installation, &servers);
}

fn race(installation: &Installation, servers: &[Server]) {
    let slots = servers[0].slots("mentoring");
    let places: u64 = slots.iter().map(|(_, open)| open).sum();
    assert_eq!(places, PLACES as u64, "{slots:?}");
    let (sender, receiver) = mpsc::channel();
    let start = Barrier::new(TRIES);
    std::thread::scope(|scope| {
        for number in 0..TRIES {
            let (sender, start, slots) = (sender.clone(), &start, &slots);
            let server = &servers[number % servers.len()];
            scope.spawn(move || {
                let (slot, _) = &slots[number % slots.len()];
                start.wait();
                let answer = server.book("mentoring", slot, &format!("guest{number}@example.com"));
                sender.send(answer).unwrap();
            });
        }
    });
    drop(sender);
    let (mut sold, mut refused) = (0, 0);
    for answer in receiver {
        let answer = answer.expect("every try gets an answer");
        match answer.status {
            201 => sold += 1,
            409 => {
                assert_eq!(answer.json()["code"], "slot-taken", "{}", answer.text());
                refused += 1;
            }
            other => panic!("{other}: {}\n{}", answer.text(), servers[0].log()),
        }
    }
    assert_eq!((sold, refused), (PLACES, TRIES - PLACES));
    assert!(servers.iter().all(|server| server.slots("mentoring").is_empty()), "nothing is open any more");
    assert_eq!(seats(installation), PLACES as i64);
    installation.run(&["check"]);
}

/// Seats taken, as the database has them.
fn seats(installation: &Installation) -> i64 {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let db = Db::open(&installation.database().target).await.unwrap();
        let mut conn = db.read().await.unwrap();
        let (seats,): (i64,) = conn.one("SELECT COUNT(*) FROM bookings WHERE seat IS NOT NULL", vec![]).await.unwrap();
        drop(conn);
        db.close().await;
        seats
    })
}
