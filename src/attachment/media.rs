//! What kinds of files are taken, and how they are told by their content.

use super::archive::{self, Packed};
use crate::codes;
use crate::platform::error::Fault;

crate::text_enum! {
    /// Kinds of files that are taken, by their media type.
    pub enum MediaType {
        /// A photograph.
        Jpeg = "image/jpeg",
        /// A picture of the screen, a scan.
        Png = "image/png",
        /// A picture from the web or a telephone.
        Webp = "image/webp",
        /// A picture, perhaps moving.
        Gif = "image/gif",
        /// A photograph of some telephones.
        Heic = "image/heic",
        /// PDF.
        Pdf = "application/pdf",
        /// Sound, MP3.
        Mp3 = "audio/mpeg",
        /// Sound of telephones, M4A.
        M4a = "audio/mp4",
        /// Sound, WAV.
        Wav = "audio/wav",
        /// Sound, Ogg with Vorbis or Opus.
        Ogg = "audio/ogg",
        /// Sound of old telephones, AMR.
        Amr = "audio/amr",
        /// Sound, AAC.
        Aac = "audio/aac",
        /// Sound, FLAC.
        Flac = "audio/flac",
        /// Text in UTF-8.
        Text = "text/plain",
        /// Word.
        Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        /// Excel.
        Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        /// PowerPoint.
        Pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        /// A text of OpenDocument.
        Odt = "application/vnd.oasis.opendocument.text",
        /// Word before 2007.
        Doc = "application/msword",
        /// Excel before 2007.
        Xls = "application/vnd.ms-excel",
    }
}

impl MediaType {
    /// What a client states, by any of the names in use.
    pub fn stated(essence: &str) -> Option<Self> {
        Some(match essence {
            "image/jpg" | "image/pjpeg" => Self::Jpeg,
            "image/heif" => Self::Heic,
            "audio/mp3" => Self::Mp3,
            "audio/m4a" | "audio/x-m4a" => Self::M4a,
            "audio/x-wav" | "audio/wave" | "audio/vnd.wave" => Self::Wav,
            "audio/opus" => Self::Ogg,
            "audio/x-aac" => Self::Aac,
            "audio/x-flac" => Self::Flac,
            other => Self::parse(other)?,
        })
    }

    /// What a content is, by looking at it.
    ///
    /// # Errors
    /// What is wrong with a content that is not taken.
    pub fn of(content: &[u8]) -> Result<Self, Fault> {
        let not_taken = || Fault::new("", codes::FILE_KIND_NOT_TAKEN);
        match archive::look(content) {
            Packed::Kind(kind) => return Ok(kind),
            Packed::Swells => return Err(Fault::new("", codes::FILE_SWELLS)),
            Packed::Other => return Err(not_taken()),
            Packed::Not => {}
        }
        match infer::get(content).map(|kind| kind.mime_type()) {
            // what it is not sure of may be a text
            None | Some("text/html" | "text/xml" | "text/x-shellscript") => {
                if is_text(content) {
                    Ok(Self::Text)
                } else {
                    Err(not_taken())
                }
            }
            Some("audio/m4a" | "video/mp4") if is_sound(content) => Ok(Self::M4a),
            Some(found) => Self::stated(found).ok_or_else(not_taken),
        }
    }

    /// Whether a thumbnail can be made of it.
    pub const fn is_picture(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Webp)
    }
}

/// An MP4 that says of itself that it is sound: telephones record in it.
fn is_sound(content: &[u8]) -> bool {
    content.get(8..12).is_some_and(|brand| brand == b"M4A " || brand == b"M4B ")
}

/// UTF-8 without control characters but those that make lines and columns.
fn is_text(content: &[u8]) -> bool {
    let allowed = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\u{c}');
    std::str::from_utf8(content).is_ok_and(|text| text.chars().all(allowed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_tell_what_they_are() {
        let kinds: &[(&[u8], Option<MediaType>)] = &[
            (b"\xff\xd8\xff\xe0\0\x10JFIF\0", Some(MediaType::Jpeg)),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Some(MediaType::Png)),
            (b"GIF89a\x01\0\x01\0", Some(MediaType::Gif)),
            (b"%PDF-1.7\n", Some(MediaType::Pdf)),
            (b"ID3\x04\0\0\0\0\0\0", Some(MediaType::Mp3)),
            (b"RIFF\x24\0\0\0WAVEfmt ", Some(MediaType::Wav)),
            (b"#!AMR\n\x3c\x91\x17\x16\xbe\x66\x79", Some(MediaType::Amr)),
            (b"\0\0\0\x20ftypM4A \0\0\0\0", Some(MediaType::M4a)),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Some(MediaType::Heic)),
            (b"\0\0\0\x20ftypisom\0\0\x02\0", None),
            ("尊敬的领导：\n我的药费至今没有报销。".as_bytes(), Some(MediaType::Text)),
            (b"\xef\xbb\xbfhello\r\n", Some(MediaType::Text)),
            (b"<html><script>alert(1)</script>", Some(MediaType::Text)),
            (b"\xd7\xf0\xbe\xb4\xb5\xc4", None),
            (b"with a \0 in it", None),
            (b"MZ\x90\0\x03\0\0\0", None),
            (b"\x7fELF\x02\x01\x01", None),
            (b"\x1f\x8b\x08\0\0\0\0\0", None),
            (b"Rar!\x1a\x07\x01\0", None),
            (b"\0", None),
        ];
        for (content, kind) in kinds {
            assert_eq!(MediaType::of(content).ok(), *kind, "{}", content.escape_ascii());
        }
    }
}
