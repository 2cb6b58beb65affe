-- Contents of files: one row a content, its bytes sealed in the object store under the name of object_id.
CREATE TABLE attachment_content (
    sha256 BLOB NOT NULL PRIMARY KEY,
    object_id BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    thumbnail INTEGER NOT NULL,
    stored_at INTEGER NOT NULL
) STRICT;

-- Objects begun and not yet, or never, taken over as a content; what is old here is removed from the store.
CREATE TABLE attachment_upload (
    object_id BLOB NOT NULL PRIMARY KEY,
    begun_at INTEGER NOT NULL
) STRICT;
CREATE INDEX attachment_upload_begun ON attachment_upload (begun_at);

-- Files enclosed with a petition.
CREATE TABLE attachment (
    id BLOB NOT NULL PRIMARY KEY,
    petition_id BLOB NOT NULL REFERENCES petition (id),
    about TEXT NOT NULL,
    about_id BLOB,
    name TEXT NOT NULL,
    sha256 BLOB NOT NULL REFERENCES attachment_content (sha256),
    added_at INTEGER NOT NULL,
    added_by BLOB NOT NULL REFERENCES account (id)
) STRICT;
CREATE INDEX attachment_petition ON attachment (petition_id, id);
CREATE INDEX attachment_same ON attachment (petition_id, sha256);
