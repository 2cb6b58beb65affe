-- Recusals (回避): why, when, by whom.
ALTER TABLE petition_bar ADD COLUMN note TEXT;
ALTER TABLE petition_bar ADD COLUMN recused_at TIMESTAMPTZ;
ALTER TABLE petition_bar ADD COLUMN recused_by UUID REFERENCES account (id);
-- What leaders say should be done (批示).
CREATE TABLE instruction (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    text TEXT NOT NULL,
    given_at TIMESTAMPTZ NOT NULL,
    given_by UUID NOT NULL REFERENCES account (id)
);
CREATE INDEX instruction_petition ON instruction (petition_id, id);
-- Cases a leader has taken charge of (领导包案).
CREATE TABLE leader_case (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    leader_id UUID NOT NULL REFERENCES account (id),
    next_look DATE NOT NULL,
    note TEXT,
    taken_at TIMESTAMPTZ NOT NULL,
    taken_by UUID NOT NULL REFERENCES account (id),
    result TEXT,
    released_at TIMESTAMPTZ,
    released_by UUID REFERENCES account (id)
);
CREATE INDEX leader_case_petition ON leader_case (petition_id, id);
CREATE INDEX leader_case_open ON leader_case (leader_id, next_look, id) WHERE released_at IS NULL;
CREATE INDEX leader_case_next ON leader_case (next_look, id) WHERE released_at IS NULL;
