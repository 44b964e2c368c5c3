DROP TABLE permission_history;
DROP TABLE thing_contact_association;
DROP TABLE incomplete_nma_phone;
DROP TABLE address;
DROP TABLE email;
DROP TABLE phone;
DROP TABLE contact;
