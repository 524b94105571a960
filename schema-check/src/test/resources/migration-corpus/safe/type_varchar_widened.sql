ALTER TABLE bo.payment ALTER COLUMN note TYPE varchar(200);
