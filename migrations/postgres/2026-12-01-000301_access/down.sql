DROP TABLE feedback;
DROP TABLE publication_consent;
DROP TABLE permission_grant;
DROP TABLE destination;
