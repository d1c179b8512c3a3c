//! A lossless tree of components and content lines. RFC 5545 §3.1, §3.6.

/// A component: `BEGIN:name` to `END:name`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Component {
    /// Upper case.
    pub name: String,
    /// Its own content lines, in order.
    pub lines: Vec<Line>,
    /// Nested components, in order (after the lines when written).
    pub children: Vec<Component>,
}

/// One unfolded content line. RFC 5545 §3.1.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// Property name, upper case.
    pub name: String,
    /// Parameters in order.
    pub params: Vec<Param>,
    /// The value as it stands in the line: unfolded, still escaped.
    pub value: String,
}

/// One property parameter. RFC 5545 §3.2, RFC 6868.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Param {
    /// Upper case.
    pub name: String,
    /// Values without quotes, carets decoded.
    pub values: Vec<String>,
}
