-- finds: work-under-lock
ALTER TABLE bo.wallet ADD COLUMN currency text;
CREATE TABLE bo.count_of (payments bigint NOT NULL);
INSERT INTO bo.count_of SELECT count(*) FROM bo.payment;
