//! The one table of acts against the procedure's legality matrix: `golden/stages.txt` is the procedure's word, never rewritten from the code.

use std::fmt::Write;
use std::path::Path;
use xinfang::auth::{Relation, Relations};
use xinfang::petition::Stage;
use xinfang::petition::acts::{ACTS, Act};
use xinfang::petition::procedure::{kinds, markdown, name, sign, who};

const GOLDEN: &str = include_str!("golden/stages.txt");

fn code(relations: Relations) -> String {
    relations.iter().map(Relation::code).collect::<Vec<_>>().join(" ")
}

fn matrix() -> String {
    let mut text =
        "# The procedure's legality matrix. x legal; v supervisor only; u only if undeliverable; f only after a final closing; - never.\n"
            .to_owned();
    let width = ACTS.iter().map(|row| name(row).len()).max().unwrap();
    writeln!(text, "{:width$}  Rg Rf Ha De Dl Ur Cl kinds", "act").unwrap();
    for row in ACTS.iter().filter(|row| row.act != Act::Register) {
        let signs: String = Stage::ALL.iter().map(|stage| format!("{:<3}", sign(row, *stage))).collect();
        writeln!(text, "{:width$}  {signs}{}", name(row), kinds(row)).unwrap();
    }
    text
}

fn who_may() -> String {
    let mut text =
        "# Who may (relations; by stage where they differ), where, and whether the caller must say which version they have seen.\n"
            .to_owned();
    let width = ACTS.iter().map(|row| name(row).len()).max().unwrap();
    let paths = ACTS.iter().map(|row| row.path.len()).max().unwrap();
    for row in ACTS {
        let tag = if row.needs_version { "If-Match" } else { "-" };
        writeln!(text, "{:width$}  {:6} {:paths$}  {tag:8}  {}", name(row), row.method, row.path, who(row, code)).unwrap();
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
    same(GOLDEN.split("\n\n").nth(1).unwrap(), &who_may());
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

/// `docs/stages.md` is the table as it is. `UPDATE_GOLDEN=1` rewrites it.
#[test]
fn the_page_of_the_procedure_is_the_tables() {
    let (text, path) = (markdown().unwrap(), Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/stages.md"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let page = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(page == text, "docs/stages.md is not what the table says; UPDATE_GOLDEN=1 rewrites it");
    for row in ACTS {
        assert_eq!(page.contains(&format!("\n| {} |", name(row))), row.built, "{}", name(row));
    }
}
