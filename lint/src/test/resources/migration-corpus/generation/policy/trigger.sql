-- finds: only-tables, trigger-on-filled-table
CREATE TRIGGER payment_passes_again BEFORE INSERT ON payment FOR EACH ROW EXECUTE FUNCTION let_pass();
