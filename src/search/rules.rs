//! What a petition is found by, and where the words stand in it. Pure.

use super::model::{FoundIn, Fragment, Mark, Texts};
use super::terms::{Folded, folded, is_letter, words};
use crate::person::Spelled;
use crate::petition::number::read_number;

/// Characters shown before the first place found in a long text.
const BEFORE: usize = 12;
/// Characters of a long text that are shown.
const SHOWN: usize = 72;

/// What somebody asks for, read once.
pub struct Asked {
    /// The words, all of which must be found.
    pub words: Vec<Vec<char>>,
    /// It as a petition's number, if it can be one.
    pub number: Option<String>,
    /// It as another office's number.
    pub external: String,
    /// It as a name.
    pub name: String,
}

/// By what a petition is found; the order of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Its own or another office's whole number.
    Number,
    /// The whole name of somebody.
    Name,
    /// Words.
    Words,
}

impl Asked {
    /// Reads what somebody typed.
    pub fn read(text: &str) -> Self {
        Self { words: words(text), number: read_number(text), external: text.trim().to_owned(), name: Spelled::of(text).folded }
    }

    /// By what it finds a petition; none when it does not.
    pub fn rank(&self, texts: &Texts) -> Option<Rank> {
        if self.number.as_ref() == Some(&texts.number) || texts.external.contains(&self.external) {
            return Some(Rank::Number);
        }
        if texts.names.iter().any(|name| Spelled::of(name).folded == self.name) {
            return Some(Rank::Name);
        }
        let all: Vec<Vec<Folded>> = texts.fields().map(|(_, text)| folded(text)).collect();
        let found = |word: &Vec<char>| all.iter().any(|text| !places(text, word).is_empty());
        (!self.words.is_empty() && self.words.iter().all(found)).then_some(Rank::Words)
    }

    /// Where its words stand, a fragment for each text that holds one.
    pub fn fragments(&self, texts: &Texts) -> Vec<Fragment> {
        texts.fields().filter_map(|(field, text)| self.fragment(field, text)).collect()
    }

    fn fragment(&self, field: FoundIn, text: &str) -> Option<Fragment> {
        let compared = folded(text);
        let mut marks: Vec<(usize, usize)> = self.words.iter().flat_map(|word| places(&compared, word)).collect();
        marks.sort_unstable();
        let first = marks.first()?.0;
        let start = if text.chars().count() > SHOWN { first.saturating_sub(BEFORE) } else { 0 };
        let mut merged: Vec<Mark> = Vec::new();
        for (from, to) in marks.into_iter().filter(|(_, to)| *to <= start + SHOWN) {
            let (from, to) = (from - start, to - start);
            match merged.last_mut() {
                Some(last) if from <= last.to => last.to = last.to.max(to),
                _ => merged.push(Mark { from, to }),
            }
        }
        Some(Fragment { field, text: text.chars().skip(start).take(SHOWN).collect(), marks: merged })
    }
}

/// Where a word stands: from and to, in characters of the text. Words of letters are found where they begin.
fn places(text: &[Folded], word: &[char]) -> Vec<(usize, usize)> {
    let begins = word.first().is_some_and(|c| is_letter(*c));
    let stands = |at: &usize| {
        let inside = begins && *at > 0 && is_letter(text[*at - 1].0);
        !inside && text[*at..].iter().zip(word).all(|((c, _), w)| c == w)
    };
    let last = (text.len() + 1).saturating_sub(word.len().max(1));
    (0..last).filter(stands).map(|at| (text[at].1, text[at + word.len() - 1].1 + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> Texts {
        Texts {
            number: "XF-20260302-A000001-K".to_owned(),
            external: vec!["国信2026第7号".to_owned()],
            names: vec!["张建国".to_owned()],
            title: "住院费用未按规定报销".to_owned(),
            statement: format!("{}住院三次，ＡＢ费用未报。", "前".repeat(80)),
            opinion: None,
        }
    }

    #[test]
    fn numbers_before_names_before_words() {
        for (asked, rank) in [
            ("国信2026第7号", Some(Rank::Number)),
            ("张 建国", Some(Rank::Name)),
            ("张建", Some(Rank::Words)),
            ("住院 张建国", Some(Rank::Words)),
            ("住费", None),
            ("b费用", None),
            ("ab", Some(Rank::Words)),
            ("!!", None),
        ] {
            assert_eq!(Asked::read(asked).rank(&texts()), rank, "{asked}");
        }
    }

    #[test]
    fn marks_stand_where_the_words_do() {
        let fragments = Asked::read("住院 ab").fragments(&texts());
        let marked: Vec<(FoundIn, Vec<String>)> = fragments
            .iter()
            .map(|f| (f.field, f.marks.iter().map(|m| f.text.chars().skip(m.from).take(m.to - m.from).collect()).collect()))
            .collect();
        assert_eq!(marked, [(FoundIn::Title, vec!["住院".to_owned()]), (FoundIn::Statement, vec!["住院".to_owned(), "ＡＢ".to_owned()])]);
    }
}
