//! Everything the pages say: `language` for all who book, `own` for those signed in. `en` and `de` hold the values.

pub(super) mod account;
pub(super) mod address;
pub(super) mod administration;
pub(super) mod asked;
pub(super) mod calendars;
pub(super) mod de;
pub(super) mod embed;
pub(super) mod en;
pub(super) mod hosting;
pub(super) mod language;
pub(super) mod leading;
pub(super) mod own;
pub(super) mod picture;
pub(super) mod teams;

pub(super) const NAME: &str = "Openhour";

/// A browser in words, from its `User-Agent`: `Firefox, Linux`. Empty when it says nothing we know.
pub(super) fn browser(agent: &str) -> String {
    // The order matters: most browsers also claim to be others.
    let programs = [
        ("Firefox", &["Firefox/", "FxiOS/"][..]),
        ("Edge", &["Edg/", "EdgA/", "EdgiOS/"]),
        ("Opera", &["OPR/"]),
        ("Chrome", &["Chrome/", "CriOS/"]),
        ("Safari", &["Safari/"]),
    ];
    let systems = [
        ("iPhone", &["iPhone"][..]),
        ("iPad", &["iPad"]),
        ("Android", &["Android"]),
        ("Windows", &["Windows"]),
        ("Mac", &["Macintosh"]),
        ("ChromeOS", &["CrOS"]),
        ("Linux", &["Linux"]),
    ];
    let said = |marks: &[&str]| marks.iter().any(|mark| agent.contains(mark));
    let program = programs.iter().find(|(_, marks)| said(marks)).map(|(name, _)| *name);
    let system = systems.iter().find(|(_, marks)| said(marks)).map(|(name, _)| *name);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program}, {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn browsers_are_told_apart() {
        for (agent, words) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox, Linux"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1",
                "Safari, iPhone",
            ),
            ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0", "Edge, Windows"),
            ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36", "Chrome, Android"),
            ("curl/8", ""),
        ] {
            assert_eq!(super::browser(agent), words);
        }
    }
}
