//! A letter as blocks, written as plain text and as HTML that say the same.

use std::fmt::Write;

use maud::{DOCTYPE, html};

use super::words::Words;

/// The text of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// One clean line.
    pub subject: String,
    /// Language code.
    language: &'static str,
    pub(super) blocks: Vec<Block>,
    /// Where a mail program may stop mails like this one (RFC 8058).
    pub unsubscribe: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    /// A paragraph.
    Text(String),
    /// Label and value, one a line.
    Facts(Vec<(String, String)>),
    /// What to do next, and its address.
    Link(String, String),
    /// Somebody's own words, under a title.
    Quote(String, String),
    /// A paragraph of less weight.
    Small(String),
    /// A link of less weight, and its address.
    Aside(String, String),
}

impl Letter {
    pub(super) fn new(words: &Words, subject: String) -> Self {
        Self { subject, language: words.code, blocks: Vec::new(), unsubscribe: None }
    }

    pub(super) fn text(mut self, text: impl Into<String>) -> Self {
        self.blocks.push(Block::Text(text.into()));
        self
    }

    pub(super) fn facts(mut self, facts: Vec<(String, String)>) -> Self {
        self.blocks.push(Block::Facts(facts));
        self
    }

    pub(super) fn link(mut self, label: impl Into<String>, url: impl Into<String>) -> Self {
        self.blocks.push(Block::Link(label.into(), url.into()));
        self
    }

    /// A link that is one among others.
    pub(super) fn aside(mut self, label: impl Into<String>, url: impl Into<String>) -> Self {
        self.blocks.push(Block::Aside(label.into(), url.into()));
        self
    }

    /// Leaves out an empty quote.
    pub(super) fn quote(mut self, title: impl Into<String>, words: String) -> Self {
        if !words.is_empty() {
            self.blocks.push(Block::Quote(title.into(), words));
        }
        self
    }

    pub(super) fn small(mut self, text: impl Into<String>) -> Self {
        self.blocks.push(Block::Small(text.into()));
        self
    }

    /// Nobody has to get mails like this one: a link under the letter, and the mail program's own button.
    pub(super) fn unsubscribe(mut self, label: &str, url: String) -> Self {
        self.unsubscribe = Some(url.clone());
        self.aside(label, url)
    }

    /// The letter as plain text; lines end with `\n`.
    pub fn plain(&self) -> String {
        let mut out = String::new();
        for block in &self.blocks {
            if !out.is_empty() {
                out.push('\n');
            }
            // Writing into a String cannot fail.
            let _ = match block {
                Block::Text(text) | Block::Small(text) => writeln!(out, "{text}"),
                Block::Facts(facts) => facts.iter().try_for_each(|(label, value)| writeln!(out, "{label}: {value}")),
                Block::Link(label, url) | Block::Aside(label, url) => writeln!(out, "{label}:\n{url}"),
                Block::Quote(title, words) => writeln!(out, "{title}:").and_then(|()| {
                    words.lines().try_for_each(|line| writeln!(out, "{}", format!("> {line}").trim_end()))
                }),
            };
        }
        out
    }

    /// The letter as HTML in the look of the pages, light and dark: no pictures, nothing loaded from anywhere. Styles
    /// stand in place, since many programs drop style sheets; the sheet only turns the colours over in the dark.
    pub fn html(&self) -> String {
        let page = html! {
            (DOCTYPE)
            html lang=(self.language) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.subject) }
                    style { (maud::PreEscaped(DARK)) }
                }
                body.page style=(BODY) {
                    div.sheet style=(SHEET) { @for block in &self.blocks { (rendered(block)) } }
                }
            }
        };
        page.into_string()
    }
}

const BODY: &str = "margin:0;padding:24px 12px;background:#faf8f5;color:#1d2126;font:16px/1.5 system-ui,sans-serif";
const SHEET: &str = "max-width:560px;margin:0 auto;padding:12px 24px;background:#ffffff;border:1px solid #dfdad2;\
                     border-radius:10px";
const BUTTON: &str = "display:inline-block;padding:10px 18px;background:#0d655b;color:#ffffff;border-radius:10px;\
                      font-weight:600;text-decoration:none";
const LINK: &str = "color:#0d655b";
const LABEL: &str = "padding:4px 16px 4px 0;font-weight:400;color:#59616b;max-width:120px";
const VALUE: &str = "padding:4px 0";
/// Addresses have no spaces and would push the sheet apart on a phone.
const ADDRESS: &str = "padding:4px 0;overflow-wrap:anywhere;word-break:break-word";
const QUOTE: &str = "margin:0 0 16px;padding-left:12px;border-left:4px solid #0d655b;white-space:pre-line";
const SMALL: &str = "font-size:14px;color:#59616b";
/// The colours of the pages in the dark.
const DARK: &str = "@media (prefers-color-scheme:dark){.page{background:#131618!important;color:#eceae5!important}\
                    .sheet{background:#1b1f22!important;border-color:#343a3f!important}\
                    .soft{color:#a4acb3!important}a{color:#74d3c2!important}\
                    .button{background:#74d3c2!important;color:#0b211d!important}\
                    blockquote{border-color:#74d3c2!important}}";

fn rendered(block: &Block) -> maud::Markup {
    html! {
        @match block {
            Block::Text(text) => p { (text) },
            Block::Small(text) => p.soft style=(SMALL) { (text) },
            Block::Facts(facts) => table role="presentation" style="border-spacing:0;margin:16px 0" {
                @for (label, value) in facts {
                    tr {
                        td.soft valign="top" style=(LABEL) { (label) }
                        td valign="top" style=(if value.contains("://") || value.contains('@') { ADDRESS } else { VALUE }) {
                            @if value.starts_with("https://") || value.starts_with("http://") {
                                a href=(value) style=(LINK) { (value) }
                            } @else { (value) }
                        }
                    }
                }
            },
            Block::Link(label, url) => p { a.button href=(url) style=(BUTTON) { (label) } },
            Block::Aside(label, url) => p style=(SMALL) { a href=(url) style=(LINK) { (label) } },
            Block::Quote(title, words) => {
                p style="margin-bottom:4px;font-weight:600" { (title) }
                blockquote style=(QUOTE) { (words) }
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::words;
    use super::*;
    use crate::language::Language;

    #[test]
    fn both_forms_say_the_same_and_html_is_escaped() {
        let letter = Letter::new(words::of(Language::German), "Hi".into())
            .text("Hi <b>you</b>,")
            .facts(vec![("When".into(), "soon".into()), ("Join".into(), "https://example.org/a".into())])
            .quote("Agenda", "one\n\n<script>two".into())
            .quote("Nothing", String::new())
            .link("Change or cancel", "https://example.org/b?x=1&y=2");
        assert_eq!(
            letter.plain(),
            "Hi <b>you</b>,\n\nWhen: soon\nJoin: https://example.org/a\n\nAgenda:\n> one\n>\n> <script>two\n\n\
             Change or cancel:\nhttps://example.org/b?x=1&y=2\n"
        );
        let html = letter.html();
        assert!(html.contains("Hi &lt;b&gt;you") && html.contains("&lt;script&gt;two") && !html.contains("<script"));
        assert!(html.contains("href=\"https://example.org/b?x=1&amp;y=2\""), "{html}");
    }
}
