-- What becomes of a supervision: who opened it and until when it is to be answered, the answer, and how it ended.
-- States: proposed, open, answered, lifted, dismissed. `settled_*` say when and by whom it was dismissed or lifted.
ALTER TABLE supervision ADD COLUMN by_unit UUID REFERENCES unit (id);
ALTER TABLE supervision ADD COLUMN words TEXT;
ALTER TABLE supervision ADD COLUMN due_on DATE;
ALTER TABLE supervision ADD COLUMN opened_at TIMESTAMPTZ;
ALTER TABLE supervision ADD COLUMN opened_by UUID REFERENCES account (id);
ALTER TABLE supervision ADD COLUMN answer_clock UUID;
ALTER TABLE supervision ADD COLUMN answer TEXT;
ALTER TABLE supervision ADD COLUMN answered_at TIMESTAMPTZ;
ALTER TABLE supervision ADD COLUMN answered_by UUID REFERENCES account (id);
ALTER TABLE supervision ADD COLUMN settled_words TEXT;

-- A supervision letter (督办函) is addressed to a unit, every other notice to the petitioner.
ALTER TABLE notice ADD COLUMN to_unit UUID REFERENCES unit (id);
