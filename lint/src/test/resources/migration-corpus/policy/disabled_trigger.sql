-- finds: trigger-on-filled-table
ALTER TABLE bo.payment DISABLE TRIGGER payment_passes;
