-- finds: trigger-on-filled-table
CREATE TRIGGER payment_refused BEFORE INSERT OR UPDATE ON bo.payment FOR EACH ROW EXECUTE FUNCTION bo.refuse();
