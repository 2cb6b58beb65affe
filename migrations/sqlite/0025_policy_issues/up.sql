-- Many petitions of one cause: one survey, one decision, an answer to each (共性政策问题).
CREATE TABLE policy_issue (
    id BLOB NOT NULL PRIMARY KEY,
    title TEXT NOT NULL,
    cause TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    opened_by BLOB NOT NULL REFERENCES account (id),
    decision TEXT,
    legal_basis TEXT,
    decided_at INTEGER,
    decided_by BLOB REFERENCES account (id),
    version INTEGER NOT NULL,
    event_n INTEGER NOT NULL,
    event_hash BLOB NOT NULL
) STRICT;
CREATE INDEX policy_issue_undecided ON policy_issue (id) WHERE decided_at IS NULL;
-- The petitions that belong to one now; that one did before is told by its trail.
CREATE TABLE policy_issue_petition (
    petition_id BLOB NOT NULL PRIMARY KEY REFERENCES petition (id),
    policy_issue_id BLOB NOT NULL REFERENCES policy_issue (id)
) STRICT;
CREATE INDEX policy_issue_petition_issue ON policy_issue_petition (policy_issue_id, petition_id);
