//! `openhour dkim-record`: what the DNS must say of the key that signs our mail.

use std::process::ExitCode;

use serde_json::json;

use super::{Failure, print};
use crate::config::Config;

/// Characters of one string in a TXT record at most (RFC 1035 §3.3.14).
const STRING: usize = 255;

pub(super) fn record(config: &Config, json: bool) -> Result<ExitCode, Failure> {
    let Some(key) = &config.dkim else {
        return Err(Failure::new(
            "no key signs our mail: make one with `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out \
             dkim.pem` and name it in dkim_key_file (OPENHOUR_DKIM_KEY_FILE)"
                .to_owned(),
        ));
    };
    let (name, value) = (key.record_name(), key.record());
    let strings: Vec<String> =
        value.as_bytes().chunks(STRING).map(|piece| format!("\"{}\"", String::from_utf8_lossy(piece))).collect();
    let text = format!("Put this line into the DNS:\n{name}. TXT {}", strings.join(" "));
    print(json, &json!({"name": name, "type": "TXT", "value": value}), &text);
    Ok(ExitCode::SUCCESS)
}
