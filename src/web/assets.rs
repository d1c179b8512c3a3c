//! Style sheet, scripts and icon, under names made from their content so that browsers may keep them for ever.

use std::borrow::Cow;
use std::sync::LazyLock;

use bytes::Bytes;
use data_encoding::HEXLOWER;
use http::{StatusCode, header};
use sha2::{Digest, Sha256};

use crate::desk::squeezed::Squeezable;
use crate::surface::{Answer, Call, squeezed, text, with};

/// A file in the program.
struct Asset {
    name: String,
    media_type: &'static str,
    content: Squeezable,
}

static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("style", "css", "text/css; charset=utf-8", include_str!("style.css")));
static ZONE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("zone", "js", "text/javascript; charset=utf-8", include_str!("zone.js")));
static LIVE: LazyLock<Asset> = LazyLock::new(|| Asset::script("live", include_str!("live.js")));
static COUNTDOWN: LazyLock<Asset> = LazyLock::new(|| Asset::script("countdown", include_str!("countdown.js")));
static SCHEDULE_STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("schedule", "css", "text/css; charset=utf-8", include_str!("schedule/schedule.css")));
static EMBED_STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("embed", "css", "text/css; charset=utf-8", include_str!("embed.css")));
static SCHEDULE_SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("schedule", "js", "text/javascript; charset=utf-8", include_str!("schedule/schedule.js"))
});
static ICON: LazyLock<Asset> = LazyLock::new(|| Asset::new("icon", "svg", "image/svg+xml", include_str!("icon.svg")));

impl Asset {
    fn new(name: &str, ending: &str, media_type: &'static str, content: impl Into<Cow<'static, str>>) -> Self {
        let bytes = match content.into() {
            Cow::Borrowed(text) => Bytes::from_static(text.as_bytes()),
            Cow::Owned(text) => Bytes::from(text),
        };
        let digest = HEXLOWER.encode(&Sha256::digest(&bytes));
        Self {
            name: format!("{name}.{}.{ending}", digest.get(..12).unwrap_or_default()),
            media_type,
            content: Squeezable::new(bytes),
        }
    }

    /// A script without its indentation and the lines that are comments.
    fn script(name: &str, content: &'static str) -> Self {
        let lines = content.lines().map(str::trim_start).filter(|line| !line.is_empty() && !line.starts_with("//"));
        Self::new(name, "js", "text/javascript; charset=utf-8", lines.collect::<Vec<_>>().join("\n"))
    }
}

/// Where pages find the style sheet.
pub(super) fn style_path() -> String {
    format!("/assets/{}", STYLE.name)
}

/// Where pages find the script that shows times in the reader's own zone.
pub(super) fn zone_path() -> String {
    format!("/assets/{}", ZONE.name)
}

/// Where pages find the script that keeps open times true.
pub(super) fn live_path() -> String {
    format!("/assets/{}", LIVE.name)
}

/// Where pages find the script that counts down to a session.
pub(super) fn countdown_path() -> String {
    format!("/assets/{}", COUNTDOWN.name)
}

/// Where the pages of schedules find their style.
pub(super) fn schedule_style_path() -> String {
    format!("/assets/{}", SCHEDULE_STYLE.name)
}

/// Where pages in other sites' frames find their style.
pub(super) fn embed_style_path() -> String {
    format!("/assets/{}", EMBED_STYLE.name)
}

/// Where the pages of schedules find their script.
pub(super) fn schedule_script_path() -> String {
    format!("/assets/{}", SCHEDULE_SCRIPT.name)
}

/// Where pages find the icon.
pub(super) fn icon_path() -> String {
    format!("/assets/{}", ICON.name)
}

/// `/assets/{name}`
pub async fn asset(call: Call) -> Answer {
    let all = [&*STYLE, &*ZONE, &*LIVE, &*COUNTDOWN, &*SCHEDULE_STYLE, &*EMBED_STYLE, &*SCHEDULE_SCRIPT, &*ICON];
    match all.into_iter().find(|asset| asset.name == call.param(0)) {
        Some(asset) => {
            let answer = squeezed(&call.headers, asset.media_type, &asset.content);
            let answer = with(answer, header::VARY, "accept-encoding");
            with(answer, header::CACHE_CONTROL, "public, max-age=31536000, immutable")
        }
        None => text(StatusCode::NOT_FOUND, "There is no such file.\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_of_open_times_stays_small() {
        let content = LIVE.content.plain();
        assert!(content.len() <= 5_120, "{} bytes", content.len());
        assert!(content.starts_with(b"(() => {") && content.ends_with(b"})();"));
    }
}
