//! What the schema validator says, in the product's codes and with the pointer of the offending member.

use super::codes;
use super::shape::escape;
use crate::platform::error::{Code, Fault};
use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind as Kind};
use jsonschema::types::JsonType;
use serde_json::Value;
use serde_path_to_error::Segment;
use std::collections::HashMap;

/// Faults of one answer: a body of a quarter of a megabyte can hold 125,000.
const MOST: usize = 200;

/// The pattern of a text that says something.
const NOT_BLANK: &str = "\\S";

/// Faults in the order they were found: one a place, the most fundamental, and not without end.
#[derive(Default)]
pub(super) struct Faults {
    found: Vec<Fault>,
    places: HashMap<String, usize>,
    more: bool,
    forms: &'static [(&'static str, Code)],
}

impl Faults {
    /// None yet; a text that does not fit one of these patterns has its code.
    pub(super) fn told_by(forms: &'static [(&'static str, Code)]) -> Self {
        Self { forms, ..Self::default() }
    }

    /// What a text lacks that does not fit a pattern.
    fn of_pattern(&self, pattern: &str) -> Code {
        if pattern == NOT_BLANK {
            return codes::EMPTY;
        }
        self.forms.iter().find(|(known, _)| *known == pattern).map_or(codes::BAD_FORM, |(_, code)| *code)
    }

    pub(super) fn push(&mut self, fault: Fault) {
        if let Some(known) = self.places.get(&fault.pointer).and_then(|at| self.found.get_mut(*at)) {
            if depth(fault.code) < depth(known.code) {
                *known = fault;
            }
        } else if self.found.len() < MOST {
            self.places.insert(fault.pointer.clone(), self.found.len());
            self.found.push(fault);
        } else {
            self.more = true;
        }
    }

    /// Adds what the validator says.
    pub(super) fn extend<'e>(&mut self, errors: impl Iterator<Item = ValidationError<'e>>) {
        for error in errors {
            if self.is_full() {
                break;
            }
            add(&error, self);
        }
    }

    /// Whether looking for more is of no use.
    pub(super) fn is_full(&self) -> bool {
        self.more
    }

    /// The faults, and whether there are more than are listed.
    pub(super) fn into_vec(mut self) -> Vec<Fault> {
        if self.more {
            self.found.push(Fault::new("", codes::MORE_FAULTS).arg(MOST));
        }
        self.found
    }
}

/// What has to be put right first: where the type is wrong, or nothing is there, no other word helps.
fn depth(code: Code) -> u8 {
    match code {
        code if code == codes::WRONG_TYPE => 0,
        code if code == codes::EMPTY || code == codes::TOO_SHORT => 1,
        _ => 2,
    }
}

/// Where `null` stands and the schema wants something else.
pub(super) fn null_members<'e>(errors: impl Iterator<Item = ValidationError<'e>>) -> Vec<String> {
    errors.filter(|e| e.instance().is_null()).map(|e| e.instance_path().as_str().to_owned()).collect()
}

/// The first complaint of serde about a value its schema accepts.
pub(super) fn serde_fault(error: &serde_path_to_error::Error<serde_json::Error>) -> Fault {
    let mut pointer = String::new();
    for segment in error.path() {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", escape(key))),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    Fault::new(pointer, codes::BAD_FORM)
}

fn add(error: &ValidationError<'_>, found: &mut Faults) {
    let at = error.instance_path().as_str();
    let limited = |code: Code, limit: &dyn std::fmt::Display| Fault::new(at, code).arg(limit);
    match error.kind() {
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            found.push(Fault::new(format!("{at}/{}", escape(name)), codes::REQUIRED));
        }
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            for name in unexpected {
                found.push(Fault::new(format!("{at}/{}", escape(name)), codes::UNKNOWN_MEMBER));
            }
        }
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => add_best_branch(at, context, found),
        Kind::Type { kind } => found.push(limited(codes::WRONG_TYPE, &type_names(kind))),
        Kind::Enum { options } => found.push(limited(codes::NOT_IN_LIST, &listed(options))),
        Kind::Constant { expected_value } => found.push(limited(codes::NOT_IN_LIST, &listed(expected_value))),
        Kind::MaxLength { limit } => found.push(limited(codes::TOO_LONG, limit)),
        Kind::MinLength { limit: 1 } | Kind::MinItems { limit: 1 } => found.push(Fault::new(at, codes::EMPTY)),
        Kind::MinLength { limit } => found.push(limited(codes::TOO_SHORT, limit)),
        Kind::MaxItems { limit } | Kind::MaxProperties { limit } => found.push(limited(codes::TOO_MANY, limit)),
        Kind::MinItems { limit } | Kind::MinProperties { limit } => found.push(limited(codes::TOO_FEW, limit)),
        Kind::Maximum { limit } | Kind::ExclusiveMaximum { limit } => found.push(limited(codes::TOO_LARGE, limit)),
        Kind::Minimum { limit } | Kind::ExclusiveMinimum { limit } => found.push(limited(codes::TOO_SMALL, limit)),
        Kind::Pattern { pattern } => found.push(Fault::new(at, found.of_pattern(pattern))),
        Kind::Format { format } => found.push(Fault::new(at, format_code(format))),
        _ => found.push(Fault::new(at, codes::BAD_FORM)),
    }
}

fn format_code(format: &str) -> Code {
    match format {
        "date" => codes::BAD_DATE,
        "date-time" | "time" => codes::BAD_TIME,
        "uuid" => codes::BAD_ID,
        _ => codes::BAD_FORM,
    }
}

/// Of the alternatives, the one that was meant: never `null` (an optional member), by its tag if it has one, else the nearest.
fn add_best_branch(at: &str, branches: &[Vec<ValidationError<'static>>], found: &mut Faults) {
    let candidates: Vec<&Vec<_>> = branches.iter().filter(|b| !b.iter().any(|e| wants_null(at, e))).collect();
    let Some(meant) = candidates.iter().min_by_key(|b| (b.iter().any(|e| misses_tag(at, e)), b.len())) else {
        found.push(Fault::new(at, codes::BAD_FORM));
        return;
    };
    // When no alternative fits the tag (or the word), all of them together are the list to choose from.
    let misses: Vec<_> = candidates.iter().filter_map(|b| b.iter().find(|e| misses_tag(at, e) || misses_word(at, e))).collect();
    let same_place = misses.windows(2).all(|pair| pair[0].instance_path() == pair[1].instance_path());
    match misses.first() {
        Some(first) if candidates.len() > 1 && misses.len() == candidates.len() && same_place => {
            let words: Vec<String> = misses.iter().filter_map(|e| words(e)).collect();
            found.push(Fault::new(first.instance_path().as_str(), codes::NOT_IN_LIST).arg(words.join(", ")));
        }
        _ => meant.iter().for_each(|error| add(error, found)),
    }
}

fn wants_null(at: &str, error: &ValidationError<'_>) -> bool {
    error.instance_path().as_str() == at && matches!(error.kind(), Kind::Type { kind: TypeKind::Single(JsonType::Null) })
}

fn misses_word(at: &str, error: &ValidationError<'_>) -> bool {
    error.instance_path().as_str() == at && words(error).is_some()
}

/// A single allowed word one level below: the tag by which alternatives are told apart.
fn misses_tag(at: &str, error: &ValidationError<'_>) -> bool {
    let below = error.instance_path().as_str().strip_prefix(at).is_some_and(|rest| rest.matches('/').count() == 1);
    let single = match error.kind() {
        Kind::Constant { .. } => true,
        Kind::Enum { options } => options.as_array().is_some_and(|o| o.len() == 1),
        _ => false,
    };
    below && single
}

fn words(error: &ValidationError<'_>) -> Option<String> {
    match error.kind() {
        Kind::Enum { options } => Some(listed(options)),
        Kind::Constant { expected_value } => Some(listed(expected_value)),
        _ => None,
    }
}

fn type_names(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(kind) => kind.to_string(),
        // `null` beside another type only says that the member is optional.
        TypeKind::Multiple(kinds) => {
            let named: Vec<String> = kinds.iter().filter(|k| *k != JsonType::Null).map(|k| k.to_string()).collect();
            named.join(", ")
        }
    }
}

fn listed(options: &Value) -> String {
    let word = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    match options {
        Value::Array(items) => items.iter().filter(|v| !v.is_null()).map(word).collect::<Vec<_>>().join(", "),
        one => word(one),
    }
}
