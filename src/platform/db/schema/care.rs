//! Visits owed and made, and the care file.

table! {
    visit_task (id) {
        id -> DbUuid,
        retiree_id -> Nullable<DbUuid>,
        name -> Text,
        reason -> Text,
        occasion -> Text,
        petition_id -> Nullable<DbUuid>,
        opens_on -> Date,
        due_on -> Date,
        due_at -> DbTime,
        provisional -> Bool,
        unit_id -> Nullable<DbUuid>,
        assignee -> Nullable<DbUuid>,
        state -> Text,
        late -> Bool,
        breached_at -> Nullable<DbTime>,
        note -> Nullable<Binary>,
        opened_at -> DbTime,
        opened_by -> Nullable<DbUuid>,
        ended_at -> Nullable<DbTime>,
        ended_by -> Nullable<DbUuid>,
        cancelled_for -> Nullable<Text>,
        version -> BigInt,
        event_n -> BigInt,
        event_hash -> Binary,
        merged_from -> Nullable<DbUuid>,
    }
}

table! {
    visit (id) {
        id -> DbUuid,
        task_id -> DbUuid,
        made_at -> DbTime,
        made_by -> DbUuid,
        place -> Text,
        report -> Binary,
        captured_at -> Nullable<DbTime>,
        recorded_at -> DbTime,
        recorded_by -> DbUuid,
    }
}

table! {
    visit_petition (visit_id, n) {
        visit_id -> DbUuid,
        n -> Integer,
        petition_id -> DbUuid,
    }
}

table! {
    visit_planning (id) {
        id -> Integer,
        day -> Date,
        after_id -> DbUuid,
        done -> Bool,
    }
}

table! {
    care_file (retiree_id, n) {
        retiree_id -> DbUuid,
        n -> Integer,
        content -> Binary,
        purpose -> Text,
        written_at -> DbTime,
        written_by -> DbUuid,
    }
}
