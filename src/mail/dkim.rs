//! Signing what we send, so that the receiving server knows it is from our domain. RFC 6376, RFC 8463.
//!
//! Both canonicalisations are `relaxed`. Every signed field is named once more than it occurs, so that nobody can add a
//! second Subject or To under the same signature (RFC 6376 §8.15).

use data_encoding::BASE64;
use sha2::{Digest, Sha256};

use crate::config::DkimKey;

/// What is signed, where it is there and where it is not.
const SIGNED: [&str; 14] = [
    "From",
    "To",
    "Cc",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version",
    "Content-Type",
];
/// A line of the signature at most.
const LINE: usize = 76;

/// The message with its signature in front. The same message signed at the same time (UTC seconds) by an Ed25519 or an
/// RSA key gives the same bytes. `None`: the key does not sign; the settings have tried it before.
pub(super) fn signed(key: &DkimKey, message: &[u8], now: i64) -> Option<Vec<u8>> {
    let end = message.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    let (header, body) = (message.get(..end + 2)?, message.get(end + 4..)?);
    let fields = fields(header);
    let mut names = Vec::new();
    let mut covered = Vec::new();
    for name in SIGNED {
        // From the last to the first, and once more for the one that must not be added.
        let same = fields.iter().rev().filter(|(found, _)| found.eq_ignore_ascii_case(name));
        for (found, value) in same {
            names.push(name);
            covered.extend(relaxed_field(found, value));
        }
        names.push(name);
    }
    let digest = BASE64.encode(&Sha256::digest(relaxed_body(body)));
    let folded_names = folded(&names.join(":"), ":");
    let unsigned = format!(
        "v=1; a={}; c=relaxed/relaxed; d={};\r\n s={}; t={now};\r\n h={folded_names};\r\n bh={digest};\r\n b=",
        key.algorithm(),
        key.domain,
        key.selector,
    );
    // The signature's own field comes last, without the line end of a field (RFC 6376 §3.7).
    let own = relaxed_field("DKIM-Signature", unsigned.as_bytes());
    covered.extend(own.strip_suffix(b"\r\n")?);
    let signature = folded(&BASE64.encode(&key.sign(&covered)?), "");
    let mut out = format!("DKIM-Signature: {unsigned}{signature}\r\n").into_bytes();
    out.extend_from_slice(message);
    Some(out)
}

/// The fields of a header as they stand, folds included: name and value.
fn fields(header: &[u8]) -> Vec<(&str, &[u8])> {
    let mut fields: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    for line in header.split_inclusive(|byte| *byte == b'\n') {
        match fields.last_mut() {
            Some(last) if line.starts_with(b" ") || line.starts_with(b"\t") => last.1 = at + line.len(),
            _ => fields.push((at, at + line.len())),
        }
        at += line.len();
    }
    fields
        .into_iter()
        .filter_map(|(from, to)| {
            let field = header.get(from..to)?;
            let colon = field.iter().position(|byte| *byte == b':')?;
            Some((std::str::from_utf8(field.get(..colon)?).ok()?, field.get(colon + 1..)?))
        })
        .collect()
}

/// RFC 6376 §3.4.2: name in lower case, unfolded, white space reduced to one space and none at the ends.
fn relaxed_field(name: &str, value: &[u8]) -> Vec<u8> {
    let mut out = format!("{}:", name.trim().to_ascii_lowercase()).into_bytes();
    let words = value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    for (index, word) in words.enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(word);
    }
    out.extend_from_slice(b"\r\n");
    out
}

/// RFC 6376 §3.4.4: white space in lines reduced to one space, none at their ends, no empty lines at the end.
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(body.len());
    let mut empty = 0;
    for line in body.split_inclusive(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let mut reduced = Vec::with_capacity(line.len());
        let mut space = false;
        for byte in line {
            if matches!(byte, b' ' | b'\t') {
                space = true;
                continue;
            }
            if std::mem::take(&mut space) {
                reduced.push(b' ');
            }
            reduced.push(*byte);
        }
        if reduced.is_empty() {
            empty += 1;
            continue;
        }
        for _ in 0..std::mem::take(&mut empty) {
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(&reduced);
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// A long value in lines. `after`: what a line may end with; empty: anything.
fn folded(text: &str, after: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 20);
    let mut room = LINE - 4;
    let pieces: Vec<&str> = match after {
        "" => text.as_bytes().chunks(LINE - 4).filter_map(|piece| std::str::from_utf8(piece).ok()).collect(),
        mark => text.split_inclusive(mark).collect(),
    };
    for piece in pieces {
        if piece.len() > room {
            out.push_str("\r\n ");
            room = LINE - 4;
        }
        out.push_str(piece);
        room = room.saturating_sub(piece.len());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6376 §3.4.5 and §3.4.3.
    #[test]
    fn canonical_forms_are_those_of_the_standard() {
        assert_eq!(relaxed_field("A", b" X\r\n"), b"a:X\r\n");
        assert_eq!(relaxed_field("B ", b" Y\t\r\n\tZ  \r\n"), b"b:Y Z\r\n");
        assert_eq!(relaxed_body(b" C \r\nD \t E\r\n\r\n\r\n"), b" C\r\nD E\r\n");
        assert_eq!(relaxed_body(b"\r\n\r\n"), b"");
        assert_eq!(relaxed_body(b"no end"), b"no end\r\n");
        assert_eq!(relaxed_body(b"one\r\n\r\ntwo"), b"one\r\n\r\ntwo\r\n");
    }

    #[test]
    fn fields_keep_their_folds() {
        let found = fields(b"From: a\r\nSubject: b\r\n c\r\nTo: d\r\n");
        assert_eq!(found, [("From", &b" a\r\n"[..]), ("Subject", &b" b\r\n c\r\n"[..]), ("To", &b" d\r\n"[..])]);
    }
}
