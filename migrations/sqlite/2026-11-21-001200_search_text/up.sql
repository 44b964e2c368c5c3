-- FTS5 takes names apart in this way by itself: only PostgreSQL changes.
SELECT 1;
