//! Events, and who looked.

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
    event_order (position) {
        position -> BigInt,
        event_id -> DbUuid,
    }
}

table! {
    event_pending (place) {
        place -> BigInt,
        event_id -> DbUuid,
    }
}
