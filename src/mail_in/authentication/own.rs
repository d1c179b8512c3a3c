//! Our own evaluation: signatures (RFC 6376) and, where our mail server tells us who delivered, SPF (RFC 7208).

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mail_auth::spf::verify::SpfParameters;
use mail_auth::{AuthenticatedMessage, DkimOutput, DkimResult, MessageAuthenticator, Parameters, SpfResult};
use tokio::runtime::Handle;

use super::super::mime;
use super::super::received::Envelope;
use super::{Evidence, Signed};

/// Signatures looked at; a message with more is looked at as one without.
const SIGNATURES: usize = 10;
/// All questions of one message together.
const PATIENCE: Duration = Duration::from_secs(10);

/// Evaluates with a resolver; without one nothing speaks for anybody.
pub(super) struct Own(Option<Arc<MessageAuthenticator>>);

impl Own {
    pub(super) fn new(resolver: Option<MessageAuthenticator>) -> Self {
        Self(resolver.map(Arc::new))
    }

    /// What speaks for this message.
    pub(super) async fn evidence(&self, bytes: &Bytes, envelope: &Envelope) -> Evidence {
        let Some(resolver) = self.0.clone() else { return Evidence::default() };
        let (bytes, envelope) = (bytes.clone(), envelope.clone());
        let runtime = Handle::current();
        // Hashing ten megabytes takes a while: not on a thread that serves others.
        let work = tokio::task::spawn_blocking(move || {
            let questions = async {
                let mut evidence = signatures(&resolver, &bytes).await;
                delivery(&resolver, &envelope, &mut evidence).await;
                evidence
            };
            runtime.block_on(async { tokio::time::timeout(PATIENCE, questions).await })
        });
        match work.await {
            Ok(Ok(evidence)) => evidence,
            Ok(Err(_)) => Evidence { undecided: true, ..Evidence::default() },
            Err(_) => {
                tracing::error!("a message's signatures could not be looked at");
                Evidence::default()
            }
        }
    }
}

async fn signatures(resolver: &MessageAuthenticator, bytes: &[u8]) -> Evidence {
    if !(1..=SIGNATURES).contains(&count(bytes)) {
        return Evidence::default();
    }
    let Some(message) = AuthenticatedMessage::parse(bytes) else { return Evidence::default() };
    let outputs = resolver.verify_dkim(Parameters::new(&message)).await;
    Evidence {
        signed: outputs.iter().filter_map(good).collect(),
        sent: Vec::new(),
        undecided: outputs.iter().any(|output| matches!(output.result(), DkimResult::TempError(_))),
    }
}

fn count(bytes: &[u8]) -> usize {
    let (header, _) = mime::split(bytes);
    let name = b"dkim-signature";
    header
        .split(|byte| *byte == b'\n')
        .filter(|line| line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)))
        .count()
}

/// A signature that covers From and the whole body (`l=` would let anybody add a calendar), in its domain's own name.
fn good(output: &DkimOutput<'_>) -> Option<Signed> {
    let signature = output.signature()?;
    let covers = |name: &str| signature.h.iter().any(|header| header.trim().eq_ignore_ascii_case(name));
    let good = *output.result() == DkimResult::Pass && signature.l == 0 && signature.atps.is_none() && covers("from");
    good.then(|| Signed { domain: signature.d.to_ascii_lowercase(), with_sender: covers("sender") })
}

async fn delivery(resolver: &MessageAuthenticator, envelope: &Envelope, evidence: &mut Evidence) {
    let (Some(client), Some(from)) = (envelope.client, envelope.from.as_deref()) else { return };
    let Some((_, domain)) = from.rsplit_once('@') else { return };
    let helo = envelope.helo.as_deref().unwrap_or(domain);
    let asked = SpfParameters::verify_mail_from(client, helo, "localhost", from);
    match resolver.verify_spf(Parameters::new(asked)).await.result() {
        SpfResult::Pass => evidence.sent.push(domain.to_ascii_lowercase()),
        SpfResult::TempError => evidence.undecided = true,
        _ => {}
    }
}
