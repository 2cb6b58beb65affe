//! The words of the sample (`data/demo/`), and filling them in: `{amount}` becomes this case's amount.

use crate::handling::model::{Adoption, Outcome};
use crate::petition::model::Sex;
use crate::petition::{Channel, Kind};
use crate::platform::error::{Error, Result};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// What a retired person is by their former employment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Standing {
    /// 离休
    Lixiu,
    /// 退休干部
    RetiredCadre,
    /// 企业退休
    EnterpriseRetiree,
    /// 遗属
    Survivor,
}

/// What people are called and where they lived and worked.
#[derive(Deserialize)]
pub(super) struct PeopleWords {
    pub surnames: Vec<String>,
    pub stems: Vec<String>,
    pub branches: Vec<String>,
    pub employers: BTreeMap<Standing, Vec<String>>,
    pub streets: Vec<String>,
    pub cities: Vec<String>,
    pub hospitals: Vec<String>,
    pub relations: Vec<(String, Sex)>,
    /// How many of them come again and again.
    pub regulars: usize,
}

/// What people come with, and what they may be told.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Theme {
    pub name: String,
    pub category: String,
    /// Title of the policy issue its matters belong to.
    pub policy_issue: Option<String>,
    pub kind: Kind,
    /// Code of the unit that is competent.
    pub unit: String,
    /// How often it comes, among all.
    pub weight: usize,
    /// Who comes with it; most people when left out.
    #[serde(default)]
    pub people: Vec<Standing>,
    /// Where they worked, if that is always the same.
    pub employer: Option<String>,
    pub min_age: Option<i64>,
    /// Between which sums it is about, in yuan.
    #[serde(default = "some_hundreds")]
    pub amounts: (i64, i64),
    pub group: Option<Group>,
    #[serde(default)]
    pub urgent: bool,
    #[serde(default)]
    pub litigation: bool,
    #[serde(default)]
    pub anonymous: bool,
    /// Where it is taken down, if that is always the same.
    pub place: Option<String>,
    /// Who gives it a number of their own.
    pub issuer: Option<String>,
    pub matter_place: Option<String>,
    pub subject: Option<SubjectWords>,
    /// What always becomes of it.
    pub always: Option<FateName>,
    pub matters: Vec<Matter>,
    pub answers: Vec<Finding>,
    #[serde(default)]
    pub spot: Vec<Words>,
    #[serde(default)]
    pub elsewhere: Vec<Words>,
    #[serde(default)]
    pub diverted: Vec<Words>,
    #[serde(default)]
    pub notes: Vec<Words>,
}

fn some_hundreds() -> (i64, i64) {
    (200, 3000)
}

/// One thing people say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Matter {
    pub title: String,
    pub statement: String,
    pub purpose: String,
    /// Said only by one person, or only by several together.
    pub only: Option<Together>,
    /// The ways it is brought; any when left out.
    pub by: Option<Vec<Channel>>,
}

/// Whether people came together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Together {
    Joint,
    Alone,
}

/// People who come together.
#[derive(Deserialize)]
pub(super) struct Group {
    /// How often they do.
    pub share: f64,
    pub came: (i64, i64),
    pub affected: (i64, i64),
}

/// Who is complained of.
#[derive(Deserialize)]
pub(super) struct SubjectWords {
    pub name: String,
    /// Code of the unit.
    pub unit: Option<String>,
    /// User name of the person.
    pub staff: Option<String>,
}

/// What is found, and answered.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Finding {
    /// The matters it answers, by their place; all when left out.
    pub of: Option<Vec<usize>>,
    pub outcome: Option<Outcome>,
    pub adoption: Option<Adoption>,
    pub facts: Option<String>,
    pub opinion: String,
    pub legal_basis: Option<String>,
    /// Days in which it is carried out.
    pub execution_days: Option<u64>,
}

/// A text that fits all matters of a theme, or some; brought in any way, or in some.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub of: Option<Vec<usize>>,
    /// The ways it fits; any when left out.
    pub by: Option<Vec<Channel>>,
    pub route: Option<i16>,
    pub text: String,
}

/// What may become of a petition, as the habits name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FateName {
    /// It goes the whole way.
    Answered,
    /// The same in the simplified procedure.
    Quick,
    /// Answered at the desk.
    Spot,
    /// Another organ is competent.
    Elsewhere,
    /// Another legal procedure applies.
    Diverted,
    /// A mistake of the desk.
    Voided,
    /// Taken back, at some stage.
    Withdrawn,
    /// Left lying, at some stage.
    Forgotten,
}

/// What fits a matter.
pub(super) trait Fits {
    fn of(&self) -> Option<&[usize]>;
}

impl Fits for Finding {
    fn of(&self) -> Option<&[usize]> {
        self.of.as_deref()
    }
}

impl Fits for Words {
    fn of(&self) -> Option<&[usize]> {
        self.of.as_deref()
    }
}

/// Those that fit the matter at this place.
pub(super) fn fitting<T: Fits>(items: &[T], matter: usize) -> Vec<&T> {
    items.iter().filter(|item| item.of().is_none_or(|of| of.contains(&matter))).collect()
}

/// Those of them that fit a matter brought in this way.
pub(super) fn said(items: &[Words], matter: usize, channel: Channel) -> Vec<&Words> {
    let mut fit = fitting(items, matter);
    fit.retain(|words| words.by.as_ref().is_none_or(|by| by.contains(&channel)));
    fit
}

/// Sentences by what they are for (`data/demo/words.json`).
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // each is named for what it says
pub(super) struct Sentences {
    pub selves: BTreeMap<Standing, Vec<String>>,
    pub unnamed: Vec<String>,
    pub greetings: Vec<String>,
    pub endings: Vec<String>,
    pub spoken_endings: Vec<String>,
    pub by_proxy: Vec<String>,
    pub at_home: Vec<String>,
    pub at_bed: Vec<String>,
    pub again: Vec<String>,
    pub again_title: String,
    pub together: Vec<String>,
    pub authorities: Vec<String>,
    pub late_reasons: Vec<String>,
    pub late_letters: Vec<String>,
    pub forwarded_by: String,
    pub receipts: Vec<String>,
    pub referrals: Vec<String>,
    pub acceptances: Vec<String>,
    pub registered_notes: Vec<String>,
    pub again_notes: Vec<String>,
    pub referred_notes: Vec<String>,
    pub handling_notes: Vec<String>,
    pub contact_notes: Vec<String>,
    pub not_ours: Vec<String>,
    pub closed_notes: Vec<String>,
    pub closed_calls: Vec<String>,
    pub carried_out_calls: Vec<String>,
    pub spot: Vec<Words>,
    pub voided: Vec<String>,
    pub withdrawn: Vec<String>,
    pub corrections: Vec<String>,
    pub opinion_corrections: Vec<String>,
    pub opinion_added: String,
    pub satisfied_reasons: Vec<String>,
    pub basically_reasons: Vec<String>,
    pub dissatisfied_reasons: Vec<String>,
    pub not_carried_out_reasons: Vec<String>,
    pub refused_reasons: Vec<String>,
    pub changed_reasons: Vec<String>,
    pub changed_for_the_better: Vec<String>,
    pub agreed: Vec<String>,
    pub carried_out: Vec<String>,
    pub thanked: Vec<String>,
    pub undeliverable: Vec<String>,
    pub unnamed_undeliverable: Vec<String>,
    pub witnesses: Vec<String>,
    pub extension_reasons: Vec<String>,
    pub extension_refusals: Vec<String>,
    pub reported_to: String,
    pub linked: Vec<String>,
    pub unlinked: Vec<String>,
    pub urgent_marks: Vec<String>,
    pub urgent_unmarks: Vec<String>,
    /// Why somebody needs another query code.
    pub objections: Vec<String>,
    pub objections_refused: Vec<String>,
    pub recalls: Vec<String>,
    pub supervisions: Vec<String>,
    pub supervisions_dismissed: Vec<String>,
    pub supervision_answers: Vec<String>,
    pub supervisions_lifted: Vec<String>,
    pub assignments: Vec<String>,
    pub closing_reports: Vec<String>,
    pub grounds: Vec<String>,
    pub reviews_upheld: Vec<String>,
    pub reviews_changed: Vec<String>,
    pub reviews_revoked: Vec<String>,
    pub review_basis: String,
    pub recusals: Vec<String>,
    pub recusals_lifted: Vec<String>,
    pub reopenings: Vec<String>,
    pub policy_issues_joined: Vec<String>,
    pub policy_issues_left: Vec<String>,
    pub charges: Vec<String>,
    pub instructions: Vec<String>,
    pub charge_results: Vec<String>,
    pub contacts: Vec<String>,
    pub hearing_topics: Vec<String>,
    pub hearing_place: String,
    pub hearing_conclusions: Vec<String>,
    pub agreements: Vec<String>,
    pub mediations_failed: Vec<String>,
    pub questions: Vec<String>,
    pub questions_answered: Vec<String>,
    pub questions_dropped: Vec<String>,
    pub codes_lost: Vec<String>,
    pub own_wills: Vec<String>,
    pub priorities: Vec<String>,
    pub urgent_reports: Vec<String>,
    pub deaths: Vec<String>,
    pub heirs_continue: Vec<String>,
    pub heirs_declined: Vec<String>,
    pub closed_after_death: String,
    pub proxies_ended: Vec<String>,
    pub executing: Vec<String>,
    pub executed: Vec<String>,
    pub execution_proofs: Vec<String>,
}

/// Everything the sample says.
pub(super) struct Texts {
    pub people: PeopleWords,
    pub themes: Vec<Theme>,
    pub words: Sentences,
}

const THEMES: [&str; 9] = [
    include_str!("../../data/demo/themes/pension.json"),
    include_str!("../../data/demo/themes/medical.json"),
    include_str!("../../data/demo/themes/housing.json"),
    include_str!("../../data/demo/themes/allowance.json"),
    include_str!("../../data/demo/themes/rank.json"),
    include_str!("../../data/demo/themes/community.json"),
    include_str!("../../data/demo/themes/enterprise.json"),
    include_str!("../../data/demo/themes/conduct.json"),
    include_str!("../../data/demo/themes/voices.json"),
];

impl Texts {
    /// # Errors
    /// Internal when a text of the sample can't be read.
    pub fn read() -> Result<Self> {
        let mut themes = Vec::new();
        for file in THEMES {
            themes.extend(json::<Vec<Theme>>(file)?);
        }
        Ok(Self {
            people: json(include_str!("../../data/demo/people.json"))?,
            themes,
            words: json(include_str!("../../data/demo/words.json"))?,
        })
    }
}

/// Reads a file of the sample.
///
/// # Errors
/// Internal with what is wrong in it.
pub(super) fn json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| Error::Internal(Box::new(e)))
}

/// What is filled into the texts of one case.
#[derive(Debug, Clone, Default)]
pub(super) struct Filling(BTreeMap<&'static str, String>);

impl Filling {
    /// Puts a word in place.
    pub fn set(&mut self, name: &'static str, word: impl ToString) {
        self.0.insert(name, word.to_string());
    }

    /// The word in a place, empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The text with every place filled.
    ///
    /// # Errors
    /// Internal for a place nobody fills.
    pub fn fill(&self, text: &str) -> Result<String> {
        let (mut filled, mut rest) = (String::with_capacity(text.len()), text);
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').ok_or_else(|| Error::internal(format!("an open brace in the sample: {text}")))?;
            let word = self.0.get(name).ok_or_else(|| Error::internal(format!("nothing fills {{{name}}} in the sample: {text}")))?;
            filled.push_str(before);
            filled.push_str(word);
            rest = behind;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_matter_can_be_answered_and_every_text_fits_a_matter() {
        let texts = Texts::read().unwrap();
        for theme in &texts.themes {
            for n in 0..theme.matters.len() {
                assert!(!fitting(&theme.answers, n).is_empty(), "{} {n}", theme.name);
            }
            for channel in [Channel::Visit, Channel::Letter, Channel::Fax, Channel::Online, Channel::Phone, Channel::HomeVisit] {
                let brought = |m: &Matter| m.only != Some(Together::Joint) && m.by.as_ref().is_none_or(|by| by.contains(&channel));
                let mut brought = (0..theme.matters.len()).filter(|n| brought(&theme.matters[*n])).peekable();
                assert!(brought.peek().is_some(), "{} {channel:?}", theme.name);
                let spot = theme.always == Some(FateName::Spot);
                assert!(!spot || brought.all(|n| !said(&theme.spot, n, channel).is_empty()), "{} {channel:?}", theme.name);
            }
            let places = [&theme.spot, &theme.elsewhere, &theme.diverted, &theme.notes].into_iter().flatten().filter_map(Fits::of);
            for of in places.chain(theme.answers.iter().filter_map(Fits::of)) {
                assert!(of.iter().all(|n| *n < theme.matters.len()), "{}", theme.name);
            }
            assert_eq!(theme.answers.iter().filter(|a| a.outcome.is_some() == a.adoption.is_some()).count(), 0, "{}", theme.name);
            assert!(theme.diverted.iter().all(|w| w.route.is_some()), "{}", theme.name);
        }
    }

    #[test]
    fn a_place_nobody_fills_is_a_fault_of_the_sample() {
        let mut filling = Filling::default();
        filling.set("amount", 1200);
        assert_eq!(filling.fill("补发{amount}元。").unwrap(), "补发1200元。");
        assert!(filling.fill("补发{sum}元").is_err() && filling.fill("{amount").is_err());
    }
}
