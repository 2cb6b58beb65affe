//! Random histories by random people, and what the procedure says holds after each act and of each trail.

use super::harness::{Answer, Persona, TestApp, accusation, claim, suggestion};
use chrono::{Duration, NaiveDateTime};
use diesel::prelude::*;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use xinfang::platform::db::schema::{event, petition};
use xinfang::platform::db::types::{Id, Time};

const HISTORIES: u32 = 40;
const ACTS: usize = 15;
const PEOPLE: [&str; 9] = ["desk", "desk2", "officer", "head", "supervisor", "discipline", "pension_officer", "finance_officer", "leader"];
/// What brings a petition on; random choice alone would rarely get far.
const ONWARD: [&str; 4] = ["refer", "accept", "issue_opinion", "deliver"];
const STAGES: [&str; 7] = ["registered", "referred", "handling", "decided", "delivered", "under_review", "closed"];

/// What somebody tries.
#[derive(Debug, Clone, Copy)]
struct Step {
    who: u8,
    act: u8,
    /// Whether they look first at what is allowed.
    looks: bool,
    minutes: u16,
}

fn histories() -> impl Strategy<Value = (u8, Vec<Step>)> {
    let step = (any::<u8>(), any::<u8>(), proptest::bool::weighted(0.75), 0..20_000_u16);
    (0..3_u8, vec(step.prop_map(|(who, act, looks, minutes)| Step { who, act, looks, minutes }), 1..=ACTS))
}

/// Checks a subject's chain by itself: every hash is its body's, every body names the hash before. Gives the acts.
pub async fn sound_chain(app: &TestApp, subject: &str) -> Vec<String> {
    let id = Id(subject.parse().unwrap());
    type Link = (i64, String, String, Vec<u8>, Vec<u8>);
    let rows: Vec<Link> = app
        .rows(move |c| {
            let columns = (event::subject_n, event::act, event::body, event::prev_hash, event::hash);
            Ok(event::table.filter(event::subject_id.eq(id)).order(event::subject_n).select(columns).load(c)?)
        })
        .await;
    let mut before = vec![0; 32];
    for (place, (n, _, body, prev, hash)) in (1..).zip(&rows) {
        assert_eq!(*n, place, "{subject} has a gap");
        assert_eq!((prev, hash), (&before, &Sha256::digest(body.as_bytes()).to_vec()), "event {n} of {subject}");
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["prev_hash"], data_encoding::HEXLOWER.encode(prev));
        before.clone_from(hash);
    }
    rows.into_iter().map(|(_, act, ..)| act).collect()
}

/// What the row says.
#[derive(Debug, Clone, PartialEq, Queryable)]
struct Row {
    stage: String,
    lead: Option<Id>,
    version: i64,
    event_n: i64,
    event_hash: Vec<u8>,
    received_at: Time,
    registered_at: Time,
}

async fn row(app: &TestApp, id: &str) -> Row {
    let id = Id(id.parse().unwrap());
    let columns = (
        petition::stage,
        petition::lead_unit,
        petition::version,
        petition::event_n,
        petition::event_hash,
        petition::received_at,
        petition::registered_at,
    );
    app.rows(move |c| Ok(petition::table.find(id).select(columns).first(c)?)).await
}

/// A call that fits the act, for a petition of this kind.
async fn attempt(app: &TestApp, who: &Persona<'_>, id: &str, act: &str, reason: &str, kind: &str, etag: &str) -> Answer {
    let at = |below: &str| format!("/petitions/{id}{below}");
    let opinion = match kind {
        "claim" => {
            json!({"outcome": "supported", "facts": "已查", "opinion": "支持", "legal_basis": "《社会保险法》第二十八条", "reason": "更正"})
        }
        "suggestion" => json!({"adoption": "partly", "opinion": "部分采纳", "reason": "更正"}),
        _ => json!({"outcome": "unsubstantiated", "opinion": "未发现", "reason": "更正"}),
    };
    let unit = app.unit(if kind == "accusation" { "discipline" } else { "medical" });
    let call = match act {
        "correct" => who.patch(&at(""), json!({"reason": "写错", "title": "更正"})),
        "add_party" => who.post(&at("/parties"), json!({"role": "co_petitioner", "name": "吕素珍"})),
        "add_note" => who.post(&at("/notes"), json!({"text": "记录"})),
        "add_attachment" => {
            let file = who.call(Method::POST, &at("/attachments")).header("content-disposition", "attachment; filename=a.txt");
            // the same again would be the same one
            file.raw_body(format!("附于 {}", row(app, id).await.event_n), "text/plain")
        }
        "request_review" => who.post(&at("/reviews"), json!({"grounds": "不服"})),
        "decide_review" => {
            let decision = ["uphold", "change", "revoke"][usize::from(etag.bytes().fold(0, |sum, byte| sum ^ byte) % 3)];
            let mut body = json!({"decision": decision, "opinion": "复查意见", "legal_basis": "《信访工作条例》第三十五条"});
            if decision == "change" {
                body["outcome"] = json!("supported");
            }
            who.put(&at(&format!("/reviews/{}/decision", app.last_review(id).await)), body)
        }
        "deliver_notice" => {
            let notice = app.last_notice(id).await;
            who.put(&at(&format!("/notices/{notice}/delivery")), json!({"method": "post", "receipt": "confirmed"}))
        }
        "give_notice" => who.post(&at("/notices"), json!({"method": "post"})),
        "refer" => who.post(&at("/referrals"), json!({"unit_id": unit, "mode": "refer", "note": "请办理"})),
        "assign" => who.post(
            &at("/referrals"),
            json!({"unit_id": unit, "mode": "assign", "report_due": app.now().date_naive() + chrono::Days::new(90), "note": "报告结果"}),
        ),
        "object" | "decide_objection" | "recall" | "submit_report" => {
            let referral = at(&format!("/referrals/{}", app.last_referral(id).await));
            let upheld = etag.bytes().fold(0, |sum, byte| sum ^ byte) % 2 == 0;
            match act {
                "object" => who.post(&format!("{referral}/objection"), json!({"reason": "不属本科职责"})),
                "decide_objection" => who.put(&format!("{referral}/objection/decision"), json!({"upheld": upheld, "reason": "按职责分工"})),
                "recall" => who.delete(&referral).json(&json!({"reason": "转错"})),
                _ => who.put(&format!("{referral}/report"), json!({"report": "已办结"})),
            }
        }
        "ask_assistance" => {
            let asked = app.open_questions(id).await;
            let free = ["finance", "pension", "housing", "community"].map(|code| app.unit(code));
            let unit = free.iter().find(|unit| !asked.iter().any(|(_, of)| of == *unit)).unwrap_or(&free[0]);
            // tomorrow in the office: never beyond the lead's own day
            let due_on = super::recount::day(app.now()) + chrono::Days::new(1);
            who.post(&at("/assistance"), json!({"unit_id": unit, "question": "请核对", "mandatory": free[1] != *unit, "due_on": due_on}))
        }
        "answer_assistance" | "cancel_assistance" => {
            let (asked, own) = (app.open_questions(id).await, json!(who.actor.as_ref().unwrap().unit_id));
            let theirs = asked.iter().find(|(_, unit)| act == "cancel_assistance" || own == **unit).or(asked.first());
            let one = at(&format!("/assistance/{}", theirs.map_or_else(|| app.unknown_id().to_string(), |(question, _)| question.clone())));
            match act {
                "answer_assistance" => who.put(&format!("{one}/answer"), json!({"answer": "已核对"})),
                _ => who.delete(&one).json(&json!({"reason": "不再需要"})),
            }
        }
        "recuse" => who.post(&at("/recusals"), json!({"staff_id": who.id(), "reason": "近亲属"})),
        "lift_recusal" => {
            let recusal = app.last_recusal(id).await;
            who.delete(&at(&format!("/recusals/{recusal}"))).json(&json!({"reason": "并非近亲属"}))
        }
        "reopen" => who.delete(&at("/closure")).json(&json!({"reason": "信访人未同意办结"})),
        "set_officer" => who.put(&at("/officer"), json!({"staff_id": null})),
        "instruct" => who.post(&at("/instructions"), json!({"text": "请尽快办理"})),
        "take_charge" => {
            let next_look = app.now().date_naive() + chrono::Days::new(10);
            who.put(&at("/leader-case"), json!({"leader_id": app.leader().id(), "next_look": next_look}))
        }
        "join_policy_issue" => {
            let issue = app.open_policy_issue().await;
            who.put(&at("/policy-issue"), json!({"policy_issue_id": issue}))
        }
        "leave_policy_issue" => who.delete(&at("/policy-issue")).json(&json!({"reason": "成因不同"})),
        "release_charge" => who.delete(&at("/leader-case")).json(&json!({"result": "已落实"})),
        "record_contact" => who.post(&at("/contacts"), json!({"how": "phone", "text": "电话核对"})),
        "open_hearing" => who.post(&at("/hearings"), json!({"topic": "报销范围"})),
        "end_hearing" => {
            let hearing = app.last_hearing(id).await;
            who.patch(&at(&format!("/hearings/{hearing}")), json!({"conclusion": "应当报销"}))
        }
        "mediate" => who.post(&at("/mediations"), json!({"result": "agreed", "agreement": "双方同意补发"})),
        "supervise" => {
            who.post(&at("/supervisions"), json!({"reason": "请说明进展", "due_on": app.now().date_naive() + chrono::Days::new(10)}))
        }
        "confirm_supervision" | "dismiss_supervision" | "answer_supervision" | "lift_supervision" => {
            let states: &[&str] = match act {
                "confirm_supervision" | "dismiss_supervision" => &["proposed"],
                "answer_supervision" => &["open"],
                _ => &["open", "answered"],
            };
            let unit = json!(who.actor.as_ref().unwrap().unit_id);
            let all = app.supervisor().get(&at("/supervisions?limit=200")).await.expect(200);
            let fits =
                |s: &&Value| states.iter().any(|state| s["state"] == *state) && (act != "answer_supervision" || s["unit_id"] == unit);
            let meant =
                all.items().iter().find(fits).map_or_else(|| app.unknown_id().to_string(), |s| s["id"].as_str().unwrap().to_owned());
            let body = match act {
                "confirm_supervision" => json!({"status": "open", "due_on": app.now().date_naive() + chrono::Days::new(10)}),
                "dismiss_supervision" => json!({"status": "dismissed", "reason": "已说明"}),
                "answer_supervision" => json!({"answer": "正在办理"}),
                _ => json!({"status": "lifted", "reason": "已整改"}),
            };
            who.patch(&at(&format!("/supervisions/{meant}")), body)
        }
        "accept" => who.post(&at("/acceptance"), json!({"notice": {"method": "in_person"}})),
        "issue_opinion" | "correct_opinion" => who.put(&at("/opinion"), opinion),
        "request_extension" => who.post(&at("/extensions"), json!({"days": 30, "reason": "调取病历"})),
        "decide_extension" => {
            let last = app.last_extension(id).await;
            // as good as drawn
            let approved = etag.bytes().fold(0, |sum, byte| sum ^ byte) % 2 == 0;
            who.put(&at(&format!("/extensions/{last}/decision")), json!({"approved": approved, "note": "抓紧"}))
        }
        "mark_urgent" => who.put(&at("/urgency"), json!({"reason": "病情加重"})),
        "unmark_urgent" => who.delete(&at("/urgency")).json(&json!({"reason": "已缓解"})),
        "record_urgent_report" => who.put(&at("/urgency/report"), json!({"reported_to": "值班领导"})),
        "reissue_query_code" => who.post(&at("/query-code"), json!({"reason": "回执遗失"})),
        "set_priority" => who.put(&at("/priority"), json!({"level": "raised", "reason": "独居"})),
        "link_matter" => {
            // another one of the same kind, registered for it
            let other = app.register(match kind {
                "claim" => claim(),
                "suggestion" => suggestion(),
                _ => accusation(app.office().unit("medical")),
            });
            let other = other.await.id();
            app.refer(&other, if kind == "accusation" { "discipline" } else { "medical" }).await;
            who.put(&at("/matter"), json!({"petition_id": other, "confirmed": true}))
        }
        "unlink_matter" => who.delete(&at("/matter")).json(&json!({"reason": "不是同一件事"})),
        "end_party" | "report_death" => {
            let active = taking_part(app, id).await;
            let nobody = app.unknown_id().to_string();
            let (first, last) = (active.first().unwrap_or(&nobody), active.last().unwrap_or(&nobody));
            match act {
                "end_party" => who.delete(&at(&format!("/parties/{last}"))).json(&json!({"reason": "不再参与"})),
                _ => who.put(&at(&format!("/parties/{first}/status")), json!({"status": "deceased"})),
            }
        }
        "confirm_own_will" => {
            let first = app.first_party(id).await;
            who.put(&at(&format!("/parties/{first}/own-will")), json!({"confirmed_at": app.now(), "how": "phone"}))
        }
        "answer_heirs" => {
            let heir = json!({"role": "petitioner", "name": "吕小敏", "relation": "女儿"});
            let goes_on = etag.bytes().fold(0, |sum, byte| sum ^ byte) % 2 == 0;
            who.put(&at("/heirs-inquiry"), if goes_on { json!({"answer": "continue", "party": heir}) } else { json!({"answer": "none"}) })
        }
        "deliver" => who.post(&at("/deliveries"), json!({"method": "in_person", "receipt": "signed"})),
        "evaluate_office" => who.put(&at("/evaluations/office"), json!({"score": "dissatisfied", "reason": "太慢"})),
        "evaluate_unit" => who.put(&at("/evaluations/unit"), json!({"score": "satisfied", "reason": "改了主意"})),
        "withdraw" => {
            // everybody whose petition it is
            who.post(&at("/withdrawal"), json!({"party_ids": taking_part(app, id).await}))
        }
        "close" if reason == "diverted" => who.post(&at("/closure"), json!({"reason": reason, "note": "应由仲裁处理", "route": 2})),
        "close" => who.post(&at("/closure"), json!({"reason": reason, "note": "已说明"})),
        other => panic!("`{other}` is allowed and this test does not know how to do it"),
    };
    call.if_match(etag).await
}

/// Ids of the people who take part; here all of them are petitioners.
async fn taking_part(app: &TestApp, id: &str) -> Vec<String> {
    let seen = app.petition(&app.supervisor(), id).await;
    let active = seen.body["parties"].as_array().unwrap().iter().filter(|p| p["status"] == "active");
    active.map(|p| p["id"].as_str().unwrap().to_owned()).collect()
}

const KNOWN: [&str; 56] = [
    "reopen",
    "supervise",
    "confirm_supervision",
    "dismiss_supervision",
    "answer_supervision",
    "lift_supervision",
    "recuse",
    "lift_recusal",
    "set_officer",
    "instruct",
    "take_charge",
    "release_charge",
    "join_policy_issue",
    "leave_policy_issue",
    "record_contact",
    "open_hearing",
    "end_hearing",
    "mediate",
    "request_review",
    "decide_review",
    "deliver_notice",
    "ask_assistance",
    "answer_assistance",
    "cancel_assistance",
    "assign",
    "object",
    "decide_objection",
    "recall",
    "submit_report",
    "confirm_own_will",
    "reissue_query_code",
    "add_attachment",
    "end_party",
    "report_death",
    "answer_heirs",
    "link_matter",
    "unlink_matter",
    "mark_urgent",
    "unmark_urgent",
    "record_urgent_report",
    "set_priority",
    "correct",
    "add_party",
    "add_note",
    "give_notice",
    "refer",
    "accept",
    "request_extension",
    "decide_extension",
    "issue_opinion",
    "correct_opinion",
    "deliver",
    "evaluate_office",
    "evaluate_unit",
    "withdraw",
    "close",
];
const REASONS: [&str; 8] =
    ["deceased_without_successor", "linked", "answered_on_the_spot", "directed_elsewhere", "diverted", "voided", "final", "mediated"];

fn holds(condition: bool, what: impl FnOnce() -> String) -> Result<(), TestCaseError> {
    if condition { Ok(()) } else { Err(TestCaseError::fail(what())) }
}

fn texts(seen: &Answer, member: &str) -> Vec<String> {
    let array = seen.body[member].as_array();
    array.into_iter().flatten().filter_map(|v| v.as_str()).map(str::to_owned).collect()
}

async fn take(app: &TestApp, id: &str, kind: &str, step: Step) -> Result<(), TestCaseError> {
    app.advance(Duration::minutes(i64::from(step.minutes)));
    let who = app.by(PEOPLE[usize::from(step.who) % PEOPLE.len()]);
    let seen = who.get(&format!("/petitions/{id}")).await;
    let (allowed, reasons) = (texts(&seen, "allowed_actions"), texts(&seen, "allowed_closure_reasons"));
    let (act, reason) = if step.looks && !allowed.is_empty() {
        let times = |act: &String| if ONWARD.contains(&act.as_str()) { 6 } else { 1 };
        let weighted: Vec<&String> = allowed.iter().flat_map(|act| std::iter::repeat_n(act, times(act))).collect();
        let act = weighted[usize::from(step.act) % weighted.len()].clone();
        let reason = reasons.get(usize::from(step.act) % reasons.len().max(1)).cloned().unwrap_or_default();
        (act, reason)
    } else {
        (KNOWN[usize::from(step.act) % KNOWN.len()].to_owned(), REASONS[usize::from(step.act) % REASONS.len()].to_owned())
    };
    let before = row(app, id).await;
    let etag = if seen.status == 200 { seen.etag() } else { format!("\"{}-000000000000\"", before.version) };
    let answer = attempt(app, &who, id, &act, &reason, kind, &etag).await;
    let after = row(app, id).await;
    let done = (200..300).contains(&answer.status);
    // the stage says which of the two an opinion is
    let named = |act: &str| allowed.iter().any(|a| a == act || (a.ends_with("_opinion") && act.ends_with("_opinion")));
    let listed = named(&act) && (act != "close" || reasons.contains(&reason));
    holds(done == listed, || format!("{act} {reason} as {} was {}listed:\n{answer}", who.name, if listed { "" } else { "not " }))?;
    holds(done || before == after, || format!("a refused act left a trace: {before:?}, {after:?}\n{answer}"))?;
    holds(!done || after.event_n > before.event_n, || format!("an act without an event:\n{answer}"))?;
    let led = ["referred", "handling", "decided", "delivered", "under_review"].contains(&after.stage.as_str());
    holds(after.lead.is_some() || !led, || format!("nobody leads it: {after:?}"))?;
    holds(after.lead.is_none() || after.stage != "registered", || format!("somebody leads it: {after:?}"))?;
    let barred = kind == "accusation" && ["officer", "head"].contains(&who.name.as_str());
    // 403 is by role, before anything is looked up
    holds(!barred || [403, 404].contains(&answer.status) && seen.status == 404, || format!("the accused know of it:\n{answer}"))?;
    holds(kind != "accusation" || after.lead != Some(app.office().unit("medical")), || "the accused lead it".to_owned())
}

/// The trail tells where the petition stands, without a look at its row.
async fn retold(app: &TestApp, id: &str) -> Result<(), TestCaseError> {
    let stored = row(app, id).await;
    let acts = sound_chain(app, id).await;
    holds(acts.len() as i64 == stored.event_n, || format!("{acts:?} are not all events of {stored:?}"))?;
    let trail = app.supervisor().get(&format!("/petitions/{id}/events?limit=200")).await.expect(200);
    let (mut stage, mut lead) = (Value::Null, Value::Null);
    let mut latest: Option<NaiveDateTime> = None;
    let mut order = Vec::new();
    for event in trail.items() {
        let at: chrono::DateTime<chrono::Utc> = event["at"].as_str().unwrap().parse().unwrap();
        holds(latest.is_none_or(|before| before <= at.naive_utc()), || format!("time runs backwards:\n{trail}"))?;
        latest = Some(at.naive_utc());
        let change = &event["changes"]["stage"];
        if !change.is_null() {
            holds(change["from"] == stage && change["from"] != change["to"], || format!("from {stage} to {change}:\n{trail}"))?;
            holds(stage != "closed" || event["act"] == "review_requested", || format!("a closed petition was moved:\n{trail}"))?;
            holds(STAGES.iter().any(|s| change["to"] == *s), || format!("{change} is no stage"))?;
            stage = change["to"].clone();
            order.push(stage.as_str().unwrap_or_default().to_owned());
        }
        let change = &event["changes"]["lead_unit"];
        if !change.is_null() {
            holds(change["from"] == lead, || format!("lead from {lead} to {change}:\n{trail}"))?;
            lead = change["to"].clone();
        }
    }
    holds(stage == stored.stage.as_str(), || format!("retold {stage}, stored {stored:?}"))?;
    holds(lead == json!(stored.lead), || format!("retold {lead}, stored {stored:?}"))?;
    // what was returned, recalled or reviewed goes back; all else leads onward
    let back = ["registered", "handling", "decided", "under_review"];
    let place = |s: &String| STAGES.iter().position(|x| x == s).unwrap();
    let onward = order.windows(2).all(|two| place(&two[0]) < place(&two[1]) || back.contains(&two[1].as_str()));
    holds(onward, || format!("only a return, a recall and a review lead back: {order:?}"))?;
    holds(stored.received_at.0 <= stored.registered_at.0, || format!("{stored:?}"))?;
    holds(stored.registered_at.0 <= app.now(), || format!("{stored:?}"))?;
    let evaluated = trail.items().iter().filter(|e| e["act"] == "evaluated").count();
    let changed = trail.items().iter().filter(|e| e["act"] == "evaluation_changed").count();
    holds(evaluated <= 2 && changed <= evaluated, || format!("evaluated too often:\n{trail}"))
}

#[test]
fn whatever_people_do_the_procedure_holds() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let app = runtime.block_on(TestApp::start());
    let reached = std::cell::RefCell::new(std::collections::BTreeMap::<String, usize>::new());
    let mut runner = TestRunner::new_with_rng(
        Config { cases: HISTORIES, failure_persistence: None, max_shrink_iters: 60, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let outcome = runner.run(&histories(), |(kind, steps)| {
        runtime.block_on(async {
            let (kind, filed) = match kind {
                0 => ("claim", claim()),
                1 => ("suggestion", suggestion()),
                _ => ("accusation", accusation(app.office().unit("medical"))),
            };
            let id = app.register(filed).await.id();
            for step in steps {
                take(&app, &id, kind, step).await?;
            }
            retold(&app, &id).await?;
            let stage = row(&app, &id).await.stage;
            *reached.borrow_mut().entry(stage).or_default() += 1;
            Ok(())
        })
    });
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
    // histories that never get anywhere would prove nothing
    let told = runtime.block_on(super::timeliness::figures_hold(&app));
    assert!(["on_time", "late", "open_overdue"].iter().all(|part| told[part] != 0), "{told:#}");
    assert!(["referred", "handling", "closed"].iter().all(|stage| reached.borrow().contains_key(*stage)), "{reached:?}");
}
