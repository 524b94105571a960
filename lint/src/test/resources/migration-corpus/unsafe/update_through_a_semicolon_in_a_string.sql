-- finds: bulk-write
UPDATE bo.payment SET note = 'a; WHERE payment_id = 1';
