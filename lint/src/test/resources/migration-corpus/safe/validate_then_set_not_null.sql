ALTER TABLE bo.payment VALIDATE CONSTRAINT payment_channel_known;
ALTER TABLE bo.payment ALTER COLUMN channel SET NOT NULL;
