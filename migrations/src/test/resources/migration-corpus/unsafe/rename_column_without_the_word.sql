-- finds: rename-outside-contract
alter table payment rename note to memo;
