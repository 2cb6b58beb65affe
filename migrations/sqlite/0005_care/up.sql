-- Visits owed to somebody, one for each occasion; planned ahead or opened by what happened. Words are encrypted.
CREATE TABLE visit_task (
    id BLOB NOT NULL PRIMARY KEY,
    retiree_id BLOB REFERENCES retiree (id),
    name TEXT NOT NULL,
    reason TEXT NOT NULL,
    occasion TEXT NOT NULL,
    petition_id BLOB REFERENCES petition (id),
    opens_on TEXT NOT NULL,
    due_on TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    provisional INTEGER NOT NULL,
    unit_id BLOB REFERENCES unit (id),
    assignee BLOB REFERENCES account (id),
    state TEXT NOT NULL,
    late INTEGER NOT NULL,
    breached_at INTEGER,
    note BLOB,
    opened_at INTEGER NOT NULL,
    opened_by BLOB REFERENCES account (id),
    ended_at INTEGER,
    ended_by BLOB REFERENCES account (id),
    cancelled_for TEXT,
    version INTEGER NOT NULL,
    event_n INTEGER NOT NULL,
    event_hash BLOB NOT NULL
) STRICT;
-- However often an occasion is planned, and by however many: nobody is visited twice for it.
CREATE UNIQUE INDEX visit_task_occasion ON visit_task (retiree_id, reason, occasion);
CREATE INDEX visit_task_due ON visit_task (state, due_at, id);
CREATE INDEX visit_task_unit ON visit_task (unit_id, state, due_at, id);
CREATE INDEX visit_task_assignee ON visit_task (assignee, state, due_at, id);
CREATE INDEX visit_task_day ON visit_task (due_on, reason);
CREATE INDEX visit_task_petition ON visit_task (petition_id) WHERE petition_id IS NOT NULL;
CREATE INDEX visit_task_breach ON visit_task (due_at, id) WHERE state = 'open' AND breached_at IS NULL;

CREATE TABLE visit (
    id BLOB NOT NULL PRIMARY KEY,
    task_id BLOB NOT NULL REFERENCES visit_task (id),
    made_at INTEGER NOT NULL,
    made_by BLOB NOT NULL REFERENCES account (id),
    place TEXT NOT NULL,
    report BLOB NOT NULL,
    captured_at INTEGER,
    recorded_at INTEGER NOT NULL,
    recorded_by BLOB NOT NULL REFERENCES account (id)
) STRICT;
CREATE UNIQUE INDEX visit_of_task ON visit (task_id);

-- Petitions taken down on a visit.
CREATE TABLE visit_petition (
    visit_id BLOB NOT NULL REFERENCES visit (id),
    n INTEGER NOT NULL,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    PRIMARY KEY (visit_id, n)
) STRICT, WITHOUT ROWID;

-- How far the planning of a day is: one row, moved by whoever plans next.
CREATE TABLE visit_planning (
    id INTEGER NOT NULL PRIMARY KEY,
    day TEXT NOT NULL,
    after_id BLOB NOT NULL,
    done INTEGER NOT NULL
) STRICT;

-- The care file (三知情档案), every version of it; encrypted.
CREATE TABLE care_file (
    retiree_id BLOB NOT NULL REFERENCES retiree (id),
    n INTEGER NOT NULL,
    content BLOB NOT NULL,
    purpose TEXT NOT NULL,
    written_at INTEGER NOT NULL,
    written_by BLOB NOT NULL REFERENCES account (id),
    PRIMARY KEY (retiree_id, n)
) STRICT, WITHOUT ROWID;
