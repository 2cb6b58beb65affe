-- Visits owed to somebody, one for each occasion; planned ahead or opened by what happened. Words are encrypted.
CREATE TABLE visit_task (
    id UUID NOT NULL PRIMARY KEY,
    retiree_id UUID REFERENCES retiree (id),
    name TEXT NOT NULL,
    reason TEXT NOT NULL,
    occasion TEXT NOT NULL,
    petition_id UUID REFERENCES petition (id),
    opens_on DATE NOT NULL,
    due_on DATE NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    provisional BOOLEAN NOT NULL,
    unit_id UUID REFERENCES unit (id),
    assignee UUID REFERENCES account (id),
    state TEXT NOT NULL,
    late BOOLEAN NOT NULL,
    breached_at TIMESTAMPTZ,
    note BYTEA,
    opened_at TIMESTAMPTZ NOT NULL,
    opened_by UUID REFERENCES account (id),
    ended_at TIMESTAMPTZ,
    ended_by UUID REFERENCES account (id),
    cancelled_for TEXT,
    version BIGINT NOT NULL,
    event_n BIGINT NOT NULL,
    event_hash BYTEA NOT NULL
);
-- However often an occasion is planned, and by however many: nobody is visited twice for it.
CREATE UNIQUE INDEX visit_task_occasion ON visit_task (retiree_id, reason, occasion);
CREATE INDEX visit_task_due ON visit_task (state, due_at, id);
CREATE INDEX visit_task_unit ON visit_task (unit_id, state, due_at, id);
CREATE INDEX visit_task_assignee ON visit_task (assignee, state, due_at, id);
CREATE INDEX visit_task_day ON visit_task (due_on, reason);
CREATE INDEX visit_task_petition ON visit_task (petition_id) WHERE petition_id IS NOT NULL;
CREATE INDEX visit_task_breach ON visit_task (due_at, id) WHERE state = 'open' AND breached_at IS NULL;

CREATE TABLE visit (
    id UUID NOT NULL PRIMARY KEY,
    task_id UUID NOT NULL REFERENCES visit_task (id),
    made_at TIMESTAMPTZ NOT NULL,
    made_by UUID NOT NULL REFERENCES account (id),
    place TEXT NOT NULL,
    report BYTEA NOT NULL,
    captured_at TIMESTAMPTZ,
    recorded_at TIMESTAMPTZ NOT NULL,
    recorded_by UUID NOT NULL REFERENCES account (id)
);
CREATE UNIQUE INDEX visit_of_task ON visit (task_id);

-- Petitions taken down on a visit.
CREATE TABLE visit_petition (
    visit_id UUID NOT NULL REFERENCES visit (id),
    n INTEGER NOT NULL,
    petition_id UUID NOT NULL REFERENCES petition (id),
    PRIMARY KEY (visit_id, n)
);

-- How far the planning of a day is: one row, moved by whoever plans next.
CREATE TABLE visit_planning (
    id INTEGER NOT NULL PRIMARY KEY,
    day DATE NOT NULL,
    after_id UUID NOT NULL,
    done BOOLEAN NOT NULL
);

-- The care file (三知情档案), every version of it; encrypted.
CREATE TABLE care_file (
    retiree_id UUID NOT NULL REFERENCES retiree (id),
    n INTEGER NOT NULL,
    content BYTEA NOT NULL,
    purpose TEXT NOT NULL,
    written_at TIMESTAMPTZ NOT NULL,
    written_by UUID NOT NULL REFERENCES account (id),
    PRIMARY KEY (retiree_id, n)
);
