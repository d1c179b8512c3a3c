-- Invariant I1: a person's holds never overlap. They are disjoint already, so looking at the predecessor is enough.
CREATE INDEX holds_person ON holds (person, starts);

CREATE TRIGGER holds_insert BEFORE INSERT ON holds
WHEN NEW.starts < (SELECT ends FROM holds WHERE person = NEW.person AND starts < NEW.ends ORDER BY starts DESC LIMIT 1)
BEGIN
    SELECT RAISE(ABORT, 'holds overlap');
END;

CREATE TRIGGER holds_update BEFORE UPDATE OF person, starts, ends ON holds
WHEN NEW.starts < (SELECT ends FROM holds WHERE person = NEW.person AND starts < NEW.ends AND id <> NEW.id ORDER BY starts DESC LIMIT 1)
BEGIN
    SELECT RAISE(ABORT, 'holds overlap');
END;
