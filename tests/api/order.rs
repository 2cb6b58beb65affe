//! The global order of events: nothing missing, nothing twice, each subject's events as its chain has them, whoever sequences.

use super::harness::{TestApp, claim};
use diesel::prelude::*;
use futures_util::future::join_all;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::future::IntoFuture;
use xinfang::audit::order;
use xinfang::jobs;
use xinfang::platform::db::schema::{event, event_order, event_pending};
use xinfang::platform::db::types::Id;

#[tokio::test]
async fn every_event_gets_one_position_and_chains_stay_in_order() {
    let app = TestApp::start().await;
    let ids: Vec<String> = join_all((0..6).map(|_| app.register(claim()))).await.iter().map(|a| a.id()).collect();
    // two sequencers beside people who write on the same petitions
    let (desk, text) = (app.desk(), json!({"text": "来电询问进展。"}));
    let notes = join_all((0..60).map(|i| desk.post(&format!("/petitions/{}/notes", ids[i % 6]), text.clone()).into_future()));
    let sequencers = async {
        for _ in 0..10 {
            let both = tokio::join!(jobs::order::sequence(&app.platform), jobs::order::sequence(&app.platform));
            both.0.unwrap();
            both.1.unwrap();
        }
    };
    let (notes, ()) = tokio::join!(notes, sequencers);
    assert!(notes.iter().all(|answer| answer.status == 201));
    jobs::order::sequence(&app.platform).await.unwrap();

    let (positions, all, waiting) = app
        .rows(|c| {
            let positions: Vec<(i64, Id, i64)> = event_order::table
                .inner_join(event::table.on(event::id.eq(event_order::event_id)))
                .order(event_order::position)
                .select((event_order::position, event::subject_id, event::subject_n))
                .load(c)?;
            Ok((positions, event::table.count().get_result::<i64>(c)?, event_pending::table.count().get_result::<i64>(c)?))
        })
        .await;
    assert_eq!((positions.len() as i64, waiting), (all, 0));
    assert!(positions.iter().zip(1..).all(|((position, ..), n)| *position == n), "no gaps");
    let mut heads: BTreeMap<Id, i64> = BTreeMap::new();
    for (position, subject, n) in positions {
        let head = heads.entry(subject).or_default();
        assert_eq!(n, *head + 1, "position {position}");
        *head = n;
    }

    // a follower that stops anywhere goes on without missing or repeating anything
    let (mut seen, mut at) = (BTreeSet::new(), 0);
    loop {
        let page = app.rows(move |c| order::after(c, at, 7)).await;
        let Some(last) = page.last() else { break };
        at = last.position;
        assert!(page.iter().all(|event| seen.insert(event.position)));
    }
    assert_eq!((seen.len() as i64, at), (all, app.rows(order::head).await));
}
