-- The index of the search: of each petition the terms its words are cut into. Nothing is lost with it: it can be built again.
CREATE TABLE search_document (
    n BIGINT NOT NULL PRIMARY KEY,
    terms TEXT[] NOT NULL
);
CREATE INDEX search_document_terms ON search_document USING gin (terms);

-- How far it is: the last event it has seen, and below which petition it is still being built; null once it holds all.
CREATE TABLE search_state (
    id SMALLINT NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL,
    below BIGINT
);
