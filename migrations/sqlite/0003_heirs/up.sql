-- The question to the heirs of a petitioner who died, or the family of one who can no longer act, and their answer.
CREATE TABLE heirs_inquiry (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    party_id BLOB NOT NULL REFERENCES party (id),
    since TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    opened_by BLOB NOT NULL REFERENCES account (id),
    answer TEXT,
    note TEXT,
    answered_at INTEGER,
    answered_by BLOB REFERENCES account (id)
) STRICT;
CREATE INDEX heirs_inquiry_petition ON heirs_inquiry (petition_id, id);
