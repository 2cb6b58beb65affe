//! Which permission each operation asks for that is no act on one petition; the document names its roles from here.

use crate::auth::{Permission, Roles, document};
use crate::petition::Act;
use utoipa::openapi::OpenApi;

/// What an operation asks for.
enum Asked {
    /// A permission.
    Holding(Permission),
    /// The same as an act.
    Doing(Act),
}
use Asked::{Doing, Holding};

/// Methods, the start of the path below `/api/v1`, what is asked for, over what. The first that fits holds.
const TABLE: &[(&[&str], &str, Asked, &str)] = &[
    (READ, "/petitions/{petition_id}/events", Holding(Permission::ReadEvents), IN_SIGHT),
    (READ, "/petitions", Holding(Permission::ReadPetitions), IN_SIGHT),
    (READ, "/search", Holding(Permission::ReadPetitions), IN_SIGHT),
    (READ, "/worklist", Holding(Permission::ReadPetitions), IN_SIGHT),
    (READ, "/clocks", Holding(Permission::ReadPetitions), IN_SIGHT),
    (
        READ,
        "/policy-issues",
        Holding(Permission::ReadPetitions),
        "Scope: whole; how many petitions belong to each is counted over what the caller may see.",
    ),
    (WRITE, "/policy-issues", Holding(Permission::KeepPolicyIssues), WHOLE),
    (READ, "/reception-days/{reception_day_id}/bookings", Holding(Permission::ReadBookings), WHOLE),
    (WRITE, "/reception-days/{reception_day_id}/bookings", Holding(Permission::BookReceptionDays), WHOLE),
    (WRITE, "/reception-days/{reception_day_id}/visits", Doing(Act::Register), "Who may — registering office."),
    (READ, "/reception-days", Holding(Permission::ReadOffice), WHOLE),
    (WRITE, "/reception-days", Holding(Permission::KeepReceptionDays), WHOLE),
    (READ, "/leader-cases", Holding(Permission::ReadPetitions), IN_SIGHT),
    (WRITE, "/petitions/candidates", Doing(Act::Register), IN_SIGHT),
    (WRITE, "/petitions/batch", Doing(Act::Register), "Who may — registering office."),
    (READ, "/statistics/visits", Holding(Permission::ReadStatistics), IN_CARE),
    (READ, "/statistics", Holding(Permission::ReadStatistics), "Scope: counted are the petitions in the caller's sight."),
    (READ, "/visit-tasks", Holding(Permission::ReadRetirees), IN_CARE),
    (WRITE, "/visit-tasks", Holding(Permission::KeepVisits), IN_CARE),
    (BOTH, "/retirees/{retiree_id}/care-file", Holding(Permission::KeepCareFiles), LOOKED_AFTER),
    (READ, "/retirees", Holding(Permission::ReadRetirees), IN_REACH),
    (WRITE, "/retirees", Holding(Permission::KeepRetirees), IN_REACH),
    (WRITE, "/imports", Holding(Permission::ImportRecords), "Scope: for supervisors of the office's own top unit alone."),
    (READ, "/units", Holding(Permission::ReadOffice), WHOLE),
    (WRITE, "/units", Holding(Permission::AdministerUnits), WHOLE),
    (READ, "/categories", Holding(Permission::ReadOffice), WHOLE),
    (WRITE, "/categories", Holding(Permission::AdministerCategories), WHOLE),
    (READ, "/contact-lines", Holding(Permission::ReadOffice), WHOLE),
    (WRITE, "/contact-lines", Holding(Permission::AdministerContactLines), WHOLE),
    (READ, "/calendars", Holding(Permission::ReadOffice), WHOLE),
    (WRITE, "/calendars", Holding(Permission::AdministerCalendars), WHOLE),
    (READ, "/profiles", Holding(Permission::ReadOffice), WHOLE),
    (WRITE, "/profiles", Holding(Permission::AdministerProfiles), WHOLE),
    (READ, "/jobs", Holding(Permission::ReadSelf), "Scope: what the caller asked for; for administrators all."),
    (READ, "/staff", Holding(Permission::ReadStaff), WHOLE),
    (WRITE, "/staff", Holding(Permission::AdministerStaff), WHOLE),
    (READ, "/me", Holding(Permission::ReadSelf), "Scope: the caller."),
];
const BOTH: &[&str] = &["GET", "PUT"];
const READ: &[&str] = &["GET"];
const WRITE: &[&str] = &["POST", "PUT", "PATCH", "DELETE"];
const IN_SIGHT: &str = "Scope: petitions in the caller's sight; all others are as if they did not exist.";
const IN_REACH: &str = "Scope: for receptionists, leaders and the supervisors of the office's own top unit all retirees, for others those of their unit or one below it and those they are liaison officer of; all others are as if they did not exist.";
const IN_CARE: &str = "Scope: for receptionists, leaders and the supervisors of the office's own top unit all visits, for others those of their unit or one below it and those given to them; all others are as if they did not exist.";
const LOOKED_AFTER: &str = "Scope: the file of whom the caller is liaison officer of; for supervisors of all retirees in their reach; all others are as if they did not exist.";
const WHOLE: &str = "Scope: the whole office.";

/// Names the roles of every operation that has none yet.
pub(super) fn name_roles(doc: &mut OpenApi) {
    for (path, item) in &mut doc.paths.paths {
        let Some(below) = path.strip_prefix("/api/v1") else { continue };
        let operations = [
            ("GET", &mut item.get),
            ("POST", &mut item.post),
            ("PUT", &mut item.put),
            ("PATCH", &mut item.patch),
            ("DELETE", &mut item.delete),
        ];
        for (method, operation) in operations {
            let row = TABLE.iter().find(|(methods, start, ..)| methods.contains(&method) && below.starts_with(start));
            if let (Some(operation), Some((_, _, asked, scope))) = (operation, row)
                && operation.extensions.is_none()
            {
                document::say(operation, roles(asked), scope);
            }
        }
    }
}

fn roles(asked: &Asked) -> Roles {
    match asked {
        Holding(permission) => permission.roles(),
        Doing(act) => act.row().roles(),
    }
}
