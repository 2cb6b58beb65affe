-- Reviews (复查) and re-reviews (复核) of an answer, Art. 35, 36.
CREATE TABLE review (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    level SMALLINT NOT NULL,
    round INTEGER NOT NULL,
    opinion_id UUID NOT NULL REFERENCES opinion (id),
    unit_id UUID NOT NULL REFERENCES unit (id),
    grounds TEXT NOT NULL,
    requested_at TIMESTAMPTZ NOT NULL,
    on_behalf_of UUID REFERENCES party (id),
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by UUID REFERENCES account (id),
    state TEXT NOT NULL,
    decision TEXT,
    answer_id UUID REFERENCES opinion (id),
    words TEXT,
    legal_basis TEXT,
    decided_at TIMESTAMPTZ,
    decided_by UUID REFERENCES account (id)
);
CREATE INDEX review_petition ON review (petition_id, id);
