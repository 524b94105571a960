-- finds: work-under-lock
ALTER TABLE bo.payment ADD COLUMN currency text;
CREATE TABLE bo.payment_copy AS SELECT payment_id, amount FROM bo.payment;
