DROP TABLE lexicon_triple;
DROP TABLE lexicon_term_category_association;
DROP TABLE lexicon_term;
DROP TABLE lexicon_category;
DROP FUNCTION fold(text);
-- The extensions stay: other schemas of the database may use them.
