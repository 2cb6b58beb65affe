-- The question to the heirs of a petitioner who died, or the family of one who can no longer act, and their answer.
CREATE TABLE heirs_inquiry (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    party_id UUID NOT NULL REFERENCES party (id),
    since DATE NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL,
    opened_by UUID NOT NULL REFERENCES account (id),
    answer TEXT,
    note TEXT,
    answered_at TIMESTAMPTZ,
    answered_by UUID REFERENCES account (id)
);
CREATE INDEX heirs_inquiry_petition ON heirs_inquiry (petition_id, id);
