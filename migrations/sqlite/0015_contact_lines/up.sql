-- Whom retirees call: telephone lines of the units, printed on contact cards and receipts. In the open: they are given to everybody.
CREATE TABLE contact_line (
    id BLOB NOT NULL PRIMARY KEY,
    unit_id BLOB NOT NULL REFERENCES unit (id),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    address TEXT,
    note TEXT,
    position INTEGER NOT NULL,
    in_use INTEGER NOT NULL,
    version INTEGER NOT NULL,
    event_n INTEGER NOT NULL,
    event_hash BLOB NOT NULL
) STRICT;
CREATE INDEX contact_line_unit ON contact_line (unit_id, position, id);
