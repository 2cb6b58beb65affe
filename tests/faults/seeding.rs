use super::disk::Disk;
use super::office::{Place, Server, client};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use xinfang::platform::db::Conn;

const PASSWORD: &str = "demo-demo";

#[derive(QueryableByName, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn seed(place: &Place, petitions: &str) -> Output {
    place.run(&["bench", "seed", "--petitions", petitions], "")
}

#[track_caller]
fn seeded(place: &Place, petitions: &str) -> String {
    let output = seed(place, petitions);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    said
}

#[track_caller]
fn refused(output: &Output, code: i32, why: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(code) && said.contains(why), "{:?}: {said}", output.status);
}

fn count(c: &mut Conn, of: &str) -> i64 {
    diesel::sql_query(format!("SELECT count(*) AS n FROM {of}")).get_result::<Count>(c).unwrap().n
}

/// Tables, indexes, constraints and triggers as the engine describes them.
fn schema(c: &mut Conn) -> Vec<String> {
    let all = match c {
        Conn::Sqlite(_) => {
            "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS line FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%'"
        }
        Conn::Pg(_) => {
            "SELECT 'index ' || indexdef AS line FROM pg_indexes WHERE schemaname = 'public' \
             UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || convalidated || ' ' || pg_get_constraintdef(oid) \
                 FROM pg_constraint WHERE connamespace = 'public'::regnamespace \
             UNION ALL SELECT 'trigger ' || tgenabled::text || ' ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal \
             UNION ALL SELECT 'column ' || attrelid::regclass || ' ' || attname || ' ' || atttypid::regtype || ' ' || attnotnull \
                 FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid \
                 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0"
        }
    };
    let mut lines: Vec<Line> = diesel::sql_query(all).load(c).unwrap();
    lines.sort();
    lines.into_iter().map(|l| l.line).collect()
}

/// Every row of a table as text, for comparing before and after.
fn is_empty(place: &Place) -> bool {
    let c = &mut place.connect();
    ["unit", "account", "petition", "event", "event_pending", "access_log"].iter().all(|table| count(c, table) == 0)
}

async fn get(server: &Server, token: &str, path: &str) -> Value {
    let answer = client().get(format!("{}{path}", server.base)).bearer_auth(token).header("Prefer", "count=exact").send().await.unwrap();
    let (status, body) = (answer.status().as_u16(), answer.json().await.unwrap());
    assert_eq!(status, 200, "{path}: {body}");
    body
}

/// What was seeded passes the product's own checks, and the product works on it.
#[tokio::test]
async fn a_seeded_database_is_like_one_that_was_worked_in() {
    let (place, fresh) = (Place::new(), Place::new());
    let said = seeded(&place, "900");
    assert!(said.contains("900 petitions copied from"), "{said}");
    let verified = place.run(&["audit", "verify"], "");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));

    assert!(fresh.run(&["migrate"], "").status.success());
    let c = &mut place.connect();
    assert_eq!(schema(c), schema(&mut fresh.connect()));
    if !place.is_pg() {
        assert_eq!(count(c, "pragma_foreign_key_check"), 0);
    }
    assert_eq!(count(c, "petition"), 900);
    let later = if place.is_pg() { "now()" } else { "unixepoch() * 1000000" };
    assert_eq!(count(c, &format!("event WHERE at > {later}")), 0, "nothing happened in the future");
    assert_eq!(count(c, "event e WHERE NOT EXISTS (SELECT 1 FROM event_order o WHERE o.event_id = e.id)"), 0);
    assert_eq!(count(c, "event"), count(c, "event_order WHERE position BETWEEN 1 AND (SELECT count(*) FROM event)"));
    assert!(count(c, "(SELECT phone_hash FROM party WHERE phone_hash IS NOT NULL GROUP BY 1) p") > 400, "many people");
    assert!(
        count(c, "(SELECT phone_hash FROM party WHERE phone_hash IS NOT NULL GROUP BY 1 HAVING count(*) > 1) p") > 20,
        "some come again"
    );
    let unlike = "petition p JOIN petition_fact f ON f.petition_id = p.id \
        WHERE f.registered_day <> p.registered_day OR (f.closed_day IS NULL) <> (p.closed_at IS NULL) OR f.voided <> (p.closure_reason = 'voided')";
    assert_eq!(count(c, unlike), 0, "the rows for statistics are those of the petitions");
    let clocks = count(c, "clock");
    assert!(clocks > 5 * 900, "{clocks}");
    let nearest =
        "SELECT min(due_at) FROM clock k WHERE k.subject_id = p.id AND stopped_at IS NULL AND state IN ('running', 'paused', 'breached')";
    let unlike = format!("petition p WHERE CASE WHEN ({nearest}) IS NULL THEN sort_due < {later} ELSE sort_due <> ({nearest}) END");
    assert_eq!(count(c, &unlike), 0, "what is due next stands on the petition");
    for (wrong, why) in [
        ("state = 'met' AND stopped_at >= due_at OR state = 'met_late' AND stopped_at < due_at", "done in time is before the end"),
        ("(state IN ('breached', 'met_late')) <> (breached_at IS NOT NULL) OR breached_at <> due_at", "a breach is at the end"),
        ("(state = 'running') <> (next_at IS NOT NULL)", "something comes of what runs alone"),
        ("due_at <= started_at OR yellow_at > due_at OR target_at > due_at", "the end comes after the beginning"),
    ] {
        assert_eq!(count(c, &format!("clock WHERE {wrong}")), 0, "{why}");
    }
    assert_eq!(count(c, &format!("clock WHERE kind <> 'urgent_report' AND next_at <= {later}")), 0, "what came is found");
    let running = count(c, "clock WHERE state = 'running'");
    assert!((9..180).contains(&running), "some weeks' work runs: {running}");
    let breaches = count(c, "event WHERE act = 'clock_breached'");
    assert_eq!(count(c, "supervision WHERE clock_id IS NOT NULL"), breaches);
    let numbers: Vec<Line> = diesel::sql_query("SELECT number AS line FROM petition ORDER BY n").load(c).unwrap();
    let readable = |l: &&Line| xinfang::petition::number::read_number(&l.line).as_ref() == Some(&l.line);
    assert_eq!(numbers.iter().filter(readable).count(), 900);

    let server = place.serve();
    let (desk, supervisor) = (server.sign_in_with("desk", PASSWORD).await, server.sign_in_with("supervisor", PASSWORD).await);
    // the summary is the rows', counted another way
    let summary = get(&server, &supervisor, "/statistics/summary?from=2000-01-01").await;
    let counted = |c: &mut Conn, what: &str| count(c, &format!("petition WHERE coalesce(closure_reason, '') <> 'voided' AND {what}"));
    let visible = "(kind <> 'accusation' AND NOT barred)".replace("NOT barred", if place.is_pg() { "NOT barred" } else { "barred = 0" });
    for (measure, condition) in [("registered", "1 = 1"), ("closed", "stage = 'closed'"), ("open", "stage <> 'closed'")] {
        let seen = summary["measures"][measure]["cases"].as_i64().unwrap();
        let (least, all) = (counted(c, &format!("{condition} AND {visible}")), counted(c, condition));
        assert!((least..=all).contains(&seen), "{measure}: {seen}, expected {least} to {all}");
    }

    // pages hang together and hold everything once
    let first = get(&server, &supervisor, "/petitions?limit=200").await;
    let total = first["count"].as_u64().or(first["total"].as_u64()).unwrap_or_else(|| panic!("no count: {first}"));
    let (mut ids, mut page) = (std::collections::BTreeSet::new(), first);
    loop {
        ids.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next_cursor"].as_str().map(str::to_owned) else { break };
        page = get(&server, &supervisor, &format!("/petitions?limit=200&cursor={cursor}")).await;
    }
    assert_eq!(ids.len() as u64, total);

    // one case, as the desk that took it sees it: what is encrypted opens, the trail tells of the same person
    let mine = get(&server, &desk, "/petitions?channel=visit&limit=50").await;
    let id = mine["items"][37]["id"].as_str().unwrap();
    let petition = get(&server, &desk, &format!("/petitions/{id}")).await;
    let party = &petition["parties"][0];
    assert!(party["phone"].as_str().is_some_and(|phone| phone.starts_with("120")), "{party}");
    let events = get(&server, &desk, &format!("/petitions/{id}/events")).await;
    assert!(events.to_string().contains(party["name"].as_str().unwrap()), "{events}");
    assert_eq!(events["items"][0]["act"], "registered");

    // and the numbers go on
    let new = json!({"channel": "visit", "kind": "claim", "category": "allowance.heating", "title": "取暖补贴", "statement": "今年的还没有发。",
        "parties": [{"role": "petitioner", "name": "赵一", "phone": "13800000001"}]});
    let answer = client().post(format!("{}/petitions", server.base)).bearer_auth(&desk).json(&new).send().await.unwrap();
    let registered: Value = answer.json().await.unwrap();
    assert!(registered["number"].as_str().is_some_and(|number| number.contains("V000901")), "{registered}");
    server.terminate();
    assert!(server.ended().await.success());
    assert!(place.run(&["audit", "verify"], "").status.success());
}

/// The same seed gives the same petitions.
#[test]
fn a_seed_is_a_world() {
    let worlds = [Place::new(), Place::new()].map(|place| {
        seeded(&place, "40");
        let sql = "SELECT number || ' ' || name AS line FROM petition JOIN party ON petition_id = petition.id ORDER BY petition.n, party.n";
        diesel::sql_query(sql).load::<Line>(&mut place.connect()).unwrap()
    });
    assert_eq!(worlds[0], worlds[1]);
}

/// Nonsense is told as such before anything is opened.
#[test]
fn numbers_that_are_none() {
    let place = Place::new();
    for nonsense in ["0", "-1", "many", "1.5", "1000000000000"] {
        let output = seed(&place, nonsense);
        assert_eq!(output.status.code(), Some(2), "{nonsense}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(place.is_pg() || !place.file().exists());
    assert!(!place.key_file.exists());
}

/// Only an empty database of this program's schema is filled; what is refused is left as it was.
#[test]
fn not_every_database_is_filled() {
    let place = Place::new();
    assert!(place.enter("desk").status.success());
    let before = (!place.is_pg()).then(|| std::fs::read(place.file()).unwrap());
    refused(&seed(&place, "10"), 1, "is not empty");
    assert_eq!(count(&mut place.connect(), "account"), 1);
    if let Some(before) = before {
        assert_eq!(std::fs::read(place.file()).unwrap(), before);
    }

    // one migrated and never used is empty
    let place = Place::new();
    assert!(place.run(&["migrate"], "").status.success());
    let mut other = place.connect();
    assert_eq!(count(&mut other, "petition"), 0);
    refused(&seed(&place, "10"), 1, "stop the server");
    drop(other);
    let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99999999')";
    place.connect().batch_execute(newer).unwrap();
    refused(&seed(&place, "10"), 1, "newer than this program");
    place.connect().batch_execute("DELETE FROM __diesel_schema_migrations WHERE version = '99999999'").unwrap();
    // its data keys are there, the key that opens them is not
    let key = std::fs::read(&place.key_file).unwrap();
    std::fs::remove_file(&place.key_file).unwrap();
    refused(&seed(&place, "10"), 1, "key file");
    assert!(is_empty(&place));
    std::fs::write(&place.key_file, key).unwrap();
    seeded(&place, "10");
}

/// Where a SQLite file grows.
fn growing(place: &Place) -> PathBuf {
    Path::new(&format!("{}.seeding", place.file().display())).to_owned()
}

/// A run of which a good part is done.
fn halfway(place: &Place) -> std::process::Child {
    let mut child = place
        .command(&["bench", "seed", "--petitions", "200000"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let patience = Instant::now() + Duration::from_secs(300);
    let under_way = || match place.is_pg() {
        // seen from outside: a session in the database itself would be in the way
        true => place.sessions("xact_start < now() - interval '1 second'") > 0,
        false => growing(place).exists(),
    };
    while !under_way() {
        assert!(Instant::now() < patience && child.try_wait().unwrap().is_none(), "it does not get going");
        std::thread::sleep(Duration::from_millis(2));
    }
    std::thread::sleep(Duration::from_secs(1));
    child
}

/// Told to stop it leaves nothing behind; killed, nothing that is in the next one's way.
#[test]
fn broken_off_in_the_middle() {
    let place = Place::new();
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let child = halfway(&place);
        assert!(Command::new("kill").args(["-s", signal]).arg(child.id().to_string()).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        refused(&output, code, "as it was");
        if place.is_pg() {
            assert!(is_empty(&place));
        } else {
            assert!(!place.file().exists() && !growing(&place).exists());
        }
    }
    let mut child = halfway(&place);
    child.kill().unwrap();
    child.wait().unwrap();
    if !place.is_pg() {
        assert!(growing(&place).exists());
    } else {
        // the server notices that nobody listens
        let patience = Instant::now() + Duration::from_secs(30);
        while place.sessions("true") > 0 {
            assert!(Instant::now() < patience);
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    assert!(is_empty(&place));
    seeded(&place, "20");
    assert!(place.is_pg() || !growing(&place).exists());
    assert_eq!(count(&mut place.connect(), "petition"), 20);
}

/// A disk too small is said to be too small, and is as free as before.
#[test]
fn no_room() {
    let Some(disk) = Disk::of(24) else { return };
    let place = Place::on_disk(Some(disk.path()));
    refused(&seed(&place, "20000"), 1, "no room left");
    let left: Vec<_> = std::fs::read_dir(disk.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.is_empty(), "{left:?}");
    seeded(&place, "100");
}
