-- Contents of files: one row a content, its bytes sealed in the object store under the name of object_id.
CREATE TABLE attachment_content (
    sha256 BYTEA NOT NULL PRIMARY KEY,
    object_id UUID NOT NULL UNIQUE,
    size BIGINT NOT NULL,
    media_type TEXT NOT NULL,
    thumbnail BOOLEAN NOT NULL,
    stored_at TIMESTAMPTZ NOT NULL
);

-- Objects begun and not yet, or never, taken over as a content; what is old here is removed from the store.
CREATE TABLE attachment_upload (
    object_id UUID NOT NULL PRIMARY KEY,
    begun_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX attachment_upload_begun ON attachment_upload (begun_at);

-- Files enclosed with a petition.
CREATE TABLE attachment (
    id UUID NOT NULL PRIMARY KEY,
    petition_id UUID NOT NULL REFERENCES petition (id),
    about TEXT NOT NULL,
    about_id UUID,
    name TEXT NOT NULL,
    sha256 BYTEA NOT NULL REFERENCES attachment_content (sha256),
    added_at TIMESTAMPTZ NOT NULL,
    added_by UUID NOT NULL REFERENCES account (id)
);
CREATE INDEX attachment_petition ON attachment (petition_id, id);
CREATE INDEX attachment_same ON attachment (petition_id, sha256);
