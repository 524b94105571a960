CREATE OR REPLACE VIEW bo.open_payment AS SELECT payment_id, amount, wallet_id FROM bo.payment WHERE NOT settled;
