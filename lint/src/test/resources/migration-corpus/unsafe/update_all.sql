-- finds: bulk-write
UPDATE bo.payment SET note = 'none';
