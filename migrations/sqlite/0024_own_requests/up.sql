-- What somebody asks for with their receipt is answered by a paper that nobody's account issued.
ALTER TABLE notice ADD COLUMN issuer BLOB REFERENCES account (id);
UPDATE notice SET issuer = issued_by;
ALTER TABLE notice DROP COLUMN issued_by;
ALTER TABLE notice RENAME COLUMN issuer TO issued_by;
