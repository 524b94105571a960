-- finds: constraint-not-valid
ALTER TABLE bo.payment ADD CONSTRAINT payment_note CHECK (note <> 'NOT VALID');
