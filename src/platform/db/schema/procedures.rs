//! What becomes of a petition in the procedure, and its clocks.

table! {
    notice (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        kind -> Text,
        method -> Nullable<Text>,
        text -> Text,
        unit_id -> DbUuid,
        issued_at -> DbTime,
        n -> Integer,
        document -> Text,
        replaces -> Nullable<DbUuid>,
        delivery_method -> Nullable<Text>,
        delivery_proof -> Nullable<Text>,
        recipient -> Nullable<Text>,
        witness -> Nullable<Text>,
        delivered_at -> Nullable<DbTime>,
        recorded_at -> Nullable<DbTime>,
        recorded_by -> Nullable<DbUuid>,
        to_unit -> Nullable<DbUuid>,
        issued_by -> Nullable<DbUuid>,
    }
}

table! {
    review (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        level -> SmallInt,
        round -> Integer,
        opinion_id -> DbUuid,
        unit_id -> DbUuid,
        grounds -> Text,
        requested_at -> DbTime,
        on_behalf_of -> Nullable<DbUuid>,
        recorded_at -> DbTime,
        recorded_by -> Nullable<DbUuid>,
        state -> Text,
        decision -> Nullable<Text>,
        answer_id -> Nullable<DbUuid>,
        words -> Nullable<Text>,
        legal_basis -> Nullable<Text>,
        decided_at -> Nullable<DbTime>,
        decided_by -> Nullable<DbUuid>,
    }
}

table! {
    contact (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        how -> Text,
        party_id -> Nullable<DbUuid>,
        reached -> Bool,
        text -> Text,
        contacted_at -> DbTime,
        counts -> Bool,
        unit_id -> DbUuid,
        recorded_at -> DbTime,
        recorded_by -> DbUuid,
    }
}

table! {
    hearing (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        review_id -> Nullable<DbUuid>,
        unit_id -> DbUuid,
        topic -> Text,
        place -> Nullable<Text>,
        held_at -> Nullable<DbTime>,
        opened_at -> DbTime,
        opened_by -> DbUuid,
        state -> Text,
        conclusion -> Nullable<Text>,
        ended_at -> Nullable<DbTime>,
        ended_by -> Nullable<DbUuid>,
    }
}

table! {
    mediation (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        result -> Text,
        unit_id -> DbUuid,
        mediator -> Nullable<Text>,
        agreement -> Nullable<Text>,
        note -> Nullable<Text>,
        execution_due -> Nullable<Date>,
        mediated_at -> DbTime,
        recorded_at -> DbTime,
        recorded_by -> DbUuid,
    }
}

table! {
    instruction (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        text -> Text,
        given_at -> DbTime,
        given_by -> DbUuid,
    }
}

table! {
    leader_case (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        leader_id -> DbUuid,
        next_look -> Date,
        note -> Nullable<Text>,
        taken_at -> DbTime,
        taken_by -> DbUuid,
        result -> Nullable<Text>,
        released_at -> Nullable<DbTime>,
        released_by -> Nullable<DbUuid>,
    }
}

table! {
    reception_day (id) {
        id -> DbUuid,
        held_on -> Date,
        starts -> Text,
        ends -> Text,
        place -> Text,
        leader_id -> DbUuid,
        places -> Integer,
        booked -> Integer,
        came -> Integer,
        published_at -> DbTime,
        published_by -> DbUuid,
        cancelled_at -> Nullable<DbTime>,
        cancelled_by -> Nullable<DbUuid>,
        cancel_reason -> Nullable<Text>,
        version -> BigInt,
        event_n -> BigInt,
        event_hash -> Binary,
    }
}

table! {
    reception_booking (id) {
        id -> DbUuid,
        reception_day_id -> DbUuid,
        state -> Text,
        retiree_id -> Nullable<DbUuid>,
        name -> Nullable<Text>,
        phone -> Nullable<Binary>,
        about -> Nullable<Text>,
        booked_at -> DbTime,
        booked_by -> DbUuid,
        petition_id -> Nullable<DbUuid>,
        ended_at -> Nullable<DbTime>,
        ended_by -> Nullable<DbUuid>,
        end_reason -> Nullable<Text>,
    }
}

table! {
    policy_issue (id) {
        id -> DbUuid,
        title -> Text,
        cause -> Text,
        opened_at -> DbTime,
        opened_by -> DbUuid,
        decision -> Nullable<Text>,
        legal_basis -> Nullable<Text>,
        decided_at -> Nullable<DbTime>,
        decided_by -> Nullable<DbUuid>,
        version -> BigInt,
        event_n -> BigInt,
        event_hash -> Binary,
    }
}

table! {
    policy_issue_petition (petition_id) {
        petition_id -> DbUuid,
        policy_issue_id -> DbUuid,
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
    objection (referral_id) {
        referral_id -> DbUuid,
        petition_id -> DbUuid,
        reason -> Text,
        proposed_unit -> Nullable<DbUuid>,
        late -> Bool,
        objected_at -> DbTime,
        objected_by -> DbUuid,
        decision -> Nullable<Text>,
        decision_reason -> Nullable<Text>,
        decided_at -> Nullable<DbTime>,
        decided_by -> Nullable<DbUuid>,
    }
}

table! {
    referral_report (referral_id) {
        referral_id -> DbUuid,
        petition_id -> DbUuid,
        words -> Text,
        submitted_at -> DbTime,
        submitted_by -> DbUuid,
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
    extension (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        clock_id -> DbUuid,
        days -> Integer,
        reason -> Text,
        state -> Text,
        requested_at -> DbTime,
        requested_by -> DbUuid,
        decided_at -> Nullable<DbTime>,
        decided_by -> Nullable<DbUuid>,
        note -> Nullable<Text>,
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
    execution (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        status -> Text,
        note -> Text,
        proof -> Nullable<Text>,
        unit_id -> DbUuid,
        recorded_at -> DbTime,
        recorded_by -> DbUuid,
    }
}

table! {
    urgent_report (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        reported_to -> Text,
        note -> Nullable<Text>,
        unit_id -> DbUuid,
        reported_at -> DbTime,
        reported_by -> DbUuid,
    }
}

table! {
    heirs_inquiry (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        party_id -> DbUuid,
        since -> Date,
        opened_at -> DbTime,
        opened_by -> DbUuid,
        answer -> Nullable<Text>,
        note -> Nullable<Text>,
        answered_at -> Nullable<DbTime>,
        answered_by -> Nullable<DbUuid>,
    }
}

table! {
    evaluation (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        object -> Text,
        score -> Nullable<Text>,
        reason -> Nullable<Text>,
        channel -> Nullable<Text>,
        changes -> Integer,
        evaluated_at -> DbTime,
        evaluated_day -> Date,
        recorded_by -> Nullable<DbUuid>,
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
    clock (subject_id, id) {
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
        extended_days -> Integer,
        pauses -> Text,
        started_at -> DbTime,
        started_n -> BigInt,
        yellow_at -> DbTime,
        warned -> SmallInt,
        next_at -> Nullable<DbTime>,
        due_on -> Date,
        due_at -> DbTime,
        target_at -> Nullable<DbTime>,
        breached_at -> Nullable<DbTime>,
        stopped_at -> Nullable<DbTime>,
        stopped_n -> Nullable<BigInt>,
        restored_from -> Nullable<DbUuid>,
    }
}

table! {
    supervision (id) {
        id -> DbUuid,
        petition_id -> DbUuid,
        unit_id -> DbUuid,
        reason -> Text,
        state -> Text,
        clock_id -> Nullable<DbUuid>,
        clock_kind -> Nullable<Text>,
        proposed_at -> DbTime,
        settled_at -> Nullable<DbTime>,
        settled_by -> Nullable<DbUuid>,
        by_unit -> Nullable<DbUuid>,
        words -> Nullable<Text>,
        due_on -> Nullable<Date>,
        opened_at -> Nullable<DbTime>,
        opened_by -> Nullable<DbUuid>,
        answer_clock -> Nullable<DbUuid>,
        answer -> Nullable<Text>,
        answered_at -> Nullable<DbTime>,
        answered_by -> Nullable<DbUuid>,
        settled_words -> Nullable<Text>,
    }
}
