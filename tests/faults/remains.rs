use super::load::{Outcome, Reply, register};
use super::office::{Place, Server, client};
use data_encoding::HEXLOWER;
use diesel::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use xinfang::platform::db::schema::{
    event, event_order, event_pending, event_sealed, note, party, petition, petition_content, petition_fact,
};
use xinfang::platform::db::types::Id;

/// Holds the rows to what the clients were told: every 201 is there with all that belongs to it, every 503 is not,
/// nothing stands half-written, and each petition's chain ends where its row says.
pub fn hold(place: &Place, outcome: &Outcome) {
    let c = &mut place.connect();
    let rows: Vec<(Id, String, i64, Vec<u8>)> =
        petition::table.select((petition::id, petition::number, petition::event_n, petition::event_hash)).load(c).unwrap();
    let stored: BTreeMap<Id, &String> = rows.iter().map(|(id, number, ..)| (*id, number)).collect();
    for (id, number) in &outcome.acknowledged {
        assert_eq!(stored.get(id), Some(&number), "acknowledged, and not as acknowledged: {id}");
    }
    for id in outcome.refused.iter().chain(&outcome.faulty) {
        assert!(!stored.contains_key(id), "refused, and stored all the same: {id}");
    }
    let sent: BTreeSet<Id> = outcome.acknowledged.keys().chain(&outcome.unknown).copied().collect();
    assert!(stored.keys().all(|id| sent.contains(id)), "nobody sent it");

    let ids: BTreeSet<Id> = stored.keys().copied().collect();
    let same = |found: Vec<Id>, what: &str| assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), ids, "{what}");
    same(petition_content::table.select(petition_content::petition_id).load(c).unwrap(), "contents");
    same(petition_fact::table.select(petition_fact::petition_id).load(c).unwrap(), "facts");
    same(party::table.select(party::petition_id).load(c).unwrap(), "parties");

    let notes: BTreeSet<Id> = note::table.select(note::id).load(c).unwrap().into_iter().collect();
    assert!(outcome.notes.iter().all(|id| notes.contains(id)), "a note was acknowledged and is gone");
    let told: i64 = event::table.filter(event::act.eq("note_added")).count().get_result(c).unwrap();
    assert_eq!(usize::try_from(told).unwrap(), notes.len(), "notes and their events");

    let of_petitions = event::table.filter(event::subject_kind.eq("petition"));
    let events: Vec<(Id, Id, i64, String, Vec<u8>)> = of_petitions
        .order((event::subject_id, event::subject_n))
        .select((event::id, event::subject_id, event::subject_n, event::body, event::hash))
        .load(c)
        .unwrap();
    let sealed: BTreeSet<Id> = event_sealed::table.select(event_sealed::event_id).load(c).unwrap().into_iter().collect();
    let ordered: Vec<(i64, Id)> = event_order::table.order(event_order::position).load(c).unwrap();
    assert!(ordered.iter().zip(1..).all(|((position, _), n)| *position == n), "a gap in the order");
    let waiting: Vec<Id> = event_pending::table.select(event_pending::event_id).load(c).unwrap();
    let placed: BTreeSet<Id> = ordered.iter().map(|(_, id)| *id).chain(waiting.iter().copied()).collect();
    assert_eq!(placed.len(), ordered.len() + waiting.len(), "an event has two places");
    let mut heads: BTreeMap<Id, (i64, Vec<u8>)> = BTreeMap::new();
    for (id, subject, n, body, hash) in events {
        let (before, prev) = heads.remove(&subject).unwrap_or((0, vec![0; 32]));
        assert_eq!(n, before + 1, "a gap in the chain of {subject}");
        let told: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(told["prev_hash"], HEXLOWER.encode(&prev));
        assert_eq!(Sha256::digest(body.as_bytes()).to_vec(), hash, "the hash of event {id}");
        assert!(sealed.contains(&id) && placed.contains(&id), "event {id} is half-written");
        heads.insert(subject, (n, hash));
    }
    let on_rows: BTreeMap<Id, (i64, Vec<u8>)> = rows.into_iter().map(|(id, _, n, hash)| (id, (n, hash))).collect();
    assert!(heads == on_rows, "the chains end elsewhere than the rows say");
    let verified = place.run(&["audit", "verify"], "");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}

/// A running server gives the first answer again to some of those acknowledged, the last ones among them.
pub async fn replay(server: &Server, token: &str, outcome: &Outcome) {
    let http = client();
    for (id, number) in outcome.acknowledged.iter().rev().take(20) {
        match register(&http, &server.base, token, *id).await {
            Reply::Registered { number: again, replayed } => assert_eq!((&again, replayed), (number, true)),
            _ => panic!("no answer"),
        }
    }
}
