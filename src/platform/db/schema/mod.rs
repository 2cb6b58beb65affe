//! Every table, as both engines see it. Column order is the migrations' order: rows are read by position.
#![allow(missing_docs)] // the migrations say what each table is for

macro_rules! table {
    ($($body:tt)*) => {
        diesel::table! {
            use crate::platform::db::types::{DbTime, DbUuid};
            use diesel::sql_types::*;
            $($body)*
        }
    };
}

mod care;
mod files;
mod imports;
mod offices;
mod people;
mod petitions;
mod procedures;
mod trails;

pub use care::*;
pub use files::*;
pub use imports::*;
pub use offices::*;
pub use people::*;
pub use petitions::*;
pub use procedures::*;
pub use trails::*;

diesel::allow_tables_to_appear_in_same_query! {
    data_key, unit, unit_closure, category, contact_line, account, account_role, refresh_token, calendar, calendar_version, profile, profile_version, timetable, job, import_part, import_fault, import_claim, ledger_entry, idempotency, petition, petition_content, petition_fact, party, external_number, petition_bar, petition_grant, assistance, note, notice, instruction, leader_case, policy_issue, policy_issue_petition, reception_day, reception_booking, contact, hearing, mediation, referral, review, objection, referral_report, acceptance, extension, execution, urgent_report, heirs_inquiry, opinion, delivery, evaluation, closure, clock, supervision, access_log, access_failure, retiree, retiree_phone, retiree_unit, retiree_relative, retiree_spelling, spelling_progress, attachment_content, attachment_upload, attachment, visit_task, visit, visit_petition, visit_planning, care_file, event, event_sealed, event_order, event_pending
}

diesel::joinable!(petition_content -> petition (petition_id));
diesel::joinable!(petition_fact -> petition (petition_id));
diesel::joinable!(leader_case -> petition (petition_id));
diesel::joinable!(policy_issue_petition -> petition (petition_id));
diesel::joinable!(evaluation -> petition (petition_id));
diesel::joinable!(account_role -> account (account_id));
diesel::joinable!(calendar_version -> calendar (calendar_id));
diesel::joinable!(profile_version -> profile (profile_id));
diesel::joinable!(attachment -> attachment_content (sha256));
diesel::joinable!(clock -> petition (subject_id));
diesel::joinable!(objection -> referral (referral_id));
diesel::joinable!(referral_report -> referral (referral_id));

// a policy issue's petitions are counted by where they stand
diesel::allow_columns_to_appear_in_same_group_by_clause!(policy_issue_petition::policy_issue_id, petition::stage);
