-- A day on which a leader sits at the desk and listens (接访日), and who comes.
CREATE TABLE reception_day (
    id BLOB NOT NULL PRIMARY KEY,
    held_on TEXT NOT NULL,
    starts TEXT NOT NULL,
    ends TEXT NOT NULL,
    place TEXT NOT NULL,
    leader_id BLOB NOT NULL REFERENCES account (id),
    places INTEGER NOT NULL,
    booked INTEGER NOT NULL,
    came INTEGER NOT NULL,
    published_at INTEGER NOT NULL,
    published_by BLOB NOT NULL REFERENCES account (id),
    cancelled_at INTEGER,
    cancelled_by BLOB REFERENCES account (id),
    cancel_reason TEXT,
    version INTEGER NOT NULL,
    event_n INTEGER NOT NULL,
    event_hash BLOB NOT NULL
) STRICT;
CREATE INDEX reception_day_held ON reception_day (held_on, id);
CREATE INDEX reception_day_leader ON reception_day (leader_id, held_on, id);
CREATE TABLE reception_booking (
    id BLOB NOT NULL PRIMARY KEY,
    reception_day_id BLOB NOT NULL REFERENCES reception_day (id),
    state TEXT NOT NULL,
    retiree_id BLOB REFERENCES retiree (id),
    -- who came without having booked is named by the petition alone
    name TEXT,
    phone BLOB,
    about TEXT,
    booked_at INTEGER NOT NULL,
    booked_by BLOB NOT NULL REFERENCES account (id),
    petition_id BLOB REFERENCES petition (id),
    ended_at INTEGER,
    ended_by BLOB REFERENCES account (id),
    end_reason TEXT
) STRICT;
CREATE INDEX reception_booking_day ON reception_booking (reception_day_id, id);
CREATE UNIQUE INDEX reception_booking_retiree ON reception_booking (reception_day_id, retiree_id) WHERE state = 'booked';
