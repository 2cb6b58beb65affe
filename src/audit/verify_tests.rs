//! A small office, its trail, and everything an insider with the database in hand can do to it.
#![allow(clippy::unwrap_used)]

use super::verify::{Report, verify_paged};
use super::{Draft, Head, SubjectKind, append};
use crate::account::{self, model::NewStaff};
use crate::auth::context::Origin;
use crate::auth::{Actor, Context, Role, Roles};
use crate::category;
use crate::petition::model::Stage;
use crate::petition::registration::{RegisterPetition, register};
use crate::petition::{Act, Case};
use crate::platform::Platform;
use crate::platform::db::types::Id;
use crate::platform::db::{Conn, connect, in_transaction};
use crate::platform::error::Result;
use crate::platform::for_tests;
use crate::unit::{self, UnitKind, model::NewUnit};
use diesel::connection::SimpleConnection;
use serde_json::json;
use std::sync::Arc;

struct House {
    _folder: tempfile::TempDir,
    platform: Platform,
    c: Conn,
    actor: Arc<Actor>,
    petition: Id,
    station: Id,
}

/// What an insider does first.
const OPEN: &str = "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;
    DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete; DROP TRIGGER event_no_replace;";
/// Three events: registered, referred, and a note.
const PETITION: &str = "(SELECT id FROM petition)";

impl House {
    fn new() -> Self {
        let (folder, platform) = for_tests::platform();
        let c = connect(&platform.config.database, false).unwrap();
        let mut house = Self { _folder: folder, platform, c, actor: Arc::new(Actor::SYSTEM), petition: Id::NIL, station: Id::NIL };
        let bureau = house.unit("bureau", None);
        house.station = house.unit("station", Some(bureau));
        let staff = NewStaff {
            id: None,
            username: "zhoubing".to_owned(),
            name: "周丙".to_owned(),
            unit_id: bureau,
            roles: Roles::of(&[Role::Supervisor]),
            password_hash: "none".to_owned(),
        };
        let account = house.write(|c, cx| account::service::create(c, cx, staff));
        house.actor = Arc::new(Actor::staff(account.id, bureau, Roles::of(&[Role::Supervisor])));
        house.write(category::service::load_shipped);
        house.write(crate::calendar::service::load_shipped);
        house.write(crate::deadline::service::load_shipped);
        house.petition = house.register();
        let station = house.station;
        house.event(|c, case, draft| {
            case.lead(c, station)?;
            case.advance(Stage::Referred);
            case.event(Draft { act: "referred", ..draft });
            Ok(())
        });
        house.event(|_, case, draft| {
            case.event(Draft { act: "note_added", ..draft }.sealed(json!({"text": "已电话核对"})));
            Ok(())
        });
        house
    }

    fn write<T>(&mut self, f: impl FnOnce(&mut Conn, &mut Context) -> Result<T>) -> T {
        let mut origin = Origin::system(&self.platform, "test");
        origin.actor = Arc::clone(&self.actor);
        in_transaction(&mut self.c, |c| f(c, &mut origin.context())).unwrap()
    }

    fn unit(&mut self, code: &str, parent_id: Option<Id>) -> Id {
        let (code, name) = (code.to_owned(), format!("{code}科"));
        let new =
            NewUnit { id: None, code, name, kind: UnitKind::Bureau, external: false, parent_id, review_unit_id: None, valid_from: None };
        self.write(|c, cx| unit::service::create(c, cx, &new)).id
    }

    fn register(&mut self) -> Id {
        let new: RegisterPetition = serde_json::from_value(json!({
            "channel": "visit", "kind": "claim", "category": "medical.remote", "title": "异地就医住院费未报销",
            "statement": "至今没有报销。", "parties": [{"role": "petitioner", "name": "张建国", "phone": "13800000001"}]
        }))
        .unwrap();
        self.write(|c, cx| register(c, cx, &new)).0.row.id
    }

    fn event(&mut self, f: impl FnOnce(&mut Conn, &mut Case, Draft) -> Result<()>) {
        let id = self.petition;
        self.write(|c, cx| {
            let actor = Arc::clone(&cx.actor);
            let mut case = Case::load(c, cx, id)?;
            let draft = case.draft(&actor, Act::AddNote, "");
            f(c, &mut case, draft)?;
            case.store(c, cx, true)
        });
    }

    /// The findings, which are the same however the trail is cut into pages, and the report.
    fn verify(&mut self) -> (Vec<String>, Report) {
        let paged = |c: &mut Conn, limit| {
            let mut found = Vec::new();
            let report = verify_paged(c, &self.platform.keys, limit, &mut |_, new| found.extend(new.iter().map(ToString::to_string)));
            (found, report.unwrap())
        };
        let whole = paged(&mut self.c, super::verify::PAGE);
        for limit in [1, 2, 3] {
            assert_eq!(paged(&mut self.c, limit), whole, "pages of {limit}");
        }
        assert_eq!(whole.1.findings, whole.0.len() as u64);
        whole
    }

    fn tamper(&mut self, sql: &str) {
        self.c.batch_execute(OPEN).unwrap();
        self.c.batch_execute(&sql.replace("$P", PETITION)).unwrap_or_else(|e| panic!("{sql}: {e}"));
    }
}

/// Does it in a fresh house; each of `expected` must be among the findings, and every finding name the subject it is about.
#[track_caller]
fn found_after(sql: &str, expected: &[&str]) -> Vec<String> {
    let mut house = House::new();
    house.tamper(sql);
    let (found, _) = house.verify();
    assert!(!found.is_empty(), "{sql}: not found");
    for what in expected {
        assert!(found.iter().any(|f| f.contains(what)), "{sql}: no `{what}` in {found:#?}");
    }
    found
}

#[test]
fn an_honest_trail_gives_no_finding() {
    let mut house = House::new();
    house.register();
    let (found, report) = house.verify();
    assert_eq!(found, Vec::<String>::new());
    assert!(report.events > 10 && report.events == report.subjects + 2 && report.expected == report.events, "{report:?}");
    assert_eq!(report.erased, 0);

    house.tamper("DELETE FROM event_sealed WHERE event_id IN (SELECT id FROM event WHERE act = 'note_added')");
    let (found, report) = house.verify();
    assert_eq!((found, report.erased), (Vec::new(), 1), "erasing is lawful and counted");
}

#[test]
fn a_changed_column_is_found_and_named() {
    let text = ["act", "actor_role", "request_id"];
    let number = ["at", "format"];
    let bytes = ["prev_hash", "actor_id", "sealed_hash"];
    let absent = [("claimed_at", "7"), ("on_behalf_of", "randomblob(16)"), ("client", "'phone'")];
    let changes = (text.iter().map(|col| (*col, format!("'x' || substr({col}, 2)"))))
        .chain(number.iter().map(|col| (*col, format!("{col} + 1"))))
        .chain(bytes.iter().map(|col| (*col, format!("x'00ff' || substr({col}, 3)"))))
        .chain(absent.iter().map(|(col, value)| (*col, (*value).to_owned())))
        .chain([("actor_id", "NULL".to_owned()), ("sealed_hash", "NULL".to_owned()), ("subject_kind", "'account'".to_owned())]);
    for (column, value) in changes {
        // the third event has all there is
        let value = if value.starts_with("x'") { format!("CAST({value} AS BLOB)") } else { value };
        let found = found_after(&format!("UPDATE event SET {column} = {value} WHERE subject_id = $P AND subject_n = 3"), &["event 3: "]);
        let named = if column == "format" { "its format 2 is unknown".to_owned() } else { format!("`{column}`") };
        assert!(found.iter().any(|f| f.contains(&named)), "{column}: {found:#?}");
    }
    found_after(
        "UPDATE event SET id = randomblob(16) WHERE subject_id = $P AND subject_n = 3",
        &["event 3: `id` is", "there is no such event"],
    );
    let hash = "UPDATE event SET hash = CAST(x'00ff' || substr(hash, 3) AS BLOB) WHERE subject_id = $P AND subject_n = ";
    found_after(&format!("{hash} 1"), &["event 1: its hash is not", "event 2: it does not follow"]);
    found_after(&format!("{hash} 3"), &["event 3: its hash is not", "its row has another hash"]);
    found_after(
        "UPDATE event SET subject_kind = 'pension' WHERE subject_id = $P AND subject_n = 2",
        &["event 2: it can't be read", "pension"],
    );
    found_after("UPDATE event SET subject_kind = 'pension' WHERE subject_id = $P AND subject_n = 1", &["event 1: it can't be read"]);
}

#[test]
fn a_changed_body_is_found() {
    let body = |sql: &str| format!("UPDATE event SET body = {sql} WHERE subject_id = $P AND subject_n = 2");
    let hash = "event 2: its hash is not that of its body";
    found_after(
        &body("replace(body, '\"to\":\"referred\"', '\"to\":\"closed\"')"),
        &[hash, "its stage is \"referred\", but its events make it \"closed\""],
    );
    found_after(
        &body("replace(body, '\"act\":\"referred\"', '\"act\":\"withdrawn\"')"),
        &[hash, "`act` is \"referred\", but its body says \"withdrawn\""],
    );
    found_after(&body("body || ' '"), &[hash, "canonical"]);
    found_after(&body("'{\"x\":1,' || substr(body, 2)"), &[hash, "its body says `x`, which is no column"]);
    found_after(&body("'{}'"), &[hash, "its body says no `act`"]);
    found_after(&body("'gone'"), &[hash, "its body is no JSON object"]);
    found_after(
        &body("replace(body, '\"from\":\"registered\"', '\"from\":\"handling\"')"),
        &["it takes stage from \"handling\", but it was \"registered\""],
    );
    found_after(&body("replace(body, '\"from\":null', '\"was\":null')"), &["it says no `from` and `to` of lead_unit"]);
}

#[test]
fn events_removed_moved_or_put_in_are_found() {
    let delete = |which: &str| format!("DELETE FROM event WHERE subject_id = $P AND subject_n {which}");
    found_after(&delete("= 1"), &["event 2: event 1 is missing"]);
    found_after(&delete("= 2"), &["event 3: event 2 is missing"]);
    found_after(&delete("< 3"), &["event 3: events 1 to 2 are missing"]);
    found_after(&delete("= 3"), &["its last events are missing: 3 by its row, 2 found", "no such event"]);
    found_after(&delete("> 0"), &["it has no events: 3 by its row"]);
    found_after("DELETE FROM petition", &["it has events, but it is not there itself"]);
    found_after("DELETE FROM unit WHERE code = 'station'", &["unit "]);
    found_after("DELETE FROM event WHERE subject_kind = 'account'", &["account ", "(zhoubing): it has no events"]);
    found_after("DELETE FROM event WHERE subject_kind = 'category'", &["(medical.remote): it has no events"]);
    found_after(
        "UPDATE event SET subject_n = subject_n - 1 WHERE subject_id = $P",
        &["event 0: chains begin with event 1", "event 2: `n` is 2"],
    );
    let swap = "UPDATE event SET subject_n = -subject_n WHERE subject_id = $P; UPDATE event SET subject_n =
        CASE subject_n WHEN -2 THEN 3 WHEN -3 THEN 2 ELSE 1 END WHERE subject_id = $P";
    found_after(swap, &["event 2: it does not follow the event before it", "event 3: `n` is 3, but its body says 2"]);
    found_after("UPDATE event SET subject_n = 9 WHERE subject_id = $P AND subject_n = 3", &["event 9: events 3 to 8 are missing"]);
    let copy = "INSERT INTO event SELECT randomblob(16), subject_kind, subject_id, 4, format, act, at, claimed_at, actor_id, actor_role,
        on_behalf_of, request_id, client, body, sealed_hash, prev_hash, hash FROM event WHERE subject_id = $P AND subject_n = 3";
    found_after(copy, &["event 4: it does not follow", "its row knows of 3 events, but the last found is 4"]);
    let lend =
        "UPDATE event SET subject_id = (SELECT id FROM unit WHERE code = 'bureau'), subject_n = 2 WHERE subject_id = $P AND subject_n = 3";
    found_after(lend, &["unit ", "(bureau) event 2: it does not follow", "another kind of subject", "petition "]);
    let cut = "DELETE FROM event WHERE subject_id = $P AND subject_n > 1;
        UPDATE petition SET event_n = 1, event_hash = (SELECT hash FROM event WHERE subject_id = $P)";
    found_after(cut, &["its stage is \"referred\", but its events make it \"registered\"", "its lead_unit is "]);
}

#[test]
fn a_forged_event_of_good_form_is_found() {
    let mut house = House::new();
    let (id, forged) = (house.petition, Draft::new("withdrawn", "officer").with("stage", json!({"from": "referred", "to": "closed"})));
    house.write(|c, cx| append(c, cx, SubjectKind::Petition, id, &Head { n: 3, hash: vec![1; 32] }, forged));
    let (found, _) = house.verify();
    let about = |what: &str| found.iter().any(|f| f.starts_with(&format!("petition {id} (XF")) && f.contains(what));
    assert!(about("event 4: it does not follow the event before it") && about("its row knows of 3 events"), "{found:#?}");

    let mut house = House::new();
    let elsewhere = house.platform.ids.bytes::<16>();
    let ghost = Id(uuid::Uuid::from_bytes(elsewhere));
    house.write(|c, cx| append(c, cx, SubjectKind::Petition, ghost, &Head::none(), Draft::new("registered", "officer")));
    assert_eq!(house.verify().0, [format!("petition {ghost}: it has events, but it is not there itself")]);
}

#[test]
fn replaced_sealed_content_is_found() {
    let third = "WHERE event_id = (SELECT id FROM event WHERE subject_id = $P AND subject_n = 3)";
    let sealed = |set: &str| format!("UPDATE event_sealed SET {set} {third}");
    found_after(&sealed("salt = randomblob(16)"), &["event 3: its sealed content is not what it vouches for"]);
    found_after(&sealed("content = randomblob(80)"), &["event 3: its sealed content can't be opened"]);
    found_after(&sealed("content = x''"), &["event 3: its sealed content can't be opened"]);
    let others =
        "content = (SELECT content FROM event_sealed s JOIN event e ON e.id = s.event_id WHERE e.subject_id = $P AND e.subject_n = 1)";
    found_after(&sealed(others), &["event 3: its sealed content can't be opened"]);
    let unasked = "INSERT INTO event_sealed SELECT id, randomblob(16), randomblob(80) FROM event WHERE subject_id = $P AND subject_n = 2";
    found_after(unasked, &["event 2: it has sealed content that it does not vouch for"]);
    found_after("INSERT INTO event_sealed VALUES (randomblob(16), x'', x'')", &["it has sealed content, but there is no such event"]);
    found_after(
        "INSERT INTO event_pending (event_id) VALUES (randomblob(16))",
        &["it waits for its place in the order, but there is no such event"],
    );
    found_after("INSERT INTO event_order VALUES (9, randomblob(16))", &["it has a position in the order, but there is no such event"]);

    // sealed again with the right key, by somebody who has it: the commitment still tells
    let mut house = House::new();
    let (petition, words) = (house.petition, "另一番话");
    let event = super::repo::at(&mut house.c, petition, 3).unwrap().0.id;
    let content = house.write(|_, cx| cx.seal(event, "event_sealed", json!({"text": words}).to_string().as_bytes()));
    house.tamper(&sealed(&format!("content = x'{}'", data_encoding::HEXLOWER.encode(&content))));
    let (found, _) = house.verify();
    assert!(found.len() == 1 && found[0].ends_with("its sealed content is not what it vouches for"), "{found:#?}");
}

#[test]
fn a_row_changed_behind_its_events_is_found() {
    found_after("UPDATE petition SET stage = 'closed'", &["its stage is \"closed\", but its events make it \"referred\""]);
    found_after("UPDATE petition SET stage = 'forgotten'", &["its stage is \"forgotten\""]);
    found_after("UPDATE petition SET lead_unit = registered_unit", &["its lead_unit is "]);
    found_after("UPDATE petition SET lead_unit = NULL", &["its lead_unit is null"]);
    for table in ["petition", "account", "unit", "category"] {
        found_after(&format!("UPDATE {table} SET event_n = event_n + 1"), &[table, "its last events are missing"]);
        found_after(&format!("UPDATE {table} SET event_hash = zeroblob(32)"), &[table, "its row has another hash than its last event"]);
    }
}
