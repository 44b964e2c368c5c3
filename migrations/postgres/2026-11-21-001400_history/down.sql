-- With the triggers of all tables.
DROP FUNCTION keep_history() CASCADE;
DROP TABLE history;
