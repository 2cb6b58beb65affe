-- Keys of the data, wrapped by the key file.
CREATE TABLE data_key (
    key_id INTEGER NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    retired_at TIMESTAMPTZ
);

-- Units, their tree and its closure (every unit is its own ancestor at depth 0). Ids are never reused.
CREATE TABLE unit (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    external BOOLEAN NOT NULL,
    parent_id UUID REFERENCES unit (id),
    successor_id UUID REFERENCES unit (id),
    review_unit_id UUID REFERENCES unit (id),
    valid_from DATE NOT NULL,
    dissolved_on DATE,
    version BIGINT NOT NULL,
    event_n BIGINT NOT NULL,
    event_hash BYTEA NOT NULL
);
CREATE INDEX unit_parent ON unit (parent_id);

CREATE TABLE unit_closure (
    ancestor_id UUID NOT NULL REFERENCES unit (id),
    descendant_id UUID NOT NULL REFERENCES unit (id),
    depth INTEGER NOT NULL,
    PRIMARY KEY (ancestor_id, descendant_id)
);
CREATE INDEX unit_closure_descendant ON unit_closure (descendant_id, ancestor_id);

CREATE TABLE category (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    parent TEXT REFERENCES category (code),
    unit_kind TEXT,
    petition_kind TEXT,
    position INTEGER NOT NULL,
    closed_on DATE,
    version BIGINT NOT NULL,
    event_n BIGINT NOT NULL,
    event_hash BYTEA NOT NULL
);

-- Accounts of staff (service and petitioner accounts later).
CREATE TABLE account (
    id UUID NOT NULL PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    unit_id UUID NOT NULL REFERENCES unit (id),
    status TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL,
    event_n BIGINT NOT NULL,
    event_hash BYTEA NOT NULL
);
CREATE INDEX account_unit ON account (unit_id, id);

CREATE TABLE account_role (
    account_id UUID NOT NULL REFERENCES account (id),
    role TEXT NOT NULL,
    PRIMARY KEY (account_id, role)
);

CREATE TABLE refresh_token (
    id UUID NOT NULL PRIMARY KEY,
    family_id UUID NOT NULL,
    account_id UUID NOT NULL REFERENCES account (id),
    token_mac BYTEA NOT NULL UNIQUE,
    client BYTEA NOT NULL,
    issued_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    replaced_at TIMESTAMPTZ,
    successor BYTEA,
    revoked_at TIMESTAMPTZ
);
CREATE INDEX refresh_token_family ON refresh_token (family_id);
CREATE INDEX refresh_token_expiry ON refresh_token (expires_at);

-- Sign-ins and audited reads; what nobody can be named for is counted per minute and address.
CREATE TABLE access_log (
    id UUID NOT NULL PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    kind TEXT NOT NULL,
    outcome TEXT NOT NULL,
    account_id UUID,
    subject_id UUID,
    address TEXT NOT NULL,
    request_id TEXT NOT NULL,
    detail TEXT
);
CREATE INDEX access_log_account ON access_log (account_id, at);
CREATE INDEX access_log_at ON access_log (at, id);

CREATE TABLE access_failure (
    minute TIMESTAMPTZ NOT NULL,
    address TEXT NOT NULL,
    failures BIGINT NOT NULL,
    PRIMARY KEY (minute, address)
);

-- Working calendars; a version is never changed, the next one takes its place.
CREATE TABLE calendar (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    newest INTEGER NOT NULL,
    version BIGINT NOT NULL,
    event_n BIGINT NOT NULL,
    event_hash BYTEA NOT NULL
);

CREATE TABLE calendar_version (
    calendar_id UUID NOT NULL REFERENCES calendar (id),
    n INTEGER NOT NULL,
    document TEXT NOT NULL,
    digest BYTEA NOT NULL,
    published_at TIMESTAMPTZ NOT NULL,
    published_by UUID REFERENCES account (id),
    PRIMARY KEY (calendar_id, n)
);

-- Procedure profiles: the limits and what belongs to them; a version is in force until the next one is.
CREATE TABLE profile (
    id UUID NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    newest INTEGER NOT NULL,
    version BIGINT NOT NULL,
    event_n BIGINT NOT NULL,
    event_hash BYTEA NOT NULL
);

CREATE TABLE profile_version (
    profile_id UUID NOT NULL REFERENCES profile (id),
    n INTEGER NOT NULL,
    valid_from DATE NOT NULL,
    document TEXT NOT NULL,
    digest BYTEA NOT NULL,
    published_at TIMESTAMPTZ NOT NULL,
    published_by UUID REFERENCES account (id),
    PRIMARY KEY (profile_id, n)
);

-- One row: the digests of all versions above, by which instances know that what they hold in memory still stands.
CREATE TABLE timetable (
    one SMALLINT NOT NULL PRIMARY KEY CHECK (one = 1),
    calendars BYTEA NOT NULL,
    profiles BYTEA NOT NULL
);
INSERT INTO timetable VALUES (1, '', '');

-- Long work somebody asked for: its progress, its result, where it goes on after an interruption.
CREATE TABLE job (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    task TEXT NOT NULL,
    reached TEXT,
    done BIGINT NOT NULL,
    total BIGINT,
    result TEXT,
    requested_by UUID NOT NULL REFERENCES account (id),
    requested_at TIMESTAMPTZ NOT NULL,
    leased_until_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    expires_at TIMESTAMPTZ
);
CREATE INDEX job_state ON job (state, id);
CREATE INDEX job_requester ON job (requested_by, id);

-- The petition: what lists, scope and acts need. `facts` is what the stage table asks beyond the columns.
CREATE TABLE petition (
    id UUID NOT NULL UNIQUE,
    n BIGINT NOT NULL PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('claim', 'suggestion', 'accusation')),
    channel TEXT NOT NULL CHECK (channel IN ('visit', 'letter', 'phone', 'online', 'fax', 'home_visit')),
    stage TEXT NOT NULL CHECK (stage IN ('registered', 'referred', 'handling', 'decided', 'delivered', 'under_review', 'closed')),
    category TEXT NOT NULL REFERENCES category (code),
    registered_unit UUID NOT NULL REFERENCES unit (id),
    registered_by UUID NOT NULL REFERENCES account (id),
    sending_unit UUID NOT NULL REFERENCES unit (id),
    lead_unit UUID REFERENCES unit (id),
    review_unit UUID REFERENCES unit (id),
    restricted BOOLEAN NOT NULL,
    barred BOOLEAN NOT NULL,
    urgent BOOLEAN NOT NULL,
    simplified BOOLEAN NOT NULL,
    first_here BOOLEAN NOT NULL,
    matter_id UUID NOT NULL,
    repeat_of UUID,
    received_at TIMESTAMPTZ NOT NULL,
    registered_at TIMESTAMPTZ NOT NULL,
    registered_day DATE NOT NULL,
    closed_at TIMESTAMPTZ,
    closure_reason TEXT,
    sort_due TIMESTAMPTZ NOT NULL,
    sort_yellow TIMESTAMPTZ NOT NULL,
    work_unit UUID REFERENCES unit (id),
    priority_rank SMALLINT NOT NULL,
    facts TEXT NOT NULL,
    version BIGINT NOT NULL,
    event_n BIGINT NOT NULL,
    event_hash BYTEA NOT NULL
);
CREATE INDEX petition_newest ON petition (registered_at, id);
CREATE INDEX petition_registering ON petition (registered_unit, registered_at, id);
CREATE INDEX petition_unled ON petition (registered_unit, registered_at, id) WHERE lead_unit IS NULL;
CREATE INDEX petition_registrar ON petition (registered_by, registered_at, id);
CREATE INDEX petition_sending ON petition (sending_unit, registered_at, id);
CREATE INDEX petition_lead ON petition (lead_unit, registered_at, id);
CREATE INDEX petition_review ON petition (review_unit, registered_at, id);
CREATE INDEX petition_stage ON petition (stage, registered_at, id);
CREATE INDEX petition_matter ON petition (matter_id);
CREATE INDEX petition_category ON petition (category, registered_at, id);
CREATE INDEX petition_due ON petition (sort_due, priority_rank, id);
CREATE INDEX petition_work ON petition (work_unit, sort_due, priority_rank, id) WHERE work_unit IS NOT NULL;

-- People's words, and what only the case itself shows.
CREATE TABLE petition_content (
    petition_id UUID NOT NULL PRIMARY KEY REFERENCES petition (id),
    title TEXT NOT NULL,
    statement TEXT NOT NULL,
    purpose TEXT,
    matter_place TEXT,
    intake_place TEXT,
    occurred_at TIMESTAMPTZ,
    captured_at TIMESTAMPTZ,
    backdating_reason TEXT,
    anonymous BOOLEAN NOT NULL,
    joint BOOLEAN NOT NULL,
    litigation_related BOOLEAN NOT NULL,
    wants_visit BOOLEAN NOT NULL,
    persons INTEGER NOT NULL,
    affected INTEGER,
    subject_name TEXT,
    subject_unit_id UUID REFERENCES unit (id),
    subject_staff_id UUID REFERENCES account (id),
    repeat_no INTEGER NOT NULL,
    priority_reasons TEXT NOT NULL,
    query_code_mac BYTEA NOT NULL
);

-- What statistics need, a row a petition; office days, never instants.
CREATE TABLE petition_fact (
    petition_id UUID NOT NULL PRIMARY KEY REFERENCES petition (id),
    registered_day DATE NOT NULL,
    received_day DATE NOT NULL,
    closed_day DATE,
    closure_reason TEXT,
    voided BOOLEAN NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    category TEXT NOT NULL,
    registered_unit UUID NOT NULL,
    lead_unit UUID,
    first_here BOOLEAN NOT NULL,
    litigation_related BOOLEAN NOT NULL,
    joint BOOLEAN NOT NULL,
    anonymous BOOLEAN NOT NULL,
    persons INTEGER NOT NULL,
    age_band TEXT,
    sex TEXT,
    living TEXT
);
CREATE INDEX petition_fact_registered ON petition_fact (registered_day, petition_id);
CREATE INDEX petition_fact_closed ON petition_fact (closed_day, petition_id);

CREATE TABLE party (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    n INTEGER NOT NULL,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    name_pinyin TEXT NOT NULL,
    name_initials TEXT NOT NULL,
    retiree_id UUID,
    sex TEXT,
    birth_date DATE,
    identity_number BYTEA,
    identity_hash BYTEA,
    phone BYTEA,
    phone_hash BYTEA,
    address BYTEA,
    relation TEXT,
    authority TEXT,
    authority_expires_on DATE,
    status TEXT NOT NULL,
    ended_at TIMESTAMPTZ,
    ended_reason TEXT
);
CREATE INDEX party_petition ON party (petition_id, n);
CREATE INDEX party_identity ON party (identity_hash);
CREATE INDEX party_phone ON party (phone_hash);
CREATE INDEX party_name ON party (name_folded, birth_date);
CREATE INDEX party_retiree ON party (retiree_id);

CREATE TABLE external_number (
    petition_id UUID NOT NULL REFERENCES petition (id),
    issuer TEXT NOT NULL,
    number TEXT NOT NULL,
    PRIMARY KEY (petition_id, issuer, number)
);
CREATE INDEX external_number_number ON external_number (number);

-- Who may never see or act on it (the subject and its subtree, the recused), and who may by name.
CREATE TABLE petition_bar (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    reason TEXT NOT NULL,
    unit_id UUID REFERENCES unit (id),
    account_id UUID REFERENCES account (id)
);
CREATE INDEX petition_bar_petition ON petition_bar (petition_id);

CREATE TABLE petition_grant (
    petition_id UUID NOT NULL REFERENCES petition (id),
    account_id UUID NOT NULL REFERENCES account (id),
    granted_by UUID NOT NULL REFERENCES account (id),
    granted_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (petition_id, account_id)
);
CREATE INDEX petition_grant_account ON petition_grant (account_id, petition_id);

-- Units asked to assist; an open question gives sight of the case.
CREATE TABLE assistance (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    unit_id UUID NOT NULL REFERENCES unit (id),
    mandatory BOOLEAN NOT NULL,
    question TEXT NOT NULL,
    due_on DATE,
    asked_at TIMESTAMPTZ NOT NULL,
    asked_by UUID NOT NULL REFERENCES account (id),
    state TEXT NOT NULL,
    answer TEXT,
    closed_at TIMESTAMPTZ,
    closed_by UUID REFERENCES account (id)
);
CREATE INDEX assistance_petition ON assistance (petition_id, id);
CREATE INDEX assistance_unit ON assistance (unit_id, petition_id);

CREATE TABLE note (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    text TEXT NOT NULL,
    written_at TIMESTAMPTZ NOT NULL,
    written_by UUID NOT NULL REFERENCES account (id)
);
CREATE INDEX note_petition ON note (petition_id, id);

CREATE TABLE notice (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    kind TEXT NOT NULL,
    method TEXT,
    text TEXT NOT NULL,
    unit_id UUID NOT NULL REFERENCES unit (id),
    issued_at TIMESTAMPTZ NOT NULL,
    issued_by UUID NOT NULL REFERENCES account (id)
);
CREATE INDEX notice_petition ON notice (petition_id, id);

CREATE TABLE referral (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    mode TEXT NOT NULL,
    from_unit UUID NOT NULL REFERENCES unit (id),
    unit_id UUID NOT NULL REFERENCES unit (id),
    report_due DATE,
    note TEXT,
    state TEXT NOT NULL,
    referred_at TIMESTAMPTZ NOT NULL,
    referred_by UUID NOT NULL REFERENCES account (id),
    ended_at TIMESTAMPTZ
);
CREATE INDEX referral_petition ON referral (petition_id, id);

CREATE TABLE acceptance (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    unit_id UUID NOT NULL REFERENCES unit (id),
    referral_id UUID REFERENCES referral (id),
    route SMALLINT,
    accepted_at TIMESTAMPTZ NOT NULL,
    accepted_by UUID NOT NULL REFERENCES account (id)
);
CREATE INDEX acceptance_petition ON acceptance (petition_id, id);

CREATE TABLE opinion (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    opinion_version INTEGER NOT NULL,
    round INTEGER NOT NULL,
    outcome TEXT,
    adoption TEXT,
    facts TEXT,
    words TEXT NOT NULL,
    legal_basis TEXT,
    execution_due DATE,
    correction_reason TEXT,
    unit_id UUID NOT NULL REFERENCES unit (id),
    issued_at TIMESTAMPTZ NOT NULL,
    issued_by UUID NOT NULL REFERENCES account (id)
);
CREATE INDEX opinion_petition ON opinion (petition_id, id);

CREATE TABLE delivery (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    opinion_id UUID NOT NULL REFERENCES opinion (id),
    method TEXT NOT NULL,
    receipt TEXT NOT NULL,
    recipient TEXT,
    witness TEXT,
    delivered_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by UUID NOT NULL REFERENCES account (id)
);
CREATE INDEX delivery_petition ON delivery (petition_id, id);

-- What the petitioner said of each object; without a score they said nothing in time.
CREATE TABLE evaluation (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    object TEXT NOT NULL,
    score TEXT,
    reason TEXT,
    channel TEXT,
    changes INTEGER NOT NULL,
    evaluated_at TIMESTAMPTZ NOT NULL,
    evaluated_day DATE NOT NULL,
    recorded_by UUID REFERENCES account (id),
    UNIQUE (petition_id, object)
);
CREATE INDEX evaluation_day ON evaluation (evaluated_day, petition_id);

-- Closings, one row each: a petition can be reopened and closed again.
CREATE TABLE closure (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    reason TEXT NOT NULL,
    basis TEXT,
    closed_from TEXT NOT NULL,
    route SMALLINT,
    note TEXT,
    closed_at TIMESTAMPTZ NOT NULL,
    closed_by UUID REFERENCES account (id)
);
CREATE INDEX closure_petition ON closure (petition_id, id);

-- Clocks of petitions and of visit tasks: a pure function of events, profile version and calendar version.
-- `next_at` is when the sweep has to look at it; null while nothing can come of itself.
CREATE TABLE clock (
    id UUID NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    kind TEXT NOT NULL,
    unit_id UUID REFERENCES unit (id),
    state TEXT NOT NULL,
    cause TEXT,
    profile TEXT NOT NULL,
    profile_version INTEGER NOT NULL,
    calendar TEXT NOT NULL,
    calendar_version INTEGER NOT NULL,
    provisional BOOLEAN NOT NULL,
    limit_amount INTEGER NOT NULL,
    limit_unit TEXT NOT NULL,
    extended_days INTEGER NOT NULL,
    pauses TEXT NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    started_n BIGINT NOT NULL,
    yellow_at TIMESTAMPTZ NOT NULL,
    warned SMALLINT NOT NULL,
    next_at TIMESTAMPTZ,
    due_on DATE NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    target_at TIMESTAMPTZ,
    breached_at TIMESTAMPTZ,
    stopped_at TIMESTAMPTZ,
    stopped_n BIGINT,
    restored_from UUID,
    PRIMARY KEY (subject_id, id)
);
CREATE INDEX clock_next ON clock (next_at, subject_id, id) WHERE next_at IS NOT NULL;
CREATE INDEX clock_state_due ON clock (state, due_at, id, kind);
CREATE INDEX clock_unit_due ON clock (unit_id, state, due_at, id);
CREATE INDEX clock_kind_due ON clock (kind, due_on, subject_id);
CREATE INDEX clock_counting ON clock (subject_id, id) WHERE stopped_at IS NULL AND breached_at IS NULL;

-- Requests for more time on a limit, decided by somebody else than who asked.
CREATE TABLE extension (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    clock_id UUID NOT NULL,
    days INTEGER NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    requested_at TIMESTAMPTZ NOT NULL,
    requested_by UUID NOT NULL REFERENCES account (id),
    decided_at TIMESTAMPTZ,
    decided_by UUID REFERENCES account (id),
    note TEXT
);
CREATE INDEX extension_petition ON extension (petition_id, id);

-- What was done to carry an opinion out; the last row with `done` ends it.
CREATE TABLE execution (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    status TEXT NOT NULL,
    note TEXT NOT NULL,
    proof TEXT,
    unit_id UUID NOT NULL REFERENCES unit (id),
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by UUID NOT NULL REFERENCES account (id)
);
CREATE INDEX execution_petition ON execution (petition_id, id);

-- Reports of what could not wait (Art. 25).
CREATE TABLE urgent_report (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    reported_to TEXT NOT NULL,
    note TEXT,
    unit_id UUID NOT NULL REFERENCES unit (id),
    reported_at TIMESTAMPTZ NOT NULL,
    reported_by UUID NOT NULL REFERENCES account (id)
);
CREATE INDEX urgent_report_petition ON urgent_report (petition_id, id);

-- Supervision (督办): proposed by the product when a duty's limit is broken.
CREATE TABLE supervision (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    unit_id UUID NOT NULL REFERENCES unit (id),
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    clock_id UUID,
    clock_kind TEXT,
    proposed_at TIMESTAMPTZ NOT NULL,
    settled_at TIMESTAMPTZ,
    settled_by UUID REFERENCES account (id)
);
CREATE INDEX supervision_petition ON supervision (petition_id, id);
CREATE INDEX supervision_unit ON supervision (unit_id, state, id);

-- The trail. `body` is the exact text that was hashed (RFC 8785); the columns repeat it for queries.
CREATE TABLE event (
    id UUID NOT NULL PRIMARY KEY,
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    subject_n BIGINT NOT NULL,
    format SMALLINT NOT NULL,
    act TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    claimed_at TIMESTAMPTZ,
    actor_id UUID,
    actor_role TEXT NOT NULL,
    on_behalf_of UUID,
    request_id TEXT NOT NULL,
    client TEXT,
    body TEXT NOT NULL,
    sealed_hash BYTEA,
    prev_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    UNIQUE (subject_id, subject_n)
);

-- Personal data and words of an event; this alone may be erased. `sealed_hash` above commits to it.
CREATE TABLE event_sealed (
    event_id UUID NOT NULL PRIMARY KEY REFERENCES event (id),
    salt BYTEA NOT NULL,
    content BYTEA NOT NULL
);

-- Events that have no place in the global order yet.
CREATE TABLE event_pending (
    event_id UUID NOT NULL PRIMARY KEY REFERENCES event (id)
);

-- Answers kept so that a retry is harmless; encrypted.
CREATE TABLE idempotency (
    caller_id UUID NOT NULL,
    key_hash BYTEA NOT NULL,
    fingerprint BYTEA NOT NULL,
    answer BYTEA NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (caller_id, key_hash)
);
CREATE INDEX idempotency_expiry ON idempotency (expires_at);

-- Gaps are accepted: a sequence takes no lock over the commit.
CREATE SEQUENCE petition_n;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is never changed or deleted', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER event_unchanged BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_not_emptied BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_log_unchanged BEFORE UPDATE OR DELETE ON access_log FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_log_not_emptied BEFORE TRUNCATE ON access_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
