//! Back to where somebody was before they signed in: the path, in a cookie, for as long as a sign-in takes.

use http::Method;

use super::visitor::{is_https, set_cookie};
use crate::people::sign_in::LINK_LIFETIME;
use crate::surface::{Answer, Call};

/// Longest path that is remembered.
const LONGEST: usize = 200;

/// Remembers this page in the answer that asks to sign in. What a form sends is not repeated.
pub(super) fn remember(call: &Call, answer: &mut Answer) {
    if call.method == Method::GET {
        to(call, answer, call.uri.path());
    }
}

/// Remembers that page.
pub(super) fn to(call: &Call, answer: &mut Answer, path: &str) {
    if is_ours(path) {
        set_cookie(call, answer, cookie(call), path, LINK_LIFETIME);
    }
}

/// The page to which somebody who has signed in goes back.
pub(super) fn remembered(call: &Call) -> Option<&str> {
    call.cookie(cookie(call)).filter(|path| is_ours(path))
}

/// It is used once.
pub(super) fn forget(call: &Call, answer: &mut Answer) {
    set_cookie(call, answer, cookie(call), "", 0);
}

/// Whether it is the path of a page here, and neither another host nor a way in or out.
fn is_ours(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~%@".contains(&byte);
    path.len() <= LONGEST
        && path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(plain)
        && !path.starts_with("/sign-")
}

fn cookie(call: &Call) -> &'static str {
    if is_https(call) { "__Host-openhour-return" } else { "openhour-return" }
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn only_pages_of_this_server_are_gone_back_to() {
        for good in ["/password", "/host/offers", "/lead/code-review/12", "/", "/book/a%20b"] {
            assert!(is_ours(good), "{good}");
        }
        let long = format!("/{}", "a".repeat(300));
        for bad in [
            "",
            "password",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/",
            "/a?b",
            "/a\r\nb",
            "/sign-in",
            "/sign-in/secret",
            "/sign-out",
            "/a;b",
            "/ä",
            &long,
        ] {
            assert!(!is_ours(bad), "{bad}");
        }
    }
}
