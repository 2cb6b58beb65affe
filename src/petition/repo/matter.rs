//! The petitions of a matter, whoever may see them: its order is the same for all.

use crate::petition::model::ClosureReason;
use crate::petition::repeats::Kin;
use crate::petition::repeats::rules::{Came, Place};
use crate::platform::db::Conn;
use crate::platform::db::schema::{petition, petition_content};
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;
use diesel::prelude::*;

/// A petition of a matter.
#[derive(Debug, Clone, Queryable)]
pub struct Member {
    id: Id,
    matter_id: Id,
    received_at: Time,
    registered_at: Time,
    repeat_of: Option<Id>,
    repeat_no: i32,
}

impl Member {
    /// When it came.
    pub fn came(&self) -> Came {
        Came { received_at: self.received_at, registered_at: self.registered_at, id: self.id }
    }

    /// Its matter as stored.
    pub fn matter(&self) -> Id {
        self.matter_id
    }

    /// Where it stands as stored; `members` is how many its matter has.
    pub fn place(&self, members: usize) -> Place {
        Place { matter: self.matter_id, repeat_of: self.repeat_of, repeat_no: self.repeat_no, linked: members > 1 }
    }
}

/// Takes matters in hand until the transaction ends, in the order of their ids, so that two who join or part the same can't wait for
/// each other. What was read of them before may be old by then.
pub(in crate::petition) fn take_in_hand(c: &mut Conn, matters: &[Id]) -> Result<()> {
    let Conn::Pg(c) = c else { return Ok(()) };
    let mut matters = matters.to_vec();
    matters.sort_unstable();
    matters.dedup();
    for matter in matters {
        let (high, low) = matter.0.as_u64_pair();
        diesel::sql_query("SELECT pg_advisory_xact_lock($1)")
            .bind::<diesel::sql_types::BigInt, _>((high ^ low).cast_signed())
            .execute(c)?;
    }
    Ok(())
}

/// The petitions of these matters.
pub(in crate::petition) fn members(c: &mut Conn, matters: &[Id]) -> Result<Vec<Member>> {
    let of_them = petition::table.inner_join(petition_content::table).filter(petition::matter_id.eq_any(matters.to_vec()));
    let columns = (
        petition::id,
        petition::matter_id,
        petition::received_at,
        petition::registered_at,
        petition::repeat_of,
        petition_content::repeat_no,
    );
    Ok(of_them.order(petition::id).select(columns).load(c)?)
}

/// What the others of a matter allow, the earliest first.
pub(in crate::petition) fn kin(c: &mut Conn, matter: Id, but: Id) -> Result<Kin> {
    let others = petition::table.filter(petition::matter_id.eq(matter)).filter(petition::id.ne(but)).order(petition::n);
    let others: Vec<(String, Option<Time>, Option<ClosureReason>)> =
        others.select((petition::number, petition::closed_at, petition::closure_reason)).load(c)?;
    let find = |fits: &dyn Fn(&Option<Time>, &Option<ClosureReason>) -> bool| {
        others.iter().find(|(_, closed_at, reason)| fits(closed_at, reason)).map(|(number, ..)| number.clone())
    };
    Ok(Kin { open: find(&|closed_at, _| closed_at.is_none()), terminated: find(&|_, reason| *reason == Some(ClosureReason::Terminated)) })
}
