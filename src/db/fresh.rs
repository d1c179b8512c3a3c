//! A fresh, empty database of either kind for one test; it is gone when the test ends. Unit tests have it as
//! `crate::db::fresh`; the tests in `tests/it` compile the same file.

use super::Target;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

/// An empty database of its own. Keep it alive as long as the test uses it.
pub(crate) struct Fresh {
    /// Where it is.
    pub(crate) target: Target,
    folder: Option<tempfile::TempDir>,
}

impl Fresh {
    /// A new SQLite file.
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { target: Target::Sqlite(folder.path().join("openhour.sqlite")), folder: Some(folder) }
    }

    /// A new database on the server that `TEST_POSTGRES_URL` names.
    pub(crate) fn postgres() -> Self {
        let name = format!("openhour_test_{}", u64::from_ne_bytes(random()));
        administer(format!("CREATE DATABASE {name}"));
        let server = server_url();
        let (address, options) = server.split_once('?').unwrap_or((&server, ""));
        let (address, _) = address.rsplit_once('/').unwrap();
        Self { target: Target::Postgres(format!("{address}/{name}?{options}")), folder: None }
    }

    #[allow(dead_code, reason = "for tests that start servers")]
    /// The address as the configuration takes it (`OPENHOUR_DATABASE_URL`).
    pub(crate) fn url(&self) -> String {
        match &self.target {
            Target::Sqlite(path) => format!("sqlite:{}", path.display()),
            Target::Postgres(url) => url.clone(),
        }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        if let (None, Target::Postgres(url)) = (&self.folder, &self.target) {
            let name = url.split('?').next().and_then(|address| address.rsplit('/').next()).unwrap_or_default();
            administer(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// Makes two tests of one: `{name}::sqlite` and `{name}::postgres`. The body gets a [`Fresh`] database.
///
/// `fn` for a body that blocks, `async fn` for one that runs on a runtime of its own.
macro_rules! on_both_databases {
    ($($(#[$meta:meta])* fn $name:ident($database:ident) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            fn body($database: $crate::db::fresh::Fresh) $body

            $(#[$meta])*
            #[test]
            fn sqlite() {
                body($crate::db::fresh::Fresh::sqlite());
            }

            $(#[$meta])*
            #[test]
            fn postgres() {
                body($crate::db::fresh::Fresh::postgres());
            }
        }
    )+};
    ($($(#[$meta:meta])* async fn $name:ident($database:ident) $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn body($database: &$crate::db::fresh::Fresh) $body

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                body(&$crate::db::fresh::Fresh::sqlite()).await;
            }

            $(#[$meta])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                body(&$crate::db::fresh::Fresh::postgres()).await;
            }
        }
    )+};
}

fn server_url() -> String {
    std::env::var("TEST_POSTGRES_URL").unwrap_or_else(|_| {
        panic!(
            "TEST_POSTGRES_URL is not set, and tests never skip PostgreSQL silently. Run `scripts/test`, or one test \
             with `scripts/with-postgres cargo nextest run ...`"
        )
    })
}

/// Runs one statement as the server's administrator, from any thread, inside or outside a runtime.
fn administer(statement: String) {
    let url = server_url();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut connection = PgConnection::connect(&url).await.unwrap();
            connection.execute(sqlx::raw_sql(AssertSqlSafe(statement))).await.unwrap();
            connection.close().await.unwrap();
        });
    })
    .join()
    .unwrap();
}

fn random() -> [u8; 8] {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

mod tests {
    use crate::db::Db;

    on_both_databases! {
        async fn a_fresh_database_opens_twice_and_keeps_its_schema(fresh) {
            for _ in 0..2 {
                let db = Db::open(&fresh.target).await.unwrap();
                let mut conn = db.read().await.unwrap();
                let (people,): (i64,) = conn.one("SELECT COUNT(*) FROM people", vec![]).await.unwrap();
                assert_eq!(people, 0);
                drop(conn);
                db.close().await;
            }
        }
    }
}
