CREATE TABLE bo.count_of (payments bigint NOT NULL);
INSERT INTO bo.count_of SELECT count(*) FROM bo.payment;
ALTER TABLE bo.payment ADD COLUMN currency text;
