-- finds: add-column-not-null
ALTER TABLE bo.payment ADD COLUMN currency text NOT NULL;
