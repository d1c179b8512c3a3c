//! gzip for what is written once and given often.
//!
//! Only for what holds no secret: compressed next to text that somebody else chose, a secret's length would tell of its
//! letters. Pages with form tokens, bookings and anything personal are never compressed.

use std::io::Write;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Content, and the same as gzip once somebody took it that way. Copies share both.
#[derive(Debug, Clone)]
pub struct Squeezable {
    plain: Bytes,
    squeezed: Arc<OnceLock<Bytes>>,
}

impl Squeezable {
    /// What has no secret in it.
    pub fn new(plain: Bytes) -> Self {
        Self { plain, squeezed: Arc::default() }
    }

    /// As it is.
    pub fn plain(&self) -> Bytes {
        self.plain.clone()
    }

    /// As gzip; compressed at the first question.
    pub fn squeezed(&self) -> Bytes {
        self.squeezed.get_or_init(|| squeeze(&self.plain)).clone()
    }

    /// Bytes in memory when both are there.
    pub fn most_bytes(&self) -> usize {
        self.plain.len() + self.plain.len() / 2
    }
}

fn squeeze(plain: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 3), Compression::default());
    // Writing into memory cannot fail.
    let _ = encoder.write_all(plain);
    encoder.finish().unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_was_squeezed_unfolds_to_the_same() {
        let page = Squeezable::new("<li>18:00</li>".repeat(1000).into());
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(page.squeezed().as_ref()).read_to_end(&mut back).unwrap();
        assert_eq!(back, page.plain());
        assert!(page.squeezed().len() * 20 < back.len());
    }
}
