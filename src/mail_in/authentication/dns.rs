//! The resolver that finds senders' keys.

use std::net::SocketAddr;
use std::time::Duration;

use mail_auth::MessageAuthenticator;
use mail_auth::hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts};
use mail_auth::hickory_resolver::system_conf::read_system_conf;

/// The resolver that asks this server, else the system's servers. `None`: there is no way to ask anybody.
pub(super) fn resolver(server: Option<SocketAddr>) -> Option<MessageAuthenticator> {
    let made = match server {
        Some(server) => MessageAuthenticator::new(only(server), options(ResolverOpts::default())),
        None => read_system_conf().and_then(|(config, found)| MessageAuthenticator::new(config, options(found))),
    };
    made.inspect_err(|error| tracing::warn!(%error, "senders of mail cannot be verified: there is no resolver")).ok()
}

fn only(server: SocketAddr) -> ResolverConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = server.port();
        connection
    });
    ResolverConfig::from_name_servers(vec![NameServerConfig::new(server.ip(), true, connections.into())])
}

fn options(mut options: ResolverOpts) -> ResolverOpts {
    options.timeout = Duration::from_secs(3);
    options.attempts = 2;
    options.cache_size = 1_024;
    options
}
