//! Names as they are looked for: as written, by sound, by initials.

use super::readings;
use pinyin::ToPinyin;

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
    fn a_name_is_compared_without_what_is_only_set_between() {
        assert_eq!(folded(" Anna  Li "), "annali");
        assert_eq!(folded("阿不都·热合曼"), folded("阿不都 ・热合曼"));
        assert_eq!(folded("Ｌｉ　Anna"), "lianna");
    }
}
