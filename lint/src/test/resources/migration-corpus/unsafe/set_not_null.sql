-- finds: set-not-null
ALTER TABLE bo.payment ALTER COLUMN note SET NOT NULL;
