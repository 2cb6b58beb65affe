//! Pure: which facts are reasons, and which level follows.

crate::text_enum! {
    /// Why a petition comes before others.
    pub enum Reason {
        /// It cannot wait (Art. 25).
        Urgent = "urgent",
        /// One of its petitioners is 80 or older.
        Age80 = "age_80",
        /// A petitioner is disabled.
        Disability = "disability",
        /// A petitioner lies in hospital.
        InHospital = "in_hospital",
        /// A petitioner lives alone.
        Alone = "alone",
        /// A medicine is needed at once.
        UrgentMedicine = "urgent_medicine",
        /// Somebody set the level by hand.
        SetByHand = "set_by_hand",
    }
}

crate::text_enum! {
    /// How far a petition comes before others.
    pub enum Level {
        /// Like any other.
        Normal = "normal",
        /// Before those.
        Raised = "raised",
        /// Before all.
        High = "high",
    }
}

impl Level {
    /// Its place in the order of a worklist: the lower comes first.
    pub const fn rank(self) -> i16 {
        match self {
            Self::High => 0,
            Self::Raised => 1,
            Self::Normal => 2,
        }
    }

    /// The level at a place.
    pub const fn of_rank(rank: i16) -> Self {
        match rank {
            ..=0 => Self::High,
            1 => Self::Raised,
            2.. => Self::Normal,
        }
    }
}

/// The age from which on age is a reason.
const AGED: i32 = 80;

/// What is known of the petitioners. Of several people the oldest counts, and whatever holds for any of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PriorityFacts {
    /// Whole years.
    pub age: Option<i32>,
    /// Disabled.
    pub disability: bool,
    /// In hospital.
    pub in_hospital: bool,
    /// Living alone.
    pub alone: bool,
    /// In need of a medicine at once.
    pub urgent_medicine: bool,
}

/// The reasons of a petition, in the order of the enum, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reasons(Vec<Reason>);

impl Reasons {
    /// What follows from the facts.
    pub fn of(facts: &PriorityFacts, urgent: bool) -> Self {
        let all = [
            (urgent, Reason::Urgent),
            (facts.age.is_some_and(|age| age >= AGED), Reason::Age80),
            (facts.disability, Reason::Disability),
            (facts.in_hospital, Reason::InHospital),
            (facts.alone, Reason::Alone),
            (facts.urgent_medicine, Reason::UrgentMedicine),
        ];
        Self(all.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason).collect())
    }

    /// As stored: their words, separated by commas.
    pub fn read(stored: &str) -> Self {
        Self(stored.split(',').filter_map(Reason::parse).collect())
    }

    /// To be stored.
    pub fn written(&self) -> String {
        self.0.iter().map(|reason| reason.as_str()).collect::<Vec<_>>().join(",")
    }

    /// One by one.
    pub fn iter(&self) -> impl Iterator<Item = Reason> {
        self.0.iter().copied()
    }

    /// With a reason, or without it.
    #[must_use]
    pub fn with(mut self, reason: Reason, holds: bool) -> Self {
        self.0.retain(|known| *known != reason);
        if holds {
            self.0.push(reason);
            self.0.sort_unstable();
        }
        self
    }

    /// The level that follows. What cannot wait is high whatever anybody set; otherwise somebody's word stands. A hospital bed or a
    /// medicine alone make it high, as do two other reasons; one other raises it.
    pub fn level(&self, set: Option<Level>) -> Level {
        let has = |reason| self.0.contains(&reason);
        let grave = has(Reason::InHospital) || has(Reason::UrgentMedicine);
        let others = self.0.iter().filter(|reason| **reason != Reason::SetByHand).count();
        match set {
            _ if has(Reason::Urgent) => Level::High,
            Some(level) => level,
            None if grave || others > 1 => Level::High,
            None if others == 1 => Level::Raised,
            None => Level::Normal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> PriorityFacts {
        PriorityFacts::default()
    }

    #[test]
    fn reasons_follow_from_facts_and_the_level_from_reasons() {
        for (facts, urgent, words, level) in [
            (facts(), false, "", Level::Normal),
            (PriorityFacts { age: Some(79), ..facts() }, false, "", Level::Normal),
            (PriorityFacts { age: Some(80), ..facts() }, false, "age_80", Level::Raised),
            (PriorityFacts { alone: true, ..facts() }, false, "alone", Level::Raised),
            (PriorityFacts { disability: true, ..facts() }, false, "disability", Level::Raised),
            (PriorityFacts { age: Some(91), alone: true, ..facts() }, false, "age_80,alone", Level::High),
            (PriorityFacts { in_hospital: true, ..facts() }, false, "in_hospital", Level::High),
            (PriorityFacts { urgent_medicine: true, ..facts() }, false, "urgent_medicine", Level::High),
            (facts(), true, "urgent", Level::High),
        ] {
            let reasons = Reasons::of(&facts, urgent);
            assert_eq!((reasons.written().as_str(), reasons.level(None)), (words, level));
            assert_eq!(Reasons::read(words), reasons);
        }
    }

    #[test]
    fn a_persons_word_stands_but_what_cannot_wait_is_high() {
        let aged = Reasons::of(&PriorityFacts { age: Some(85), ..facts() }, false).with(Reason::SetByHand, true);
        assert_eq!(aged.level(Some(Level::Normal)), Level::Normal);
        assert_eq!(aged.level(Some(Level::High)), Level::High);
        let urgent = aged.with(Reason::Urgent, true);
        assert_eq!((urgent.written().as_str(), urgent.level(Some(Level::Normal))), ("urgent,age_80,set_by_hand", Level::High));
        assert_eq!(urgent.with(Reason::Urgent, false).level(Some(Level::Normal)), Level::Normal);
    }

    #[test]
    fn the_higher_level_has_the_lower_rank() {
        for level in Level::ALL {
            assert_eq!(Level::of_rank(level.rank()), *level);
        }
        assert!(Level::High.rank() < Level::Raised.rank() && Level::Raised.rank() < Level::Normal.rank());
    }
}
