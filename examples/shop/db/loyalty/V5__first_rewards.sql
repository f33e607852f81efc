CREATE TABLE loyalty_rewards (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  label text NOT NULL,
  points bigint NOT NULL
);
INSERT INTO loyalty_rewards (label, points, label) VALUES ('free shipping', 500, 'Gratisversand');
