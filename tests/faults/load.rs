use super::office::{Server, client};
use chrono::Utc;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use xinfang::platform::db::types::Id;
use xinfang::platform::ids::Ids;

/// One that exists.
const CATEGORY: &str = "medical.remote";

/// What became of the petitions sent.
#[derive(Default)]
pub struct Outcome {
    /// Registered: the number each was given.
    pub acknowledged: BTreeMap<Id, String>,
    /// Notes added to those.
    pub notes: Vec<Id>,
    /// Refused for now (503).
    pub refused: Vec<Id>,
    /// Refused for good (422).
    pub faulty: Vec<Id>,
    /// The connection broke before an answer: stored or not, nobody promised anything.
    pub unknown: Vec<Id>,
}

/// Clients at work until they are told to stop.
pub struct Load {
    seen: Arc<Mutex<Outcome>>,
    stopped: Arc<AtomicBool>,
    clients: Vec<tokio::task::JoinHandle<()>>,
}

impl Outcome {
    /// Adds what was seen in another round.
    pub fn add(&mut self, other: Self) {
        self.acknowledged.extend(other.acknowledged);
        self.notes.extend(other.notes);
        self.refused.extend(other.refused);
        self.faulty.extend(other.faulty);
        self.unknown.extend(other.unknown);
    }
}

impl Load {
    /// So many clients, each registering one petition after the other and adding a note to it; one petition in sixteen is filed
    /// under a category that does not exist.
    pub fn start(server: &Server, token: &str, clients: usize) -> Self {
        let (seen, stopped) = (Arc::<Mutex<Outcome>>::default(), Arc::<AtomicBool>::default());
        let http = client();
        let clients = (0..clients).map(|_| {
            let (http, seen, stopped) = (http.clone(), Arc::clone(&seen), Arc::clone(&stopped));
            let (base, token) = (server.base.clone(), token.to_owned());
            tokio::spawn(async move {
                for n in 1.. {
                    if stopped.load(Ordering::Relaxed) {
                        break;
                    }
                    let id = new_id();
                    let category = if n % 16 == 0 { "no.such" } else { CATEGORY };
                    let answer = register_under(&http, &base, &token, id, category).await;
                    if n % 16 == 8 {
                        fail_to_make_a_unit(&http, &base, &token).await;
                    }
                    let note = match &answer {
                        Reply::Registered { .. } => add_note(&http, &base, &token, id).await,
                        _ => None,
                    };
                    let broken = matches!(answer, Reply::Broken);
                    let mut seen = seen.lock().unwrap();
                    seen.notes.extend(note);
                    match answer {
                        Reply::Registered { number, .. } => drop(seen.acknowledged.insert(id, number)),
                        Reply::Refused => seen.refused.push(id),
                        Reply::Faulty => seen.faulty.push(id),
                        Reply::Broken => seen.unknown.push(id),
                    }
                    drop(seen);
                    if broken {
                        // the server is gone
                        break;
                    }
                }
            })
        });
        Self { clients: clients.collect(), seen, stopped }
    }

    /// Waits until something has been seen.
    pub async fn until(&self, what: &str, seen: impl Fn(&Outcome) -> bool) {
        let patience = Instant::now() + Duration::from_secs(30);
        while !seen(&self.seen.lock().unwrap()) {
            let at_work = self.clients.iter().any(|client| !client.is_finished());
            assert!(at_work && Instant::now() < patience, "never seen: {what}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// What was seen so far.
    pub fn counts(&self) -> (usize, usize, usize) {
        let seen = self.seen.lock().unwrap();
        (seen.acknowledged.len(), seen.refused.len(), seen.unknown.len())
    }

    /// The clients finish what they began.
    pub async fn stop(self) -> Outcome {
        self.stopped.store(true, Ordering::Relaxed);
        for client in self.clients {
            client.await.unwrap();
        }
        std::mem::take(&mut *self.seen.lock().unwrap())
    }
}

/// The answer to one registration.
pub enum Reply {
    /// 201.
    Registered { number: String, replayed: bool },
    /// 503.
    Refused,
    /// 422, where the category does not exist.
    Faulty,
    /// None.
    Broken,
}

/// Registers one petition under its id, which is its Idempotency-Key too.
pub async fn register(http: &reqwest::Client, base: &str, token: &str, id: Id) -> Reply {
    register_under(http, base, token, id, CATEGORY).await
}

async fn register_under(http: &reqwest::Client, base: &str, token: &str, id: Id, category: &str) -> Reply {
    let request = http.post(format!("{base}/petitions")).bearer_auth(token).header("Idempotency-Key", id.to_string());
    let Ok(answer) = request.json(&petition(id, category)).send().await else { return Reply::Broken };
    let status = answer.status().as_u16();
    let replayed = answer.headers().contains_key("idempotency-replayed");
    let retry_after = answer.headers().contains_key("retry-after");
    let Ok(body) = answer.json::<Value>().await else { return Reply::Broken };
    match status {
        201 => {
            assert_eq!(body["id"], id.to_string());
            Reply::Registered { number: body["number"].as_str().unwrap().to_owned(), replayed }
        }
        503 => {
            assert!(retry_after, "{body}");
            Reply::Refused
        }
        422 if category != CATEGORY => Reply::Faulty,
        status => panic!("{status}: {body}"),
    }
}

/// Adds a note; its id when it was acknowledged.
async fn add_note(http: &reqwest::Client, base: &str, token: &str, id: Id) -> Option<Id> {
    let request =
        http.post(format!("{base}/petitions/{id}/notes")).bearer_auth(token).json(&json!({"text": "老人已回家，电话再核对一次。"}));
    let answer = request.send().await.ok()?;
    let (status, place) = (answer.status().as_u16(), answer.headers().get("location").cloned());
    match status {
        201 => Some(Id::or_nil(place.unwrap().to_str().unwrap().rsplit('/').next().unwrap())),
        503 => None,
        status => panic!("{status}: {}", answer.text().await.unwrap_or_default()),
    }
}

/// Makes a unit under a code in use: refused after its event was written, so that its neighbours in the group are run again.
async fn fail_to_make_a_unit(http: &reqwest::Client, base: &str, token: &str) {
    let unit = json!({"code": "office", "name": "县老干部局", "kind": "bureau"});
    if let Ok(answer) = http.post(format!("{base}/units")).bearer_auth(token).json(&unit).send().await {
        let status = answer.status().as_u16();
        assert!(status == 409 || status == 503, "{status}: {}", answer.text().await.unwrap_or_default());
    }
}

fn petition(id: Id, category: &str) -> Value {
    json!({
        "id": id, "channel": "visit", "kind": "claim", "category": category, "title": "异地就医住院费未报销",
        "statement": "本人去年十月在省城女儿家突发心梗住院，共花费4.6万元，回来后多次送材料，至今没有报销。".repeat(4),
        "parties": [{"role": "petitioner", "name": "张建国", "phone": "13800000001", "address": "城东区和平路12号"}]
    })
}

/// A fresh UUIDv7.
pub fn new_id() -> Id {
    Ids::Random.moment(Utc::now()).draw().id()
}
