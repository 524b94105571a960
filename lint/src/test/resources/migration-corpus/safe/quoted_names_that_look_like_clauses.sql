ALTER TABLE bo.payment ADD COLUMN "drop column note; serial" text, ADD COLUMN "default random()" bigint;
