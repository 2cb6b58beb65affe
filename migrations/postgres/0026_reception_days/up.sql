-- A day on which a leader sits at the desk and listens (接访日), and who comes.
CREATE TABLE reception_day (
    id UUID NOT NULL PRIMARY KEY,
    held_on DATE NOT NULL,
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    place TEXT NOT NULL,
    leader_id UUID NOT NULL REFERENCES account (id),
    places INTEGER NOT NULL,
    booked INTEGER NOT NULL,
    came INTEGER NOT NULL,
    published_at TIMESTAMPTZ NOT NULL,
    published_by UUID NOT NULL REFERENCES account (id),
    cancelled_at TIMESTAMPTZ,
    cancelled_by UUID REFERENCES account (id),
    cancel_reason TEXT,
    version BIGINT NOT NULL,
    event_n BIGINT NOT NULL,
    event_hash BYTEA NOT NULL
);
CREATE INDEX reception_day_held ON reception_day (held_on, id);
CREATE INDEX reception_day_leader ON reception_day (leader_id, held_on, id);
CREATE TABLE reception_booking (
    id UUID NOT NULL PRIMARY KEY,
    reception_day_id UUID NOT NULL REFERENCES reception_day (id),
    state TEXT NOT NULL,
    retiree_id UUID REFERENCES retiree (id),
    -- who came without having booked is named by the petition alone
    name TEXT,
    phone BYTEA,
    about TEXT,
    booked_at TIMESTAMPTZ NOT NULL,
    booked_by UUID NOT NULL REFERENCES account (id),
    petition_id UUID REFERENCES petition (id),
    ended_at TIMESTAMPTZ,
    ended_by UUID REFERENCES account (id),
    end_reason TEXT
);
CREATE INDEX reception_booking_day ON reception_booking (reception_day_id, id);
CREATE UNIQUE INDEX reception_booking_retiree ON reception_booking (reception_day_id, retiree_id) WHERE state = 'booked';
