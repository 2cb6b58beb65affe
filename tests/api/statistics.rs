//! The figures after a history over HTTP, against a recount from the rows that shares no code with the product.

use super::harness::{Answer, Persona, TestApp, accusation, claim, suggestion};
use super::timeliness::{Duty, Owed, day, figure, owed};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use diesel::prelude::*;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};
use xinfang::petition::{Channel, ClosureReason, Kind};
use xinfang::platform::db::schema::{closure, evaluation, petition, petition_content, unit};
use xinfang::platform::db::types::{Id, Time};

/// A petition as the recount sees it: from the aggregate's own rows, never from `petition_fact`.
#[derive(Clone)]
struct Counted {
    id: Id,
    kind: Kind,
    channel: Channel,
    category: String,
    registered: NaiveDate,
    closed: Option<NaiveDate>,
    voided: bool,
    home: Id,
    persons: i64,
    first: bool,
    litigation: bool,
    anonymous: bool,
}

/// What the rows say.
struct Rows {
    petitions: Vec<Counted>,
    /// Petition, whether of the office, score (none: it was not given in time), day.
    evaluations: Vec<(Id, bool, Option<String>, NaiveDate)>,
    owed: Vec<Owed>,
    now: DateTime<Utc>,
    parents: HashMap<Id, Option<Id>>,
}

impl Rows {
    async fn read(app: &TestApp) -> Self {
        let (owed, now) = (owed(app).await, app.now());
        app.rows(move |c| {
            use petition_content::dsl;
            let content: HashMap<Id, (i32, bool, bool)> = petition_content::table
                .select((dsl::petition_id, (dsl::persons, dsl::litigation_related, dsl::anonymous)))
                .load::<(Id, (i32, bool, bool))>(c)?
                .into_iter()
                .collect();
            let closings: HashMap<Id, (ClosureReason, Time)> = closure::table
                .select((closure::petition_id, (closure::reason, closure::closed_at)))
                .load::<(Id, (ClosureReason, Time))>(c)?
                .into_iter()
                .collect();
            type Row = (Id, Kind, Channel, String, Time, Id, Option<Id>, bool);
            let rows: Vec<Row> = petition::table
                .select((
                    petition::id,
                    petition::kind,
                    petition::channel,
                    petition::category,
                    petition::registered_at,
                    petition::registered_unit,
                    petition::lead_unit,
                    petition::first_here,
                ))
                .load(c)?;
            let counted = |(id, kind, channel, category, registered, by, lead, first): Row| Counted {
                id,
                kind,
                channel,
                category,
                registered: day(registered.0),
                closed: closings.get(&id).map(|(_, at)| day(at.0)),
                voided: closings.get(&id).is_some_and(|(reason, _)| *reason == ClosureReason::Voided),
                home: lead.unwrap_or(by),
                persons: content[&id].0.into(),
                first,
                litigation: content[&id].1,
                anonymous: content[&id].2,
            };
            type Given = (Id, String, Option<String>, Time);
            let evaluations: Vec<Given> = evaluation::table
                .select((evaluation::petition_id, evaluation::object, evaluation::score, evaluation::evaluated_at))
                .load(c)?;
            Ok(Self {
                petitions: rows.into_iter().map(counted).collect(),
                evaluations: evaluations.into_iter().map(|(id, object, score, at)| (id, object == "office", score, day(at.0))).collect(),
                owed,
                now,
                parents: unit::table.select((unit::id, unit::parent_id)).load::<(Id, Option<Id>)>(c)?.into_iter().collect(),
            })
        })
        .await
    }

    fn within(&self, unit: Id, top: Id) -> bool {
        unit == top || self.parents[&unit].is_some_and(|above| self.within(above, top))
    }

    /// The measures of those the filter keeps, both days included.
    fn measures(&self, seen: &HashSet<String>, keeps: &dyn Fn(&Counted) -> bool, kind: bool, from: NaiveDate, to: NaiveDate) -> Value {
        let kept: Vec<&Counted> = self.petitions.iter().filter(|p| !p.voided && seen.contains(&p.id.to_string()) && keeps(p)).collect();
        let counts = |of: &dyn Fn(&Counted) -> bool| {
            let those: Vec<_> = kept.iter().filter(|p| of(p)).collect();
            let visits: Vec<_> = those.iter().filter(|p| p.channel == Channel::Visit).collect();
            let first = those.iter().filter(|p| p.first).count();
            json!({
                "cases": those.len(), "batches": visits.len(), "persons": visits.iter().map(|p| p.persons).sum::<i64>(),
                "first_time": first, "repeat": those.len() - first,
            })
        };
        let within = |on: NaiveDate| from <= on && on <= to;
        let rated: HashMap<Id, &&Counted> =
            kept.iter().filter(|p| p.first && !p.litigation && (kind || p.kind == Kind::Claim)).map(|p| (p.id, p)).collect();
        let asked: Vec<_> = self.evaluations.iter().filter(|(id, _, _, on)| rated.contains_key(id) && within(*on)).collect();
        let given: Vec<_> = asked.iter().filter(|(_, _, score, _)| score.is_some()).collect();
        let rate = |numerator: usize, denominator: usize| {
            let value = (denominator > 0).then(|| numerator as f64 / denominator as f64);
            json!({"numerator": numerator, "denominator": denominator, "value": value})
        };
        let satisfied = |office: bool| {
            let of: Vec<_> = given.iter().filter(|(_, o, _, _)| *o == office).collect();
            rate(of.iter().filter(|(_, _, score, _)| score.as_deref() != Some("dissatisfied")).count(), of.len())
        };
        let mut participation = rate(given.len(), asked.len());
        participation["expired"] = json!(asked.len() - given.len());
        let of = |office: bool| {
            let given = given.iter().filter(|(_, o, _, _)| *o == office).count();
            rate(given, asked.iter().filter(|(_, o, _, _)| *o == office).count())
        };
        participation["parts"] = json!({"office": of(true), "unit": of(false)});
        let due: Vec<&Owed> = self
            .owed
            .iter()
            .filter(|o| within(o.due_on) && seen.contains(&o.petition.to_string()))
            .filter(|o| {
                // what is due is that of the unit that owes it
                let petition = self.petitions.iter().find(|p| p.id == o.petition).unwrap();
                let of_unit = Counted { home: o.unit, ..petition.clone() };
                let told = o.duty == Duty::Answer || !petition.anonymous;
                keeps(&of_unit) && petition.first && !petition.litigation && !petition.voided && told
            })
            .collect();
        let timely = |duties: &[Duty]| figure(due.iter().copied().filter(|o| duties.contains(&o.duty)), self.now);
        let mut notices = timely(&[Duty::Triage, Duty::Unit]);
        notices["parts"] = json!({"triage": timely(&[Duty::Triage]), "unit": timely(&[Duty::Unit])});
        let registered = counts(&|p| within(p.registered));
        let number = |name: &str| registered[name].as_u64().unwrap() as usize;
        json!({
            "closed": counts(&|p| p.closed.is_some_and(within)),
            "open": counts(&|p| p.registered <= to && p.closed.is_none_or(|on| on > to)),
            "satisfaction_rate": {"office": satisfied(true), "unit": satisfied(false)},
            "participation_rate": participation,
            "timely_notice_rate": notices,
            "on_time_closure_rate": timely(&[Duty::Answer]),
            "repeat_rate": rate(number("repeat"), number("cases")),
            "registered": registered,
        })
    }
}

/// A petition somebody might bring.
fn brought(app: &TestApp, rng: &mut StdRng) -> Value {
    let mut petition = match rng.random_range(0..10) {
        0..6 => claim(),
        6..9 => suggestion(),
        _ => accusation(app.office().unit(["medical", "pension"][rng.random_range(0..2)])),
    };
    if petition["kind"] == "claim" {
        petition["category"] = json!(["medical", "medical.reimbursement", "pension.arrears", "housing.repair"][rng.random_range(0..4)]);
        petition["litigation_related"] = json!(rng.random_range(0..8) == 0);
    }
    petition["channel"] = json!(["visit", "visit", "letter", "phone", "fax"][rng.random_range(0..5)]);
    petition["persons"] = json!(rng.random_range(1..9));
    if petition["kind"] != "accusation" && rng.random_range(0..9) == 0 {
        petition["anonymous"] = json!(true);
        petition["parties"] = json!([]);
    }
    petition["restricted"] = json!(rng.random_range(0..10) == 0 || petition["kind"] == "accusation");
    petition
}

/// A history of some weeks; every step is the right person's.
async fn history(app: &TestApp, rng: &mut StdRng) {
    let mut kept = Vec::new();
    for _ in 0..60 {
        app.advance(Duration::hours(rng.random_range(1..17)));
        let petition = brought(app, rng);
        let (accused, nobody) = (petition["kind"] == "accusation", petition["anonymous"] == true);
        let registrar = if rng.random_range(0..6) == 0 { app.by("housing_officer") } else { app.desk() };
        let id = registrar.post("/petitions", petition).await.expect(201).id();
        let close = async |who: &Persona<'_>, reason: &str| -> Answer {
            app.act(who, Method::POST, &id, "closure", json!({"reason": reason, "note": "说明"})).await
        };
        wait(app, rng);
        match rng.random_range(0..11) {
            0 => continue,
            1 => drop(close(&app.supervisor(), "voided").await.expect(201)),
            2 => drop(close(&registrar, "directed_elsewhere").await.expect(201)),
            3 if !accused => {
                close(&registrar, "answered_on_the_spot").await.expect(201);
                if !nobody {
                    evaluate(app, rng, &id, &["office"]).await;
                }
            }
            steps => {
                let unit = ["medical", "pension", "community", "housing"][rng.random_range(0..4)];
                app.refer(&id, if accused { "discipline" } else { unit }).await;
                if steps > 4 {
                    wait(app, rng);
                    app.accept(&id).await;
                    if steps == 5 {
                        // the others wait for an answer
                        if rng.random_range(0..3) == 0 {
                            drop(app.act(&registrar, Method::POST, &id, "withdrawal", json!({})).await);
                        }
                        continue;
                    }
                    wait(app, rng);
                    app.opinion(&id).await;
                }
                if steps > 5 && !nobody {
                    app.deliver(&id).await;
                    if steps > 6 && !accused {
                        let asked: &[&str] = if steps == 10 { &["unit"] } else { &["office", "unit"] };
                        evaluate(app, rng, &id, asked).await;
                    }
                    if steps == 9 && !accused {
                        app.close(&id, "final").await;
                    }
                }
                kept.push(id);
            }
        }
    }
    // whatever looks at a petition finds what came of itself meanwhile; of the others nobody has found it yet
    app.advance(Duration::days(45));
    for id in kept.iter().step_by(2) {
        app.supervisor().post(&format!("/petitions/{id}/notes"), json!({"text": "催办"})).await.expect(201);
    }
}

/// Mostly hours, at times weeks.
fn wait(app: &TestApp, rng: &mut StdRng) {
    let long = rng.random_range(0..6) == 0;
    app.advance(Duration::hours(if long { rng.random_range(24 * 10..24 * 80) } else { rng.random_range(1..40) }));
}

async fn evaluate(app: &TestApp, rng: &mut StdRng, id: &str, objects: &[&str]) {
    for object in objects {
        app.advance(Duration::hours(rng.random_range(0..20)));
        let score = ["satisfied", "basically", "dissatisfied"][rng.random_range(0..3)];
        let body = json!({"score": score, "reason": "听取意见"});
        let path = format!("/petitions/{id}/evaluations/{object}");
        app.supervisor().put(&path, body.clone()).await.expect(201);
        if rng.random_range(0..4) == 0 {
            app.advance(Duration::hours(rng.random_range(0..20)));
            app.supervisor().put(&path, json!({"score": "basically", "reason": "更正"})).await.expect(200);
        }
    }
}

/// Everything this caller sees.
async fn seen(who: &Persona<'_>) -> HashSet<String> {
    let list = who.get("/petitions?limit=200").await.expect(200);
    assert!(list.body["next_cursor"].is_null());
    list.items().iter().map(|p| p["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_figures_are_those_of_a_recount() {
    let app = TestApp::start().await;
    let mut rng = StdRng::seed_from_u64(20_260_302);
    history(&app, &mut rng).await;
    let rows = Rows::read(&app).await;
    let (first, today) = (day(super::harness::MORNING.parse().unwrap()), day(app.now()));
    let (medical, bureau, community) = (app.office().unit("medical"), app.office().unit("bureau"), app.office().unit("community"));
    type Keeps<'a> = Box<dyn Fn(&Counted) -> bool + 'a>;
    let filters: Vec<(String, bool, Keeps<'_>)> = vec![
        (String::new(), false, Box::new(|_| true)),
        ("&kind=claim".to_owned(), true, Box::new(|p| p.kind == Kind::Claim)),
        ("&kind=suggestion".to_owned(), true, Box::new(|p| p.kind == Kind::Suggestion)),
        ("&channel=visit".to_owned(), false, Box::new(|p| p.channel == Channel::Visit)),
        ("&category=medical".to_owned(), false, Box::new(|p| p.category.starts_with("medical"))),
        ("&category=pension.arrears".to_owned(), false, Box::new(|p| p.category == "pension.arrears")),
        (format!("&unit={medical}"), false, Box::new(|p| rows.within(p.home, medical))),
        (format!("&unit={community}&kind=suggestion"), true, Box::new(|p| rows.within(p.home, community) && p.kind == Kind::Suggestion)),
        (format!("&unit={bureau}"), false, Box::new(|p| rows.within(p.home, bureau))),
    ];
    let third = (today - first) / 3;
    let windows = [
        (first, today),
        (first, first),
        (first + third, today - third),
        (today, today),
        (today + Duration::days(1), today + Duration::days(9)),
        (first, today + Duration::days(200)),
    ];
    let (mut compared, mut whole) = (0, json!(null));
    for name in ["supervisor", "leader", "officer", "desk", "desk2", "discipline", "housing_officer", "head"] {
        let who = app.by(name);
        let seen = seen(&who).await;
        for (query, kind, keeps) in &filters {
            for (from, to) in windows {
                let answer = who.get(&format!("/statistics/summary?from={from}&to={to}{query}")).await.expect(200);
                let expected = rows.measures(&seen, keeps, *kind, from, to);
                assert_eq!(answer.body["measures"], expected, "as {name}, {from} to {to} {query}");
                compared += 1;
                if (name, query.as_str(), from, to) == ("supervisor", "", first, today) {
                    whole = expected;
                }
            }
        }
    }
    assert_eq!(compared, 8 * filters.len() * windows.len());
    // the history must have been worth counting
    let timely = ["on_time", "late", "open_overdue"];
    let notices = timely.map(|part| format!("/timely_notice_rate/parts/unit/{part}"));
    let answers = timely.map(|part| format!("/on_time_closure_rate/{part}"));
    for figure in notices.iter().chain(&answers) {
        assert!(whole.pointer(figure).and_then(Value::as_i64).is_some_and(|n| n >= 1), "{figure} of {whole:#}");
    }
    for figure in
        ["/registered/cases", "/closed/cases", "/open/cases", "/satisfaction_rate/unit/denominator", "/participation_rate/expired"]
    {
        assert!(whole.pointer(figure).and_then(Value::as_i64).is_some_and(|n| n >= 5), "{figure} of {whole:#}");
    }
}

#[tokio::test]
async fn the_list_behind_a_figure_has_as_many_rows() {
    let app = TestApp::start().await;
    let mut rng = StdRng::seed_from_u64(7);
    history(&app, &mut rng).await;
    let rows = Rows::read(&app).await;
    let today = day(app.now());
    for name in ["supervisor", "desk", "officer"] {
        let who = app.by(name);
        let seen = seen(&who).await;
        for (from, query) in [(today - Duration::days(7), ""), (today - Duration::days(60), "&kind=claim"), (today, "&channel=visit")] {
            let figure = who.get(&format!("/statistics/summary?from={from}&to={today}{query}")).await.expect(200);
            let list = who.get(&format!("/petitions?limit=200&registered_from={from}&registered_to={today}{query}"));
            let list = list.header("prefer", "count=exact").await.expect(200);
            let voided: HashSet<String> = rows.petitions.iter().filter(|p| p.voided).map(|p| p.id.to_string()).collect();
            let listed_void = list.items().iter().filter(|p| voided.contains(p["id"].as_str().unwrap())).count();
            let cases = figure.body["measures"]["registered"]["cases"].as_u64().unwrap() as usize;
            assert_eq!(list.body["total"].as_u64().unwrap() as usize - listed_void, cases, "as {name} {query}");
            assert!(seen.len() >= cases);
        }
    }
}

#[tokio::test]
async fn an_empty_office_has_figures_of_nothing() {
    let app = TestApp::start().await;
    let figures = app.leader().get("/statistics/summary").await.expect(200);
    assert_eq!((figures.text("/from"), figures.text("/to")), ("2026-01-01".to_owned(), "2026-03-02".to_owned()));
    let measures = &figures.body["measures"];
    assert_eq!(measures["registered"]["cases"], 0);
    for rate in [
        "/satisfaction_rate/office",
        "/participation_rate",
        "/repeat_rate",
        "/timely_notice_rate",
        "/timely_notice_rate/parts/unit",
        "/on_time_closure_rate",
    ] {
        let rate = measures.pointer(rate).unwrap();
        assert!(rate["value"].is_null() && rate["denominator"] == 0, "of nothing it is null: {figures}");
    }
}
