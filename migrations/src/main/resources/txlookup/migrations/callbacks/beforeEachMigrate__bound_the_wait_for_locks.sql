-- A migration that cannot have its lock soon gives up, rather than queue everybody else behind itself; one whose statement
-- works longer than thought ends, rather than keep its locks. LOCAL: the bounds end with the migration's transaction;
-- connections of a pool are used for other things next. One that runs outside a transaction gets other bounds (Migrations).
SET LOCAL lock_timeout = '10s';
SET LOCAL statement_timeout = '10min';
