-- finds: bulk-write
CREATE TABLE bo.settled AS WITH gone AS (DELETE FROM bo.payment WHERE settled RETURNING payment_id) SELECT payment_id FROM gone;
