//! Names as they are looked for: as written, by sound, by initials.

use super::readings;
use pinyin::{ToPinyin, ToPinyinMulti};
use std::collections::BTreeSet;

/// The version of the rules of [`spellings`]: when it rises, the spellings of all names are written anew.
pub const SPELLINGS: i64 = 1;
/// Ways to read a name that are looked for, by its first readings before others.
const READINGS: usize = 12;

/// The forms a name is found by.
pub struct Spelled {
    /// Lower case, without spaces and the dots between the parts of a name.
    pub folded: String,
    /// By sound, as it is typed: 吕 is "lv".
    pub pinyin: String,
    /// The first letters of its syllables.
    pub initials: String,
}

impl Spelled {
    /// Of a name as it is written.
    pub fn of(name: &str) -> Self {
        let folded = folded(name);
        let syllables = syllables(&folded);
        let initial = |part: &Part| match part {
            Part::Syllable(read) => read.chars().take(1).collect(),
            Part::Letter(c) => String::from(*c),
        };
        let whole = |part: &Part| match part {
            Part::Syllable(read) => read.clone(),
            Part::Letter(c) => String::from(*c),
        };
        Self { pinyin: syllables.iter().map(whole).collect(), initials: syllables.iter().map(initial).collect(), folded }
    }
}

/// What a name is found by beside the forms of [`Spelled`]: the given name alone as written, by sound and by initials, and the whole by
/// other readings of its characters.
pub fn spellings(name: &str) -> BTreeSet<String> {
    let own = Spelled::of(name);
    let parts: Vec<String> = name.split(|c: char| c.is_whitespace() || is_dot(c)).map(folded).filter(|part| !part.is_empty()).collect();
    // characters before each part that may stand alone
    let mut begins: Vec<usize> = Vec::new();
    if let [_] = parts.as_slice() {
        let family = if own.folded.chars().all(|c| c.to_pinyin().is_some()) { readings::surname(&own.folded).len().max(1) } else { 0 };
        begins.push(family);
    } else {
        begins.extend(parts.iter().scan(0, |before, part| {
            let begin = *before;
            *before += part.chars().count();
            Some(begin)
        }));
    }
    begins.retain(|begin| (1..own.folded.chars().count()).contains(begin));
    let mut found = BTreeSet::new();
    for read in read_otherwise(&own.folded) {
        for begin in [0].iter().chain(&begins) {
            let tail = read.get(*begin..).unwrap_or_default();
            found.insert(tail.concat());
            found.insert(tail.iter().filter_map(|part| part.chars().next()).collect());
        }
    }
    // one letter says too little
    found.retain(|text: &String| text.len() > 1);
    found.extend(begins.iter().map(|begin| own.folded.chars().skip(*begin).collect()));
    for known in [&own.folded, &own.pinyin, &own.initials] {
        found.remove(known);
    }
    found
}

/// The ways to read a name, a text a character, the usual one first.
fn read_otherwise(folded: &str) -> Vec<Vec<String>> {
    let surname = readings::surname(folded);
    let mut ways: Vec<Vec<String>> = vec![Vec::new()];
    for (i, c) in folded.chars().enumerate() {
        let mut readings: Vec<String> = Vec::new();
        let usual = [surname.get(i).copied(), readings::given(c)].into_iter().flatten();
        let listed = c.to_pinyin_multi().into_iter().flatten().map(pinyin::Pinyin::plain);
        for reading in usual.chain(listed).map(|reading| reading.replace('ü', "v")) {
            if !readings.contains(&reading) {
                readings.push(reading);
            }
        }
        if readings.is_empty() {
            readings.push(if c.is_alphanumeric() { String::from(c) } else { String::new() });
        }
        let longer = |reading: &String| ways.iter().map(|way| [&**way, std::slice::from_ref(reading)].concat()).collect::<Vec<_>>();
        ways = readings.iter().flat_map(longer).take(READINGS).collect();
    }
    ways
}

/// A name as written, compared: lower case, letters of full width as plain ones, without spaces and dots between its parts.
pub fn folded(name: &str) -> String {
    name.chars().map(narrow).filter(|c| !c.is_whitespace() && !is_dot(*c)).flat_map(char::to_lowercase).collect()
}

/// The plain character of one of full width, as keyboards for Chinese write them.
pub fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    }
}

/// The dot between the parts of a name (阿不都·热合曼), by any of its keys.
const fn is_dot(c: char) -> bool {
    matches!(c, '·' | '•' | '‧' | '∙' | '・' | '･' | '․' | '⋅')
}

enum Part {
    Syllable(String),
    Letter(char),
}

/// Syllables of Chinese characters, other letters as they are.
fn syllables(folded: &str) -> Vec<Part> {
    let surname = readings::surname(folded);
    let read = |(i, c): (usize, char)| {
        let known = surname.get(i).copied().or_else(|| readings::given(c)).or_else(|| c.to_pinyin().map(pinyin::Pinyin::plain));
        match known {
            Some(read) => Some(Part::Syllable(read.replace('ü', "v"))),
            None => c.is_alphanumeric().then_some(Part::Letter(c)),
        }
    };
    folded.chars().enumerate().filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_sound_and_by_initials() {
        for (name, pinyin, initials) in [
            ("张建国", "zhangjianguo", "zjg"),
            ("曾国强", "zengguoqiang", "zgq"),
            ("仇英", "qiuying", "qy"),
            ("解放军", "xiefangjun", "xfj"),
            ("查良镛", "zhaliangyong", "zly"),
            ("单丽曾", "shanlizeng", "slz"),
            ("单雄", "shanxiong", "sx"),
            ("区家麟", "oujialin", "ojl"),
            ("任长乐", "renchangle", "rcl"),
            ("重庆生", "chongqingsheng", "cqs"),
            ("尉迟恭", "yuchigong", "ycg"),
            ("尉健行", "weijianxing", "wjx"),
            ("朴正熙", "piaozhengxi", "pzx"),
            ("乐毅", "yueyi", "yy"),
            ("盖叫天", "gejiaotian", "gjt"),
            ("覃正", "qinzheng", "qz"),
            ("员半千", "yunbanqian", "ybq"),
            ("折可适", "shekeshi", "sks"),
            ("尹力", "yinli", "yl"),
            ("吕𠮷", "lvji", "lj"),
            ("𠮷 Li", "jili", "jli"),
            ("阿不都·热合曼", "abudureheman", "abdrhm"),
        ] {
            let spelled = Spelled::of(name);
            assert_eq!((spelled.pinyin.as_str(), spelled.initials.as_str()), (pinyin, initials), "{name}");
        }
    }

    #[test]
    fn a_name_is_found_by_its_given_part_and_by_other_readings() {
        for (name, among) in [
            ("张建国", &["建国", "jianguo", "jg"][..]),
            ("曾国强", &["国强", "guoqiang", "gq", "cengguoqiang", "cgq"]),
            ("单雄", &["雄", "xiong", "danxiong", "dx"]),
            ("尉迟恭", &["恭", "gong", "weichigong"]),
            ("阿不都·热合曼", &["热合曼", "reheman", "rhm"]),
            ("Anna Li", &["li"]),
            ("任长乐", &["renzhangle", "renchangyue", "长乐"]),
        ] {
            let found = spellings(name);
            for spelling in among {
                assert!(found.contains(*spelling), "{name}: {spelling} of {found:?}");
            }
            assert!(found.len() <= 4 * READINGS + 4 && !found.contains(&Spelled::of(name).pinyin), "{name}: {found:?}");
        }
        for name in ["", "张", "A", "·"] {
            assert!(spellings(name).len() <= 4, "{name}");
        }
    }

    #[test]
    fn a_name_is_compared_without_what_is_only_set_between() {
        assert_eq!(folded(" Anna  Li "), "annali");
        assert_eq!(folded("阿不都·热合曼"), folded("阿不都 ・热合曼"));
        assert_eq!(folded("Ｌｉ　Anna"), "lianna");
    }
}
