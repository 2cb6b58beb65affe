-- Whom a row of a roster speaks of, where another row of the file might know the same person by something else: who comes second is
-- a fault. Gone when the job ends. No foreign key: a job that is forgotten must not wait for them.
CREATE TABLE import_claim (
    job_id BLOB NOT NULL,
    retiree_id BLOB NOT NULL,
    line INTEGER NOT NULL,
    PRIMARY KEY (job_id, retiree_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX import_fault_line ON import_fault (job_id, line);
