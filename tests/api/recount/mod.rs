//! What comes of itself, recounted from what people did: day by day on a calendar read for this, by the limits as the law and the house
//! state them. Nothing of the product's counting is used.

mod limits;

pub use self::limits::{Almanac, Limit, day};
use self::limits::{Long, Over, count, law};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use xinfang::platform::db::Conn;
use xinfang::platform::db::schema::{event, petition, petition_content};
use xinfang::platform::db::types::{Id, Time};

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
            mediated: false,
            agreed: None,
            heard: None,
            given: Vec::new(),
            reviews: 0,
            asked: HashMap::new(),
            before: None,
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
    /// Closed as the sides agreed, who may by when carry something out.
    mediated: bool,
    agreed: Option<NaiveDate>,
    /// The day on which a hearing was opened.
    heard: Option<NaiveDate>,
    /// Objects that were evaluated.
    given: Vec<String>,
    /// Reviews that were decided.
    reviews: u8,
    /// Which limit is that of a supervision.
    asked: HashMap<String, usize>,
    /// The limits, and whether it was delivered, before it was closed.
    before: Option<(Vec<Limit>, bool)>,
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
                "review_window" | "rereview_window" => self.close_of_itself(at),
                "simplified_acceptance" | "simplified_answer" => self.drop_where(|kind| kind.starts_with("simplified"), at),
                _ => {}
            }
        }
    }

    /// Whether there was an answer of a unit, or an agreement, and not one of the desk alone.
    fn was_delivered(&self) -> bool {
        self.mediated || self.limits.iter().any(|l| l.kind == "delivery" && l.state.starts_with("met"))
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
        if ["closed", "withdrawn", "voided"].contains(&body["act"].as_str().unwrap()) {
            self.before = Some((self.limits.clone(), self.delivered));
        }
        match body["act"].as_str().unwrap() {
            "registered" => {
                self.kind = says("kind").to_owned();
                self.start("triage_notice", time("received_at"));
                if data["simplified"] == true {
                    self.start("simplified_acceptance", time("received_at"));
                }
                if data["urgent"] == true {
                    self.start("urgent_report", at);
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
                let of_referral = ["unit_notice", "objection", "objection_decision", "assigned_report", "assisting_answer"];
                self.drop_where(|kind| of_referral.contains(&kind) || kind.starts_with("simplified"), at);
                self.start("disposition", at);
            }
            // the sample asks one unit at a time
            "assistance_asked" => {
                let until = Long::Until(says("due_on").parse().unwrap());
                self.limits.push(Limit::new(self.almanac, self.id, "assisting_answer", at, until));
                self.drop_where(|kind| kind.starts_with("simplified"), at);
            }
            "assistance_answered" => self.done(&["assisting_answer"], at),
            "assistance_cancelled" => self.drop_where(|kind| kind == "assisting_answer", at),
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
                    self.drop_where(|kind| kind == "assisting_answer", at);
                    self.start("delivery", at);
                }
                let due = says("execution_due").parse().ok();
                let adopted = ["adopted", "partly"].contains(&says("adoption")) && due.is_some();
                self.promise = (says("outcome") == "supported" || adopted).then_some(due);
            }
            "review_requested" => {
                let (window, review) = if self.reviews == 0 { ("review_window", "review") } else { ("rereview_window", "rereview") };
                let asked = time("requested_at");
                let used = self.limits.iter_mut().rfind(|l| l.kind == window).unwrap();
                (used.state, used.ended) = ("met", Some(asked));
                self.drop_where(|kind| kind == "evaluation_window", at);
                self.start(review, asked);
                self.delivered = false;
                self.all.closed.remove(&self.id);
            }
            "review_upheld" | "review_changed" | "review_revoked" => {
                self.done(&["review", "rereview"], at);
                self.reviews += 1;
                let revoked = body["act"] == "review_revoked";
                self.promise = (says("outcome") == "supported").then(|| says("execution_due").parse().ok());
                self.drop_where(|kind| revoked && kind == "execution", at);
                self.start(if revoked { "handling" } else { "delivery" }, at);
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
                match (self.kind.as_str(), self.reviews) {
                    ("claim", 0) => self.start("review_window", from),
                    ("claim", 1) => self.start("rereview_window", from),
                    _ => {}
                }
                if self.given.len() < 2 {
                    self.start("evaluation_window", from);
                }
                match self.promise {
                    Some(Some(due)) => {
                        let until = Long::Until(due.max(day(from)));
                        self.limits.push(Limit::new(self.almanac, self.id, "execution", from, until));
                    }
                    Some(None) => self.start("execution", from),
                    None => {}
                }
                if self.reviews == 2 {
                    self.close(at);
                    self.all.came.push((self.id, at, "closed", ""));
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
            "mediated" => self.agreed = says("execution_due").parse().ok(),
            "hearing_opened" => {
                self.heard = Some(day(at));
                let running = |l: &&mut Limit| l.kind == "rereview" && l.state == "running";
                self.limits.iter_mut().filter(running).for_each(|l| l.state = "paused");
            }
            "hearing_ended" => self.heard_until(at, day(time("ended_at"))),
            "voided" => {
                self.drop_where(|_| true, at);
                self.close(at);
            }
            "withdrawn" => {
                self.drop_where(|kind| kind == "assigned_report", at);
                self.close(at);
            }
            "reopened" => self.reopen(at),
            "closed" => {
                match says("reason") {
                    "answered_on_the_spot" | "directed_elsewhere" | "linked" | "no_longer_accepted" => {
                        self.done(&["triage_notice", "disposition", "simplified_acceptance"], at);
                    }
                    "mediated" => {
                        self.done(&["handling", "delivery", "review", "rereview", "simplified_answer"], at);
                        self.mediated = true;
                        if self.given.is_empty() && self.named && !self.limits.iter().any(|l| l.open() && l.kind == "evaluation_window") {
                            self.start("evaluation_window", at);
                        }
                        if let Some(due) = self.agreed
                            && !self.limits.iter().any(|l| l.open() && l.kind == "execution")
                        {
                            let until = Long::Until(due.max(day(at)));
                            self.limits.push(Limit::new(self.almanac, self.id, "execution", at, until));
                        }
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
            | "contacted"
            | "officer_set"
            | "recused"
            | "recusal_lifted"
            | "instructed"
            | "charge_taken"
            | "charge_released"
            | "policy_issue_joined"
            | "policy_issue_left"
            | "note_added"
            | "notice_delivered"
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

    /// As if it had not been closed: what ended then runs on, but for what petitioners and units could have used meanwhile; what began
    /// with the closing is nothing.
    fn reopen(&mut self, at: DateTime<Utc>) {
        let (before, delivered) = self.before.take().unwrap();
        let known = before.len();
        self.limits.iter_mut().skip(known).filter(|l| l.open()).for_each(|l| (l.state, l.ended) = ("cancelled", Some(at)));
        for (i, stood) in before.into_iter().enumerate() {
            let gone = stood.means() != Over::Breach && stood.due_at <= at;
            if stood.open() && !self.limits[i].open() && !gone {
                self.limits[i].state = "cancelled";
                self.limits.push(stood);
            }
        }
        self.delivered = delivered;
        self.all.closed.remove(&self.id);
        self.comes(at);
    }

    /// Neither the day a hearing was opened nor that of its end, nor any between, counts for a re-review.
    fn heard_until(&mut self, at: DateTime<Utc>, last: NaiveDate) {
        let (almanac, days) = (self.almanac, self.heard.take().map_or(0, |first| (last - first).num_days() + 1));
        for limit in self.limits.iter_mut().filter(|l| l.open() && l.kind == "rereview") {
            limit.state = "running";
            (limit.due_at, limit.warnings) = count(almanac, "rereview", limit.from, Long::Calendar(30 + days));
            limit.warned = limit.warned.min(limit.warnings.iter().filter(|warning| **warning <= at).count());
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
