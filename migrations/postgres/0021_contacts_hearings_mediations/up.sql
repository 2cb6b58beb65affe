-- Contacts with the petitioner.
CREATE TABLE contact (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    how TEXT NOT NULL,
    party_id UUID REFERENCES party (id),
    reached BOOLEAN NOT NULL,
    text TEXT NOT NULL,
    contacted_at TIMESTAMPTZ NOT NULL,
    counts BOOLEAN NOT NULL,
    unit_id UUID NOT NULL REFERENCES unit (id),
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by UUID NOT NULL REFERENCES account (id)
);
CREATE INDEX contact_petition ON contact (petition_id, id);
-- Hearings (听证), Art. 31 (6) and 36.
CREATE TABLE hearing (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    review_id UUID REFERENCES review (id),
    unit_id UUID NOT NULL REFERENCES unit (id),
    topic TEXT NOT NULL,
    place TEXT,
    held_at TIMESTAMPTZ,
    opened_at TIMESTAMPTZ NOT NULL,
    opened_by UUID NOT NULL REFERENCES account (id),
    state TEXT NOT NULL,
    conclusion TEXT,
    ended_at TIMESTAMPTZ,
    ended_by UUID REFERENCES account (id)
);
CREATE INDEX hearing_petition ON hearing (petition_id, id);
-- Mediations (调解), Art. 33.
CREATE TABLE mediation (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    result TEXT NOT NULL,
    unit_id UUID NOT NULL REFERENCES unit (id),
    mediator TEXT,
    agreement TEXT,
    note TEXT,
    execution_due DATE,
    mediated_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by UUID NOT NULL REFERENCES account (id)
);
CREATE INDEX mediation_petition ON mediation (petition_id, id);
