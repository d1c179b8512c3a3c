//! The style sheet, under a name made from its content so that browsers may keep it for ever.

use std::sync::LazyLock;

use data_encoding::HEXLOWER;
use http::{StatusCode, header};
use sha2::{Digest, Sha256};

use crate::surface::{Answer, Call, bytes, text, with};

const STYLE: &str = include_str!("style.css");

/// The style sheet's file name.
static STYLE_NAME: LazyLock<String> =
    LazyLock::new(|| format!("style.{}.css", &HEXLOWER.encode(&Sha256::digest(STYLE))[..12]));

/// Where pages find the style sheet.
pub(super) fn style_path() -> String {
    format!("/assets/{}", *STYLE_NAME)
}

/// `/assets/{name}`
pub async fn asset(call: Call) -> Answer {
    if call.param(0) != *STYLE_NAME {
        return text(StatusCode::NOT_FOUND, "no such file\n");
    }
    let answer = bytes(StatusCode::OK, "text/css; charset=utf-8", STYLE);
    with(answer, header::CACHE_CONTROL, "public, max-age=31536000, immutable")
}
