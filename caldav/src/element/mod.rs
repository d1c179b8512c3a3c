//! Typed request and response elements, one a file.
