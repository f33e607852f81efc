SET LOCAL lock_timeout = '5s';
ALTER TYPE loyalty_tier ADD VALUE 'platinum' AFTER 'gold';
UPDATE loyalty_members SET tier = 'platinum' WHERE id = 1;
