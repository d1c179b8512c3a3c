//! Written in a later step.
