//! Files on their way in: what was read of them, and what is wrong with them; what came of the ledgers among them.

table! {
    import_part (job_id, n) {
        job_id -> DbUuid,
        n -> BigInt,
        content -> Binary,
    }
}

table! {
    import_fault (job_id, n) {
        job_id -> DbUuid,
        n -> BigInt,
        line -> BigInt,
        column_name -> Nullable<Text>,
        code -> Text,
        args -> Text,
    }
}

table! {
    import_claim (job_id, retiree_id) {
        job_id -> DbUuid,
        retiree_id -> DbUuid,
        line -> BigInt,
    }
}

table! {
    ledger_entry (id) {
        id -> DbUuid,
        issuer -> Text,
        number -> Text,
        petition_id -> Nullable<DbUuid>,
        kind -> Text,
        channel -> Text,
        category -> Text,
        received_on -> Date,
        closed_on -> Nullable<Date>,
        identity_hash -> Nullable<Binary>,
        content -> Binary,
        digest -> Binary,
        entered_by -> DbUuid,
        entered_at -> DbTime,
        event_n -> BigInt,
        event_hash -> Binary,
    }
}
