//! Categories have two levels.

/// Whether a category under a parent would make a third level: the parent has one above it, the category some below it,
/// or it is its own parent.
pub fn too_deep(code: &str, parent: &str, parent_has_parent: bool, has_children: bool) -> bool {
    code == parent || parent_has_parent || has_children
}

#[cfg(test)]
mod tests {
    use super::*;

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
