-- finds: name-of-another-schema
CREATE VIEW bo.relation AS SELECT table_name FROM information_schema.tables;
