//! The sample office's two years: the same on the same day, reaching whatever is built, by people who keep office hours.

use super::harness::{Database, MORNING, config};
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Timelike, Utc, Weekday};
use diesel::prelude::*;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use xinfang::audit::verify::verify;
use xinfang::petition::acts::ACTS;
use xinfang::petition::{Act, Channel, ClosureReason, Kind, Stage};
use xinfang::platform::Platform;
use xinfang::platform::clock::Clock;
use xinfang::platform::db::schema::{account, evaluation, event, opinion, party, petition, petition_content, unit};
use xinfang::platform::db::types::{Id, Time};
use xinfang::platform::ids::Ids;
use xinfang::platform::web::Shapes;
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
}

/// Fills an empty database as `serve --demo` does; ids that are not the demo's own come from the machine.
fn fill(database: &Database, hours: i64) -> Years {
    let at = MORNING.parse::<DateTime<Utc>>().unwrap() + TimeDelta::hours(hours);
    let platform = Platform::open(config(database), Clock::set(at), Ids::Random).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        assert_eq!(demo::filled(&platform).await.unwrap(), demo::Filled::Nothing);
        demo::office(&platform).await.expect("the sample office");
        assert_eq!(demo::filled(&platform).await.unwrap(), demo::Filled::Office, "what a broken filling leaves is known");
        let shapes = Arc::new(Shapes::from_openapi(&app::openapi()));
        demo::petitions(&platform, &shapes).await.expect("its two years");
        assert_eq!(demo::filled(&platform).await.unwrap(), demo::Filled::All);
    });
    let report = verify(&mut database.connect(), &platform.keys, &mut |_, findings| assert!(findings.is_empty(), "{findings:?}")).unwrap();
    assert_eq!(report.findings, 0);
    platform.db.close();
    read(database)
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
    keeps_office_hours(&years);
    has_its_habits(&years, &mut databases[0].connect());
}

/// Every stage and every reason for closing that something built leads to, every act that is built, each a few times.
fn reaches_everything(years: &Years) {
    for stage in Stage::ALL.iter().filter(|stage| **stage != Stage::UnderReview || Act::RequestReview.row().built) {
        assert!(years.petitions.iter().filter(|p| p.stage == *stage).count() > 1, "{stage:?}");
    }
    let built = ACTS.iter().filter(|row| row.built);
    for reason in built.clone().filter_map(|row| row.reason).chain([ClosureReason::Withdrawn]) {
        assert!(years.petitions.iter().filter(|p| p.reason == Some(reason)).count() > 3, "{reason:?}");
    }
    let bases: BTreeSet<&str> = years.events.iter().filter_map(|e| e.body["data"]["basis"].as_str()).collect();
    assert_eq!(bases, BTreeSet::from(["no_review_right", "petitioner_agreed", "undeliverable"]));
    for row in built {
        let shown = |e: &&Told| {
            let data = &e.body["data"];
            let is = |act: &str| e.act == act;
            match (row.act, row.reason) {
                (_, Some(ClosureReason::Voided)) => is("voided"),
                (_, Some(reason)) => is("closed") && data["reason"] == reason.as_str() && !e.body["actor_id"].is_null(),
                (Act::Register, _) => is("registered"),
                (Act::Correct, _) => is("corrected"),
                (Act::AddParty, _) => is("party_added"),
                (Act::AddNote, _) => is("note_added"),
                (Act::GiveNotice, _) => is("notice_given"),
                (Act::Refer, _) => is("referred"),
                (Act::Accept, _) => is("accepted"),
                (Act::IssueOpinion, _) => is("opinion_issued"),
                (Act::CorrectOpinion, _) => is("opinion_corrected"),
                (Act::Deliver, _) => is("delivered"),
                (Act::EvaluateOffice, _) => is("evaluated") && data["object"] == "office",
                (Act::EvaluateUnit, _) => is("evaluated") && data["object"] == "unit",
                (Act::Withdraw, _) => is("withdrawn"),
                (act, _) => panic!("{act:?} is built: the demo plays it, and this test says how it shows"),
            }
        };
        assert!(years.events.iter().filter(shown).count() > 3, "{:?}", row.act);
    }
    assert!(years.events.iter().any(|e| e.act == "evaluation_changed"));
}

/// Nothing happens in the future; outside working hours somebody answers the telephone and no more.
fn keeps_office_hours(years: &Years) {
    let rest: Value = serde_json::from_str(include_str!("../../data/demo/rest-days.json")).unwrap();
    let listed = |list: &str, day: NaiveDate| {
        let days = rest["years"][day.year().to_string()][list].as_array().unwrap();
        days.iter().any(|d| d.as_str() == Some(&day.to_string()))
    };
    let works = |day: NaiveDate| {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        listed("makeup", day) || !(weekend || listed("off", day))
    };
    let today = local(MORNING.parse().unwrap()).date_naive();
    let of: BTreeMap<Id, &Row> = years.petitions.iter().map(|p| (p.id, p)).collect();
    let mut on_duty = 0;
    for told in &years.events {
        let Some(row) = of.get(&told.petition) else { continue };
        let at = local(told.at);
        assert!(at.date_naive() < today && at.date_naive() >= today - Days::new(730), "{told:?}");
        let minute = at.hour() * 60 + at.minute();
        if works(at.date_naive()) && (510..1050).contains(&minute) {
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
