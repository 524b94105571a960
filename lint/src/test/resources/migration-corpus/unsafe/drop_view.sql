-- finds: drop-outside-contract
DROP VIEW bo.open_payment;
