-- Notices are documents: numbered within their petition, kept as issued, delivered with proof.
ALTER TABLE notice ADD COLUMN n INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notice ADD COLUMN document TEXT NOT NULL DEFAULT '{}';
ALTER TABLE notice ADD COLUMN replaces BLOB REFERENCES notice (id);
ALTER TABLE notice ADD COLUMN delivery_method TEXT;
ALTER TABLE notice ADD COLUMN delivery_proof TEXT;
ALTER TABLE notice ADD COLUMN recipient TEXT;
ALTER TABLE notice ADD COLUMN witness TEXT;
ALTER TABLE notice ADD COLUMN delivered_at INTEGER;
ALTER TABLE notice ADD COLUMN recorded_at INTEGER;
ALTER TABLE notice ADD COLUMN recorded_by BLOB REFERENCES account (id);
UPDATE notice SET n = (SELECT count(*) FROM notice AS o WHERE o.petition_id = notice.petition_id AND o.id <= notice.id);
CREATE UNIQUE INDEX notice_n ON notice (petition_id, n);
CREATE TRIGGER notice_as_issued BEFORE UPDATE OF n, kind, text, document, issued_at ON notice
BEGIN SELECT RAISE(ABORT, 'a notice stays as it was issued'); END;
