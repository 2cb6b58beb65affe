//! Entity-tags (RFC 9110, 8.8.3) of the form `"{version}-{view}"`: If-Match looks at the version, If-None-Match at all of it.

use crate::platform::error::{Error, Result};
use data_encoding::HEXLOWER;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Characters of the view: 48 bits of the body's hash.
const VIEW: usize = 12;

/// The entity-tag of a body at a version, quotes included.
pub fn entity_tag(version: i64, body: &[u8]) -> String {
    let hash = HEXLOWER.encode(&Sha256::digest(body));
    format!("\"{version}-{}\"", hash.get(..VIEW).unwrap_or(&hash))
}

/// The entity-tag of a view at a version, of how it reads as JSON.
///
/// # Errors
/// Internal when it can't be written as JSON.
pub fn tag_of(version: i64, view: &impl Serialize) -> Result<String> {
    let body = serde_json::to_vec(view).map_err(|e| Error::Internal(Box::new(e)))?;
    Ok(entity_tag(version, &body))
}

/// `If-Match` (RFC 9110, 13.1.1): the versions on which the client makes its change depend.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum IfMatch {
    /// No such header.
    #[default]
    Absent,
    /// `*`: whatever is there.
    Any,
    /// The strong tags of the list, quotes included. Weak and unreadable ones are left out: they never match.
    Tags(Vec<String>),
}

impl IfMatch {
    /// Reads the header's value; `None` when it was not sent.
    pub fn parse(value: Option<&str>) -> Self {
        match value.map(str::trim) {
            None => Self::Absent,
            Some("*") => Self::Any,
            Some(list) => Self::Tags(tags(list).into_iter().filter(|t| t.starts_with('"')).collect()),
        }
    }

    /// Whether the client named this version. A tag of a form never issued matches nothing; absence matches nothing either.
    pub fn version_matches(&self, version: i64) -> bool {
        match self {
            Self::Absent => false,
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|t| issued_version(t) == Some(version)),
        }
    }

    /// Whether the client sent the header at all (else a 428 where it is required).
    pub fn is_present(&self) -> bool {
        *self != Self::Absent
    }
}

/// `If-None-Match` (RFC 9110, 13.1.2): what the client has already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum IfNoneMatch {
    /// No such header.
    #[default]
    Absent,
    /// `*`: anything at all.
    Any,
    /// The opaque tags of the list without their `W/`.
    Tags(Vec<String>),
}

impl IfNoneMatch {
    /// Reads the header's value; `None` when it was not sent.
    pub fn parse(value: Option<&str>) -> Self {
        match value.map(str::trim) {
            None => Self::Absent,
            Some("*") => Self::Any,
            Some(list) => Self::Tags(tags(list).iter().map(|t| opaque(t).to_owned()).collect()),
        }
    }

    /// Whether the client has this representation, by weak comparison: then a GET is a 304.
    pub fn holds(&self, etag: &str) -> bool {
        match self {
            Self::Absent => false,
            Self::Any => true,
            Self::Tags(tags) => tags.iter().any(|t| t == opaque(etag)),
        }
    }
}

fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

/// Splits a list of entity-tags; a comma inside quotes belongs to the tag. What is no tag is skipped.
fn tags(list: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = list;
    while let Some(open) = rest.find('"') {
        let before = rest.get(..open).unwrap_or_default();
        let weak = before.ends_with("W/");
        let separator = if weak { before.strip_suffix("W/").unwrap_or_default() } else { before };
        let after = rest.get(open + 1..).unwrap_or_default();
        let Some(close) = after.find('"') else { break };
        if separator.chars().all(|c| matches!(c, ',' | ' ' | '\t')) {
            let body = after.get(..close).unwrap_or_default();
            found.push(format!("{}\"{body}\"", if weak { "W/" } else { "" }));
        }
        rest = after.get(close + 1..).unwrap_or_default();
    }
    found
}

/// The version in a strong tag of exactly the form issued here.
fn issued_version(tag: &str) -> Option<i64> {
    let (version, view) = tag.strip_prefix('"')?.strip_suffix('"')?.split_once('-')?;
    let issued_view = view.len() == VIEW && view.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let number: i64 = version.parse().ok()?;
    (issued_view && number.to_string() == version).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_match_looks_at_the_version() {
        for (header, matches) in [
            (None, false),
            (Some("*"), true),
            (Some("\"7-0123456789ab\""), true),
            (Some("\"7-ffffffffffff\""), true),
            (Some("\"6-0123456789ab\" , \"7-0123456789ab\""), true),
            (Some("W/\"7-0123456789ab\""), false),
            (Some("\"6-0123456789ab\""), false),
            (Some("\"07-0123456789ab\""), false),
            (Some("\"+7-0123456789ab\""), false),
            (Some("\"7\""), false),
            (Some("\"7-\""), false),
            (Some("\"7-0123456789AB\""), false),
            (Some("7-0123456789ab"), false),
            (Some("\"a,b\",\"7-0123456789ab\""), true),
            (Some("x\"7-0123456789ab\""), false),
            (Some("\"7-0123456789ab"), false),
            (Some(""), false),
        ] {
            assert_eq!(IfMatch::parse(header).version_matches(7), matches, "{header:?}");
        }
        assert!(!IfMatch::parse(None).is_present());
        assert!(IfMatch::parse(Some("nonsense")).is_present());
    }

    #[test]
    fn if_none_match_looks_at_all_of_it() {
        let tag = entity_tag(3, b"body");
        for (header, holds) in [
            (tag.clone(), true),
            (format!("W/{tag}"), true),
            ("*".into(), true),
            (format!("\"x\", {tag}"), true),
            ("\"3-000000000000\"".into(), false),
        ] {
            assert_eq!(IfNoneMatch::parse(Some(&header)).holds(&tag), holds, "{header}");
        }
        assert!(!IfNoneMatch::parse(None).holds(&tag));
    }

    #[test]
    fn a_tag_issued_is_a_tag_recognised() {
        assert_eq!(issued_version(&entity_tag(42, b"{}")), Some(42));
        assert_ne!(entity_tag(1, b"a"), entity_tag(1, b"b"));
    }
}
