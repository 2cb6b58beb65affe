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

table! {
    data_key (key_id) {
        key_id -> Integer,
        purpose -> Text,
        wrapped -> Binary,
        created_at -> DbTime,
        retired_at -> Nullable<DbTime>,
    }
}

table! {
    unit (id) {
        id -> DbUuid,
        code -> Text,
        name -> Text,
        kind -> Text,
        external -> Bool,
        parent_id -> Nullable<DbUuid>,
        successor_id -> Nullable<DbUuid>,
        review_unit_id -> Nullable<DbUuid>,
        valid_from -> Date,
        dissolved_on -> Nullable<Date>,
        version -> BigInt,
        event_n -> BigInt,
        event_hash -> Binary,
    }
}

table! {
    unit_closure (ancestor_id, descendant_id) {
        ancestor_id -> DbUuid,
        descendant_id -> DbUuid,
        depth -> Integer,
    }
}

table! {
    category (id) {
        id -> DbUuid,
        code -> Text,
        name -> Text,
        name_en -> Text,
        parent -> Nullable<Text>,
        unit_kind -> Nullable<Text>,
        petition_kind -> Nullable<Text>,
        position -> Integer,
        closed_on -> Nullable<Date>,
        version -> BigInt,
        event_n -> BigInt,
        event_hash -> Binary,
    }
}

table! {
    account (id) {
        id -> DbUuid,
        username -> Text,
        name -> Text,
        unit_id -> DbUuid,
        status -> Text,
        password_hash -> Text,
        created_at -> DbTime,
        version -> BigInt,
        event_n -> BigInt,
        event_hash -> Binary,
    }
}

table! {
    account_role (account_id, role) {
        account_id -> DbUuid,
        role -> Text,
    }
}

table! {
    refresh_token (id) {
        id -> DbUuid,
        family_id -> DbUuid,
        account_id -> DbUuid,
        token_mac -> Binary,
        client -> Binary,
        issued_at -> DbTime,
        expires_at -> DbTime,
        replaced_at -> Nullable<DbTime>,
        successor -> Nullable<Binary>,
        revoked_at -> Nullable<DbTime>,
    }
}

table! {
    access_log (id) {
        id -> DbUuid,
        at -> DbTime,
        kind -> Text,
        outcome -> Text,
        account_id -> Nullable<DbUuid>,
        subject_id -> Nullable<DbUuid>,
        address -> Text,
        request_id -> Text,
        detail -> Nullable<Text>,
    }
}

table! {
    access_failure (minute, address) {
        minute -> DbTime,
        address -> Text,
        failures -> BigInt,
    }
}

table! {
    petition (id) {
        id -> DbUuid,
        n -> BigInt,
        number -> Text,
        kind -> Text,
        channel -> Text,
        stage -> Text,
        category -> Text,
        registered_unit -> DbUuid,
        registered_by -> DbUuid,
        sending_unit -> DbUuid,
        lead_unit -> Nullable<DbUuid>,
        review_unit -> Nullable<DbUuid>,
        restricted -> Bool,
        barred -> Bool,
        urgent -> Bool,
        simplified -> Bool,
        first_here -> Bool,
        matter_id -> DbUuid,
        repeat_of -> Nullable<DbUuid>,
        received_at -> DbTime,
        registered_at -> DbTime,
        registered_day -> Date,
        closed_at -> Nullable<DbTime>,
        closure_reason -> Nullable<Text>,
        sort_due -> DbTime,
        priority_rank -> SmallInt,
        facts -> Text,
        version -> BigInt,
        event_n -> BigInt,
        event_hash -> Binary,
    }
}

table! {
    petition_content (petition_id) {
        petition_id -> DbUuid,
        title -> Text,
        statement -> Text,
        purpose -> Nullable<Text>,
        matter_place -> Nullable<Text>,
        intake_place -> Nullable<Text>,
        occurred_at -> Nullable<DbTime>,
        captured_at -> Nullable<DbTime>,
        backdating_reason -> Nullable<Text>,
        anonymous -> Bool,
        joint -> Bool,
        litigation_related -> Bool,
        wants_visit -> Bool,
        persons -> Integer,
        affected -> Nullable<Integer>,
        subject_name -> Nullable<Text>,
        subject_unit_id -> Nullable<DbUuid>,
        subject_staff_id -> Nullable<DbUuid>,
        repeat_no -> Integer,
        priority_reasons -> Text,
        query_code_mac -> Binary,
    }
}

table! {
    petition_fact (petition_id) {
        petition_id -> DbUuid,
        registered_day -> Date,
        received_day -> Date,
        closed_day -> Nullable<Date>,
        closure_reason -> Nullable<Text>,
        voided -> Bool,
        kind -> Text,
        channel -> Text,
        category -> Text,
        registered_unit -> DbUuid,
        lead_unit -> Nullable<DbUuid>,
        first_here -> Bool,
        litigation_related -> Bool,
        joint -> Bool,
        persons -> Integer,
        age_band -> Nullable<Text>,
        sex -> Nullable<Text>,
        living -> Nullable<Text>,
    }
}

table! {
    party (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        n -> Integer,
        role -> Text,
        name -> Text,
        name_folded -> Text,
        name_pinyin -> Text,
        name_initials -> Text,
        retiree_id -> Nullable<DbUuid>,
        sex -> Nullable<Text>,
        birth_date -> Nullable<Date>,
        identity_number -> Nullable<Binary>,
        identity_hash -> Nullable<Binary>,
        phone -> Nullable<Binary>,
        phone_hash -> Nullable<Binary>,
        address -> Nullable<Binary>,
        relation -> Nullable<Text>,
        authority -> Nullable<Text>,
        authority_expires_on -> Nullable<Date>,
        status -> Text,
        ended_at -> Nullable<DbTime>,
        ended_reason -> Nullable<Text>,
    }
}

table! {
    external_number (petition_id, issuer, number) {
        petition_id -> DbUuid,
        issuer -> Text,
        number -> Text,
    }
}

table! {
    petition_bar (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        reason -> Text,
        unit_id -> Nullable<DbUuid>,
        account_id -> Nullable<DbUuid>,
    }
}

table! {
    petition_grant (petition_id, account_id) {
        petition_id -> DbUuid,
        account_id -> DbUuid,
        granted_by -> DbUuid,
        granted_at -> DbTime,
    }
}

table! {
    assistance (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        unit_id -> DbUuid,
        mandatory -> Bool,
        question -> Text,
        due_on -> Nullable<Date>,
        asked_at -> DbTime,
        asked_by -> DbUuid,
        state -> Text,
        answer -> Nullable<Text>,
        closed_at -> Nullable<DbTime>,
        closed_by -> Nullable<DbUuid>,
    }
}

table! {
    note (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        text -> Text,
        written_at -> DbTime,
        written_by -> DbUuid,
    }
}

table! {
    notice (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        kind -> Text,
        method -> Nullable<Text>,
        text -> Text,
        unit_id -> DbUuid,
        issued_at -> DbTime,
        issued_by -> DbUuid,
    }
}

table! {
    referral (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        mode -> Text,
        from_unit -> DbUuid,
        unit_id -> DbUuid,
        report_due -> Nullable<Date>,
        note -> Nullable<Text>,
        state -> Text,
        referred_at -> DbTime,
        referred_by -> DbUuid,
        ended_at -> Nullable<DbTime>,
    }
}

table! {
    acceptance (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        unit_id -> DbUuid,
        referral_id -> Nullable<DbUuid>,
        route -> Nullable<SmallInt>,
        accepted_at -> DbTime,
        accepted_by -> DbUuid,
    }
}

table! {
    opinion (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        opinion_version -> Integer,
        round -> Integer,
        outcome -> Nullable<Text>,
        adoption -> Nullable<Text>,
        facts -> Nullable<Text>,
        words -> Text,
        legal_basis -> Nullable<Text>,
        execution_due -> Nullable<Date>,
        correction_reason -> Nullable<Text>,
        unit_id -> DbUuid,
        issued_at -> DbTime,
        issued_by -> DbUuid,
    }
}

table! {
    delivery (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        opinion_id -> DbUuid,
        method -> Text,
        receipt -> Text,
        recipient -> Nullable<Text>,
        witness -> Nullable<Text>,
        delivered_at -> DbTime,
        recorded_at -> DbTime,
        recorded_by -> DbUuid,
    }
}

table! {
    evaluation (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        object -> Text,
        score -> Text,
        reason -> Nullable<Text>,
        channel -> Text,
        changes -> Integer,
        evaluated_at -> DbTime,
        evaluated_day -> Date,
        recorded_by -> DbUuid,
    }
}

table! {
    closure (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        reason -> Text,
        basis -> Nullable<Text>,
        closed_from -> Text,
        route -> Nullable<SmallInt>,
        note -> Nullable<Text>,
        closed_at -> DbTime,
        closed_by -> Nullable<DbUuid>,
    }
}

table! {
    clock (id) {
        id -> DbUuid,
        subject_kind -> Text,
        subject_id -> DbUuid,
        kind -> Text,
        unit_id -> Nullable<DbUuid>,
        state -> Text,
        cause -> Nullable<Text>,
        profile -> Text,
        profile_version -> Integer,
        calendar -> Text,
        calendar_version -> Integer,
        provisional -> Bool,
        limit_amount -> Integer,
        limit_unit -> Text,
        started_at -> DbTime,
        started_by -> DbUuid,
        warn_at -> DbTime,
        warned -> Bool,
        due_on -> Date,
        due_at -> DbTime,
        target_at -> Nullable<DbTime>,
        paused_at -> Nullable<DbTime>,
        paused_reason -> Nullable<Text>,
        paused_days -> Integer,
        extended_days -> Integer,
        stopped_at -> Nullable<DbTime>,
        stopped_by -> Nullable<DbUuid>,
        restored_from -> Nullable<DbUuid>,
    }
}

table! {
    event (id) {
        id -> DbUuid,
        subject_kind -> Text,
        subject_id -> DbUuid,
        subject_n -> BigInt,
        format -> SmallInt,
        act -> Text,
        at -> DbTime,
        claimed_at -> Nullable<DbTime>,
        actor_id -> Nullable<DbUuid>,
        actor_role -> Text,
        on_behalf_of -> Nullable<DbUuid>,
        request_id -> Text,
        client -> Nullable<Text>,
        body -> Text,
        sealed_hash -> Nullable<Binary>,
        prev_hash -> Binary,
        hash -> Binary,
    }
}

table! {
    event_sealed (event_id) {
        event_id -> DbUuid,
        salt -> Binary,
        content -> Binary,
    }
}

table! {
    event_pending (event_id) {
        event_id -> DbUuid,
    }
}

table! {
    idempotency (caller_id, key_hash) {
        caller_id -> DbUuid,
        key_hash -> Binary,
        fingerprint -> Binary,
        answer -> Binary,
        expires_at -> DbTime,
    }
}

diesel::allow_tables_to_appear_in_same_query! {
    data_key, unit, unit_closure, category, account, account_role, refresh_token, access_log, access_failure, petition, petition_content,
    petition_fact, party, external_number, petition_bar, petition_grant, assistance, note, notice, referral, acceptance, opinion,
    delivery, evaluation, closure, clock, event, event_sealed, event_pending, idempotency
}

diesel::joinable!(petition_content -> petition (petition_id));
diesel::joinable!(petition_fact -> petition (petition_id));
diesel::joinable!(evaluation -> petition (petition_id));
diesel::joinable!(account_role -> account (account_id));
