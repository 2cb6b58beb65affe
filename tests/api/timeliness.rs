//! What was owed and what became of it, told again from the trail: limits of the law counted on fingers, no clock is looked at.

use super::harness::TestApp;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use diesel::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashMap};
use xinfang::platform::db::schema::{event, petition};
use xinfang::platform::db::types::{Id, Time};

/// Which duty.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Duty {
    /// To tell the petitioner that it arrived.
    Triage,
    /// Of the unit it was referred to.
    Unit,
    /// To answer a claim.
    Answer,
}

/// A duty and how it ended.
#[derive(Clone, Debug)]
pub struct Owed {
    pub petition: Id,
    pub duty: Duty,
    /// Whose it is.
    pub unit: Id,
    /// The last day.
    pub due_on: NaiveDate,
    /// When it was done.
    pub done: Option<DateTime<Utc>>,
    /// When it was no longer owed.
    pub dropped: Option<DateTime<Utc>>,
    /// Given back: nobody's fault, whatever the day.
    pub returned: bool,
}

/// All that are not the earliest of their matter, by when they came.
pub async fn repeats(app: &TestApp) -> BTreeSet<Id> {
    type Came = (Id, Time, Time, Id);
    let columns = (petition::matter_id, petition::received_at, petition::registered_at, petition::id);
    let mut came: Vec<Came> = app.rows(move |c| Ok(petition::table.select(columns).load(c)?)).await;
    came.sort();
    let mut matters = BTreeSet::new();
    came.into_iter().filter(|(matter, ..)| !matters.insert(*matter)).map(|(.., id)| id).collect()
}

/// The day in the office (UTC+8, no daylight saving since 1991).
pub fn day(at: DateTime<Utc>) -> NaiveDate {
    (at + Duration::hours(8)).date_naive()
}

impl Owed {
    fn new(petition: Id, duty: Duty, unit: Id, from: DateTime<Utc>, days: i64) -> Self {
        let due_on = day(from) + Duration::days(days);
        Self { petition, duty, unit, due_on, done: None, dropped: None, returned: false }
    }

    fn open(&self) -> bool {
        self.done.is_none() && self.dropped.is_none()
    }

    /// Where it counts, by the office's day and hour: `on_time`, `late`, `open_overdue`, `not_yet_due`, or nowhere.
    pub fn part(&self, now: DateTime<Utc>) -> Option<&'static str> {
        let over = |at| day(at) > self.due_on;
        match (self.done, self.dropped) {
            _ if self.returned => None,
            (Some(done), _) => Some(if over(done) { "late" } else { "on_time" }),
            (None, Some(dropped)) => over(dropped).then_some("late"),
            (None, None) => Some(if over(now) { "open_overdue" } else { "not_yet_due" }),
        }
    }
}

/// Everything that was ever owed.
pub async fn owed(app: &TestApp) -> Vec<Owed> {
    type Told = (Id, String, Time, String);
    type Row = (Id, String, Time, Id, Option<Id>);
    let (told, rows): (Vec<Told>, Vec<Row>) = app
        .rows(|c| {
            let told = event::table
                .inner_join(petition::table.on(petition::id.eq(event::subject_id)))
                .order((event::subject_id, event::subject_n))
                .select((event::subject_id, event::act, event::at, event::body))
                .load(c)?;
            let columns = (petition::id, petition::kind, petition::received_at, petition::registered_unit, petition::lead_unit);
            Ok((told, petition::table.select(columns).load(c)?))
        })
        .await;
    let rows: HashMap<Id, Row> = rows.into_iter().map(|row| (row.0, row)).collect();
    let mut owed: Vec<Owed> = Vec::new();
    for (id, act, at, body) in told {
        let (_, kind, received, registered, lead) = &rows[&id];
        let body: Value = serde_json::from_str(&body).unwrap();
        let (at, lead) = (at.0, lead.unwrap_or(*registered));
        let of = |owed: &mut Vec<Owed>, duties: &[Duty], change: &dyn Fn(&mut Owed)| {
            owed.iter_mut().filter(|o| o.petition == id && o.open() && duties.contains(&o.duty)).for_each(change);
        };
        let done = |o: &mut Owed| o.done = Some(at);
        let dropped = |o: &mut Owed| o.dropped = Some(at);
        let reason = body.pointer("/data/reason").and_then(Value::as_str).unwrap_or_default();
        let every = [Duty::Triage, Duty::Unit, Duty::Answer];
        match act.as_str() {
            "registered" => owed.push(Owed::new(id, Duty::Triage, *registered, received.0, 15)),
            "notice_given" => of(&mut owed, &[Duty::Triage], &done),
            "referred" | "assigned" => {
                of(&mut owed, &[Duty::Triage], &done);
                owed.push(Owed::new(id, Duty::Unit, lead, at, 15));
            }
            "accepted" => {
                of(&mut owed, &[Duty::Triage, Duty::Unit], &done);
                // what a unit had accepted before it was taken back goes on
                let goes_on = owed.iter().any(|o| o.petition == id && o.open() && matches!(o.duty, Duty::Answer));
                if kind == "claim" && !goes_on {
                    owed.push(Owed::new(id, Duty::Answer, lead, at, 60));
                }
            }
            "extension_approved" => {
                let days = body["data"]["days"].as_i64().unwrap();
                of(&mut owed, &[Duty::Answer], &|o| o.due_on += Duration::days(days));
            }
            "opinion_issued" => of(&mut owed, &[Duty::Answer], &done),
            "recalled" => of(&mut owed, &[Duty::Unit], &dropped),
            "objection_upheld" => of(&mut owed, &[Duty::Unit], &|o| o.returned = true),
            "closed" if ["answered_on_the_spot", "directed_elsewhere"].contains(&reason) => of(&mut owed, &every, &done),
            "closed" if reason == "diverted" => {
                of(&mut owed, &[Duty::Triage, Duty::Unit], &done);
                of(&mut owed, &[Duty::Answer], &dropped);
            }
            "closed" | "withdrawn" | "voided" => of(&mut owed, &every, &dropped),
            _ => {}
        }
    }
    owed
}

/// A figure of these duties.
pub fn figure<'a>(owed: impl IntoIterator<Item = &'a Owed>, now: DateTime<Utc>) -> Value {
    let parts: Vec<_> = owed.into_iter().filter_map(|o| o.part(now)).collect();
    let of = |part: &str| parts.iter().filter(|p| **p == part).count();
    let value = (!parts.is_empty()).then(|| of("on_time") as f64 / parts.len() as f64);
    json!({
        "numerator": of("on_time"), "denominator": parts.len(), "value": value,
        "on_time": of("on_time"), "late": of("late"), "open_overdue": of("open_overdue"), "not_yet_due": of("not_yet_due"),
    })
}

/// The supervisor's figures over all days are those of the trail, and their parts make up the whole: of petitions that are all first
/// filings, named and before no court.
pub async fn figures_hold(app: &TestApp) -> Value {
    let voided: Vec<Id> =
        app.rows(|c| Ok(petition::table.filter(petition::closure_reason.eq("voided")).select(petition::id).load(c)?)).await;
    let repeats = repeats(app).await;
    let owed = owed(app).await.into_iter().filter(|o| !voided.contains(&o.petition) && !repeats.contains(&o.petition));
    let owed: Vec<Owed> = owed.collect();
    let summary = app.supervisor().get("/statistics/summary?from=2020-01-01&to=2099-12-31").await.expect(200);
    let of = |duties: &[Duty]| figure(owed.iter().filter(|o| duties.contains(&o.duty)), app.now());
    let shown = |at: &str| {
        let shown = summary.body["measures"].pointer(at).unwrap().clone();
        let number = |part: &str| shown[part].as_i64().unwrap();
        let parts = ["on_time", "late", "open_overdue", "not_yet_due"].map(number);
        assert_eq!(parts.iter().sum::<i64>(), number("denominator"), "{at}: {shown:#}");
        assert_eq!(parts[0], number("numerator"), "{at}: {shown:#}");
        shown
    };
    assert_eq!(shown("/timely_notice_rate/parts/triage"), of(&[Duty::Triage]));
    assert_eq!(shown("/timely_notice_rate/parts/unit"), of(&[Duty::Unit]));
    assert_eq!(shown("/timely_notice_rate")["denominator"], of(&[Duty::Triage, Duty::Unit])["denominator"]);
    assert_eq!(shown("/on_time_closure_rate"), of(&[Duty::Answer]));
    shown("/timely_notice_rate")
}
