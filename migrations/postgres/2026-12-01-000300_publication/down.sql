DROP TABLE geochronology_age;
DROP TABLE pub_author_publication_association;
DROP TABLE pub_author;
DROP TABLE publication;
