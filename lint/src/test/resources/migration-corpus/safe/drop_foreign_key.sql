ALTER TABLE bo.payment DROP CONSTRAINT payment_of_wallet;
