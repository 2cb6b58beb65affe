-- What a unit said to a referral: that it is not its own (one objection each), and how it ended (one report each).
CREATE TABLE objection (
    referral_id BLOB NOT NULL PRIMARY KEY REFERENCES referral (id),
    petition_id BLOB NOT NULL REFERENCES petition (id),
    reason TEXT NOT NULL,
    proposed_unit BLOB REFERENCES unit (id),
    late INTEGER NOT NULL,
    objected_at INTEGER NOT NULL,
    objected_by BLOB NOT NULL REFERENCES account (id),
    decision TEXT,
    decision_reason TEXT,
    decided_at INTEGER,
    decided_by BLOB REFERENCES account (id)
) STRICT;

CREATE TABLE referral_report (
    referral_id BLOB NOT NULL PRIMARY KEY REFERENCES referral (id),
    petition_id BLOB NOT NULL REFERENCES petition (id),
    words TEXT NOT NULL,
    submitted_at INTEGER NOT NULL,
    submitted_by BLOB NOT NULL REFERENCES account (id)
) STRICT;
