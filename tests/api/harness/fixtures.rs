//! Petitions as they come in, and the steps of the procedure as the right person takes them.

use super::answers::Answer;
use super::app::TestApp;
use super::personas::Persona;
use chrono::{Days, Duration};
use reqwest::Method;
use serde_json::{Value, json};
use xinfang::auth::Role;
use xinfang::platform::db::types::Id;

/// A claim made in a visit, for 医疗保险科 (`medical`).
pub fn claim() -> Value {
    json!({
        "channel": "visit",
        "intake_place": "desk",
        "kind": "claim",
        "category": "medical.reimbursement",
        "title": "异地住院医药费一直没有报销",
        "statement": "我退休后随女儿住在省城，去年十月住院花了两万多元。单据交上去五个月了，一直说在审核。我等着这笔钱还账，请你们帮忙问问到底什么时候能报。",
        "purpose": "尽快报销住院医药费",
        "parties": [{
            "role": "petitioner", "name": "褚玉兰", "sex": "female", "birth_date": "1944-05-17",
            "phone": "13800000101", "address": "样例县城东街道柳树巷7号"
        }]
    })
}

/// A suggestion sent as a letter, for 社区办 (`community`).
pub fn suggestion() -> Value {
    json!({
        "channel": "letter",
        "kind": "suggestion",
        "category": "activity.venues",
        "title": "建议活动室冬天延长开放时间",
        "statement": "城西活动室下午四点就关门，冬天家里冷，我们这些独居的老人没有地方去。建议冬季延长到晚上七点，安排一个值班的同志就可以。",
        "parties": [{
            "role": "petitioner", "name": "卫长河", "sex": "male", "birth_date": "1950-11-02",
            "address": "样例县城西街道建设路18号"
        }]
    })
}

/// An accusation of 医疗保险科 made in a visit, for 纪检监察组 (`discipline`).
pub fn accusation(accused_unit: Id) -> Value {
    json!({
        "channel": "visit",
        "intake_place": "desk",
        "kind": "accusation",
        "category": "conduct.integrity",
        "title": "反映窗口人员收礼插队",
        "statement": "上周三上午我在窗口排队，亲眼看见有人提着东西从后门进去，几分钟就办完出来。老同志排一上午，熟人不用排，请组织上查一查。",
        "parties": [{
            "role": "petitioner", "name": "蒋德明", "sex": "male", "birth_date": "1947-01-30",
            "phone": "13800000102", "address": "样例县河湾街道桥头村3组"
        }],
        "subject": {"name": "医疗保险科", "unit_id": accused_unit}
    })
}

/// A step is taken by the person whose step it is and must succeed; it answers with the petition's new state.
impl TestApp {
    /// The desk registers it.
    pub async fn register(&self, petition: Value) -> Answer {
        self.desk().post("/petitions", petition).await.done()
    }

    /// Somebody acts below a petition on the version they see; the answer is theirs, success or not.
    pub async fn act(&self, who: &Persona<'_>, method: Method, id: &str, below: &str, body: Value) -> Answer {
        let etag = self.petition(who, id).await.etag();
        who.call(method, &format!("/petitions/{id}/{below}")).json(&body).if_match(&etag).await
    }

    /// Somebody corrects a petition on the version they see.
    pub async fn correct(&self, who: &Persona<'_>, id: &str, body: Value) -> Answer {
        let etag = self.petition(who, id).await.etag();
        who.patch(&format!("/petitions/{id}"), body).if_match(&etag).await
    }

    /// The petition as this persona sees it.
    pub async fn petition(&self, who: &Persona<'_>, id: &str) -> Answer {
        who.get(&format!("/petitions/{id}")).await.done()
    }

    /// The supervisor refers it to a unit.
    pub async fn refer(&self, id: &str, unit: &str) -> Answer {
        let etag = self.petition(&self.supervisor(), id).await.etag();
        let body = json!({"unit_id": self.unit(unit), "mode": "refer"});
        self.supervisor().post(&format!("/petitions/{id}/referrals"), body).if_match(&etag).await.done()
    }

    /// The supervisor assigns it to a unit, which reports back within sixty days.
    pub async fn assign(&self, id: &str, unit: &str) -> Answer {
        let etag = self.petition(&self.supervisor(), id).await.etag();
        let report_due = self.now().date_naive() + chrono::Days::new(60);
        let body = json!({"unit_id": self.unit(unit), "mode": "assign", "report_due": report_due});
        self.supervisor().post(&format!("/petitions/{id}/referrals"), body).if_match(&etag).await.done()
    }

    /// Id of its last referral; of nothing when there was none.
    pub async fn last_referral(&self, id: &str) -> String {
        let referrals = self.supervisor().get(&format!("/petitions/{id}/referrals")).await.expect(200);
        referrals.items().last().map_or_else(|| self.unknown_id().to_string(), |last| last["id"].as_str().unwrap().to_owned())
    }

    /// The last notice whose delivery is not recorded, but for the answer; nobody's where there is none.
    pub async fn last_notice(&self, id: &str) -> String {
        let notices = self.supervisor().get(&format!("/petitions/{id}/notices?limit=200")).await.expect(200);
        let waits = |n: &&Value| n["delivery"].is_null() && !["opinion", "reply", "review"].contains(&n["kind"].as_str().unwrap());
        let last = notices.items().iter().rfind(waits);
        last.map_or_else(|| self.unknown_id().to_string(), |last| last["id"].as_str().unwrap().to_owned())
    }

    /// The lead asks a unit whose answer it can't do without, by a day.
    pub async fn ask_assistance(&self, id: &str, unit: &str, due_on: &str) -> Answer {
        let (who, etag) = self.lead(id).await;
        let body = json!({"unit_id": self.unit(unit), "question": "请核对垫付情况", "mandatory": true, "due_on": due_on});
        who.post(&format!("/petitions/{id}/assistance"), body).if_match(&etag).await.done()
    }

    /// Ids of the questions that are open, with their units.
    pub async fn open_questions(&self, id: &str) -> Vec<(String, String)> {
        let asked = self.supervisor().get(&format!("/petitions/{id}/assistance")).await.expect(200);
        let text = |of: &serde_json::Value, member: &str| of[member].as_str().unwrap().to_owned();
        asked.items().iter().filter(|one| one["state"] == "open").map(|one| (text(one, "id"), text(one, "unit_id"))).collect()
    }

    /// The question asked last; an id of nothing when there is none.
    pub async fn last_question(&self, id: &str) -> String {
        let asked = self.supervisor().get(&format!("/petitions/{id}/assistance")).await.expect(200);
        asked.items().last().map_or_else(|| self.unknown_id().to_string(), |last| last["id"].as_str().unwrap().to_owned())
    }

    /// The lead opens a hearing.
    pub async fn open_hearing(&self, id: &str) -> Answer {
        let (who, etag) = self.lead(id).await;
        who.post(&format!("/petitions/{id}/hearings"), json!({"topic": "报销范围"})).if_match(&etag).await.done()
    }

    /// The hearing that was opened last; an id of nothing when there is none.
    pub async fn last_hearing(&self, id: &str) -> String {
        let held = self.supervisor().get(&format!("/petitions/{id}/hearings")).await.expect(200);
        held.items().last().map_or_else(|| self.unknown_id().to_string(), |last| last["id"].as_str().unwrap().to_owned())
    }

    /// The lead records that the sides agreed.
    pub async fn mediate(&self, id: &str) -> Answer {
        let who = self.lead(id).await.0;
        who.post(&format!("/petitions/{id}/mediations"), json!({"result": "agreed", "agreement": "双方同意补发"})).await.done()
    }

    /// The supervisor recuses somebody.
    pub async fn recuse(&self, id: &str, who: &str) -> Answer {
        let body = json!({"staff_id": self.by(who).id(), "reason": "与信访人系近亲属"});
        self.supervisor().post(&format!("/petitions/{id}/recusals"), body).await.done()
    }

    /// The recusal that was recorded last; an id of nothing when there is none.
    pub async fn last_recusal(&self, id: &str) -> String {
        let recused = self.supervisor().get(&format!("/petitions/{id}/recusals")).await.expect(200);
        recused.items().last().map_or_else(|| self.unknown_id().to_string(), |last| last["id"].as_str().unwrap().to_owned())
    }

    /// The leader takes charge for a month.
    pub async fn take_charge(&self, id: &str) -> Answer {
        let next_look = self.now().date_naive() + chrono::Days::new(30);
        let etag = self.petition(&self.leader(), id).await.etag();
        self.leader().put(&format!("/petitions/{id}/leader-case"), json!({"next_look": next_look})).if_match(&etag).await.done()
    }

    /// A reception day so many days from today, in the morning, with two places.
    pub fn reception_day(&self, ahead: u64) -> Value {
        let today = (self.now() + Duration::hours(8)).date_naive();
        json!({"held_on": today + Days::new(ahead), "starts": "09:00", "ends": "11:30", "place": "接访室一号厅",
            "leader_id": self.office().account("leader").id(), "places": 2})
    }

    /// The same, published.
    pub async fn publish_reception_day(&self, ahead: u64) -> Answer {
        self.supervisor().post("/reception-days", self.reception_day(ahead)).await.expect(201)
    }

    /// Opens a policy issue; gives its id.
    pub async fn open_policy_issue(&self) -> String {
        let opened =
            self.supervisor().post("/policy-issues", json!({"title": "晋级后住房补贴面积差额", "cause": "面积差额一直没有补发"})).await;
        opened.expect(201).body["id"].as_str().unwrap().to_owned()
    }

    /// Makes a petition belong to a policy issue of its own.
    pub async fn join_policy_issue(&self, id: &str) -> Answer {
        let issue = self.open_policy_issue().await;
        self.supervisor().put(&format!("/petitions/{id}/policy-issue"), json!({"policy_issue_id": issue})).await.done()
    }

    /// Id of the last supervision; of none when there is none.
    pub async fn last_supervision(&self, id: &str) -> String {
        let all = self.supervisor().get(&format!("/petitions/{id}/supervisions")).await.expect(200);
        all.items().last().map_or_else(|| self.unknown_id().to_string(), |last| last["id"].as_str().unwrap().to_owned())
    }

    /// Those above ask the unit how it goes, within ten days.
    pub async fn supervise(&self, id: &str) -> Answer {
        let due_on = self.now().date_naive() + chrono::Days::new(10);
        self.supervisor().post(&format!("/petitions/{id}/supervisions"), json!({"reason": "请说明进展", "due_on": due_on})).await.done()
    }

    /// The lead says that it is not its own.
    pub async fn object(&self, id: &str) -> Answer {
        let (who, etag) = self.lead(id).await;
        let referral = self.last_referral(id).await;
        who.post(&format!("/petitions/{id}/referrals/{referral}/objection"), json!({"reason": "不属本科职责"})).if_match(&etag).await.done()
    }

    /// The sender says what becomes of the objection.
    pub async fn decide_objection(&self, id: &str, upheld: bool) -> Answer {
        let (referral, etag) = (self.last_referral(id).await, self.petition(&self.supervisor(), id).await.etag());
        let body = json!({"upheld": upheld, "reason": "按职责分工"});
        self.supervisor().put(&format!("/petitions/{id}/referrals/{referral}/objection/decision"), body).if_match(&etag).await.done()
    }

    /// The lead accepts it and tells the petitioner in person; without a lead the supervisor does, as own competence.
    pub async fn accept(&self, id: &str) -> Answer {
        let (who, etag) = self.lead(id).await;
        let body = json!({"notice": {"method": "in_person"}});
        who.post(&format!("/petitions/{id}/acceptance"), body).if_match(&etag).await.done()
    }

    /// The lead gives the answer that is usual for the kind: supported, adopted, substantiated.
    pub async fn opinion(&self, id: &str) -> Answer {
        let kind = self.petition(&self.lead(id).await.0, id).await.text("/kind");
        self.answer(id, usual_opinion(&kind)).await
    }

    /// The lead gives this answer.
    pub async fn answer(&self, id: &str, opinion: Value) -> Answer {
        let (who, etag) = self.lead(id).await;
        who.put(&format!("/petitions/{id}/opinion"), opinion).if_match(&etag).await.done()
    }

    /// The lead asks for more time.
    pub async fn ask_extension(&self, id: &str, days: i32) -> Answer {
        let (who, etag) = self.lead(id).await;
        let body = json!({"days": days, "reason": "需向省城医院调取住院病历"});
        who.post(&format!("/petitions/{id}/extensions"), body).if_match(&etag).await.done()
    }

    /// The head of 医疗保险科 decides on what was asked for last.
    pub async fn decide_extension(&self, id: &str, approved: bool) -> Answer {
        let below = format!("extensions/{}/decision", self.last_extension(id).await);
        self.act(&self.head(), Method::PUT, id, &below, json!({"approved": approved, "note": "请抓紧"})).await.done()
    }

    /// The extension asked for last; an id of nothing when there is none.
    pub async fn last_extension(&self, id: &str) -> String {
        let asked = self.supervisor().get(&format!("/petitions/{id}/extensions")).await.expect(200);
        asked.items().last().map_or_else(|| self.unknown_id().to_string(), |last| last["id"].as_str().unwrap().to_owned())
    }

    /// Id of the first person of a petition; of nobody when it names none.
    pub async fn first_party(&self, id: &str) -> String {
        let petition = self.petition(&self.supervisor(), id).await;
        petition.body["parties"][0]["id"].as_str().unwrap_or("00000000-0000-7000-8000-000000000000").to_owned()
    }

    /// The lead hands the answer over in person, against a signature.
    pub async fn deliver(&self, id: &str) -> Answer {
        let (who, etag) = self.lead(id).await;
        let body = json!({"method": "in_person", "receipt": "signed", "recipient": "褚玉兰"});
        who.post(&format!("/petitions/{id}/deliveries"), body).if_match(&etag).await.done()
    }

    /// The desk writes down that the petitioner does not agree.
    pub async fn contest(&self, id: &str) -> Answer {
        self.act(&self.desk(), Method::POST, id, "reviews", json!({"grounds": "急诊住院来不及备案，不应自付"})).await.done()
    }

    /// The supervisor decides the review that was asked for last, or records what the unit outside decided.
    pub async fn decide_review(&self, id: &str, decision: Value) -> Answer {
        let below = format!("reviews/{}/decision", self.last_review(id).await);
        self.act(&self.supervisor(), Method::PUT, id, &below, decision).await
    }

    /// The review asked for last; an id of nothing when there is none.
    pub async fn last_review(&self, id: &str) -> String {
        let reviews = self.supervisor().get(&format!("/petitions/{id}/reviews")).await.expect(200);
        reviews.items().last().map_or_else(|| self.unknown_id().to_string(), |last| last["id"].as_str().unwrap().to_owned())
    }

    /// The lead closes it for this reason; without a lead the desk does. A suggestion whose evaluation is over is closed already.
    pub async fn close(&self, id: &str, reason: &str) -> Answer {
        let (mut who, mut etag) = self.lead(id).await;
        let standing = self.petition(&who, id).await;
        if reason == "final" && standing.body["closure_basis"] == "no_review_right" {
            return standing;
        }
        if who.name == "supervisor" {
            who = self.desk();
            etag = self.petition(&who, id).await.etag();
        }
        let body = json!({"reason": reason, "note": "已当面向来访人说明，本人表示清楚。"});
        who.post(&format!("/petitions/{id}/closure"), body).if_match(&etag).await.done()
    }

    /// From registration to delivery; gives the petition's id.
    pub async fn delivered(&self, petition: Value, unit: &str) -> String {
        let id = self.register(petition).await.id();
        self.refer(&id, unit).await;
        self.accept(&id).await;
        self.opinion(&id).await;
        self.deliver(&id).await;
        id
    }

    /// An officer of the lead unit (the supervisor while there is none or it has none), and the entity-tag they see.
    async fn lead(&self, id: &str) -> (Persona<'_>, String) {
        let petition = self.petition(&self.supervisor(), id).await;
        let unit = petition.body["lead_unit"]["id"].as_str().and_then(|unit| unit.parse().ok()).map(Id);
        match unit.and_then(|unit| self.office().somebody(Role::Officer, unit)) {
            None => (self.supervisor(), petition.etag()),
            Some(username) => {
                let officer = self.by(username);
                let etag = self.petition(&officer, id).await.etag();
                (officer, etag)
            }
        }
    }
}

/// The answer that is usual for a kind: supported, adopted, substantiated.
pub fn usual_opinion(kind: &str) -> Value {
    match kind {
        "claim" => json!({
            "outcome": "supported",
            "facts": "经核对，住院单据齐全，因异地就医备案信息未同步而未能审核。",
            "opinion": "支持您的请求，报销款十个工作日内汇入您的账户。",
            "legal_basis": "《中华人民共和国社会保险法》第二十八条"
        }),
        "suggestion" => json!({"adoption": "adopted", "opinion": "您的建议已采纳，下周起活动室开放到晚上七点。谢谢您。"}),
        "accusation" => json!({"outcome": "substantiated", "opinion": "经查属实，已对有关人员作出处理。感谢您的监督。"}),
        other => panic!("no petition is of the kind `{other}`"),
    }
}
