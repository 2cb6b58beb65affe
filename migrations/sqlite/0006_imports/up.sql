-- What was read of a file to be imported, a few rows a part, encrypted; gone when the job ends. No foreign key: a job that is
-- forgotten must not wait for them.
CREATE TABLE import_part (
    job_id BLOB NOT NULL,
    n INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (job_id, n)
) STRICT;

-- What is wrong with the file: line, column and code, never what stands in the cell.
CREATE TABLE import_fault (
    job_id BLOB NOT NULL,
    n INTEGER NOT NULL,
    line INTEGER NOT NULL,
    column_name TEXT,
    code TEXT NOT NULL,
    args TEXT NOT NULL,
    PRIMARY KEY (job_id, n)
) STRICT, WITHOUT ROWID;
