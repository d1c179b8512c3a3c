//! The frame around every page.

use http::{HeaderName, StatusCode, header};
use maud::{DOCTYPE, Markup, html};

use super::{assets, words};
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
}

impl<'a> Page<'a> {
    /// A page that anybody may find.
    pub(super) fn public(title: &'a str) -> Self {
        Self { title, secret: false, status: StatusCode::OK, visitor: None }
    }

    /// A page whose address is known to few, or that shows something personal.
    pub(super) fn secret(title: &'a str) -> Self {
        Self { title, secret: true, status: StatusCode::OK, visitor: None }
    }

    /// The same with another status.
    pub(super) fn status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// The same with the visitor's own pages linked.
    pub(super) fn visitor(self, visitor: Option<&'a Person>) -> Self {
        Self { visitor, ..self }
    }

    /// The answer.
    pub(super) fn show(self, content: &Markup) -> Answer {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    @if self.secret { meta name="robots" content="noindex, nofollow"; }
                    title { (self.title) " · " (words::NAME) }
                    link rel="stylesheet" href=(assets::style_path());
                    link rel="icon" type="image/svg+xml" href=(assets::icon_path());
                }
                body {
                    a.skip href="#content" { (words::SKIP) }
                    header.top {
                        a.brand href="/" { (words::NAME) }
                        @if let Some(person) = self.visitor {
                            nav aria-label=(words::YOUR_PAGES) {
                                @if person.admin { a href="/admin" { (words::ADMIN) } }
                                a href="/host" { (words::YOUR_TIME) }
                                form method="post" action="/sign-out" { button.link type="submit" { (words::SIGN_OUT) } }
                            }
                        } @else if !self.secret {
                            nav aria-label=(words::YOUR_PAGES) { a href="/sign-in" { (words::SIGN_IN) } }
                        }
                    }
                    main #content { (content) }
                    footer.foot { p { (words::FOOT) } }
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
}
