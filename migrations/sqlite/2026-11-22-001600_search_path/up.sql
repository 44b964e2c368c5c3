-- Only PostgreSQL has a search path.
SELECT 1;
