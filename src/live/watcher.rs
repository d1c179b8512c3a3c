//! Looks at the slots of one team, or one of its hosts, whenever something was committed or the clock closes one, and tells what changed.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::time::Instant;

use super::difference::{self, Slots};
use super::hub::{Channel, Hub, Shown, pause_until};
use super::limits;
use crate::availability::PooledSlot;
use crate::db::DbError;
use crate::desk::Desk;
use crate::desk::slots::{self, Pooled, SlotSlice};
use crate::desk::team_facts::{self, TeamFacts};

/// What one look found.
struct View {
    facts: Arc<TeamFacts>,
    pooled: Pooled,
}

/// Watches until nobody has listened for a while, the team is gone, or the server stops.
pub(super) async fn watch(desk: Arc<Desk>, hub: Arc<Hub>, channel: Arc<Channel>, shown: Shown) {
    let mut commits = desk.db.committed();
    let mut stopping = hub.stopping();
    let mut seen: Option<View> = None;
    let mut heard = Instant::now();
    while !*stopping.borrow() {
        commits.mark_unchanged();
        match look(&desk, &hub, shown).await {
            Ok(Some(view)) if seen.as_ref().is_none_or(|before| same_audience(before, &view, shown)) => {
                tell(&channel, seen.as_ref(), &view);
                seen = Some(view);
            }
            Ok(_) => break,
            Err(error) => {
                tracing::warn!(%error, "the slots of a team with open pages cannot be read");
                tokio::time::sleep(limits::RECOVER).await;
                continue;
            }
        }
        let valid_until = seen.as_ref().map_or(i64::MAX, |view| view.pooled.valid_until);
        tokio::time::sleep(limits::BREATH).await;
        wait(&desk, &mut commits, &mut stopping, valid_until).await;
        if channel.is_heard() {
            heard = Instant::now();
        } else if heard.elapsed() >= limits::LINGER && hub.forget_if_unheard(shown, &channel) {
            return;
        }
    }
    // At a stop every connection says goodbye by itself.
    if !*stopping.borrow() {
        hub.forget(shown, &channel);
    }
}

/// The team's slots as they are now; `None`: there is no such team.
async fn look(desk: &Desk, hub: &Hub, shown: Shown) -> Result<Option<View>, DbError> {
    // Nobody closes the semaphore.
    let _turn = hub.looking.acquire().await;
    let Some(facts) = team_facts::facts(desk, shown.team).await? else { return Ok(None) };
    let now = desk.clock.now();
    let mut pooled = slots::pooled(desk, &facts.team, &[], now, now + limits::AHEAD).await?;
    if let Some(host) = shown.host {
        pooled.slots = SlotSlice::of(pooled.slots.iter().filter(|slot| slot.hosts.contains(&host)).cloned());
    }
    if !shown.member && facts.types.iter().any(|kind| kind.internal) {
        let public = facts.shown(false);
        let seen = |slot: &&PooledSlot| public.iter().any(|kind| kind.id == slot.type_id);
        pooled.slots = SlotSlice::of(pooled.slots.iter().filter(seen).cloned());
    }
    Ok(Some(View { facts, pooled }))
}

/// Whether those who were let in would be let in again, without asking them.
fn same_audience(before: &View, now: &View, shown: Shown) -> bool {
    let (before, now) = (&before.facts.team, &now.facts.team);
    let may_name_host = shown.host.is_none() || now.show_hosts;
    // Who is a member, and who is banned, is part of the version.
    let open = now.public && !shown.member;
    let same_members = open || (before.public == now.public && before.version == now.version);
    before.slug == now.slug && same_members && may_name_host
}

fn tell(channel: &Channel, before: Option<&View>, now: &View) {
    let version = &now.pooled.state;
    let Some(before) = before else { return channel.begin(version) };
    let told = difference::between(before.slots(), now.slots(), version);
    channel.tell(version, told);
}

/// Until something was committed, the clock may have closed a slot, or the server stops.
async fn wait(desk: &Desk, commits: &mut watch::Receiver<u64>, stopping: &mut watch::Receiver<bool>, valid_until: i64) {
    tokio::select! {
        // An error: the database or the server is gone, which the next look finds out.
        _ = commits.changed() => {}
        _ = stopping.changed() => {}
        () = tokio::time::sleep(pause_until(valid_until, desk.clock.now())) => {}
    }
}

impl View {
    fn slots(&self) -> Slots<'_> {
        Slots { slots: &self.pooled.slots, types: &self.facts.types }
    }
}
