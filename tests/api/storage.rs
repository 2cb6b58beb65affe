//! Storage under faults and concurrency: what was acknowledged is there, what failed left nothing.

use super::harness::{TestApp, claim};
use diesel::prelude::*;
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::future::IntoFuture;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use xinfang::platform::db::schema::{event, idempotency, petition};
use xinfang::platform::db::types::{Id, Time};
use xinfang::platform::db::{Conn, Db};
use xinfang::platform::error::{Error, Result};

/// A row nobody asks for anything else.
fn insert(c: &mut Conn, id: Id) -> Result<()> {
    let none = || Vec::<u8>::new();
    let row = (
        idempotency::caller_id.eq(id),
        idempotency::key_hash.eq(none()),
        idempotency::fingerprint.eq(none()),
        idempotency::answer.eq(none()),
        idempotency::expires_at.eq(Time(chrono::DateTime::UNIX_EPOCH)),
    );
    diesel::insert_into(idempotency::table).values(row).execute(c)?;
    Ok(())
}

async fn holds(db: &Db, id: Id) -> bool {
    let found = db.read(move |c| Ok(idempotency::table.filter(idempotency::caller_id.eq(id)).count().get_result::<i64>(c)?));
    found.await.unwrap() == 1
}

#[tokio::test]
async fn a_panic_amid_good_jobs_takes_nobody_along() {
    let app = TestApp::start().await;
    let db = app.platform.db.clone();
    let ids: Vec<Id> = (0..64).map(|_| app.unknown_id()).collect();
    let jobs = ids.iter().copied().enumerate().map(|(i, id)| {
        let db = db.clone();
        async move {
            db.write(move |c| {
                insert(c, id)?;
                match i {
                    13 | 40 => panic!("job {i} panics, as it should in this test"),
                    29 => Err(Error::NotFound),
                    // the transaction must survive a statement that failed
                    50 => insert(c, id),
                    _ => Ok(()),
                }
            })
            .await
        }
    });
    let outcomes = join_all(jobs).await;
    for (i, (outcome, id)) in outcomes.iter().zip(&ids).enumerate() {
        let expected = match i {
            13 | 40 | 50 => matches!(outcome, Err(Error::Internal(_))),
            29 => matches!(outcome, Err(Error::NotFound)),
            _ => outcome.is_ok(),
        };
        assert!(expected, "job {i}: {outcome:?}");
        assert_eq!(holds(&db, *id).await, outcome.is_ok(), "job {i}: kept exactly when told so");
    }
    let after = app.unknown_id();
    db.write(move |c| insert(c, after)).await.unwrap();
    assert!(holds(&db, after).await);
}

#[tokio::test]
async fn a_lost_race_runs_again_with_the_same_ids() {
    let app = TestApp::start().await;
    let (moment, runs) = (app.platform.moment(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&runs);
    let drawn = app.platform.db.write(move |c| {
        let id = moment.draw().id();
        insert(c, id)?;
        if counted.fetch_add(1, Ordering::SeqCst) < 2 { Err(Error::Again) } else { Ok(id) }
    });
    let id = drawn.await.unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 3);
    assert!(holds(&app.platform.db, id).await, "the runs that lost rolled back, or the id would have been taken");
    let never = app.platform.db.write(|_| Err::<(), _>(Error::Again)).await;
    assert!(matches!(never, Err(Error::Again)), "whoever called may tell a race that is never won: {never:?}");
}

#[tokio::test]
async fn background_work_is_done_beside_the_desk() {
    let app = TestApp::start().await;
    let db = &app.platform.db;
    let ids: Vec<Id> = (0..40).map(|_| app.unknown_id()).collect();
    let outcomes = join_all(ids.iter().map(|id| {
        let id = *id;
        async move { (db.write_background(move |c| insert(c, id)).await, db.write(|_| Ok(())).await) }
    }));
    assert!(outcomes.await.iter().all(|(back, desk)| back.is_ok() && desk.is_ok()));
    for id in ids {
        assert!(holds(db, id).await);
    }
    let failed = app.unknown_id();
    let outcome = db.write_background(move |c| insert(c, failed).and(Err::<(), _>(Error::NotFound))).await;
    assert!(matches!(outcome, Err(Error::NotFound)));
    assert!(!holds(db, failed).await);
}

#[tokio::test]
async fn a_closed_database_is_busy_and_has_kept_what_it_told() {
    let app = TestApp::start().await;
    let db = app.platform.db.clone();
    let ids: Vec<Id> = (0..20).map(|_| app.unknown_id()).collect();
    let queued: Vec<_> = ids
        .iter()
        .map(|id| {
            let (db, id) = (db.clone(), *id);
            tokio::spawn(async move { db.write(move |c| insert(c, id)).await })
        })
        .collect();
    tokio::task::yield_now().await;
    let closing = db.clone();
    tokio::task::spawn_blocking(move || closing.close()).await.unwrap();
    let mut c = app.connect();
    for (job, id) in queued.into_iter().zip(ids) {
        let outcome = job.await.unwrap();
        let stored: i64 = idempotency::table.filter(idempotency::caller_id.eq(id)).count().get_result(&mut c).unwrap();
        assert_eq!(stored == 1, outcome.is_ok(), "{outcome:?}");
        assert!(matches!(outcome, Ok(()) | Err(Error::Busy)), "{outcome:?}");
    }
    assert!(matches!(db.write(|_| Ok(())).await, Err(Error::Busy)));
    assert!(matches!(db.write_background(|_| Ok(())).await, Err(Error::Busy)));
    assert!(matches!(db.read(|_| Ok(())).await, Err(Error::Busy)));
    let refused = app.desk().post("/petitions", claim()).await.expect(503).problem("busy");
    assert!(refused.header("retry-after").is_some(), "{refused}");
}

#[tokio::test]
async fn registrations_at_once_are_all_stored_with_whole_chains() {
    let app = TestApp::start().await;
    let desk = app.desk();
    let answers = join_all((0..64).map(|_| async { desk.post("/petitions", claim()).await.expect(201) })).await;
    let ids: Vec<Id> = answers.iter().map(|a| Id(a.id().parse().unwrap())).collect();
    let numbers: std::collections::BTreeSet<_> = answers.iter().map(|a| a.text("/number")).collect();
    assert_eq!(numbers.len(), 64, "no number twice");
    // and notes on one of them, each of which moves the same chain's head
    let path = format!("/petitions/{}/notes", ids[0]);
    let notes = join_all((0..8).map(|i| desk.post(&path, json!({"text": format!("第{i}次来电")})).into_future())).await;
    assert!(notes.iter().all(|a| a.status == 201), "{notes:?}");
    let chains = app.rows(move |c| {
        let mut chains = Vec::new();
        for id in ids {
            let head: (i64, Vec<u8>) = petition::table.find(id).select((petition::event_n, petition::event_hash)).first(c)?;
            let links: Vec<(i64, Vec<u8>, Vec<u8>)> = event::table
                .filter(event::subject_id.eq(id))
                .order(event::subject_n)
                .select((event::subject_n, event::prev_hash, event::hash))
                .load(c)?;
            chains.push((head, links));
        }
        Ok(chains)
    });
    let chains = chains.await;
    assert_eq!(chains[0].1.len(), 1 + notes.len());
    for ((n, hash), links) in chains {
        let mut last = vec![0; 32];
        for ((at, prev, own), expected) in links.iter().zip(1..) {
            assert_eq!((*at, prev), (expected, &last));
            last.clone_from(own);
        }
        assert_eq!((n, hash), (links.len() as i64, last));
    }
}

#[tokio::test]
async fn of_two_acts_on_one_entity_tag_exactly_one_succeeds() {
    let app = TestApp::start().await;
    for _ in 0..8 {
        let id = app.register(claim()).await.id();
        let etag = app.petition(&app.supervisor(), &id).await.etag();
        let (supervisor, path) = (app.supervisor(), format!("/petitions/{id}/referrals"));
        let refer = |unit: &str| {
            let body: Value = json!({"unit_id": app.unit(unit), "mode": "refer"});
            supervisor.post(&path, body).if_match(&etag).into_future()
        };
        let answers = join_all(["medical", "pension", "housing"].map(refer)).await;
        let mut statuses: Vec<u16> = answers.iter().map(|a| a.status).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 412, 412], "{answers:?}");
        let whole = app.supervisor().get(&format!("/petitions/{id}?include=referrals")).await.expect(200);
        let winner = answers.iter().find(|a| a.status == 201).unwrap();
        assert_eq!(whole.body["referrals"].as_array().map(Vec::len), Some(1), "{whole}");
        assert_eq!(whole.body["lead_unit"], winner.body["lead_unit"]);
        for loser in answers.iter().filter(|a| a.status == 412) {
            assert_eq!(loser.text("/current"), winner.etag());
        }
    }
}

#[tokio::test]
async fn one_key_sent_at_once_is_one_petition() {
    let app = TestApp::start().await;
    let (desk, id) = (app.desk(), app.unknown_id());
    let mut body = claim();
    body["id"] = json!(id);
    let answers = join_all((0..6).map(|_| desk.post("/petitions", body.clone()).idempotency_key("once").into_future())).await;
    for answer in &answers {
        assert_eq!((answer.status, answer.id()), (201, id.to_string()), "{answer}");
    }
    let replayed = answers.iter().filter(|a| a.header("idempotency-replayed").is_some()).count();
    assert_eq!(replayed, 5);
    assert_eq!(app.desk().get("/petitions").await.items().len(), 1);
}
