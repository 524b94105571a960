-- finds: only-tables
CREATE VIEW large_payment AS SELECT payment_id FROM payment WHERE amount > 1000;
