//! What comes of itself: found once each, dated at its instant, however many instances look and however late.

use super::harness::{TestApp, claim};
use super::histories::sound_chain;
use chrono::{DateTime, Duration, Utc};
use diesel::prelude::*;
use serde_json::{Value, json};
use xinfang::jobs::sweep::sweep;
use xinfang::platform::Platform;
use xinfang::platform::db::Db;
use xinfang::platform::db::schema::{clock, event, supervision};
use xinfang::platform::db::types::{Id, Time};

/// What came of itself of one petition, or of all: the act, its time, the kind of clock, when it was seen.
async fn come(app: &TestApp, petition: Option<&str>) -> Vec<(String, DateTime<Utc>, String, String)> {
    let petition = petition.map(|id| Id(id.parse().unwrap()));
    let rows: Vec<(String, Time, String)> = app
        .rows(move |c| {
            let acts = ["clock_warned", "clock_breached", "clock_lapsed", "closed"];
            let mut of_it = event::table
                .filter(event::act.eq_any(acts))
                .filter(event::actor_role.eq("system"))
                .order((event::subject_id, event::subject_n))
                .select((event::act, event::at, event::body))
                .into_boxed();
            if let Some(petition) = petition {
                of_it = of_it.filter(event::subject_id.eq(petition));
            }
            Ok(of_it.load(c)?)
        })
        .await;
    let told = |(act, at, body): (String, Time, String)| {
        let body: Value = serde_json::from_str(&body).unwrap();
        let text = |name: &str| body["data"][name].as_str().unwrap_or_default().to_owned();
        (act, at.0, text("kind"), text("seen_at"))
    };
    rows.into_iter().map(told).collect()
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[tokio::test]
async fn a_duty_is_warned_of_and_breached_once_each() {
    let app = TestApp::start().await;
    assert_eq!(sweep(&app.platform).await.unwrap(), 0);
    let id = app.register(claim()).await.id();
    assert_eq!(sweep(&app.platform).await.unwrap(), 0);
    // 15 days from 2 March end with the 17th; it is yellow from the end of the 14th
    app.clock.move_to(instant("2026-03-14T16:00:20Z"));
    assert_eq!(sweep(&app.platform).await.unwrap(), 1);
    assert_eq!(sweep(&app.platform).await.unwrap(), 0);
    let warned =
        ("clock_warned".to_owned(), instant("2026-03-14T16:00:00Z"), "triage_notice".to_owned(), "2026-03-14T16:00:20Z".to_owned());
    assert_eq!(come(&app, Some(&id)).await, std::slice::from_ref(&warned));
    app.clock.move_to(instant("2026-03-17T16:00:00Z"));
    assert_eq!(sweep(&app.platform).await.unwrap(), 1);
    assert_eq!(sweep(&app.platform).await.unwrap(), 0);
    let breached =
        ("clock_breached".to_owned(), instant("2026-03-17T16:00:00Z"), "triage_notice".to_owned(), "2026-03-17T16:00:00Z".to_owned());
    assert_eq!(come(&app, Some(&id)).await, [warned.clone(), breached.clone()]);
    let proposed: Vec<(String, String)> =
        app.rows(|c| Ok(supervision::table.select((supervision::reason, supervision::state)).load(c)?)).await;
    assert_eq!(proposed, [("procedure_not_followed".to_owned(), "proposed".to_owned())]);
    // back in time, and forth again
    app.clock.move_to(instant("2026-03-03T01:00:00Z"));
    assert_eq!(sweep(&app.platform).await.unwrap(), 0);
    app.clock.move_to(instant("2026-03-20T01:00:00Z"));
    assert_eq!(sweep(&app.platform).await.unwrap(), 0);
    assert_eq!(come(&app, Some(&id)).await, [warned, breached]);
    // done late, it is no breach again
    app.refer(&id, "medical").await;
    sound_chain(&app, &id).await;
}

#[tokio::test]
async fn a_right_lapses_and_the_petition_closes_at_that_instant() {
    let app = TestApp::start().await;
    let id = app.delivered(claim(), "medical").await;
    app.clock.move_to(instant("2026-04-20T03:00:00Z"));
    assert!(sweep(&app.platform).await.unwrap() > 0);
    assert_eq!(sweep(&app.platform).await.unwrap(), 0);
    let over = instant("2026-04-01T16:00:00Z");
    let came: Vec<_> = come(&app, Some(&id)).await;
    let named: Vec<_> = came.iter().filter(|c| c.1 == over).map(|c| (c.0.as_str(), c.2.as_str())).collect();
    let expected =
        [("clock_lapsed", "evaluation_window"), ("clock_lapsed", "review_window"), ("closed", ""), ("clock_breached", "execution")];
    assert_eq!(named, expected, "{came:?}");
    let closed = app.petition(&app.supervisor(), &id).await;
    assert_eq!((closed.stage(), closed.body["closure_reason"].clone()), ("closed".to_owned(), json!("final")));
    assert_eq!(closed.text("/closed_at").parse::<DateTime<Utc>>().unwrap(), over);
    sound_chain(&app, &id).await;
}

/// A thousand petitions in two batches.
async fn crowd(app: &TestApp, n: usize) {
    for part in (0..n).collect::<Vec<_>>().chunks(500) {
        let items: Vec<Value> = part.iter().map(|_| claim()).collect();
        app.desk().post("/petitions/batch", json!({"items": items})).await.expect(207);
    }
}

async fn counted(app: &TestApp, act: &'static str) -> i64 {
    app.rows(move |c| Ok(event::table.filter(event::act.eq(act)).count().get_result(c)?)).await
}

#[tokio::test]
async fn instances_share_the_sweep_and_find_everything_once() {
    let app = TestApp::start().await;
    let other = Platform { db: Db::open(&app.platform.config.database).unwrap(), ..app.platform.clone() };
    crowd(&app, 150).await;
    app.advance(Duration::days(20));
    let (one, two, three) = tokio::join!(sweep(&app.platform), sweep(&other), sweep(&other));
    let again = sweep(&other).await.unwrap();
    other.db.close();
    assert_eq!((one.unwrap() + two.unwrap() + three.unwrap(), again), (150, 0));
    assert_eq!((counted(&app, "clock_warned").await, counted(&app, "clock_breached").await), (150, 150));
    let proposals: i64 = app.rows(|c| Ok(supervision::table.count().get_result(c)?)).await;
    let waiting: i64 = app.rows(|c| Ok(clock::table.filter(clock::next_at.is_not_null()).count().get_result(c)?)).await;
    assert_eq!((proposals, waiting), (150, 0));
}

#[tokio::test]
async fn after_a_day_off_it_catches_up_while_the_desk_goes_on() {
    let app = TestApp::start().await;
    crowd(&app, 1000).await;
    app.advance(Duration::days(16));
    let registering = async {
        for _ in 0..20 {
            app.desk().post("/petitions", claim()).await.expect(201);
        }
    };
    let (swept, ()) = tokio::join!(sweep(&app.platform), registering);
    assert_eq!(swept.unwrap(), 1000);
    assert_eq!((counted(&app, "clock_breached").await, counted(&app, "registered").await), (1000, 1020));
    let oldest: Vec<(Time, i64)> = app
        .rows(|c| {
            let breached = event::table.filter(event::act.eq("clock_breached")).limit(5).select((event::at, event::subject_n));
            Ok(breached.load(c)?)
        })
        .await;
    assert!(oldest.iter().all(|(at, n)| *n == 3 && at.0 == instant("2026-03-17T16:00:00Z")), "{oldest:?}");
}

#[tokio::test]
async fn one_petition_that_cannot_be_swept_does_not_keep_the_others() {
    let app = TestApp::start().await;
    crowd(&app, 50).await;
    let spoilt: Id = app.rows(|c| Ok(clock::table.order(clock::subject_id).offset(20).select(clock::subject_id).first(c)?)).await;
    // a version that is not there
    let spoil = move |c: &mut _| {
        diesel::update(clock::table.filter(clock::subject_id.eq(spoilt))).set(clock::profile_version.eq(99)).execute(c)?;
        Ok(())
    };
    app.platform.db.write(spoil).await.unwrap();
    app.advance(Duration::days(20));
    assert_eq!(sweep(&app.platform).await.unwrap(), 49);
    assert_eq!(counted(&app, "clock_breached").await, 49);
    assert_eq!(sweep(&app.platform).await.unwrap(), 0);
}
