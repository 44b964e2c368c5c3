-- No key ties these to the rows that they are about: left behind, they would belong to later rows of the same ids.
DELETE FROM notes WHERE target_table IN (
    'address', 'contact', 'email', 'incomplete_nma_phone', 'permission_history', 'phone',
    'thing_contact_association'
);
DELETE FROM data_provenance WHERE target_table IN (
    'address', 'contact', 'email', 'incomplete_nma_phone', 'permission_history', 'phone',
    'thing_contact_association'
);
DELETE FROM status_history WHERE target_table IN (
    'address', 'contact', 'email', 'incomplete_nma_phone', 'permission_history', 'phone',
    'thing_contact_association'
);

DROP TABLE permission_history;
DROP TABLE thing_contact_association;
DROP TABLE incomplete_nma_phone;
DROP TABLE address;
DROP TABLE email;
DROP TABLE phone;
DROP TABLE contact;
