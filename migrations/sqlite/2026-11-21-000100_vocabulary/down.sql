DROP TABLE lexicon_triple;
DROP TABLE lexicon_term_category_association;
DROP TABLE lexicon_term;
DROP TABLE lexicon_category;
