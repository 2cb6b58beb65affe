//! Pure: the order within a matter.

use crate::platform::db::types::{Id, Time};
use std::collections::BTreeMap;

/// When a petition came; the least is its matter's first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Came {
    /// When the office really got it.
    pub received_at: Time,
    /// When it entered the system.
    pub registered_at: Time,
    /// Breaks the tie.
    pub id: Id,
}

/// Where a petition stands in its matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The matter.
    pub matter: Id,
    /// Its first petition; none for that one itself.
    pub repeat_of: Option<Id>,
    /// 0 for the first, then counted.
    pub repeat_no: i32,
    /// Whether there are others.
    pub linked: bool,
}

impl Place {
    /// Of a petition that is alone in its matter.
    pub const fn alone(matter: Id) -> Self {
        Self { matter, repeat_of: None, repeat_no: 0, linked: false }
    }

    /// Whether it is the first.
    pub const fn is_first(&self) -> bool {
        self.repeat_of.is_none()
    }
}

/// The places of all petitions of a matter.
pub fn places(matter: Id, members: impl IntoIterator<Item = Came>) -> BTreeMap<Id, Place> {
    let mut order: Vec<Came> = members.into_iter().collect();
    order.sort_unstable();
    let (first, linked) = (order.first().map(|came| came.id), order.len() > 1);
    let numbered = (0..).zip(order);
    numbered
        .map(|(n, came)| (came.id, Place { matter, repeat_of: first.filter(|first| *first != came.id), repeat_no: n, linked }))
        .collect()
}

/// What the other petitions of a matter allow: numbers, for the notice names them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kin {
    /// One that is still open.
    pub open: Option<String>,
    /// One whose procedure is at its end (终结).
    pub terminated: Option<String>,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use uuid::Uuid;

    fn came(received: i64, registered: i64, id: u128) -> Came {
        let at = |seconds| Time(DateTime::from_timestamp(seconds, 0).unwrap());
        Came { received_at: at(received), registered_at: at(registered), id: Id(Uuid::from_u128(id)) }
    }

    #[test]
    fn the_first_is_the_least_by_receipt_then_registration_then_id() {
        let matter = Id(Uuid::from_u128(99));
        let all = [came(20, 30, 1), came(10, 40, 2), came(10, 35, 4), came(10, 35, 3)];
        let places = places(matter, all);
        let by_id = |id: u128| places[&Id(Uuid::from_u128(id))];
        assert_eq!([3, 4, 2, 1].map(|id| by_id(id).repeat_no), [0, 1, 2, 3]);
        assert!(by_id(3).is_first());
        assert!([4, 2, 1].iter().all(|id| by_id(*id).repeat_of == Some(Id(Uuid::from_u128(3)))));
        assert!(places.values().all(|place| place.linked && place.matter == matter));
    }

    #[test]
    fn alone_it_is_the_first() {
        let matter = Id(Uuid::from_u128(99));
        assert_eq!(places(matter, [came(1, 1, 7)])[&Id(Uuid::from_u128(7))], Place::alone(matter));
    }
}
