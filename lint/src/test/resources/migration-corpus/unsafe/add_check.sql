-- finds: constraint-not-valid
ALTER TABLE bo.payment ADD CONSTRAINT payment_attempts CHECK (attempts >= 0);
