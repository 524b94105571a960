ALTER TABLE bo.payment DROP CONSTRAINT payment_amount_positive;
