ALTER TABLE bo.payment VALIDATE CONSTRAINT payment_of_wallet;
