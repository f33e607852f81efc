DROP TABLE reporting.calendar;
DROP SCHEMA reporting;
