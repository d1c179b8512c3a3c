//! The last guard is in the database: it refuses a second hold on a person's time and a seat too many, whoever writes.
//! And `openhour check` would notice if the guard were gone.

use crate::installation::{Installation, midnight_in};
use openhour::args;
use openhour::db::{Command, Db, DbError, Tx, new_id};

/// What takes the guard out, on each database.
const WITHOUT_GUARD_SQLITE: &[&str] = &["DROP TRIGGER holds_insert", "DROP TRIGGER holds_update"];
const WITHOUT_GUARD_POSTGRES: &[&str] = &["ALTER TABLE holds DROP CONSTRAINT holds_overlap"];

/// Runs some statements, then writes two sessions of one host in the same hour.
struct Squeeze(&'static [&'static str]);

impl Command for Squeeze {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        for statement in self.0 {
            tx.execute(*statement, vec![]).await?;
        }
        squeeze(tx).await
    }
}

/// Past every check of the program.
async fn squeeze(tx: &mut Tx) -> Result<(), DbError> {
    let (person,): (i64,) = tx.one("SELECT id FROM people WHERE email = 'ana@example.org'", vec![]).await?;
    let (team, kind): (i64, i64) = tx.one("SELECT team, id FROM session_types", vec![]).await?;
    let starts = midnight_in(7);
    for _ in 0..2 {
        let session = new_id();
        tx.execute(
            "INSERT INTO sessions (id, uid, team, type, host, starts, ends, buffer_before, buffer_after, capacity, \
             status, changed, created) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 1, 'open', 0, 0)",
            args![session, format!("{session}@example.org"), team, kind, person, starts, starts + 3600],
        )
        .await?;
        tx.execute(
            "INSERT INTO holds (id, person, session, starts, ends) VALUES ($1, $2, $3, $4, $5)",
            args![new_id(), person, session, starts, starts + 3600],
        )
        .await?;
    }
    Ok(())
}

on_both_databases! {
    fn the_guard_is_what_stops_overselling(fresh) {
        let installation = Installation::on(fresh);
        installation.team("mentoring", 1);
        installation.host("ana@example.org", "mentoring");
        installation.run(&["check"]);

        let refused = write(&installation, false);
        assert!(refused.is_err(), "the database took two holds on one hour");
        installation.run(&["check"]);

        write(&installation, true).expect("without its guard the database takes them");
        let checked = installation.try_run(&["check"]);
        assert_eq!(checked.status.code(), Some(1), "{checked:?}");
        let said = String::from_utf8_lossy(&checked.stdout).into_owned();
        assert!(said.contains("overlap") && said.contains("ana@example.org"), "{said}");
    }
}

fn write(installation: &Installation, without_guard: bool) -> Result<(), DbError> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let db = Db::open(&installation.database().target).await.unwrap();
        let statements = match (without_guard, db.is_sqlite()) {
            (false, _) => &[],
            (true, true) => WITHOUT_GUARD_SQLITE,
            (true, false) => WITHOUT_GUARD_POSTGRES,
        };
        let result = db.run(Squeeze(statements)).await;
        db.close().await;
        result
    })
}
