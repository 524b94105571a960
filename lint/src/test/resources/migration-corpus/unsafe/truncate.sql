-- finds: truncate
TRUNCATE bo.old_import, bo.payment_note;
