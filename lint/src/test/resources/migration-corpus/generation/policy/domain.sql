-- finds: only-tables
CREATE DOMAIN money_amount AS numeric CHECK (VALUE >= 0);
