-- finds: type-change
ALTER TABLE bo.payment ALTER COLUMN attempts TYPE bigint;
