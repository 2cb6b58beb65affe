-- Reviews (复查) and re-reviews (复核) of an answer, Art. 35, 36.
CREATE TABLE review (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    level INTEGER NOT NULL,
    round INTEGER NOT NULL,
    opinion_id BLOB NOT NULL REFERENCES opinion (id),
    unit_id BLOB NOT NULL REFERENCES unit (id),
    grounds TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    on_behalf_of BLOB REFERENCES party (id),
    recorded_at INTEGER NOT NULL,
    recorded_by BLOB REFERENCES account (id),
    state TEXT NOT NULL,
    decision TEXT,
    answer_id BLOB REFERENCES opinion (id),
    words TEXT,
    legal_basis TEXT,
    decided_at INTEGER,
    decided_by BLOB REFERENCES account (id)
) STRICT;
CREATE INDEX review_petition ON review (petition_id, id);
