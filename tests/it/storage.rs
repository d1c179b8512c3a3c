//! What both databases promise to every command: all or nothing, locks first, answers after COMMIT.

use openhour::args;
use openhour::db::{Command, Db, DbError, Tx, new_id};
use openhour::people::{self, Profile};

struct AddPerson {
    email: &'static str,
}

impl Command for AddPerson {
    type Output = i64;
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<i64, DbError> {
        Ok(people::save(tx, self.email, &Profile::default(), 0).await?.id)
    }
}

/// Writes, and then is refused.
struct WriteAndRefuse;

impl Command for WriteAndRefuse {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        people::save(tx, "refused@example.org", &Profile::default(), 0).await?;
        Err(DbError::Schema("no".into()))
    }
}

struct Panics;

impl Command for Panics {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        people::save(tx, "panicked@example.org", &Profile::default(), 0).await?;
        panic!("a mistake in a command");
    }
}

/// Reads a number after taking the lock and writes it back one higher: lost updates would show.
struct Increment {
    person: i64,
}

impl Command for Increment {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        people::lock(tx, &[self.person]).await?;
        let (count,): (i64,) = tx.one("SELECT last_assigned FROM people WHERE id = $1", args![self.person]).await?;
        tx.execute("UPDATE people SET last_assigned = $2 WHERE id = $1", args![self.person, count + 1]).await?;
        Ok(())
    }
}

/// Locks two persons in whatever order they are named.
struct LockBoth {
    people: [i64; 2],
}

impl Command for LockBoth {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        people::lock(tx, &self.people).await.map(|_| ())
    }
}

struct Hold {
    person: i64,
    starts: i64,
    ends: i64,
}

impl Command for Hold {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let session = new_id();
        tx.execute(
            "INSERT INTO teams (id, slug, name, timezone, public, booking, changed, created)
             VALUES (1, 't', 'T', 'UTC', TRUE, 'anyone', 0, 0) ON CONFLICT (id) DO NOTHING",
            vec![],
        )
        .await?;
        tx.execute(
            "INSERT INTO session_types (id, team, slug, name, minutes, created) VALUES (1, 1, 's', 'S', 60, 0)
             ON CONFLICT (id) DO NOTHING",
            vec![],
        )
        .await?;
        tx.execute(
            "INSERT INTO sessions (id, uid, team, type, host, starts, ends, buffer_before, buffer_after, capacity, status, changed, created)
             VALUES ($1, $2, 1, 1, $3, $4, $5, 0, 0, 1, 'open', 0, 0)",
            args![session, session.to_string(), self.person, self.starts, self.ends],
        )
        .await?;
        tx.execute(
            "INSERT INTO holds (id, person, session, starts, ends) VALUES ($1, $2, $3, $4, $5)",
            args![new_id(), self.person, session, self.starts, self.ends],
        )
        .await?;
        Ok(())
    }
}

async fn count(db: &Db, email: &str) -> i64 {
    let mut conn = db.read().await.unwrap();
    let (count,): (i64,) = conn.one("SELECT COUNT(*) FROM people WHERE email = $1", args![email]).await.unwrap();
    count
}

fn wait<F: Future>(future: F) -> F::Output {
    tokio::runtime::Runtime::new().unwrap().block_on(future)
}

on_both_databases! {
    fn a_refused_command_leaves_nothing_and_disturbs_no_neighbour(fresh) {
        wait(async {
            let db = Db::open(&fresh.target).await.unwrap();
            let (good, refused, panicked, late) = tokio::join!(
                db.run(AddPerson { email: "good@example.org" }),
                db.run(WriteAndRefuse),
                db.run(Panics),
                db.run(AddPerson { email: "late@example.org" }),
            );
            assert!(good.is_ok() && late.is_ok());
            assert!(refused.is_err() && panicked.is_err());
            for (email, expected) in [("good", 1), ("late", 1), ("refused", 0), ("panicked", 0)] {
                assert_eq!(count(&db, &format!("{email}@example.org")).await, expected, "{email}");
            }
        });
    }
}

on_both_databases! {
    fn commands_that_lock_first_lose_no_update(fresh) {
        wait(async {
            let db = Db::open(&fresh.target).await.unwrap();
            let person = db.run(AddPerson { email: "ana@example.org" }).await.unwrap();
            let tasks: Vec<_> = (0..64)
                .map(|_| {
                    let db = db.clone();
                    tokio::spawn(async move { db.run(Increment { person }).await })
                })
                .collect();
            for task in tasks {
                task.await.unwrap().unwrap();
            }
            let mut conn = db.read().await.unwrap();
            let (total,): (i64,) = conn.one("SELECT last_assigned FROM people WHERE id = $1", args![person]).await.unwrap();
            assert_eq!(total, 64);
        });
    }
}

on_both_databases! {
    fn locks_named_in_opposite_orders_never_deadlock(fresh) {
        wait(async {
            let db = Db::open(&fresh.target).await.unwrap();
            let one = db.run(AddPerson { email: "one@example.org" }).await.unwrap();
            let two = db.run(AddPerson { email: "two@example.org" }).await.unwrap();
            let tasks: Vec<_> = (0..40)
                .map(|n| {
                    let db = db.clone();
                    let people = if n % 2 == 0 { [one, two] } else { [two, one] };
                    tokio::spawn(async move { db.run(LockBoth { people }).await })
                })
                .collect();
            for task in tasks {
                task.await.unwrap().unwrap();
            }
        });
    }
}

on_both_databases! {
    fn the_database_itself_refuses_overlapping_holds(fresh) {
        wait(async {
            let db = Db::open(&fresh.target).await.unwrap();
            let ana = db.run(AddPerson { email: "ana@example.org" }).await.unwrap();
            let tariq = db.run(AddPerson { email: "tariq@example.org" }).await.unwrap();
            db.run(Hold { person: ana, starts: 1000, ends: 2000 }).await.unwrap();
            db.run(Hold { person: ana, starts: 3000, ends: 4000 }).await.unwrap();
            for (starts, ends) in [(999, 1001), (1500, 1600), (1999, 2500), (0, 5000), (1000, 2000), (3999, 4001)] {
                let refused = db.run(Hold { person: ana, starts, ends }).await.unwrap_err();
                assert!(refused.is_overlap(), "{starts} to {ends}: {refused}");
            }
            for (starts, ends) in [(2000, 3000), (0, 1000), (4000, 5000)] {
                db.run(Hold { person: ana, starts, ends }).await.unwrap();
            }
            db.run(Hold { person: tariq, starts: 1000, ends: 2000 }).await.unwrap();
        });
    }
}

on_both_databases! {
    fn a_commit_of_another_process_is_noticed(fresh) {
        wait(async {
            let here = Db::open(&fresh.target).await.unwrap();
            let there = Db::open(&fresh.target).await.unwrap();
            let mut seen = here.commits();
            // The listener's own start may count once; from then on only commits do.
            for email in ["a@example.org", "b@example.org", "c@example.org"] {
                there.run(AddPerson { email }).await.unwrap();
                let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(5);
                while here.commits() == seen {
                    assert!(tokio::time::Instant::now() < deadline, "the commit went unnoticed");
                    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                }
                seen = here.commits();
            }
        });
    }
}

on_both_databases! {
    fn a_command_is_carried_out_even_if_its_caller_goes_away(fresh) {
        wait(async {
            let db = Db::open(&fresh.target).await.unwrap();
            let asking = db.run(AddPerson { email: "gone@example.org" });
            // Polled once, so that it is queued, then dropped.
            let _ = tokio::time::timeout(std::time::Duration::ZERO, asking).await;
            let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(5);
            while count(&db, "gone@example.org").await == 0 {
                assert!(tokio::time::Instant::now() < deadline, "the command was lost");
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        });
    }
}

on_both_databases! {
    fn a_newer_database_is_left_alone(fresh) {
        struct Newer;
        impl Command for Newer {
            type Output = ();
            type Refusal = DbError;
            async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
                tx.execute("INSERT INTO migrations (version) VALUES (9999)", vec![]).await.map(|_| ())
            }
        }
        wait(async {
            let db = Db::open(&fresh.target).await.unwrap();
            db.run(Newer).await.unwrap();
            let message = Db::open(&fresh.target).await.err().unwrap().to_string();
            assert!(message.contains("newer Openhour"), "{message}");
        });
    }
}
