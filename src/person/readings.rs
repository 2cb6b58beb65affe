//! Characters that are read otherwise in a name than in running text.

/// Surnames of two characters that are read otherwise than their characters alone.
const COMPOUND: &[(&str, [&str; 2])] = &[
    ("尉迟", ["yu", "chi"]),
    ("万俟", ["mo", "qi"]),
    ("澹台", ["tan", "tai"]),
    ("长孙", ["zhang", "sun"]),
    ("令狐", ["ling", "hu"]),
    ("鲜于", ["xian", "yu"]),
    ("皇甫", ["huang", "fu"]),
    ("亓官", ["qi", "guan"]),
    ("宰父", ["zai", "fu"]),
    ("夏侯", ["xia", "hou"]),
    ("呼延", ["hu", "yan"]),
    ("拓跋", ["tuo", "ba"]),
    ("乐正", ["yue", "zheng"]),
];

/// Characters read otherwise as a surname.
const SURNAME: &[(char, &str)] = &[
    ('曾', "zeng"),
    ('仇', "qiu"),
    ('解', "xie"),
    ('查', "zha"),
    ('单', "shan"),
    ('區', "ou"),
    ('区', "ou"),
    ('任', "ren"),
    ('重', "chong"),
    ('种', "chong"),
    ('尉', "wei"),
    ('朴', "piao"),
    ('乐', "yue"),
    ('樂', "yue"),
    ('盖', "ge"),
    ('蓋', "ge"),
    ('覃', "qin"),
    ('员', "yun"),
    ('員', "yun"),
    ('折', "she"),
    ('召', "shao"),
    ('柏', "bai"),
    ('薄', "bo"),
    ('洗', "xian"),
    ('冼', "xian"),
    ('缪', "miao"),
    ('繆', "miao"),
    ('繁', "po"),
    ('佴', "nai"),
    ('能', "nai"),
    ('祭', "zhai"),
    ('秘', "bi"),
    ('都', "du"),
    ('那', "na"),
    ('哈', "ha"),
    ('纪', "ji"),
    ('过', "guo"),
    ('句', "gou"),
    ('车', "che"),
    ('令', "ling"),
    ('翟', "zhai"),
    ('隗', "wei"),
    ('藏', "zang"),
    ('臧', "zang"),
    ('阚', "kan"),
    ('万', "wan"),
    ('贾', "jia"),
    ('賈', "jia"),
    ('燕', "yan"),
    ('应', "ying"),
    ('眭', "sui"),
    ('郇', "xun"),
    ('庹', "tuo"),
    ('葛', "ge"),
    ('褚', "chu"),
    ('沈', "shen"),
    ('相', "xiang"),
    ('宓', "mi"),
    ('肖', "xiao"),
    ('晁', "chao"),
    ('牟', "mu"),
    ('适', "kuo"),
    ('盛', "sheng"),
    ('费', "fei"),
    ('宁', "ning"),
    ('黑', "he"),
    ('逄', "pang"),
    ('撒', "sa"),
    ('谌', "chen"),
    ('华', "hua"),
    ('於', "yu"),
    ('洪', "hong"),
];

/// Characters commonly read otherwise in a given name than they are listed first, and rare ones that are not listed.
const GIVEN: &[(char, &str)] = &[
    ('曾', "zeng"),
    ('长', "chang"),
    ('長', "chang"),
    ('薄', "bo"),
    ('柏', "bai"),
    ('都', "du"),
    ('那', "na"),
    ('车', "che"),
    ('參', "shen"),
    ('吕', "lv"),
    ('夏', "xia"),
    ('厦', "xia"),
    ('茜', "qian"),
    ('仔', "zai"),
    ('员', "yuan"),
    ('单', "dan"),
    ('晟', "sheng"),
    ('𠮷', "ji"),
    ('𬭎', "hong"),
    ('𣲗', "wei"),
    ('㛃', "jie"),
    ('䶮', "yan"),
    ('翀', "chong"),
];

/// How the first characters of a name are read where a surname has a reading of its own, one syllable a character.
pub(super) fn surname(name: &str) -> Vec<&'static str> {
    // two characters alone are a surname and a given name of one each
    let compound = COMPOUND.iter().find(|(surname, _)| name.strip_prefix(surname).is_some_and(|given| !given.is_empty()));
    if let Some((_, read)) = compound {
        return read.to_vec();
    }
    let first = name.chars().next();
    SURNAME.iter().filter(|(c, _)| Some(*c) == first).map(|(_, read)| *read).collect()
}

/// How a character is read in a given name, where that is not the first reading of the dictionary.
pub(super) fn given(c: char) -> Option<&'static str> {
    GIVEN.iter().find(|(of, _)| *of == c).map(|(_, read)| *read)
}
