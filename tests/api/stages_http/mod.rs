//! Every built act in every stage that can be reached, on every kind, as everybody: what the procedure's golden table says is what HTTP answers,
//! and `allowed_actions` says the same.

mod places;

use self::places::{Place, bring, lead, places};
use super::harness::{Answer, Persona, Request, TestApp};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use xinfang::auth::{Relation, Relations};

const GOLDEN: &str = include_str!("../golden/stages.txt");
const EVERYBODY: [&str; 9] =
    ["desk", "desk2", "officer", "head", "supervisor", "leader", "discipline", "pension_officer", "finance_officer"];
/// Acts of one operation: the body or the stage says which is meant, so the role check lets through who may do any.
const TOGETHER: [&[&str]; 3] = [&["issue_opinion", "correct_opinion"], &["refer", "assign"], &OF_A_SUPERVISION];

/// One act of the golden table.
struct Line {
    name: &'static str,
    method: &'static str,
    path: &'static str,
    tag: bool,
    signs: BTreeMap<&'static str, &'static str>,
    kinds: &'static str,
    /// Relations by stage.
    who: BTreeMap<&'static str, Relations>,
}

#[derive(PartialEq, Debug, Clone, Copy)]
enum Expected {
    Done,
    Refused(u16, &'static str),
}

fn golden() -> Vec<Line> {
    let (matrix, who) = GOLDEN.split_once("\n\n").unwrap();
    let stages = ["Rg", "Rf", "Ha", "De", "Dl", "Ur", "Cl"];
    let width = matrix.lines().nth(1).unwrap().find(" Rg ").unwrap();
    let signs: BTreeMap<&str, Vec<&str>> =
        matrix.lines().skip(2).map(|line| (line[..width].trim(), line[width..].split_whitespace().collect())).collect();
    let relation = |code: &str| *Relation::ALL.iter().find(|r| r.code() == code).unwrap();
    let set = |codes: &str| Relations::of(&codes.split_whitespace().map(relation).collect::<Vec<_>>());
    who.lines()
        .skip(1)
        .filter_map(|line| {
            let name = line[..width].trim();
            let row = signs.get(name)?;
            let mut rest = line[width..].split_whitespace();
            let (method, path, tag) = (rest.next()?, rest.next()?, rest.next()?);
            let parties = &line[line.find(&format!(" {tag} ")).unwrap() + tag.len() + 1..];
            let mut by_stage = BTreeMap::new();
            for group in parties.split(';') {
                match group.split_once(':') {
                    Some((at, codes)) => {
                        by_stage.extend(at.split_whitespace().map(|s| (stages[stages.iter().position(|x| *x == s).unwrap()], set(codes))))
                    }
                    None => by_stage.extend(stages.map(|s| (s, set(group)))),
                }
            }
            let signs = stages.into_iter().zip(row.iter().copied()).collect();
            Some(Line { name, method, path, tag: tag == "If-Match", signs, kinds: row[7], who: by_stage })
        })
        .collect()
}

/// What this test can do; the rest of the table has no operation yet, but a closing can be asked for by any reason.
fn body(act: &str, place: Place, app: &TestApp) -> Option<Value> {
    let opinion = match place.kind {
        'C' => {
            json!({"outcome": "explained", "facts": "已核对单据", "opinion": "请求合理，暂无政策依据。", "legal_basis": "《社会保险法》第二十八条"})
        }
        'S' => json!({"adoption": "adopted", "opinion": "已采纳"}),
        _ => json!({"outcome": "unsubstantiated", "opinion": "未发现所反映的问题"}),
    };
    Some(match act {
        "correct" => json!({"reason": "登记时写错", "title": "更正后的标题"}),
        "add_party" => json!({"role": "co_petitioner", "name": "吕素珍"}),
        "confirm_own_will" => json!({"confirmed_at": app.now(), "how": "phone"}),
        "end_party" => json!({"reason": "收回委托"}),
        "report_death" => json!({"status": "deceased"}),
        "answer_heirs" => json!({"answer": "none"}),
        "add_note" => json!({"text": "内部记录"}),
        // a file is no JSON: `call` makes one of it
        "add_attachment" => json!("药费清单"),
        "give_notice" => json!({"method": "post"}),
        "request_review" => json!({"grounds": "答复与事实不符"}),
        "decide_review" => json!({"decision": "uphold", "opinion": "维持", "legal_basis": "《信访工作条例》第三十五条"}),
        "deliver_notice" => json!({"method": "post", "receipt": "confirmed"}),
        "link_matter" => json!({"petition_id": app.unknown_id(), "confirmed": true}),
        "unlink_matter" => json!({"reason": "核对后不是同一件事"}),
        "mark_urgent" | "unmark_urgent" | "reissue_query_code" => json!({"reason": "家属来电说明"}),
        "set_priority" => json!({"level": "high", "reason": "独居"}),
        "record_urgent_report" => json!({"reported_to": "值班领导"}),
        "record_execution" => json!({"status": "in_progress", "note": "已转财务拨付"}),
        "refer" => json!({"unit_id": app.unit(lead(place)), "mode": "refer"}),
        "assign" => {
            json!({"unit_id": app.unit(lead(place)), "mode": "assign", "report_due": app.now().date_naive() + chrono::Days::new(60)})
        }
        "recall" | "object" => json!({"reason": "不属本科职责"}),
        "decide_objection" => json!({"upheld": true}),
        "ask_assistance" => {
            let due_on = app.now().date_naive() + chrono::Days::new(10);
            let unit = app.unit(if place.how == "assisted" { "housing" } else { "finance" });
            json!({"unit_id": unit, "question": "请核对垫付情况", "mandatory": false, "due_on": due_on})
        }
        // somebody else; those who may not say that of others say it of themselves
        "recuse" => json!({"staff_id": app.by("coop_officer").id(), "reason": "与信访人系近亲属"}),
        "reopen" => json!({"reason": "信访人未同意办结"}),
        "lift_recusal" => json!({"reason": "并非近亲属"}),
        "set_officer" => json!({"staff_id": null}),
        "instruct" => json!({"text": "请尽快办理"}),
        "take_charge" => json!({"leader_id": app.leader().id(), "next_look": app.now().date_naive() + chrono::Days::new(10)}),
        // the one it joins is opened for it
        "join_policy_issue" => json!({"note": "成因相同"}),
        "leave_policy_issue" => json!({"reason": "成因不同"}),
        "release_charge" => json!({"result": "已落实"}),
        "record_contact" => json!({"how": "phone", "text": "电话核对"}),
        "open_hearing" => json!({"topic": "报销范围"}),
        "end_hearing" => json!({"conclusion": "应当报销"}),
        "mediate" => json!({"result": "agreed", "agreement": "双方同意补发"}),
        "answer_assistance" => json!({"answer": "已核对"}),
        "cancel_assistance" => json!({"reason": "不再需要"}),
        "supervise" => json!({"reason": "请说明进展", "due_on": app.now().date_naive() + chrono::Days::new(10)}),
        "confirm_supervision" => json!({"status": "open", "due_on": app.now().date_naive() + chrono::Days::new(10)}),
        "dismiss_supervision" => json!({"status": "dismissed", "reason": "已说明"}),
        "answer_supervision" => json!({"answer": "正在办理"}),
        "lift_supervision" => json!({"status": "lifted", "reason": "已整改"}),
        "submit_report" => json!({"report": "已办结并送达"}),
        "accept" => json!({"notice": {"method": "in_person"}}),
        "issue_opinion" => opinion,
        "correct_opinion" => {
            let mut corrected = opinion;
            corrected["reason"] = json!("金额写错");
            corrected
        }
        "request_extension" => json!({"days": 10, "reason": "需向省城医院调取病历"}),
        "decide_extension" => json!({"approved": true}),
        "deliver" => json!({"method": "in_person", "receipt": "signed"}),
        "evaluate_office" | "evaluate_unit" => json!({"score": "satisfied"}),
        "withdraw" => json!({}),
        "close diverted" => json!({"reason": "diverted", "note": "应由仲裁处理", "route": 3}),
        closing => json!({"reason": closing.strip_prefix("close ")?, "note": "已说明"}),
    })
}

/// How somebody stands to a petition in a place, written down by hand from the procedure's definitions; none: they don't know of it.
fn relations(who: &str, place: Place) -> Option<Relations> {
    use Relation::{As, Cb, Hd, Ld, Le, Oc, Ro, Rv, Sd, Su, Sv, Wr};
    let referred = place.stage != "Rg" && place.how != "own" && !["on_the_spot", "withdrawn"].contains(&place.how);
    // everybody may keep out themselves
    let of = |relations: &[Relation]| Some(Relations::of(&[relations, &[Relation::Me]].concat()));
    match who {
        "desk" if place.how == "on_the_spot" => of(&[Ro, Wr]), // they answered it themselves
        "desk" => of(&[Ro, Wr, Cb]),
        "desk2" if place.kind != 'A' => of(&[Ro, Wr, Cb]),
        "finance_officer" if place.how == "assisted" => of(&[As]),
        "head" if place.how == "supervised" => of(&[Le, Hd, Wr, Sd]),
        "officer" if place.how == "supervised" => of(&[Le, Wr, Sd]),
        "head" if place.kind != 'A' && referred => of(&[Le, Hd, Wr]),
        "officer" if place.kind != 'A' && referred => of(&[Le, Wr]),
        "discipline" if place.kind == 'A' && referred => of(&[Le, Wr]),
        "supervisor" if place.how == "own" => of(&[Su, Sv, Oc, Le, Hd, Wr]), // and a handler
        "supervisor" if place.stage == "Ur" => of(&[Su, Sv, Oc, Hd, Cb, Rv]),
        // there is a head
        "supervisor" if (place.stage, place.how) == ("Ha", "asked") => of(&[Su, Sv, Oc, Cb]),
        "supervisor" => of(&[Su, Sv, Oc, Hd, Cb]),
        "leader" => of(&[Ld]),
        _ => None,
    }
}

/// What is done to a supervision, which must be there.
const OF_A_SUPERVISION: [&str; 4] = ["confirm_supervision", "dismiss_supervision", "answer_supervision", "lift_supervision"];
/// What is done to a referral, which must be there.
const OF_A_REFERRAL: [&str; 4] = ["recall", "object", "decide_objection", "submit_report"];

fn expected(line: &Line, all: &[Line], who: &Persona<'_>, place: Place) -> Expected {
    let closing = line.method == "POST" && line.path.ends_with("/closure");
    let roles = |line: &Line| line.who.values().flat_map(|set| set.iter()).collect::<Vec<_>>();
    let with = |other: &Line| {
        let joined = TOGETHER.iter().any(|group| group.contains(&line.name) && group.contains(&other.name));
        other.name == line.name || joined || (closing && (other.path == line.path && other.method == "POST" || other.name == "withdraw"))
    };
    let permitted: Vec<Relation> = all.iter().filter(|other| with(other)).flat_map(roles).collect();
    if !Relations::of(&permitted).roles().meets(who.actor.as_ref().unwrap().roles) {
        return Expected::Refused(403, "not_permitted");
    }
    if line.name == "decide_extension" && !["asked", "extended"].contains(&place.how) {
        return Expected::Refused(404, "not_found"); // nobody asked for one
    }
    if ["answer_assistance", "cancel_assistance"].contains(&line.name) && place.how != "assisted" {
        return Expected::Refused(404, "not_found"); // nobody was asked
    }
    if line.name == "lift_recusal" && place.how != "recused" {
        return Expected::Refused(404, "not_found"); // nobody is
    }
    if line.name == "end_hearing" && place.how != "heard" {
        return Expected::Refused(404, "not_found"); // there is none
    }
    let referred = place.stage != "Rg" && !["own", "on_the_spot", "withdrawn"].contains(&place.how);
    if OF_A_REFERRAL.contains(&line.name) && !referred {
        return Expected::Refused(404, "not_found");
    }
    // nothing was told yet, nothing contested
    if line.name == "deliver_notice" && place.stage == "Rg" || line.name == "decide_review" && place.stage != "Ur" {
        return Expected::Refused(404, "not_found");
    }
    if OF_A_SUPERVISION.contains(&line.name) && place.how != "supervised" {
        return Expected::Refused(404, "not_found");
    }
    let Some(relations) = relations(&who.name, place) else { return Expected::Refused(404, "not_found") };
    let sign = line.signs[place.stage];
    let permitting = match sign {
        "-" => Relations::of(&roles(line)),
        _ => line.who[place.stage],
    };
    if permitting.and(relations).is_empty() {
        let code = if permitting.has(Relation::Cb) { "handler_cannot_ask" } else { "not_permitted" };
        return Expected::Refused(403, code);
    }
    if line.name == "request_review" && sign != "-" && !line.kinds.contains(place.kind) {
        return Expected::Refused(409, "no_review_right");
    }
    if sign == "-" || !line.kinds.contains(place.kind) {
        return Expected::Refused(409, "stage_forbids");
    }
    let fact = match line.name {
        "object" if place.how == "objected" => Some("objection_pending"),
        "decide_objection" if place.how != "objected" => Some("no_objection"),
        "confirm_supervision" | "dismiss_supervision" => Some("not_proposed"),
        "submit_report" if place.how != "assigned" => Some("not_assigned"),
        // none of these places is urgent
        "unlink_matter" => Some("not_linked"),
        "unmark_urgent" => Some("not_urgent"),
        "record_urgent_report" => Some("no_urgent_report_due"),
        // only a supported claim that was delivered promises something
        "record_execution" if place.kind != 'C' || ["on_the_spot", "anonymous"].contains(&place.how) => Some("nothing_to_execute"),
        "confirm_own_will" if place.how != "proxy" => Some("nobody_files_for_another"),
        // each has one petitioner, or none
        "end_party" if place.how != "proxy" => Some("last_petitioner"),
        "report_death" if place.how == "anonymous" => Some("already_reported"),
        "answer_heirs" => Some("no_heirs_inquiry"),
        "accept" if place.kind == 'A' && place.stage == "Rg" => Some("not_discipline_unit"),
        "request_extension" if place.how == "asked" => Some("extension_pending"),
        "request_extension" if place.how == "extended" => Some("extension_used"),
        "decide_extension" if place.how == "extended" => Some("extension_decided"),
        "leave_policy_issue" if place.how != "clustered" => Some("no_policy_issue"),
        "release_charge" if place.how != "charged" => Some("no_leader_case"),
        "open_hearing" | "issue_opinion" | "recall" if place.how == "heard" => Some("hearing_open"),
        "issue_opinion" if place.how == "assisted" => Some("assistance_missing"),
        "deliver" if place.how == "anonymous" => Some("undeliverable"),
        "close final" if place.stage == "De" && place.how != "anonymous" => Some("deliverable"),
        "evaluate_unit" if place.how == "on_the_spot" => Some("object_not_evaluated_here"),
        "evaluate_office" | "evaluate_unit" if place.how == "withdrawn" => Some("no_evaluation_window"),
        "withdraw" if place.how == "anonymous" => Some("not_withdrawable"),
        "withdraw" if place.kind == 'A' && !["Rg", "Rf"].contains(&place.stage) => Some("not_withdrawable"),
        "request_review" if place.how == "on_the_spot" => Some("stage_forbids"),
        "close no_longer_accepted" => Some("matter_not_terminated"),
        "reopen" if place.kind == 'A' => Some("closed_by_system"),
        "close linked" => Some("not_linked"),
        "close mediated" if place.how != "mediated" => Some("no_agreement"),
        "close deceased_without_successor" => Some("heirs_not_asked"),
        _ => None,
    };
    fact.map_or(Expected::Done, |code| Expected::Refused(409, code))
}

/// What an act's path names: the petition, and what belongs to it.
type Named = Vec<(&'static str, String)>;

/// What of a petition a path can name.
const PARTS: [&str; 9] = [
    "{extension_id}",
    "{party_id}",
    "{referral_id}",
    "{notice_id}",
    "{review_id}",
    "{assistance_id}",
    "{hearing_id}",
    "{recusal_id}",
    "{supervision_id}",
];

/// What these paths name of a petition; nothing else is looked up.
async fn named(app: &TestApp, id: &str, paths: &[&str]) -> Named {
    let mut named = vec![("{petition_id}", id.to_owned())];
    for part in PARTS.into_iter().filter(|part| paths.iter().any(|path| path.contains(part))) {
        let last = match part {
            "{extension_id}" => app.last_extension(id).await,
            "{party_id}" => last_party(app, id).await,
            "{referral_id}" => app.last_referral(id).await,
            "{notice_id}" => app.last_notice(id).await,
            "{review_id}" => app.last_review(id).await,
            "{assistance_id}" => app.last_question(id).await,
            "{hearing_id}" => app.last_hearing(id).await,
            "{recusal_id}" => app.last_recusal(id).await,
            _ => app.last_supervision(id).await,
        };
        named.push((part, last));
    }
    named
}

/// The call of an act on a petition, or on what belongs to it.
fn call<'a>(who: &Persona<'a>, line: &Line, named: &Named, body: &Value) -> Request<'a> {
    let path = named.iter().fold(line.path.to_owned(), |path, (name, id)| path.replace(name, id));
    let call = who.call(line.method.parse().unwrap(), &path);
    match body.as_str() {
        Some(text) => call.header("content-disposition", "attachment; filename=list.txt").raw_body(text, "text/plain"),
        None => call.json(body),
    }
}

fn came(answer: &Answer) -> String {
    match answer.status {
        200..300 => "done".to_owned(),
        status => format!("{status} {}", answer.body["code"].as_str().unwrap_or("?")),
    }
}

fn wanted(expected: Expected) -> String {
    match expected {
        Expected::Done => "done".to_owned(),
        Expected::Refused(status, code) => format!("{status} {code}"),
    }
}

/// Whoever joined last: the proxy where there is one.
async fn last_party(app: &TestApp, id: &str) -> String {
    let petition = app.petition(&app.supervisor(), id).await;
    let last = petition.body["parties"].as_array().unwrap().last().map(|party| party["id"].as_str().unwrap().to_owned());
    last.unwrap_or_else(|| app.unknown_id().to_string())
}

/// What everybody may do in one place; gives what is not as the table says.
async fn try_everything(app: &TestApp, lines: &[Line], place: Place) -> Vec<String> {
    let mut wrong = Vec::new();
    let (id, other) = (bring(app, place).await, bring(app, place).await);
    let issue = app.open_policy_issue().await;
    let at = named(app, &id, &PARTS).await;
    let before = app.petition(&app.supervisor(), &id).await.etag();
    let mut succeeding = Vec::new();
    for username in EVERYBODY {
        let who = app.by(username);
        let seen = who.get(&format!("/petitions/{id}")).await;
        let known = relations(username, place).is_some();
        if seen.status != if known { 200 } else { 404 } {
            wrong.push(format!("{place:?} as {username}: reading gives {}", seen.status));
            continue;
        }
        let etag = if known { seen.etag() } else { before.clone() };
        let (mut acts, mut reasons) = (BTreeSet::new(), BTreeSet::new());
        for line in lines {
            let Some(mut body) = body(line.name, place, app) else { continue };
            if line.name == "recuse" && !["supervisor", "leader"].contains(&username) {
                body["staff_id"] = json!(who.id());
            }
            if line.name == "join_policy_issue" {
                body["policy_issue_id"] = json!(issue);
            }
            if line.name == "link_matter" {
                body["petition_id"] = json!(other);
            }
            // one operation: the stage says which of the two is meant
            if matches!((line.name, place.stage), ("correct_opinion", "Ha") | ("issue_opinion", "De")) {
                continue;
            }
            let expected = expected(line, lines, &who, place);
            if expected == Expected::Done {
                acts.insert(line.name.split(' ').next().unwrap());
                reasons.extend(line.name.strip_prefix("close "));
                if line.tag {
                    call(&who, line, &at, &body).await.expect(428);
                    call(&who, line, &at, &body).if_match("\"0-000000000000\"").await.expect(412);
                }
                succeeding.push((who.clone(), line, body));
                continue;
            }
            let answer = call(&who, line, &at, &body).if_match(&etag).await;
            if came(&answer) != wanted(expected) {
                wrong.push(format!("{place:?} {} as {username}: expected {}, got {}", line.name, wanted(expected), came(&answer)));
            }
            if answer.status == 409 && answer.body["allowed_actions"] != seen.body["allowed_actions"] {
                wrong.push(format!("{place:?} {} as {username}: the refusal names other actions than the petition", line.name));
            }
        }
        if known {
            let told = |member: &str| seen.body[member].as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect::<BTreeSet<_>>();
            for (member, mine) in [("allowed_actions", acts), ("allowed_closure_reasons", reasons)] {
                if told(member) != mine {
                    wrong.push(format!("{place:?} as {username}: {member} are {:?}, by the table {mine:?}", told(member)));
                }
            }
        }
    }
    if app.petition(&app.supervisor(), &id).await.etag() != before {
        wrong.push(format!("{place:?}: a refused act left a trace"));
    }
    for (who, line, mut body) in succeeding {
        // what leaves the stage and the facts alone can be done to the same one again and again
        let harmless =
            ["correct", "add_party", "add_note", "add_attachment", "record_contact", "instruct", "reissue_query_code"].contains(&line.name);
        let fresh = if harmless { id.clone() } else { bring(app, place).await };
        let etag = app.petition(&who, &fresh).await.etag();
        if line.name == "withdraw" && place.how == "proxy" {
            // whose petition it is has to say so
            body["party_ids"] = json!([app.first_party(&fresh).await]);
        }
        let answer = call(&who, line, &named(app, &fresh, &[line.path]).await, &body).if_match(&etag).await;
        if came(&answer) != "done" {
            wrong.push(format!("{place:?} {} as {}: expected done, got {}", line.name, who.name, came(&answer)));
        }
    }
    wrong
}

async fn every_act_by_everybody(taken: impl Fn(&Place) -> bool) {
    let lines = golden();
    let app = TestApp::start().await;
    let mut wrong = Vec::new();
    for place in places().into_iter().filter(taken) {
        wrong.extend(try_everything(&app, &lines, place).await);
    }
    assert!(wrong.is_empty(), "{} answers are not the procedure's:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn claims_go_as_the_table_says() {
    every_act_by_everybody(|place| place.kind == 'C' && place.how.is_empty()).await;
}

#[tokio::test]
async fn claims_go_as_the_table_says_while_something_is_asked() {
    every_act_by_everybody(|place| place.kind == 'C' && place.stage == "Ha" && !place.how.is_empty()).await;
}

#[tokio::test]
async fn particular_claims_go_as_the_table_says() {
    every_act_by_everybody(|place| place.kind == 'C' && place.stage != "Ha" && !place.how.is_empty()).await;
}

#[tokio::test]
async fn suggestions_go_as_the_table_says() {
    every_act_by_everybody(|place| place.kind == 'S').await;
}

#[tokio::test]
async fn accusations_go_as_the_table_says() {
    every_act_by_everybody(|place| place.kind == 'A').await;
}
