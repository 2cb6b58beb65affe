//! Who files what: a person, their matter in their own words, the people beside them, and what is to become of it.

mod wording;

use super::arrivals::{Arrival, Cause};
use super::case::{Case, Ends, Fate, Noticed, Parties};
use super::chance::{Chance, Deck};
use super::habits::{Habits, Shares};
use super::office::Office;
use super::people::Crowd;
use super::texts::{FateName, Filling, Texts, Theme, Together, fitting, said};
use crate::petition::model::IntakePlace;
use crate::petition::{Channel, Kind, Stage};
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use chrono::NaiveDate;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A filing of somebody who may come again.
struct Filed {
    /// The petition, unless it was a mistake of the desk.
    id: Option<Id>,
    registered_unit: String,
    theme: usize,
    matter: usize,
    filling: Filling,
    day: NaiveDate,
    times: usize,
}

/// Everything that decides about the next petition.
pub(super) struct Filing<'a> {
    texts: &'a Texts,
    habits: &'a Habits,
    office: &'a Office,
    chance: Chance,
    crowd: Crowd<'a>,
    /// The last filing of everybody who gave their name, by their place in the crowd.
    filed: BTreeMap<usize, Filed>,
    ordinary: Deck<usize>,
    waves: Vec<Deck<usize>>,
    rounds: Deck<usize>,
    hospital: Deck<usize>,
    fates: [Deck<FateName>; 3],
    stages: Stages,
    registrars: Deck<&'static str>,
    rare: Rare,
}

/// At which stage what does not go the whole way ends.
struct Stages {
    diverted: Deck<Stage>,
    withdrawn: Deck<Stage>,
    forgotten: Deck<Stage>,
}

/// Rare properties.
struct Rare {
    anonymous: Deck<bool>,
    unreachable: Deck<bool>,
    proxy: Deck<bool>,
    co_petitioner: Deck<bool>,
    wants_visit: Deck<bool>,
    forwarded: Deck<bool>,
    direct_call: Deck<bool>,
}

/// A profile to be kept.
pub(super) type Profile = Option<Map<String, Value>>;

/// Who looks after people.
const LIAISON: &str = "community_officer";

/// Whether it is registered by somebody who reaches every profile.
fn at_desk(case: &Case<'_>) -> bool {
    matches!(case.registrar.as_str(), "desk" | "desk2")
}

/// What is chosen before words are found for it.
struct Chosen {
    person: usize,
    theme: usize,
    matter: usize,
    joint: bool,
    again: bool,
}

impl<'a> Filing<'a> {
    /// # Errors
    /// Internal for a theme the sample does not have.
    pub fn new(texts: &'a Texts, habits: &'a Habits, office: &'a Office, chance: Chance) -> Result<Self> {
        use Stage::{Decided, Handling, Referred, Registered};
        let weights: Shares<usize> = texts.themes.iter().enumerate().map(|(n, theme)| (n, theme.weight)).collect();
        let by_name = |shares: &Shares| -> Result<Deck<usize>> {
            let place = |name: &str| {
                let found = texts.themes.iter().position(|theme| theme.name == name);
                found.ok_or_else(|| Error::internal(format!("the sample has no theme {name}")))
            };
            let cards = shares.iter().map(|(name, times)| Ok((place(name)?, *times))).collect::<Result<Vec<_>>>()?;
            Ok(Deck::of(&cards))
        };
        let rare = &habits.one_in;
        Ok(Self {
            crowd: Crowd::new(&texts.people),
            filed: BTreeMap::new(),
            ordinary: Deck::of(&weights),
            waves: habits.waves.iter().map(|wave| by_name(&wave.themes)).collect::<Result<_>>()?,
            rounds: by_name(&habits.rounds.themes)?,
            hospital: by_name(&habits.at_a_hospital_bed)?,
            fates: [Kind::Claim, Kind::Suggestion, Kind::Accusation].map(|kind| Deck::of(habits.fates.of(kind))),
            stages: Stages {
                diverted: Deck::of(&[(Registered, 2), (Handling, 1)]),
                withdrawn: Deck::of(&[(Registered, 1), (Referred, 1), (Handling, 2), (Decided, 1)]),
                forgotten: Deck::of(&[(Registered, 1), (Referred, 1), (Handling, 2), (Decided, 1)]),
            },
            registrars: Deck::of(&[("desk", 5), ("desk2", 4)]),
            rare: Rare {
                anonymous: Deck::one_in(rare.anonymous),
                unreachable: Deck::one_in(rare.unreachable),
                proxy: Deck::one_in(rare.proxy),
                co_petitioner: Deck::one_in(rare.co_petitioner),
                wants_visit: Deck::one_in(rare.wants_visit),
                forwarded: Deck::one_in(rare.forwarded),
                direct_call: Deck::one_in(rare.direct_call),
            },
            texts,
            habits,
            office,
            chance,
        })
    }

    /// The case of an arrival, what is sent to register it under this id, and the profile that the desk keeps of who comes first.
    ///
    /// # Errors
    /// Internal when the sample does not fit itself.
    pub fn file(&mut self, arrival: &Arrival, day: NaiveDate, id: Id, profile_id: Id) -> Result<(Case<'a>, Map<String, Value>, Profile)> {
        let texts = self.texts;
        let chosen = self.choose(arrival, day)?;
        let theme = texts.themes.get(chosen.theme).ok_or(Error::NotFound)?;
        let parties = self.parties(arrival, theme, &chosen)?;
        let fate = self.fate(theme, parties, chosen.matter, arrival.channel)?;
        let filling = self.filling(theme, &chosen, day)?;
        let (registrar, registered_unit) = self.registrar(arrival, theme)?;
        let subject = theme.subject.as_ref().and_then(|subject| subject.unit.as_deref()).filter(|_| theme.kind == Kind::Accusation);
        // an accusation of the desk is the bureau's from the start, one of the bureau the discipline unit's
        let registered_unit = match subject {
            Some("reception") => "bureau".to_owned(),
            Some("bureau") => "discipline".to_owned(),
            _ => registered_unit,
        };
        let finding = *self.chance.pick(&fitting(&theme.answers, chosen.matter))?;
        let (earlier, mut noticed) = self.earlier(&chosen, &registered_unit);
        let terminated = matches!(arrival.cause, Cause::Terminated(_));
        if terminated {
            noticed = Noticed::AtOnce;
        }
        // who comes again is not new here
        let simplified = fate.1 && !chosen.again;
        let joins = noticed == Noticed::AtOnce && fate.0 == Fate::Answered && self.chance.share(self.habits.comes_again.joined);
        let fate = match fate.0 {
            _ if terminated => Fate::NoLongerAccepted,
            _ if joins => Fate::Linked,
            fate => fate,
        };
        let case = Case {
            id,
            theme,
            matter: chosen.matter,
            finding,
            channel: arrival.channel,
            at_home: matches!(arrival.place, IntakePlace::Home | IntakePlace::Hospital),
            parties,
            simplified,
            earlier,
            noticed,
            registrar,
            desk_barred: subject.is_some_and(|unit| unit == "reception" || unit == "bureau"),
            registered_unit,
            fate,
            stage: Stage::Registered,
            ends: Ends::default(),
            received: arrival.received_at.or(arrival.captured_at).unwrap_or(arrival.at),
            since: arrival.at,
            decided: arrival.at,
            officer: None,
            asked_by: None,
            goes_on: false,
            agrees: false,
            charged: false,
            in_policy_issue: false,
            closed_by: None,
            left_handling: false,
            astray: None,
            back: false,
            assigned: false,
            not_ours: false,
            mood: self.chance.between(0, 999),
            evaluated: Vec::new(),
            steps: None,
            reviews: 0,
            review: None,
            signed_by: None,
            filling,
        };
        let profile = self.profile(&case, &chosen, profile_id)?;
        let body = self.body(&case, arrival, &chosen)?;
        self.remember(&case, &chosen, day);
        Ok((case, body, profile))
    }

    /// The desk keeps a profile of everybody who leaves their numbers, when they first come to it.
    fn profile(&mut self, case: &Case<'_>, chosen: &Chosen, id: Id) -> Result<Profile> {
        let liaison = self.office.actor(LIAISON)?;
        let person = self.crowd.person_mut(chosen.person)?;
        let keeps = at_desk(case) && case.parties.reachable && !chosen.joint && case.kind() != Kind::Accusation;
        Ok((keeps && person.retiree.is_none()).then(|| person.kept(id, chosen.person, &liaison)))
    }

    /// Somebody and what they come with.
    fn choose(&mut self, arrival: &Arrival, day: NaiveDate) -> Result<Chosen> {
        let theme = match arrival.cause {
            Cause::Ordinary => self.ordinary.deal(&mut self.chance)?,
            Cause::Wave(n) => self.waves.get_mut(n).ok_or(Error::NotFound)?.deal(&mut self.chance)?,
            Cause::Round(_) => self.rounds.deal(&mut self.chance)?,
            Cause::Hospital => self.hospital.deal(&mut self.chance)?,
            Cause::Terminated(id) => {
                let (person, before) = self.filed.iter().find(|(_, filed)| filed.id == Some(id)).ok_or(Error::NotFound)?;
                return Ok(Chosen { person: *person, theme: before.theme, matter: before.matter, joint: false, again: true });
            }
        };
        if let (Cause::Ordinary, Some(person)) = (arrival.cause, self.somebody_known()?) {
            let before = self.filed.get(&person).ok_or(Error::NotFound)?;
            let fits = |theme: &Theme, standing| theme.people.is_empty() || theme.people.contains(&standing);
            let suits = self.texts.themes.get(theme).is_some_and(|new| {
                self.crowd.person(person).is_ok_and(|p| fits(new, p.standing) && new.min_age.is_none_or(|age| i64::from(p.age(day)) >= age))
            });
            if self.chance.share(self.habits.comes_again.same_matter) || !suits {
                return Ok(Chosen { person, theme: before.theme, matter: before.matter, joint: false, again: true });
            }
            let matter = self.matter(theme, false, arrival.channel)?;
            return Ok(Chosen { person, theme, matter, joint: false, again: false });
        }
        let words = self.texts.themes.get(theme).ok_or(Error::NotFound)?;
        let together = words.group.as_ref().is_some_and(|group| self.chance.share(group.share));
        let joint = together && arrival.channel == Channel::Visit;
        let person = self.crowd.newcomer(&words.people, words.min_age, day, &mut self.chance)?;
        Ok(Chosen { person, theme, matter: self.matter(theme, joint, arrival.channel)?, joint, again: false })
    }

    fn matter(&mut self, theme: usize, joint: bool, channel: Channel) -> Result<usize> {
        let matters = &self.texts.themes.get(theme).ok_or(Error::NotFound)?.matters;
        let unfit = if joint { Together::Alone } else { Together::Joint };
        let brought = |by: &Option<Vec<Channel>>| by.as_ref().is_none_or(|by| by.contains(&channel));
        let fits = matters.iter().enumerate().filter(|(_, m)| m.only != Some(unfit) && brought(&m.by));
        let fit: Vec<usize> = fits.map(|(n, _)| n).collect();
        self.chance.pick(&fit).copied()
    }

    fn somebody_known(&mut self) -> Result<Option<usize>> {
        let again = &self.habits.comes_again;
        let known: Vec<usize> = self.filed.keys().copied().collect();
        if known.len() < 20 {
            return Ok(None);
        }
        if self.chance.share(again.regular) {
            let regulars = &known[..self.texts.people.regulars.min(known.len())];
            return self.chance.pick(regulars).copied().map(Some);
        }
        if self.chance.share(again.somebody) { self.chance.pick(&known).copied().map(Some) } else { Ok(None) }
    }

    fn parties(&mut self, arrival: &Arrival, theme: &Theme, chosen: &Chosen) -> Result<Parties> {
        let rare = &mut self.rare;
        let common_cause = ["community.", "conduct.", "activity."].iter().any(|area| theme.category.starts_with(area));
        let may_hide = common_cause && theme.kind == Kind::Claim && !chosen.again && !chosen.joint;
        let anonymous = theme.anonymous || (may_hide && arrival.cause == Cause::Ordinary && rare.anonymous.deal(&mut self.chance)?);
        let alone = !anonymous && !chosen.joint;
        let proxy = alone && theme.kind != Kind::Accusation && rare.proxy.deal(&mut self.chance)?;
        let couple = alone && !proxy && arrival.channel == Channel::Visit && rare.co_petitioner.deal(&mut self.chance)?;
        let silent = alone && !proxy && !couple && rare.unreachable.deal(&mut self.chance)?;
        Ok(Parties {
            anonymous,
            reachable: !anonymous && !silent,
            principals: usize::from(!anonymous) + usize::from(couple),
            proxy,
            helped: false,
        })
    }

    /// The fate, and whether it goes by the simplified procedure.
    fn fate(&mut self, theme: &Theme, parties: Parties, matter: usize, channel: Channel) -> Result<(Fate, bool)> {
        if theme.litigation {
            return Ok((Fate::Diverted(Stage::Handling), false));
        }
        let against_the_office =
            theme.subject.as_ref().and_then(|s| s.unit.as_deref()).is_some_and(|unit| unit == "reception" || unit == "bureau");
        if against_the_office {
            return Ok((Fate::Answered, false));
        }
        let [claim, suggestion, accusation] = &mut self.fates;
        let deck = match theme.kind {
            Kind::Claim => claim,
            Kind::Suggestion => suggestion,
            Kind::Accusation => accusation,
        };
        let name = match theme.always {
            Some(name) => name,
            None => deck.deal(&mut self.chance)?,
        };
        let restricted = theme.kind == Kind::Accusation;
        // nobody is sent where this matter has no business, nor answered at a desk they did not come to
        let ends_otherwise = match name {
            FateName::Spot => !said(&theme.spot, matter, channel).is_empty() || !said(&self.texts.words.spot, matter, channel).is_empty(),
            FateName::Elsewhere => !said(&theme.elsewhere, matter, channel).is_empty(),
            FateName::Diverted => !said(&theme.diverted, matter, channel).is_empty(),
            _ => true,
        };
        let told = !(parties.anonymous && matches!(name, FateName::Spot | FateName::Elsewhere | FateName::Diverted));
        Ok(match name {
            _ if !(ends_otherwise && told) => (Fate::Answered, false),
            FateName::Quick => (Fate::Answered, parties.principals == 1 && !theme.urgent && parties.reachable),
            FateName::Spot => (Fate::Spot, false),
            FateName::Elsewhere => (Fate::Elsewhere, false),
            FateName::Diverted => (Fate::Diverted(self.stages.diverted.deal(&mut self.chance)?), false),
            FateName::Voided => (Fate::Voided, false),
            // nobody's word could be written down
            FateName::Withdrawn if parties.anonymous => (Fate::Answered, false),
            FateName::Withdrawn if restricted => (Fate::Withdrawn(Stage::Referred), false),
            FateName::Withdrawn => (Fate::Withdrawn(self.stages.withdrawn.deal(&mut self.chance)?), false),
            FateName::Forgotten if restricted => (Fate::Forgotten(Stage::Handling), false),
            FateName::Forgotten => (Fate::Forgotten(self.stages.forgotten.deal(&mut self.chance)?), false),
            FateName::Answered => (Fate::Answered, false),
        })
    }

    /// Who registers it, and for which unit.
    fn registrar(&mut self, arrival: &Arrival, theme: &Theme) -> Result<(String, String)> {
        let who = match arrival.cause {
            Cause::Round(n) => ["community_officer", "desk2", "east_officer"][n % 3].to_owned(),
            Cause::Hospital => "desk2".to_owned(),
            _ => {
                let desk = self.registrars.deal(&mut self.chance)?.to_owned();
                let called = arrival.channel == Channel::Phone && theme.kind == Kind::Claim && theme.unit != "bureau";
                let direct = called && self.rare.direct_call.deal(&mut self.chance)?;
                if direct { self.habits.unit(&theme.unit)?.officers.first().cloned().unwrap_or(desk) } else { desk }
            }
        };
        let unit = self.office.unit_of(&who)?.to_owned();
        Ok((who, unit))
    }

    /// The petition that this one repeats, and whether somebody notices: at the desk, where they see what was registered there.
    fn earlier(&mut self, chosen: &Chosen, unit: &str) -> (Option<Id>, Noticed) {
        let Some(before) = self.filed.get(&chosen.person).filter(|_| chosen.again) else { return (None, Noticed::Never) };
        let again = &self.habits.comes_again;
        let noticed = match before.id {
            None => Noticed::Never,
            Some(_) if unit == before.registered_unit && self.chance.share(again.noticed_at_once) => Noticed::AtOnce,
            Some(_) if self.chance.share(again.noticed_later) => Noticed::Later,
            Some(_) => Noticed::Never,
        };
        (before.id, noticed)
    }

    /// Whether whoever filed it is known by it and could come again with it.
    pub fn remembers(&self, id: Id) -> bool {
        self.filed.values().any(|filed| filed.id == Some(id))
    }

    fn remember(&mut self, case: &Case<'_>, chosen: &Chosen, day: NaiveDate) {
        if !case.parties.anonymous && case.kind() != Kind::Accusation && !chosen.joint && case.theme.always.is_none() {
            let times = self.filed.get(&chosen.person).filter(|_| chosen.again).map_or(0, |filed| filed.times);
            let filling = case.filling.clone();
            let id = (case.fate != Fate::Voided).then_some(case.id);
            let registered_unit = case.registered_unit.clone();
            let filed = Filed { id, registered_unit, theme: chosen.theme, matter: chosen.matter, filling, day, times: times + 1 };
            self.filed.insert(chosen.person, filed);
        }
    }
}
