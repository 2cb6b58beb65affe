//! The parts of a call that only think: body checking, hashing, the access policy, tokens, the deadline engine. `cargo bench --bench micro`.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used)]

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::hint::black_box;
use xinfang::auth::token::Tokens;
use xinfang::auth::{Actor, Relation, Relations, Role, Roles};
use xinfang::calendar::{Calendar, service::shipped};
use xinfang::deadline::rules::{Limit, Pause, Term, Warning, due, ledger};
use xinfang::petition::clocks::Clocks;
use xinfang::petition::facts::Facts;
use xinfang::petition::registration::RegisterPetition;
use xinfang::petition::rules::{Standing, allowed};
use xinfang::petition::{Kind, Stage};
use xinfang::platform::db::types::Id;
use xinfang::platform::db::{DatabaseUrl, Db, connect};
use xinfang::platform::ids::Ids;
use xinfang::platform::key;
use xinfang::platform::web::{Body, Shapes};

fn petition() -> Vec<u8> {
    let body = json!({
        "channel": "visit", "intake_place": "desk", "kind": "claim", "category": "medical.remote", "title": "异地就医住院费未报销",
        "statement": "本人去年十月在省城女儿家突发心梗住院，共花费4.6万元，回来后多次送材料，至今没有报销。请尽快核实。",
        "parties": [{"role": "petitioner", "name": "张建国", "sex": "male", "birth_date": "1943-05-12", "phone": "13800000001"}]
    });
    body.to_string().into_bytes()
}

fn bodies(c: &mut Criterion) {
    let shapes = Shapes::from_openapi(&xinfang::app::openapi());
    let good = petition();
    let bad = String::from_utf8(good.clone()).unwrap().replace("\"visit\"", "\"pigeon\"").replace("\"title\"", "\"titel\"").into_bytes();
    let mut group = c.benchmark_group("body of a registration");
    group.throughput(Throughput::Bytes(good.len() as u64));
    group.bench_function("in order", |b| b.iter(|| Body::<RegisterPetition>::from_bytes(black_box(&good), &shapes).is_ok()));
    group.bench_function("with three faults", |b| b.iter(|| Body::<RegisterPetition>::from_bytes(black_box(&bad), &shapes).is_ok()));
    group.finish();
}

fn events(c: &mut Criterion) {
    // the shape of an event's body, hashed as the chain hashes it
    let body = json!({
        "format": 1, "id": "0198c0de-7b1e-7c1a-9d0c-2f6a1f3f8f10", "subject_kind": "petition", "subject_id": "0198c0de-7b1e-7c1a-9d0c-2f6a1f3f8f11",
        "n": 1, "prev_hash": "00".repeat(32), "act": "registered", "at": "2026-03-02T01:00:00.000000Z", "claimed_at": null,
        "actor_id": "0198c0de-7b1e-7c1a-9d0c-2f6a1f3f8f12", "actor_role": "receptionist", "on_behalf_of": null,
        "request_id": "0198c0de-7b1e-7c1a-9d0c-2f6a1f3f8f13", "client": null, "sealed_hash": "ab".repeat(32),
        "data": {"stage": {"from": null, "to": "registered"}, "number": "XF-20260302-V000123-K", "kind": "claim", "channel": "visit",
            "category": "medical.remote", "registered_unit": "0198c0de-7b1e-7c1a-9d0c-2f6a1f3f8f14", "received_at": "2026-03-02T01:00:00Z",
            "matter_id": "0198c0de-7b1e-7c1a-9d0c-2f6a1f3f8f15", "restricted": false, "urgent": false, "simplified": false, "persons": 1}
    });
    c.bench_function("event: body and hash", |b| {
        b.iter(|| Sha256::digest(serde_json_canonicalizer::to_vec(black_box(&body)).unwrap()));
    });
}

fn policy(c: &mut Criterion) {
    let (facts, clocks) = (Facts::default(), Clocks::default());
    let relations = Relations::of(&[Relation::Su, Relation::Oc, Relation::Sv, Relation::Hd]);
    let kin = xinfang::petition::repeats::Kin::default();
    let standing = Standing {
        stage: Stage::Handling,
        kind: Kind::Claim,
        facts: &facts,
        urgent: false,
        kin: &kin,
        supervisions: &[],
        closure: None,
        long_closed: false,
        clocks: &clocks,
        now: DateTime::UNIX_EPOCH,
        caller: Id::NIL,
        removable: false,
        represented: false,
        relations,
        outside: false,
        barred: false,
        discipline: false,
    };
    c.bench_function("policy: allowed actions", |b| b.iter(|| allowed(black_box(&standing))));
}

fn tokens(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("a.db"));
    let (_db, now): (_, DateTime<Utc>) = (Db::open(&url).unwrap(), Utc::now());
    let keys = key::open(&mut connect(&url, false).unwrap(), &folder.path().join("a.key"), now).unwrap();
    let mut draw = Ids::Random.moment(now).draw();
    let actor = Actor::staff(draw.id(), draw.id(), Roles::of(&[Role::Receptionist]));
    let token = Tokens::new(&keys).unwrap().sign(&actor, draw.id(), now).unwrap();
    let known = Tokens::new(&keys).unwrap();
    c.bench_function("token: seen before", |b| b.iter(|| known.check(black_box(&token), now).is_ok()));
    c.bench_function("token: seen for the first time", |b| {
        b.iter_batched(|| Tokens::new(&keys).unwrap(), |fresh| fresh.check(black_box(&token), now).is_ok(), BatchSize::SmallInput);
    });
}

/// Due dates with their yellow light, from starts all over two years: one element is one of them.
fn deadlines(c: &mut Criterion) {
    let calendar = Calendar::of(&shipped().unwrap().1);
    let first: DateTime<Utc> = "2024-01-01T00:17:03Z".parse().unwrap();
    let starts: Vec<DateTime<Utc>> = (0..1_024).map(|n| first + Duration::minutes(n * 1_021)).collect();
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let pause = [Pause { from: day("2025-01-10"), until: Some(day("2025-01-20")), reason: "hearing".to_owned() }];
    let usual = [Warning { percent: Some(80), hours_before: Some(72) }];
    let mut group = c.benchmark_group("deadline");
    group.throughput(Throughput::Elements(starts.len() as u64));
    let mut count = |name: &str, limit: Limit, roll: bool, pauses: &[Pause], zone: Tz| {
        group.bench_function(name, |b| {
            b.iter(|| {
                let term = |start: &DateTime<Utc>| Term { start: *start, limit, roll, pauses, warnings: &usual };
                starts.iter().map(|start| due(&term(black_box(start)), &calendar, zone).at.timestamp()).sum::<i64>()
            });
        });
    };
    count("60 calendar days", Limit::Days(60), false, &[], chrono_tz::Asia::Shanghai);
    count("60 calendar days with summer time", Limit::Days(60), false, &[], chrono_tz::Europe::London);
    count("30 calendar days that move on", Limit::Days(30), true, &[], chrono_tz::Asia::Shanghai);
    count("60 working days", Limit::WorkingDays(60), false, &[], chrono_tz::Asia::Shanghai);
    count("60 calendar days with a pause", Limit::Days(60), false, &pause, chrono_tz::Asia::Shanghai);
    group.bench_function("the ledger of 60 calendar days", |b| {
        b.iter(|| {
            let term = |start: &DateTime<Utc>| Term { start: *start, limit: Limit::Days(60), roll: false, pauses: &[], warnings: &usual };
            starts.iter().map(|start| ledger(&term(black_box(start)), &calendar, chrono_tz::Asia::Shanghai).len()).sum::<usize>()
        });
    });
    group.finish();
}

criterion_group! {
    name = all;
    config = Criterion::default().warm_up_time(std::time::Duration::from_millis(300)).measurement_time(std::time::Duration::from_secs(1)).sample_size(30);
    targets = bodies, events, policy, tokens, deadlines
}
criterion_main!(all);
