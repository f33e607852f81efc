DROP TABLE reporting.daily_sales;
