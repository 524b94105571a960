-- finds: lossy-type
CREATE TABLE bo.refund (refund_id serial PRIMARY KEY, amount numeric NOT NULL);
