ALTER TABLE bo.payment ADD CONSTRAINT payment_attempts CHECK (attempts >= 0) NOT VALID;
