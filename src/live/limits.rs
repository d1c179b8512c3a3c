//! How many, how large, how long.

use std::time::Duration;

/// Connections of the whole process.
pub(super) const CONNECTIONS: usize = 20_000;
/// Connections from one address (IPv6: one /64). A school behind one address has many pages open.
pub(super) const PER_ADDRESS: usize = 512;
/// Largest message from a client; none of ours sends any.
pub(super) const INBOUND: usize = 4 * 1024;
/// Messages a client may send all in all, besides answers to pings.
pub(super) const INBOUND_MESSAGES: usize = 16;
/// Read buffer of a connection: mostly it holds an answer to a ping.
pub(super) const READ_BUFFER: usize = 256;
/// Largest message to a client; beyond it "reload" is shorter.
pub(super) const OUTBOUND: usize = 8 * 1024;
/// Messages that may wait for a slow reader before it is dropped.
pub(super) const WAITING: usize = 16;
/// One message must be on its way in this time.
pub(super) const WRITE: Duration = Duration::from_secs(10);
/// How often a connection is asked whether it still lives; silent until the next time, it is closed.
pub(super) const PING: Duration = Duration::from_secs(30);
/// From the answer 101 to the first byte of the new protocol.
pub(super) const UPGRADE: Duration = Duration::from_secs(10);
/// A team's first look at its slots.
pub(super) const BEGIN: Duration = Duration::from_secs(10);
/// Goodbyes take so long at most.
pub(super) const GOODBYE: Duration = Duration::from_secs(1);
/// At shutdown all connections together have so long.
pub(super) const SHUTDOWN: Duration = Duration::from_secs(3);
/// Changes kept for those who come back, per team.
pub(super) const RECENT: usize = 256;
/// Their text, bytes per team.
pub(super) const RECENT_BYTES: usize = 64 * 1024;
/// A watcher without listeners stays so long, so that a short interruption is caught up.
pub(super) const LINGER: Duration = Duration::from_secs(120);
/// Between two looks of one watcher at least.
pub(super) const BREATH: Duration = Duration::from_millis(20);
/// After a failure of the database.
pub(super) const RECOVER: Duration = Duration::from_secs(1);
/// Watchers that look at the same time: they leave connections of the database to everybody else.
pub(super) const LOOKING: usize = 2;
/// How far ahead slots are watched, seconds: as far as pages leaf.
pub(super) const AHEAD: i64 = 396 * 86_400;
