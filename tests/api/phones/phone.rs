//! A small phone of a member of staff who goes from home to home: it keeps what it takes down until the office has confirmed each piece.

use super::bad_line::BadLine;
use crate::harness::{Answer, TestApp};
use chrono::{DateTime, Duration, Utc};
use data_encoding::BASE64;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use xinfang::platform::db::types::Id;

/// Attempts at one call before it is the server's fault.
const ATTEMPTS: usize = 200;

/// A photograph taken of what somebody showed.
pub struct Photograph {
    /// Made by the phone.
    pub id: Id,
    /// A PNG.
    pub content: Vec<u8>,
}

/// A petition as it was taken down.
pub struct Draft {
    /// Made by the phone.
    pub id: Id,
    /// When, by the phone's clock.
    pub captured_at: DateTime<Utc>,
    /// What is sent.
    pub petition: Value,
    /// What was shown.
    pub photographs: Vec<Photograph>,
    /// What the phone's owner thinks of it: id and words.
    pub note: Option<(Id, String)>,
}

/// A visit that was made for a task, and the draft taken down on it.
pub struct VisitMade {
    /// The task.
    pub task: String,
    /// What is sent.
    pub record: Value,
    /// Which draft it brings.
    pub draft: Id,
}

/// A phone.
pub struct Phone<'a> {
    app: &'a TestApp,
    line: &'a BadLine,
    client: reqwest::Client,
    access: String,
    refresh: String,
    luck: StdRng,
    /// What was taken down and is not a visit's.
    pub drafts: Vec<Draft>,
    /// Drafts that come with a visit.
    pub visited: Vec<Draft>,
    /// Visits.
    pub visits: Vec<VisitMade>,
    /// Confirmed by the office: what was asked for, and its answer.
    pub confirmed: BTreeMap<String, Value>,
    /// Calls that were made.
    pub calls: usize,
    /// Tokens that were got by a password, and by another token.
    pub signed_in: [usize; 2],
}

impl<'a> Phone<'a> {
    /// A phone on a line, its luck by a seed.
    pub fn on(app: &'a TestApp, line: &'a BadLine, seed: u64) -> Self {
        let mut headers = reqwest::header::HeaderMap::new();
        headers.insert("connection", "close".parse().unwrap());
        headers.insert("user-agent", "xinfang-phone/1".parse().unwrap());
        let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).default_headers(headers).build().unwrap();
        Self {
            app,
            line,
            client,
            access: "expired".to_owned(),
            refresh: "lost".to_owned(),
            luck: StdRng::seed_from_u64(seed),
            drafts: Vec::new(),
            visited: Vec::new(),
            visits: Vec::new(),
            confirmed: BTreeMap::new(),
            calls: 0,
            signed_in: [0, 0],
        }
    }

    /// Takes a petition down, with what was shown and said beside it; nobody hears of it yet.
    pub fn take_down(&mut self, n: usize, channel: &str) -> Draft {
        let now = self.app.now();
        let mut petition = json!({
            "id": self.app.unknown_id(), "channel": channel, "intake_place": "home", "kind": "claim", "category": "allowance.heating",
            "title": format!("第{n}户：取暖补贴未到账"),
            // as two systems write it: one with decomposed letters and line ends of its own
            "statement": format!("老人口述\r\n去年冬天的补贴没有到账，Cafe\u{301} {n} 号。"),
            "captured_at": now,
            "parties": [{"role": "petitioner", "name": format!("走访老人{n}"), "phone": format!("139{n:08}"), "address": null}]
        });
        if n.is_multiple_of(3) {
            petition["read_back"] = json!(true);
        }
        let photographs = (0..self.luck.random_range(1..=2)).map(|_| self.photograph()).collect();
        let note = self.luck.random_bool(0.4).then(|| (self.app.unknown_id(), format!("第{n}户老人耳背，回访请上门。")));
        Draft { id: petition["id"].as_str().unwrap().parse().map(Id).unwrap(), captured_at: now, petition, photographs, note }
    }

    fn photograph(&mut self) -> Photograph {
        let mut png = std::io::Cursor::new(Vec::new());
        let picture = image::RgbImage::from_fn(40, 40, |_, _| image::Rgb(self.luck.random()));
        picture.write_to(&mut png, image::ImageFormat::Png).unwrap();
        Photograph { id: self.app.unknown_id(), content: png.into_inner() }
    }

    /// Sends everything, whether or not it was sent before, until each piece is confirmed. The second time it must hear the same.
    pub async fn send_everything(&mut self) {
        self.send_drafts().await;
        self.send_visits().await;
        let mut pieces: Vec<(Id, usize, bool)> = Vec::new();
        let all: Vec<&Draft> = self.drafts.iter().chain(&self.visited).collect();
        for draft in all {
            pieces.extend((0..draft.photographs.len()).map(|n| (draft.id, n, true)));
            pieces.extend(draft.note.iter().map(|_| (draft.id, 0, false)));
        }
        pieces.shuffle(&mut self.luck);
        for (id, n, photograph) in pieces {
            if photograph { self.send_photograph(id, n).await } else { self.send_note(id).await }
        }
    }

    async fn send_drafts(&mut self) {
        let mut left: Vec<usize> = (0..self.drafts.len()).collect();
        left.shuffle(&mut self.luck);
        while !left.is_empty() {
            let some = left.split_off(left.len() - self.luck.random_range(1..=12).min(left.len()));
            if some.len() == 1 {
                // alone, as a phone does that has only one
                let petition = self.drafts[some[0]].petition.clone();
                let answer = self.call(Method::POST, "/petitions", &petition, None).await.expect(201);
                self.confirm(&format!("petition {}", answer.id()), &answer.body);
                continue;
            }
            let items: Vec<Value> = some.iter().map(|n| self.drafts[*n].petition.clone()).collect();
            let key = self.luck.random_bool(0.5).then(|| format!("phone-{}", self.luck.random::<u64>()));
            let answer = self.call(Method::POST, "/petitions/batch", &json!({"items": items}), key.as_deref()).await.expect(207);
            assert_eq!(answer.items().len(), some.len(), "{answer}");
            for (place, (item, n)) in answer.items().iter().zip(&some).enumerate() {
                let id = self.drafts[*n].id;
                assert_eq!((&item["index"], &item["id"], &item["status"]), (&json!(place), &json!(id), &json!(201)), "{item}");
                assert_eq!((&item["number"], &item["petition"]["id"]), (&item["petition"]["number"], &json!(id)), "{item}");
                self.confirm(&format!("petition {id}"), &item["petition"]);
            }
        }
    }

    async fn send_visits(&mut self) {
        for n in 0..self.visits.len() {
            let (path, record) = (format!("/visit-tasks/{}/visits", self.visits[n].task), self.visits[n].record.clone());
            let answer = self.call(Method::POST, &path, &record, None).await.expect(201);
            assert_eq!(answer.body["petitions"][0]["id"], json!(self.visits[n].draft), "{answer}");
            self.confirm(&path, &answer.body);
        }
    }

    async fn send_photograph(&mut self, of: Id, n: usize) {
        let photograph = &self.draft(of).photographs[n];
        let (path, content) = (format!("/petitions/{of}/attachments?id={}", photograph.id), photograph.content.clone());
        let answer = self.upload(&path, content).await.expect(201);
        let place = answer.header("location").unwrap().to_owned();
        assert!(path.ends_with(place.rsplit('/').next().unwrap()), "{answer}");
        self.confirm(&path, &json!(place));
    }

    async fn send_note(&mut self, of: Id) {
        let draft = self.draft(of);
        let (id, text) = draft.note.clone().unwrap();
        let body = json!({"id": id, "captured_at": draft.captured_at, "text": text});
        let answer = self.call(Method::POST, &format!("/petitions/{of}/notes"), &body, None).await.expect(201);
        assert!(answer.header("location").unwrap().ends_with(&id.to_string()), "{answer}");
        self.confirm(&format!("note {id}"), &answer.body);
    }

    fn draft(&self, id: Id) -> &Draft {
        self.drafts.iter().chain(&self.visited).find(|draft| draft.id == id).unwrap()
    }

    /// Whatever was answered before is answered again, word for word.
    fn confirm(&mut self, what: &str, answer: &Value) {
        let before = self.confirmed.entry(what.to_owned()).or_insert_with(|| answer.clone());
        assert_eq!(before, answer, "{what} was answered otherwise before");
    }

    /// One call with JSON, until it is answered.
    pub async fn call(&mut self, method: Method, path: &str, body: &Value, key: Option<&str>) -> Answer {
        let mut headers = vec![("content-type", "application/json".to_owned())];
        headers.extend(key.map(|key| ("idempotency-key", key.to_owned())));
        let bytes = if method == Method::GET { Vec::new() } else { serde_json::to_vec(body).unwrap() };
        self.insist(method, path, &headers, bytes).await
    }

    async fn upload(&mut self, path: &str, content: Vec<u8>) -> Answer {
        let digest = format!("sha-256=:{}:", BASE64.encode(&Sha256::digest(&content)));
        let headers = [
            ("content-type", "image/png".to_owned()),
            ("content-disposition", "attachment; filename=\"photo.png\"".to_owned()),
            ("content-digest", digest),
        ];
        self.insist(Method::POST, path, &headers, content).await
    }

    /// Calls until an answer comes back whole; time goes by, tokens expire and are got anew.
    async fn insist(&mut self, method: Method, path: &str, headers: &[(&str, String)], body: Vec<u8>) -> Answer {
        let path = format!("/api/v1{path}");
        for _ in 0..ATTEMPTS {
            self.calls += 1;
            self.app.advance(Duration::seconds(self.luck.random_range(1..30)));
            let mut request = self.client.request(method.clone(), format!("http://{}{path}", self.line.address));
            request = request.bearer_auth(&self.access).body(body.clone());
            for (name, value) in headers {
                request = request.header(*name, value);
            }
            let Ok(answer) = whole(request, &method, &path).await else { continue };
            self.app.document.check(&answer);
            match answer.status {
                401 => self.renew().await,
                // a body that broke off is one the phone hears nothing of; the office is busy, or wants a pause
                429 | 503 => self.app.advance(Duration::seconds(2)),
                _ => return answer,
            }
        }
        panic!("{method} {path}: no answer after {ATTEMPTS} attempts");
    }

    /// A new token by the old one, else by the password.
    async fn renew(&mut self) {
        let renewal = format!("grant_type=refresh_token&refresh_token={}", self.refresh);
        if self.ask(renewal).await {
            self.signed_in[1] += 1;
        } else if self.ask("grant_type=password&username=desk&password=demo-demo".to_owned()).await {
            self.signed_in[0] += 1;
        }
    }

    async fn ask(&mut self, form: String) -> bool {
        for _ in 0..ATTEMPTS {
            self.app.advance(Duration::seconds(3));
            let request = self.client.post(format!("http://{}/api/v1/auth/token", self.line.address)).body(form.clone());
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            let Ok(answer) = whole(request, &Method::POST, "/api/v1/auth/token").await else { continue };
            self.app.document.check(&answer);
            if answer.status != 200 {
                return false;
            }
            (self.access, self.refresh) = (answer.text("/access_token"), answer.text("/refresh_token"));
            return true;
        }
        false
    }
}

/// An answer that came back whole.
async fn whole(request: reqwest::RequestBuilder, method: &Method, path: &str) -> reqwest::Result<Answer> {
    let response = request.send().await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = response.bytes().await?.to_vec();
    Ok(Answer::new("phone", method.clone(), path.to_owned(), status, headers, bytes))
}
