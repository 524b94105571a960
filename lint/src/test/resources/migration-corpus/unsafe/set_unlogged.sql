-- finds: rewrites-table
ALTER TABLE bo.payment SET UNLOGGED;
