//! The sample office's two years: the same on the same day, reaching whatever is built, by people who keep office hours.

use super::harness::{Database, MORNING, TestApp, config};
use super::recount::{Almanac, Limit, Recount, recount};
use chrono::{DateTime, Datelike, Days, NaiveTime, TimeDelta, Timelike, Utc, Weekday};
use diesel::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use xinfang::audit::verify::verify;
use xinfang::jobs::sweep::sweep;
use xinfang::petition::acts::ACTS;
use xinfang::petition::{Act, Channel, ClosureReason, Kind, Stage};
use xinfang::platform::Platform;
use xinfang::platform::clock::Clock;
use xinfang::platform::db::Conn;
use xinfang::platform::db::schema::{
    account, clock, evaluation, event, extension, opinion, party, petition, petition_content, petition_fact, supervision, unit, visit_task,
};
use xinfang::platform::db::types::{Id, Time};
use xinfang::platform::ids::Ids;
use xinfang::{app, demo};

/// An event as far as it holds no secret and nothing that hangs on one.
#[derive(Debug, PartialEq)]
struct Told {
    id: Id,
    petition: Id,
    act: String,
    at: DateTime<Utc>,
    body: Value,
}

/// A petition's row and words.
#[derive(Debug, PartialEq, Queryable)]
struct Row {
    id: Id,
    number: String,
    kind: Kind,
    channel: Channel,
    stage: Stage,
    reason: Option<ClosureReason>,
    registered_at: Time,
    lead: Option<Id>,
    title: String,
    statement: String,
}

/// What the run left behind.
#[derive(Debug, PartialEq)]
struct Years {
    units: Vec<(Id, String)>,
    staff: Vec<(Id, String)>,
    events: Vec<Told>,
    petitions: Vec<Row>,
    people: Vec<(Id, String)>,
    opinions: Vec<(Id, String)>,
    evaluations: Vec<(Id, Option<String>)>,
    clocks: Vec<(Id, String, String, Time)>,
    proposals: Vec<(Id, String)>,
    extensions: Vec<(Id, String)>,
}

/// Fills an empty database as `serve --demo` does; ids that are not the demo's own come from the machine.
fn fill(database: &Database, hours: i64) -> Years {
    let at = MORNING.parse::<DateTime<Utc>>().unwrap() + TimeDelta::hours(hours);
    let platform = Platform::open(config(database), Clock::set(at), Ids::Random).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(play(&platform));
    let report = verify(&mut database.connect(), &platform.keys, &mut |_, findings| assert!(findings.is_empty(), "{findings:?}")).unwrap();
    assert_eq!(report.findings, 0);
    platform.db.close();
    read(database)
}

/// Makes the office and plays its two years.
async fn play(platform: &Platform) {
    assert_eq!(demo::filled(platform).await.unwrap(), demo::Filled::Nothing);
    demo::office(platform).await.expect("the sample office");
    assert_eq!(demo::filled(platform).await.unwrap(), demo::Filled::Office, "what a broken filling leaves is known");
    let shapes = Arc::new(app::shapes());
    demo::petitions(platform, &shapes).await.expect("its two years");
    assert_eq!(demo::filled(platform).await.unwrap(), demo::Filled::All);
}

fn read(database: &Database) -> Years {
    let mut c = database.connect();
    let rows: Vec<(Id, Id, String, Time, String)> = event::table
        .select((event::id, event::subject_id, event::act, event::at, event::body))
        .order((event::at, event::id))
        .load(&mut c)
        .unwrap();
    let told = |(id, petition, act, at, body): (Id, Id, String, Time, String)| {
        let mut body: Value = serde_json::from_str(&body).unwrap();
        // salts are secrets, and hashes follow them
        body.as_object_mut().unwrap().retain(|name, _| name != "sealed_hash" && name != "prev_hash");
        Told { id, petition, act, at: at.0, body }
    };
    let columns = (
        petition::id,
        petition::number,
        petition::kind,
        petition::channel,
        petition::stage,
        petition::closure_reason,
        petition::registered_at,
        petition::lead_unit,
        petition_content::title,
        petition_content::statement,
    );
    Years {
        events: rows.into_iter().map(told).collect(),
        units: unit::table.select((unit::id, unit::code)).order(unit::id).load(&mut c).unwrap(),
        staff: account::table.select((account::id, account::username)).order(account::id).load(&mut c).unwrap(),
        petitions: petition::table.inner_join(petition_content::table).select(columns).order(petition::n).load(&mut c).unwrap(),
        people: party::table.select((party::id, party::name)).order(party::id).load(&mut c).unwrap(),
        opinions: opinion::table.select((opinion::id, opinion::words)).order(opinion::id).load(&mut c).unwrap(),
        clocks: clock::table.select((clock::id, clock::kind, clock::state, clock::due_at)).order(clock::id).load(&mut c).unwrap(),
        proposals: supervision::table.select((supervision::id, supervision::reason)).order(supervision::id).load(&mut c).unwrap(),
        extensions: extension::table.select((extension::id, extension::state)).order(extension::id).load(&mut c).unwrap(),
        evaluations: evaluation::table.select((evaluation::id, evaluation::score)).order(evaluation::id).load(&mut c).unwrap(),
    }
}

/// The office's clock.
fn local(at: DateTime<Utc>) -> DateTime<chrono_tz::Tz> {
    at.with_timezone(&chrono_tz::Asia::Shanghai)
}

#[test]
fn the_same_day_has_the_same_two_years_and_they_hold_whatever_is_built() {
    let databases = [Database::empty(), Database::empty()];
    // hours apart: it is the day that counts
    let [first, second] = &databases;
    let (years, again) = std::thread::scope(|s| {
        let later = s.spawn(|| fill(second, 3));
        (fill(first, 0), later.join().unwrap())
    });
    assert_eq!(years.petitions, again.petitions);
    for (one, other) in years.events.iter().zip(&again.events) {
        assert_eq!(one, other);
    }
    assert!(years == again);

    assert!((450..=620).contains(&years.petitions.len()), "{}", years.petitions.len());
    reaches_everything(&years);
    makes_its_rounds(&years, &mut databases[0].connect());
    keeps_office_hours(&years);
    has_its_habits(&years, &mut databases[0].connect());
}

/// Every stage and every reason for closing that something built leads to, every act that is built, each a few times.
fn reaches_everything(years: &Years) {
    for stage in Stage::ALL {
        assert!(years.petitions.iter().filter(|p| p.stage == *stage).count() > 1, "{stage:?}");
    }
    let built = ACTS.iter().filter(|row| row.built);
    for reason in built.clone().filter_map(|row| row.reason).chain([ClosureReason::Withdrawn]) {
        let closed = years.petitions.iter().filter(|p| p.reason == Some(reason)).count();
        assert!(closed > 3, "{reason:?}: {closed}");
    }
    let bases: BTreeSet<&str> = years.events.iter().filter_map(|e| e.body["data"]["basis"].as_str()).collect();
    assert_eq!(bases, BTreeSet::from(["no_review_right", "petitioner_agreed", "undeliverable", "window_lapsed"]));
    for row in built {
        let shown = |e: &&Told| {
            let is = |act: &str| e.act == act;
            match (row.act, row.reason) {
                (_, Some(ClosureReason::Voided)) => is("voided"),
                (_, Some(reason)) => is("closed") && e.body["data"]["reason"] == reason.as_str() && !e.body["actor_id"].is_null(),
                (Act::Register, _) => is("registered"),
                (Act::Correct, _) => is("corrected"),
                (Act::AddParty, _) => is("party_added"),
                (Act::ConfirmOwnWill, _) => is("own_will_confirmed"),
                (Act::EndParty, _) => is("party_ended"),
                (Act::ReportDeath, _) => is("death_reported"),
                (Act::AnswerHeirs, _) => is("heirs_answered"),
                (Act::AddNote, _) => is("note_added"),
                (Act::AddAttachment, _) => is("attachment_added"),
                (Act::GiveNotice, _) => is("notice_given"),
                (Act::DeliverNotice, _) => is("notice_delivered"),
                (Act::RequestReview, _) => is("review_requested"),
                (Act::DecideReview, _) => is("review_upheld") || is("review_changed") || is("review_revoked"),
                (Act::Refer, _) => is("referred"),
                (Act::Assign, _) => is("assigned"),
                (Act::Object, _) => is("objected"),
                (Act::DecideObjection, _) => is("objection_upheld") || is("objection_refused"),
                (Act::Recall, _) => is("recalled"),
                (Act::Supervise, _) => is("supervision_opened") && e.body["data"]["cause"] == "ordered",
                (Act::ConfirmSupervision, _) => is("supervision_opened") && e.body["data"]["cause"] != "ordered",
                (Act::DismissSupervision, _) => is("supervision_dismissed"),
                (Act::AnswerSupervision, _) => is("supervision_answered"),
                (Act::LiftSupervision, _) => is("supervision_lifted"),
                (Act::Reopen, _) => is("reopened"),
                (Act::SubmitReport, _) => is("report_submitted"),
                (Act::AskAssistance, _) => is("assistance_asked"),
                (Act::AnswerAssistance, _) => is("assistance_answered"),
                (Act::CancelAssistance, _) => is("assistance_cancelled"),
                (Act::SetOfficer, _) => is("officer_set"),
                (Act::Recuse | Act::LiftRecusal, _) => is(if row.act == Act::Recuse { "recused" } else { "recusal_lifted" }),
                (Act::Instruct, _) => is("instructed"),
                (Act::TakeCharge, _) => is("charge_taken"),
                (Act::ReleaseCharge, _) => is("charge_released"),
                (Act::JoinPolicyIssue, _) => is("policy_issue_joined"),
                (Act::LeavePolicyIssue, _) => is("policy_issue_left"),
                (Act::RecordContact, _) => is("contacted"),
                (Act::OpenHearing, _) => is("hearing_opened"),
                (Act::EndHearing, _) => is("hearing_ended"),
                (Act::Mediate, _) => is("mediated"),
                (Act::Accept, _) => is("accepted"),
                (Act::RequestExtension, _) => is("extension_requested"),
                (Act::DecideExtension, _) => is("extension_approved") || is("extension_refused"),
                (Act::LinkMatter, _) => is("linked"),
                (Act::UnlinkMatter, _) => is("unlinked"),
                (Act::MarkUrgent, _) => is("marked_urgent"),
                (Act::UnmarkUrgent, _) => is("unmarked_urgent"),
                (Act::ReissueQueryCode, _) => is("query_code_reissued"),
                (Act::SetPriority, _) => is("priority_set"),
                (Act::RecordUrgentReport, _) => is("urgent_reported"),
                (Act::RecordExecution, _) => is("execution_done") || is("execution_recorded"),
                (Act::IssueOpinion, _) => is("opinion_issued"),
                (Act::CorrectOpinion, _) => is("opinion_corrected"),
                (Act::Deliver, _) => is("delivered"),
                (Act::EvaluateOffice, _) => is("evaluated") && e.body["data"]["object"] == "office",
                (Act::EvaluateUnit, _) => is("evaluated") && e.body["data"]["object"] == "unit",
                (Act::Withdraw, _) => is("withdrawn"),
                (act, _) => panic!("{act:?} is built: the demo plays it, and this test says how it shows"),
            }
        };
        assert!(years.events.iter().filter(shown).count() > 3, "{:?}", row.act);
    }
    for act in ["evaluation_changed", "execution_recorded", "execution_done", "extension_approved", "extension_refused", "simplified_ended"]
    {
        assert!(years.events.iter().any(|e| e.act == act), "{act}");
    }
}

/// Visits for every reason that comes up, in time, late, never, taken back; petitions taken down on them; care files.
fn makes_its_rounds(years: &Years, c: &mut Conn) {
    // reason, state, late, breached
    type Task = (String, String, bool, bool);
    let tasks: Vec<Task> = visit_task::table
        .select((visit_task::reason, visit_task::state, visit_task::late, visit_task::breached_at.is_not_null()))
        .load(c)
        .unwrap();
    let count = |fits: &dyn Fn(&Task) -> bool| tasks.iter().filter(|task| fits(task)).count();
    for reason in ["spring_festival", "mid_autumn", "double_ninth", "birthday", "telephone_request", "death"] {
        assert!(count(&|task| task.0 == reason) > 1, "{reason}");
    }
    let (done, late) = (count(&|task| task.1 == "done" && !task.2), count(&|task| task.2));
    let (never, declined) = (count(&|task| task.1 == "open" && task.3), count(&|task| task.1 == "cancelled"));
    assert!(done > 4 * late && late > 5 && never > 5 && declined > 5, "{done} {late} {never} {declined}");
    let taken_down: Vec<&Told> =
        years.events.iter().filter(|e| e.act == "visit_recorded").filter(|e| e.body["data"]["petitions"] != json!([])).collect();
    assert!(!taken_down.is_empty());
    assert!(years.events.iter().filter(|e| e.act == "care_file_written").count() > 5);
}

/// Nothing happens in the future; outside working hours somebody answers the telephone, what is over ends of itself, and no more.
fn keeps_office_hours(years: &Years) {
    let almanac = Almanac::read();
    let today = local(MORNING.parse().unwrap()).date_naive();
    let midnight = MORNING.parse::<DateTime<Utc>>().unwrap() - TimeDelta::hours(9);
    let of: BTreeMap<Id, &Row> = years.petitions.iter().map(|p| (p.id, p)).collect();
    let mut on_duty = 0;
    for told in &years.events {
        let Some(row) = of.get(&told.petition) else { continue };
        let at = local(told.at);
        if told.body["actor_role"] == "system" && told.body["data"]["reason"].is_null() {
            assert!(told.at <= midnight, "{told:?}");
            continue;
        }
        if told.body["actor_role"] == "system" && at.time() == NaiveTime::MIN {
            continue;
        }
        assert!(at.date_naive() < today && at.date_naive() >= today - Days::new(730), "{told:?}");
        let minute = at.hour() * 60 + at.minute();
        if almanac.works(at.date_naive()) && (510..1050).contains(&minute) {
            continue;
        }
        assert!(told.act == "registered" && row.channel == Channel::Phone, "{told:?}");
        on_duty += 1;
    }
    assert!(on_duty > 3);
}

/// Busy Mondays, people who come again, waves, a unit that is slow, petitions that lie for long, some without a name.
fn has_its_habits(years: &Years, c: &mut xinfang::platform::db::Conn) {
    let on = |day: Weekday| years.petitions.iter().filter(|p| local(p.registered_at.0).weekday() == day).count();
    assert!(on(Weekday::Mon) * 2 > on(Weekday::Fri) * 3);
    let again = years.petitions.iter().filter(|p| p.title.starts_with("再次反映")).count();
    assert!(again > 10, "{again}");
    for theme in
        ["住房补贴差额", "退休党支部", "职称", "在外地住院", "遗属补助", "取暖补贴", "卫生服务站太远", "老年运动场", "感谢", "窗口人员"]
    {
        assert!(years.petitions.iter().any(|p| p.title.contains(theme)), "{theme}");
    }
    let unfilled = years.petitions.iter().find(|p| p.statement.contains(['{', '}']) || p.title.contains(['{', '}']));
    assert!(unfilled.is_none(), "{unfilled:?}");

    let lead = |code: &str, c: &mut _| -> Id { unit::table.filter(unit::code.eq(code)).select(unit::id).first(c).unwrap() };
    let mut days = |code: &str| {
        let lead = lead(code, c);
        let ours: BTreeSet<Id> = years.petitions.iter().filter(|p| p.lead == Some(lead)).map(|p| p.id).collect();
        let at = |act: &str| -> BTreeMap<Id, DateTime<Utc>> {
            years.events.iter().filter(|e| e.act == act && ours.contains(&e.petition)).map(|e| (e.petition, e.at)).collect()
        };
        let (accepted, answered) = (at("accepted"), at("opinion_issued"));
        let spans: Vec<i64> = answered.iter().map(|(id, at)| (*at - accepted[id]).num_days()).collect();
        spans.iter().sum::<i64>() / i64::try_from(spans.len()).unwrap()
    };
    assert!(days("pension") > 2 * days("community"));
    let end: DateTime<Utc> = MORNING.parse().unwrap();
    let old = years.petitions.iter().filter(|p| p.stage != Stage::Closed && (end - p.registered_at.0).num_days() > 180).count();
    assert!(old > 5, "{old}");
    let nameless: i64 = petition_content::table.filter(petition_content::anonymous.eq(true)).count().get_result(c).unwrap();
    let joint: i64 = petition_content::table.filter(petition_content::joint.eq(true)).count().get_result(c).unwrap();
    let offline: i64 = petition_content::table.filter(petition_content::captured_at.is_not_null()).count().get_result(c).unwrap();
    assert!(nameless > 3 && joint > 3 && offline > 20, "{nameless} {joint} {offline}");
}

/// What came of itself by now, as the trail tells it.
fn come(c: &mut Conn) -> Vec<(Id, DateTime<Utc>, String, String)> {
    let of_it = event::table
        .filter(event::act.eq_any(["clock_warned", "clock_breached", "clock_lapsed", "closed"]))
        .filter(event::actor_role.eq("system"))
        .select((event::subject_id, event::at, event::act, event::body));
    let rows: Vec<(Id, Time, String, String)> = of_it.load(c).unwrap();
    let told = |(id, at, act, body): (Id, Time, String, String)| {
        let body: Value = serde_json::from_str(&body).unwrap();
        assert!(body["data"]["seen_at"].as_str().is_none_or(|seen| seen.parse::<DateTime<Utc>>().unwrap() >= at.0), "{body}");
        (id, at.0, act, body["data"]["kind"].as_str().unwrap_or_default().to_owned())
    };
    let mut come: Vec<_> = rows.into_iter().map(told).collect();
    come.sort();
    come
}

/// The clocks of all petitions, without what only the product counts by.
/// The petition of a clock, its kind, start, end, state and stop.
type Ran = (Id, String, DateTime<Utc>, DateTime<Utc>, String, Option<DateTime<Utc>>);

fn clocks(c: &mut Conn) -> Vec<Ran> {
    let columns = (clock::subject_id, clock::kind, clock::started_at, clock::due_at, clock::state, clock::stopped_at);
    let rows: Vec<(Id, String, Time, Time, String, Option<Time>)> = clock::table.select(columns).load(c).unwrap();
    let plain =
        |(id, kind, from, due, state, ended): (_, _, Time, Time, _, Option<Time>)| (id, kind, from.0, due.0, state, ended.map(|at| at.0));
    let mut clocks: Vec<_> = rows.into_iter().map(plain).collect();
    clocks.sort();
    clocks
}

/// The product stands where a recount from what people did stands.
fn stands_where_it_should(c: &mut Conn, now: DateTime<Utc>) -> Recount {
    let recounted = recount(c, now);
    let expected: Vec<_> = recounted.came.iter().map(|(id, at, act, kind)| (*id, *at, (*act).to_owned(), (*kind).to_owned())).collect();
    let found = come(c);
    let (missing, more): (Vec<_>, Vec<_>) = (
        expected.iter().filter(|e| !found.contains(e)).take(5).collect(),
        found.iter().filter(|f| !expected.contains(f)).take(5).collect(),
    );
    assert!(missing.is_empty() && more.is_empty(), "{now}: missing {missing:?}, more {more:?}");
    assert_eq!(found.len(), expected.len(), "{now}: each once");
    let mut limits: Vec<_> =
        recounted.limits.iter().map(|l| (l.petition, l.kind.to_owned(), l.from, l.due_at, l.state.to_owned(), l.ended)).collect();
    limits.sort();
    let found = clocks(c);
    for (expected, found) in limits.iter().zip(&found) {
        assert_eq!(expected, found, "{now}");
    }
    assert_eq!(limits.len(), found.len());
    let closed: Vec<(Id, Option<Time>)> = petition::table
        .filter(petition::stage.eq(Stage::Closed))
        .select((petition::id, petition::closed_at))
        .order(petition::id)
        .load(c)
        .unwrap();
    let closed: Vec<(Id, DateTime<Utc>)> = closed.into_iter().map(|(id, at)| (id, at.unwrap().0)).collect();
    assert_eq!(closed, recounted.closed.iter().map(|(id, at)| (*id, *at)).collect::<Vec<_>>(), "{now}");
    let silent: i64 = evaluation::table.filter(evaluation::score.is_null()).count().get_result(c).unwrap();
    assert_eq!(usize::try_from(silent).unwrap(), recounted.expired, "{now}");
    let proposed: i64 = supervision::table.filter(supervision::clock_id.is_not_null()).count().get_result(c).unwrap();
    let broken = recounted.came.iter().filter(|(_, _, act, _)| *act == "clock_breached").count();
    assert_eq!(usize::try_from(proposed).unwrap(), broken, "{now}");
    // the nearest end stands on the petition
    let sorted: Vec<(Id, Time)> = petition::table.select((petition::id, petition::sort_due)).load(c).unwrap();
    for (id, due) in sorted {
        let open = recounted.limits.iter().filter(|l| l.petition == id && l.ended.is_none());
        let nearest = open.map(|l| l.due_at).min();
        assert!(nearest == Some(due.0) || nearest.is_none() && due.0.year() == 9999, "{id}: {nearest:?} {due:?}");
    }
    recounted
}

/// A figure of what is due, of these limits.
fn figure<'a>(limits: impl Iterator<Item = &'a Limit>, now: DateTime<Utc>) -> Value {
    let parts: Vec<_> = limits.filter_map(|l| l.part(now)).collect();
    let of = |part: &str| parts.iter().filter(|p| **p == part).count();
    let value = of("on_time") as f64 / parts.len() as f64;
    json!({
        "numerator": of("on_time"), "denominator": parts.len(), "value": value,
        "on_time": of("on_time"), "late": of("late"), "open_overdue": of("open_overdue"), "not_yet_due": of("not_yet_due"),
    })
}

/// What a supervisor sees of claims over all days is what one counts on one's fingers.
async fn figures_hold(app: &TestApp, recounted: &Recount) -> Value {
    let columns = (
        petition_fact::petition_id,
        petition_fact::kind,
        petition_fact::anonymous,
        petition_fact::litigation_related,
        petition_fact::voided,
    );
    let facts: Vec<(Id, Kind, bool, bool, bool)> = app.rows(move |c| Ok(petition_fact::table.select(columns).load(c)?)).await;
    let repeats = super::timeliness::repeats(app).await;
    let counted = |named: bool| -> BTreeSet<Id> {
        let counts = facts
            .iter()
            .filter(|(_, kind, anonymous, litigation, voided)| *kind == Kind::Claim && !(*litigation || *voided || named && *anonymous));
        counts.map(|(id, ..)| *id).filter(|id| !repeats.contains(id)).collect()
    };
    let (all, named) = (counted(false), counted(true));
    let of = |among: &BTreeSet<Id>, kinds: &[&str]| {
        figure(recounted.limits.iter().filter(|l| among.contains(&l.petition) && kinds.contains(&l.kind)), app.now())
    };
    let summary = app.supervisor().get("/statistics/summary?from=2020-01-01&to=2099-12-31&kind=claim").await.expect(200);
    let measures = &summary.body["measures"];
    assert_eq!(measures["on_time_closure_rate"], of(&all, &["handling"]));
    let mut notices = of(&named, &["triage_notice", "unit_notice"]);
    notices["parts"] = json!({"triage": of(&named, &["triage_notice"]), "unit": of(&named, &["unit_notice"])});
    assert_eq!(measures["timely_notice_rate"], notices);
    let claims = facts.iter().filter(|(_, kind, .., voided)| *kind == Kind::Claim && !voided);
    let (again, first): (Vec<Id>, Vec<Id>) = claims.map(|(id, ..)| *id).partition(|id| repeats.contains(id));
    assert_eq!((&measures["registered"]["repeat"], &measures["registered"]["first_time"]), (&json!(again.len()), &json!(first.len())));
    assert!(again.len() > 20, "people come again: {}", again.len());
    measures.clone()
}

/// Fifteen, sixty and ninety days in which nobody does anything: what comes of itself is what one would count by hand.
#[test]
fn what_comes_of_itself_is_what_one_counts_by_hand() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let database = Database::empty();
        let morning = MORNING.parse::<DateTime<Utc>>().unwrap();
        let platform = Platform::open(config(&database), Clock::set(morning), Ids::Random).unwrap();
        play(&platform).await;
        platform.db.close();
        let app = TestApp::start_on(database).await;
        // the hours since midnight have their own
        sweep(&app.platform).await.unwrap();
        let now = stands_where_it_should(&mut app.connect(), morning);
        is_as_offices_are(&app, &now).await;
        let mut came = now.came.clone();
        for days in [15, 45, 90] {
            app.clock.move_to(morning + TimeDelta::days(days));
            sweep(&app.platform).await.unwrap();
            assert_eq!(sweep(&app.platform).await.unwrap(), 0, "each once");
            let recounted = stands_where_it_should(&mut app.connect(), app.now());
            figures_hold(&app, &recounted).await;
            // after sixty days only what was extended, or began late, is still to come
            let more = recounted.came.len() - came.len();
            assert!((more > 0 || days == 90) && came.iter().all(|c| recounted.came.contains(c)), "{days}: {more}");
            came = recounted.came;
        }
        assert!(came.len() > now.came.len() + 60, "{} {}", now.came.len(), came.len());
        let report = verify(&mut app.connect(), &app.platform.keys, &mut |_, found| assert!(found.is_empty(), "{found:?}")).unwrap();
        assert_eq!(report.findings, 0);
    });
}

/// Green, yellow and red; most is done in time, some late, some never; what nobody wanted more of is over.
async fn is_as_offices_are(app: &TestApp, recounted: &Recount) {
    let c = &mut app.connect();
    let now = Time(app.now());
    let lights = [
        petition::table.filter(petition::sort_yellow.gt(now)).filter(petition::stage.ne(Stage::Closed)).count().get_result(c),
        petition::table.filter(petition::sort_yellow.le(now).and(petition::sort_due.gt(now))).count().get_result(c),
        petition::table.filter(petition::sort_due.le(now)).count().get_result::<i64>(c),
    ]
    .map(Result::unwrap);
    assert!(lights.iter().all(|n| *n > 2), "green, yellow, red: {lights:?}");
    let came = |act: &str, kind: &str| recounted.came.iter().filter(|(_, _, a, k)| *a == act && *k == kind).count();
    for kind in ["handling", "unit_notice", "triage_notice", "suggestion_reply", "delivery", "execution", "urgent_report"] {
        assert!(came("clock_breached", kind) > 0, "{kind}");
    }
    for kind in ["review_window", "evaluation_window", "objection", "simplified_acceptance"] {
        assert!(came("clock_lapsed", kind) > 0, "{kind}");
    }
    assert!(came("closed", "") > 150, "{}", came("closed", ""));
    let rates = figures_hold(app, recounted).await;
    let rate = |name: &str| rates[name]["value"].as_f64().unwrap();
    // what is not due yet is in neither
    let done = |name: &str| {
        let of = &rates[name];
        of["on_time"].as_f64().unwrap() / (of["denominator"].as_f64().unwrap() - of["not_yet_due"].as_f64().unwrap())
    };
    assert!((0.85..0.92).contains(&done("on_time_closure_rate")), "{} {}", rate("on_time_closure_rate"), done("on_time_closure_rate"));
    assert!((0.93..0.98).contains(&done("timely_notice_rate")), "{}", done("timely_notice_rate"));
}
