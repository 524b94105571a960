-- finds: explicit-lock
LOCK TABLE bo.payment IN ACCESS EXCLUSIVE MODE;
