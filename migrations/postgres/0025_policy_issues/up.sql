-- Many petitions of one cause: one survey, one decision, an answer to each (共性政策问题).
CREATE TABLE policy_issue (
    id UUID NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    cause TEXT NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL,
    opened_by UUID NOT NULL REFERENCES account (id),
    decision TEXT,
    legal_basis TEXT,
    decided_at TIMESTAMPTZ,
    decided_by UUID REFERENCES account (id),
    version BIGINT NOT NULL,
    event_n BIGINT NOT NULL,
    event_hash BYTEA NOT NULL
);
CREATE INDEX policy_issue_undecided ON policy_issue (id) WHERE decided_at IS NULL;
-- The petitions that belong to one now; that one did before is told by its trail.
CREATE TABLE policy_issue_petition (
    petition_id UUID NOT NULL PRIMARY KEY REFERENCES petition (id),
    policy_issue_id UUID NOT NULL REFERENCES policy_issue (id)
);
CREATE INDEX policy_issue_petition_issue ON policy_issue_petition (policy_issue_id, petition_id);
