//! Files on their way in: what was read of them, and what is wrong with them.

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
