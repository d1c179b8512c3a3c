//! The four kinds of value a statement takes, the same for both databases.

/// One bound value. The variant also gives NULL its type, which PostgreSQL wants to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// BIGINT
    Int(Option<i64>),
    /// TEXT
    Text(Option<String>),
    /// BLOB (a domain over `bytea` on PostgreSQL)
    Blob(Option<Vec<u8>>),
    /// BOOLEAN
    Bool(Option<bool>),
}

macro_rules! from {
    ($($type:ty => $variant:ident $(, $convert:ident)?);* $(;)?) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Value::$variant(Some(value$(.$convert())?))
            }
        }
        impl From<Option<$type>> for Value {
            fn from(value: Option<$type>) -> Self {
                Value::$variant(value$(.map(|value| value.$convert()))?)
            }
        }
    )*};
}

from! {
    i64 => Int;
    bool => Bool;
    String => Text;
    &str => Text, to_owned;
    &String => Text, to_string;
    Vec<u8> => Blob;
    &[u8] => Blob, to_owned;
}

/// The values of a statement, in the order of `$1`, `$2`, ...
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Value::from($value)),*] };
}
