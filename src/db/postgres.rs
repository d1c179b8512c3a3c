//! PostgreSQL: a command is one transaction, run again on serialisation failures and deadlocks.

use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool, PgPoolOptions};

use super::command::Queued;
use super::commits::Commits;
use super::{Conn, DbError, Tx, migrate};

const CONNECTIONS: u32 = 16;
/// Tries of one command before its failure is the answer.
const TRIES: u32 = 8;
/// What every commit announces, so that other processes drop what they remember.
const CHANNEL: &str = "openhour_commits";

#[derive(Clone)]
pub(super) struct Postgres {
    pool: PgPool,
    commits: Commits,
}

impl Postgres {
    pub(super) async fn open(url: &str, commits: Commits) -> Result<Self, DbError> {
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(Duration::from_secs(10))
            .connect(url)
            .await?;
        let mut tx = Conn::postgres(pool.acquire().await?).into_tx();
        migrate::postgres(&mut tx).await?;
        drop(tx);
        tokio::spawn(listen(pool.clone(), commits.clone()));
        Ok(Self { pool, commits })
    }

    pub(super) async fn read(&self) -> Result<Conn, DbError> {
        Ok(Conn::postgres(self.pool.acquire().await?))
    }

    /// Carries the command out on a task of its own: a caller that goes away cancels nothing.
    pub(super) fn submit(&self, mut command: Box<dyn Queued>) {
        let engine = self.clone();
        tokio::spawn(async move {
            let mut tries = 0;
            let committed = loop {
                tries += 1;
                match engine.attempt(command.as_mut()).await {
                    Ok(true) if tries < TRIES => tokio::time::sleep(Duration::from_millis(5) * tries).await,
                    Ok(_) => break Ok(()),
                    Err(error) if error.is_retryable() && tries < TRIES => {}
                    Err(error) => break Err(error),
                }
            };
            if committed.is_ok() {
                engine.commits.count();
            }
            command.answer(committed);
        });
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }

    /// One try; `Ok(true)`: rolled back, worth another.
    async fn attempt(&self, command: &mut dyn Queued) -> Result<bool, DbError> {
        let mut tx: Tx = Conn::postgres(self.pool.acquire().await?).into_tx();
        tx.script("BEGIN").await?;
        if command.run(&mut tx).await {
            tx.script("NOTIFY openhour_commits; COMMIT").await?;
            Ok(false)
        } else {
            tx.script("ROLLBACK").await?;
            Ok(command.retryable())
        }
    }
}

/// Hears of other processes' commits. Whenever the connection was lost, something may have been missed.
async fn listen(pool: PgPool, commits: Commits) {
    while !pool.is_closed() {
        if let Ok(mut listener) = PgListener::connect_with(&pool).await
            && listener.listen(CHANNEL).await.is_ok()
        {
            commits.count();
            while let Ok(heard) = listener.try_recv().await {
                commits.count();
                if heard.is_none() {
                    tracing::warn!("the connection that hears of other processes' commits was lost");
                }
            }
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
