-- Rows of other registers, each entered once: an open one became a petition, a closed one is kept as history only. What it says is
-- encrypted; nothing here is ever changed.
CREATE TABLE ledger_entry (
    id BLOB NOT NULL PRIMARY KEY,
    issuer TEXT NOT NULL,
    number TEXT NOT NULL,
    petition_id BLOB REFERENCES petition (id),
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    category TEXT NOT NULL,
    received_on TEXT NOT NULL,
    closed_on TEXT,
    identity_hash BLOB,
    content BLOB NOT NULL,
    digest BLOB NOT NULL,
    entered_by BLOB NOT NULL REFERENCES account (id),
    entered_at INTEGER NOT NULL,
    event_n INTEGER NOT NULL,
    event_hash BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX ledger_entry_number ON ledger_entry (issuer, number);
CREATE INDEX ledger_entry_person ON ledger_entry (identity_hash, received_on, id) WHERE identity_hash IS NOT NULL;
