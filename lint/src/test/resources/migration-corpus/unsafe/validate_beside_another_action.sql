-- finds: work-under-lock
ALTER TABLE bo.payment ADD COLUMN currency text, VALIDATE CONSTRAINT payment_channel_known;
