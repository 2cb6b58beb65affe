//! One visit for an occasion: whoever opens it at once, whatever profiles are merged, however late a visit is told of.

use super::harness::{TestApp, claim};
use super::visit_changes::{change, merge, of, unmerge};
use super::visits::{instant, kept, list, made, opened, record, sound, told};
use futures_util::future::join_all;
use serde_json::{Value, json};
use xinfang::jobs::visits::plan;

/// The ids of somebody's tasks in a state, by reason.
async fn ids(app: &TestApp, retiree: &str, more: &str) -> Vec<String> {
    let tasks = list(&app.desk(), &format!("retiree_id={retiree}&{more}")).await;
    tasks.iter().map(|task| task["id"].as_str().unwrap().to_owned()).collect()
}

async fn state(app: &TestApp, task: &str) -> (Value, Value, Value) {
    let task = app.desk().get(&format!("/visit-tasks/{task}")).await.expect(200);
    (task.body["state"].clone(), task.body["cancelled_for"].clone(), task.body["retiree_id"].clone())
}

/// The same person on file twice.
async fn twice(app: &TestApp, born: &str) -> (String, String) {
    let one = kept(app, "褚玉兰", json!({"birth_date": born})).await;
    (one, kept(app, "褚玉兰", json!({"birth_date": born, "double_of_none": true})).await)
}

#[tokio::test]
async fn however_many_open_the_visit_of_a_stay_in_hospital_at_once_it_is_one() {
    let app = TestApp::start().await;
    for _ in 0..4 {
        let retiree = kept(&app, "褚玉兰", json!({"double_of_none": true})).await;
        let etag = app.desk().get(&format!("/retirees/{retiree}")).await.etag();
        let mut petition = claim();
        petition["intake_place"] = json!("hospital");
        petition["wants_visit"] = json!(true);
        petition["parties"][0] = json!({"role": "petitioner", "name": "褚玉兰", "retiree_id": retiree});
        let body = json!({"retiree_id": retiree, "reason": "hospital"});
        let (officer, desk) = (app.officer(), app.desk());
        let by_hand = join_all((0..6).map(|_| async { officer.post("/visit-tasks", body.clone()).await.status }));
        let told = async { desk.patch(&format!("/retirees/{retiree}"), json!({"in_hospital": true})).if_match(&etag).await.expect(200) };
        let came = async { desk.post("/petitions", petition.clone()).await.expect(201) };
        let (by_hand, _, _) = tokio::join!(by_hand, told, came);
        assert!(by_hand.iter().all(|status| [201, 409].contains(status)), "{by_hand:?}");
        assert!(by_hand.iter().filter(|status| **status == 201).count() <= 1, "{by_hand:?}");
        assert_eq!(ids(&app, &retiree, "reason=hospital").await.len(), 1);
    }
    sound(&app).await;
}

#[tokio::test]
async fn a_visit_opened_while_a_profile_is_merged_is_owed_to_whoever_goes_on() {
    let app = TestApp::start().await;
    for n in 0..4 {
        let (one, two) = twice(&app, &format!("1946-06-2{n}")).await;
        let path = format!("/retirees/{one}");
        let etag = app.desk().get(&path).await.etag();
        let desk = app.desk();
        let merging =
            async { desk.post(&format!("{path}/merge"), json!({"into": two, "reason": "重复建档"})).if_match(&etag).await.expect(200) };
        let opening = join_all((0..4).map(|_| opened(&app, &one, "disaster")));
        tokio::join!(merging, opening);
        assert_eq!(ids(&app, &one, "state=open").await.len(), 0, "nothing is left with a profile that does not go on");
        assert_eq!(ids(&app, &two, "reason=disaster").await.len(), 4);
    }
    sound(&app).await;
}

#[tokio::test]
async fn what_was_done_or_declined_before_a_merge_is_not_planned_for_whoever_goes_on() {
    let app = TestApp::start().await;
    for (n, given_up) in [false, true].into_iter().enumerate() {
        // 80 on 3 March and the day after; one is planned before the other is on file
        let born = format!("1946-03-0{}", 3 + n);
        let one = kept(&app, "褚玉兰", json!({"birth_date": born})).await;
        app.clock.move_to(instant("2026-03-02T01:00:00Z") + chrono::Duration::days(i64::try_from(n).unwrap()));
        plan(&app.platform).await.unwrap();
        let task = ids(&app, &one, "reason=birthday").await.pop().unwrap();
        if given_up {
            super::visit_changes::cancel(&app.officer(), &task, "declined").await;
        } else {
            record(&app.officer(), &task, made("2026-03-02T00:30:00Z")).await.expect(201);
        }
        let two = kept(&app, "褚玉兰", json!({"birth_date": born, "double_of_none": true})).await;
        merge(&app, &one, &two).await;
        assert!(of(&app, &two).await.is_empty(), "nothing is owed: {given_up}");
        let ended = if given_up { "cancelled" } else { "done" };
        assert_eq!(ids(&app, &two, &format!("state={ended}")).await, std::slice::from_ref(&task), "it is theirs by now");
        // by themselves again: the other was never visited
        unmerge(&app, &one).await;
        assert_eq!(of(&app, &two).await, [told("birthday", "open", &born.replace("1946", "2026"))]);
        assert!(of(&app, &one).await.is_empty());
        assert_eq!(state(&app, &task).await.2, json!(one));
    }
    sound(&app).await;
}

#[tokio::test]
async fn a_visit_made_before_a_merge_and_told_after_it_counts_for_whoever_goes_on() {
    let app = TestApp::start().await;
    let (one, two) = twice(&app, "1946-03-03").await;
    assert_eq!(plan(&app.platform).await.unwrap(), 2);
    for retiree in [&one, &two] {
        change(&app, retiree, json!({"in_hospital": true})).await;
    }
    let (theirs, stay) = (ids(&app, &one, "reason=birthday").await, ids(&app, &one, "reason=hospital").await);
    let (goes_on, goes_on_stay) = (ids(&app, &two, "reason=birthday").await, ids(&app, &two, "reason=hospital").await);
    app.advance(chrono::Duration::hours(2));
    merge(&app, &one, &two).await;
    assert_eq!(state(&app, &theirs[0]).await, (json!("cancelled"), json!("merged"), json!(two)));
    // a phone that was offline tells of them now: 09:30 and 10:00, the merge was at 11:00
    record(&app.officer(), &theirs[0], made("2026-03-02T01:30:00Z")).await.expect(201);
    record(&app.officer(), &stay[0], made("2026-03-02T02:00:00Z")).await.expect(201);
    for (task, twin) in [(&theirs, &goes_on), (&stay, &goes_on_stay)] {
        assert_eq!(state(&app, &task[0]).await, (json!("done"), json!(null), json!(two)));
        assert_eq!(state(&app, &twin[0]).await, (json!("cancelled"), json!("merged"), json!(two)));
    }
    assert!(of(&app, &two).await.is_empty(), "nothing is owed a second time");
    assert_eq!(plan(&app.platform).await.unwrap(), 0);
    // what is told of the twin is kept; the occasion is seen to
    record(&app.officer(), &goes_on[0], made("2026-03-02T01:00:00Z")).await.expect(201);
    assert_eq!(state(&app, &goes_on[0]).await.0, json!("cancelled"));
    unmerge(&app, &one).await;
    let mut owed = of(&app, &two).await;
    owed.sort();
    assert_eq!(owed, [told("birthday", "open", "2026-03-03"), told("hospital", "open", "2026-03-03")]);
    assert!(of(&app, &one).await.is_empty(), "they were visited");
    sound(&app).await;
}

#[tokio::test]
async fn visits_of_a_task_come_page_by_page() {
    let app = TestApp::start().await;
    let retiree = kept(&app, "褚玉兰", json!({})).await;
    let (task, other) = (opened(&app, &retiree, "disaster").await.id(), opened(&app, &retiree, "disaster").await.id());
    let mut expected = Vec::new();
    for minute in [10, 10, 20, 30, 40] {
        let visit = record(&app.officer(), &task, made(&format!("2026-03-02T00:{minute}:00Z"))).await.expect(201);
        expected.push((visit.text("/made_at"), visit.id()));
    }
    expected.sort();
    let path = format!("/visit-tasks/{task}/visits");
    let (mut seen, mut cursor, mut first) = (Vec::new(), String::new(), None);
    loop {
        let page = app.officer().get(&format!("{path}?limit=2{cursor}")).await.expect(200);
        seen.extend(
            page.items().iter().map(|visit| (visit["made_at"].as_str().unwrap().to_owned(), visit["id"].as_str().unwrap().to_owned())),
        );
        let Some(next) = page.body["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
        first.get_or_insert(cursor.clone());
    }
    assert_eq!(seen, expected);
    let theirs = first.unwrap();
    app.officer().get(&format!("/visit-tasks/{other}/visits?limit=2{theirs}")).await.expect(400);
    app.head().get(&format!("{path}?limit=2{theirs}")).await.expect(400);
    app.officer().get(&format!("{path}?limit=0")).await.expect(400);
    app.discipline().get(&path).await.expect(404);
    // a visit is one of its task
    app.officer().get(&format!("{path}/{}", expected[0].1)).await.expect(200);
    app.officer().get(&format!("/visit-tasks/{other}/visits/{}", expected[0].1)).await.expect(404);
    app.discipline().get(&format!("{path}/{}", expected[0].1)).await.expect(404);
}
