-- What a unit said to a referral: that it is not its own (one objection each), and how it ended (one report each).
CREATE TABLE objection (
    referral_id UUID NOT NULL PRIMARY KEY REFERENCES referral (id),
    petition_id UUID NOT NULL REFERENCES petition (id),
    reason TEXT NOT NULL,
    proposed_unit UUID REFERENCES unit (id),
    late BOOLEAN NOT NULL,
    objected_at TIMESTAMPTZ NOT NULL,
    objected_by UUID NOT NULL REFERENCES account (id),
    decision TEXT,
    decision_reason TEXT,
    decided_at TIMESTAMPTZ,
    decided_by UUID REFERENCES account (id)
);

CREATE TABLE referral_report (
    referral_id UUID NOT NULL PRIMARY KEY REFERENCES referral (id),
    petition_id UUID NOT NULL REFERENCES petition (id),
    words TEXT NOT NULL,
    submitted_at TIMESTAMPTZ NOT NULL,
    submitted_by UUID NOT NULL REFERENCES account (id)
);
