//! The petition itself, its people and words.

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
        sort_yellow -> DbTime,
        work_unit -> Nullable<DbUuid>,
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
        read_back -> Nullable<Bool>,
        read_back_at -> Nullable<DbTime>,
        read_back_by -> Nullable<DbUuid>,
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
        anonymous -> Bool,
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
        own_will_confirmed_at -> Nullable<DbTime>,
        own_will_how -> Nullable<Text>,
        own_will_by -> Nullable<DbUuid>,
        own_will_note -> Nullable<Text>,
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
        note -> Nullable<Text>,
        recused_at -> Nullable<DbTime>,
        recused_by -> Nullable<DbUuid>,
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
        captured_at -> Nullable<DbTime>,
    }
}
