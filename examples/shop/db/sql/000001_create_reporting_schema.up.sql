CREATE SCHEMA reporting;

CREATE TABLE reporting.calendar (
  day        date PRIMARY KEY,
  iso_week   text NOT NULL,
  is_weekend boolean NOT NULL
);
