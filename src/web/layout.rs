//! The frame around every page.

use http::{HeaderName, StatusCode, header};
use maud::{DOCTYPE, Markup, html};

use super::assets;
use super::embed::{self, Frame};
use super::reader::Reader;
use super::subject::Subject;
use super::words::NAME;
use super::words::en::EN;
use super::words::language::Words;
use crate::people::Person;
use crate::surface::{self, Answer};

/// A page to be.
pub(super) struct Page<'a> {
    /// What the browser's tab says.
    pub(super) title: &'a str,
    /// Whether the address holds a secret: not indexed, not passed on, not kept.
    pub(super) secret: bool,
    /// The status.
    pub(super) status: StatusCode,
    /// Who is signed in, when the page looked.
    pub(super) visitor: Option<&'a Person>,
    /// What the frame says.
    words: &'static Words,
    /// The page's address in the other languages.
    languages: Vec<(&'static Words, String)>,
    /// The language asked for in the address, which the links of the frame keep.
    asked: Option<&'static str>,
    /// Whether a script may look up the reader's zone, and the one shown without it.
    zone: Option<&'a str>,
    /// In another site's frame: how, and where the page stands on its own.
    frame: Option<(Frame, String)>,
}

impl<'a> Page<'a> {
    /// A page that anybody may find.
    pub(super) fn public(title: &'a str) -> Self {
        let words = &EN;
        Self {
            title,
            secret: false,
            status: StatusCode::OK,
            visitor: None,
            words,
            languages: Vec::new(),
            asked: None,
            zone: None,
            frame: None,
        }
    }

    /// A page whose address is known to few, or that shows something personal.
    pub(super) fn secret(title: &'a str) -> Self {
        Self { secret: true, ..Self::public(title) }
    }

    /// The same with another status.
    pub(super) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The same with the visitor's own pages linked.
    pub(super) fn visitor(self, visitor: Option<&'a Person>) -> Self {
        Self { visitor, ..self }
    }

    /// The same in the reader's language. `path` and `query` are the page's address, for the other languages.
    pub(super) fn reader(self, reader: &Reader, path: &str, query: &[(&str, &str)]) -> Self {
        Self {
            words: reader.words,
            asked: reader.language_asked(),
            languages: reader.other_languages(path, query),
            ..self
        }
    }

    /// The same for the reader of a page that shows no other page's address: an answer to a form.
    pub(super) fn reader_only(self, reader: &Reader) -> Self {
        Self { words: reader.words, asked: reader.language_asked(), ..self }
    }

    /// The same in this language, without a way to others.
    pub(super) fn words(self, words: &'static Words) -> Self {
        Self { words, ..self }
    }

    /// The same, shown anew by a script in the zone of the reader's device, when that is not the one shown.
    pub(super) fn detect_zone(self, reader: &'a Reader) -> Self {
        Self { zone: (!reader.zone_asked).then_some(&reader.zone.name), ..self }
    }

    /// The same for another site's frame, if that is where its subject is shown.
    pub(super) fn framed(self, subject: &Subject) -> Self {
        let alone = || subject.reader.link_without(&subject.booking_path(), "theme");
        Self { frame: subject.frame.map(|frame| (frame, alone())), ..self }
    }

    /// The same for another site's frame; `alone` is where the page stands on its own.
    pub(super) fn in_frame(self, frame: Frame, alone: String) -> Self {
        Self { frame: Some((frame, alone)), ..self }
    }

    /// The answer.
    pub(super) fn show(self, content: &Markup) -> Answer {
        let page = html! {
            (DOCTYPE)
            html lang=(self.words.code) data-theme=[self.frame.as_ref().and_then(|(frame, _)| frame.theme)] {
                (self.head())
                body {
                    @match &self.frame {
                        None => { (self.own_frame(content)) }
                        Some((_, alone)) => {
                            main #content { (content) }
                            footer.foot {
                                p { a href=(alone) target="_blank" rel="noopener" { (embed::own_page(self.words)) } }
                                (self.other_languages())
                            }
                        }
                    }
                }
            }
        };
        let mut answer = surface::html(self.status, page.into_string());
        if self.secret {
            surface::set(&mut answer, HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
            surface::set(&mut answer, header::REFERRER_POLICY, "no-referrer");
        }
        answer
    }
    fn head(&self) -> Markup {
        html! {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                @if self.secret || self.frame.is_some() { meta name="robots" content="noindex, nofollow"; }
                title { (self.title) " · " (NAME) }
                link rel="stylesheet" href=(assets::style_path());
                @if self.frame.is_some() { link rel="stylesheet" href=(assets::embed_style_path()); }
                @if let Some(zone) = self.zone { script src=(assets::zone_path()) data-zone=(zone) {} }
                link rel="icon" type="image/svg+xml" href=(assets::icon_path());
            }
        }
    }

    /// What stands around the content of a page of ours.
    fn own_frame(&self, content: &Markup) -> Markup {
        let words = self.words;
        let link = |path: &str| self.asked.map_or_else(|| path.to_owned(), |code| format!("{path}?lang={code}"));
        html! {
            a.skip href="#content" { (words.skip) }
            header.top {
                a.brand href=(link("/")) { (NAME) }
                @if let Some(person) = self.visitor {
                    nav aria-label=(words.your_pages) {
                        @if person.admin { a href=(link("/admin")) { (words.admin) } }
                        a href=(link("/host")) { (words.your_time) }
                        form method="post" action=(link("/sign-out")) { button.link type="submit" { (words.sign_out) } }
                    }
                } @else if !self.secret {
                    nav aria-label=(words.your_pages) { a href=(link("/sign-in")) { (words.sign_in) } }
                }
            }
            main #content { (content) }
            footer.foot {
                p { (words.foot) }
                (self.other_languages())
            }
        }
    }

    fn other_languages(&self) -> Markup {
        html! {
            @if !self.languages.is_empty() {
                nav aria-label=(self.words.languages) {
                    @for (other, link) in &self.languages {
                        a href=(link) lang=(other.code) hreflang=(other.code) rel="alternate nofollow" { (other.own_name) }
                    }
                }
            }
        }
    }
}
