-- finds: constraint-builds-index
ALTER TABLE bo.payment_note DROP CONSTRAINT payment_note_pkey, ADD PRIMARY KEY (payment_id, note);
