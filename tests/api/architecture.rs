//! The tree keeps its ranks and its file names. Every rule names the file and line that breaks it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Modules by rank: a module uses only lower ones; equals never know each other.
const RANKS: &[(u32, &[&str])] = &[
    (0, &["platform"]),
    (5, &["codes"]),
    (10, &["auth"]),
    (15, &["person"]),
    (20, &["audit"]),
    (30, &["unit", "calendar", "attachment", "category"]),
    (40, &["account", "contact_line", "deadline", "job"]),
    (44, &["care"]),
    (45, &["notice", "retiree"]),
    (46, &["care_file"]),
    (50, &["petition"]),
    (60, &["supervision", "mediation"]),
    (
        70,
        &[
            "referral",
            "handling",
            "assistance",
            "contact",
            "hearing",
            "recusal",
            "leader_case",
            "policy_issue",
            "evaluation",
            "visit",
            "intake",
            "execution",
            "urgency",
            "matter",
            "replay",
            "import",
            "succession",
            "enclosure",
        ],
    ),
    (75, &["appeal", "closure", "reception_day"]),
    (READ_MODELS, &["worklist", "dossier", "search", "statistics", "feed"]),
    (85, &["petitioner"]),
    (90, &["jobs", "desk", "demo"]),
    (100, &["app"]),
    (105, &["bench"]),
    (110, &["cli"]),
];
const READ_MODELS: u32 = 80;
const LONGEST: usize = 500;

fn rank(module: &str) -> Option<u32> {
    RANKS.iter().find(|(_, modules)| modules.contains(&module)).map(|(rank, _)| *rank)
}

/// A source file: what the compiler sees of it outside tests, comments and texts blanked, lines kept.
struct Source {
    /// From `src/`: `petition/repo.rs`.
    path: String,
    code: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), code: without_tests(&blanked(text)) }
    }

    fn module(&self) -> &str {
        self.path.split('/').next().map_or("", |first| first.strip_suffix(".rs").unwrap_or(first))
    }

    /// Whether the file is `name.rs` or stands in a folder of that name.
    fn is(&self, name: &str) -> bool {
        self.path.split('/').any(|part| part.strip_suffix(".rs").unwrap_or(part) == name)
    }

    fn at(&self, offset: usize) -> String {
        format!("src/{}:{}", self.path, 1 + self.code[..offset].matches('\n').count())
    }

    /// Every word of the code with its place.
    fn words(&self) -> impl Iterator<Item = (usize, &str)> {
        let inside = |c: char| c.is_alphanumeric() || c == '_';
        let mut at = 0;
        self.code.split_inclusive(move |c| !inside(c)).filter_map(move |piece| {
            let start = at;
            at += piece.len();
            let word = piece.trim_end_matches(|c| !inside(c));
            (!word.is_empty()).then_some((start, word))
        })
    }

    /// Modules at the crate's root that the file names, with their places.
    fn uses(&self) -> Vec<(usize, String)> {
        // `super` repeated as often as the file stands deep is the root as well
        let depth = self.path.split('/').count() - usize::from(self.path.ends_with("/mod.rs"));
        let to_root = "super::".repeat(depth);
        let mut found = Vec::new();
        for prefix in ["crate::", to_root.as_str()] {
            for (at, _) in self.code.match_indices(prefix) {
                let before = self.code[..at].chars().next_back();
                let within_a_path = before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':');
                if !within_a_path {
                    found.extend(names(&self.code[at + prefix.len()..]).into_iter().map(|name| (at, name)));
                }
            }
        }
        found
    }
}

/// The first names after `crate::`: one (a macro with its `!`), or those of a group.
fn names(rest: &str) -> Vec<String> {
    let Some(group) = rest.strip_prefix('{') else {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let end = end + usize::from(rest[end..].starts_with('!'));
        return if end > 0 { vec![rest[..end].to_owned()] } else { Vec::new() };
    };
    let (mut depth, mut names, mut current) = (1, Vec::new(), String::new());
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 || (depth == 1 && c == ',') {
            names.push(current.trim().split("::").next().unwrap_or_default().trim().to_owned());
            current.clear();
        } else {
            current.push(c);
        }
        if depth == 0 {
            break;
        }
    }
    names.retain(|name| !name.is_empty());
    names.into_iter().map(|n| n.split_whitespace().next().unwrap_or_default().to_owned()).collect()
}

/// The text with comments, strings and characters blanked.
fn blanked(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let blank = |out: &mut String, piece: &[char]| out.extend(piece.iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
    let mut i = 0;
    while i < chars.len() {
        let end = match (chars[i], chars.get(i + 1).copied()) {
            ('/', Some('/')) => line_end(&chars, i),
            ('/', Some('*')) => comment_end(&chars, i),
            ('"', _) => string_end(&chars, i),
            ('r', Some('"' | '#')) if !follows_word(&chars, i) => raw_string_end(&chars, i),
            ('\'', Some('\\')) => (i + 3..chars.len()).find(|j| chars[*j] == '\'').map_or(chars.len(), |j| j + 1),
            ('\'', _) if chars.get(i + 2) == Some(&'\'') => i + 3,
            _ => i,
        };
        if end > i {
            blank(&mut out, &chars[i..end]);
            i = end;
        } else {
            out.push(chars[i]);
            i += 1;
        }
    }
    out
}

fn follows_word(chars: &[char], i: usize) -> bool {
    i > 0 && (chars[i - 1].is_alphanumeric() || chars[i - 1] == '_') && chars[i - 1] != 'b'
}

fn line_end(chars: &[char], i: usize) -> usize {
    (i..chars.len()).find(|j| chars[*j] == '\n').unwrap_or(chars.len())
}

fn comment_end(chars: &[char], i: usize) -> usize {
    let (mut depth, mut j) = (0, i);
    while j + 1 < chars.len() {
        match (chars[j], chars[j + 1]) {
            ('/', '*') => (depth, j) = (depth + 1, j + 2),
            ('*', '/') => (depth, j) = (depth - 1, j + 2),
            _ => j += 1,
        }
        if depth == 0 {
            return j;
        }
    }
    chars.len()
}

fn string_end(chars: &[char], i: usize) -> usize {
    let mut j = i + 1;
    while j < chars.len() && chars[j] != '"' {
        j += if chars[j] == '\\' { 2 } else { 1 };
    }
    (j + 1).min(chars.len())
}

/// `i` itself where no raw string begins (`r#type`).
fn raw_string_end(chars: &[char], i: usize) -> usize {
    let hashes = chars[i + 1..].iter().take_while(|c| **c == '#').count();
    if chars.get(i + 1 + hashes) != Some(&'"') {
        return i;
    }
    let closes = |j: &usize| chars[*j] == '"' && chars[j + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes;
    (i + 2 + hashes..chars.len()).find(closes).map_or(chars.len(), |j| j + 1 + hashes)
}

/// Blanks what is compiled for tests only.
fn without_tests(code: &str) -> String {
    let mut out = code.to_owned();
    while let Some(start) = out.find("#[cfg(test)]") {
        let rest = &out[start..];
        let end = match (rest.find('{'), rest.find(';')) {
            (Some(open), semicolon) if semicolon.is_none_or(|s| open < s) => {
                let mut depth = 0;
                rest.char_indices()
                    .skip_while(|(at, _)| *at < open)
                    .find_map(|(at, c)| {
                        depth += i32::from(c == '{') - i32::from(c == '}');
                        (depth == 0).then_some(at + 1)
                    })
                    .unwrap_or(rest.len())
            }
            (_, Some(semicolon)) => semicolon + 1,
            _ => rest.len(),
        };
        let blank: String = rest[..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
        out.replace_range(start..start + end, &blank);
    }
    out
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The product's files but for those that are compiled for tests only.
fn sources() -> Vec<Source> {
    let src = root().join("src");
    let read = |path: PathBuf| (path.strip_prefix(&src).unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap());
    let texts: Vec<(String, String)> = rust_files("src").into_iter().map(read).collect();
    assert!(!texts.is_empty(), "no sources under {}", src.display());
    let for_tests: BTreeSet<String> = texts.iter().flat_map(|(path, text)| test_modules(path, &blanked(text))).collect();
    let kept = texts.iter().filter(|(path, _)| !path.ends_with("tests.rs") && !for_tests.contains(path.trim_end_matches(".rs")));
    kept.map(|(path, text)| Source::new(path, text)).collect()
}

/// The modules of their own files that this one declares for tests only: `platform/fixture`.
fn test_modules(path: &str, code: &str) -> Vec<String> {
    let folder = path.strip_suffix("/mod.rs").or(path.strip_suffix("lib.rs")).or(path.strip_suffix(".rs")).unwrap_or(path);
    let declared = code.split("#[cfg(test)]").skip(1).filter_map(|rest| rest.split_once(';'));
    let named = declared.filter_map(|(item, _)| item.rsplit_once("mod ")).filter(|(_, name)| !name.contains(['{', ' ']));
    named.map(|(_, name)| format!("{folder}/{name}").trim_start_matches('/').to_owned()).collect()
}

#[track_caller]
fn assert_none(faults: Vec<String>, rule: &str) {
    assert!(faults.is_empty(), "{rule}:\n  {}", faults.join("\n  "));
}

/// Exported macros stand at the crate's root: each with the module it comes from.
fn macros(sources: &[Source]) -> BTreeMap<String, String> {
    let exported = |s: &Source| {
        let after = s.code.split("#[macro_export]").skip(1).filter_map(|rest| rest.split_once("macro_rules!"));
        let named = after.filter_map(|(_, rest)| rest.split_whitespace().next().map(str::to_owned));
        named.map(|name| (name, s.module().to_owned())).collect::<Vec<_>>()
    };
    sources.iter().flat_map(exported).collect()
}

fn upward_uses(source: &Source, macros: &BTreeMap<String, String>) -> Vec<String> {
    let from = source.module();
    if matches!(from, "lib" | "main") {
        return Vec::new();
    }
    let Some(own) = rank(from) else {
        return vec![format!("src/{}: `{from}` has no rank; give it one in {}", source.path, file!())];
    };
    let fault = |(at, to): (usize, &str)| match rank(to) {
        _ if to == from => None,
        Some(other) if other < own => None,
        Some(other) => Some(format!("{}: {from} ({own}) uses {to} ({other})", source.at(at))),
        None => Some(format!("{}: {from} uses {to}, which has no rank", source.at(at))),
    };
    // a name may be a module and a macro: `!` tells them apart, in an import the module counts
    let origin = |name: &'_ str| match name.strip_suffix('!') {
        Some(called) => macros.get(called),
        None => macros.get(name).filter(|_| rank(name).is_none()),
    };
    let uses = source.uses();
    uses.iter().map(|(at, to)| (*at, origin(to).map_or(to.as_str(), String::as_str))).filter_map(fault).collect()
}

fn web_outside(source: &Source) -> Vec<String> {
    let for_the_web = source.is("routes") || source.is("document") || source.module() == "app";
    let allowed = for_the_web || source.path.starts_with("platform/web/") || source.path == "auth/call.rs";
    // requests and views may say what they look like, wherever they stand
    let described = ["utoipa::ToSchema", "utoipa::IntoParams", "utoipa::{IntoParams, ToSchema}"];
    let foreign = |at: usize, word: &str| match word {
        "utoipa" => !described.iter().any(|path| source.code[at..].starts_with(path)),
        _ => word.starts_with("actix") || word.starts_with("utoipa_"),
    };
    let named = |(at, word): (usize, &str)| (!allowed && foreign(at, word)).then(|| format!("{}: {word}", source.at(at)));
    source.words().filter_map(named).collect()
}

fn tables_outside(source: &Source) -> Vec<String> {
    let allowed =
        ["model", "repo"].iter().any(|f| source.is(f)) || source.module() == "platform" || rank(source.module()) == Some(READ_MODELS);
    let named = |(at, word): (usize, &str)| {
        let before = &source.code[..at];
        let table = word == "schema" && (source.code[at..].starts_with("schema::") || before.ends_with("db::"));
        let table = table && !before.ends_with("openapi::");
        (table && !allowed).then(|| source.at(at))
    };
    source.words().filter_map(named).collect()
}

fn impure(source: &Source) -> Vec<String> {
    let foreign = |at: usize, word: &str| match word {
        "diesel" | "Conn" => true,
        "Utc" | "Local" | "SystemTime" | "Instant" => source.code[at + word.len()..].starts_with("::now"),
        _ => word.starts_with("actix"),
    };
    source
        .words()
        .filter(|(at, word)| source.is("rules") && foreign(*at, word))
        .map(|(at, word)| format!("{}: {word}", source.at(at)))
        .collect()
}

fn panics(source: &Source) -> Vec<String> {
    let hits =
        [".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!("].into_iter().flat_map(|what| source.code.match_indices(what));
    hits.map(|(at, what)| format!("{}: {what}", source.at(at))).collect()
}

#[test]
fn a_slice_uses_only_lower_ranks() {
    let sources = sources();
    let macros = macros(&sources);
    assert_none(sources.iter().flat_map(|s| upward_uses(s, &macros)).collect(), "a module uses only modules of a lower rank");
}

#[test]
fn the_web_stays_in_routes() {
    assert_none(
        sources().iter().flat_map(web_outside).collect(),
        "actix and utoipa stay in routes.rs, document.rs, platform/web, auth/call.rs and app",
    );
}

#[test]
fn tables_stay_in_models_and_repositories() {
    assert_none(
        sources().iter().flat_map(tables_outside).collect(),
        "tables are named in model.rs, repo.rs, platform and the read models alone",
    );
}

#[test]
fn rules_are_pure() {
    assert_none(sources().iter().flat_map(impure).collect(), "rules.rs knows no database, no web and no clock");
}

#[test]
fn nothing_panics_on_purpose() {
    assert_none(sources().iter().flat_map(panics).collect(), "no unwrap, expect or panic outside tests");
}

#[test]
fn no_module_is_a_drawer() {
    let drawers = ["utils", "util", "common", "helpers", "helper", "shared", "misc", "manager"];
    let named = |s: &Source| drawers.iter().find(|d| s.is(d)).map(|d| format!("src/{}: `{d}` says nothing", s.path));
    assert_none(sources().iter().filter_map(named).collect(), "a module is named after what it holds");
}

#[test]
fn folders_have_a_mod_rs() {
    let double = |path: &PathBuf| path.with_extension("").is_dir() && path.file_name().is_some_and(|f| f != "mod.rs");
    let found = rust_files("src").into_iter().filter(double).map(|p| p.display().to_string()).collect();
    assert_none(found, "a module with parts is a folder with mod.rs, not a file beside a folder");
}

#[test]
fn no_file_is_long() {
    let long = |path: PathBuf| {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        (lines > LONGEST).then(|| format!("{}: {lines} lines", path.strip_prefix(root()).unwrap().display()))
    };
    let files = ["src", "tests", "benches"].into_iter().flat_map(rust_files);
    assert_none(files.filter_map(long).collect(), "a file has at most 500 lines and one reason to exist");
}

#[test]
fn both_engines_have_the_same_migrations() {
    let steps = |engine: &str| -> BTreeSet<String> {
        let folder = root().join("migrations").join(engine);
        let names: BTreeSet<String> = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        for name in &names {
            let files: Vec<_> = fs::read_dir(folder.join(name)).unwrap().map(|e| e.unwrap().file_name()).collect();
            assert_eq!(files, ["up.sql"], "migrations/{engine}/{name} holds up.sql alone: roll-back is restore");
        }
        names
    };
    let (sqlite, postgres) = (steps("sqlite"), steps("postgres"));
    assert!(!sqlite.is_empty());
    assert_eq!(sqlite, postgres, "left: sqlite, right: postgres");
}

#[test]
fn the_checks_find_what_they_look_for() {
    let text = r##"//! See [`crate::petition`] and `actix_web`.
use crate::platform::db::Conn;
use crate::{audit, petition::{self, service}, codes};
use super::super::statistics;
use actix_web::web;
use utoipa::ToSchema;
fn f() -> Option<&'static str> {
    /* crate::desk */ let _ = ("crate::cli", '"', r#"crate::desk"#);
    crate::text_enum! { }
    let now = Utc::now();
    g().unwrap(); crate::platform::db::schema::unit::table
}
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::desk;
    fn g() { if true { x.unwrap() } }
}
fn after() { y.expect("") }
"##;
    let exporting = Source::new("petition/mod.rs", "#[macro_export]\nmacro_rules! made { () => {} }");
    let platform = Source::new(
        "platform/mod.rs",
        "#[macro_export]\nmacro_rules! text_enum { () => {} }\n#[macro_export]\nmacro_rules! codes { () => {} }",
    );
    let macros = macros(&[exporting, platform]);
    let upward_uses = |source: &Source| upward_uses(source, &macros);
    let in_unit = |file: &str| Source::new(&format!("unit/{file}"), text);
    let service = in_unit("service.rs");
    assert_eq!(
        upward_uses(&service),
        ["src/unit/service.rs:3: unit (30) uses petition (50)", "src/unit/service.rs:4: unit (30) uses statistics (80)"]
    );
    assert_eq!(web_outside(&service), ["src/unit/service.rs:5: actix_web"]);
    assert_eq!(tables_outside(&service), ["src/unit/service.rs:11"]);
    assert_eq!(panics(&service), ["src/unit/service.rs:11: .unwrap()", "src/unit/service.rs:19: .expect("]);
    assert_eq!(impure(&service), Vec::<String>::new());
    assert_eq!(impure(&in_unit("rules.rs")), ["src/unit/rules.rs:2: Conn", "src/unit/rules.rs:5: actix_web", "src/unit/rules.rs:10: Utc"]);
    assert_eq!(
        test_modules("unit/mod.rs", "mod a;\n#[cfg(test)]\npub(crate) mod fixture;\n#[cfg(test)]\nmod t { use x; }"),
        ["unit/fixture"]
    );
    assert!(web_outside(&in_unit("routes.rs")).is_empty() && tables_outside(&in_unit("repo.rs")).is_empty());
    assert_eq!(upward_uses(&Source::new("parcel/mod.rs", "")).len(), 1, "a module without a rank");
    assert_eq!(upward_uses(&Source::new("unit/mod.rs", "use super::desk;")).len(), 1, "the root by super");
    assert_eq!(upward_uses(&Source::new("unit/mod.rs", "crate::made!();")).len(), 1, "a macro of a higher module");
    assert_eq!(
        upward_uses(&Source::new("platform/x.rs", "use crate::codes::A; crate::text_enum!();")).len(),
        1,
        "a module named like a macro"
    );
    assert_eq!(upward_uses(&Source::new("unit/mod.rs", "use crate::category;")).len(), 1, "equals");
}
