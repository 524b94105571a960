-- finds: bulk-write
DELETE FROM bo.payment WHERE settled;
