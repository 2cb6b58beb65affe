-- Where somebody files for another: how the petitioner confirmed that it is their own will.
ALTER TABLE party ADD COLUMN own_will_confirmed_at INTEGER;
ALTER TABLE party ADD COLUMN own_will_how TEXT;
ALTER TABLE party ADD COLUMN own_will_by BLOB REFERENCES account (id);
ALTER TABLE party ADD COLUMN own_will_note TEXT;
-- Whether an oral statement was read back (Art. 19), who says so, and when it was.
ALTER TABLE petition_content ADD COLUMN read_back INTEGER;
ALTER TABLE petition_content ADD COLUMN read_back_at INTEGER;
ALTER TABLE petition_content ADD COLUMN read_back_by BLOB REFERENCES account (id);
-- When a device took it down, perhaps offline.
ALTER TABLE note ADD COLUMN captured_at INTEGER;
