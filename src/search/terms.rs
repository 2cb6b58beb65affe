//! How words are cut into terms, texts and questions alike: Han by single characters and pairs, Latin and digits by words and what
//! they begin with.

use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The longest beginning of a word that is a term.
const LONGEST: usize = 24;

/// A character as it is compared, and which character of the text it stands for.
pub type Folded = (char, usize);

/// A text as it is compared: compatibility forms and case folded, marks left out. Each character by itself, so that places stay known.
pub fn folded(text: &str) -> Vec<Folded> {
    let of = |(at, c): (usize, char)| {
        let plain = std::iter::once(c).nfkd().filter(|c| !is_combining_mark(*c));
        plain.flat_map(char::to_lowercase).map(move |c| (c, at)).collect::<Vec<_>>()
    };
    text.chars().enumerate().flat_map(of).collect()
}

/// Whether a character is a word by itself: Han, kana, hangul.
pub fn is_cut(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether a character belongs to a word of letters and digits.
pub fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !is_cut(c)
}

/// The words of a text: runs of Han, runs of letters and digits.
pub fn words(text: &str) -> Vec<Vec<char>> {
    let kind = |c: char| (is_cut(c), is_letter(c));
    let plain: Vec<char> = folded(text).into_iter().map(|(c, _)| c).collect();
    let runs = plain.chunk_by(|a, b| kind(*a) == kind(*b));
    runs.filter(|run| run.first().is_some_and(|c| kind(*c) != (false, false))).map(<[char]>::to_vec).collect()
}

/// The terms a text is found by.
pub fn of_text(text: &str, terms: &mut BTreeSet<String>) {
    for word in words(text) {
        if word.first().is_some_and(|c| is_cut(*c)) {
            terms.extend(word.iter().map(char::to_string));
            terms.extend(word.windows(2).map(|pair| pair.iter().collect::<String>()));
        } else {
            terms.extend((1..=word.len().min(LONGEST)).map(|end| word[..end].iter().collect::<String>()));
        }
    }
}

/// The terms that what holds all these words has.
pub fn of_words(words: &[Vec<char>]) -> Vec<String> {
    let mut terms = BTreeSet::new();
    for word in words {
        match word.first() {
            Some(c) if is_cut(*c) && word.len() > 1 => terms.extend(word.windows(2).map(|pair| pair.iter().collect::<String>())),
            _ => {
                terms.insert(word.iter().take(LONGEST).collect::<String>());
            }
        }
    }
    terms.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_into_terms() {
        for (text, expected) in [
            ("", ""),
            ("，。\"*() -\u{0}\u{7}🙂", ""),
            ("住院费", "住 住院 费 院 院费"),
            ("𠮷野", "野 𠮷 𠮷野"),
            ("ＡＢ", "a ab"),
            ("Née 3", "3 n ne nee"),
            ("医a院", "a 医 院"),
            ("豈", "豈"),
        ] {
            let mut terms = BTreeSet::new();
            of_text(text, &mut terms);
            assert_eq!(terms.into_iter().collect::<Vec<_>>().join(" "), expected, "{text}");
        }
    }

    #[test]
    fn what_is_asked_is_among_the_terms_of_what_holds_it() {
        let text = "张建国反映2025年住院费 XF-20260302-A000001-K 未报销，𠮷林路";
        let mut terms = BTreeSet::new();
        of_text(text, &mut terms);
        for asked in ["张", "建国", "住院费", "2025", "202", "xf-2026", "XF 20260302", "𠮷", "𠮷林", "a0000", "报销 张建国"]
        {
            assert!(of_words(&words(asked)).iter().all(|term| terms.contains(term)), "{asked}");
        }
        for asked in ["李", "国建", "025", "NEAR"] {
            assert!(!of_words(&words(asked)).iter().all(|term| terms.contains(term)), "{asked}");
        }
    }
}
