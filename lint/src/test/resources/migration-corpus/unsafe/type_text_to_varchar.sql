-- finds: type-change
ALTER TABLE bo.payment ALTER COLUMN reference TYPE varchar(40);
