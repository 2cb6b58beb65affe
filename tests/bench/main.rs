//! `xinfang bench` on the real program: it measures all it says it does, leaves nothing behind, and refuses in words.
//!
//! On the engine `XINFANG_TEST_DATABASE_URL` picks. What it measures here says nothing: the program is not optimised.
#![allow(clippy::unwrap_used, clippy::expect_used)]

/// The program as a child process, on a database of its own.
#[allow(dead_code)] // the drills use more of it
#[path = "../faults/office.rs"]
mod office;

use office::Place;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Output, Stdio};
use xinfang::platform::db::{Conn, inspect};

/// A database with the sample office and petitions.
fn sample() -> Place {
    let place = Place::new();
    let seeded = place.run(&["bench", "seed", "--petitions", "300"], "");
    assert!(seeded.status.success(), "{}", String::from_utf8_lossy(&seeded.stderr));
    place
}

fn signal(name: &str, pid: u32) {
    assert!(Command::new("kill").arg(format!("-{name}")).arg(pid.to_string()).status().unwrap().success());
}

#[track_caller]
fn refused(output: &Output, code: i32, words: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert!(said.contains(words) && !said.contains("panicked"), "{said}");
}

#[test]
fn all_work_is_measured_and_nothing_fails() {
    let place = sample();
    let json = place.folder().join("run.json");
    let run = place.run(&["bench", "run", "--seconds", "0.1", "--json", json.to_str().unwrap()], "");
    let (table, said) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{table}\n{said}");
    let report: Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
    let rows = report["rows"].as_array().unwrap();
    // whether a thousand clocks run here depends on how much was registered meanwhile
    let works: BTreeSet<&str> = rows.iter().map(|row| row["work"].as_str().unwrap()).filter(|work| *work != "sweep").collect();
    let all = [
        "candidates",
        "empty handler",
        "import",
        "lifecycle",
        "list 50, a deep page",
        "list 50, a unit's newest",
        "list 50, all at one stage",
        "list 50, all newest",
        "list 50, all of one unit",
        "list 50, page 1",
        "list 50, the desk's newest",
        "memory at rest",
        "memory at rest after the reads",
        "overload",
        "read one",
        "register",
        "register, the search follows",
        "search, a whole name",
        "search, both",
        "search, two characters of few",
        "search, two characters of up to half",
        "size",
        "start",
        "statistics, everything",
        "statistics, kind, channel and category",
        "statistics, one unit",
        "statistics, unit and category",
        "statistics, unit and channel",
        "statistics, unit and kind",
        "worklist, a unit's",
        "worklist, the whole tree",
    ];
    assert_eq!(works, all.into_iter().collect());
    for row in rows.iter().filter(|row| !row["load"].is_null()) {
        assert_eq!(row["load"]["failures"], 0, "{row}");
        // on a machine this busy an overload may be over before anything is answered
        assert!(row["work"] == "overload" || row["load"]["calls"].as_u64() > Some(0), "{row}");
    }
    assert!(rows.iter().any(|row| row["work"] == "register" && !row["limits"].as_array().unwrap().is_empty()), "{report}");
    assert!(table.contains("| register") && !table.contains("FAILED"), "{table}");

    // what it adds are petitions like any other, and its copy is gone
    let mut c = inspect(&place.url.parse().unwrap()).unwrap();
    assert!(report["added"].as_i64() > Some(0));
    assert_eq!(report["petitions"].as_i64().unwrap() + report["added"].as_i64().unwrap(), count(&mut c, "petition"));
    if place.is_pg() {
        assert_eq!(count(&mut c, "pg_database WHERE datname LIKE 'xinfang_bench_raw%'"), 0);
    } else {
        let left = std::fs::read_dir(place.folder()).unwrap().filter(|entry| entry.as_ref().unwrap().path().is_dir());
        assert_eq!(left.count(), 0);
    }
    let verified = place.run(&["audit", "verify"], "");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}

fn count(c: &mut Conn, what: &str) -> i64 {
    use diesel::prelude::*;
    let query = diesel::dsl::sql::<diesel::sql_types::BigInt>(&format!("(SELECT count(*) FROM {what})"));
    xinfang::on_both!(c, |c| diesel::select(query).get_result(c)).unwrap()
}

#[test]
fn interrupted_it_ends_its_server() {
    let place = sample();
    let mut run = place.command(&["bench", "run", "--only", "read-one"]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(run.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("measuring read-one") {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0, "it ended before it was interrupted");
    }
    let server = std::fs::read_to_string(format!("/proc/{0}/task/{0}/children", run.id())).unwrap();
    let server = server.split_whitespace().next().expect("a server is measured").to_owned();
    signal("INT", run.id());
    assert_eq!(run.wait().unwrap().code(), Some(130));
    assert!(!std::path::Path::new("/proc").join(server).exists());
    said.read_to_string(&mut line).unwrap();
    assert!(line.contains("interrupted"), "{line}");
}

#[test]
fn what_makes_no_sense_is_usage() {
    let place = Place::new();
    for argument in ["--only=dreams", "--seconds=0", "--seconds=-1", "--seconds=NaN", "--seconds=7200"] {
        refused(&place.run(&["bench", "run", argument], ""), 2, argument.split('=').next().unwrap());
    }
    refused(&place.run(&["bench", "growth", "only-one.json"], ""), 2, "FILE");
    refused(&place.run(&["bench", "growth", "no.json", "such.json"], ""), 1, "cannot read no.json");
}

#[test]
fn where_there_is_nothing_to_measure_it_says_so() {
    let run = ["bench", "run", "--seconds", "0.1"];
    let place = Place::on_disk(None);
    refused(&place.run(&run, ""), 1, "there is no database");
    assert!(!place.file().exists());

    let place = Place::new();
    refused(&place.run(&run, ""), 1, if place.is_pg() { "not a database of xinfang" } else { "there is no database" });
    assert!(place.enter("desk").status.success());
    refused(&place.run(&run, ""), 1, "the sample office is not in this database");

    let mut place = Place::on_disk(None);
    // the port for discarding, on which nobody listens
    place.url = "postgres://nobody@127.0.0.1:9/nothing".to_owned();
    refused(&place.run(&run, ""), 1, "cannot open the database");

    let place = sample();
    refused(&place.run(&["bench", "run", "--seconds", "0.1", "--json", "/no/such/folder/run.json"], ""), 1, "/no/such/folder/run.json");
}
