//! Marks: what differs between copies of a petition stands in its texts as a mark each, and is filled in copy by copy.
//!
//! A mark is U+007F and one character of the private use area that tells which slot fills it. Canonical JSON leaves both as they are.

use crate::petition::model::Party;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde_json::Value;
use std::collections::HashSet;
use uuid::Uuid;

const MARK: char = '\u{7f}';
/// The first character that names a slot.
const FIRST: u32 = 0xE000;
/// Characters of the private use area.
const SLOTS: usize = 6400;

/// How notices write a day.
const IN_WORDS: &str = "%Y年%-m月%-d日";

/// The hash of the event before.
pub(super) const PREV: usize = 0;
/// What an event holds of its sealed content.
pub(super) const SEALED: usize = 1;

/// What fills a mark.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Slot {
    /// [`PREV`] and [`SEALED`]: known event by event.
    Chain,
    /// The petition's number.
    Number,
    /// An id that is the petition's own.
    Id(Id),
    /// An instant, moved with the copy.
    Time { at: DateTime<Utc>, micros: bool },
    /// A day, moved with the copy.
    Day(NaiveDate),
    /// The same as notices write it.
    DayInWords(NaiveDate),
    /// Something of the n-th person.
    Person(usize, Detail),
    /// A number of another office: other digits.
    Digits(String),
    /// An amount of money: another one of its size.
    Amount { thousandths: u64, decimals: u8 },
}

/// What of a person stands in texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    Name,
    Phone,
    Identity,
    Address,
    Born,
}

/// Makes marks of one petition's texts.
pub(super) struct Marks<'a> {
    /// Ids that stay what they are: units, accounts, categories.
    office: &'a HashSet<Id>,
    slots: Vec<Slot>,
    /// What stood at each slot.
    originals: Vec<String>,
    /// What is looked for in words, the longest first.
    needles: Vec<(String, usize)>,
    people: Vec<String>,
}

impl<'a> Marks<'a> {
    pub(super) fn new(office: &'a HashSet<Id>) -> Self {
        let chain = || (vec![Slot::Chain; 2], vec![String::new(); 2]);
        let (slots, originals) = chain();
        Self { office, slots, originals, needles: Vec::new(), people: Vec::new() }
    }

    /// The slots and what stood there.
    pub(super) fn into_slots(self) -> (Vec<Slot>, Vec<String>) {
        (self.slots, self.originals)
    }

    /// What stood at each slot so far.
    pub(super) fn originals(&self) -> &[String] {
        &self.originals
    }

    fn slot(&mut self, slot: Slot, original: &str) -> Result<usize> {
        let known = self.slots.iter().zip(&self.originals).position(|(s, o)| *s == slot && o == original);
        if let Some(known) = known.filter(|k| *k > SEALED) {
            return Ok(known);
        }
        if self.slots.len() == SLOTS {
            return Err(Error::internal("a sample petition has more to change than there are marks"));
        }
        self.slots.push(slot);
        self.originals.push(original.to_owned());
        Ok(self.slots.len() - 1)
    }

    /// Takes note of what is to be found in words.
    pub(super) fn look_for(&mut self, text: &str, slot: Slot) -> Result<()> {
        if text.chars().count() >= 2 && !self.needles.iter().any(|(known, _)| known == text) {
            let slot = self.slot(slot, text)?;
            self.needles.push((text.to_owned(), slot));
            self.needles.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        }
        Ok(())
    }

    /// The number of a person; rows of the same name are the same person.
    pub(super) fn person(&mut self, party: &Party) -> usize {
        self.people.iter().position(|name| *name == party.name).unwrap_or_else(|| {
            self.people.push(party.name.clone());
            self.people.len() - 1
        })
    }

    /// The mark of something of a person.
    pub(super) fn of_person(&mut self, person: usize, detail: Detail, original: &str) -> Result<String> {
        Ok(mark(self.slot(Slot::Person(person, detail), original)?))
    }

    /// An id of the petition's own becomes the number of its slot; see [`own`].
    pub(super) fn id(&mut self, id: &mut Id) -> Result<()> {
        if !self.office.contains(id) {
            *id = Id(Uuid::from_u128(self.slot(Slot::Id(*id), &id.to_string())? as u128));
        }
        Ok(())
    }

    /// Marks people, numbers and amounts in words.
    pub(super) fn words(&mut self, text: &str) -> Result<String> {
        if text.contains(MARK) {
            return Err(Error::internal("a sample petition's text has a control character"));
        }
        let mut marked = text.to_owned();
        for (needle, slot) in &self.needles {
            if marked.contains(needle.as_str()) {
                marked = marked.replace(needle.as_str(), &mark(*slot));
            }
        }
        let marked = self.days(&marked)?;
        self.amounts(&marked)
    }

    /// Marks days, as notices write them.
    fn days(&mut self, text: &str) -> Result<String> {
        let (mut out, mut rest) = (String::with_capacity(text.len()), text);
        while let Some(at) = rest.find('年') {
            let start = rest[..at].trim_end_matches(|c: char| c.is_ascii_digit()).len();
            let end = rest[at..].find('日').map_or(rest.len(), |end| at + end + '日'.len_utf8());
            match NaiveDate::parse_from_str(&rest[start..end], IN_WORDS).ok().filter(|day| in_words(*day) == rest[start..end]) {
                Some(day) => {
                    out.push_str(&rest[..start]);
                    out.push_str(&mark(self.slot(Slot::DayInWords(day), &rest[start..end])?));
                    rest = &rest[end..];
                }
                None => {
                    out.push_str(&rest[..at + '年'.len_utf8()]);
                    rest = &rest[at + '年'.len_utf8()..];
                }
            }
        }
        out.push_str(rest);
        Ok(out)
    }

    /// Marks digits before 元 or 万元.
    fn amounts(&mut self, text: &str) -> Result<String> {
        let (mut out, mut rest) = (String::with_capacity(text.len()), text);
        while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
            let digits = &rest[start..];
            let end = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
            let (number, after) = digits.split_at(end);
            out.push_str(&rest[..start]);
            match amount(number).filter(|_| ["元", "万元", "多元", "余元", "块"].iter().any(|unit| after.starts_with(unit))) {
                Some(slot) => out.push_str(&mark(self.slot(slot, number)?)),
                None => out.push_str(number),
            }
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }

    /// Marks JSON that stands in canonical form: whole values by their form, words by what is in them.
    pub(super) fn json(&mut self, text: &str) -> Result<String> {
        let mut value: Value = serde_json::from_str(text).map_err(|e| Error::Internal(Box::new(e)))?;
        self.value(&mut value)?;
        serde_json_canonicalizer::to_string(&value).map_err(|e| Error::Internal(Box::new(e)))
    }

    fn value(&mut self, value: &mut Value) -> Result<()> {
        match value {
            Value::String(text) => *text = self.string(text)?,
            Value::Array(items) => items.iter_mut().try_for_each(|item| self.value(item))?,
            Value::Object(members) => {
                let name = members.get("name").and_then(Value::as_str);
                let person = name.and_then(|name| self.people.iter().position(|known| known == name));
                for (name, value) in members.iter_mut() {
                    let of_person = [
                        ("phone", Detail::Phone),
                        ("identity_number", Detail::Identity),
                        ("address", Detail::Address),
                        ("birth_date", Detail::Born),
                    ];
                    let detail = of_person.iter().find(|(member, _)| member == name);
                    match (person, detail, value) {
                        (Some(person), Some((_, detail)), Value::String(text)) => *text = self.of_person(person, *detail, text)?,
                        (_, _, Value::String(text)) if name == "prev_hash" => *text = mark(PREV),
                        (_, _, Value::String(text)) if name == "sealed_hash" => *text = mark(SEALED),
                        (_, _, value) => self.value(value)?,
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
        Ok(())
    }

    fn string(&mut self, text: &str) -> Result<String> {
        if let Ok(id) = Uuid::try_parse(text) {
            return match Id(id) {
                id if self.office.contains(&id) => Ok(text.to_owned()),
                id => Ok(mark(self.slot(Slot::Id(id), text)?)),
            };
        }
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            let at = at.to_utc();
            let forms = [false, true].map(|micros| (micros, instant(at, micros) == text));
            let Some((micros, _)) = forms.into_iter().find(|(_, same)| *same) else {
                return Err(Error::internal(format!("an instant in a form that can't be moved: {text}")));
            };
            return Ok(mark(self.slot(Slot::Time { at, micros }, text)?));
        }
        match text.parse::<NaiveDate>() {
            Ok(day) if day.to_string() == text => Ok(mark(self.slot(Slot::Day(day), text)?)),
            _ => self.words(text),
        }
    }
}

fn amount(number: &str) -> Option<Slot> {
    let decimals = number.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let value: f64 = number.parse().ok().filter(|value| *value > 0.0 && *value < 1e9)?;
    let decimals = u8::try_from(decimals).ok().filter(|d| *d <= 3)?;
    // whole thousandths below 1e12
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    Some(Slot::Amount { thousandths: (value * 1000.0).round() as u64, decimals })
}

/// A day as notices write it.
pub(super) fn in_words(day: NaiveDate) -> String {
    day.format(IN_WORDS).to_string()
}

/// An instant as events write it: `at` and `claimed_at` to the microsecond, others as short as they are exact.
pub(super) fn instant(at: DateTime<Utc>, micros: bool) -> String {
    at.to_rfc3339_opts(if micros { SecondsFormat::Micros } else { SecondsFormat::AutoSi }, true)
}

/// The slot of an id that is the petition's own, after [`Marks::id`].
pub(super) fn own(id: Id) -> Option<usize> {
    let value = id.0.as_u128();
    usize::try_from(value).ok().filter(|slot| *slot < SLOTS)
}

fn mark(slot: usize) -> String {
    let named = u32::try_from(slot).ok().and_then(|slot| char::from_u32(FIRST + slot)).unwrap_or(MARK);
    String::from_iter([MARK, named])
}

/// The text with its marks filled in.
pub(super) fn filled(text: &str, values: &[String]) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 2);
    let mut rest = text;
    while let Some(at) = rest.find(MARK) {
        out.push_str(&rest[..at]);
        let mut after = rest[at + MARK.len_utf8()..].chars();
        let slot = after.next().and_then(|c| u32::from(c).checked_sub(FIRST)).and_then(|slot| usize::try_from(slot).ok());
        out.push_str(slot.and_then(|slot| values.get(slot)).map_or("", String::as_str));
        rest = after.as_str();
    }
    out.push_str(rest);
    out
}
