-- What was read of a file to be imported, a few rows a part, encrypted; gone when the job ends. No foreign key: a job that is
-- forgotten must not wait for them.
CREATE TABLE import_part (
    job_id UUID NOT NULL,
    n BIGINT NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (job_id, n)
);

-- What is wrong with the file: line, column and code, never what stands in the cell.
CREATE TABLE import_fault (
    job_id UUID NOT NULL,
    n BIGINT NOT NULL,
    line BIGINT NOT NULL,
    column_name TEXT,
    code TEXT NOT NULL,
    args TEXT NOT NULL,
    PRIMARY KEY (job_id, n)
);
