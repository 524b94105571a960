-- lint:allow trigger-on-filled-table because let_pass hands every row on as it is
CREATE TRIGGER payment_passes_too BEFORE UPDATE ON bo.payment FOR EACH ROW EXECUTE FUNCTION bo.let_pass();
