//! Private addresses: of people who gave none. They lead nowhere (RFC 2606 §2), and no mail is ever sent to one.

/// What every private address ends with.
pub const PRIVATE: &str = "@openhour.invalid";

/// A private address with this local part: letters, digits and hyphens, at most 64.
pub fn private_address(local: &str) -> String {
    format!("{local}{PRIVATE}")
}

/// Whether nobody can get mail there, because we made the address up.
pub fn is_private(address: &str) -> bool {
    address.ends_with(PRIVATE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_told_from_others() {
        assert!(is_private(&private_address("s-abc")));
        assert!(!is_private("mary@example.org"));
    }
}
