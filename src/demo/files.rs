//! The two files of the sample office: a letter that somebody typed, and a photograph of a receipt, drawn.

use super::deeds::Deed;
use crate::attachment::{Content, storage};
use crate::enclosure::model::{About, NewAttachment};
use crate::platform::Platform;
use crate::platform::error::{Error, Result};
use crate::platform::web::Body;
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::Value;
use std::io::Cursor;

const LETTER: &str = "尊敬的领导：\n\n    我是退休职工，现将情况补充说明如下：所附票据均为原件复印，原件由家属保管，需要核对时可随时送来。\n    恳请早日答复。\n\n    此致\n敬礼\n";
const WIDTH: u32 = 600;
const HEIGHT: u32 = 800;

/// Both, stored.
pub(super) struct Files {
    letter: Content,
    photograph: Content,
}

impl Files {
    /// Stores them.
    ///
    /// # Errors
    /// When they can't be stored.
    pub async fn store(platform: &Platform) -> Result<Self> {
        let mut png = Vec::new();
        photograph().write_to(&mut Cursor::new(&mut png), ImageFormat::Png).map_err(|e| Error::Internal(Box::new(e)))?;
        let letter = storage::keep(platform, LETTER.as_bytes()).await?;
        Ok(Self { letter, photograph: storage::keep(platform, &png).await? })
    }

    /// What a deed encloses.
    pub fn enclosed(&self, deed: &Deed) -> Body<NewAttachment> {
        let text = |member: &str| deed.body.get(member).and_then(Value::as_str).unwrap_or_default();
        let content = if text("file") == PHOTOGRAPH { &self.photograph } else { &self.letter };
        let new =
            NewAttachment { id: None, name: text("name").to_owned(), about: About::Petition, about_id: None, content: content.clone() };
        Body::made(Ok(new), [0; 32])
    }
}

/// Which of the two, in a deed's body.
pub(super) const PHOTOGRAPH: &str = "photograph";
/// The other one.
pub(super) const TYPED: &str = "letter";

/// Paper on a table, with lines of writing and a seal.
fn photograph() -> RgbImage {
    RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let paper = (60..540).contains(&x) && (60..740).contains(&y);
        let line = (110..490).contains(&x) && (120..560).contains(&y) && y % 40 < 6 && (x / 9 + y / 40) % 5 != 0;
        let (dx, dy) = (x.abs_diff(420), y.abs_diff(630));
        let ring = (52 * 52..60 * 60).contains(&(dx * dx + dy * dy));
        match (paper, line, ring) {
            (false, ..) => Rgb([118, 92, 70]),
            (_, true, _) => Rgb([60, 60, 70]),
            (.., true) => Rgb([200, 40, 40]),
            _ => Rgb([244, 241, 232]),
        }
    })
}
