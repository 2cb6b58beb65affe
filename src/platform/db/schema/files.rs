//! Files: contents in the object store, and what they are enclosed with.

table! {
    attachment_content (sha256) {
        sha256 -> Binary,
        object_id -> DbUuid,
        size -> BigInt,
        media_type -> Text,
        thumbnail -> Bool,
        stored_at -> DbTime,
    }
}

table! {
    attachment_upload (object_id) {
        object_id -> DbUuid,
        begun_at -> DbTime,
    }
}

table! {
    attachment (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        about -> Text,
        about_id -> Nullable<DbUuid>,
        name -> Text,
        sha256 -> Binary,
        added_at -> DbTime,
        added_by -> DbUuid,
    }
}
