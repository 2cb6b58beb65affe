//! Names as they are looked for: as written, by sound, by initials.

use pinyin::ToPinyin;

/// The forms a name is found by.
pub struct Spelled {
    /// Lower case, without spaces.
    pub folded: String,
    /// By sound.
    pub pinyin: String,
    /// The first letters of its syllables.
    pub initials: String,
}

impl Spelled {
    /// Of a name as it is written.
    pub fn of(name: &str) -> Self {
        Self {
            folded: folded(name),
            pinyin: spelled(name, str::to_owned),
            initials: spelled(name, |syllable| syllable.chars().take(1).collect()),
        }
    }
}

fn folded(name: &str) -> String {
    name.split_whitespace().collect::<String>().to_lowercase()
}

/// The name by sound: syllables of Chinese characters, other letters as they are.
fn spelled(name: &str, part: impl Fn(&str) -> String) -> String {
    let spell = |c: char| match c.to_pinyin() {
        Some(syllable) => part(syllable.plain()),
        None => c.to_lowercase().filter(|c| c.is_alphanumeric()).collect(),
    };
    name.chars().map(spell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_sound_and_by_initials() {
        assert_eq!(spelled("张建国", str::to_owned), "zhangjianguo");
        assert_eq!(spelled("张建国", |s| s.chars().take(1).collect()), "zjg");
        assert_eq!(spelled("𠮷 Li", str::to_owned), "𠮷li");
        assert_eq!(folded(" Anna  Li "), "annali");
    }
}
