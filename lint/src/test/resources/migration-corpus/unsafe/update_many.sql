-- finds: bulk-write
UPDATE bo.payment SET channel = 'WEB' WHERE channel = 'APP';
