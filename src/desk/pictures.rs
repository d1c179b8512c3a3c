//! Somebody's picture: read from what they sent, made anew as a small square, and kept as that alone. What else was in
//! the file (where it was taken, with what) is gone.

use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage};
use tokio::sync::Semaphore;

use super::Desk;
use crate::audit::{self, Entry};
use crate::db::{AsDbError, Command, DbError, Tx};
use crate::keys;
use crate::people::{self, PersonId, pictures};

/// Bytes of a file at most.
pub const LARGEST: usize = 1024 * 1024;
/// Pixels of a side that are read at most.
const WIDEST: u32 = 6_000;
/// Bytes of memory that reading a file may take.
const MEMORY: u64 = 96 * 1024 * 1024;
/// Pixels of a side that are kept.
const SIDE: u32 = 192;
/// Of JPEG, of 100.
const QUALITY: u8 = 86;
/// How long somebody waits for their turn.
const TURN: Duration = Duration::from_secs(10);

/// Files being read: one at a time, so that pixels never fill the memory.
#[derive(Debug, Clone)]
pub struct Reading(Arc<Semaphore>);

impl Default for Reading {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(1)))
    }
}

/// Why a picture stays as it is.
#[derive(Debug)]
pub enum PictureRefused {
    /// No file came.
    Missing,
    /// More than [`LARGEST`] bytes, or too many pixels.
    TooLarge,
    /// No PNG, JPEG or WebP, or a damaged one.
    Unreadable,
    /// Others are being read.
    Busy,
    /// The database failed.
    Db(DbError),
}

impl From<DbError> for PictureRefused {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl AsDbError for PictureRefused {
    fn as_db_error(&self) -> Option<&DbError> {
        match self {
            Self::Db(error) => Some(error),
            _ => None,
        }
    }
}

/// Gives somebody the picture in this file.
///
/// # Errors
/// [`PictureRefused`].
pub async fn set(desk: &Desk, person: PersonId, file: &[u8]) -> Result<(), PictureRefused> {
    if file.is_empty() {
        return Err(PictureRefused::Missing);
    }
    if file.len() > LARGEST {
        return Err(PictureRefused::TooLarge);
    }
    let turn = tokio::time::timeout(TURN, desk.reading.0.clone().acquire_owned()).await;
    let Ok(Ok(turn)) = turn else { return Err(PictureRefused::Busy) };
    let file = file.to_vec();
    let work = tokio::task::spawn_blocking(move || {
        let square = square(&file);
        drop(turn);
        square
    });
    let bytes = work.await.map_err(|_| PictureRefused::Unreadable)??;
    let name = keys::random_secret().map_err(|error| DbError::Damaged(error.to_string()))?;
    Ok(desk.db.run(Set { person, picture: Some((name, bytes)), now: desk.clock.now() }).await?)
}

/// Takes somebody's picture away.
///
/// # Errors
/// [`DbError`].
pub async fn remove(desk: &Desk, person: PersonId) -> Result<(), DbError> {
    desk.db.run(Set { person, picture: None, now: desk.clock.now() }).await
}

struct Set {
    person: PersonId,
    picture: Option<(String, Vec<u8>)>,
    now: i64,
}

impl Command for Set {
    type Output = ();
    type Refusal = DbError;

    async fn run(&self, tx: &mut Tx) -> Result<(), DbError> {
        let locked = people::lock(tx, &[self.person]).await?;
        let picture = self.picture.as_ref().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
        pictures::set(tx, &locked, self.person, picture, self.now).await?;
        // Pages of teams that show their hosts are kept by this version.
        locked.touch_slots(tx, &[self.person], self.now).await?;
        let action = if picture.is_some() { "picture changed" } else { "picture removed" };
        let entry = Entry { actor: Some(self.person), action, object: Some(self.person), detail: "" };
        audit::write(tx, &entry, self.now).await
    }
}

/// The middle of a picture as a small JPEG, upright, on white.
fn square(file: &[u8]) -> Result<Vec<u8>, PictureRefused> {
    let mut reader =
        ImageReader::new(Cursor::new(file)).with_guessed_format().map_err(|_| PictureRefused::Unreadable)?;
    if !matches!(reader.format(), Some(ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) {
        return Err(PictureRefused::Unreadable);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(WIDEST);
    limits.max_image_height = Some(WIDEST);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| refusal(&error))?;
    if decoder.total_bytes() > MEMORY {
        return Err(PictureRefused::TooLarge);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let whole = DynamicImage::from_decoder(decoder).map_err(|error| refusal(&error))?;
    let mut small = whole.resize_to_fill(SIDE, SIDE, FilterType::Triangle);
    drop(whole);
    small.apply_orientation(orientation);
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    on_white(&small).write_with_encoder(encoder).map_err(|_| PictureRefused::Unreadable)?;
    Ok(bytes)
}

fn refusal(error: &image::ImageError) -> PictureRefused {
    match error {
        image::ImageError::Limits(_) => PictureRefused::TooLarge,
        _ => PictureRefused::Unreadable,
    }
}

/// What shows through is white.
fn on_white(picture: &DynamicImage) -> RgbImage {
    let picture = picture.to_rgba8();
    let over = |color: u8, alpha: u8| {
        let (color, alpha) = (u16::from(color), u16::from(alpha));
        u8::try_from((color * alpha + 255 * (255 - alpha)) / 255).unwrap_or(255)
    };
    RgbImage::from_fn(picture.width(), picture.height(), |x, y| {
        let [red, green, blue, alpha] = picture.get_pixel(x, y).0;
        Rgb([over(red, alpha), over(green, alpha), over(blue, alpha)])
    })
}

#[cfg(test)]
mod tests {
    use image::{Rgba, RgbaImage};

    use super::*;

    fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// Red to the left and to the right, green in the middle, which shows through.
    fn wide() -> DynamicImage {
        RgbaImage::from_fn(900, 300, |x, _| {
            if (300..600).contains(&x) { Rgba([0, 255, 0, 128]) } else { Rgba([255, 0, 0, 255]) }
        })
        .into()
    }

    #[test]
    fn the_middle_is_kept_as_a_small_square_on_white() {
        for format in [ImageFormat::Png, ImageFormat::WebP] {
            let bytes = square(&file(&wide(), format)).unwrap();
            assert_eq!(image::guess_format(&bytes).unwrap(), ImageFormat::Jpeg);
            let kept = image::load_from_memory(&bytes).unwrap().to_rgb8();
            assert_eq!(kept.dimensions(), (SIDE, SIDE));
            let Rgb([red, green, blue]) = *kept.get_pixel(SIDE / 2, SIDE / 2);
            assert!(green > 240 && (110..150).contains(&red) && (110..150).contains(&blue), "{red} {green} {blue}");
            assert!(bytes.len() < 16 * 1024, "{}", bytes.len());
        }
        assert!(square(&file(&DynamicImage::from(wide().to_rgb8()), ImageFormat::Jpeg)).is_ok());
    }

    #[test]
    fn what_is_no_picture_or_too_much_of_one_is_refused() {
        let png = file(&wide(), ImageFormat::Png);
        assert!(matches!(square(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), Err(PictureRefused::Unreadable)));
        assert!(matches!(square(b"GIF89a\x01\0\x01\0"), Err(PictureRefused::Unreadable)));
        assert!(matches!(square(&png[..png.len() / 2]), Err(PictureRefused::Unreadable)));
        // A few bytes that say they are 6001 pixels wide; and 5,999 by 5,999 of four bytes.
        for (width, height) in [(6_001_u32, 10_u32), (5_999, 5_999)] {
            let bomb = RgbaImage::from_pixel(1, 1, Rgba([0; 4]));
            let mut bytes = file(&bomb.into(), ImageFormat::Png);
            bytes[16..20].copy_from_slice(&width.to_be_bytes());
            bytes[20..24].copy_from_slice(&height.to_be_bytes());
            let mut crc = flate2::Crc::new();
            crc.update(&bytes[12..29]);
            bytes[29..33].copy_from_slice(&crc.sum().to_be_bytes());
            assert!(matches!(square(&bytes), Err(PictureRefused::TooLarge)), "{width} by {height}");
        }
    }
}
