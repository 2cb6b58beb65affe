//! The one table of acts against the procedure's legality matrix: `golden/stages.txt` is the procedure's word, never rewritten from the code.

use std::fmt::Write;
use xinfang::auth::{Relation, Relations};
use xinfang::petition::acts::{ACTS, Act, Row};
use xinfang::petition::clocks::Clocks;
use xinfang::petition::facts::Facts;
use xinfang::petition::repeats::Kin;
use xinfang::petition::rules::{Standing, refused};
use xinfang::petition::{ClosureReason, Kind, Stage};

const GOLDEN: &str = include_str!("golden/stages.txt");
const STAGES: [(Stage, &str); 7] = [
    (Stage::Registered, "Rg"),
    (Stage::Referred, "Rf"),
    (Stage::Handling, "Ha"),
    (Stage::Decided, "De"),
    (Stage::Delivered, "Dl"),
    (Stage::UnderReview, "Ur"),
    (Stage::Closed, "Cl"),
];

/// The act as the procedure names it: closings by their reason.
fn name(row: &Row) -> String {
    row.reason.map_or_else(|| row.name.to_owned(), |reason| format!("{} {}", row.name, reason.as_str()))
}

fn code(relations: Relations) -> String {
    relations.iter().map(Relation::code).collect::<Vec<_>>().join(" ")
}

/// The sign of an act in a stage, whoever asks: what the stage and the facts about deliverability and closing make of it.
fn sign(row: &Row, stage: Stage) -> &'static str {
    if !row.stages.has(stage) {
        return "-";
    }
    let possible = |reachable: bool, closure: Option<ClosureReason>| {
        let facts = Facts { reachable, delivered: true, ..Facts::default() };
        let kind = row.kinds[0];
        let (clocks, kin) = (Clocks::default(), Kin::default());
        let now = chrono::DateTime::UNIX_EPOCH;
        let s = Standing {
            stage,
            kind,
            facts: &facts,
            urgent: false,
            kin: &kin,
            closure,
            clocks: &clocks,
            now,
            caller: xinfang::platform::db::types::Id::NIL,
            removable: false,
            represented: true,
            relations: Relations::default(),
            barred: false,
            discipline: true,
        };
        refused(row.act, &s)
    };
    let supervisor = Relations::of(&[Relation::Sv]);
    let elsewhere = STAGES.iter().any(|(other, _)| row.stages.has(*other) && row.who(*other) != row.who(stage));
    let undeliverable_only = possible(true, None).is_some_and(|c| c.name == "deliverable") && possible(false, None).is_none();
    let closed = |reason| possible(true, (stage == Stage::Closed).then_some(reason));
    let final_only = closed(ClosureReason::Diverted).is_some_and(|c| c.name == "stage_forbids") && closed(ClosureReason::Final).is_none();
    match () {
        () if undeliverable_only => "u",
        () if final_only => "f",
        () if elsewhere && row.who(stage) == supervisor => "v",
        () => "x",
    }
}

fn matrix() -> String {
    let mut text =
        "# The procedure's legality matrix. x legal; v supervisor only; u only if undeliverable; f only after a final closing; - never.\n"
            .to_owned();
    let width = ACTS.iter().map(|row| name(row).len()).max().unwrap();
    writeln!(text, "{:width$}  Rg Rf Ha De Dl Ur Cl kinds", "act").unwrap();
    for row in ACTS.iter().filter(|row| row.act != Act::Register) {
        let signs: String = STAGES.iter().map(|(stage, _)| format!("{:<3}", sign(row, *stage))).collect();
        let kinds: String = [(Kind::Claim, 'C'), (Kind::Suggestion, 'S'), (Kind::Accusation, 'A')]
            .iter()
            .filter(|(kind, _)| row.kinds.contains(kind))
            .map(|(_, letter)| *letter)
            .collect();
        writeln!(text, "{:width$}  {signs}{kinds}", name(row)).unwrap();
    }
    text
}

fn who() -> String {
    let mut text =
        "# Who may (relations; by stage where they differ), where, and whether the caller must say which version they have seen.\n"
            .to_owned();
    let width = ACTS.iter().map(|row| name(row).len()).max().unwrap();
    let paths = ACTS.iter().map(|row| row.path.len()).max().unwrap();
    for row in ACTS {
        let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
        for (stage, letters) in STAGES.iter().filter(|(stage, _)| row.stages.has(*stage) || row.act == Act::Register) {
            let relations = code(row.who(*stage));
            match groups.iter_mut().find(|(of, _)| *of == relations) {
                Some((_, stages)) => stages.push(letters),
                None => groups.push((relations, vec![letters])),
            }
        }
        let who = match groups.as_slice() {
            [(relations, _)] => relations.clone(),
            several => several.iter().map(|(who, at)| format!("{}: {who}", at.join(" "))).collect::<Vec<_>>().join("; "),
        };
        let tag = if row.needs_version { "If-Match" } else { "-" };
        writeln!(text, "{:width$}  {:6} {:paths$}  {tag:8}  {who}", name(row), row.method, row.path).unwrap();
    }
    text
}

#[track_caller]
fn same(golden: &str, code: &str) {
    let only_in = |one: &str, other: &str, sign: &str| {
        let lines = one.lines().filter(|line| !other.lines().any(|o| o == *line)).map(|line| format!("{sign} {line}"));
        lines.collect::<Vec<_>>().join("\n")
    };
    let (missing, wrong) = (only_in(golden, code, "procedure:"), only_in(code, golden, "code:     "));
    assert!(golden.trim_end() == code.trim_end(), "the table of acts is not the procedure's:\n{missing}\n{wrong}");
}

#[test]
fn the_table_is_the_procedures_legality_matrix() {
    same(GOLDEN.split("\n\n").next().unwrap(), &matrix());
}

#[test]
fn who_may_and_where_is_the_procedures() {
    same(GOLDEN.split("\n\n").nth(1).unwrap(), &who());
}

/// The document declares the operation of every act that is built, and says that it needs the version where it does.
#[tokio::test]
async fn every_built_act_has_its_operation() {
    let app = super::harness::TestApp::start().await;
    for row in ACTS.iter().filter(|row| row.built) {
        let template = format!("/api/v1{}", row.path);
        let operation = app.document.operations().find(|o| o.template == template && o.method == row.method.to_lowercase());
        let operation = operation.unwrap_or_else(|| panic!("the document has no {} {template} for {}", row.method, name(row)));
        let status = |code: &str| operation.json["responses"].get(code).is_some();
        assert_eq!(status("412") && status("428"), row.needs_version, "412 and 428 of {} {template}", row.method);
    }
}
