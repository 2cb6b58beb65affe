//! Who opens enclosed papers, what of that is written down, how much is taken, what is swept.

use super::attachments::{files, folder, photograph, place, rows, upload};
use super::harness::{TestApp, claim};
use diesel::prelude::*;
use futures_util::StreamExt;
use xinfang::attachment::storage::{Interruption, receive};
use xinfang::jobs::retention;
use xinfang::platform::db::Conn;
use xinfang::platform::db::schema::{access_log, attachment, attachment_content, attachment_upload};
use xinfang::platform::db::types::{Id, Time};
use xinfang::platform::error::Result;

#[tokio::test]
async fn papers_are_opened_by_who_works_on_the_petition_and_answers_by_all_who_see_it() {
    let app = TestApp::start().await;
    let (desk, id) = (app.desk(), app.register(claim()).await.id());
    let card = place(&upload(&desk, &id, "", "身份证.png", photograph(20, 20), "image/png").await.expect(201));
    let answer = place(&upload(&desk, &id, "?about=answer", "答复.png", photograph(30, 30), "image/png").await.expect(201));
    let shown = app.leader().get(&format!("/petitions/{id}")).await.expect(200);
    assert!(shown.body["masked"].as_array().is_some_and(|masked| !masked.is_empty()), "the masks' rule is the rule of papers");
    let listed = app.leader().get(&format!("/petitions/{id}/attachments")).await.expect(200);
    assert_eq!(listed.items().len(), 2);
    for below in ["content", "thumbnail"] {
        app.leader().get(&format!("{card}/{below}")).await.expect(403).problem("papers_not_shown");
        app.leader().get(&format!("{answer}/{below}")).await.expect(200);
        for who in [app.desk(), app.supervisor()] {
            who.get(&format!("{card}/{below}")).await.expect(200);
        }
        app.by("finance_officer").get(&format!("{card}/{below}")).await.expect(404);
    }
    upload(&desk, &id, &format!("?about=answer&about_id={id}"), "答复.png", photograph(30, 30), "image/png")
        .await
        .expect(422)
        .only_faults(&[("/about_id", "about_not_expected")]);
}

#[tokio::test]
async fn every_download_is_on_record() {
    let app = TestApp::start().await;
    let (desk, id) = (app.desk(), app.register(claim()).await.id());
    let card = place(&upload(&desk, &id, "", "身份证.png", photograph(20, 20), "image/png").await.expect(201));
    let content = desk.get(&format!("{card}/content")).await.expect(200);
    desk.get(&format!("{card}/content")).await.expect(200);
    desk.get(&format!("{card}/thumbnail")).await.expect(200);
    // nothing is opened by these
    desk.get(&format!("{card}/content")).header("if-none-match", &content.etag()).await.expect(304);
    desk.get(&card).await.expect(200);
    app.leader().get(&format!("{card}/content")).await.expect(403);
    let subject = Id(id.parse().unwrap());
    let log: Vec<(Option<Id>, Option<String>)> = app
        .rows(move |c| {
            let of_it = access_log::table.filter(access_log::kind.eq("attachment")).filter(access_log::subject_id.eq(subject));
            Ok(of_it.select((access_log::account_id, access_log::detail)).load(c)?)
        })
        .await;
    let who = desk.actor.as_ref().unwrap().id();
    assert!(log.iter().all(|(account, _)| *account == Some(who)));
    let mut told: Vec<&str> = log.iter().map(|(_, detail)| detail.as_deref().unwrap().split(' ').nth(1).unwrap()).collect();
    told.sort_unstable();
    assert_eq!(told, ["content", "content", "thumbnail"]);
}

#[tokio::test]
async fn a_petition_holds_so_much_and_an_account_brings_so_much() {
    let app = TestApp::start().await;
    let (desk, id, other) = (app.desk(), app.register(claim()).await.id(), app.register(claim()).await.id());
    upload(&desk, &id, "", "first.txt", "一", "text/plain").await.expect(201);
    let fill = |petition: &str, by: Id, many: usize| {
        let (petition, ids) = (Id(petition.parse().unwrap()), (0..many).map(|_| app.unknown_id()).collect::<Vec<_>>());
        let at = Time(app.now());
        app.platform.db.write(move |c: &mut Conn| -> Result<()> {
            let sha: Vec<u8> = attachment_content::table.select(attachment_content::sha256).first(c)?;
            for id in &ids {
                let row = (
                    attachment::id.eq(*id),
                    attachment::petition_id.eq(petition),
                    attachment::about.eq("petition"),
                    attachment::name.eq("a.txt"),
                    attachment::sha256.eq(sha.clone()),
                    attachment::added_at.eq(at),
                    attachment::added_by.eq(by),
                );
                diesel::insert_into(attachment::table).values(row).execute(c)?;
            }
            Ok(())
        })
    };
    let (mine, theirs) = (desk.actor.as_ref().unwrap().id(), app.supervisor().actor.unwrap().id());
    fill(&id, theirs, 199).await.unwrap();
    upload(&desk, &id, "", "last.txt", "二", "text/plain").await.expect(409).problem("files_too_many");
    // what is there already is answered as the first time
    upload(&desk, &id, "", "first.txt", "一", "text/plain").await.expect(201);
    assert_eq!(rows(&app).await, [200, 1, 0], "nothing of it is kept");
    fill(&other, mine, 599).await.unwrap();
    let refused = upload(&desk, &id, "", "first.txt", "一", "text/plain").await.expect(429).problem("too_many_requests");
    assert_eq!(refused.header("retry-after"), Some("3600"));
    let third = app.register(claim()).await.id();
    upload(&app.supervisor(), &third, "", "a.txt", "三", "text/plain").await.expect(201);
    app.advance(chrono::Duration::minutes(61));
    upload(&desk, &third, "", "b.txt", "四", "text/plain").await.expect(201);
    // few files, but large ones
    let grow = |c: &mut Conn| -> Result<()> {
        diesel::update(attachment_content::table).set(attachment_content::size.eq(20 * 1024 * 1024)).execute(c)?;
        Ok(())
    };
    fill(&third, theirs, 23).await.unwrap();
    app.platform.db.write(grow).await.unwrap();
    upload(&desk, &third, "", "c.txt", "五", "text/plain").await.expect(409).problem("files_too_large");
}

#[tokio::test]
async fn what_a_killed_write_left_is_swept_when_it_is_old() {
    let app = TestApp::start().await;
    let object = app.unknown_id();
    let name = object.to_string();
    let below = folder(&app).join(&name[name.len() - 2..]);
    let leave = || {
        std::fs::create_dir_all(&below).unwrap();
        for fragment in [format!("{name}#1"), format!("thumbnail-{name}#1"), name.clone()] {
            std::fs::write(below.join(fragment), "half").unwrap();
        }
    };
    leave();
    let at = Time(app.now());
    let begun = move |c: &mut Conn| -> Result<()> {
        let row = (attachment_upload::object_id.eq(object), attachment_upload::begun_at.eq(at));
        diesel::insert_into(attachment_upload::table).values(row).execute(c)?;
        Ok(())
    };
    app.platform.db.write(begun).await.unwrap();
    retention::forget(&app.platform).await.unwrap();
    assert_eq!(files(&folder(&app)), 3, "it may still be on its way");
    app.advance(chrono::Duration::hours(25));
    // one that can't be removed: a folder of its name that holds something
    let (stuck, at) = (app.unknown_id(), Time(app.now() - chrono::Duration::hours(30)));
    let held = folder(&app).join(&stuck.to_string()[34..]).join(format!("{stuck}#1"));
    std::fs::create_dir_all(held.join("in the way")).unwrap();
    let begun = move |c: &mut Conn| -> Result<()> {
        let row = (attachment_upload::object_id.eq(stuck), attachment_upload::begun_at.eq(at));
        diesel::insert_into(attachment_upload::table).values(row).execute(c)?;
        Ok(())
    };
    app.platform.db.write(begun).await.unwrap();
    retention::forget(&app.platform).await.unwrap();
    assert_eq!(files(&folder(&app)), 0);
    assert_eq!(rows(&app).await, [0, 0, 1], "the one before it did not keep it from that");
}

#[tokio::test]
async fn what_takes_half_a_day_is_broken_off_before_the_sweep_would_meet_it() {
    let app = TestApp::start().await;
    let clock = app.clock.clone();
    let slow = futures_util::stream::iter(0..3).map(move |n| {
        clock.move_to("2026-03-02T01:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap() + chrono::Duration::hours(7 * n));
        Ok::<_, std::io::Error>(bytes::Bytes::from_static(b"a"))
    });
    let broken = receive(&app.platform, true, slow).await;
    assert!(matches!(broken, Err(Interruption::BrokenOff)), "{broken:?}");
    app.advance(chrono::Duration::hours(25));
    retention::forget(&app.platform).await.unwrap();
    assert_eq!((rows(&app).await, files(&folder(&app))), ([0, 0, 0], 0));
}
