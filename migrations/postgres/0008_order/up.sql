-- The one order of all events. Writes queue theirs in `event_pending`, in the order they came to the database; one sequencer
-- moves them over, so that positions have no gaps and who follows them misses nothing.
CREATE TABLE event_order (
    position BIGINT NOT NULL PRIMARY KEY,
    event_id UUID NOT NULL UNIQUE REFERENCES event (id)
);

CREATE TABLE event_queue (
    place BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id UUID NOT NULL REFERENCES event (id)
);
INSERT INTO event_queue (event_id) SELECT p.event_id FROM event_pending p JOIN event e ON e.id = p.event_id ORDER BY e.at, e.subject_n;
DROP TABLE event_pending;
ALTER TABLE event_queue RENAME TO event_pending;
