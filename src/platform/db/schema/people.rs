//! Who the office works for: profiles of retirees.

table! {
    retiree (id) {
        id -> DbUuid,
        name -> Text,
        name_folded -> Text,
        name_pinyin -> Text,
        name_initials -> Text,
        category -> Text,
        status -> Text,
        sex -> Nullable<Text>,
        birth_date -> Nullable<Date>,
        identity_number -> Nullable<Binary>,
        identity_hash -> Nullable<Binary>,
        address -> Nullable<Binary>,
        rank_band -> Nullable<Text>,
        residence_region -> Nullable<Text>,
        living_situation -> Nullable<Text>,
        mobility -> Nullable<Text>,
        hearing_impaired -> Bool,
        vision_impaired -> Bool,
        disability -> Bool,
        in_hospital -> Bool,
        preferred_contact -> Nullable<Text>,
        liaison_officer -> Nullable<DbUuid>,
        party_branch -> Nullable<Text>,
        merged_into -> Nullable<DbUuid>,
        version -> BigInt,
        event_n -> BigInt,
        event_hash -> Binary,
    }
}

table! {
    retiree_phone (retiree_id, n) {
        retiree_id -> DbUuid,
        n -> Integer,
        number -> Binary,
        phone_hash -> Binary,
        label -> Nullable<Text>,
    }
}

table! {
    retiree_unit (retiree_id, n) {
        retiree_id -> DbUuid,
        n -> Integer,
        role -> Text,
        unit_id -> DbUuid,
        valid_from -> Nullable<Date>,
        valid_to -> Nullable<Date>,
    }
}

table! {
    retiree_spelling (retiree_id, spelling) {
        retiree_id -> DbUuid,
        spelling -> Text,
    }
}

table! {
    spelling_progress (id) {
        id -> Integer,
        version -> BigInt,
        after_id -> DbUuid,
    }
}

table! {
    retiree_relative (retiree_id, n) {
        retiree_id -> DbUuid,
        n -> Integer,
        name -> Text,
        relation -> Text,
        phone -> Nullable<Binary>,
        may_act -> Bool,
    }
}
