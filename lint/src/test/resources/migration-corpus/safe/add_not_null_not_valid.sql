ALTER TABLE bo.payment ADD CONSTRAINT payment_reference_not_null NOT NULL reference NOT VALID;
