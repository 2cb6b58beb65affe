//! Every built act in every stage that can be reached, on every kind, as everybody: what the procedure's golden table says is what HTTP answers,
//! and `allowed_actions` says the same.

use super::harness::{Answer, Persona, Request, TestApp, accusation, claim, suggestion};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use xinfang::auth::{Relation, Relations};

const GOLDEN: &str = include_str!("golden/stages.txt");
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

/// A petition somewhere in the procedure.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Place {
    stage: &'static str,
    kind: char,
    /// What is particular: `anonymous`, `own` competence, by a `proxy`, closed `on_the_spot` or `withdrawn`, more time `asked` for or given
    /// (`extended`).
    how: &'static str,
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

/// The unit a petition of this kind is referred to; accusations here are of 养老保险科.
fn lead(place: Place) -> &'static str {
    if place.kind == 'A' { "discipline" } else { "medical" }
}

fn places() -> Vec<Place> {
    let mut places = Vec::new();
    for kind in ['C', 'S', 'A'] {
        for stage in ["Rg", "Rf", "Ha", "De", "Dl", "Cl"] {
            if (stage, kind) != ("Dl", 'A') {
                places.push(Place { stage, kind, how: "" });
            }
        }
    }
    places.push(Place { stage: "De", kind: 'C', how: "anonymous" });
    places.push(Place { stage: "Rf", kind: 'C', how: "objected" });
    places.push(Place { stage: "De", kind: 'C', how: "assigned" });
    places.push(Place { stage: "Ha", kind: 'C', how: "supervised" });
    places.push(Place { stage: "Cl", kind: 'C', how: "supervised" });
    places.push(Place { stage: "Ha", kind: 'C', how: "own" });
    places.push(Place { stage: "Ha", kind: 'C', how: "asked" });
    places.push(Place { stage: "Ha", kind: 'C', how: "extended" });
    places.push(Place { stage: "De", kind: 'C', how: "asked" });
    places.push(Place { stage: "Rg", kind: 'C', how: "proxy" });
    places.push(Place { stage: "Ha", kind: 'S', how: "proxy" });
    places.push(Place { stage: "Dl", kind: 'C', how: "own" });
    places.push(Place { stage: "Cl", kind: 'C', how: "on_the_spot" });
    places.push(Place { stage: "Cl", kind: 'S', how: "withdrawn" });
    places
}

/// A fresh petition in a place.
async fn bring(app: &TestApp, place: Place) -> String {
    let mut petition = match place.kind {
        'C' => claim(),
        'S' => suggestion(),
        _ => {
            let mut petition = accusation(app.office().unit("pension"));
            petition["subject"]["name"] = json!("养老保险科");
            petition
        }
    };
    if place.how == "anonymous" {
        petition["anonymous"] = json!(true);
        petition["parties"] = json!([]);
    }
    if place.how == "proxy" {
        let proxy = json!({"role": "proxy", "name": "褚小梅", "relation": "女儿", "authority": "授权委托书"});
        petition["parties"].as_array_mut().unwrap().push(proxy);
    }
    let id = app.register(petition).await.id();
    if ["on_the_spot", "withdrawn"].contains(&place.how) {
        let reason = if place.how == "withdrawn" { "withdrawn" } else { "answered_on_the_spot" };
        app.close(&id, reason).await;
        return id;
    }
    let steps = ["Rg", "Rf", "Ha", "De", "Dl", "Cl"].iter().position(|s| *s == place.stage).unwrap();
    if steps >= 1 && place.how != "own" {
        match place.how {
            "assigned" => app.assign(&id, lead(place)).await,
            _ => app.refer(&id, lead(place)).await,
        };
    }
    if place.how == "objected" {
        app.object(&id).await;
    }
    if steps >= 2 {
        app.accept(&id).await;
    }
    if ["asked", "extended"].contains(&place.how) {
        app.ask_extension(&id, 10).await;
    }
    if place.how == "extended" {
        app.decide_extension(&id, true).await;
    }
    if steps >= 3 {
        app.opinion(&id).await;
    }
    if steps >= 4 {
        app.deliver(&id).await;
    }
    if steps >= 5 && place.kind != 'A' {
        app.close(&id, "final").await;
    }
    if place.how == "supervised" {
        app.supervise(&id).await;
    }
    id
}

/// How somebody stands to a petition in a place, written down by hand from the procedure's definitions; none: they don't know of it.
fn relations(who: &str, place: Place) -> Option<Relations> {
    use Relation::{Cb, Hd, Ld, Le, Oc, Ro, Sd, Su, Sv, Wr};
    let referred = place.stage != "Rg" && place.how != "own" && !["on_the_spot", "withdrawn"].contains(&place.how);
    let of = |relations: &[Relation]| Some(Relations::of(relations));
    match who {
        "desk" if place.how == "on_the_spot" => of(&[Ro, Wr]), // they answered it themselves
        "desk" => of(&[Ro, Wr, Cb]),
        "desk2" if place.kind != 'A' => of(&[Ro, Wr, Cb]),
        "head" if place.how == "supervised" => of(&[Le, Hd, Wr, Sd]),
        "officer" if place.how == "supervised" => of(&[Le, Wr, Sd]),
        "head" if place.kind != 'A' && referred => of(&[Le, Hd, Wr]),
        "officer" if place.kind != 'A' && referred => of(&[Le, Wr]),
        "discipline" if place.kind == 'A' && referred => of(&[Le, Wr]),
        "supervisor" if place.how == "own" => of(&[Su, Sv, Oc, Le, Hd, Wr]), // and a handler
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
    let referred = place.stage != "Rg" && !["own", "on_the_spot", "withdrawn"].contains(&place.how);
    if OF_A_REFERRAL.contains(&line.name) && !referred {
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
        "deliver" if place.how == "anonymous" => Some("undeliverable"),
        "close final" if place.stage == "De" && place.how != "anonymous" => Some("deliverable"),
        "evaluate_unit" if place.how == "on_the_spot" => Some("object_not_evaluated_here"),
        "evaluate_office" | "evaluate_unit" if place.how == "withdrawn" => Some("no_evaluation_window"),
        "withdraw" if place.how == "anonymous" => Some("not_withdrawable"),
        "withdraw" if place.kind == 'A' && !["Rg", "Rf"].contains(&place.stage) => Some("not_withdrawable"),
        "close no_longer_accepted" => Some("matter_not_terminated"),
        "close linked" => Some("not_linked"),
        "close mediated" => Some("no_agreement"),
        "close deceased_without_successor" => Some("heirs_not_asked"),
        _ => None,
    };
    fact.map_or(Expected::Done, |code| Expected::Refused(409, code))
}

/// The call of an act on a petition, and on the extension that was asked for.
fn call<'a>(
    who: &Persona<'a>,
    line: &Line,
    (id, extension, party, referral, supervision): (&str, &str, &str, &str, &str),
    body: &Value,
) -> Request<'a> {
    let path = line.path.replace("{petition_id}", id).replace("{extension_id}", extension).replace("{party_id}", party);
    let path = path.replace("{referral_id}", referral).replace("{supervision_id}", supervision);
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
    let extension = app.last_extension(&id).await;
    let party = last_party(app, &id).await;
    let referral = app.last_referral(&id).await;
    let supervision = app.last_supervision(&id).await;
    let at = (id.as_str(), extension.as_str(), party.as_str(), referral.as_str(), supervision.as_str());
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
                    call(&who, line, at, &body).await.expect(428);
                    call(&who, line, at, &body).if_match("\"0-000000000000\"").await.expect(412);
                }
                succeeding.push((who.clone(), line, body));
                continue;
            }
            let answer = call(&who, line, at, &body).if_match(&etag).await;
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
        let harmless = ["correct", "add_party", "add_note", "add_attachment"].contains(&line.name);
        let fresh = if harmless { id.clone() } else { bring(app, place).await };
        let etag = app.petition(&who, &fresh).await.etag();
        let extension = app.last_extension(&fresh).await;
        let referral = app.last_referral(&fresh).await;
        let supervision = app.last_supervision(&fresh).await;
        let party = last_party(app, &fresh).await;
        if line.name == "withdraw" && place.how == "proxy" {
            // whose petition it is has to say so
            body["party_ids"] = json!([app.first_party(&fresh).await]);
        }
        let answer = call(&who, line, (&fresh, &extension, &party, &referral, &supervision), &body).if_match(&etag).await;
        if came(&answer) != "done" {
            wrong.push(format!("{place:?} {} as {}: expected done, got {}", line.name, who.name, came(&answer)));
        }
    }
    wrong
}

async fn every_act_everywhere_by_everybody(kind: char) {
    let lines = golden();
    let app = TestApp::start().await;
    let mut wrong = Vec::new();
    for place in places().into_iter().filter(|place| place.kind == kind) {
        wrong.extend(try_everything(&app, &lines, place).await);
    }
    assert!(wrong.is_empty(), "{} answers are not the procedure's:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn claims_go_as_the_table_says() {
    every_act_everywhere_by_everybody('C').await;
}

#[tokio::test]
async fn suggestions_go_as_the_table_says() {
    every_act_everywhere_by_everybody('S').await;
}

#[tokio::test]
async fn accusations_go_as_the_table_says() {
    every_act_everywhere_by_everybody('A').await;
}
