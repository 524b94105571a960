-- contract: V2 old_note and old_import are given up since two releases
ALTER TABLE bo.payment DROP COLUMN old_note;
DROP TABLE bo.old_import;
