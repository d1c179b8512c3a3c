-- Invariant I1: a person's holds never overlap.
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE holds ADD CONSTRAINT holds_overlap EXCLUDE USING gist (person WITH =, int8range(starts, ends) WITH &&);

-- Names are paged through in the order of their bytes, as SQLite does.
ALTER TABLE collections ALTER COLUMN name TYPE TEXT COLLATE "C";
ALTER TABLE objects ALTER COLUMN name TYPE TEXT COLLATE "C";
ALTER TABLE tombstones ALTER COLUMN name TYPE TEXT COLLATE "C";
