//! Petitions told from the first day to the last: an objected, jointly handled, heard and extended claim; an accusation; an adopted
//! suggestion. Every stage, clock, light and figure by hand.

use super::clocks::{at, shown, sweep};
use super::harness::{Answer, TestApp, accusation, claim, suggestion};
use reqwest::Method;
use serde_json::{Value, json};

/// A petition and who acts on it, at a time of the office.
struct Story<'a> {
    app: &'a TestApp,
    id: String,
}

impl<'a> Story<'a> {
    async fn begin(app: &'a TestApp, when: &str, petition: Value) -> (Self, Answer) {
        app.clock.move_to(at(when));
        let registered = app.register(petition).await;
        (Self { app, id: registered.id() }, registered)
    }

    /// At a time somebody acts below the petition; what came of itself until then has come.
    async fn at(&self, when: &str, who: &str, method: Method, below: &str, body: Value) -> Answer {
        self.app.clock.move_to(at(when));
        while sweep(self.app, &self.id).await {}
        // on the version that stands, which who only assists may not see
        let etag = self.app.petition(&self.app.supervisor(), &self.id).await.etag();
        let path = format!("/petitions/{}/{below}", self.id);
        self.app.by(who).call(method, &path).json(&body).if_match(&etag).await
    }

    async fn post(&self, when: &str, who: &str, below: &str, body: Value) -> Answer {
        self.at(when, who, Method::POST, below, body).await.done()
    }

    async fn put(&self, when: &str, who: &str, below: &str, body: Value) -> Answer {
        self.at(when, who, Method::PUT, below, body).await.done()
    }

    /// How it stands at a time, what came of itself included.
    async fn stands(&self, when: &str) -> Answer {
        self.app.clock.move_to(at(when));
        while sweep(self.app, &self.id).await {}
        self.app.petition(&self.app.supervisor(), &self.id).await
    }

    async fn last(&self, below: &str) -> String {
        let listed = self.app.supervisor().get(&format!("/petitions/{}/{below}", self.id)).await.expect(200);
        listed.items().last().unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// Acts of its trail, without warnings.
    async fn trail(&self) -> Vec<String> {
        let events = self.app.supervisor().get(&format!("/petitions/{}/events?limit=200", self.id)).await.expect(200);
        let acts = events.items().iter().map(|event| event["act"].as_str().unwrap().to_owned());
        acts.filter(|act| act != "clock_warned").collect()
    }

    async fn figures(&self, who: &str, query: &str) -> Value {
        self.app.by(who).get(&format!("/statistics/summary?{query}")).await.expect(200).body
    }
}

fn clocks(petition: &Answer, expected: &[(&str, &str)]) {
    for (kind, standing) in expected {
        let shown = shown(petition, kind);
        assert!(shown.starts_with(standing), "{kind}: {shown}, not {standing}\n{petition}");
    }
}

/// Kinds of the clocks that are open.
fn open(petition: &Answer) -> Vec<&str> {
    let clocks = petition.body["clocks"].as_array().unwrap().iter();
    let mut open: Vec<_> = clocks.filter(|clock| clock["stopped_at"].is_null()).map(|clock| clock["kind"].as_str().unwrap()).collect();
    open.sort_unstable();
    open
}

fn rate(figures: &Value, name: &str) -> (i64, i64) {
    let rate = figures.pointer(&format!("/measures/{name}")).unwrap_or_else(|| panic!("no {name}: {figures:#}"));
    (rate["numerator"].as_i64().unwrap(), rate["denominator"].as_i64().unwrap())
}

#[tokio::test]
async fn a_claim_objected_to_referred_again_handled_jointly_heard_extended_supported_and_carried_out() {
    let app = TestApp::start().await;
    let (story, registered) = Story::begin(&app, "2026-02-05 10:00", claim()).await;
    // 20 February is in the Spring Festival: a notice to be given does not move
    clocks(&registered, &[("triage_notice", "running 2026-02-20 green")]);
    let refer = |unit: &str| json!({"unit_id": app.unit(unit), "mode": "refer"});
    let referred = story.post("2026-02-06 09:00", "supervisor", "referrals", refer("pension")).await;
    clocks(&referred, &[("triage_notice", "met "), ("unit_notice", "running 2026-02-21 green"), ("objection", "running 2026-02-13 green")]);
    let first = story.last("referrals").await;
    let objection = format!("referrals/{first}/objection");
    clocks(&story.stands("2026-02-11 09:00").await, &[("objection", "running 2026-02-13 yellow")]);
    let objected = story.post("2026-02-13 16:00", "pension_officer", &objection, json!({"reason": "属医疗待遇"})).await;
    // three working days over the festival: the made-up Saturday, the 24th, the 25th
    clocks(&objected, &[("objection", "met "), ("objection_decision", "running 2026-02-25")]);
    let upheld = story.put("2026-02-14 10:00", "supervisor", &format!("{objection}/decision"), json!({"upheld": true})).await;
    assert_eq!((upheld.stage().as_str(), upheld.body["bounces"].as_i64()), ("registered", Some(1)));
    clocks(&upheld, &[("objection_decision", "met "), ("unit_notice", "cancelled "), ("disposition", "running 2026-02-28")]);

    let assign = json!({"unit_id": app.unit("medical"), "mode": "assign", "report_due": "2026-06-30"});
    let assigned = story.post("2026-02-25 09:30", "supervisor", "referrals", assign).await;
    clocks(
        &assigned,
        &[
            ("disposition", "met "),
            ("unit_notice", "running 2026-03-12"),
            ("objection", "running 2026-03-03"),
            ("assigned_report", "running 2026-06-30"),
        ],
    );
    let referral = story.last("referrals").await;
    let accepted = story.post("2026-03-02 11:00", "officer", "acceptance", json!({"notice": {"method": "in_person"}})).await;
    clocks(&accepted, &[("unit_notice", "met "), ("objection", "met "), ("handling", "running 2026-05-01 green")]);
    story.post("2026-03-05 09:00", "officer", "contacts", json!({"how": "phone", "text": "电话听取意见"})).await;
    let ask = |unit: &str, mandatory: bool, due_on: &str| json!({"unit_id": app.unit(unit), "question": "请核对", "mandatory": mandatory, "due_on": due_on});
    let asked = story.post("2026-03-06 09:00", "officer", "assistance", ask("finance", true, "2026-04-10")).await;
    let finance = asked.header("location").unwrap().rsplit('/').next().unwrap().to_owned();
    let asked = story.post("2026-03-06 09:10", "officer", "assistance", ask("community", false, "2026-04-20")).await;
    let community = asked.header("location").unwrap().rsplit('/').next().unwrap().to_owned();
    assert_eq!(open(&asked), ["assigned_report", "assisting_answer", "assisting_answer", "handling"]);

    let opinion = json!({
        "outcome": "supported", "facts": "已核对单据", "opinion": "予以报销", "legal_basis": "《社会保险法》第二十八条", "execution_due": "2026-07-15"
    });
    let early = story.at("2026-04-07 10:00", "officer", Method::PUT, "opinion", opinion.clone()).await;
    early.expect(409).problem("assistance_missing");
    let answer = |question: &str| format!("assistance/{question}/answer");
    story.put("2026-04-08 09:00", "finance_officer", &answer(&finance), json!({"answer": "已核对"})).await;
    let answered = story.put("2026-04-13 09:00", "community_officer", &answer(&community), json!({"answer": "情况属实"})).await;
    assert_eq!(open(&answered), ["assigned_report", "handling"]);
    story.post("2026-04-14 09:00", "officer", "hearings", json!({"topic": "报销范围"})).await;
    let hearing = story.last("hearings").await;
    let ended =
        story.at("2026-04-16 16:00", "officer", Method::PATCH, &format!("hearings/{hearing}"), json!({"conclusion": "应予报销"})).await;
    clocks(&ended.expect(200), &[("handling", "running 2026-05-01 green")]);
    clocks(&story.stands("2026-04-20 00:00").await, &[("handling", "running 2026-05-01 yellow")]);
    let asked = story.post("2026-04-27 09:00", "officer", "extensions", json!({"days": 30, "reason": "需向省城医院调取病历"})).await;
    clocks(&asked, &[("handling", "running 2026-05-01 yellow")]);
    let extension = story.last("extensions").await;
    let decision = format!("extensions/{extension}/decision");
    let approved = story.put("2026-04-28 09:00", "head", &decision, json!({"approved": true, "notice": {"method": "phone"}})).await;
    clocks(&approved, &[("handling", "running 2026-05-31 green")]);

    let issued = story.put("2026-05-20 15:00", "officer", "opinion", opinion).await;
    assert_eq!(issued.stage(), "decided");
    clocks(&issued, &[("handling", "met 2026-05-31 yellow"), ("delivery", "running 2026-06-03")]);
    let delivered = story.post("2026-05-22 10:00", "officer", "deliveries", json!({"method": "in_person", "receipt": "signed"})).await;
    // Sunday 21 June is in the Dragon Boat Festival: a right ends on the next working day
    clocks(
        &delivered,
        &[
            ("delivery", "met "),
            ("review_window", "running 2026-06-22 green"),
            ("evaluation_window", "running 2026-06-22 green"),
            ("execution", "running 2026-07-15 green"),
        ],
    );
    let reported = story.put("2026-05-25 09:00", "officer", &format!("referrals/{referral}/report"), json!({"report": "已办结"})).await;
    clocks(&reported, &[("assigned_report", "met ")]);
    story.put("2026-06-01 09:00", "desk2", "evaluations/office", json!({"score": "satisfied", "channel": "phone"})).await;
    let rated = story.put("2026-06-05 09:00", "desk2", "evaluations/unit", json!({"score": "basically", "channel": "phone"})).await;
    clocks(&rated, &[("evaluation_window", "met "), ("review_window", "running 2026-06-22 green")]);
    clocks(&story.stands("2026-06-16 00:00").await, &[("review_window", "running 2026-06-22 yellow")]);
    let done = json!({"status": "done", "note": "已付清", "proof": "银行回单"});
    clocks(&story.put("2026-06-18 09:00", "officer", "execution", done).await, &[("execution", "met ")]);

    assert_eq!(story.stands("2026-06-22 23:59").await.stage(), "delivered");
    let closed = story.stands("2026-06-23 00:00").await;
    assert_eq!((closed.stage().as_str(), closed.text("/closure_reason").as_str()), ("closed", "final"));
    assert_eq!((closed.text("/closure_basis").as_str(), open(&closed).len()), ("window_lapsed", 0));
    assert_eq!((closed.body["hand_overs"].as_i64(), closed.body["bounces"].as_i64()), (Some(2), Some(1)));
    let expected = [
        "registered",
        "referred",
        "objected",
        "objection_upheld",
        "assigned",
        "accepted",
        "contacted",
        "assistance_asked",
        "assistance_asked",
        "assistance_answered",
        "assistance_answered",
        "hearing_opened",
        "hearing_ended",
        "extension_requested",
        "extension_approved",
        "opinion_issued",
        "delivered",
        "report_submitted",
        "evaluated",
        "evaluated",
        "execution_done",
        "clock_lapsed",
        "closed",
    ];
    assert_eq!(story.trail().await, expected);
    let contacts = app.supervisor().get(&format!("/petitions/{}/contacts", story.id)).await.expect(200);
    assert_eq!(contacts.items()[0]["counts"], true);

    // on 28 June, when all of it is over
    app.clock.move_to(at("2026-06-28 09:00"));
    let february = story.figures("leader", "from=2026-02-01&to=2026-02-28").await;
    assert_eq!(february["measures"]["registered"]["cases"], 1, "{february:#}");
    // the desk's notice was due on the 20th; what was returned is in none
    assert_eq!(rate(&february, "timely_notice_rate"), (1, 1));
    assert_eq!(rate(&story.figures("leader", "from=2026-03-01&to=2026-03-31").await, "timely_notice_rate"), (1, 1));
    assert_eq!(rate(&story.figures("leader", "from=2026-05-01&to=2026-05-31").await, "on_time_closure_rate"), (1, 1));
}

#[tokio::test]
async fn an_accusation_goes_to_the_discipline_unit_and_the_accused_learn_nothing_of_it() {
    let app = TestApp::start().await;
    let (story, registered) = Story::begin(&app, "2026-04-10 09:00", accusation(app.office().unit("medical"))).await;
    clocks(&registered, &[("triage_notice", "running 2026-04-25 green")]);
    assert_eq!(registered.body["restricted"], true);
    app.officer().get(&format!("/petitions/{}", story.id)).await.expect(404);
    assert!(app.officer().get("/petitions").await.expect(200).items().is_empty());
    let refer = |unit: &str| json!({"unit_id": app.unit(unit), "mode": "refer"});
    for (unit, code) in [("medical", "unit_is_accused"), ("pension", "not_discipline_unit")] {
        let refused = story.at("2026-04-13 09:00", "supervisor", Method::POST, "referrals", refer(unit)).await;
        refused.expect(422).fault("/unit_id", code);
    }
    let referred = story.post("2026-04-13 09:00", "supervisor", "referrals", refer("discipline")).await;
    clocks(&referred, &[("triage_notice", "met "), ("unit_notice", "running 2026-04-28 green"), ("objection", "running 2026-04-20 green")]);
    let accepted = story.post("2026-04-20 09:00", "discipline", "acceptance", json!({"notice": {"method": "in_person"}})).await;
    clocks(&accepted, &[("unit_notice", "met "), ("objection", "met ")]);
    assert!(open(&accepted).is_empty() && !accepted.allows("request_extension"), "{accepted}");

    // the supervisor names the officer; whoever is near to it keeps out and knows nothing any more
    let officer = json!({"staff_id": app.by("discipline").id()});
    story.put("2026-04-22 09:00", "supervisor", "officer", officer).await;
    let near = app.leader();
    story.post("2026-04-22 09:10", "leader", "recusals", json!({"staff_id": near.id(), "reason": "与被反映人系近亲属"})).await;
    near.get(&format!("/petitions/{}", story.id)).await.expect(404);
    let asked = json!({"unit_id": app.unit("medical"), "question": "请说明", "mandatory": false, "due_on": "2026-06-01"});
    let refused = story.at("2026-05-15 09:00", "discipline", Method::POST, "assistance", asked).await;
    refused.expect(422).fault("/unit_id", "unit_is_accused");
    let issued =
        story.put("2026-06-25 09:00", "discipline", "opinion", json!({"outcome": "substantiated", "opinion": "反映情况属实"})).await;
    clocks(&issued, &[("delivery", "running 2026-07-09")]);
    let over = story.post("2026-06-29 09:00", "discipline", "deliveries", json!({"method": "in_person", "receipt": "signed"})).await;
    assert_eq!((over.stage().as_str(), over.text("/closure_basis").as_str()), ("closed", "no_review_right"));
    assert!(open(&over).is_empty());
    let review = story.at("2026-06-30 09:00", "discipline", Method::POST, "reviews", json!({"grounds": "不服"})).await;
    review.expect(409).problem("no_review_right");

    let april = story.figures("supervisor", "from=2026-04-01&to=2026-04-30").await;
    assert_eq!((april["measures"]["registered"]["cases"].as_i64(), rate(&april, "timely_notice_rate")), (Some(1), (2, 2)), "{april:#}");
    let june = story.figures("supervisor", "from=2026-06-01&to=2026-06-30").await;
    assert_eq!((rate(&june, "on_time_closure_rate"), rate(&june, "satisfaction_rate/office")), ((0, 0), (0, 0)), "{june:#}");
    let theirs = story.figures("head", "from=2026-04-01&to=2026-06-30").await;
    assert_eq!((theirs["measures"]["registered"]["cases"].as_i64(), rate(&theirs, "timely_notice_rate")), (Some(0), (0, 0)), "{theirs:#}");
}

#[tokio::test]
async fn a_suggestion_is_adopted_and_closes_when_nobody_rates_the_unit() {
    let app = TestApp::start().await;
    let mut petition = suggestion();
    petition["channel"] = json!("online");
    let (story, registered) = Story::begin(&app, "2026-07-01 09:00", petition).await;
    clocks(&registered, &[("triage_notice", "running 2026-07-16 green")]);
    let accepted = story.post("2026-07-03 09:00", "supervisor", "acceptance", json!({"notice": {"method": "electronic"}})).await;
    clocks(&accepted, &[("triage_notice", "met "), ("suggestion_reply", "running 2026-08-02 green")]);
    clocks(&story.stands("2026-07-28 00:00").await, &[("suggestion_reply", "running 2026-08-02 yellow")]);
    let issued = story.put("2026-07-28 09:00", "supervisor", "opinion", json!({"adoption": "adopted", "opinion": "已采纳"})).await;
    clocks(&issued, &[("suggestion_reply", "met "), ("delivery", "running 2026-08-11")]);
    let delivered =
        story.post("2026-07-29 09:00", "supervisor", "deliveries", json!({"method": "electronic", "receipt": "confirmed"})).await;
    clocks(&delivered, &[("delivery", "met "), ("evaluation_window", "running 2026-08-28")]);
    assert_eq!(open(&delivered), ["evaluation_window"]);
    story.put("2026-07-30 09:00", "desk", "evaluations/office", json!({"score": "satisfied", "channel": "phone"})).await;
    assert_eq!(story.stands("2026-08-28 23:59").await.stage(), "delivered");
    let closed = story.stands("2026-08-29 00:00").await;
    assert_eq!((closed.stage().as_str(), closed.text("/closure_basis").as_str()), ("closed", "no_review_right"));
    assert!(open(&closed).is_empty());

    app.clock.move_to(at("2026-09-01 09:00"));
    let july = story.figures("leader", "from=2026-07-01&to=2026-07-31").await;
    assert_eq!(july["measures"]["registered"]["cases"], 1);
    assert_eq!(rate(&july, "timely_notice_rate"), (1, 1), "{july:#}");
    assert_eq!(rate(&july, "on_time_closure_rate"), (0, 0), "a suggestion is in no rate of claims");
    assert_eq!(rate(&july, "satisfaction_rate/office"), (0, 0));
    let of_its_kind = story.figures("leader", "from=2026-07-01&to=2026-08-31&kind=suggestion").await;
    assert_eq!((rate(&of_its_kind, "satisfaction_rate/office"), rate(&of_its_kind, "satisfaction_rate/unit")), ((1, 1), (0, 0)));
    assert_eq!(rate(&of_its_kind, "participation_rate"), (1, 2), "rated in July, expired on 29 August");
}

#[tokio::test]
async fn a_simplified_claim_falls_back_is_answered_the_normal_way_and_its_petitioner_followed_up() {
    let app = TestApp::start().await;
    let mut petition = claim();
    petition["simplified"] = json!(true);
    let (story, registered) = Story::begin(&app, "2026-03-02 09:00", petition).await;
    clocks(&registered, &[("triage_notice", "running 2026-03-17 green"), ("simplified_acceptance", "running 2026-03-05")]);
    story.post("2026-03-03 10:00", "supervisor", "referrals", json!({"unit_id": app.unit("medical"), "mode": "refer"})).await;
    let accepted = story.post("2026-03-04 09:00", "officer", "acceptance", json!({"notice": {"method": "in_person"}})).await;
    assert_eq!(accepted.body["simplified"], true);
    let both =
        [("simplified_acceptance", "met "), ("handling", "running 2026-05-03 green"), ("simplified_answer", "running 2026-03-18 green")];
    clocks(&accepted, &both);
    assert_eq!(open(&accepted), ["handling", "simplified_answer"]);

    // ten working days were not enough; nothing is broken, the normal limit runs as it did
    assert_eq!(story.stands("2026-03-18 23:59").await.body["simplified"], true);
    let fallen = story.stands("2026-03-19 00:00").await;
    assert_eq!((fallen.body["simplified"].as_bool(), open(&fallen)), (Some(false), vec!["handling"]));
    clocks(&fallen, &[("simplified_answer", "lapsed "), ("handling", "running 2026-05-03 green")]);
    assert_eq!(story.trail().await, ["registered", "referred", "accepted", "clock_lapsed", "simplified_ended"]);
    assert!(app.supervisor().get(&format!("/petitions/{}/supervisions", story.id)).await.expect(200).items().is_empty());

    let opinion = json!({"outcome": "explained", "facts": "已核对", "opinion": "暂无依据", "legal_basis": "《社会保险法》第二十八条"});
    story.put("2026-04-20 09:00", "officer", "opinion", opinion).await;
    let delivered = story.post("2026-04-22 10:00", "desk", "deliveries", json!({"method": "in_person", "receipt": "signed"})).await;
    clocks(&delivered, &[("handling", "met "), ("review_window", "running 2026-05-22"), ("evaluation_window", "running 2026-05-22")]);

    // in person, with number and query code
    app.clock.move_to(at("2026-05-08 09:00"));
    for (object, score) in [("office", "satisfied"), ("unit", "dissatisfied"), ("unit", "dissatisfied")] {
        let said = json!({"number": registered.text("/number"), "query_code": registered.text("/query_code"), "object": object, "score": score,
            "reason": "没有说清楚"});
        app.anonymous().call(Method::PUT, "/public/evaluation").json(&said).await.expect(200);
    }
    let tasks = app.desk().get("/visit-tasks?reason=dissatisfied").await.expect(200);
    // after the holiday a Saturday is worked
    let owed: Vec<(&Value, &Value)> = tasks.items().iter().map(|task| (&task["occasion"], &task["due_on"])).collect();
    assert_eq!(owed, [(&json!("不满意回访"), &json!("2026-05-14"))]);
    assert_eq!(story.stands("2026-05-22 23:59").await.stage(), "delivered");
    let closed = story.stands("2026-05-23 00:00").await;
    assert_eq!((closed.stage().as_str(), closed.text("/closure_basis").as_str()), ("closed", "window_lapsed"));

    app.clock.move_to(at("2026-06-01 09:00"));
    let may = story.figures("leader", "from=2026-05-01&to=2026-05-31").await;
    assert_eq!(rate(&may, "on_time_closure_rate"), (1, 1), "by the normal limit of 3 May");
    assert_eq!((rate(&may, "satisfaction_rate/office"), rate(&may, "satisfaction_rate/unit")), ((1, 1), (0, 1)));
    let march = story.figures("leader", "from=2026-03-01&to=2026-03-31").await;
    assert_eq!((rate(&march, "timely_notice_rate"), rate(&march, "on_time_closure_rate")), ((2, 2), (0, 0)));
}
