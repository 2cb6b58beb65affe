-- Keys of the data, wrapped by the key file.
CREATE TABLE data_key (
    key_id INTEGER NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    retired_at INTEGER
) STRICT;

-- Units, their tree and its closure (every unit is its own ancestor at depth 0). Ids are never reused.
CREATE TABLE unit (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    external INTEGER NOT NULL,
    parent_id BLOB REFERENCES unit (id),
    successor_id BLOB REFERENCES unit (id),
    review_unit_id BLOB REFERENCES unit (id),
    valid_from TEXT NOT NULL,
    dissolved_on TEXT,
    version INTEGER NOT NULL,
    event_n INTEGER NOT NULL,
    event_hash BLOB NOT NULL
) STRICT;
CREATE INDEX unit_parent ON unit (parent_id);

CREATE TABLE unit_closure (
    ancestor_id BLOB NOT NULL REFERENCES unit (id),
    descendant_id BLOB NOT NULL REFERENCES unit (id),
    depth INTEGER NOT NULL,
    PRIMARY KEY (ancestor_id, descendant_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX unit_closure_descendant ON unit_closure (descendant_id, ancestor_id);

CREATE TABLE category (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    parent TEXT REFERENCES category (code),
    unit_kind TEXT,
    petition_kind TEXT,
    position INTEGER NOT NULL,
    closed_on TEXT,
    version INTEGER NOT NULL,
    event_n INTEGER NOT NULL,
    event_hash BLOB NOT NULL
) STRICT;

-- Accounts of staff (service and petitioner accounts later).
CREATE TABLE account (
    id BLOB NOT NULL PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    unit_id BLOB NOT NULL REFERENCES unit (id),
    status TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    event_n INTEGER NOT NULL,
    event_hash BLOB NOT NULL
) STRICT;
CREATE INDEX account_unit ON account (unit_id, id);

CREATE TABLE account_role (
    account_id BLOB NOT NULL REFERENCES account (id),
    role TEXT NOT NULL,
    PRIMARY KEY (account_id, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE refresh_token (
    id BLOB NOT NULL PRIMARY KEY,
    family_id BLOB NOT NULL,
    account_id BLOB NOT NULL REFERENCES account (id),
    token_mac BLOB NOT NULL UNIQUE,
    client BLOB NOT NULL,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    replaced_at INTEGER,
    successor BLOB,
    revoked_at INTEGER
) STRICT;
CREATE INDEX refresh_token_family ON refresh_token (family_id);
CREATE INDEX refresh_token_expiry ON refresh_token (expires_at);

-- Sign-ins and audited reads; what nobody can be named for is counted per minute and address.
CREATE TABLE access_log (
    id BLOB NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    outcome TEXT NOT NULL,
    account_id BLOB,
    subject_id BLOB,
    address TEXT NOT NULL,
    request_id TEXT NOT NULL,
    detail TEXT
) STRICT;
CREATE INDEX access_log_account ON access_log (account_id, at);
CREATE INDEX access_log_at ON access_log (at, id);

CREATE TABLE access_failure (
    minute INTEGER NOT NULL,
    address TEXT NOT NULL,
    failures INTEGER NOT NULL,
    PRIMARY KEY (minute, address)
) STRICT, WITHOUT ROWID;

-- Working calendars; a version is never changed, the next one takes its place.
CREATE TABLE calendar (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    newest INTEGER NOT NULL,
    version INTEGER NOT NULL,
    event_n INTEGER NOT NULL,
    event_hash BLOB NOT NULL
) STRICT;

CREATE TABLE calendar_version (
    calendar_id BLOB NOT NULL REFERENCES calendar (id),
    n INTEGER NOT NULL,
    document TEXT NOT NULL,
    digest BLOB NOT NULL,
    published_at INTEGER NOT NULL,
    published_by BLOB REFERENCES account (id),
    PRIMARY KEY (calendar_id, n)
) STRICT, WITHOUT ROWID;

-- Procedure profiles: the limits and what belongs to them; a version is in force until the next one is.
CREATE TABLE profile (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    newest INTEGER NOT NULL,
    version INTEGER NOT NULL,
    event_n INTEGER NOT NULL,
    event_hash BLOB NOT NULL
) STRICT;

CREATE TABLE profile_version (
    profile_id BLOB NOT NULL REFERENCES profile (id),
    n INTEGER NOT NULL,
    valid_from TEXT NOT NULL,
    document TEXT NOT NULL,
    digest BLOB NOT NULL,
    published_at INTEGER NOT NULL,
    published_by BLOB REFERENCES account (id),
    PRIMARY KEY (profile_id, n)
) STRICT, WITHOUT ROWID;

-- One row: the digests of all versions above, by which instances know that what they hold in memory still stands.
CREATE TABLE timetable (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    calendars BLOB NOT NULL,
    profiles BLOB NOT NULL
) STRICT;
INSERT INTO timetable VALUES (1, x'', x'');

-- Long work somebody asked for: its progress, its result, where it goes on after an interruption.
CREATE TABLE job (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    task TEXT NOT NULL,
    reached TEXT,
    done INTEGER NOT NULL,
    total INTEGER,
    result TEXT,
    requested_by BLOB NOT NULL REFERENCES account (id),
    requested_at INTEGER NOT NULL,
    leased_until_at INTEGER NOT NULL,
    finished_at INTEGER,
    expires_at INTEGER
) STRICT;
CREATE INDEX job_state ON job (state, id);
CREATE INDEX job_requester ON job (requested_by, id);

-- The petition: what lists, scope and acts need. `facts` is what the stage table asks beyond the columns.
CREATE TABLE petition (
    id BLOB NOT NULL UNIQUE,
    n INTEGER NOT NULL PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('claim', 'suggestion', 'accusation')),
    channel TEXT NOT NULL CHECK (channel IN ('visit', 'letter', 'phone', 'online', 'fax', 'home_visit')),
    stage TEXT NOT NULL CHECK (stage IN ('registered', 'referred', 'handling', 'decided', 'delivered', 'under_review', 'closed')),
    category TEXT NOT NULL REFERENCES category (code),
    registered_unit BLOB NOT NULL REFERENCES unit (id),
    registered_by BLOB NOT NULL REFERENCES account (id),
    sending_unit BLOB NOT NULL REFERENCES unit (id),
    lead_unit BLOB REFERENCES unit (id),
    review_unit BLOB REFERENCES unit (id),
    restricted INTEGER NOT NULL,
    barred INTEGER NOT NULL,
    urgent INTEGER NOT NULL,
    simplified INTEGER NOT NULL,
    first_here INTEGER NOT NULL,
    matter_id BLOB NOT NULL,
    repeat_of BLOB,
    received_at INTEGER NOT NULL,
    registered_at INTEGER NOT NULL,
    registered_day TEXT NOT NULL,
    closed_at INTEGER,
    closure_reason TEXT,
    sort_due INTEGER NOT NULL,
    sort_yellow INTEGER NOT NULL,
    work_unit BLOB REFERENCES unit (id),
    priority_rank INTEGER NOT NULL,
    facts TEXT NOT NULL,
    version INTEGER NOT NULL,
    event_n INTEGER NOT NULL,
    event_hash BLOB NOT NULL
) STRICT;
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
    petition_id BLOB NOT NULL PRIMARY KEY REFERENCES petition (id),
    title TEXT NOT NULL,
    statement TEXT NOT NULL,
    purpose TEXT,
    matter_place TEXT,
    intake_place TEXT,
    occurred_at INTEGER,
    captured_at INTEGER,
    backdating_reason TEXT,
    anonymous INTEGER NOT NULL,
    joint INTEGER NOT NULL,
    litigation_related INTEGER NOT NULL,
    wants_visit INTEGER NOT NULL,
    persons INTEGER NOT NULL,
    affected INTEGER,
    subject_name TEXT,
    subject_unit_id BLOB REFERENCES unit (id),
    subject_staff_id BLOB REFERENCES account (id),
    repeat_no INTEGER NOT NULL,
    priority_reasons TEXT NOT NULL,
    query_code_mac BLOB NOT NULL
) STRICT;

-- What statistics need, a row a petition; office days, never instants.
CREATE TABLE petition_fact (
    petition_id BLOB NOT NULL PRIMARY KEY REFERENCES petition (id),
    registered_day TEXT NOT NULL,
    received_day TEXT NOT NULL,
    closed_day TEXT,
    closure_reason TEXT,
    voided INTEGER NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    category TEXT NOT NULL,
    registered_unit BLOB NOT NULL,
    lead_unit BLOB,
    first_here INTEGER NOT NULL,
    litigation_related INTEGER NOT NULL,
    joint INTEGER NOT NULL,
    anonymous INTEGER NOT NULL,
    persons INTEGER NOT NULL,
    age_band TEXT,
    sex TEXT,
    living TEXT
) STRICT;
CREATE INDEX petition_fact_registered ON petition_fact (registered_day, petition_id);
CREATE INDEX petition_fact_closed ON petition_fact (closed_day, petition_id);

CREATE TABLE party (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    n INTEGER NOT NULL,
    role TEXT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    name_pinyin TEXT NOT NULL,
    name_initials TEXT NOT NULL,
    retiree_id BLOB,
    sex TEXT,
    birth_date TEXT,
    identity_number BLOB,
    identity_hash BLOB,
    phone BLOB,
    phone_hash BLOB,
    address BLOB,
    relation TEXT,
    authority TEXT,
    authority_expires_on TEXT,
    status TEXT NOT NULL,
    ended_at INTEGER,
    ended_reason TEXT
) STRICT;
CREATE INDEX party_petition ON party (petition_id, n);
CREATE INDEX party_identity ON party (identity_hash);
CREATE INDEX party_phone ON party (phone_hash);
CREATE INDEX party_name ON party (name_folded, birth_date);
CREATE INDEX party_retiree ON party (retiree_id);

CREATE TABLE external_number (
    petition_id BLOB NOT NULL REFERENCES petition (id),
    issuer TEXT NOT NULL,
    number TEXT NOT NULL,
    PRIMARY KEY (petition_id, issuer, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX external_number_number ON external_number (number);

-- Who may never see or act on it (the subject and its subtree, the recused), and who may by name.
CREATE TABLE petition_bar (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    reason TEXT NOT NULL,
    unit_id BLOB REFERENCES unit (id),
    account_id BLOB REFERENCES account (id)
) STRICT;
CREATE INDEX petition_bar_petition ON petition_bar (petition_id);

CREATE TABLE petition_grant (
    petition_id BLOB NOT NULL REFERENCES petition (id),
    account_id BLOB NOT NULL REFERENCES account (id),
    granted_by BLOB NOT NULL REFERENCES account (id),
    granted_at INTEGER NOT NULL,
    PRIMARY KEY (petition_id, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX petition_grant_account ON petition_grant (account_id, petition_id);

-- Units asked to assist; an open question gives sight of the case.
CREATE TABLE assistance (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    unit_id BLOB NOT NULL REFERENCES unit (id),
    mandatory INTEGER NOT NULL,
    question TEXT NOT NULL,
    due_on TEXT,
    asked_at INTEGER NOT NULL,
    asked_by BLOB NOT NULL REFERENCES account (id),
    state TEXT NOT NULL,
    answer TEXT,
    closed_at INTEGER,
    closed_by BLOB REFERENCES account (id)
) STRICT;
CREATE INDEX assistance_petition ON assistance (petition_id, id);
CREATE INDEX assistance_unit ON assistance (unit_id, petition_id);

CREATE TABLE note (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    text TEXT NOT NULL,
    written_at INTEGER NOT NULL,
    written_by BLOB NOT NULL REFERENCES account (id)
) STRICT;
CREATE INDEX note_petition ON note (petition_id, id);

CREATE TABLE notice (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    kind TEXT NOT NULL,
    method TEXT,
    text TEXT NOT NULL,
    unit_id BLOB NOT NULL REFERENCES unit (id),
    issued_at INTEGER NOT NULL,
    issued_by BLOB NOT NULL REFERENCES account (id)
) STRICT;
CREATE INDEX notice_petition ON notice (petition_id, id);

CREATE TABLE referral (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    mode TEXT NOT NULL,
    from_unit BLOB NOT NULL REFERENCES unit (id),
    unit_id BLOB NOT NULL REFERENCES unit (id),
    report_due TEXT,
    note TEXT,
    state TEXT NOT NULL,
    referred_at INTEGER NOT NULL,
    referred_by BLOB NOT NULL REFERENCES account (id),
    ended_at INTEGER
) STRICT;
CREATE INDEX referral_petition ON referral (petition_id, id);

CREATE TABLE acceptance (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    unit_id BLOB NOT NULL REFERENCES unit (id),
    referral_id BLOB REFERENCES referral (id),
    route INTEGER,
    accepted_at INTEGER NOT NULL,
    accepted_by BLOB NOT NULL REFERENCES account (id)
) STRICT;
CREATE INDEX acceptance_petition ON acceptance (petition_id, id);

CREATE TABLE opinion (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    opinion_version INTEGER NOT NULL,
    round INTEGER NOT NULL,
    outcome TEXT,
    adoption TEXT,
    facts TEXT,
    words TEXT NOT NULL,
    legal_basis TEXT,
    execution_due TEXT,
    correction_reason TEXT,
    unit_id BLOB NOT NULL REFERENCES unit (id),
    issued_at INTEGER NOT NULL,
    issued_by BLOB NOT NULL REFERENCES account (id)
) STRICT;
CREATE INDEX opinion_petition ON opinion (petition_id, id);

CREATE TABLE delivery (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    opinion_id BLOB NOT NULL REFERENCES opinion (id),
    method TEXT NOT NULL,
    receipt TEXT NOT NULL,
    recipient TEXT,
    witness TEXT,
    delivered_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    recorded_by BLOB NOT NULL REFERENCES account (id)
) STRICT;
CREATE INDEX delivery_petition ON delivery (petition_id, id);

-- What the petitioner said of each object; without a score they said nothing in time.
CREATE TABLE evaluation (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    object TEXT NOT NULL,
    score TEXT,
    reason TEXT,
    channel TEXT,
    changes INTEGER NOT NULL,
    evaluated_at INTEGER NOT NULL,
    evaluated_day TEXT NOT NULL,
    recorded_by BLOB REFERENCES account (id),
    UNIQUE (petition_id, object)
) STRICT;
CREATE INDEX evaluation_day ON evaluation (evaluated_day, petition_id);

-- Closings, one row each: a petition can be reopened and closed again.
CREATE TABLE closure (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    reason TEXT NOT NULL,
    basis TEXT,
    closed_from TEXT NOT NULL,
    route INTEGER,
    note TEXT,
    closed_at INTEGER NOT NULL,
    closed_by BLOB REFERENCES account (id)
) STRICT;
CREATE INDEX closure_petition ON closure (petition_id, id);

-- Clocks of petitions and of visit tasks: a pure function of events, profile version and calendar version.
-- `next_at` is when the sweep has to look at it; null while nothing can come of itself.
CREATE TABLE clock (
    id BLOB NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    unit_id BLOB REFERENCES unit (id),
    state TEXT NOT NULL,
    cause TEXT,
    profile TEXT NOT NULL,
    profile_version INTEGER NOT NULL,
    calendar TEXT NOT NULL,
    calendar_version INTEGER NOT NULL,
    provisional INTEGER NOT NULL,
    limit_amount INTEGER NOT NULL,
    limit_unit TEXT NOT NULL,
    extended_days INTEGER NOT NULL,
    pauses TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    started_n INTEGER NOT NULL,
    yellow_at INTEGER NOT NULL,
    warned INTEGER NOT NULL,
    next_at INTEGER,
    due_on TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    target_at INTEGER,
    breached_at INTEGER,
    stopped_at INTEGER,
    stopped_n INTEGER,
    restored_from BLOB,
    PRIMARY KEY (subject_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX clock_next ON clock (next_at, subject_id, id) WHERE next_at IS NOT NULL;
CREATE INDEX clock_state_due ON clock (state, due_at, id, kind);
CREATE INDEX clock_unit_due ON clock (unit_id, state, due_at, id);
CREATE INDEX clock_kind_due ON clock (kind, due_on, subject_id);
CREATE INDEX clock_counting ON clock (subject_id, id) WHERE stopped_at IS NULL AND breached_at IS NULL;

-- Requests for more time on a limit, decided by somebody else than who asked.
CREATE TABLE extension (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    clock_id BLOB NOT NULL,
    days INTEGER NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    requested_by BLOB NOT NULL REFERENCES account (id),
    decided_at INTEGER,
    decided_by BLOB REFERENCES account (id),
    note TEXT
) STRICT;
CREATE INDEX extension_petition ON extension (petition_id, id);

-- What was done to carry an opinion out; the last row with `done` ends it.
CREATE TABLE execution (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    status TEXT NOT NULL,
    note TEXT NOT NULL,
    proof TEXT,
    unit_id BLOB NOT NULL REFERENCES unit (id),
    recorded_at INTEGER NOT NULL,
    recorded_by BLOB NOT NULL REFERENCES account (id)
) STRICT;
CREATE INDEX execution_petition ON execution (petition_id, id);

-- Reports of what could not wait (Art. 25).
CREATE TABLE urgent_report (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    reported_to TEXT NOT NULL,
    note TEXT,
    unit_id BLOB NOT NULL REFERENCES unit (id),
    reported_at INTEGER NOT NULL,
    reported_by BLOB NOT NULL REFERENCES account (id)
) STRICT;
CREATE INDEX urgent_report_petition ON urgent_report (petition_id, id);

-- Supervision (督办): proposed by the product when a duty's limit is broken.
CREATE TABLE supervision (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    unit_id BLOB NOT NULL REFERENCES unit (id),
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    clock_id BLOB,
    clock_kind TEXT,
    proposed_at INTEGER NOT NULL,
    settled_at INTEGER,
    settled_by BLOB REFERENCES account (id)
) STRICT;
CREATE INDEX supervision_petition ON supervision (petition_id, id);
CREATE INDEX supervision_unit ON supervision (unit_id, state, id);

-- The trail. `body` is the exact text that was hashed (RFC 8785); the columns repeat it for queries.
CREATE TABLE event (
    id BLOB NOT NULL PRIMARY KEY,
    subject_kind TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    subject_n INTEGER NOT NULL,
    format INTEGER NOT NULL,
    act TEXT NOT NULL,
    at INTEGER NOT NULL,
    claimed_at INTEGER,
    actor_id BLOB,
    actor_role TEXT NOT NULL,
    on_behalf_of BLOB,
    request_id TEXT NOT NULL,
    client TEXT,
    body TEXT NOT NULL,
    sealed_hash BLOB,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    UNIQUE (subject_id, subject_n)
) STRICT;

-- Personal data and words of an event; this alone may be erased. `sealed_hash` above commits to it.
CREATE TABLE event_sealed (
    event_id BLOB NOT NULL PRIMARY KEY REFERENCES event (id),
    salt BLOB NOT NULL,
    content BLOB NOT NULL
) STRICT;

-- Events that have no place in the global order yet.
CREATE TABLE event_pending (
    event_id BLOB NOT NULL PRIMARY KEY REFERENCES event (id)
) STRICT, WITHOUT ROWID;

-- Answers kept so that a retry is harmless; encrypted.
CREATE TABLE idempotency (
    caller_id BLOB NOT NULL,
    key_hash BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    answer BLOB NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (caller_id, key_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_expiry ON idempotency (expires_at);

CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER access_log_no_update BEFORE UPDATE ON access_log BEGIN SELECT RAISE(ABORT, 'the access log is never changed'); END;
CREATE TRIGGER access_log_no_delete BEFORE DELETE ON access_log BEGIN SELECT RAISE(ABORT, 'the access log is never deleted'); END;
-- INSERT OR REPLACE removes a row without asking the delete triggers.
CREATE TRIGGER event_no_replace BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id OR (subject_id = NEW.subject_id AND subject_n = NEW.subject_n))
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER access_log_no_replace BEFORE INSERT ON access_log WHEN EXISTS (SELECT 1 FROM access_log WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the access log is never changed'); END;
