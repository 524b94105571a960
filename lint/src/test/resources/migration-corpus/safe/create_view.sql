CREATE VIEW bo.settled_payment AS SELECT p.payment_id, w.name FROM bo.payment p JOIN bo.wallet w USING (wallet_id) WHERE settled;
