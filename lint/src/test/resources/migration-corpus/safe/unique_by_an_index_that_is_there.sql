ALTER TABLE bo.payment ADD CONSTRAINT payment_reference_unique UNIQUE USING INDEX payment_reference_once;
