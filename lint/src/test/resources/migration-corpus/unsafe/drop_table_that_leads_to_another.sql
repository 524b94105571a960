-- finds: drop-outside-contract
DROP TABLE bo.payment_note;
