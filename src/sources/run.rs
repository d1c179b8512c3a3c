//! The loop that reads calendars by address when they are due.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::lease::{Lease, is_any_due};
use super::poll;
use crate::db::DbError;
use crate::desk::Desk;
use crate::http_client::public::PublicClient;

/// How often it is looked whether one is due.
const LOOK: Duration = Duration::from_secs(5);
/// Calendars read at the same time by one process.
const AT_ONCE: usize = 4;

/// Reads calendars for ever; what goes wrong is recorded with them. A reading that is cut off begins anew when its lease
/// runs out.
pub async fn run(desk: Arc<Desk>) {
    let client = match PublicClient::new(desk.config.fetch_private_hosts.clone()) {
        Ok(client) => client,
        Err(error) => return tracing::error!(error, "calendars by address are not read"),
    };
    let mut running: JoinSet<Result<(), DbError>> = JoinSet::new();
    loop {
        while let Some(done) = running.try_join_next() {
            failed(done);
        }
        if running.len() >= AT_ONCE {
            if let Some(done) = running.join_next().await {
                failed(done);
            }
            continue;
        }
        match due(&desk, AT_ONCE - running.len()).await {
            Ok(taken) if !taken.is_empty() => {
                for leased in taken {
                    let (desk, client) = (desk.clone(), client.clone());
                    running.spawn(async move { poll::read(&desk, &client, leased).await });
                }
            }
            Ok(_) => tokio::time::sleep(LOOK).await,
            Err(error) => {
                tracing::error!(%error, "calendars by address cannot be looked at");
                tokio::time::sleep(LOOK).await;
            }
        }
    }
}

fn failed(done: Result<Result<(), DbError>, tokio::task::JoinError>) {
    match done {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "a calendar by address could not be recorded"),
        Err(error) => tracing::error!(%error, "reading a calendar by address failed unexpectedly"),
    }
}

async fn due(desk: &Desk, limit: usize) -> Result<Vec<super::lease::Leased>, DbError> {
    let now = desk.clock.now();
    if !is_any_due(&mut desk.db.read().await?, now).await? {
        return Ok(Vec::new());
    }
    desk.db.run(Lease { only: None, limit: i64::try_from(limit).unwrap_or(1), now }).await
}
