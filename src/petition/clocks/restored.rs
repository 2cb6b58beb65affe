//! Clocks that a closing ended and a reopening brings back.

use super::{About, Change, Clocks, Fate, Kept};
use crate::auth::Context;
use crate::deadline::{Class, ClockState};
use crate::platform::db::Conn;
use crate::platform::db::types::{Id, Time};
use crate::platform::error::Result;

impl Clocks {
    /// What the closing at a place in the trail ended runs again under a new id, by the count it had; what the closing started ends. Gives
    /// the ids before and after.
    ///
    /// A duty that was broken stays so without being broken anew; a right or an offer whose days are over is not given again. The clock
    /// that stood for it until then counts for nothing: the new one does.
    pub(in crate::petition) fn restore(&mut self, c: &mut Conn, cx: &mut Context, about: &About, closed: i64) -> Result<Vec<(Id, Id)>> {
        const CAUSE: &str = "reopened";
        let (timetable, now) = (self.timetable(c)?, cx.now());
        let mut again = Vec::new();
        for i in 0..self.kept.len() {
            let Some(kept) = self.kept.get_mut(i) else { continue };
            let row = &mut kept.row;
            if row.started_n == closed && row.is_open() {
                self.settle(i, Fate::Annulled(CAUSE), about.n, now);
                continue;
            }
            let over = row.kind.fixed().class != Class::Duty && row.due_at.0 <= now;
            if row.stopped_n != Some(closed) || over {
                continue;
            }
            let mut new = row.clone();
            (new.id, new.restored_from, new.started_n, new.cause) = (cx.draw.id(), Some(row.id), about.n, None);
            (new.stopped_at, new.stopped_n, new.next_at) = (None, None, None);
            new.state = match () {
                () if new.pauses.0.iter().any(|pause| pause.until.is_none()) => ClockState::Paused,
                () if new.breached_at.is_some() => ClockState::Breached,
                () => ClockState::Running,
            };
            if new.state == ClockState::Running {
                let rule = timetable.rule_of(&new, about.kind, about.route)?;
                new.next_at = Some(Time(rule.next_at(&rule.term_of(&new), new.due_at.0, new.warned, cx.zone)));
            }
            (row.state, row.breached_at, row.cause) = (ClockState::Cancelled, None, Some(CAUSE.to_owned()));
            self.told.ended(row);
            kept.mark(Change::Standing);
            again.push(new);
        }
        let ids = again.iter().filter_map(|new| Some((new.restored_from?, new.id))).collect();
        for row in again {
            self.told.restored(&row);
            self.kept.push(Kept { row, change: Change::Started });
        }
        Ok(ids)
    }
}
