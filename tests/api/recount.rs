//! What comes of itself, recounted from what people did: day by day on a calendar read for this, by the limits as the law and the house
//! state them. Nothing of the product's counting is used.

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, Utc, Weekday};
use diesel::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use xinfang::platform::db::Conn;
use xinfang::platform::db::schema::{event, petition, petition_content};
use xinfang::platform::db::types::{Id, Time};

/// The day in the office (UTC+8, no daylight saving since 1991).
pub fn day(at: DateTime<Utc>) -> NaiveDate {
    (at + Duration::hours(8)).date_naive()
}

fn midnight_after(day: NaiveDate) -> DateTime<Utc> {
    (day + Days::new(1)).and_hms_opt(0, 0, 0).unwrap().and_utc() - Duration::hours(8)
}

/// The days that are published, true for those that are worked.
pub struct Almanac(HashMap<NaiveDate, bool>);

impl Almanac {
    pub fn read() -> Self {
        let all: Value = serde_json::from_str(include_str!("../../data/calendars/cn.json")).unwrap();
        let years = all["years"].as_object().unwrap().values();
        let days = years.flat_map(|year| year["days"].as_array().unwrap());
        Self(days.map(|d| (d["date"].as_str().unwrap().parse().unwrap(), d["kind"] == "makeup_workday")).collect())
    }

    pub fn works(&self, day: NaiveDate) -> bool {
        self.0.get(&day).copied().unwrap_or(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun))
    }
}

/// How long something may take.
#[derive(Clone, Copy)]
enum Long {
    Calendar(i64),
    Working(i64),
    Hours(i64),
    Until(NaiveDate),
}

/// What a limit that is over means.
#[derive(Clone, Copy, PartialEq)]
enum Over {
    Breach,
    Lapse,
}

/// Name, length, whether a last day at rest moves on, what its end means, whether it ends with the petition.
fn law(kind: &str) -> (Long, bool, Over, bool) {
    use Long::{Calendar, Hours, Working};
    match kind {
        "triage_notice" | "unit_notice" => (Calendar(15), false, Over::Breach, true),
        "disposition" => (Working(5), false, Over::Breach, true),
        "objection" => (Working(5), false, Over::Lapse, true),
        "objection_decision" => (Working(3), false, Over::Breach, true),
        // until the day the sender names
        "assigned_report" => (Calendar(0), false, Over::Breach, false),
        // until the day those above name
        "supervision_answer" => (Calendar(0), false, Over::Breach, false),
        "handling" => (Calendar(60), false, Over::Breach, true),
        "suggestion_reply" => (Calendar(30), false, Over::Breach, true),
        "delivery" => (Working(10), false, Over::Breach, true),
        "review_window" => (Calendar(30), true, Over::Lapse, true),
        "evaluation_window" => (Calendar(30), true, Over::Lapse, false),
        "execution" => (Calendar(30), false, Over::Breach, false),
        "heirs_inquiry" => (Calendar(30), false, Over::Breach, true),
        "urgent_report" => (Hours(4), false, Over::Breach, true),
        "simplified_acceptance" => (Working(3), false, Over::Lapse, true),
        "simplified_answer" => (Working(10), false, Over::Lapse, true),
        other => panic!("{other}"),
    }
}

/// A limit of a petition, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Limit {
    pub petition: Id,
    pub kind: &'static str,
    pub from: DateTime<Utc>,
    pub due_at: DateTime<Utc>,
    warnings: Vec<DateTime<Utc>>,
    warned: usize,
    /// `running`, `met`, `met_late`, `breached`, `lapsed`, `cancelled`.
    pub state: &'static str,
    pub ended: Option<DateTime<Utc>>,
}

impl Limit {
    fn new(almanac: &Almanac, petition: Id, kind: &'static str, from: DateTime<Utc>, long: Long) -> Self {
        let (due_at, warnings) = count(almanac, kind, from, long);
        Self { petition, kind, from, due_at, warnings, warned: 0, state: "running", ended: None }
    }

    fn open(&self) -> bool {
        self.ended.is_none()
    }

    fn means(&self) -> Over {
        law(self.kind).2
    }

    /// The next instant at which something comes of it.
    fn next(&self) -> Option<DateTime<Utc>> {
        (self.open() && self.state == "running").then(|| self.warnings.get(self.warned).copied().unwrap_or(self.due_at).min(self.due_at))
    }

    fn end(&mut self, state: &'static str, at: DateTime<Utc>) {
        // what was broken and is no longer owed was broken all the same
        if !(state == "cancelled" && self.state == "breached") {
            self.state = state;
        }
        self.ended = Some(at);
    }

    /// Where it counts among the figures of what is due.
    pub fn part(&self, now: DateTime<Utc>) -> Option<&'static str> {
        match (self.state, self.ended) {
            ("cancelled" | "lapsed", _) => None,
            ("met", _) => Some("on_time"),
            ("met_late", _) | (_, Some(_)) => Some("late"),
            _ => Some(if now >= self.due_at { "open_overdue" } else { "not_yet_due" }),
        }
    }
}

/// Goes from day to day: the end, and when to warn.
fn count(almanac: &Almanac, kind: &'static str, from: DateTime<Utc>, long: Long) -> (DateTime<Utc>, Vec<DateTime<Utc>>) {
    if let Long::Hours(hours) = long {
        return (from + Duration::hours(hours), vec![from + Duration::minutes(hours * 60 * 8 / 10)]);
    }
    let nth = |n: i64| {
        let (mut day, mut counted) = (day(from), 0);
        while counted < n {
            day = day + Days::new(1);
            counted += i64::from(!matches!(long, Long::Working(_)) || almanac.works(day));
        }
        day
    };
    let n = match long {
        Long::Calendar(n) | Long::Working(n) => n,
        Long::Until(last) => (last - day(from)).num_days(),
        Long::Hours(_) => unreachable!(),
    };
    let mut last = nth(n);
    while law(kind).1 && !almanac.works(last) {
        last = last + Days::new(1);
    }
    let due_at = midnight_after(last);
    let hours_before = |hours| due_at - Duration::hours(hours);
    let mut warnings = vec![midnight_after(nth(n * 8 / 10)).min(hours_before(72)).max(from)];
    if kind == "handling" {
        warnings.push(hours_before(24).max(from));
    }
    (due_at, warnings)
}

/// Something that came of itself: of which petition, when, what, of which limit.
pub type Came = (Id, DateTime<Utc>, &'static str, &'static str);

/// What a recount gives.
#[derive(Default)]
pub struct Recount {
    pub came: Vec<Came>,
    pub limits: Vec<Limit>,
    /// Petitions that are closed by now.
    pub closed: BTreeMap<Id, DateTime<Utc>>,
    /// Objects whose evaluation expired.
    pub expired: usize,
}

/// Recounts everything up to an instant.
pub fn recount(c: &mut Conn, now: DateTime<Utc>) -> Recount {
    let rows: Vec<(Id, String, Time)> = event::table
        .inner_join(petition::table.on(petition::id.eq(event::subject_id)))
        .filter(event::actor_role.ne("system"))
        .order((event::subject_id, event::subject_n))
        .select((event::subject_id, event::body, event::at))
        .load(c)
        .unwrap();
    let named: HashMap<Id, bool> = petition_content::table
        .select((petition_content::petition_id, petition_content::anonymous))
        .load::<(Id, bool)>(c)
        .unwrap()
        .into_iter()
        .map(|(id, anonymous)| (id, !anonymous))
        .collect();
    let mut by: BTreeMap<Id, Vec<(DateTime<Utc>, Value)>> = BTreeMap::new();
    for (id, body, at) in rows {
        by.entry(id).or_default().push((at.0, serde_json::from_str(&body).unwrap()));
    }
    let almanac = Almanac::read();
    let mut all = Recount::default();
    for (id, acts) in by {
        let mut one = One {
            almanac: &almanac,
            id,
            named: named[&id],
            kind: String::new(),
            delivered: false,
            promise: None,
            given: Vec::new(),
            asked: HashMap::new(),
            limits: Vec::new(),
            all: &mut all,
        };
        for (at, body) in &acts {
            one.comes(*at);
            one.act(*at, body);
        }
        one.comes(now);
        let limits = one.limits;
        all.limits.extend(limits);
    }
    all.came.sort();
    all.limits.sort();
    all
}

/// One petition on its way.
struct One<'a> {
    almanac: &'a Almanac,
    id: Id,
    named: bool,
    kind: String,
    /// Delivered and not closed.
    delivered: bool,
    /// What was promised, and by when.
    promise: Option<Option<NaiveDate>>,
    /// Objects that were evaluated.
    given: Vec<String>,
    /// Which limit is that of a supervision.
    asked: HashMap<String, usize>,
    limits: Vec<Limit>,
    all: &'a mut Recount,
}

impl One<'_> {
    fn start(&mut self, kind: &'static str, from: DateTime<Utc>) {
        self.limits.push(Limit::new(self.almanac, self.id, kind, from, law(kind).0));
    }

    fn done(&mut self, kinds: &[&str], at: DateTime<Utc>) {
        for limit in self.limits.iter_mut().filter(|l| l.open() && kinds.contains(&l.kind)) {
            limit.end(if at < limit.due_at { "met" } else { "met_late" }, at);
        }
    }

    fn drop_where(&mut self, which: impl Fn(&str) -> bool, at: DateTime<Utc>) {
        self.limits.iter_mut().filter(|l| l.open() && which(l.kind)).for_each(|l| l.end("cancelled", at));
    }

    fn close(&mut self, at: DateTime<Utc>) {
        self.drop_where(|kind| law(kind).3, at);
        self.delivered = false;
        self.all.closed.insert(self.id, at);
    }

    /// What came of itself up to an instant.
    fn comes(&mut self, until: DateTime<Utc>) {
        loop {
            // at one instant the evaluation is over before the petition is
            let next = self.limits.iter().enumerate().filter_map(|(i, l)| Some((l.next()?, l.kind != "evaluation_window", i))).min();
            let Some((at, _, i)) = next.filter(|(at, ..)| *at <= until) else { return };
            let limit = &mut self.limits[i];
            let kind = limit.kind;
            if at < limit.due_at {
                limit.warned += 1;
                self.all.came.push((self.id, at, "clock_warned", kind));
                continue;
            }
            if limit.means() == Over::Breach {
                limit.state = "breached";
                self.all.came.push((self.id, at, "clock_breached", kind));
                continue;
            }
            limit.end("lapsed", at);
            self.all.came.push((self.id, at, "clock_lapsed", kind));
            match kind {
                "evaluation_window" => {
                    let asked = if self.was_delivered() { 2 } else { 1 };
                    self.all.expired += asked - self.given.len();
                    if self.kind == "suggestion" {
                        self.close_of_itself(at);
                    }
                }
                "review_window" => self.close_of_itself(at),
                "simplified_acceptance" | "simplified_answer" => self.drop_where(|kind| kind.starts_with("simplified"), at),
                _ => {}
            }
        }
    }

    fn was_delivered(&self) -> bool {
        self.limits.iter().any(|l| l.kind == "delivery" && l.state.starts_with("met"))
    }

    fn close_of_itself(&mut self, at: DateTime<Utc>) {
        if self.delivered {
            self.close(at);
            self.all.came.push((self.id, at, "closed", ""));
        }
    }

    fn act(&mut self, at: DateTime<Utc>, body: &Value) {
        let data = &body["data"];
        let says = |name: &str| data[name].as_str().unwrap_or_default();
        let time = |name: &str| says(name).parse::<DateTime<Utc>>().unwrap();
        match body["act"].as_str().unwrap() {
            "registered" => {
                self.kind = says("kind").to_owned();
                self.start("triage_notice", time("received_at"));
                if data["simplified"] == true {
                    self.start("simplified_acceptance", time("received_at"));
                }
                if data["urgent"] == true {
                    self.start("urgent_report", time("received_at"));
                }
            }
            "death_reported" if !data["heirs_inquiry_id"].is_null() => self.start("heirs_inquiry", at),
            "heirs_answered" => self.done(&["heirs_inquiry"], at),
            "marked_urgent" => self.start("urgent_report", at),
            "unmarked_urgent" => self.drop_where(|kind| kind == "urgent_report", at),
            "urgent_reported" => self.done(&["urgent_report"], at),
            "notice_given" => {
                self.done(&["triage_notice"], at);
                self.start("disposition", at);
            }
            "referred" | "assigned" => {
                self.done(&["triage_notice", "disposition"], at);
                self.start("unit_notice", at);
                self.start("objection", at);
                if body["act"] == "assigned" {
                    let until = Long::Until(says("report_due").parse().unwrap());
                    self.limits.push(Limit::new(self.almanac, self.id, "assigned_report", at, until));
                    self.drop_where(|kind| kind.starts_with("simplified"), at);
                }
            }
            "objected" => {
                self.done(&["objection"], at);
                if data["late"] == false {
                    self.start("objection_decision", at);
                }
            }
            "objection_refused" => self.done(&["objection_decision"], at),
            "objection_upheld" => {
                self.done(&["objection_decision"], at);
                // it was never theirs: what they broke meanwhile is not held against them
                let theirs = |l: &&mut Limit| l.open() && ["unit_notice", "objection", "assigned_report"].contains(&l.kind);
                self.limits.iter_mut().filter(theirs).for_each(|l| (l.state, l.ended) = ("cancelled", Some(at)));
                self.start("disposition", at);
            }
            "recalled" => {
                let of_referral = ["unit_notice", "objection", "objection_decision", "assigned_report"];
                self.drop_where(|kind| of_referral.contains(&kind) || kind.starts_with("simplified"), at);
                self.start("disposition", at);
            }
            "supervision_opened" => {
                self.asked.insert(says("supervision_id").to_owned(), self.limits.len());
                let until = Long::Until(says("due_on").parse().unwrap());
                self.limits.push(Limit::new(self.almanac, self.id, "supervision_answer", at, until));
            }
            "supervision_answered" | "supervision_lifted" => {
                let limit = &mut self.limits[self.asked[says("supervision_id")]];
                let answered = body["act"] == "supervision_answered";
                match (answered, limit.open()) {
                    (_, false) => {}
                    (true, _) => limit.end(if at < limit.due_at { "met" } else { "met_late" }, at),
                    (false, _) => limit.end("cancelled", at),
                }
            }
            "supervision_dismissed" => {}
            "report_submitted" => self.done(&["assigned_report"], at),
            "accepted" => {
                let told = ["triage_notice", "disposition", "unit_notice", "objection", "objection_decision", "simplified_acceptance"];
                self.done(&told, at);
                let answer = match self.kind.as_str() {
                    "claim" => Some("handling"),
                    "suggestion" => Some("suggestion_reply"),
                    _ => None,
                };
                // taken back after an acceptance, the limit goes on
                if let Some(kind) = answer
                    && !self.limits.iter().any(|l| l.open() && l.kind == kind)
                {
                    self.start(kind, at);
                }
                if data["simplified"] == true {
                    self.start("simplified_answer", at);
                }
            }
            "extension_approved" => self.longer(at, data["days"].as_i64().unwrap()),
            "opinion_issued" | "opinion_corrected" => {
                if body["act"] == "opinion_issued" {
                    self.done(&["handling", "suggestion_reply", "simplified_answer"], at);
                    self.start("delivery", at);
                }
                let due = says("execution_due").parse().ok();
                let adopted = ["adopted", "partly"].contains(&says("adoption")) && due.is_some();
                self.promise = (says("outcome") == "supported" || adopted).then_some(due);
            }
            "delivered" => {
                self.done(&["delivery"], at);
                self.delivered = true;
                let from = time("delivered_at");
                if self.kind == "accusation" {
                    self.close(at);
                    self.all.came.push((self.id, at, "closed", ""));
                    return;
                }
                if self.kind == "claim" {
                    self.start("review_window", from);
                }
                self.start("evaluation_window", from);
                match self.promise {
                    Some(Some(due)) => {
                        let until = Long::Until(due.max(day(from)));
                        self.limits.push(Limit::new(self.almanac, self.id, "execution", from, until));
                    }
                    Some(None) => self.start("execution", from),
                    None => {}
                }
            }
            "evaluated" => {
                self.given.push(says("object").to_owned());
                if self.given.len() == 2 || !self.was_delivered() {
                    self.done(&["evaluation_window"], at);
                    if self.kind == "suggestion" {
                        self.close_of_itself(at);
                    }
                }
            }
            "execution_done" => self.done(&["execution"], at),
            "voided" => {
                self.drop_where(|_| true, at);
                self.close(at);
            }
            "withdrawn" => {
                self.drop_where(|kind| kind == "assigned_report", at);
                self.close(at);
            }
            "closed" => {
                match says("reason") {
                    "answered_on_the_spot" | "directed_elsewhere" | "linked" => {
                        self.done(&["triage_notice", "disposition", "simplified_acceptance"], at);
                    }
                    "diverted" => self.done(&["triage_notice", "disposition", "unit_notice"], at),
                    _ => {}
                }
                if says("reason") == "answered_on_the_spot" && self.named {
                    self.start("evaluation_window", at);
                }
                self.close(at);
            }
            "linked" => self.drop_where(|kind| kind.starts_with("simplified"), at),
            "attachment_added"
            | "note_added"
            | "query_code_reissued"
            | "unlinked"
            | "priority_set"
            | "corrected"
            | "party_added"
            | "party_ended"
            | "own_will_confirmed"
            | "evaluation_changed"
            | "execution_recorded"
            | "extension_requested"
            | "extension_refused" => {}
            other => panic!("{other}: what does it do to limits?"),
        }
    }

    /// More time: warnings that lie ahead again are given again.
    fn longer(&mut self, at: DateTime<Utc>, days: i64) {
        let almanac = self.almanac;
        for limit in self.limits.iter_mut().filter(|l| l.open() && l.kind == "handling") {
            (limit.due_at, limit.warnings) = count(almanac, "handling", limit.from, Long::Calendar(60 + days));
            limit.warned = limit.warned.min(limit.warnings.iter().filter(|warning| **warning <= at).count());
        }
    }
}
