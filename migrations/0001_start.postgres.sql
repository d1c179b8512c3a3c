-- Invariant I1: a person's holds never overlap.
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE holds ADD CONSTRAINT holds_overlap EXCLUDE USING gist (person WITH =, int8range(starts, ends) WITH &&);
