//! What every surface shares: a request as handlers see it, answers, forms, cache validators and problem details.

mod answer;
mod call;
mod form;
mod gzip;
pub mod problem;
pub mod teams;
mod upload;
mod validators;

pub use answer::{Answer, IntoAnswer, bytes, empty, file, html, json, redirect, see_other, set, text, with};
pub use call::Call;
pub use form::{Form, encode};
pub use gzip::{squeezed, takes_gzip};
pub use upload::Upload;
pub use validators::{fresh, strong};
