//! Actors, roles and the relations an actor can stand in to a petition.

use crate::platform::db::types::Id;

crate::text_enum! {
    /// What a person is employed as. One person may hold several.
    pub enum Role {
        /// Registers letters, visits and calls at the reception desk (接访).
        Receptionist = "receptionist",
        /// Handles cases of their unit (承办人).
        Officer = "officer",
        /// Heads a unit: approves extensions, signs opinions.
        UnitHead = "unit_head",
        /// Refers, assigns and supervises for a subtree of units (老干部局).
        Supervisor = "supervisor",
        /// Reads statistics and lists, takes charge of hard cases (领导).
        Leader = "leader",
        /// Verifies the trail; changes no case.
        Auditor = "auditor",
        /// Keeps units, staff, categories, profiles, calendars, keys; reads no case by virtue of the role alone.
        Administrator = "administrator",
    }
}

/// A set of roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Roles(u16);

impl Roles {
    /// No role.
    pub const NONE: Self = Self(0);

    /// These roles.
    pub const fn of(roles: &[Role]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < roles.len() {
            bits |= 1 << roles[i] as u16;
            i += 1;
        }
        Self(bits)
    }

    /// Whether the role is in the set.
    pub const fn has(self, role: Role) -> bool {
        self.0 & (1 << role as u16) != 0
    }

    /// Whether the sets share a role.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets together.
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The roles in the set, in the order of their declaration.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.iter().copied().filter(move |r| self.has(*r))
    }
}

impl FromIterator<Role> for Roles {
    fn from_iter<I: IntoIterator<Item = Role>>(roles: I) -> Self {
        roles.into_iter().fold(Self::NONE, |set, role| set.with(Self::of(&[role])))
    }
}

/// How a caller stands to a petition; each is a predicate on the caller's unit and the petition's units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Registering office.
    Ro,
    /// Sending unit: its supervisor.
    Su,
    /// Own competence: the registering unit or one above it inside the office, which becomes lead.
    Oc,
    /// Lead unit.
    Le,
    /// Head of the lead unit, or a supervisor above.
    Hd,
    /// Assisting unit with an open question.
    As,
    /// Reviewing unit of the open review.
    Rv,
    /// Supervisor whose subtree holds the lead.
    Sv,
    /// Leader not concerned by the petition.
    Ld,
    /// A party in person; no staff stand in it.
    Pe,
    /// What a party said, written down for them by the registering office or the lead.
    Wr,
    /// Call-back by somebody who did not handle it.
    Cb,
    /// The person themself (recusal).
    Me,
    /// A unit under an open supervision.
    Sd,
}

impl Relation {
    /// Every relation, in the order of the golden file.
    pub const ALL: [Self; 14] = [
        Self::Ro,
        Self::Su,
        Self::Oc,
        Self::Le,
        Self::Hd,
        Self::As,
        Self::Rv,
        Self::Sv,
        Self::Ld,
        Self::Pe,
        Self::Wr,
        Self::Cb,
        Self::Me,
        Self::Sd,
    ];

    /// Its two letters in the procedure's tables.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ro => "RO",
            Self::Su => "SU",
            Self::Oc => "OC",
            Self::Le => "LE",
            Self::Hd => "HD",
            Self::As => "AS",
            Self::Rv => "RV",
            Self::Sv => "SV",
            Self::Ld => "LD",
            Self::Pe => "PE",
            Self::Wr => "WR",
            Self::Cb => "CB",
            Self::Me => "ME",
            Self::Sd => "SD",
        }
    }

    /// The roles that can stand in it.
    pub const fn roles(self) -> Roles {
        use Role::{Leader, Officer, Receptionist, Supervisor, UnitHead};
        match self {
            Self::Ro => Roles::of(&[Receptionist, Officer, Supervisor]),
            Self::Su | Self::Sv => Roles::of(&[Supervisor]),
            Self::Oc | Self::As | Self::Rv => Roles::of(&[Officer, Supervisor]),
            Self::Le | Self::Sd => Roles::of(&[Officer, UnitHead, Supervisor]),
            Self::Hd => Roles::of(&[UnitHead, Supervisor]),
            Self::Ld => Roles::of(&[Leader]),
            Self::Pe => Roles::NONE,
            Self::Wr | Self::Cb => Roles::of(&[Receptionist, Officer, UnitHead, Supervisor]),
            Self::Me => Roles::of(&[Receptionist, Officer, UnitHead, Supervisor, Leader]),
        }
    }
}

/// A set of relations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Relations(u16);

impl Relations {
    /// These relations.
    pub const fn of(relations: &[Relation]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < relations.len() {
            bits |= 1 << relations[i] as u16;
            i += 1;
        }
        Self(bits)
    }

    /// Adds a relation when the fact holds.
    #[must_use]
    pub const fn with_if(self, relation: Relation, holds: bool) -> Self {
        if holds { Self(self.0 | (1 << relation as u16)) } else { self }
    }

    /// Whether the relation is in the set.
    pub const fn has(self, relation: Relation) -> bool {
        self.0 & (1 << relation as u16) != 0
    }

    /// What both sets hold.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The relations in the set.
    pub fn iter(self) -> impl Iterator<Item = Relation> {
        Relation::ALL.into_iter().filter(move |r| self.has(*r))
    }

    /// The roles that can stand in any of them.
    pub fn roles(self) -> Roles {
        self.iter().fold(Roles::NONE, |set, r| set.with(r.roles()))
    }
}

/// Who acts: a member of staff, a petitioner with their receipt, or the system itself.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The account; none for the system and for whoever acts with a receipt.
    pub account_id: Option<Id>,
    /// The unit they belong to; nil for who has no account.
    pub unit_id: Id,
    /// Everything they are employed as.
    pub roles: Roles,
    /// The petition whose number and query code they gave, where they have no account.
    pub holds: Option<Id>,
}

impl Actor {
    /// The product itself: jobs and consequences of other acts.
    pub const SYSTEM: Self = Self { account_id: None, unit_id: Id::NIL, roles: Roles::NONE, holds: None };

    /// A member of staff.
    pub const fn staff(account: Id, unit_id: Id, roles: Roles) -> Self {
        Self { account_id: Some(account), unit_id, roles, holds: None }
    }

    /// Whoever gave number and query code of a petition.
    pub const fn holder(petition: Id) -> Self {
        Self { holds: Some(petition), ..Self::SYSTEM }
    }

    /// The account's id; nil for the system.
    pub fn id(&self) -> Id {
        self.account_id.unwrap_or(Id::NIL)
    }

    /// The role an act is recorded under: the first of theirs that permits it.
    pub fn role_among(&self, permitted: Roles) -> &'static str {
        if self.account_id.is_none() {
            return if self.holds.is_some() { "petitioner" } else { "system" };
        }
        self.roles.iter().find(|r| permitted.has(*r)).or_else(|| self.roles.iter().next()).map_or("none", Role::as_str)
    }
}
