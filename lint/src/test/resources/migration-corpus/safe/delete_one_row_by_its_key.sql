DELETE FROM bo.old_import WHERE name = 'import-00001';
