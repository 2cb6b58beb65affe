-- Profiles of retirees. Numbers and addresses are encrypted; hashes find them, by the same fields as those of parties.
CREATE TABLE retiree (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    name_pinyin TEXT NOT NULL,
    name_initials TEXT NOT NULL,
    category TEXT NOT NULL,
    status TEXT NOT NULL,
    sex TEXT,
    birth_date TEXT,
    identity_number BLOB,
    identity_hash BLOB,
    address BLOB,
    rank_band TEXT,
    residence_region TEXT,
    living_situation TEXT,
    mobility TEXT,
    hearing_impaired INTEGER NOT NULL,
    vision_impaired INTEGER NOT NULL,
    disability INTEGER NOT NULL,
    in_hospital INTEGER NOT NULL,
    preferred_contact TEXT,
    liaison_officer BLOB REFERENCES account (id),
    party_branch TEXT,
    merged_into BLOB REFERENCES retiree (id),
    version INTEGER NOT NULL,
    event_n INTEGER NOT NULL,
    event_hash BLOB NOT NULL
) STRICT;
-- One profile a number; what was merged into another gives its number free.
CREATE UNIQUE INDEX retiree_identity ON retiree (identity_hash) WHERE merged_into IS NULL;
CREATE INDEX retiree_pinyin ON retiree (name_pinyin, id);
CREATE INDEX retiree_initials ON retiree (name_initials, id);
CREATE INDEX retiree_folded ON retiree (name_folded, id);
CREATE INDEX retiree_birth ON retiree (birth_date, name_folded);
CREATE INDEX retiree_branch ON retiree (party_branch, name_pinyin, id);
CREATE INDEX retiree_liaison ON retiree (liaison_officer, name_pinyin, id);
CREATE INDEX retiree_merged ON retiree (merged_into) WHERE merged_into IS NOT NULL;

CREATE TABLE retiree_phone (
    retiree_id BLOB NOT NULL REFERENCES retiree (id),
    n INTEGER NOT NULL,
    number BLOB NOT NULL,
    phone_hash BLOB NOT NULL,
    label TEXT,
    PRIMARY KEY (retiree_id, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX retiree_phone_hash ON retiree_phone (phone_hash, retiree_id);

-- The old employer, the bureau or community that manages them, those who pay or treat them; over time.
CREATE TABLE retiree_unit (
    retiree_id BLOB NOT NULL REFERENCES retiree (id),
    n INTEGER NOT NULL,
    role TEXT NOT NULL,
    unit_id BLOB NOT NULL REFERENCES unit (id),
    valid_from TEXT,
    valid_to TEXT,
    PRIMARY KEY (retiree_id, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX retiree_unit_unit ON retiree_unit (unit_id, retiree_id);

CREATE TABLE retiree_relative (
    retiree_id BLOB NOT NULL REFERENCES retiree (id),
    n INTEGER NOT NULL,
    name TEXT NOT NULL,
    relation TEXT NOT NULL,
    phone BLOB,
    may_act INTEGER NOT NULL,
    PRIMARY KEY (retiree_id, n)
) STRICT, WITHOUT ROWID;
