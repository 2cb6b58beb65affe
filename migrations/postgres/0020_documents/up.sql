-- Notices are documents: numbered within their petition, kept as issued, delivered with proof.
ALTER TABLE notice ADD COLUMN n INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notice ADD COLUMN document TEXT NOT NULL DEFAULT '{}';
ALTER TABLE notice ADD COLUMN replaces UUID REFERENCES notice (id);
ALTER TABLE notice ADD COLUMN delivery_method TEXT;
ALTER TABLE notice ADD COLUMN delivery_proof TEXT;
ALTER TABLE notice ADD COLUMN recipient TEXT;
ALTER TABLE notice ADD COLUMN witness TEXT;
ALTER TABLE notice ADD COLUMN delivered_at TIMESTAMPTZ;
ALTER TABLE notice ADD COLUMN recorded_at TIMESTAMPTZ;
ALTER TABLE notice ADD COLUMN recorded_by UUID REFERENCES account (id);
UPDATE notice SET n = placed.n FROM (SELECT id, row_number() OVER (PARTITION BY petition_id ORDER BY id) AS n FROM notice) AS placed
WHERE placed.id = notice.id;
CREATE UNIQUE INDEX notice_n ON notice (petition_id, n);
CREATE TRIGGER notice_as_issued BEFORE UPDATE OF n, kind, text, document, issued_at ON notice
FOR EACH ROW EXECUTE FUNCTION refuse_change();
