-- finds: work-under-lock
ALTER TABLE bo.payment ADD CONSTRAINT payment_note_known CHECK (note IS NOT NULL) NOT VALID;
ALTER TABLE bo.payment VALIDATE CONSTRAINT payment_note_known;
ALTER TABLE bo.payment ALTER COLUMN note SET NOT NULL;
