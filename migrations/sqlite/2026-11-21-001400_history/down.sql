-- (The program removes the triggers when there is no such table any more.)
DROP TABLE history_context;
DROP TABLE history;
