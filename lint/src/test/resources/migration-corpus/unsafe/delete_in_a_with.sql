-- finds: not-understood
WITH gone AS (DELETE FROM bo.payment WHERE settled RETURNING payment_id) SELECT count(*) FROM gone;
