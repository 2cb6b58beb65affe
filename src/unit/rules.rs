//! What keeps the tree a tree and successors a line.

use super::model::Link;
use crate::platform::db::types::Id;

/// Whether `unit` under `parent` would stand below itself; `above_parent` are the ancestors of `parent`, itself included.
pub fn makes_cycle(unit: Id, above_parent: &[Id]) -> bool {
    above_parent.contains(&unit)
}

/// Steps from a unit to its parent.
pub const CHILD: i32 = 1;
/// Steps from a dissolved unit to its successor: none, it stands where the successor stands.
pub const CARRIED: i32 = 0;

/// The closure's lines between all above and all below: `above` are (ancestor, steps to the unit hung under),
/// `below` (descendant, steps from the unit hung), `steps` those between the two.
pub fn links(above: &[(Id, i32)], below: &[(Id, i32)], steps: i32) -> Vec<Link> {
    above
        .iter()
        .flat_map(|(ancestor_id, up)| {
            below.iter().map(move |(descendant_id, down)| Link {
                ancestor_id: *ancestor_id,
                descendant_id: *descendant_id,
                depth: up + down + steps,
            })
        })
        .collect()
}

/// Where a child of a dissolved unit goes: under the successor, but a child that is the successor or holds it takes the
/// dissolved unit's place, or it would stand below itself. `above_successor` includes the successor.
pub fn new_parent(child: Id, dissolved_parent: Option<Id>, successor: Id, above_successor: &[Id]) -> Option<Id> {
    if above_successor.contains(&child) { dissolved_parent } else { Some(successor) }
}

/// Whether a unit succeeded by the first of `line` (each the successor of the one before) would in the end succeed itself.
pub fn makes_loop(unit: Id, line: &[Id]) -> bool {
    line.contains(&unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn id(n: u128) -> Id {
        Id(Uuid::from_u128(n))
    }

    #[test]
    fn a_unit_never_stands_below_itself() {
        for (unit, above_parent, cycle) in [(1, vec![1], true), (1, vec![3, 2, 1], true), (1, vec![], false), (1, vec![3, 2], false)] {
            let above: Vec<_> = above_parent.iter().map(|n| id(*n)).collect();
            assert_eq!(makes_cycle(id(unit), &above), cycle, "{unit} under {above_parent:?}");
        }
    }

    #[test]
    fn links_join_everything_above_with_everything_below() {
        let link = |a, d, depth| Link { ancestor_id: id(a), descendant_id: id(d), depth };
        let made = links(&[(id(2), 0), (id(1), 1)], &[(id(7), 0), (id(8), 1)], CHILD);
        assert_eq!(made, [link(2, 7, 1), link(2, 8, 2), link(1, 7, 2), link(1, 8, 3)]);
        assert!(links(&[], &[(id(7), 0)], CHILD).is_empty());
        assert_eq!(links(&[(id(2), 0), (id(1), 1)], &[(id(7), 0)], CARRIED), [link(2, 7, 0), link(1, 7, 1)]);
    }

    #[test]
    fn children_of_a_dissolved_unit_find_a_place() {
        // 1 is dissolved, its parent is 9; successor 5 stands below child 2
        let above = [id(5), id(2), id(1), id(9)];
        for (child, parent) in [(2, 9), (3, 5), (5, 9)] {
            assert_eq!(new_parent(id(child), Some(id(9)), id(5), &above), Some(id(parent)), "{child}");
        }
        assert_eq!(new_parent(id(2), None, id(5), &above), None);
    }

    #[test]
    fn successors_never_lead_back() {
        for (line, looped) in [(vec![1], true), (vec![2, 1], true), (vec![2, 3], false), (vec![2], false)] {
            let ids: Vec<_> = line.iter().map(|n| id(*n)).collect();
            assert_eq!(makes_loop(id(1), &ids), looped, "{line:?}");
        }
    }
}
