CREATE TABLE bo.scratch (n bigint);
DROP TABLE bo.scratch;
