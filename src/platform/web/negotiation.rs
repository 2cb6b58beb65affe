//! What the client would like to have: languages and media types (RFC 9110, section 12).

use crate::platform::error::Text;

/// The language of titles, details and pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Simplified Chinese, the default.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The best of the two by `Accept-Language`; Chinese when absent, tied or when neither is wanted.
    pub fn negotiate(accept_language: &str) -> Self {
        let ranges = preferences(accept_language);
        let quality = |lang: Self| {
            let of = |wanted: &dyn Fn(&str) -> bool| ranges.iter().filter(|(r, _)| wanted(r)).map(|(_, q)| *q).max();
            let named = of(&|r| r.split('-').next().is_some_and(|primary| primary.eq_ignore_ascii_case(lang.primary())));
            named.or_else(|| of(&|r| r == "*")).unwrap_or(0)
        };
        if quality(Self::En) > quality(Self::Zh) { Self::En } else { Self::Zh }
    }

    /// The BCP 47 tag, for `Content-Language` and `lang=`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// This language's side of a text.
    pub fn of(self, text: Text) -> &'static str {
        match self {
            Self::Zh => text.zh,
            Self::En => text.en,
        }
    }

    fn primary(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }
}

/// Whether one of the offered media types satisfies an `Accept` header; an absent or empty header accepts all.
pub fn acceptable(accept: &str, offered: &[&str]) -> bool {
    preferred(accept, offered).is_some()
}

/// The offered media type the client likes best, the first offered among equals; `None` is a 406.
pub fn preferred<'a>(accept: &str, offered: &[&'a str]) -> Option<&'a str> {
    if accept.trim().is_empty() {
        return offered.first().copied();
    }
    let ranges = preferences(accept);
    let mut best: Option<(&str, u16)> = None;
    for media_type in offered {
        let quality = media_quality(&ranges, media_type);
        if quality > best.map_or(0, |(_, q)| q) {
            best = Some((media_type, quality));
        }
    }
    best.map(|(media_type, _)| media_type)
}

/// The most specific range that covers the type decides, not the one with the highest quality.
fn media_quality(ranges: &[(&str, u16)], media_type: &str) -> u16 {
    let bare = media_type.split(';').next().unwrap_or(media_type).trim();
    let family = bare.split('/').next().unwrap_or(bare);
    let found = |wanted: &dyn Fn(&str) -> bool| ranges.iter().filter(|(range, _)| wanted(range)).map(|(_, q)| *q).max();
    found(&|r| r.eq_ignore_ascii_case(bare))
        .or_else(|| found(&|r| r.strip_suffix("/*").is_some_and(|f| f.eq_ignore_ascii_case(family))))
        .or_else(|| found(&|r| r == "*/*" || r == "*"))
        .unwrap_or(0)
}

/// The ranges of a list with their quality in thousandths; a weight that can't be read counts as 1.
fn preferences(header: &str) -> Vec<(&str, u16)> {
    header
        .split(',')
        .filter_map(|entry| {
            let mut parts = entry.split(';').map(str::trim);
            let range = parts.next().filter(|r| !r.is_empty())?;
            let weight = parts.find_map(|p| p.strip_prefix("q=").or_else(|| p.strip_prefix("Q=")));
            Some((range, weight.map_or(1000, thousandths)))
        })
        .collect()
}

fn thousandths(weight: &str) -> u16 {
    match weight.trim().split_once('.') {
        Some(("0", fraction)) if fraction.len() <= 3 => format!("{fraction:0<3}").parse().unwrap_or(1000),
        None if weight.trim() == "0" => 0,
        _ => 1000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages() {
        for (header, lang) in [
            ("", Lang::Zh),
            ("*", Lang::Zh),
            ("en", Lang::En),
            ("en-GB,en;q=0.9", Lang::En),
            ("zh;q=0.5,en;q=0.8", Lang::En),
            ("en;q=0.5,zh-TW", Lang::Zh),
            ("fr", Lang::Zh),
            ("fr, en;q=0.1", Lang::En),
            ("*;q=0.1, en;q=0", Lang::Zh),
            ("zh;q=0, *", Lang::En),
            ("EN-us", Lang::En),
        ] {
            assert_eq!(Lang::negotiate(header), lang, "{header}");
        }
    }

    #[test]
    fn media_types() {
        let json = &["application/json"][..];
        for (accept, ok) in [
            ("", true),
            ("*/*", true),
            ("application/*", true),
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("text/html", false),
            ("text/html, */*;q=0.1", true),
            ("*/*, application/json;q=0", false),
            ("application/json;q=0.000", false),
            ("application/*;q=0, */*", false),
            ("text/*", false),
        ] {
            assert_eq!(acceptable(accept, json), ok, "{accept}");
        }
        assert_eq!(preferred("text/csv, application/json;q=0.5", &["application/json", "text/csv"]), Some("text/csv"));
        assert_eq!(preferred("*/*", &["application/json", "text/csv"]), Some("application/json"));
    }
}
