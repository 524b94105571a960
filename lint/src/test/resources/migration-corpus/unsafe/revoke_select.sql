-- finds: takes-access-away
REVOKE SELECT ON bo.payment FROM reader;
