-- finds: constraint-not-valid
ALTER TABLE bo.payment ADD COLUMN fee numeric CHECK (fee >= 0);
