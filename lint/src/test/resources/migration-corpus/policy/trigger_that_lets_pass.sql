-- finds: trigger-on-filled-table
CREATE TRIGGER payment_passes_too BEFORE UPDATE ON bo.payment FOR EACH ROW EXECUTE FUNCTION bo.let_pass();
