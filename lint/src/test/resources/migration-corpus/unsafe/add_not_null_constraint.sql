-- finds: constraint-not-valid
ALTER TABLE bo.payment ADD CONSTRAINT payment_note_not_null NOT NULL note;
