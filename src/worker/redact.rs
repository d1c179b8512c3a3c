//! What other servers say may name whom they refuse; the log does not. The full words stand with the job, where
//! administrators read them until it is forgotten.

/// The text with every mail address taken out.
pub(super) fn without_addresses(text: &str) -> String {
    let hidden = |word: &str| if word.contains('@') { "(address)".to_owned() } else { word.to_owned() };
    text.split(' ').map(hidden).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn addresses_are_taken_out_with_what_is_around_them() {
        let said = super::without_addresses("550 5.1.1 <mary+x@example.org>: unknown user mary@example.org");
        assert_eq!(said, "550 5.1.1 (address) unknown user (address)");
    }
}
