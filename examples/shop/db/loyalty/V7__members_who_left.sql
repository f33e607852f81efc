CREATE TABLE loyalty_members_left AS SELECT * FROM loyalty_members WHERE note = 'left';
DELETE FROM loyalty_members WHERE note = 'left';
UPDATE loyalty_members SET note = NULL WHERE id BETWEEN 1 AND 5000;
