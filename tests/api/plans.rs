//! The hot queries keep to their indexes, on whichever engine: no walk over a table, no sorting of what an index has in order.

use super::attachments::upload;
use super::harness::{Persona, TestApp, claim};
use chrono::NaiveDate;
use diesel::connection::{Connection, InstrumentationEvent};
use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};
use serde_json::json;
use std::sync::{Arc, Mutex};
use xinfang::auth::context::Origin;
use xinfang::auth::{Context, Paging};
use xinfang::deadline::repo::{self, Coming};
use xinfang::deadline::rules::Light;
use xinfang::deadline::{ClockKind, ClockState};
use xinfang::dossier;
use xinfang::job;
use xinfang::petition::repo::due;
use xinfang::petition::repo::list::{self, PetitionFilter, Sort};
use xinfang::petition::{Kind, Stage};
use xinfang::platform::db::Conn;
use xinfang::platform::db::schema::{event, unit};
use xinfang::platform::db::types::{Id, Time};
use xinfang::replay::model::{Target, Versioned};
use xinfang::replay::service::Survey;
use xinfang::retiree;
use xinfang::retiree::roster::{self, Entry};
use xinfang::retiree::service::RetireeFilter;
use xinfang::visit;
use xinfang::visit::model::{TaskStatus, VisitTaskFilter};
use xinfang::worklist;
use xinfang::worklist::clocks::model::{ClockFilter, ClockPlace};
use xinfang::worklist::model::{Scope, WorklistFilter};

#[derive(QueryableByName)]
struct OfSqlite {
    #[diesel(sql_type = Integer)]
    id: i32,
    #[diesel(sql_type = Text)]
    detail: String,
}

#[derive(QueryableByName)]
struct OfPostgres {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    line: String,
}

/// A connection that notes what it is asked, and the statements it explains.
struct Watched {
    c: Conn,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Watched {
    fn new(app: &TestApp) -> Self {
        let (mut c, asked) = (app.connect(), Arc::new(Mutex::new(Vec::new())));
        let notes = Arc::clone(&asked);
        c.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                notes.lock().unwrap().push(query.to_string());
            }
        });
        if let Conn::Pg(c) = &mut c {
            // over a handful of rows any way is short; an index is taken where there is one
            for setting in ["enable_seqscan = off", "enable_bitmapscan = off", "plan_cache_mode = force_generic_plan"] {
                diesel::sql_query(format!("SET {setting}")).execute(c).unwrap();
            }
        }
        Self { c, asked }
    }

    /// How many units there are.
    fn units(&mut self) -> usize {
        let units: i64 = unit::table.count().get_result(&mut self.c).unwrap();
        units.try_into().unwrap()
    }

    /// The plans of what `f` asks of petitions and clocks in an order, a text each.
    fn plans(&mut self, f: impl FnOnce(&mut Conn)) -> Vec<String> {
        self.asked.lock().unwrap().clear();
        f(&mut self.c);
        let asked: Vec<String> = std::mem::take(&mut *self.asked.lock().unwrap());
        let ordered = asked.iter().map(|text| text.split(" -- binds:").next().unwrap()).filter(|sql| sql.contains("ORDER BY"));
        let ordered: Vec<String> = ordered.filter(|sql| sql.contains("LIMIT")).map(str::to_owned).collect();
        ordered.iter().map(|sql| format!("{sql}\n{}", self.explain(sql))).collect()
    }

    /// The plans of what `f` asks of somebody's birth date, a text each.
    fn plans_by_birth(&mut self, f: impl FnOnce(&mut Conn)) -> Vec<String> {
        self.asked.lock().unwrap().clear();
        f(&mut self.c);
        let asked: Vec<String> = std::mem::take(&mut *self.asked.lock().unwrap());
        let asked = asked.iter().map(|text| text.split(" -- binds:").next().unwrap().to_owned()).filter(|sql| sql.contains("WHERE"));
        let of_births: Vec<String> = asked.filter(|sql| sql.split_once("WHERE").unwrap().1.contains("birth_date")).collect();
        of_births.iter().map(|sql| format!("{sql}\n{}", self.explain(sql))).collect()
    }

    fn explain(&mut self, sql: &str) -> String {
        match &mut self.c {
            Conn::Sqlite(c) => {
                let rows: Vec<OfSqlite> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(c).unwrap();
                rows.into_iter().map(|row| format!("{:>4} {}\n", row.id, row.detail)).collect()
            }
            Conn::Pg(c) => {
                let places = (1..).take_while(|n| sql.contains(&format!("${n}"))).count();
                let nulls = vec!["NULL"; places].join(", ");
                diesel::sql_query(format!("PREPARE asked AS {sql}")).execute(c).unwrap();
                let execute = if places == 0 { "asked".to_owned() } else { format!("asked({nulls})") };
                let rows: Vec<OfPostgres> = diesel::sql_query(format!("EXPLAIN EXECUTE {execute}")).load(c).unwrap();
                diesel::sql_query("DEALLOCATE asked").execute(c).unwrap();
                rows.into_iter().map(|row| row.line + "\n").collect()
            }
        }
    }
}

/// Whether a plan reads `table` through this index, and never whole; `ordered` when it must be in the index's order, unsorted.
fn keeps_to(plan: &str, table: &str, index: &str, ordered: bool) -> bool {
    let explained = plan.split_once('\n').unwrap().1;
    let sorts = explained.contains("ORDER BY") || explained.contains("Sort");
    let whole = explained.lines().any(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        // SQLite says SCAN also of a way in an index's order, of which a page takes the beginning
        let scan = words.windows(2).any(|pair| pair == ["SCAN", table]) && !words.contains(&index);
        scan || words.windows(4).any(|four| four == ["Seq", "Scan", "on", table])
    });
    explained.split_whitespace().any(|word| word == index) && !whole && !(ordered && sorts)
}

/// What of a table must go through which index, and whether in its order.
#[derive(Clone)]
struct Expected(&'static str, &'static str, bool);

const fn ordered(table: &'static str, index: &'static str) -> Expected {
    Expected(table, index, true)
}

/// A range that is read whole and sorted: it holds little.
const fn sorted(table: &'static str, index: &'static str) -> Expected {
    Expected(table, index, false)
}

fn holds(what: &str, plans: &[String], expected: &[Expected]) {
    assert_eq!(plans.len(), expected.len(), "{what} asks\n{}", plans.join("\n"));
    for (plan, Expected(table, index, in_order)) in plans.iter().zip(expected) {
        assert!(keeps_to(plan, table, index, *in_order), "{what} leaves {index}:\n{plan}");
    }
}

fn context(app: &TestApp, who: &Persona<'_>) -> Context {
    Origin { actor: Arc::new(who.actor.clone().unwrap()), ..Origin::system(&app.platform, "plans") }.context()
}

#[tokio::test]
async fn a_petition_of_many_events_and_files_opens_in_six_queries() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    app.supervise(&id).await;
    for i in 0..50 {
        upload(&app.officer(), &id, "", &format!("{i}.txt"), format!("第{i}页"), "text/plain").await.expect(201);
    }
    for i in 0..450 {
        let note = json!({"text": format!("第{i}次电话")});
        app.officer().post(&format!("/petitions/{id}/notes"), note).await.expect(201);
    }
    let (mut watched, of_it) = (Watched::new(&app), Id::or_nil(&id));
    let events: i64 = event::table.filter(event::subject_id.eq(of_it)).count().get_result(&mut watched.c).unwrap();
    assert!(events > 500, "{events}");
    for who in [app.officer(), app.supervisor(), app.desk()] {
        watched.asked.lock().unwrap().clear();
        dossier::service::dossier(&mut watched.c, &context(&app, &who), of_it, &[]).unwrap();
        let asked = watched.asked.lock().unwrap().clone();
        // who may ask for more time is told so, by the rule in force
        let rules = asked.iter().filter(|query| query.contains("FROM `timetable`") || query.contains("FROM \"timetable\"")).count();
        assert!(asked.len() - rules <= 6, "{} asks {}:\n{}", who.name, asked.len(), asked.join("\n"));
    }
}

/// An office with a few petitions; nobody gathers statistics about so few.
async fn office() -> TestApp {
    let app = TestApp::start().await;
    for unit in [None, None, None, Some("medical"), Some("medical"), Some("pension")] {
        let id = app.register(claim()).await.id();
        if let Some(unit) = unit {
            app.refer(&id, unit).await;
        }
    }
    app
}

#[tokio::test]
async fn worklists_keep_to_their_indexes() {
    let app = office().await;
    let mut watched = Watched::new(&app);
    // where what is due fills no page, what has no limit follows, unit by unit
    let units = watched.units();
    let rest = || [vec![ordered("petition", "petition_due")], vec![ordered("petition", "petition_work"); units]].concat();
    let (work, due) = (|| vec![ordered("petition", "petition_work")], || vec![ordered("petition", "petition_due")]);
    let red = Some(Light::Red);
    for (who, filter, expected, full) in [
        (app.officer(), WorklistFilter::default(), work(), true),
        (app.officer(), WorklistFilter { light: red, ..WorklistFilter::default() }, work(), true),
        (app.officer(), WorklistFilter { kind: Some(Kind::Claim), ..WorklistFilter::default() }, work(), true),
        (app.officer(), WorklistFilter { category: Some("medical".to_owned()), ..WorklistFilter::default() }, work(), true),
        (app.desk(), WorklistFilter { scope: Some(Scope::Mine), ..WorklistFilter::default() }, work(), true),
        (app.supervisor(), WorklistFilter { unit: Some(app.office().unit("medical")), ..WorklistFilter::default() }, work(), true),
        (app.supervisor(), WorklistFilter::default(), due(), true),
        (app.supervisor(), WorklistFilter { light: red, ..WorklistFilter::default() }, due(), true),
        (app.supervisor(), WorklistFilter { unit: Some(app.office().unit("bureau")), ..WorklistFilter::default() }, due(), true),
        (app.leader(), WorklistFilter::default(), due(), true),
        (app.leader(), WorklistFilter { stage: Some(vec![Stage::Registered]), ..WorklistFilter::default() }, due(), true),
        (app.supervisor(), WorklistFilter::default(), rest(), false),
        (app.leader(), WorklistFilter::default(), rest(), false),
    ] {
        let cx = context(&app, &who);
        let mut paging = Paging::first(if full { 1 } else { 50 });
        for page in 1..=2 {
            let plans = watched.plans(|c| drop(worklist::service::page(c, &cx, &filter, &paging).unwrap()));
            holds(&format!("page {page} of {filter:?} of {}", who.name), &plans, &expected);
            paging.after = Some(due::Place { due: Time(cx.now()), rank: 0, id: Id::NIL, as_of: Time(cx.now()) });
        }
    }
}

#[tokio::test]
async fn what_runs_by_itself_keeps_to_its_indexes() {
    let app = office().await;
    let mut watched = Watched::new(&app);
    let (cx, now) = (context(&app, &app.admin()), Time(app.now()));
    let come = watched.plans(|c| drop(repo::take_come(c, now, Coming::FIRST, 20).unwrap()));
    holds("the sweep", &come, &[ordered("clock", "clock_next")]);
    let next = watched.plans(|c| assert!(repo::next_instant(c).unwrap().is_some()));
    holds("the next instant", &next, &[ordered("clock", "clock_next")]);
    let target = Target { of: Versioned::Calendar, code: "cn".to_owned(), version: 1 };
    let survey = watched.plans(|c| drop(Survey::of(&target, &cx).read_on(c, &cx).unwrap()));
    holds("a replay", &survey, &[ordered("clock", "clock_counting")]);
    let jobs = watched.plans(|c| assert!(!job::service::any_free(c, now.0).unwrap()));
    holds("the runner", &jobs, &[ordered("job", "job_state"), ordered("job", "job_state")]);
}

#[tokio::test]
async fn retirees_are_found_by_their_indexes() {
    let app = office().await;
    let mut watched = Watched::new(&app);
    let cx = context(&app, &app.desk());
    for (q, indexes, spelled) in [
        (None, &["retiree_pinyin"][..], false),
        (Some("zjg"), &["retiree_initials", "retiree_pinyin"], true),
        (Some("张建"), &["retiree_folded"], true),
    ] {
        let filter = RetireeFilter { q: q.map(str::to_owned), ..RetireeFilter::default() };
        let plans = watched.plans(|c| drop(retiree::service::page(c, &cx, &filter, &Paging::first(50)).unwrap()));
        let mut expected: Vec<Expected> = indexes.iter().map(|index| ordered("retiree", index)).collect();
        if spelled {
            expected.push(sorted("retiree_spelling", "retiree_spelling_text"));
        }
        holds(&format!("{q:?}"), &plans, &expected);
    }
    // a part of a roster: a step to an index for each name and birth date
    let entry = |name: &str| {
        let change = serde_json::json!({"name": name, "category": "lixiu", "birth_date": "1943-05-02"});
        Entry { change: serde_json::from_value(change).unwrap(), ..Entry::default() }
    };
    let entries = ["甲", "乙", "丙"].map(entry);
    let plans = watched.plans_by_birth(|c| drop(roster::find(c, &cx, &entries).unwrap()));
    // PostgreSQL takes several steps of one index by a bitmap, which is switched off here
    if matches!(watched.c, Conn::Sqlite(_)) {
        holds("by birth date", &plans, &[sorted("retiree", "retiree_birth")]);
    }
}

#[tokio::test]
async fn lists_keep_to_their_indexes() {
    let app = office().await;
    let mut watched = Watched::new(&app);
    let of = |index| vec![ordered("petition", index)];
    let (medical, red) = (Some(app.office().unit("medical")), Some(Light::Red));
    let filter = PetitionFilter::default;
    for (who, filter, expected) in [
        (app.supervisor(), filter(), of("petition_newest")),
        (app.leader(), filter(), of("petition_newest")),
        (app.supervisor(), PetitionFilter { sort: Some(Sort::Oldest), kind: Some(Kind::Claim), ..filter() }, of("petition_newest")),
        (app.supervisor(), PetitionFilter { stage: Some(vec![Stage::Referred]), ..filter() }, of("petition_stage")),
        (app.leader(), PetitionFilter { category: Some("medical.reimbursement".to_owned()), ..filter() }, of("petition_category")),
        (app.supervisor(), PetitionFilter { unit: medical, ..filter() }, [of("petition_lead"), of("petition_unled")].concat()),
        // a cluster is found by its own index, whatever the order
        (
            app.leader(),
            PetitionFilter { policy_issue: Some(app.unknown_id()), ..filter() },
            vec![sorted("policy_issue_petition", "policy_issue_petition_issue")],
        ),
        (app.supervisor(), PetitionFilter { sort: Some(Sort::Due), ..filter() }, of("petition_due")),
        (app.leader(), PetitionFilter { sort: Some(Sort::Due), first_here: Some(true), ..filter() }, of("petition_due")),
        (app.leader(), PetitionFilter { light: red, ..filter() }, of("petition_due")),
        (app.supervisor(), PetitionFilter { light: Some(Light::Green), unit: medical, ..filter() }, of("petition_due")),
        (app.desk(), PetitionFilter { due_before: NaiveDate::from_ymd_opt(2026, 4, 1), ..filter() }, of("petition_due")),
        // of what is open, by another order: all of it is read
        (app.desk(), PetitionFilter { light: red, sort: Some(Sort::Newest), ..filter() }, vec![sorted("petition", "petition_due")]),
        // each way a receptionist can reach one; of those they were granted there are few
        (
            app.desk(),
            filter(),
            vec![
                ordered("petition", "petition_registrar"),
                sorted("petition_grant", "petition_grant"),
                ordered("petition", "petition_registering"),
                ordered("petition", "petition_lead"),
            ],
        ),
    ] {
        let cx = context(&app, &who);
        let plans = watched.plans(|c| drop(list::page(c, &cx, &filter, &Paging::first(1), false).unwrap()));
        holds(&format!("{filter:?} of {}", who.name), &plans, &expected);
    }
}

#[tokio::test]
async fn clocks_keep_to_their_indexes() {
    let app = office().await;
    let mut watched = Watched::new(&app);
    let of = |index, states: usize| vec![ordered("clock", index); states];
    let (medical, bureau) = (Some(app.office().unit("medical")), Some(app.office().unit("bureau")));
    let filter = ClockFilter::default;
    for (who, filter, expected) in [
        (app.supervisor(), filter(), of("clock_state_due", 3)),
        (app.leader(), ClockFilter { kind: Some(ClockKind::Handling), ..filter() }, of("clock_state_due", 3)),
        (
            app.leader(),
            ClockFilter { state: Some(vec![ClockState::Met]), due_before: NaiveDate::from_ymd_opt(2026, 4, 1), ..filter() },
            of("clock_state_due", 1),
        ),
        (
            app.leader(),
            ClockFilter { state: Some(vec![ClockState::Breached]), due_from: NaiveDate::from_ymd_opt(2026, 4, 1), ..filter() },
            of("clock_state_due", 1),
        ),
        (app.supervisor(), ClockFilter { unit: bureau, ..filter() }, of("clock_state_due", 3)),
        (app.supervisor(), ClockFilter { unit: medical, ..filter() }, of("clock_unit_due", 3)),
        (app.officer(), filter(), of("clock_unit_due", 3)),
        (app.officer(), ClockFilter { kind: Some(ClockKind::Objection), ..filter() }, of("clock_unit_due", 3)),
        (app.desk(), ClockFilter { state: Some(vec![ClockState::Met]), ..filter() }, of("clock_unit_due", 1)),
    ] {
        let cx = context(&app, &who);
        let mut paging = Paging::first(1);
        for page in 1..=2 {
            let plans = watched.plans(|c| drop(worklist::clocks::service::page(c, &cx, &filter, &paging).unwrap()));
            holds(&format!("page {page} of {filter:?} of {}", who.name), &plans, &expected);
            paging.after = Some(ClockPlace { due: Time(cx.now()), id: Id::NIL, as_of: Time(cx.now()) });
        }
    }
}

#[tokio::test]
async fn visits_keep_to_their_indexes() {
    let app = office().await;
    let mut watched = Watched::new(&app);
    let (given, unit, all) = (
        || ordered("visit_task", "visit_task_assignee"),
        || ordered("visit_task", "visit_task_unit"),
        || ordered("visit_task", "visit_task_due"),
    );
    let filter = VisitTaskFilter::default;
    let day = NaiveDate::from_ymd_opt(2026, 4, 1);
    for (who, filter, expected) in [
        (app.officer(), filter(), vec![given(), unit()]),
        (app.officer(), VisitTaskFilter { mine: Some(true), ..filter() }, vec![given()]),
        (app.officer(), VisitTaskFilter { state: Some(TaskStatus::Done), due_from: day, ..filter() }, vec![given(), unit()]),
        (app.supervisor(), filter(), vec![all()]),
        (app.supervisor(), VisitTaskFilter { mine: Some(true), due_to: day, ..filter() }, vec![given()]),
        (app.supervisor(), VisitTaskFilter { unit: Some(app.office().unit("medical")), ..filter() }, vec![unit()]),
    ] {
        let cx = context(&app, &who);
        let mut paging = Paging::first(1);
        for page in 1..=2 {
            let plans = watched.plans(|c| drop(visit::service::page(c, &cx, &filter, &paging).unwrap()));
            holds(&format!("page {page} of {filter:?} of {}", who.name), &plans, &expected);
            paging.after = Some(visit::repo::Place { due: Time(cx.now()), id: Id::NIL });
        }
    }
}

#[tokio::test]
async fn a_lost_index_is_noticed() {
    let app = office().await;
    let mut watched = Watched::new(&app);
    let (officer, leader) = (context(&app, &app.officer()), context(&app, &app.leader()));
    let paging = Paging::first(1);
    let mut kept = || -> [bool; 3] {
        let work = watched.plans(|c| drop(worklist::service::page(c, &officer, &WorklistFilter::default(), &paging).unwrap()));
        let due = watched.plans(|c| drop(worklist::service::page(c, &leader, &WorklistFilter::default(), &paging).unwrap()));
        let clocks =
            watched.plans(|c| drop(worklist::clocks::service::page(c, &leader, &ClockFilter::default(), &Paging::first(1)).unwrap()));
        [
            keeps_to(&work[0], "petition", "petition_work", true),
            keeps_to(&due[0], "petition", "petition_due", true),
            keeps_to(&clocks[0], "clock", "clock_state_due", true),
        ]
    };
    assert_eq!(kept(), [true; 3]);
    for index in ["petition_work", "petition_due", "clock_state_due"] {
        diesel::sql_query(format!("DROP INDEX {index}")).execute(&mut app.connect()).unwrap();
    }
    assert_eq!(kept(), [false; 3]);
}
