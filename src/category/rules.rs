//! Categories have two levels; what their codes look like.

/// Letters of one of the two words of a code.
const WORD: usize = 30;

/// Whether a code has the form a category's can have: one or two words of lower-case letters, digits, underscores and hyphens, with a point
/// between. Nobody has any other, and not every character can be asked for.
pub fn code_fits(code: &str) -> bool {
    let is_word = |word: &str| {
        word.len() <= WORD
            && word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'))
    };
    match code.split_once('.') {
        Some((above, below)) => is_word(above) && is_word(below),
        None => is_word(code),
    }
}

/// Whether a category under a parent would make a third level: the parent has one above it, the category some below it,
/// or it is its own parent.
pub fn too_deep(code: &str, parent: &str, parent_has_parent: bool, has_children: bool) -> bool {
    code == parent || parent_has_parent || has_children
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_one_or_two_words() {
        for (code, fits) in [
            ("medical", true),
            ("medical.long_term2", true),
            ("file.service-years", true),
            ("", false),
            (".", false),
            ("medical.", false),
            ("medical.a.b", false),
            ("Medical", false),
            ("2nd", false),
            ("no\0", false),
            ("医疗", false),
            ("abcdefghijklmnopqrstuvwxyz01234", false),
        ] {
            assert_eq!(code_fits(code), fits, "{code:?}");
        }
    }

    #[test]
    fn two_levels_and_no_more() {
        for (parent, parent_has_parent, has_children, deep) in [
            ("pension", false, false, false),
            ("pension", true, false, true),
            ("pension", false, true, true),
            ("medical", false, false, true),
        ] {
            assert_eq!(too_deep("medical", parent, parent_has_parent, has_children), deep, "{parent}");
        }
    }
}
