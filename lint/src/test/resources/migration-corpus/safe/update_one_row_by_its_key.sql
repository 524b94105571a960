UPDATE bo.payment SET attempts = attempts + 1 WHERE payment_id = 'no such payment';
