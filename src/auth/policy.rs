//! Who may read and administer. Acts on petitions are in `petition`'s stage table.

use super::model::{Actor, Role, Roles};
use crate::platform::error::{Error, Result};
use crate::platform::web::codes;

/// Something a caller may be permitted beyond the acts on petitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Read petitions, their parts, lists: those in the caller's scope. Files enclosed are opened by who sees the numbers of the petition's
    /// people; by others only what was answered.
    ReadPetitions,
    /// Read the trail of a petition.
    ReadEvents,
    /// Read statistics over what the caller may see.
    ReadStatistics,
    /// Read units, categories, contact lines, calendars and profiles.
    ReadOffice,
    /// Read staff accounts.
    ReadStaff,
    /// Create, change, move, dissolve units.
    AdministerUnits,
    /// Create, change, close categories.
    AdministerCategories,
    /// Create and change the telephone lines that cards and receipts print.
    AdministerContactLines,
    /// Publish versions of working calendars.
    AdministerCalendars,
    /// Publish versions of procedure profiles.
    AdministerProfiles,
    /// Create and change accounts.
    AdministerStaff,
    /// Read profiles of retirees: those in the caller's reach.
    ReadRetirees,
    /// Keep profiles of retirees, their numbers in the open.
    KeepRetirees,
    /// Open and assign visits that are owed, record those made.
    KeepVisits,
    /// Read and write care files: of those the caller looks after, and for supervisors of those in their reach.
    KeepCareFiles,
    /// Open and decide policy issues.
    KeepPolicyIssues,
    /// Publish reception days, change and cancel them.
    KeepReceptionDays,
    /// Book places of reception days, and cancel bookings.
    BookReceptionDays,
    /// See who has booked.
    ReadBookings,
    /// Bring in rosters from files; of those who have it, who reaches every profile with its numbers.
    ImportRecords,
    /// Read one's own account.
    ReadSelf,
}

impl Permission {
    /// Every permission, in the order of the golden file.
    pub const ALL: [Self; 21] = [
        Self::ReadPetitions,
        Self::ReadEvents,
        Self::ReadStatistics,
        Self::ReadOffice,
        Self::ReadStaff,
        Self::AdministerUnits,
        Self::AdministerCategories,
        Self::AdministerContactLines,
        Self::AdministerCalendars,
        Self::AdministerProfiles,
        Self::AdministerStaff,
        Self::ReadRetirees,
        Self::KeepRetirees,
        Self::KeepVisits,
        Self::KeepCareFiles,
        Self::KeepPolicyIssues,
        Self::KeepReceptionDays,
        Self::BookReceptionDays,
        Self::ReadBookings,
        Self::ImportRecords,
        Self::ReadSelf,
    ];

    /// Its name in the golden file and the document.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadPetitions => "read_petitions",
            Self::ReadEvents => "read_events",
            Self::ReadStatistics => "read_statistics",
            Self::ReadOffice => "read_office",
            Self::ReadStaff => "read_staff",
            Self::AdministerUnits => "administer_units",
            Self::AdministerCategories => "administer_categories",
            Self::AdministerContactLines => "administer_contact_lines",
            Self::AdministerCalendars => "administer_calendars",
            Self::AdministerProfiles => "administer_profiles",
            Self::AdministerStaff => "administer_staff",
            Self::ReadRetirees => "read_retirees",
            Self::KeepRetirees => "keep_retirees",
            Self::KeepVisits => "keep_visits",
            Self::KeepCareFiles => "keep_care_files",
            Self::KeepPolicyIssues => "keep_policy_issues",
            Self::KeepReceptionDays => "keep_reception_days",
            Self::BookReceptionDays => "book_reception_days",
            Self::ReadBookings => "read_bookings",
            Self::ImportRecords => "import_records",
            Self::ReadSelf => "read_self",
        }
    }

    /// The roles that have it.
    pub const fn roles(self) -> Roles {
        use Role::{Administrator, Auditor, Leader, Officer, Receptionist, Supervisor, UnitHead};
        match self {
            Self::ReadPetitions | Self::ReadEvents => Roles::of(&[Receptionist, Officer, UnitHead, Supervisor, Leader]),
            Self::ReadStatistics | Self::ReadRetirees => Roles::of(&[Receptionist, Officer, UnitHead, Supervisor, Leader]),
            Self::ReadOffice | Self::ReadSelf => Roles::of(&[Receptionist, Officer, UnitHead, Supervisor, Leader, Auditor, Administrator]),
            Self::KeepRetirees => Roles::of(&[Receptionist, Officer, Supervisor]),
            Self::KeepVisits => Roles::of(&[Receptionist, Officer, UnitHead, Supervisor]),
            Self::KeepCareFiles => Roles::of(&[Officer, Supervisor]),
            Self::KeepPolicyIssues | Self::KeepReceptionDays | Self::ImportRecords => Roles::of(&[Supervisor]),
            Self::BookReceptionDays => Roles::of(&[Receptionist, Supervisor]),
            Self::ReadBookings => Roles::of(&[Receptionist, Supervisor, Leader]),
            Self::ReadStaff => Roles::of(&[Supervisor, Leader, Auditor, Administrator]),
            Self::AdministerUnits
            | Self::AdministerCategories
            | Self::AdministerContactLines
            | Self::AdministerCalendars
            | Self::AdministerProfiles
            | Self::AdministerStaff => Roles::of(&[Administrator]),
        }
    }
}

impl Actor {
    /// Refuses a caller none of whose roles is among `permitted`.
    ///
    /// # Errors
    /// Forbidden.
    pub fn require(&self, permitted: Roles) -> Result<()> {
        if self.roles.meets(permitted) { Ok(()) } else { Err(Error::Forbidden(codes::NOT_PERMITTED)) }
    }
}
