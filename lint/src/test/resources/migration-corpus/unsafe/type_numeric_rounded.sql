-- finds: type-change
ALTER TABLE bo.payment ALTER amount SET DATA TYPE numeric(12, 0);
