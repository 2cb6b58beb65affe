-- Recusals (回避): why, when, by whom.
ALTER TABLE petition_bar ADD COLUMN note TEXT;
ALTER TABLE petition_bar ADD COLUMN recused_at INTEGER;
ALTER TABLE petition_bar ADD COLUMN recused_by BLOB REFERENCES account (id);
-- What leaders say should be done (批示).
CREATE TABLE instruction (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    text TEXT NOT NULL,
    given_at INTEGER NOT NULL,
    given_by BLOB NOT NULL REFERENCES account (id)
) STRICT;
CREATE INDEX instruction_petition ON instruction (petition_id, id);
-- Cases a leader has taken charge of (领导包案).
CREATE TABLE leader_case (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    leader_id BLOB NOT NULL REFERENCES account (id),
    next_look TEXT NOT NULL,
    note TEXT,
    taken_at INTEGER NOT NULL,
    taken_by BLOB NOT NULL REFERENCES account (id),
    result TEXT,
    released_at INTEGER,
    released_by BLOB REFERENCES account (id)
) STRICT;
CREATE INDEX leader_case_petition ON leader_case (petition_id, id);
CREATE INDEX leader_case_open ON leader_case (leader_id, next_look, id) WHERE released_at IS NULL;
CREATE INDEX leader_case_next ON leader_case (next_look, id) WHERE released_at IS NULL;
