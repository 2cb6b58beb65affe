-- What a name is found by beside its own columns: the given name alone, other readings of its characters. Written with the name.
CREATE TABLE retiree_spelling (
    retiree_id BLOB NOT NULL REFERENCES retiree (id),
    spelling TEXT NOT NULL,
    PRIMARY KEY (retiree_id, spelling)
) STRICT, WITHOUT ROWID;
CREATE INDEX retiree_spelling_text ON retiree_spelling (spelling, retiree_id);

-- How far the names are spelled that were on file before, by which version of the rules: one row.
CREATE TABLE spelling_progress (
    id INTEGER NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    after_id BLOB NOT NULL
) STRICT;
