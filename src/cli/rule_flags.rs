//! Rules of one level (team, session type, host) as flags; one left out changes nothing, `none` unsets it.

use crate::config::duration;

/// The rules that every level has.
#[derive(clap::Args)]
pub(super) struct RuleFlags {
    /// Least time between booking and start, such as 24h
    #[arg(long, value_name = "DURATION|none", value_parser = rule)]
    pub(super) notice: Option<Rule>,
    /// Free time before a session, such as 15m
    #[arg(long, value_name = "DURATION|none", value_parser = rule)]
    pub(super) buffer_before: Option<Rule>,
    /// Free time after a session, such as 15m
    #[arg(long, value_name = "DURATION|none", value_parser = rule)]
    pub(super) buffer_after: Option<Rule>,
    /// How far ahead one may book, such as 60d
    #[arg(long, value_name = "DURATION|none", value_parser = rule)]
    pub(super) window: Option<Rule>,
}

/// A rule of one level: its value, or nothing, so that the next level's counts.
#[derive(Clone, Copy)]
pub(super) struct Rule(pub(super) Option<i64>);

pub(super) fn rule(text: &str) -> Result<Rule, String> {
    if text == "none" {
        return Ok(Rule(None));
    }
    duration(text).map(|seconds| Rule(Some(seconds))).map_err(|error| format!("{error}, or none"))
}

pub(super) fn cap(text: &str) -> Result<Rule, String> {
    if text == "none" {
        return Ok(Rule(None));
    }
    text.parse().map(|number| Rule(Some(number))).map_err(|_| "must be a whole number, or none".into())
}
