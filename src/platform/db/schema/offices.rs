//! What the office is and how it works: units, accounts, calendars, profiles, jobs.

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
    contact_line (id) {
        id -> DbUuid,
        unit_id -> DbUuid,
        kind -> Text,
        name -> Text,
        phone -> Text,
        address -> Nullable<Text>,
        note -> Nullable<Text>,
        position -> Integer,
        in_use -> Bool,
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
    calendar (id) {
        id -> DbUuid,
        code -> Text,
        name -> Text,
        newest -> Integer,
        version -> BigInt,
        event_n -> BigInt,
        event_hash -> Binary,
    }
}

table! {
    calendar_version (calendar_id, n) {
        calendar_id -> DbUuid,
        n -> Integer,
        document -> Text,
        digest -> Binary,
        published_at -> DbTime,
        published_by -> Nullable<DbUuid>,
    }
}

table! {
    profile (id) {
        id -> DbUuid,
        code -> Text,
        name -> Text,
        newest -> Integer,
        version -> BigInt,
        event_n -> BigInt,
        event_hash -> Binary,
    }
}

table! {
    profile_version (profile_id, n) {
        profile_id -> DbUuid,
        n -> Integer,
        valid_from -> Date,
        document -> Text,
        digest -> Binary,
        published_at -> DbTime,
        published_by -> Nullable<DbUuid>,
    }
}

table! {
    timetable (one) {
        one -> SmallInt,
        calendars -> Binary,
        profiles -> Binary,
    }
}

table! {
    job (id) {
        id -> DbUuid,
        kind -> Text,
        state -> Text,
        task -> Text,
        reached -> Nullable<Text>,
        done -> BigInt,
        total -> Nullable<BigInt>,
        result -> Nullable<Text>,
        requested_by -> DbUuid,
        requested_at -> DbTime,
        leased_until_at -> DbTime,
        finished_at -> Nullable<DbTime>,
        expires_at -> Nullable<DbTime>,
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
