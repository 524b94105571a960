-- finds: lossy-type
CREATE TABLE bo.fee (payment_id text NOT NULL, fee real NOT NULL, CONSTRAINT fee_pkey PRIMARY KEY (payment_id));
