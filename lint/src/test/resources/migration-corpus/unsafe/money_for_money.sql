-- finds: lossy-type
CREATE TABLE bo.fee (payment_id text NOT NULL, fee money NOT NULL);
