//! `Depth`. RFC 4918 §10.2.

use http::HeaderMap;

use super::BadHeader;

/// How far below the resource a request reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// The resource alone.
    Zero,
    /// And what is directly inside.
    One,
    /// And everything below.
    Infinity,
}

impl Depth {
    /// The header's value; `None` without one.
    ///
    /// # Errors
    /// [`BadHeader`] for any other value.
    pub fn of(headers: &HeaderMap) -> Result<Option<Depth>, BadHeader> {
        let Some(value) = headers.get("depth") else { return Ok(None) };
        match value.as_bytes().trim_ascii() {
            b"0" => Ok(Some(Depth::Zero)),
            b"1" => Ok(Some(Depth::One)),
            value if value.eq_ignore_ascii_case(b"infinity") => Ok(Some(Depth::Infinity)),
            _ => Err(BadHeader("Depth")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_values_are_known_and_others_refused() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("depth", value.parse().unwrap());
            Depth::of(&headers)
        };
        assert_eq!(Depth::of(&HeaderMap::new()), Ok(None));
        assert_eq!(of("0"), Ok(Some(Depth::Zero)));
        assert_eq!(of("1"), Ok(Some(Depth::One)));
        assert_eq!(of("Infinity"), Ok(Some(Depth::Infinity)));
        assert_eq!(of("2"), Err(BadHeader("Depth")));
    }
}
