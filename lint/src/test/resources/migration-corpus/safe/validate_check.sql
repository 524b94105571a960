ALTER TABLE bo.payment VALIDATE CONSTRAINT payment_channel_known;
