-- finds: explicit-lock, work-under-lock
LOCK TABLE bo.payment IN SHARE ROW EXCLUSIVE MODE;
CREATE TABLE bo.payment_copy AS SELECT payment_id, amount FROM bo.payment;
