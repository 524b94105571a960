ALTER TABLE bo.payment VALIDATE CONSTRAINT payment_reference_known;
