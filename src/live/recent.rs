//! The last changes of a team, for those who come back and know an older version.

use std::collections::VecDeque;

use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::{difference, limits};

/// What led from one version to the next.
#[derive(Debug)]
struct Step {
    /// The version that it led to.
    version: String,
    /// What was told; `None`: nothing that a client sees.
    told: Option<Utf8Bytes>,
}

/// A bounded memory of steps.
#[derive(Debug)]
pub(super) struct Recent {
    /// The version before the first step.
    base: String,
    steps: VecDeque<Step>,
    bytes: usize,
}

impl Recent {
    /// Remembers nothing but where it begins.
    pub(super) fn from(version: String) -> Self {
        Self { base: version, steps: VecDeque::new(), bytes: 0 }
    }

    /// The newest version.
    pub(super) fn version(&self) -> &str {
        self.steps.back().map_or(&self.base, |step| &step.version)
    }

    /// One step more; the oldest ones go when there are too many. The clock closes slots without a new version.
    pub(super) fn push(&mut self, version: String, told: Option<Utf8Bytes>) {
        self.bytes += told.as_ref().map_or(0, |text| text.len());
        self.steps.push_back(Step { version, told });
        while self.steps.len() > limits::RECENT || self.bytes > limits::RECENT_BYTES {
            let Some(oldest) = self.steps.pop_front() else { break };
            self.bytes -= oldest.told.as_ref().map_or(0, |text| text.len());
            self.base = oldest.version;
        }
    }

    /// What somebody must hear who knows this version: at least one message, which names the newest version.
    ///
    /// Where the same version stands several times the earliest counts: hearing a message twice does no harm.
    pub(super) fn since(&self, known: &str) -> Vec<Utf8Bytes> {
        let from = if self.base == known {
            Some(0)
        } else {
            self.steps.iter().position(|step| step.version == known).map(|index| index + 1)
        };
        let Some(from) = from else { return vec![difference::RELOAD.into()] };
        let mut missed: Vec<Utf8Bytes> = self.steps.range(from..).filter_map(|step| step.told.clone()).collect();
        if self.steps.back().is_none_or(|step| step.told.is_none()) || missed.is_empty() {
            missed.push(difference::nothing(self.version()));
        }
        missed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(recent: &Recent, known: &str) -> Vec<String> {
        recent.since(known).iter().map(|text| text.to_string()).collect()
    }

    #[test]
    fn what_was_missed_is_told_in_order() {
        let mut recent = Recent::from("a".into());
        let here = |version| format!("{{\"version\":\"{version}\",\"closed\":[],\"opened\":[]}}");
        assert_eq!(texts(&recent, "a"), [here("a")]);
        recent.push("b".into(), Some("to b".into()));
        recent.push("b".into(), Some("the clock".into()));
        recent.push("c".into(), None);
        recent.push("d".into(), Some("to d".into()));
        assert_eq!(texts(&recent, "a"), ["to b", "the clock", "to d"]);
        assert_eq!(texts(&recent, "b"), ["the clock", "to d"]);
        assert_eq!(texts(&recent, "c"), ["to d"]);
        assert_eq!(texts(&recent, "d"), [here("d")]);
        assert_eq!(texts(&recent, "unknown"), [difference::RELOAD]);
    }

    #[test]
    fn memory_is_bounded_in_steps_and_bytes() {
        let mut recent = Recent::from("0".into());
        for number in 1..=1_000 {
            recent.push(number.to_string(), None);
        }
        assert_eq!(recent.steps.len(), limits::RECENT);
        assert_eq!(recent.since("744").len(), 1);
        assert_eq!(texts(&recent, "743"), [difference::RELOAD]);
        for number in 0..100 {
            recent.push(format!("long {number}"), Some("x".repeat(4_000).into()));
        }
        assert!(recent.bytes <= limits::RECENT_BYTES && recent.steps.len() == 16);
        assert_eq!(recent.version(), "long 99");
    }
}
