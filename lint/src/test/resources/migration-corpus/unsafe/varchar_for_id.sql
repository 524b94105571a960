-- finds: lossy-type
CREATE TABLE bo.refund (refund_id character varying(36) NOT NULL, amount numeric NOT NULL);
