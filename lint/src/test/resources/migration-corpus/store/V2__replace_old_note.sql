-- expand: note stands for old_note, and nothing needs old_import; the code leaves both alone from here on
COMMENT ON COLUMN bo.payment.old_note IS 'Given up';
COMMENT ON TABLE bo.old_import IS 'Given up';
