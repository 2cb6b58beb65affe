-- Rows of other registers, each entered once: an open one became a petition, a closed one is kept as history only. What it says is
-- encrypted; nothing here is ever changed.
CREATE TABLE ledger_entry (
    id UUID NOT NULL PRIMARY KEY,
    issuer TEXT NOT NULL,
    number TEXT NOT NULL,
    petition_id UUID REFERENCES petition (id),
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    category TEXT NOT NULL,
    received_on DATE NOT NULL,
    closed_on DATE,
    identity_hash BYTEA,
    content BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    entered_by UUID NOT NULL REFERENCES account (id),
    entered_at TIMESTAMPTZ NOT NULL,
    event_n BIGINT NOT NULL,
    event_hash BYTEA NOT NULL
);
CREATE UNIQUE INDEX ledger_entry_number ON ledger_entry (issuer, number);
CREATE INDEX ledger_entry_person ON ledger_entry (identity_hash, received_on, id) WHERE identity_hash IS NOT NULL;
