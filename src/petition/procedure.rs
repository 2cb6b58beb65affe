//! The stage table as a text for people: `docs/stages.md` in the repository, `/docs/acts` in the browser.
//!
//! All of it is read from [`ACTS`], the rules and the clocks; nothing is said here that the program does not do.

use super::acts::{ACTS, Act, Row};
use super::clocks::Clocks;
use super::facts::{BeforeClosing, Facts};
use super::model::{ClosureReason, Kind, Stage};
use super::repeats::Kin;
use super::rules::{Standing, refused};
use crate::auth::{Relation, Relations, document};
use crate::deadline::kind::{Class, Life};
use crate::deadline::model::LimitUnit;
use crate::deadline::{self, ClockKind, Rule, Timetable};
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use std::fmt::Write;

/// A stage as its table's columns name it: two letters, the word of the field, what it means.
const fn told(stage: Stage) -> (&'static str, &'static str, &'static str) {
    match stage {
        Stage::Registered => ("Rg", "登记", "registered; nobody is responsible for the answer yet"),
        Stage::Referred => ("Rf", "转送、交办", "handed to a unit that has not accepted it yet"),
        Stage::Handling => ("Ha", "办理", "accepted; its answer is being worked on"),
        Stage::Decided => ("De", "已出意见", "the answer is given and not delivered yet"),
        Stage::Delivered => ("Dl", "送达", "the answer is delivered; the petitioner may contest or rate it"),
        Stage::UnderReview => ("Ur", "复查、复核", "a unit above looks at the answer again"),
        Stage::Closed => ("Cl", "办结", "over; `closure_reason` says how"),
    }
}

/// Two letters of a stage.
pub const fn letters(stage: Stage) -> &'static str {
    told(stage).0
}

/// The act as the procedure names it: closings by their reason.
pub fn name(row: &Row) -> String {
    row.reason.map_or_else(|| row.name.to_owned(), |reason| format!("{} {}", row.name, reason.as_str()))
}

/// Initials of the kinds it exists for.
pub fn kinds(row: &Row) -> String {
    let initials = [(Kind::Claim, 'C'), (Kind::Suggestion, 'S'), (Kind::Accusation, 'A')];
    initials.iter().filter(|(kind, _)| row.kinds.contains(kind)).map(|(_, initial)| *initial).collect()
}

/// The sign of an act in a stage, whoever asks: what the stage, and the facts about deliverability and closing, make of it.
/// `x` legal; `v` supervisor only; `u` only if undeliverable; `f` only after a final closing; `-` never.
pub fn sign(row: &Row, stage: Stage) -> &'static str {
    if !row.stages.has(stage) {
        return "-";
    }
    let possible = |reachable: bool, closure: Option<ClosureReason>| {
        let facts =
            Facts { reachable, delivered: true, closed_by: Some(Id::NIL), before: Some(BeforeClosing::default()), ..Facts::default() };
        let (clocks, kin) = (Clocks::default(), Kin::default());
        refused(
            row.act,
            &Standing {
                stage,
                kind: row.kinds.first().copied().unwrap_or(Kind::Claim),
                facts: &facts,
                urgent: false,
                kin: &kin,
                supervisions: &[],
                closure,
                long_closed: false,
                clocks: &clocks,
                now: chrono::DateTime::UNIX_EPOCH,
                caller: Id::NIL,
                removable: false,
                represented: true,
                relations: Relations::default(),
                outside: false,
                barred: false,
                discipline: true,
            },
        )
    };
    let supervisor = Relations::of(&[Relation::Sv]);
    let elsewhere = Stage::ALL.iter().any(|other| row.stages.has(*other) && row.who(*other) != row.who(stage));
    let undeliverable_only = possible(true, None).is_some_and(|c| c.name == "deliverable") && possible(false, None).is_none();
    let closed = |reason| possible(true, (stage == Stage::Closed).then_some(reason));
    let final_only = closed(ClosureReason::Diverted).is_some_and(|c| c.name == "stage_forbids")
        && closed(ClosureReason::Final).is_none_or(|c| c.name != "stage_forbids");
    match () {
        () if undeliverable_only => "u",
        () if final_only => "f",
        () if elsewhere && row.who(stage) == supervisor => "v",
        () => "x",
    }
}

/// Who may, and where that differs, in which stages: the relations as `say` puts them.
pub fn who(row: &Row, say: impl Fn(Relations) -> String) -> String {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for stage in Stage::ALL.iter().filter(|stage| row.stages.has(**stage) || row.act == Act::Register) {
        let relations = say(row.who(*stage));
        match groups.iter_mut().find(|(of, _)| *of == relations) {
            Some((_, stages)) => stages.push(letters(*stage)),
            None => groups.push((relations, vec![letters(*stage)])),
        }
    }
    match groups.as_slice() {
        [(relations, _)] => relations.clone(),
        several => several.iter().map(|(who, at)| format!("{}: {who}", at.join(" "))).collect::<Vec<_>>().join("; "),
    }
}

/// The whole page, in Markdown.
///
/// # Errors
/// Internal when what is shipped can't be read.
pub fn markdown() -> Result<String> {
    let mut page = String::new();
    write_page(&mut page, &deadline::service::shipped()?).map_err(|e| Error::Internal(Box::new(e)))?;
    Ok(page)
}

fn built() -> impl Iterator<Item = &'static Row> {
    ACTS.iter().filter(|row| row.built)
}

fn write_page(page: &mut String, shipped: &Timetable) -> std::fmt::Result {
    page.write_str(
        "# The procedure\n\nWhat may be done to a petition, when, and by whom. Written by the program from the one table it works by; \
         what is not built yet is not listed. A test compares this page with the table.\n\n## Stages\n\n\
         | | stage | | what it means |\n|---|---|---|---|\n",
    )?;
    for stage in Stage::ALL {
        let (letters, field, meaning) = told(*stage);
        writeln!(page, "| {letters} | `{}` | {field} | {meaning} |", stage.as_str())?;
    }
    page.write_str("\n```mermaid\nstateDiagram-v2\n    [*] --> registered: register\n")?;
    for (from, to, acts) in moves() {
        writeln!(page, "    {from} --> {to}: {}", acts.join(", "))?;
    }
    page.write_str(
        "    closed --> [*]\n```\n\n`lapse` is no act: nobody asked for a review within the time allowed, and the petition closes by \
         itself.\n\n## What is legal where\n\n`x` legal, `v` by the supervisor alone, `u` only if the answer can't be delivered, `f` only \
         after a closing as `final`, `-` never (409 `stage_forbids`). Kinds: C claim, S suggestion, A accusation.\n\n| act |",
    )?;
    Stage::ALL.iter().try_for_each(|stage| write!(page, " {} |", letters(*stage)))?;
    page.write_str(" kinds |\n|---|:-:|:-:|:-:|:-:|:-:|:-:|:-:|---|\n")?;
    for row in built().filter(|row| row.act != Act::Register) {
        let signs: Vec<&str> = Stage::ALL.iter().map(|stage| sign(row, *stage)).collect();
        writeln!(page, "| {} | {} | {} |", name(row), signs.join(" | "), kinds(row))?;
    }
    page.write_str(
        "\n## Who may, and where\n\nPaths are below `/api/v1`. With `If-Match` the caller must say which version of the petition they \
         have seen.\n\n| act | | method and path | If-Match | who | roles |\n|---|---|---|:-:|---|---|\n",
    )?;
    for row in built() {
        let roles = document::names(row.roles()).join(", ");
        let tag = if row.needs_version { "yes" } else { "" };
        let who = who(row, |relations| relations.iter().map(document::words).collect::<Vec<_>>().join(", "));
        writeln!(page, "| {} | {} | `{} {}` | {tag} | {who} | {roles} |", name(row), row.title, row.method, row.path)?;
    }
    page.write_str(
        "\n## Clocks\n\nA duty is the office's and is breached; a right is the petitioner's and lapses; an offer lapses and nobody is at \
         fault. The limits are those of the profile that a new office begins with; an office may enter others.\n\n\
         | clock | whose | started by | stopped by | limit | may outlive the petition |\n|---|---|---|---|---|:-:|\n",
    )?;
    for kind in ClockKind::ALL {
        let fixed = kind.fixed();
        let whose = match fixed.class {
            Class::Duty => "duty",
            Class::Right => "right",
            Class::Offer => "offer",
        };
        let stops = fixed.stops.join(", ");
        let after = if fixed.life == Life::After { "yes" } else { "" };
        writeln!(page, "| `{}` | {whose} | {} | {stops} | {} | {after} |", kind.as_str(), fixed.start, limits(shipped, *kind))?;
    }
    Ok(())
}

/// From which stage to which the acts lead.
fn moves() -> Vec<(&'static str, &'static str, Vec<String>)> {
    let mut moves = Vec::new();
    for from in Stage::ALL {
        for to in Stage::ALL.iter().filter(|to| *to != from) {
            let leading = built().filter(|row| row.stages.has(*from) && row.act.leads_to().has(*to));
            let mut acts: Vec<String> = leading.map(name).collect();
            if (*from, *to) == (Stage::Delivered, Stage::Closed) {
                acts.push("lapse".to_owned());
            }
            if !acts.is_empty() {
                moves.push((from.as_str(), to.as_str(), acts));
            }
        }
    }
    moves
}

/// How long it runs, by the profiles a new office begins with.
fn limits(shipped: &Timetable, clock: ClockKind) -> String {
    let profiles = shipped.codes().filter_map(|code| shipped.profile(code, 1));
    let mut said: Vec<String> =
        profiles.flat_map(|profile| &profile.document.rules).filter(|rule| rule.clock == clock).map(limit).collect();
    said.dedup();
    said.join("; ")
}

fn limit(rule: &Rule) -> String {
    let unit = match rule.unit {
        LimitUnit::Calendar => "days",
        LimitUnit::Working => "working days",
        LimitUnit::Hour => "hours",
        LimitUnit::Date => "",
    };
    let length = rule.limit.map_or_else(|| "a day set by a person".to_owned(), |limit| format!("{limit} {unit}"));
    let longer = rule.extension.as_ref().filter(|more| more.max_days > 0).map(|more| format!(", once up to {} more", more.max_days));
    format!("{length}{} ({})", longer.unwrap_or_default(), rule.article)
}
