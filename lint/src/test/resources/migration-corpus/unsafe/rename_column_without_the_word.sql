-- finds: rename-outside-contract
alter table bo.payment rename note to memo;
