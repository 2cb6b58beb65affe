//! The tables a petition has rows in, and those of the office.

pub(super) mod postgres;
pub(super) mod sqlite;

use super::copy::Copy;
use super::marks::Marks;
use super::recast::Recast;
use crate::account::model::{Account, AccountRole};
use crate::appeal::model::Review;
use crate::assistance::model::Assistance;
use crate::audit::model::{Event, EventOrder, EventSealed};
use crate::calendar::model::{CalendarRow, VersionRow};
use crate::category::model::Category;
use crate::contact::model::Contact;
use crate::contact_line::ContactLine;
use crate::deadline::model::{ProfileRow, ProfileVersionRow};
use crate::deadline::{Clock, Timetable};
use crate::evaluation::model::Evaluation;
use crate::execution::model::Execution;
use crate::handling::extension::model::Extension;
use crate::handling::model::{Acceptance, Delivery, Opinion};
use crate::hearing::model::Hearing;
use crate::leader_case::model::{Instruction, LeaderCase};
use crate::mediation::model::Mediation;
use crate::notice::Notice;
use crate::petition::model::{Bar, Closure, Content, ExternalNumberRow, Fact, Note, Party, Petition};
use crate::petition::supervised::Supervision;
use crate::platform::db::Conn;
use crate::platform::db::schema::*;
use crate::platform::db::types::Id;
use crate::platform::error::{Error, Result};
use crate::policy_issue::model::{Belonging, PolicyIssue};
use crate::referral::model::{Objection, Referral, Report};
use crate::succession::model::HeirsInquiry;
use crate::unit::model::{Link, Unit};
use crate::urgency::model::UrgentReport;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Tables that hold nothing of a petition, or nothing a database to rehearse on begins with.
const NOT_COPIED: &[&str] = &[
    "data_key",
    "__diesel_schema_migrations",
    "unit",
    "unit_closure",
    "category",
    "contact_line",
    "policy_issue",
    "reception_day",
    "reception_booking",
    "account",
    "account_role",
    "calendar",
    "calendar_version",
    "profile",
    "profile_version",
    "timetable",
    // people who file in a copy are others, and nobody keeps profiles of them
    "retiree",
    "retiree_phone",
    "retiree_unit",
    "retiree_relative",
    "retiree_spelling",
    "spelling_progress",
    // their bytes lie in the sample's own store, sealed with what goes with it; trails of copies still tell of them
    "attachment",
    "attachment_content",
    "attachment_upload",
    // so nobody is visited either, and nothing is known of anybody
    "visit_task",
    "visit",
    "visit_petition",
    "visit_planning",
    "care_file",
];

macro_rules! tables {
    (
        parts { $($part:ident: $part_row:ident in $part_table:ident of $key:ident),+ $(,)? }
        trail { $($told:ident: $told_row:ident in $told_table:ident),+ $(,)? }
    ) => {
        /// Rows about petitions, a list a table.
        #[derive(Default)]
        pub(super) struct Rows {
            $(pub(super) $part: Vec<$part_row>,)+
            $(pub(super) $told: Vec<$told_row>,)+
        }

        /// The tables of [`Rows`].
        pub(super) const TABLES: &[&str] = &[$(stringify!($part_table),)+ $(stringify!($told_table)),+];

        impl Rows {
            /// All there are.
            fn load(c: &mut Conn) -> Result<Self> {
                Ok(Self { $($part: $part_table::table.load(c)?,)+ $($told: $told_table::table.load(c)?),+ })
            }

            /// How many there are of each table.
            fn counts(&self) -> BTreeMap<&'static str, usize> {
                [$((stringify!($part_table), self.$part.len()),)+ $((stringify!($told_table), self.$told.len())),+].into()
            }

            /// How many there are.
            pub(super) fn len(&self) -> usize {
                self.counts().values().sum()
            }

            /// Takes over others.
            pub(super) fn append(&mut self, other: &mut Self) {
                $(self.$part.append(&mut other.$part);)+
                $(self.$told.append(&mut other.$told);)+
            }

            /// Marks every row but those of the trail.
            pub(super) fn mark_all(&mut self, marks: &mut Marks<'_>) -> Result<()> {
                $(self.$part.mark(marks)?;)+
                Ok(())
            }

            /// Adds a copy of every row but those of the trail.
            pub(super) fn add_copy(&mut self, original: &Self, copy: &mut Copy<'_>) -> Result<()> {
                $(for row in &original.$part {
                    self.$part.push(row.recast(copy)?);
                })+
                Ok(())
            }

            /// By petition; what the trail tells of anything else, by that.
            pub(super) fn by_petition(self) -> HashMap<Id, Self> {
                let about: HashMap<Id, Id> = self.events.iter().map(|event| (event.id, event.subject_id)).collect();
                let mut by: HashMap<Id, Self> = HashMap::new();
                $(for row in self.$part {
                    by.entry(row.$key).or_default().$part.push(row);
                })+
                for row in self.events {
                    by.entry(row.subject_id).or_default().events.push(row);
                }
                for row in self.sealed {
                    by.entry(about.get(&row.event_id).copied().unwrap_or(row.event_id)).or_default().sealed.push(row);
                }
                for row in self.order {
                    by.entry(about.get(&row.event_id).copied().unwrap_or(row.event_id)).or_default().order.push(row);
                }
                by
            }

            /// Inserts them, many rows a statement, each statement prepared once.
            fn insert(&self, c: &mut SqliteConnection) -> QueryResult<()> {
                $(insert!(c, $part_table, self.$part);)+
                $(insert!(c, $told_table, self.$told);)+
                Ok(())
            }

            /// Copies them in, a table at a time.
            fn copy_in(&self, c: &mut PgConnection) -> QueryResult<()> {
                $(copy_in!(c, $part_table, self.$part);)+
                $(copy_in!(c, $told_table, self.$told);)+
                Ok(())
            }
        }
    };
}

/// Rows a statement of SQLite's inserts.
const AT_ONCE: usize = 24;

macro_rules! insert {
    ($c:ident, $table:ident, $rows:expr) => {{
        let (many, rest) = $rows.as_chunks::<AT_ONCE>();
        for rows in many {
            diesel::insert_into($table::table).values(rows).execute($c)?;
        }
        for row in rest {
            diesel::insert_into($table::table).values(row).execute($c)?;
        }
    }};
}

macro_rules! copy_in {
    ($c:ident, $table:ident, $rows:expr) => {
        if !$rows.is_empty() {
            diesel::copy_from($table::table).from_insertable(&$rows).execute($c)?;
        }
    };
}

tables! {
    parts {
        petitions: Petition in petition of id,
        contents: Content in petition_content of petition_id,
        facts: Fact in petition_fact of petition_id,
        parties: Party in party of petition_id,
        external_numbers: ExternalNumberRow in external_number of petition_id,
        bars: Bar in petition_bar of petition_id,
        notes: Note in note of petition_id,
        notices: Notice in notice of petition_id,
        referrals: Referral in referral of petition_id,
        objections: Objection in objection of petition_id,
        reports: Report in referral_report of petition_id,
        acceptances: Acceptance in acceptance of petition_id,
        extensions: Extension in extension of petition_id,
        assistance: Assistance in assistance of petition_id,
        contacts: Contact in contact of petition_id,
        hearings: Hearing in hearing of petition_id,
        mediations: Mediation in mediation of petition_id,
        instructions: Instruction in instruction of petition_id,
        leader_cases: LeaderCase in leader_case of petition_id,
        belongings: Belonging in policy_issue_petition of petition_id,
        opinions: Opinion in opinion of petition_id,
        reviews: Review in review of petition_id,
        deliveries: Delivery in delivery of petition_id,
        evaluations: Evaluation in evaluation of petition_id,
        closures: Closure in closure of petition_id,
        executions: Execution in execution of petition_id,
        urgent_reports: UrgentReport in urgent_report of petition_id,
        heirs_inquiries: HeirsInquiry in heirs_inquiry of petition_id,
        supervisions: Supervision in supervision of petition_id,
        clocks: Clock in clock of subject_id,
    }
    trail {
        events: Event in event,
        sealed: EventSealed in event_sealed,
        order: EventOrder in event_order,
    }
}

/// The office without its trail.
pub(super) struct Office {
    units: Vec<Unit>,
    links: Vec<Link>,
    categories: Vec<Category>,
    contact_lines: Vec<ContactLine>,
    policy_issues: Vec<PolicyIssue>,
    accounts: Vec<Account>,
    roles: Vec<AccountRole>,
    calendars: Vec<CalendarRow>,
    calendar_versions: Vec<VersionRow>,
    profiles: Vec<ProfileRow>,
    profile_versions: Vec<ProfileVersionRow>,
    /// What tells the state of all versions.
    digests: (Vec<u8>, Vec<u8>),
    /// The same made ready.
    pub(super) timetable: Arc<Timetable>,
}

impl Office {
    fn load(c: &mut Conn) -> Result<Self> {
        // in the order of making: a parent stands before what is below it
        Ok(Self {
            units: unit::table.order(unit::id).load(c)?,
            links: unit_closure::table.load(c)?,
            categories: category::table.order(category::id).load(c)?,
            contact_lines: contact_line::table.order(contact_line::id).load(c)?,
            policy_issues: policy_issue::table.order(policy_issue::id).load(c)?,
            accounts: account::table.order(account::id).load(c)?,
            roles: account_role::table.load(c)?,
            calendars: calendar::table.load(c)?,
            calendar_versions: calendar_version::table.load(c)?,
            profiles: profile::table.load(c)?,
            profile_versions: profile_version::table.load(c)?,
            digests: timetable::table.select((timetable::calendars, timetable::profiles)).first(c)?,
            timetable: Timetable::current(c)?,
        })
    }

    /// The ids that stay what they are in every copy.
    pub(super) fn ids(&self) -> HashSet<Id> {
        let units = self.units.iter().map(|u| u.id);
        let people = units.chain(self.categories.iter().map(|k| k.id)).chain(self.accounts.iter().map(|a| a.id));
        let people = people.chain(self.contact_lines.iter().map(|line| line.id)).chain(self.policy_issues.iter().map(|issue| issue.id));
        people.chain(self.calendars.iter().map(|c| c.id)).chain(self.profiles.iter().map(|p| p.id)).collect()
    }

    /// Inserts it.
    pub(super) fn insert(&self, c: &mut Conn) -> Result<()> {
        for row in &self.units {
            diesel::insert_into(unit::table).values(row).execute(c)?;
        }
        for row in &self.links {
            diesel::insert_into(unit_closure::table).values(row).execute(c)?;
        }
        for row in &self.categories {
            diesel::insert_into(category::table).values(row).execute(c)?;
        }
        for row in &self.contact_lines {
            diesel::insert_into(contact_line::table).values(row).execute(c)?;
        }
        for row in &self.accounts {
            diesel::insert_into(account::table).values(row).execute(c)?;
        }
        for row in &self.policy_issues {
            diesel::insert_into(policy_issue::table).values(row).execute(c)?;
        }
        for row in &self.roles {
            diesel::insert_into(account_role::table).values(row).execute(c)?;
        }
        for row in &self.calendars {
            diesel::insert_into(calendar::table).values(row).execute(c)?;
        }
        for row in &self.calendar_versions {
            diesel::insert_into(calendar_version::table).values(row).execute(c)?;
        }
        for row in &self.profiles {
            diesel::insert_into(profile::table).values(row).execute(c)?;
        }
        for row in &self.profile_versions {
            diesel::insert_into(profile_version::table).values(row).execute(c)?;
        }
        let (calendars, profiles) = &self.digests;
        diesel::update(timetable::table).set((timetable::calendars.eq(calendars), timetable::profiles.eq(profiles))).execute(c)?;
        Ok(())
    }
}

/// Everything the sample office holds. Refuses it when a table has rows that would not be copied: the seeder is older than the schema.
pub(super) fn load(c: &mut Conn) -> Result<(Office, Rows)> {
    let (office, rows) = (Office::load(c)?, Rows::load(c)?);
    let counts = rows.counts();
    for (table, found) in filled_tables(c)? {
        let copied = counts.get(table.as_str()).is_some_and(|read| i64::try_from(*read) == Ok(found));
        if !copied && !NOT_COPIED.contains(&table.as_str()) {
            return Err(Error::internal(format!("the sample office has {found} rows in `{table}`, which the seeder does not copy")));
        }
    }
    Ok((office, rows))
}

/// In the database's own words: who seeds a database is at the machine, and can mend it.
pub(super) fn in_its_words(e: diesel::result::Error) -> Error {
    Error::internal(e.to_string())
}

#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// The tables that have rows, and how many.
pub(super) fn filled_tables(c: &mut Conn) -> Result<Vec<(String, i64)>> {
    let all = match c {
        Conn::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
        Conn::Pg(_) => "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1",
    };
    let all: Vec<Named> = diesel::sql_query(all).load(c)?;
    let mut filled = Vec::new();
    for Named { name } in all {
        let quoted = name.replace('"', "\"\"");
        let n: Counted = diesel::sql_query(format!("SELECT count(*) AS n FROM \"{quoted}\"")).get_result(c)?;
        if n.n > 0 {
            filled.push((name, n.n));
        }
    }
    Ok(filled)
}
