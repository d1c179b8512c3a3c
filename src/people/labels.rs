//! What people call their secrets: app passwords, API tokens.

/// Characters of a label.
pub const LONGEST: usize = 100;

/// Whether a secret may be called so.
pub fn is_usable(label: &str) -> bool {
    (1..=LONGEST).contains(&label.chars().count()) && !label.chars().any(char::is_control)
}
