-- Contacts with the petitioner.
CREATE TABLE contact (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    how TEXT NOT NULL,
    party_id BLOB REFERENCES party (id),
    reached INTEGER NOT NULL,
    text TEXT NOT NULL,
    contacted_at INTEGER NOT NULL,
    counts INTEGER NOT NULL,
    unit_id BLOB NOT NULL REFERENCES unit (id),
    recorded_at INTEGER NOT NULL,
    recorded_by BLOB NOT NULL REFERENCES account (id)
) STRICT;
CREATE INDEX contact_petition ON contact (petition_id, id);
-- Hearings (听证), Art. 31 (6) and 36.
CREATE TABLE hearing (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    review_id BLOB REFERENCES review (id),
    unit_id BLOB NOT NULL REFERENCES unit (id),
    topic TEXT NOT NULL,
    place TEXT,
    held_at INTEGER,
    opened_at INTEGER NOT NULL,
    opened_by BLOB NOT NULL REFERENCES account (id),
    state TEXT NOT NULL,
    conclusion TEXT,
    ended_at INTEGER,
    ended_by BLOB REFERENCES account (id)
) STRICT;
CREATE INDEX hearing_petition ON hearing (petition_id, id);
-- Mediations (调解), Art. 33.
CREATE TABLE mediation (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    result TEXT NOT NULL,
    unit_id BLOB NOT NULL REFERENCES unit (id),
    mediator TEXT,
    agreement TEXT,
    note TEXT,
    execution_due TEXT,
    mediated_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    recorded_by BLOB NOT NULL REFERENCES account (id)
) STRICT;
CREATE INDEX mediation_petition ON mediation (petition_id, id);
