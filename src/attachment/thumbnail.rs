//! Small pictures of photographs, for lists on slow lines.

use super::media::MediaType;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use std::io::Cursor;

/// The longer side at most, in pixels.
const SIDE: u32 = 400;
/// Of 100.
const QUALITY: u8 = 75;
/// What a picture may have, in pixels a side; and what decoding it may take, in bytes.
const WIDEST: u32 = 20_000;
const MEMORY: u64 = 160 * 1024 * 1024;

/// A JPEG of at most 400 pixels a side, the right way up, without anything the photograph told besides (place, camera, time). None of
/// what can't be decoded, or not with the memory it may take.
pub fn of(content: &[u8], kind: MediaType) -> Option<Vec<u8>> {
    let format = match kind {
        MediaType::Jpeg => ImageFormat::Jpeg,
        MediaType::Png => ImageFormat::Png,
        MediaType::Webp => ImageFormat::WebP,
        _ => return None,
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(WIDEST);
    limits.max_image_height = Some(WIDEST);
    limits.max_alloc = Some(MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(content), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    if decoder.total_bytes() > MEMORY {
        return None;
    }
    let turned = decoder.orientation().ok();
    let picture = DynamicImage::from_decoder(decoder).ok()?;
    let mut small = if picture.width().max(picture.height()) > SIDE { picture.resize(SIDE, SIDE, FilterType::Triangle) } else { picture };
    if let Some(turned) = turned {
        small.apply_orientation(turned);
    }
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&small.to_rgb8()).ok()?;
    Some(jpeg)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use image::{ImageEncoder, RgbImage, codecs::png::PngEncoder};

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let picture =
            RgbImage::from_fn(width, height, |x, y| image::Rgb([u8::try_from(x % 256).unwrap(), u8::try_from(y % 256).unwrap(), 90]));
        PngEncoder::new(&mut bytes).write_image(&picture, width, height, image::ExtendedColorType::Rgb8).unwrap();
        bytes
    }

    /// A JPEG that says in its EXIF that it lies on its side.
    fn turned(width: u32, height: u32) -> Vec<u8> {
        let mut plain = Vec::new();
        JpegEncoder::new(&mut plain).encode_image(&RgbImage::new(width, height)).unwrap();
        let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&plain[..2], b"\xff\xe1", &length, exif, &plain[2..]].concat()
    }

    #[test]
    fn photographs_become_small_and_stand_upright() {
        let size = |jpeg: Vec<u8>| {
            let picture = image::load_from_memory_with_format(&jpeg, ImageFormat::Jpeg).unwrap();
            (picture.width(), picture.height())
        };
        assert_eq!(size(of(&png(1600, 800), MediaType::Png).unwrap()), (400, 200));
        assert_eq!(size(of(&png(30, 20), MediaType::Png).unwrap()), (30, 20));
        let small = of(&turned(800, 400), MediaType::Jpeg).unwrap();
        assert!(!small.windows(4).any(|w| w == b"Exif"));
        assert_eq!(size(small), (200, 400));
    }

    #[test]
    fn what_is_too_large_or_broken_has_none() {
        let good = png(64, 64);
        // the header alone says 50,000 by 50,000
        let mut huge = good.clone();
        huge[16..24].copy_from_slice(&[0, 0, 0xc3, 0x50, 0, 0, 0xc3, 0x50]);
        for bad in [&huge[..], &good[..40], b"\xff\xd8\xff\xe0", b""] {
            assert_eq!(of(bad, MediaType::Png), None);
            assert_eq!(of(bad, MediaType::Jpeg), None);
        }
        assert_eq!(of(&good, MediaType::Pdf), None);
    }
}
