//! A new version of a calendar or profile tried on the running clocks, then applied: what moves, and that nothing else does.

use super::harness::{Answer, TestApp, accusation, claim, suggestion};
use super::histories::sound_chain;
use chrono::{Duration, NaiveDate};
use diesel::prelude::*;
use serde_json::{Value, json};
use xinfang::calendar::Calendar;
use xinfang::deadline::profile::Roll;
use xinfang::deadline::{Clock, ClockState, Timetable};
use xinfang::jobs::{runner, sweep::sweep};
use xinfang::platform::Platform;
use xinfang::platform::db::Db;
use xinfang::platform::db::schema::{calendar, clock, event};
use xinfang::platform::db::types::{Id, Time};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Publishes the next version of the calendar, with these days off besides.
async fn days_off(app: &TestApp, days: &[&str]) {
    let newest = app.admin().get("/calendars/cn").await.expect(200);
    let mut year = newest.body["years"]["2026"].clone();
    let named = year["days"].as_array_mut().unwrap();
    named.extend(days.iter().map(|day| json!({"date": day, "kind": "public_holiday", "name": "临时放假"})));
    named.sort_by_key(|named| named["date"].as_str().unwrap().to_owned());
    let publish = app.admin().post("/calendars/cn/versions", json!({"years": {"2026": year}}));
    publish.if_match(&newest.etag()).await.expect(201);
}

/// Publishes the next version of the profile, with these limits in place of others, in force from that day on.
async fn limits(app: &TestApp, from: &str, limits: &[(u32, u32)]) {
    let newest = app.admin().get("/profiles/cn-2022").await.expect(200);
    let mut rules = newest.body["rules"].clone();
    for rule in rules.as_array_mut().unwrap() {
        if let Some((_, to)) = limits.iter().find(|(limit, _)| rule["limit"] == *limit) {
            rule["limit"] = json!(to);
        }
    }
    let version = json!({"valid_from": from, "calendar": newest.body["calendar"], "source": newest.body["source"], "rules": rules});
    app.admin().post("/profiles/cn-2022/versions", version).if_match(&newest.etag()).await.expect(201);
}

async fn dry(app: &TestApp, path: &str) -> Answer {
    app.admin().post(path, json!({})).await.expect(200)
}

async fn apply(app: &TestApp, path: &str, hash: &str) -> Answer {
    app.admin().post(path, json!({"dry_run": false, "hash": hash, "reason": "国务院办公厅调整放假安排"})).await
}

const CALENDAR: &str = "/calendars/cn/replay";
const PROFILE: &str = "/profiles/cn-2022/replay";

/// All clocks as they stand.
async fn clocks(app: &TestApp) -> Vec<Clock> {
    app.rows(|c| Ok(clock::table.order((clock::subject_id, clock::id)).load(c)?)).await
}

/// The bodies of the events that say clocks were moved.
async fn moved(app: &TestApp) -> Vec<(Id, Value)> {
    let rows: Vec<(Id, String)> = app
        .rows(|c| {
            let of_it = event::table.filter(event::act.eq("clock_moved")).order((event::subject_id, event::subject_n));
            Ok(of_it.select((event::subject_id, event::body)).load(c)?)
        })
        .await;
    rows.into_iter().map(|(id, body)| (id, serde_json::from_str(&body).unwrap())).collect()
}

/// Several petitions in several stages, at the end of March.
async fn office(app: &TestApp) -> Vec<String> {
    let delivered = app.delivered(claim(), "medical").await;
    let answered = app.delivered(suggestion(), "community").await;
    let done = app.register(claim()).await.id();
    app.close(&done, "answered_on_the_spot").await;
    app.advance(Duration::days(25));
    // Friday, 27 March
    let referred = app.register(claim()).await.id();
    app.refer(&referred, "medical").await;
    let accused = app.register(accusation(app.office().unit("medical"))).await.id();
    app.refer(&accused, "discipline").await;
    let registered = app.register(claim()).await.id();
    vec![delivered, answered, done, referred, accused, registered]
}

#[tokio::test]
async fn a_holiday_is_tried_dry_and_applied() {
    let app = TestApp::start().await;
    let petitions = office(&app).await;
    let [delivered, answered, done, referred, accused, _] = &petitions[..] else { unreachable!() };
    let nothing = dry(&app, CALENDAR).await;
    assert_eq!((&nothing.body["version"], &nothing.body["clocks"], &nothing.body["petitions"]), (&json!(1), &json!(0), &json!(0)));

    days_off(&app, &["2026-04-01"]).await;
    sweep(&app.platform).await.unwrap();
    let before = clocks(&app).await;
    let tried = dry(&app, CALENDAR).await;
    // 30 days after 2 March is 1 April; 5 working days after 27 March are 3 April
    let expected = [
        (delivered, "review_window", "2026-04-01", "2026-04-02"),
        (delivered, "evaluation_window", "2026-04-01", "2026-04-02"),
        (answered, "evaluation_window", "2026-04-01", "2026-04-02"),
        (done, "evaluation_window", "2026-04-01", "2026-04-02"),
        (referred, "objection", "2026-04-03", "2026-04-07"),
    ];
    let mut moves: Vec<_> = tried.body["moves"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| {
            ["petition_id", "kind"]
                .map(|n| m[n].as_str().unwrap().to_owned())
                .into_iter()
                .chain(["from", "to"].map(|n| m["due_on"][n].as_str().unwrap().to_owned()))
                .collect::<Vec<_>>()
        })
        .collect();
    let mut wanted: Vec<_> =
        expected.iter().map(|(p, kind, from, to)| vec![(*p).clone(), (*kind).to_owned(), (*from).to_owned(), (*to).to_owned()]).collect();
    moves.sort();
    wanted.sort();
    assert_eq!(moves, wanted, "{tried}");
    assert_eq!((&tried.body["clocks"], &tried.body["unlisted"], &tried.body["petitions"]), (&json!(6), &json!(1), &json!(5)), "{tried}");
    assert!(!tried.body.to_string().contains(accused.as_str()), "an accusation is listed: {tried}");
    assert_eq!(
        tried.body["units"].as_array().unwrap().iter().map(|u| u["clocks"].as_i64().unwrap()).sum::<i64>(),
        5,
        "by unit without the accusation"
    );
    assert_eq!(clocks(&app).await, before, "a dry run moves nothing");

    let hash = tried.text("/hash");
    let asked = apply(&app, CALENDAR, &hash).await.expect(202);
    assert_eq!((asked.body["state"].clone(), asked.body["progress"]["total"].clone()), (json!("waiting"), json!(5)));
    let job = asked.header("location").unwrap().to_owned();
    assert_eq!(runner::run_all(&app.platform).await.unwrap(), 1);
    let ended = app.admin().get(&job).await.expect(200);
    assert_eq!(
        (ended.body["state"].clone(), ended.body["result"].clone()),
        (json!("done"), json!({"petitions": 5, "clocks": 6})),
        "{ended}"
    );
    // not everybody's job; the list has it
    app.supervisor().get(&job).await.expect(404);
    assert_eq!(app.admin().get("/jobs").await.expect(200).items()[0]["id"], ended.body["id"]);
    assert!(app.supervisor().get("/jobs").await.expect(200).items().is_empty());

    // what moved is in the trail, with who decided it; all else is as it was
    let after = clocks(&app).await;
    let told = moved(&app).await;
    assert_eq!(told.len(), 5);
    let decision: (Id, String, String) = app
        .rows(|c| {
            Ok(event::table.filter(event::act.eq("calendar_replayed")).select((event::id, event::body, event::actor_role)).first(c)?)
        })
        .await;
    let body: Value = serde_json::from_str(&decision.1).unwrap();
    assert_eq!((&body["data"]["hash"], &body["data"]["clocks"], decision.2.as_str()), (&json!(hash), &json!(6), "administrator"));
    assert!(!decision.1.contains("放假安排"), "the reason is sealed");
    let mut changed = 0;
    for (now, was) in after.iter().zip(&before) {
        assert_eq!(now.id, was.id);
        let said = told.iter().find(|(id, _)| *id == now.subject_id).and_then(|(_, body)| {
            assert_eq!(body["data"]["decided_by"], json!(decision.0));
            body["data"]["clocks"]["moved"].as_array().unwrap().iter().find(|m| m["id"] == json!(now.id)).cloned()
        });
        match said {
            None => assert_eq!(now, was),
            Some(said) => {
                changed += 1;
                assert_eq!(said["due_on"], json!({"from": was.due_on, "to": now.due_on}));
                assert_eq!((now.calendar_version, now.state), (2, ClockState::Running));
            }
        }
    }
    assert_eq!(changed, 6);
    for petition in &petitions {
        sound_chain(&app, petition).await;
    }
    // the version does not rise: nobody's work is lost for it
    let shown = app.petition(&app.officer(), referred).await;
    let objection = shown.body["clocks"].as_array().unwrap().iter().find(|c| c["kind"] == "objection").cloned().unwrap();
    assert_eq!(objection["due_on"], "2026-04-07", "{shown}");
    assert!(shown.etag().starts_with("\"2-"), "{shown}");
    let path = format!("/petitions/{referred}/clocks/{}/explain", objection["id"].as_str().unwrap());
    let explained = app.officer().get(&path).await.expect(200);
    assert_eq!(explained.body["calendar_version"], 2, "{explained}");
    let off = explained.body["days"].as_array().unwrap().iter().find(|day| day["date"] == "2026-04-01").unwrap();
    assert_eq!(off["counted"], false, "{explained}");

    // the second time nothing moves
    let again = dry(&app, CALENDAR).await;
    assert_eq!((&again.body["clocks"], &again.body["petitions"]), (&json!(0), &json!(0)), "{again}");
    apply(&app, CALENDAR, &again.text("/hash")).await.expect(202);
    runner::run_all(&app.platform).await.unwrap();
    assert_eq!((clocks(&app).await, moved(&app).await.len()), (after, 5));
}

#[tokio::test]
async fn what_does_not_hold_is_refused() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.supervisor().post(CALENDAR, json!({})).await.expect(403).problem("not_permitted");
    app.admin().post("/calendars/moon/replay", json!({})).await.expect(404);
    app.admin().post("/profiles/moon/replay", json!({})).await.expect(404);
    app.admin().post(CALENDAR, json!({"version": 2})).await.expect(422).fault("/version", "unknown_version");
    app.admin().post(CALENDAR, json!({"version": 0})).await.expect(422);
    app.admin()
        .post(CALENDAR, json!({"dry_run": false}))
        .await
        .expect(422)
        .only_faults(&[("/hash", "required"), ("/reason", "reason_required")]);
    app.admin().post(CALENDAR, json!({"hash": "xyz", "reason": " "})).await.expect(422);

    days_off(&app, &["2026-03-05"]).await;
    let tried = dry(&app, CALENDAR).await;
    assert_eq!(tried.body["clocks"], 1);
    // another petition comes: it is counted by the new version, so the dry run holds
    let other = app.register(claim()).await.id();
    app.refer(&other, "medical").await;
    assert_eq!(dry(&app, CALENDAR).await.text("/hash"), tried.text("/hash"));
    // the clock ends: it no longer does
    app.accept(&id).await;
    let before = clocks(&app).await;
    let refused = apply(&app, CALENDAR, &tried.text("/hash")).await;
    refused.expect(409).problem("dry_run_stale");
    // a newer version is there
    let tried = dry(&app, CALENDAR).await;
    days_off(&app, &["2026-03-06"]).await;
    let old = json!({"version": 2, "dry_run": false, "hash": tried.text("/hash"), "reason": "补班调整"});
    app.admin().post(CALENDAR, old).await.expect(409).problem("version_superseded");
    let earlier = app.admin().post(CALENDAR, json!({"version": 2})).await.expect(200);
    assert_eq!(earlier.body["version"], 2);
    assert_eq!(runner::run_all(&app.platform).await.unwrap(), 0);
    assert_eq!((clocks(&app).await, moved(&app).await.len()), (before, 0));

    limits(&app, "2026-06-01", &[(15, 20)]).await;
    let tried = dry(&app, PROFILE).await;
    assert!(tried.body["clocks"].as_i64().unwrap() > 0, "{tried}");
    apply(&app, PROFILE, &tried.text("/hash")).await.expect(409).problem("version_not_in_force");
}

#[tokio::test]
async fn a_profiles_limits_are_applied_to_what_runs() {
    let app = TestApp::start().await;
    let id = app.register(claim()).await.id();
    app.refer(&id, "medical").await;
    app.accept(&id).await;
    app.advance(Duration::days(10));
    let waiting = app.register(claim()).await.id();
    limits(&app, "2026-03-12", &[(60, 50), (15, 20)]).await;
    let tried = dry(&app, PROFILE).await;
    let moves: Vec<_> = tried.body["moves"].as_array().unwrap().iter().map(|m| (m["kind"].clone(), m["due_on"].clone())).collect();
    assert_eq!(
        moves,
        [
            (json!("handling"), json!({"from": "2026-05-01", "to": "2026-04-21"})),
            (json!("triage_notice"), json!({"from": "2026-03-27", "to": "2026-04-01"})),
        ],
        "{tried}"
    );
    // the same call again is answered the same, though by then it no longer holds
    let body = json!({"dry_run": false, "hash": tried.text("/hash"), "reason": "新办法施行"});
    let first = app.admin().post(PROFILE, body.clone()).idempotency_key("replay-1").await.expect(202);
    runner::run_all(&app.platform).await.unwrap();
    let again = app.admin().post(PROFILE, body).idempotency_key("replay-1").await.expect(202);
    assert_eq!((again.header("idempotency-replayed"), &again.body), (Some("true"), &first.body));
    assert_eq!(runner::run_all(&app.platform).await.unwrap(), 0);
    let after = clocks(&app).await;
    let of = |petition: &str, kind: &str| {
        let is = |c: &&Clock| c.subject_id.to_string() == petition && c.kind.as_str() == kind;
        after.iter().find(is).map(|c| (c.due_on, c.profile_version)).unwrap()
    };
    assert_eq!(of(&id, "handling"), (day("2026-04-21"), 2));
    assert_eq!(of(&id, "triage_notice"), (day("2026-03-17"), 1), "what was met stays");
    assert_eq!(of(&waiting, "triage_notice"), (day("2026-04-01"), 2));
    assert_eq!(dry(&app, PROFILE).await.body["clocks"], 0);
}

#[tokio::test]
async fn a_year_that_is_published_confirms_what_was_provisional() {
    let app = TestApp::start().await;
    app.advance(Duration::days(301));
    // Monday, 28 December
    app.delivered(claim(), "medical").await;
    let referred = app.register(claim()).await.id();
    app.refer(&referred, "medical").await;
    let newest = app.admin().get("/calendars/cn").await.expect(200);
    let year = json!({"source": "国务院办公厅通知", "days": [{"date": "2027-01-01", "kind": "public_holiday", "name": "元旦"}]});
    let publish = app.admin().post("/calendars/cn/versions", json!({"years": {"2027": year}}));
    publish.if_match(&newest.etag()).await.expect(201);
    let tried = dry(&app, CALENDAR).await;
    // 30 days after 28 December are 27 January, worked as it was thought; 5 working days after it are one day more
    let moves = tried.body["moves"].as_array().unwrap();
    assert_eq!((&tried.body["confirmed"], moves.len(), &tried.body["petitions"]), (&json!(2), 1, &json!(2)), "{tried}");
    assert_eq!(moves[0]["due_on"], json!({"from": "2027-01-04", "to": "2027-01-05"}), "{tried}");
    assert!(clocks(&app).await.iter().any(|clock| clock.provisional));
    apply(&app, CALENDAR, &tried.text("/hash")).await.expect(202);
    runner::run_all(&app.platform).await.unwrap();
    assert!(!clocks(&app).await.iter().any(|clock| clock.provisional && clock.is_open()));
}

/// Many petitions with a clock that counts working days.
async fn many(app: &TestApp, n: usize) {
    for _ in 0..n {
        let id = app.register(claim()).await.id();
        app.refer(&id, "medical").await;
    }
}

#[tokio::test]
async fn a_job_left_in_the_middle_goes_on_where_it_was() {
    let app = TestApp::start().await;
    many(&app, 45).await;
    days_off(&app, &["2026-03-05"]).await;
    let hash = dry(&app, CALENDAR).await.text("/hash");
    let job = apply(&app, CALENDAR, &hash).await.expect(202).header("location").unwrap().to_owned();

    let mine = runner::take(&app.platform).await.unwrap().unwrap();
    let mine = runner::step(&app.platform, &mine).await.unwrap();
    let half = app.admin().get(&job).await.expect(200);
    assert_eq!((&half.body["state"], &half.body["progress"]), (&json!("running"), &json!({"done": 20, "total": 45})), "{half}");
    // it is in hand: nobody else takes it
    assert!(runner::take(&app.platform).await.unwrap().is_none());
    app.advance(Duration::seconds(31));
    let theirs = runner::take(&app.platform).await.unwrap().unwrap();
    assert_eq!(theirs.reached, mine.reached);
    // who lost it writes nothing any more
    let told = moved(&app).await.len();
    assert!(runner::step(&app.platform, &mine).await.is_err());
    assert_eq!((told, moved(&app).await.len()), (20, 20));
    runner::step(&app.platform, &theirs).await.unwrap();
    app.advance(Duration::seconds(31));
    assert_eq!(runner::run_all(&app.platform).await.unwrap(), 1);
    let ended = app.admin().get(&job).await.expect(200);
    assert_eq!(ended.body["result"], json!({"petitions": 45, "clocks": 45}), "{ended}");
    let told = moved(&app).await;
    let mut petitions: Vec<_> = told.iter().map(|(id, _)| *id).collect();
    petitions.dedup();
    assert_eq!((told.len(), petitions.len()), (45, 45));
    // a week later it is forgotten
    app.advance(Duration::days(8));
    xinfang::jobs::retention::forget(&app.platform).await.unwrap();
    app.admin().get(&job).await.expect(404);
}

#[tokio::test]
async fn two_instances_share_the_jobs() {
    let app = TestApp::start().await;
    let other = Platform { db: Db::open(&app.platform.config.database).unwrap(), ..app.platform.clone() };
    many(&app, 25).await;
    days_off(&app, &["2026-03-05"]).await;
    let hash = dry(&app, CALENDAR).await.text("/hash");
    // two decisions on one dry run, before either is carried out
    apply(&app, CALENDAR, &hash).await.expect(202);
    apply(&app, CALENDAR, &hash).await.expect(409).problem("replay_under_way");
    let (one, two) = tokio::join!(runner::run_all(&app.platform), runner::run_all(&other));
    other.db.close();
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    assert_eq!(moved(&app).await.len(), 25);
    assert!(app.admin().get("/jobs").await.expect(200).items().iter().all(|job| job["state"] == "done"));
}

#[tokio::test]
async fn after_a_replay_all_is_as_if_it_had_been_counted_so() {
    let app = TestApp::start().await;
    // what comes, how far it gets, and how long after the last: drawn once
    for (n, (kind, steps, days)) in (0..24).map(|n: u64| (n, (n % 3, (n * 7 + 3) % 5, (n * 5) % 4))) {
        let (body, unit) = match kind {
            0 => (claim(), "medical"),
            1 => (suggestion(), "community"),
            _ => (accusation(app.office().unit("medical")), "discipline"),
        };
        let id = app.register(body).await.id();
        if steps > 0 {
            app.refer(&id, unit).await;
        }
        if steps > 1 {
            app.accept(&id).await;
        }
        if steps > 2 {
            app.opinion(&id).await;
        }
        if steps > 3 {
            app.deliver(&id).await;
        }
        app.advance(Duration::days(i64::try_from(days).unwrap()) + Duration::minutes(i64::try_from(n).unwrap()));
    }
    for off in [&["2026-04-08", "2026-04-15"][..], &["2026-04-09", "2026-04-20", "2026-04-21"], &["2026-05-06"]] {
        days_off(&app, off).await;
        let before = clocks(&app).await;
        let now = Time(app.now());
        let tried = dry(&app, CALENDAR).await;
        apply(&app, CALENDAR, &tried.text("/hash")).await.expect(202);
        runner::run_all(&app.platform).await.unwrap();
        let after = clocks(&app).await;
        let zone = app.platform.config.zone;
        let (newest, timetable) = app
            .rows(move |c| {
                let newest: i32 = calendar::table.select(calendar::newest).first(c)?;
                Ok((newest, Timetable::current(c)?))
            })
            .await;
        let plain: &Calendar = &timetable.calendar("cn", Some(newest)).unwrap().calendar;
        let mut moves = 0;
        for (was, is) in before.iter().zip(&after) {
            let counts = matches!(was.state, ClockState::Running | ClockState::Paused) && was.due_at > now;
            if !counts {
                assert!(was == is || is.state != was.state, "{was:?} {is:?}");
                continue;
            }
            let rule =
                timetable.profile(&is.profile, is.profile_version).unwrap().document.rules.iter().find(|r| r.clock == is.kind).unwrap();
            let term = xinfang::deadline::rules::Term {
                start: is.started_at.0,
                limit: is.limit(),
                roll: rule.roll == Roll::Forward,
                pauses: &is.pauses.0,
                warnings: &rule.warnings,
            };
            let due = xinfang::deadline::rules::due(&term, plain, zone);
            assert_eq!((is.due_on, is.due_at.0, is.yellow_at.0), (due.on, due.at, due.yellow_at), "{is:?}");
            if was.due_at == is.due_at && was.yellow_at == is.yellow_at {
                assert_eq!(was, is);
            }
            moves += i64::from(was.due_at != is.due_at);
        }
        assert_eq!(tried.body["clocks"], moves);
    }
}
