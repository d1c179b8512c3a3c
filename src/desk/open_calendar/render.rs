//! Slots as calendar objects.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use caldav::ical::object::ComponentKind;
use caldav::store::Member;
use sha2::{Digest, Sha256};

use super::super::Desk;
use super::super::team_facts::TeamFacts;
use super::{OpenSlot, Source};
use crate::availability::PooledSlot;
use crate::calendars::{in_the_background, objects, sessions};
use crate::config::Config;
use crate::invitations::slot::{self, SlotKey};
use crate::invitations::{Invitation, Writer};
use crate::keys::Keys;

/// Most events, as in the feeds.
const MOST: usize = 1_500;

/// The slots of a calendar, by name; away from the threads that serve others. `None`: that failed.
pub(super) async fn slots(desk: &Desk, source: Source) -> Option<Vec<OpenSlot>> {
    let (config, keys) = (desk.config.clone(), desk.keys.clone());
    in_the_background(move || Renderer { config, keys, source }.all()).await
}

/// A digest of names and tags, between 1 and 2^62.
pub(super) fn version(slots: &[OpenSlot]) -> i64 {
    let mut hash = Sha256::new();
    for slot in slots {
        hash.update(&slot.member.name);
        hash.update(&slot.member.etag);
    }
    let mut bytes = [0u8; 8];
    bytes.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
    (i64::from_be_bytes(bytes) & (i64::MAX >> 1)).max(1)
}

struct Renderer {
    config: Arc<Config>,
    keys: Keys,
    source: Source,
}

impl Renderer {
    fn all(&self) -> Vec<OpenSlot> {
        let mut over: HashMap<(i64, i64), i64> = HashMap::new();
        for invite in self.source.invites.iter().filter(|invite| invite.is_over()) {
            let next = over.entry((invite.type_id, invite.starts)).or_default();
            *next = (*next).max(invite.generation + 1);
        }
        let mut found: Vec<(&Arc<TeamFacts>, &PooledSlot)> = Vec::new();
        let mut known = HashSet::new();
        for (_, facts, pooled) in &self.source.pools {
            let mine = pooled.slots.iter().filter(|slot| self.is_possible(slot));
            // One start and type may be offered in several lengths; it is one slot.
            found.extend(mine.filter(|slot| known.insert((slot.type_id, slot.start))).map(|slot| (facts, slot)));
        }
        found.sort_by_key(|(_, slot)| slot.start);
        found.truncate(MOST);
        let mut slots: Vec<OpenSlot> = found
            .into_iter()
            .filter_map(|(facts, slot)| {
                let generation = over.get(&(slot.type_id, slot.start)).copied().unwrap_or(0);
                self.one(facts, slot, generation)
            })
            .collect();
        slots.sort_by(|a, b| a.member.name.cmp(&b.member.name));
        slots
    }

    /// Whether this person could book it: with somebody else, at a time of which they have nothing else with us.
    fn is_possible(&self, slot: &PooledSlot) -> bool {
        let other = slot.hosts.iter().any(|host| *host != self.source.person.id);
        other && !self.source.taken.iter().any(|taken| taken.starts < slot.end && slot.start < taken.ends)
    }

    fn one(&self, facts: &TeamFacts, slot: &PooledSlot, generation: i64) -> Option<OpenSlot> {
        let kind = facts.types.iter().find(|kind| kind.id == slot.type_id)?;
        let person = &self.source.person;
        let key = SlotKey { type_id: slot.type_id, start: slot.start, generation, host: None };
        let token = key.token(&self.keys, &person.email)?;
        let invitation = Invitation {
            token: &token,
            email: &person.email,
            name: &person.name,
            timezone: person.timezone.as_deref().unwrap_or(&facts.team.timezone),
            language: person.language(),
            starts: slot.start,
            ends: slot.end,
            sequence: 0,
            // The same bytes for as long as the slot is the same.
            changed: facts.team.changed,
            team_name: &facts.team.name,
            team_slug: &facts.team.slug,
            team_zone: &facts.team.timezone,
            type_name: &kind.name,
            type_slug: &kind.slug,
        };
        let bytes = Writer { config: &self.config, keys: &self.keys }.slot_event(&invitation, None);
        let uid = slot::uid(&token, self.config.mail_domain());
        let member = Member {
            name: sessions::name_of(&uid),
            etag: objects::etag(&bytes),
            uid,
            kind: ComponentKind::Event,
            size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            modified: facts.team.changed,
            bytes: Some(Bytes::from(bytes)),
        };
        Some(OpenSlot { member, starts: slot.start, ends: slot.end })
    }
}
