//! The run: what comes and what is done, in the order of time, until the midnight that begins today. No database: it makes the deeds
//! that `play` then does.

use super::arrivals::{Arrival, Cause, arrivals};
use super::calendar::Calendar;
use super::case::{Case, Fate};
use super::chance::{Chance, seed};
use super::course::{Course, Task, Wait};
use super::deeds::{Clerks, Deed};
use super::filing::Filing;
use super::habits::Habits;
use super::office::Office;
use super::texts::Texts;
use crate::petition::model::IntakePlace;
use crate::petition::{Act, Channel, Stage};
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::platform::ids::Ids;
use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use std::collections::{BTreeMap, HashMap, VecDeque};

/// Streams of chance, one a part of the run.
mod stream {
    pub(super) const IDS: u8 = 1;
    pub(super) const ARRIVALS: u8 = 2;
    pub(super) const FILING: u8 = 3;
    pub(super) const COURSE: u8 = 4;
    pub(super) const CLERKS: u8 = 5;
    pub(super) const TIMES: u8 = 6;
}

/// What happens next.
enum Next {
    /// A petition comes.
    Arrives(Arrival),
    /// Somebody does something to the case at this place.
    Does(usize, Act),
    /// The same, beside what is done to it in turn.
    DoesBeside(usize, Act),
    /// The time of the case is over.
    Ends(usize),
}

struct Run<'a> {
    calendar: &'a Calendar,
    ids: Ids,
    filing: Filing<'a>,
    course: Course<'a>,
    clerks: Clerks<'a>,
    times: Chance,
    /// By time, then in the order in which it was foreseen.
    queue: BTreeMap<(DateTime<Utc>, usize), Next>,
    foreseen: usize,
    cases: Vec<Case<'a>>,
    /// What is foreseen for each case in its stage.
    tasks: Vec<VecDeque<Task>>,
    /// Cases that units have at hand, by the unit's code.
    at_hand: HashMap<&'a str, usize>,
    deeds: Vec<Deed>,
}

/// Everything that was done in the office up to the midnight that begins `today`, in the order of time.
///
/// # Errors
/// Internal when the sample does not fit itself.
pub(super) fn run(office: &Office, today: NaiveDate, zone: Tz) -> Result<Vec<Deed>> {
    let (texts, habits) = (Texts::read()?, Habits::read()?);
    let calendar = Calendar::of(office.timetable(), &habits, zone)?;
    let first = today - Days::new(habits.days);
    let coming = arrivals(&calendar, &habits, (first, today), &mut Chance::of(today, stream::ARRIVALS))?;
    let mut run = Run {
        calendar: &calendar,
        ids: Ids::seeded(seed(today, stream::IDS)),
        filing: Filing::new(&texts, &habits, office, Chance::of(today, stream::FILING))?,
        course: Course::new(&habits, Chance::of(today, stream::COURSE)),
        clerks: Clerks { texts: &texts, habits: &habits, office, chance: Chance::of(today, stream::CLERKS) },
        times: Chance::of(today, stream::TIMES),
        queue: BTreeMap::new(),
        foreseen: 0,
        cases: Vec::new(),
        tasks: Vec::new(),
        at_hand: HashMap::new(),
        deeds: Vec::new(),
    };
    for arrival in coming {
        run.foresee(arrival.at, Next::Arrives(arrival));
    }
    let end = calendar.midnight(today);
    while let Some(((at, _), next)) = run.queue.pop_first() {
        if at >= end {
            break;
        }
        match next {
            Next::Arrives(arrival) => run.arrives(&arrival)?,
            Next::Does(case, act) => {
                let act = run.instead(case, act);
                if !run.does(case, act, at)? {
                    run.goes_on(case, at)?;
                }
            }
            Next::DoesBeside(case, act) => {
                if run.may(case, act) {
                    run.does(case, act, at)?;
                }
            }
            Next::Ends(case) => run.ends(case, at)?,
        }
    }
    Ok(run.deeds)
}

impl Run<'_> {
    fn foresee(&mut self, at: DateTime<Utc>, next: Next) {
        self.foreseen += 1;
        self.queue.insert((at, self.foreseen), next);
    }

    fn arrives(&mut self, arrival: &Arrival) -> Result<()> {
        // who came with something else meanwhile is known by that
        if let Cause::Terminated(before) = arrival.cause
            && !self.filing.remembers(before)
        {
            return Ok(());
        }
        let mut draw = self.ids.moment(arrival.at).draw();
        let id = draw.id();
        let (mut case, body, profile) = self.filing.file(arrival, self.calendar.day(arrival.at), id, draw.id())?;
        if case.fate == Fate::Linked && !self.is_open(case.earlier) {
            case.fate = Fate::Answered;
        }
        let moment = self.ids.moment(arrival.at);
        let registrar = case.registrar.clone();
        case.follow(Act::Register, &registrar, arrival.at, &body, self.calendar);
        self.deeds.push(Deed { by: registrar, petition: id, act: Act::Register, body, profile, moment });
        self.cases.push(case);
        self.tasks.push(VecDeque::new());
        self.enters(self.cases.len() - 1, arrival.at)
    }

    /// Whether a petition is still open.
    fn is_open(&self, id: Option<Id>) -> bool {
        self.cases.iter().any(|case| Some(case.id) == id && case.stage != Stage::Closed)
    }

    /// Somebody does it; whether that brought the case into another stage.
    fn does(&mut self, n: usize, act: Act, at: DateTime<Utc>) -> Result<bool> {
        let case = self.cases.get_mut(n).ok_or(Error::NotFound)?;
        let by = self.clerks.who(case, act)?;
        let mut body = self.clerks.body(case, act, at, self.calendar.day(at))?;
        if case.evaluated.contains(&act) {
            self.clerks.change_evaluation(&mut body)?;
        }
        let stage = case.stage;
        case.follow(act, &by, at, &body, self.calendar);
        let moved = case.stage != stage;
        self.deeds.push(Deed { by, petition: case.id, act, body, profile: None, moment: self.ids.moment(at) });
        if moved {
            self.enters(n, at)?;
        }
        Ok(moved)
    }

    /// What is done where that can't be done any more: nothing is joined to what was closed meanwhile.
    fn instead(&self, n: usize, act: Act) -> Act {
        match self.cases.get(n) {
            Some(case) if act == Act::CloseLinked && !self.is_open(case.earlier) => {
                if case.direct() {
                    Act::Accept
                } else {
                    Act::Refer
                }
            }
            _ => act,
        }
    }

    /// Whether the case is still, or already, where this can be done to it.
    fn may(&self, n: usize, act: Act) -> bool {
        let able = |case: &Case<'_>| match act {
            Act::ReleaseCharge => case.charged,
            Act::LeavePolicyIssue => case.in_policy_issue,
            _ => true,
        };
        self.cases.get(n).is_some_and(|case| act.row().legal(case.stage, case.kind()) && able(case))
    }

    /// Nobody wanted more of a case in time.
    fn ends(&mut self, n: usize, at: DateTime<Utc>) -> Result<()> {
        let case = self.cases.get_mut(n).ok_or(Error::NotFound)?;
        // an answer that was reviewed meanwhile has a time of its own
        if case.stage != Stage::Delivered || case.ends.petition != Some(at) {
            return Ok(());
        }
        case.lapse(at);
        self.enters(n, at)
    }

    /// A case has come into a stage.
    fn enters(&mut self, n: usize, at: DateTime<Utc>) -> Result<()> {
        let case = self.cases.get_mut(n).ok_or(Error::NotFound)?;
        let at_hand = self.at_hand.entry(case.theme.unit.as_str()).or_default();
        match case.stage {
            Stage::Handling => *at_hand += 1,
            Stage::Decided if case.reviews == 0 || case.is_redone() => *at_hand = at_hand.saturating_sub(1),
            // what was taken back or diverted in the middle was at hand as well
            Stage::Closed if case.left_handling => *at_hand = at_hand.saturating_sub(1),
            _ => {}
        }
        let (beside, tasks): (Vec<Task>, Vec<Task>) = self.course.tasks(case, *at_hand)?.into_iter().partition(|task| task.beside);
        let end = case.ends.petition.filter(|_| case.stage == Stage::Delivered);
        if let Some(place) = self.tasks.get_mut(n) {
            *place = tasks.into();
        }
        for task in beside {
            let then = self.after(at, task.wait);
            self.foresee(then, Next::DoesBeside(n, task.act));
        }
        if let Some(end) = end {
            self.foresee(end, Next::Ends(n));
        }
        self.comes_again(n, at);
        self.goes_on(n, at)
    }

    /// Some don't take the last answer for the last.
    fn comes_again(&mut self, n: usize, at: DateTime<Utc>) {
        // the desk knows what it has registered itself
        let known = |case: &&Case<'_>| case.registered_unit == "reception" && self.filing.remembers(case.id);
        let Some(id) = self.cases.get(n).filter(|case| case.is_terminated()).filter(known).map(|case| case.id) else { return };
        let then = self.after(at, Wait::Days(15, 40));
        let arrival = Arrival {
            at: then,
            channel: Channel::Visit,
            place: IntakePlace::Desk,
            received_at: None,
            captured_at: None,
            cause: Cause::Terminated(id),
        };
        self.foresee(then, Next::Arrives(arrival));
    }

    /// The next thing that is foreseen for a case, and for which its time will not be over, is given its time.
    fn goes_on(&mut self, n: usize, at: DateTime<Utc>) -> Result<()> {
        while let Some(task) = self.tasks.get_mut(n).and_then(VecDeque::pop_front) {
            let then = self.after(at, task.wait);
            if self.cases.get(n).is_some_and(|case| case.has_time(task.act, then)) {
                self.foresee(then, Next::Does(n, task.act));
                break;
            }
        }
        Ok(())
    }

    fn after(&mut self, at: DateTime<Utc>, wait: Wait) -> DateTime<Utc> {
        let (calendar, chance) = (self.calendar, &mut self.times);
        match wait {
            Wait::Minutes(from, to) => {
                let minutes = chance.between(from, to);
                calendar.soon(at, minutes, chance)
            }
            Wait::Days(from, to) => {
                let days = chance.between(from, to);
                calendar.later(at, days, chance)
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::petition::ClosureReason;
    use std::collections::BTreeSet;

    #[test]
    fn any_day_has_a_run_that_keeps_hours_and_leaves_nothing_out() {
        let (office, zone) = (Office::made_up(), chrono_tz::Asia::Shanghai);
        let calendar = Calendar::of(office.timetable(), &Habits::read().unwrap(), zone).unwrap();
        // weekdays, holidays, years for which nothing is published
        let days = (0..12u64).map(|n| NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Days::new(n * 47));
        for today in days {
            let deeds = run(&office, today, zone).unwrap();
            let (first, end) = (calendar.midnight(today - Days::new(730)), calendar.midnight(today));
            let registered = deeds.iter().filter(|d| d.act == Act::Register).count();
            assert!((450..=650).contains(&registered), "{today}: {registered}");
            assert!(deeds.windows(2).all(|two| two[0].moment.now <= two[1].moment.now), "{today}");
            assert!(deeds.iter().all(|d| d.moment.now >= first && d.moment.now < end), "{today}");
            let acts: BTreeSet<&str> = deeds.iter().map(|d| d.act.row().title).collect();
            let built = crate::petition::acts::ACTS.iter().filter(|row| row.built);
            for row in built {
                assert!(acts.contains(row.title), "{today}: nobody comes to {}", row.title);
            }
            let reopened: Vec<Id> = deeds.iter().filter(|d| d.act == Act::Reopen).map(|d| d.petition).collect();
            assert_eq!(reopened.len(), reopened.iter().collect::<BTreeSet<_>>().len(), "{today}: what ended of itself is not reopened");
            let open = |deed: &&Deed| deed.act != Act::Register && !calendar.open(deed.moment.now);
            assert!(!deeds.iter().any(|d| open(&d)), "{today}");
            let finals = deeds.iter().filter(|d| d.act.row().reason == Some(ClosureReason::Final)).count();
            assert!((60..200).contains(&finals), "{today}: the rest ends of itself: {finals}");
        }
    }

    #[test]
    fn a_day_has_one_run() {
        let (office, today, zone) = (Office::made_up(), NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(), chrono_tz::Asia::Shanghai);
        let told = |deeds: Vec<Deed>| -> Vec<_> {
            deeds.into_iter().map(|d| (d.by, d.petition, d.body, d.moment.now, d.moment.draw().id())).collect()
        };
        assert_eq!(told(run(&office, today, zone).unwrap()), told(run(&office, today, zone).unwrap()));
        let tomorrow = run(&office, today + Days::new(1), zone).unwrap();
        assert_ne!(told(run(&office, today, zone).unwrap())[0].1, told(tomorrow)[0].1);
    }
}
