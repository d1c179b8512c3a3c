//! The mails to somebody that are still kept, for the copy of their data. What of a link is secret is left out: it opens a
//! booking, or signs in.

use serde_json::{Value, json};

use super::parts;
use crate::args;
use crate::clock::rfc3339;
use crate::db::{Conn, DbError};

/// Mails of one copy at most.
const MOST: i64 = 1_000;

type Row = (String, i64, Option<i64>, Option<i64>, Vec<u8>);

/// Subject, times and text of each. `public_url`: how our links begin.
///
/// # Errors
/// [`DbError`].
pub async fn about(conn: &mut Conn, email: &str, public_url: &str) -> Result<Vec<Value>, DbError> {
    let rows: Vec<Row> = conn
        .all(
            "SELECT subject, composed, sent, undelivered, bytes FROM mails WHERE recipient = $1
             ORDER BY composed, job LIMIT $2",
            args![email, MOST],
        )
        .await?;
    let write = |(subject, composed, sent, undelivered, bytes): Row| {
        let text = parts(&bytes).plain.unwrap_or_default().replace("\r\n", "\n");
        json!({
            "subject": subject,
            "written": rfc3339(composed),
            "sent": sent.map(rfc3339),
            "undelivered": undelivered.map(rfc3339),
            "text": without_others(&without_secrets(&text, public_url), email),
        })
    };
    Ok(rows.into_iter().map(write).collect())
}

/// The text with our links cut after the first word of their path.
fn without_secrets(text: &str, public_url: &str) -> String {
    let start = format!("{public_url}/");
    let mut parts = text.split(&start);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(char::is_whitespace).unwrap_or(part.len());
        let (link, rest) = part.split_at(end);
        out.push_str(&start);
        match link.split_once('/') {
            Some((word, _)) => out.extend([word, "/\u{2026}"]),
            None => out.push_str(link),
        }
        out.push_str(rest);
    }
    out
}

/// The text without the addresses of others: they are named, and nothing more is told of them.
fn without_others(text: &str, email: &str) -> String {
    let ends = |c: char| c.is_whitespace() || "<>(),;\"".contains(c);
    let one = |piece: &str| {
        let (word, end) = piece.split_at(piece.trim_end_matches(ends).len());
        let other = word.contains('@') && !word.eq_ignore_ascii_case(email);
        format!("{}{end}", if other { "\u{2026}" } else { word })
    };
    text.split_inclusive(ends).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::{without_others, without_secrets};

    #[test]
    fn links_are_told_without_what_opens_them() {
        let text = "Change it:\nhttps://book.example/b/abc?x=1\nSee https://book.example/setup and\nhttps://other.example/b/c\n";
        let told = "Change it:\nhttps://book.example/b/\u{2026}\nSee https://book.example/setup and\nhttps://other.example/b/c\n";
        assert_eq!(without_secrets(text, "https://book.example"), told);
        assert_eq!(
            without_secrets("https://book.example/sign-in/s", "https://book.example"),
            "https://book.example/sign-in/\u{2026}"
        );
    }

    #[test]
    fn others_are_named_without_their_address() {
        let text = "Guest: Mia <mia@example.org>\nTo: Ana@example.org, we@book.example.\n";
        assert_eq!(without_others(text, "ana@example.org"), "Guest: Mia <\u{2026}>\nTo: Ana@example.org, \u{2026}\n");
    }
}
