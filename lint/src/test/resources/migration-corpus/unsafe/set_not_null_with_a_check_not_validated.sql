-- finds: set-not-null
ALTER TABLE bo.payment ALTER COLUMN channel SET NOT NULL;
