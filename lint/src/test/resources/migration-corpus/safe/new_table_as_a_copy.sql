CREATE TABLE bo.payment_copy AS SELECT payment_id, amount FROM bo.payment WHERE settled;
